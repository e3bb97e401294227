package hours

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
)

// What one CSV file can have.
const (
	maxCSV         = 5 << 20 // bytes
	maxCSVRows     = 7000
	maxCSVMistakes = 50
)

// csvRow is what one line says: a span of a period, or a period without hours.
type csvRow struct {
	period resources.Period
	span   resources.WeekSpan
	filled map[string]bool // the columns that are not empty
}

// csvColumn is a column. Of turns and days the example tells how they are
// written; write gives a cell, and read, which gets no empty one, tells whether
// it could be read.
type csvColumn struct {
	name    string
	ofSpan  bool
	example string
	write   func(csvRow) string
	read    func(*csvRow, string) bool
}

// csvColumns are all columns in the order in which they are written.
var csvColumns = slices.Concat(
	[]csvColumn{
		dateColumn("valid_from", func(r *csvRow) **calendar.Date { return &r.period.ValidFrom }),
		dateColumn("valid_to", func(r *csvRow) **calendar.Date { return &r.period.ValidTo }),
		flagColumn("override", func(r *csvRow) *bool { return &r.period.Override }),
		flagColumn("overlay", func(r *csvRow) *bool { return &r.period.Overlay }),
		textColumn("school", func(r *csvRow) *string { return &r.period.School }),
		textColumn("name_fi", func(r *csvRow) *string { return &r.period.Name.Fi }),
		textColumn("name_sv", func(r *csvRow) *string { return &r.period.Name.Sv }),
		textColumn("name_en", func(r *csvRow) *string { return &r.period.Name.En }),
	},
	ofSpan(
		csvColumn{
			name: "weekdays", example: "1,2,3",
			write: func(r csvRow) string { return joinedNumbers(r.span.Weekdays) },
			read:  func(r *csvRow, text string) (ok bool) { r.span.Weekdays, ok = csvDays(text); return ok },
		},
		clockColumn("from", func(r *csvRow) *calendar.Minute { return &r.span.From }),
		clockColumn("to", func(r *csvRow) *calendar.Minute { return &r.span.To }),
		csvColumn{
			name: "kind", example: "reservable",
			write: func(r csvRow) string { return string(r.span.Kind) },
			read: func(r *csvRow, text string) bool {
				r.span.Kind = policies.HoursKind(strings.ToLower(text))
				return slices.Contains(resources.HoursKinds, r.span.Kind)
			},
		},
		textColumn("state", func(r *csvRow) *string { return &r.span.State }),
		csvColumn{
			name: "turns", example: "month/friday/-1",
			write: func(r csvRow) string { return turnsText(r.span.Only) },
			read:  func(r *csvRow, text string) (ok bool) { r.span.Only, ok = csvTurns(text); return ok },
		},
		textColumn("span_name_fi", func(r *csvRow) *string { return &r.span.Name.Fi }),
		textColumn("span_name_sv", func(r *csvRow) *string { return &r.span.Name.Sv }),
		textColumn("span_name_en", func(r *csvRow) *string { return &r.span.Name.En }),
	),
	[]csvColumn{
		textColumn("description_fi", func(r *csvRow) *string { return &r.period.Description.Fi }),
		textColumn("description_sv", func(r *csvRow) *string { return &r.period.Description.Sv }),
		textColumn("description_en", func(r *csvRow) *string { return &r.period.Description.En }),
		textColumn("origin", func(r *csvRow) *string { return &r.period.Origin }),
	},
)

func ofSpan(columns ...csvColumn) []csvColumn {
	for i := range columns {
		columns[i].ofSpan = true
	}
	return columns
}

func textColumn(name string, of func(*csvRow) *string) csvColumn {
	return csvColumn{
		name:  name,
		write: func(r csvRow) string { return *of(&r) },
		read:  func(r *csvRow, text string) bool { *of(r) = strings.Clone(text); return true },
	}
}

func flagColumn(name string, of func(*csvRow) *bool) csvColumn {
	return csvColumn{
		name: name, example: "yes",
		write: func(r csvRow) string { return map[bool]string{true: "yes"}[*of(&r)] },
		read: func(r *csvRow, text string) bool {
			text = strings.ToLower(text)
			*of(r) = slices.Contains([]string{"yes", "1", "x", "true", "kyllä", "ja"}, text)
			return *of(r) || slices.Contains([]string{"no", "0", "false", "ei", "nej"}, text)
		},
	}
}

