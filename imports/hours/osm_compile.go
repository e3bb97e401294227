package hours

import (
	"reflect"
	"slices"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
)

// stretch is a time in which the rules give one week: from is zero at the
// beginning of time, to is zero without an end.
type stretch struct {
	from, to calendar.Date
	spans    []resources.WeekSpan
}

// compileOSM turns rules into periods, one for each stretch of time in which
// the same rules hold. at is where a rule that cannot be said begins.
func compileOSM(rules []ruleOSM, kind policies.HoursKind) (file File, at int, err *fault.Error) {
	if file.Holidays, at, err = holidaysOSM(rules); err != nil {
		return File{}, at, err
	}
	stretches := stretchesOf(rules)
	for i := range stretches {
		for _, r := range rules {
			if err := stretches[i].apply(r, kind); err != nil {
				return File{}, r.at, err
			}
		}
		s := stretches[i]
		if n := len(file.Periods); n > 0 && reflect.DeepEqual(file.Periods[n-1].Spans.V, s.spans) {
			file.Periods[n-1].ValidTo = dateOrNil(s.to)
			continue
		}
		file.Periods = append(file.Periods, resources.Period{
			ValidFrom: dateOrNil(s.from), ValidTo: dateOrNil(s.to), Spans: db.AsJSON(s.spans),
		})
	}
	return file, 0, nil
}

func dateOrNil(d calendar.Date) *calendar.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}

// stretchesOf cuts time where any rule begins or ends.
func stretchesOf(rules []ruleOSM) []stretch {
	var cuts []calendar.Date
	for _, r := range rules {
		for _, w := range r.whens {
			if !w.from.IsZero() {
				cuts = append(cuts, w.from)
			}
			if !w.to.IsZero() {
				cuts = append(cuts, w.to.AddDays(1))
			}
		}
	}
	slices.SortFunc(cuts, calendar.Date.Compare)
	list := []stretch{{spans: []resources.WeekSpan{}}}
	for _, cut := range slices.Compact(cuts) {
		list[len(list)-1].to = cut.AddDays(-1)
		list = append(list, stretch{from: cut, spans: []resources.WeekSpan{}})
	}
	return list
}

// holds tells whether a set of days is meant in a stretch; it never ends within.
func (s stretch) holds(w when) bool {
	return (w.from.IsZero() || !s.from.IsZero() && !s.from.Before(w.from)) && (w.to.IsZero() || !s.to.IsZero() && !s.to.After(w.to))
}

// apply lays a rule over what the rules before it said. A rule replaces its
// days, one after a comma adds to them, and "off" with times closes only those.
func (s *stretch) apply(r ruleOSM, kind policies.HoursKind) *fault.Error {
	if r.onlyPH {
		return nil
	}
	partly := r.off && len(r.spans) > 0
	for _, w := range r.whens {
		if !s.holds(w) {
			continue
		}
		if err := s.clear(w, r.adds || partly); err != nil {
			return err
		}
	}
	if r.adds && r.off {
		return files.Invalid("hours.osm_adds_off")
	}
	if r.off && !partly && r.comment == "" {
		return nil
	}
	for _, w := range r.whens {
		if s.holds(w) {
			s.spans = append(s.spans, r.spansOf(w, kind)...)
		}
	}
	return nil
}

// clear takes the days of a rule away from what is there. Where only some of
// the dates of a span are meant, that cannot be said by weeks and is refused.
// A rule that only adds may not add to closed times, which would stay closed.
func (s *stretch) clear(w when, adds bool) *fault.Error {
	var kept []resources.WeekSpan
	for _, span := range s.spans {
		common := slices.ContainsFunc(span.Weekdays, func(day int) bool { return slices.Contains(w.days, day) })
		night := span.To > calendar.DayMinutes && slices.ContainsFunc(span.Weekdays, func(day int) bool {
			return slices.Contains(w.days, day%7+1) && !slices.Contains(w.days, day)
		})
		switch {
		case night && !adds: // whether the end of the night before stays is not said
			return files.Invalid("hours.osm_partly")
		case apart(span.Only, w.only):
		case adds && common && span.Kind == policies.Closed:
			return files.Invalid("hours.osm_partly")
		case adds:
		case common && !within(w.only, span.Only):
			return files.Invalid("hours.osm_partly")
		case common:
			span.Weekdays = slices.DeleteFunc(slices.Clone(span.Weekdays), func(day int) bool { return slices.Contains(w.days, day) })
			if len(span.Weekdays) == 0 {
				continue
			}
		}
		kept = append(kept, span)
	}
	s.spans = append([]resources.WeekSpan{}, kept...)
	return nil
}

// within tells whether all days with these turns are among those of the wider.
func within(wider, turns []resources.Turn) bool {
	return !slices.ContainsFunc(wider, func(t resources.Turn) bool { return !slices.Contains(turns, t) })
}

// apart tells whether no day can have both.
func apart(a, b []resources.Turn) bool {
	for _, t := range a {
		for _, u := range b {
			same := t.Context == u.Context && t.Subject == u.Subject && t.Every == 0 && u.Every == 0
			if same && t != u && (t.Start > 0) == (u.Start > 0) && (t.Parity == "") == (u.Parity == "") {
				return true
			}
		}
	}
	return false
}

// holidaysOSM finds what public holidays are. "PH off" at the end closes them;
// where every rule for Sundays, and none after, is for them too, they are as
// Sundays.
func holidaysOSM(rules []ruleOSM) (holidays string, at int, err *fault.Error) {
	refused := files.Invalid("hours.osm_holidays")
	for i, r := range rules {
		sunday := slices.ContainsFunc(r.whens, func(w when) bool { return slices.Contains(w.days, 7) })
		plain := len(r.whens) == 1 && len(r.whens[0].days) == 1 && len(r.whens[0].only) == 0 && r.whens[0].from.IsZero() && r.whens[0].to.IsZero()
		switch {
		case r.onlyPH && r.off && len(r.spans) == 0 && i == len(rules)-1 && holidays == "" && !r.adds && r.comment == "":
			return "closed", 0, nil
		case r.holidays && !r.onlyPH && !r.adds && sunday && plain && i == len(rules)-1:
			holidays = "sunday"
		case r.holidays:
			return "", r.at, refused
		}
	}
	if holidays == "sunday" && slices.ContainsFunc(rules[:len(rules)-1], func(r ruleOSM) bool {
		return slices.ContainsFunc(r.whens, func(w when) bool { return !w.from.IsZero() || !w.to.IsZero() })
	}) {
		return "", rules[len(rules)-1].at, refused
	}
	return holidays, 0, nil
}
