package places

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"vuoro/fault"
	"vuoro/imports/files"
)

// What a JSON file says of itself.
const (
	formatName    = "vuoro-places"
	formatVersion = "1"
)

// maxDepth is how deep spaces may lie in each other.
const maxDepth = 20

// children are the lists that a kind of thing has in JSON, by the kind of row.
var children = map[string]map[string]string{
	UnitRow:     {"hours": HoursRow, "spaces": SpaceRow, "devices": DeviceRow, "resources": ResourceRow},
	SpaceRow:    {"parts": SpaceRow},
	ResourceRow: {"hours": HoursRow},
}

// implied are the columns that JSON says by where a thing stands.
var implied = map[string][]string{
	HoursRow:    {"unit", "resource"},
	SpaceRow:    {"unit", "parent"},
	DeviceRow:   {"unit"},
	ResourceRow: {"unit"},
}

// jsonReader walks a file token by token, so that it knows where it is.
type jsonReader struct {
	*sheet
	text    string
	decoder *json.Decoder
	lines   []int // where each line begins
}

// errStop ends the walk; the mistake is kept already.
var errStop = errors.New("the file cannot be read further")

func (s *sheet) readJSON(text string) {
	j := &jsonReader{sheet: s, text: text, decoder: json.NewDecoder(strings.NewReader(text)), lines: []int{0}}
	j.decoder.UseNumber()
	for i := range len(text) {
		if text[i] == '\n' {
			j.lines = append(j.lines, i+1)
		}
	}
	if err := j.file(); err != nil && !errors.Is(err, errStop) {
		j.breaks(j.brokenAt(err), invalid("places.json"))
	}
}

// brokenAt is where the text is not JSON.
func (j *jsonReader) brokenAt(err error) Position {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return j.at(int(syntax.Offset)-1, "")
	}
	return j.at(len(strings.TrimRight(j.text, " \r\n\t")), "")
}

func (j *jsonReader) at(offset int, path string) Position {
	offset = min(max(offset, 0), len(j.text))
	line, exact := slices.BinarySearch(j.lines, offset)
	if !exact {
		line--
	}
	return Position{Line: line + 1, Column: offset - j.lines[line] + 1, Name: path}
}

// next is where the next value begins.
func (j *jsonReader) next(path string) (at Position, first byte) {
	offset := int(j.decoder.InputOffset())
	for offset < len(j.text) && strings.IndexByte(" \t\r\n:,", j.text[offset]) >= 0 {
		offset++
	}
	if offset < len(j.text) {
		first = j.text[offset]
	}
	return j.at(offset, path), first
}

func (j *jsonReader) file() error {
	said := map[string]bool{}
	err := j.object("", func(key string, at Position) error {
		said[key] = true
		switch key {
		case "format", "version":
			value, err := j.scalar()
			if err == nil && value != map[string]string{"format": formatName, "version": formatVersion}[key] {
				j.mistakes.Add(at, invalid("places.format"))
			}
			return err
		case "rule_books":
			return j.list(key, RuleBookRow, 0)
		case "units":
			return j.list(key, UnitRow, 0)
		}
		return j.unknown(key, at, []string{"format", "version", "rule_books", "units"})
	})
	if err != nil {
		return err
	}
	if !said["format"] || !said["version"] {
		j.mistakes.Add(j.at(0, ""), invalid("places.format"))
	}
	at, _ := j.next("")
	if _, err := j.decoder.Token(); !errors.Is(err, io.EOF) {
		j.breaks(at, invalid("places.trailing"))
	}
	return nil
}

func (j *jsonReader) unknown(key string, at Position, known []string) error {
	j.mistakes.Add(at, invalid("places.unknown_field", fault.Params{"value": shortened(key), "known": nearest(known, key)}))
	return j.skip()
}

func (j *jsonReader) skip() error {
	var raw json.RawMessage
	return j.decoder.Decode(&raw)
}