// dateColumn reads "2026-12-24" and, as spreadsheets here save it, "24.12.2026".
func dateColumn(name string, of func(*csvRow) **calendar.Date) csvColumn {
	return csvColumn{
		name: name, example: "2026-12-24",
		write: func(r csvRow) string { return orZero(*of(&r)).String() },
		read: func(r *csvRow, text string) bool {
			if day, err := time.Parse("2.1.2006", text); err == nil {
				text = day.Format(time.DateOnly)
			}
			date, err := calendar.ParseDate(text)
			*of(r) = &date
			return err == nil
		},
	}
}

func clockColumn(name string, of func(*csvRow) *calendar.Minute) csvColumn {
	return csvColumn{
		name: name, example: "08:00",
		write: func(r csvRow) string { return of(&r).String() },
		read: func(r *csvRow, text string) (ok bool) {
			if len(text) > len("08:00") { // spreadsheets add seconds
				text = strings.TrimSuffix(text, ":00")
			}
			*of(r), ok = resources.ParseClock(text)
			return ok
		},
	}
}

func joinedNumbers(list []int) string {
	var words []string
	for _, n := range list {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}

var dayWord = regexp.MustCompile("[^,-]+")

// csvDays reads "1,2,3", "1-5", "Mo-Fr", "ma–su", "mån,tis".
func csvDays(text string) ([]int, bool) {
	text = strings.NewReplacer("–", "-", " ", "").Replace(strings.ToLower(text))
	return resources.ParseDays(dayWord.ReplaceAllStringFunc(text, func(word string) string {
		if day := csvDay(word); day > 0 {
			return resources.WriteDays([]int{day})
		}
		return word
	}))
}

// csvDay is a weekday by its number or a word of three languages; 0 = it is none.
func csvDay(text string) int {
	if len(text) == 1 && text[0] >= '1' && text[0] <= '7' {
		return int(text[0] - '0')
	}
	return dayWords[text]
}

func csvTurns(text string) (list []resources.Turn, ok bool) {
	for _, word := range strings.Fields(text) {
		turn, ok := resources.ParseTurn(word)
		if !ok {
			return nil, false
		}
		list = append(list, turn)
	}
	return list, true
}

// WriteCSV writes hours as a table, one line for each span, which ParseCSV
// reads as the same periods; ids and owners are left out.
func WriteCSV(periods []resources.Period) ([]byte, error) {
	var out strings.Builder
	out.WriteString(files.Mark)
	writer := csv.NewWriter(&out)
	writer.Comma = ';'
	var names []string
	for _, c := range csvColumns {
		names = append(names, c.name)
	}
	_ = writer.Write(names) // a strings.Builder takes everything
	cells := make([]string, len(names))
	for _, p := range periods {
		for i := range max(1, len(p.Spans.V)) {
			row := csvRow{period: p}
			if len(p.Spans.V) > 0 {
				row.span = p.Spans.V[i]
			}
			for j, c := range csvColumns {
				cells[j] = ""
				if !c.ofSpan || len(p.Spans.V) > 0 {
					cells[j] = files.WithGuard(c.write(row))
				}
			}
			_ = writer.Write(cells)
		}
	}
	writer.Flush()
	return []byte(out.String()), writer.Error()
}

// ParseCSV reads what WriteCSV writes and what people make of it: separated by
// ";", "," or tabs, in UTF-8 or UTF-16, with any of the columns in any order.
// Lines that say the same of their period are spans of one. Mistakes are
// Invalid, with fields "line:column" and codes hours_file.csv_… or, of hours
// that nobody can follow, hours.….
func ParseCSV(data []byte) ([]resources.Period, error) {
	if len(data) > maxCSV {
		return nil, refusedAt("", 0, "csv_large", fault.Params{"max": maxCSV >> 20})
	}
	text := files.Text(data)
	if i := strings.IndexFunc(text, func(r rune) bool { return r == 0 || r == utf8.RuneError }); i >= 0 {
		return nil, refusedAt(text, i, "csv_nul")
	}
	r := csvReader{Reader: csv.NewReader(strings.NewReader(text)), known: map[string]int{}}
	r.Comma = files.Separator(text)
	r.FieldsPerRecord = -1
	r.read()
	if len(r.fields) == 0 {
		r.check()
	}
	if len(r.fields) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Code: r.fields[0].Code, Params: r.fields[0].Params, Fields: r.fields}
	}
	return r.periods, nil
}

type csvReader struct {
	*csv.Reader
	columns []*csvColumn // of the file, nil = no heading
	periods []resources.Period
	places  []string       // where each begins
	known   map[string]int // by what lines say of them
	fields  []fault.Field
}

