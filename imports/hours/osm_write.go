package hours

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// WriteOSM writes the hours of one owner as opening_hours, which ParseOSM reads
// with the same meaning for every day. Names become comments; descriptions and
// the names of periods are left out. What the form cannot say is Invalid, a
// field "periods[n]" with a code hours_file.osm_write_….
func WriteOSM(s Schedule) (string, error) {
	var w osmWriter
	for i, p := range s.Periods {
		if code, value := w.cannot(p); code != "" {
			return "", fault.InvalidField(fmt.Sprintf("periods[%d]", i), "hours_file."+code, fault.Params{"value": value})
		}
	}
	normal, overrides := parted(s.Periods, func(p resources.Period) bool { return !p.Override })
	slices.SortStableFunc(overrides, func(a, b resources.Period) int { return cmp.Compare(length(b), length(a)) })
	term, always := parted(normal, func(p resources.Period) bool { return p.School == resources.SchoolTerm })
	w.open(term)
	if len(w.rules) > 0 {
		w.add("; ", "SH off")
	}
	w.open(always)
	w.closed(always)
	for i := range overrides {
		w.add("; ", validity(overrides[i])+inSchool(overrides[i])+"off")
		w.open(overrides[i : i+1])
		w.closed(overrides[i : i+1])
	}
	if s.HolidaysOff {
		w.add("; ", "PH off")
	}
	text := strings.Join(w.rules, "")
	switch text {
	case "":
		text = "off"
	case "Mo-Su 00:00-24:00":
		text = "24/7"
	}
	if _, err := ParseOSM(text, OSMOptions{}); err != nil {
		return "", fault.Wrap(err, fault.Invalid, "hours_file.osm_write_form")
	}
	return text, nil
}

// osmWriter gathers rules, each with what stands before it.
type osmWriter struct {
	rules []string
	kind  policies.HoursKind // the one of all spans that are not closed
}

func (w *osmWriter) add(separator, rule string) {
	if len(w.rules) == 0 {
		separator = ""
	}
	w.rules = append(w.rules, separator+rule)
}

// cannot tells what of a period the form has no words for.
func (w *osmWriter) cannot(p resources.Period) (code, value string) {
	switch {
	case p.Overlay:
		return "osm_write_overlay", ""
	case p.School == resources.SchoolTerm && (p.Override || slices.ContainsFunc(p.Spans.V, isClosed)):
		return "osm_write_school", ""
	}
	for _, span := range p.Spans.V {
		if span.State != "" {
			return "osm_write_state", span.State
		}
		if _, ok := osmWhen(p, span); !ok {
			return "osm_write_turn", turnsText(span.Only)
		}
		if isClosed(span) {
			continue
		}
		if w.kind != "" && w.kind != span.Kind {
			return "osm_write_kinds", ""
		}
		w.kind = span.Kind
	}
	return "", ""
}

func isClosed(s resources.WeekSpan) bool { return s.Kind == policies.Closed }

// open adds the hours of periods, spans of the same days in one rule.
func (w *osmWriter) open(periods []resources.Period) {
	for _, p := range periods {
		before := ""
		for _, span := range p.Spans.V {
			if isClosed(span) {
				continue
			}
			days, _ := osmWhen(p, span)
			if days == "" {
				continue
			}
			rule, times := validity(p)+days+" ", osmTimes(span)
			name := strings.ReplaceAll(span.Name.String(), `"`, "'")
			if rule == before && name == "" {
				w.rules[len(w.rules)-1] += "," + times
				continue
			}
			if before = rule; name != "" {
				before, times = "", times+` open "`+name+`"`
			}
			w.add(", ", rule+times)
		}
	}
}

// closed adds closed hours, which win over all before them.
func (w *osmWriter) closed(periods []resources.Period) {
	for _, p := range periods {
		for _, span := range p.Spans.V {
			if days, _ := osmWhen(p, span); isClosed(span) && days != "" {
				w.add("; ", validity(p)+days+" "+osmTimes(span)+" off")
			}
		}
	}
}

func osmTimes(s resources.WeekSpan) string {
	return s.From.String() + "-" + s.To.String()
}

// validity are a period's dates, with a blank after them.
func validity(p resources.Period) string {
	first, last := orZero(p.ValidFrom), orZero(p.ValidTo)
	switch {
	case first.IsZero() && last.IsZero():
		return ""
	case first.IsZero():
		first.Year, first.Month, first.Day = firstOSMYear, time.January, 1
	case last.IsZero():
		return osmDay(first) + "+ "
	case first == last:
		return osmDay(first) + " "
	}
	return osmDay(first) + "-" + osmDay(last) + " "
}

func orZero(d *calendar.Date) calendar.Date {
	if d == nil {
		return calendar.Date{}
	}
	return *d
}

func inSchool(p resources.Period) string {
	if p.School == resources.SchoolBreak {
		return "SH "
	}
	return ""
}

func osmDay(d calendar.Date) string {
	return fmt.Sprintf("%04d %s %02d", d.Year, osmMonths[d.Month-1], d.Day)
}

// osmWhen writes the days of a span: "week 1-53/2 SH Mo,We", "Sa[-1]"; "" = none.
func osmWhen(p resources.Period, s resources.WeekSpan) (text string, ok bool) {
	weekdays, week, nth := slices.Clone(s.Weekdays), "", ""
	for _, turn := range s.Only {
		if day := turn.Weekday(); day != 0 {
			weekdays = slices.DeleteFunc(weekdays, func(d int) bool { return d != int(day) })
		}
		switch {
		case turn.Start == 0 && turn.Parity == "":
		case turn.Subject == resources.CountWeeks && week == "" && weekText(turn) != "":
			week = weekText(turn)
		case turn.Context == resources.InMonth && turn.Weekday() != 0 && nth == "" && turn.Every == 0 && turn.Parity == "" && max(turn.Start, -turn.Start) <= 5:
			nth = fmt.Sprintf("[%d]", turn.Start)
		default:
			return "", false
		}
	}
	if len(weekdays) == 0 {
		return "", true
	}
	return week + inSchool(p) + resources.WriteDays(weekdays) + nth, true
}

// weekText writes a turn that takes ISO weeks; "" = there is no form for it.
func weekText(t resources.Turn) string {
	switch {
	case t.Parity == resources.Odd:
		return "week 1-53/2 "
	case t.Parity == resources.Even:
		return "week 2-53/2 "
	case t.Context != resources.InYear || t.Start < 1 || t.Start > 53 || t.Every > 26:
		return ""
	case t.Every == 0:
		return fmt.Sprintf("week %d ", t.Start)
	case t.Every == 1:
		return fmt.Sprintf("week %d-53 ", t.Start)
	}
	return fmt.Sprintf("week %d-53/%d ", t.Start, t.Every)
}

func turnsText(turns []resources.Turn) string {
	var words []string
	for _, turn := range turns {
		words = append(words, turn.String())
	}
	return strings.Join(words, " ")
}

// parted are those that are such, and the others.
func parted(periods []resources.Period, such func(resources.Period) bool) (yes, no []resources.Period) {
	for _, p := range periods {
		if such(p) {
			yes = append(yes, p)
		} else {
			no = append(no, p)
		}
	}
	return yes, no
}

// length is how many days a period is valid; an open end is longer than any.
func length(p resources.Period) int {
	first, last := orZero(p.ValidFrom), orZero(p.ValidTo)
	if first.IsZero() || last.IsZero() {
		return 1 << 30
	}
	return first.DaysUntil(last) + 1
}