// object walks the keys of an object; each must take the value.
func (j *jsonReader) object(path string, each func(key string, at Position) error) error {
	at, first := j.next(path)
	if first != '{' {
		j.mistakes.Add(at, invalid("places.not_object"))
		return j.skip()
	}
	if _, err := j.decoder.Token(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for j.decoder.More() {
		at, _ := j.next("")
		token, err := j.decoder.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		at.Name = strings.TrimPrefix(path+"."+shortened(key), ".")
		if seen[key] {
			j.mistakes.Add(at, invalid("places.key_twice", fault.Params{"value": shortened(key)}))
		}
		seen[key] = true
		if err := each(key, at); err != nil {
			return err
		}
	}
	_, err := j.decoder.Token()
	return err
}

// list walks a list of things of a kind. Hours may also be a text, alone or in
// the list.
func (j *jsonReader) list(path, kind string, depth int) error {
	at, first := j.next(path)
	if kind == HoursRow && first == '"' {
		return j.shortHours(at)
	}
	if first != '[' {
		j.mistakes.Add(at, invalid("places.not_list"))
		return j.skip()
	}
	if depth > maxDepth {
		j.breaks(at, invalid("places.too_deep", fault.Params{"max": maxDepth}))
		return errStop
	}
	if _, err := j.decoder.Token(); err != nil {
		return err
	}
	for i := 0; j.decoder.More(); i++ {
		if err := j.thing(fmt.Sprintf("%s[%d]", path, i), kind, depth); err != nil {
			return err
		}
	}
	_, err := j.decoder.Token()
	return err
}

func (j *jsonReader) shortHours(at Position) error {
	text, err := j.scalar()
	j.rows = append(j.rows, row{kind: HoursRow, at: at, cells: map[string]cell{HoursRow: {text: text, at: at}}})
	return err
}

// thing reads one thing and, after it, those that belong to it, which then
// learn whose they are.
func (j *jsonReader) thing(path, kind string, depth int) error {
	at, first := j.next(path)
	if kind == HoursRow && first == '"' {
		return j.shortHours(at)
	}
	mine := len(j.rows)
	r := row{kind: kind, at: at, cells: map[string]cell{}}
	j.rows = append(j.rows, r)
	columns := map[string]shape{}
	for _, f := range columnsOf(kind) {
		if !slices.Contains(implied[kind], f.column) {
			columns[jsonKey(f)] = f.shape
		}
	}
	err := j.object(path, func(key string, at Position) error {
		if of, ok := children[kind][key]; ok {
			if of == HoursRow {
				r.cells[childrenSaid] = cell{at: at}
			}
			return j.list(at.Name, of, depth+1)
		}
		as, ok := columns[key]
		if !ok {
			return j.unknown(key, at, keysOfColumns(kind, columns))
		}
		return j.cell(r, key, as, at)
	})
	j.rows[mine].at = at
	own(j.rows[mine], j.rows[mine+1:])
	return err
}

// own tells things whose they are.
func own(r row, below []row) {
	tell := func(i int, column, text string) {
		if _, told := below[i].cells[column]; !told {
			below[i].cells[column] = cell{text: text, at: below[i].at}
		}
	}
	for i := range below {
		switch {
		case r.kind == UnitRow:
			if _, ofResource := below[i].cells["resource"]; !ofResource {
				tell(i, "unit", r.text("slug"))
			}
		case r.kind == SpaceRow:
			tell(i, "parent", r.text("key"))
		default:
			tell(i, "resource", r.text("slug"))
		}
	}
}

// jsonKey is the key of a column: texts have one for their three columns.
func jsonKey(f field) string {
	if f.shape == inTexts {
		return f.column[:len(f.column)-len("_fi")]
	}
	return f.column
}

func keysOfColumns(kind string, columns map[string]shape) []string {
	var keys []string
	for key := range columns {
		keys = append(keys, key)
	}
	for key := range children[kind] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// cell reads the value of a key into the cells of a row.
func (j *jsonReader) cell(r row, key string, as shape, at Position) error {
	_, first := j.next("")
	var text string
	var err error
	switch {
	case as == inTexts && first == '{':
		return j.languages(r, key, at.Name)
	case as == inTexts && first == 'n':
		for _, lang := range []string{"fi", "sv", "en"} {
			r.cells[key+"_"+lang] = cell{at: at}
		}
		return j.skip()
	case as == inList && first == '[':
		text, err = j.words(at)
	case as == inRules && (first == '{' || first == '['):
		var raw json.RawMessage
		err = j.decoder.Decode(&raw)
		text = string(raw)
	case first == '{' || first == '[' || as == inTexts || (first == 't' || first == 'f') && as != inFlag:
		j.mistakes.Add(at, invalid("places.shape", fault.Params{"shape": shapes[as]}))
		return j.skip()
	default:
		text, err = j.scalar()
	}
	r.cells[key] = cell{text: text, at: at}
	return err
}

// shapes say how a value is spelled; they are code, not words.
var shapes = map[shape]string{
	inText: `"…"`, inTexts: `{"fi": "…", "sv": "…", "en": "…"}`, inNumber: `12`, inFlag: `true`, inList: `["…", "…"]`, inRules: `"everybody: allow free"`,
}

func (j *jsonReader) languages(r row, key, path string) error {
	return j.object(path, func(lang string, at Position) error {
		if !slices.Contains([]string{"fi", "sv", "en"}, lang) {
			return j.unknown(lang, at, []string{"fi", "sv", "en"})
		}
		return j.cell(r, key+"_"+lang, inText, at)
	})
}

func (j *jsonReader) words(at Position) (string, error) {
	var raw json.RawMessage
	if err := j.decoder.Decode(&raw); err != nil {
		return "", err
	}
	var words []string
	if json.Unmarshal(raw, &words) != nil {
		j.mistakes.Add(at, invalid("places.shape", fault.Params{"shape": shapes[inList]}))
	}
	return strings.Join(words, ", "), nil
}

// scalar is a text, a number, true, false or null as text; null is none.
func (j *jsonReader) scalar() (string, error) {
	at, first := j.next("")
	if first == '{' || first == '[' {
		j.mistakes.Add(at, invalid("places.shape", fault.Params{"shape": shapes[inText]}))
		return "", j.skip()
	}
	token, err := j.decoder.Token()
	switch value := token.(type) {
	case string:
		if i := files.FirstBroken(value); i >= 0 || strings.Contains(value, "\x00") {
			j.mistakes.Add(at, invalid("bad_characters"))
		}
		return value, err
	case json.Number:
		return value.String(), err
	case bool:
		return writeFlag(value), err
	}
	return "", err
}
