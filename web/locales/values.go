package locales

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// format prints one placeholder; second is the param that it also looks at. A
// value that does not suit its format is printed in its usual form.
func (p Printer) format(s segment, value, second any) string {
	if n, ok := number(value); ok {
		if text, ok := p.formatNumber(s, n); ok {
			return text
		}
	}
	switch s.format {
	case "word":
		return p.Word(s.prefix, fmt.Sprint(value))
	case "note":
		return p.note(value)
	case "spans":
		return p.spans(value, second)
	case "time":
		if minutes, err := ParseTime(fmt.Sprint(value)); err == nil {
			return p.Clock(minutes)
		}
	}
	if t, dateOnly, ok := instant(value); ok {
		return p.formatTime(s.format, t, dateOnly, second)
	}
	return p.usual(value)
}

func (p Printer) formatNumber(s segment, n int64) (string, bool) {
	if s.one != "" {
		return p.counted(int(n), s.one, s.many), true
	}
	switch s.format {
	case "", "number":
		return p.Number(n), true
	case "money":
		return p.Money(int(n)), true
	case "duration":
		return p.Duration(int(n)), true
	case "length":
		return p.Length(int(n)), true
	case "time":
		return p.Clock(int(n)), true
	}
	return "", false
}

func (p Printer) formatTime(format string, t time.Time, dateOnly bool, second any) string {
	if dateOnly {
		// a bare date has no instant: it is shown as it stands, in any zone
		p.Zone = time.UTC
	}
	end, _, isRange := instant(second)
	switch {
	case format == "range" && isRange:
		return p.Range(t, end)
	case format == "longdate":
		return p.LongDate(t)
	case format == "date" || dateOnly:
		return p.Date(t)
	case format == "time":
		return p.Time(t) + p.suffix(t)
	}
	return p.DateTime(t)
}

func (p Printer) usual(value any) string {
	switch v := value.(type) {
	case nil:
		return "–"
	case Texts:
		text, _ := v.In(p.lang())
		return text
	case []string:
		return strings.Join(v, ", ")
	case float64:
		return p.Amount(v, 1)
	}
	return fmt.Sprint(value)
}

// instant reads a time, or the text of one: RFC 3339, or a bare date.
func instant(value any) (t time.Time, dateOnly, ok bool) {
	if t, ok := value.(time.Time); ok {
		return t, false, true
	}
	text := fmt.Sprint(value)
	if len(text) < len(time.DateOnly) || len(text) > len(time.RFC3339Nano) {
		return t, false, false
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, true, true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, false, err == nil
}

func (p Printer) note(value any) string {
	if text := p.usual(value); text != "" {
		return " " + text
	}
	return ""
}

// spans lists those of a slice of stretches (structs with Begin and End) that
// touch the local day of an instant.
func (p Printer) spans(value, day any) string {
	on, _, _ := instant(day)
	list := reflect.ValueOf(value)
	if list.Kind() != reflect.Slice {
		return p.usual(value)
	}
	var parts []string
	var last time.Time
	for i := range list.Len() {
		begin, end, ok := stretch(list.Index(i))
		if !ok || daysBetween(p.in(begin), p.in(on)) < 0 || daysBetween(p.in(on), p.in(end.Add(-1))) < 0 {
			continue
		}
		if len(parts) > 0 && daysBetween(p.in(last), p.in(begin)) == 0 {
			parts = append(parts, p.Hours(begin, end))
		} else {
			parts = append(parts, p.Range(begin, end))
		}
		last = begin
	}
	if len(parts) == 0 {
		return p.T("spans.none")
	}
	return strings.Join(parts, ", ")
}

func stretch(v reflect.Value) (begin, end time.Time, ok bool) {
	if v.Kind() != reflect.Struct || !v.FieldByName("Begin").IsValid() || !v.FieldByName("End").IsValid() {
		return begin, end, false
	}
	begin, ok = v.FieldByName("Begin").Interface().(time.Time)
	end, alsoOK := v.FieldByName("End").Interface().(time.Time)
	return begin, end, ok && alsoOK
}