func (r *csvReader) refuse(place, code string, params fault.Params) {
	r.fields = append(r.fields, fault.Field{Name: place, Code: code, Params: params})
}

// place is where a cell of the line that was read last stands.
func (r *csvReader) place(i int) string {
	line, column := r.FieldPos(i)
	return fmt.Sprintf("%d:%d", line, column)
}

func (r *csvReader) read() {
	for rows := 0; len(r.fields) < maxCSVMistakes; rows++ {
		cells, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if r.columns == nil {
				r.refuse("1:1", "hours_file.csv_empty", nil)
			}
			return
		case errors.As(err, &broken):
			r.refuse(fmt.Sprintf("%d:%d", broken.Line, broken.Column), "hours_file.csv_quote", nil)
			return
		case rows > maxCSVRows:
			r.refuse(r.place(0), "hours_file.csv_rows", fault.Params{"max": maxCSVRows})
			return
		case r.columns == nil:
			if r.header(cells); len(r.fields) > 0 {
				return
			}
		default:
			r.row(cells)
		}
	}
}

func (r *csvReader) header(names []string) {
	r.columns = []*csvColumn{}
	var known []string
	for _, c := range csvColumns {
		known = append(known, c.name)
	}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		at := slices.Index(known, name)
		switch {
		case name == "":
			r.columns = append(r.columns, nil)
			continue
		case at < 0:
			r.refuse(r.place(i), "hours_file.csv_column", fault.Params{"value": brief(name), "known": strings.Join(known, ", ")})
			return
		case slices.Contains(r.columns, &csvColumns[at]):
			r.refuse(r.place(i), "hours_file.csv_column_twice", fault.Params{"value": name})
			return
		}
		r.columns = append(r.columns, &csvColumns[at])
	}
	for i, c := range csvColumns {
		if slices.Contains([]string{"weekdays", "from", "to"}, c.name) && !slices.Contains(r.columns, &csvColumns[i]) {
			r.refuse("1:1", "hours_file.csv_no_column", fault.Params{"value": c.name})
		}
	}
}

// brief is a text as an error shows it.
func brief(text string) string {
	if utf8.RuneCountInString(text) <= 40 {
		return text
	}
	return string([]rune(text)[:40]) + "…"
}

func (r *csvReader) row(cells []string) {
	row := csvRow{filled: map[string]bool{}}
	row.span.Kind = policies.Reservable
	before, span := len(r.fields), false
	for i, text := range cells {
		text = files.WithoutGuard(text)
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i >= len(r.columns) {
			r.refuse(r.place(i), "hours_file.csv_cells", fault.Params{"n": len(cells), "max": len(r.columns)})
			return
		}
		c := r.columns[i]
		if c == nil {
			r.refuse(r.place(i), "hours_file.csv_no_column", fault.Params{"value": brief(text)})
			continue
		}
		row.filled[c.name] = true
		span = span || c.ofSpan
		if c.example != "" {
			text = strings.TrimSpace(text)
		}
		if !c.read(&row, text) {
			r.refuse(r.place(i), "hours_file.csv_value", fault.Params{"value": brief(text), "example": c.example})
		}
	}
	if span && !(row.filled["weekdays"] && row.filled["from"] && row.filled["to"]) {
		r.refuse(r.place(0), "hours_file.csv_half", nil)
	}
	if len(r.fields) > before || len(row.filled) == 0 {
		return
	}
	r.add(row, span)
}

// add puts a line to its period. An end before the begin is on the next day.
func (r *csvReader) add(row csvRow, span bool) {
	key := ""
	for _, c := range csvColumns {
		if !c.ofSpan {
			key += c.write(row) + "\x00"
		}
	}
	i, found := r.known[key]
	if !found {
		i = len(r.periods)
		row.period.Spans = db.AsJSON([]resources.WeekSpan{})
		r.known[key], r.periods, r.places = i, append(r.periods, row.period), append(r.places, r.place(0))
	}
	if span {
		if row.span.To < row.span.From {
			row.span.To += calendar.DayMinutes
		}
		r.periods[i].Spans.V = append(r.periods[i].Spans.V, row.span)
	}
}

// check names the line of each period that nobody can follow.
func (r *csvReader) check() {
	err := resources.CheckPeriods(r.periods)
	if err == nil {
		return
	}
	for _, f := range fault.As(err).Fields {
		i := -1
		if _, err := fmt.Sscanf(f.Name, "periods[%d]", &i); err == nil && i >= 0 && i < len(r.places) {
			f.Name = r.places[i]
		} else {
			f.Name = "1:1"
		}
		r.fields = append(r.fields, f)
	}
}
