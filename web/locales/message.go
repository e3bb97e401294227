package locales

import (
	"fmt"
	"strings"
)

// segment is a piece of a sentence: fixed text, or a placeholder.
//
//	{name}                 the value in its usual form: number, text, date and time
//	{cents|money}          a format: see formats
//	{state|word:state}     the sentence of the key state.<value>
//	{from|range:to}        from one param to another: Range
//	{spans|spans:from}     a list of stretches: those on the day of another param
//	{note|note}            a space and a text in three languages, or nothing
//	{days|päivä|päivää}    the number with the word for one or for many
type segment struct {
	text   string // fixed, when name is empty
	name   string
	format string
	other  string // name of the param that format range or spans looks at
	prefix string // of keys, for format word
	one    string // words of format count
	many   string
}

// formats are the names that may follow the bar, and whether they want a second
// name after a colon.
var formats = map[string]bool{
	"number": false, "money": false, "duration": false, "length": false, "note": false,
	"date": false, "longdate": false, "time": false, "datetime": false,
	"word": true, "range": true, "spans": true,
}

func compile(text string) ([]segment, error) {
	var segments []segment
	for text != "" {
		fixed, rest, found := strings.Cut(text, "{")
		if fixed != "" {
			segments = append(segments, segment{text: fixed})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, fmt.Errorf("{%s is not closed", rest)
		}
		s, err := placeholder(inner)
		if err != nil {
			return nil, err
		}
		segments = append(segments, s)
		text = after
	}
	return segments, nil
}

func placeholder(inner string) (segment, error) {
	parts := strings.Split(inner, "|")
	s := segment{name: parts[0]}
	var second string
	switch len(parts) {
	case 1:
	case 2:
		s.format, second, _ = strings.Cut(parts[1], ":")
	case 3:
		s.one, s.many = parts[1], parts[2]
	default:
		return s, fmt.Errorf("{%s} has too many parts", inner)
	}
	wants, known := formats[s.format]
	if s.name == "" || s.format != "" && !known || wants != (second != "") {
		return s, fmt.Errorf("{%s} is not a placeholder", inner)
	}
	if s.format == "word" {
		s.prefix = second
	} else {
		s.other = second
	}
	return s, nil
}

// names are the placeholders of a sentence, once each.
func (s sentence) names() map[string]bool {
	names := map[string]bool{}
	if s.one != nil {
		names["n"] = true
	}
	for _, seg := range append(append([]segment{}, s.one...), s.other...) {
		for _, name := range []string{seg.name, seg.other} {
			if name != "" {
				names[name] = true
			}
		}
	}
	return names
}
