package resources

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
)

// What one unit or resource can have.
const (
	maxPeriods = 2000
	maxSpans   = 5000 // of all its periods
	maxTurns   = 5    // of one span
	maxCount   = 1000 // of Start and Every
)

// HoursKinds are the kinds of spans.
var HoursKinds = []policies.HoursKind{policies.Open, policies.Reservable, policies.Core, policies.Closed}

var stateForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CheckPeriods refuses hours that nobody can follow, and overrides of one
// length that meet, of which none would be the shorter. Hours that are open and
// closed at once are in order: closed wins. The error is Invalid with all its
// fields, "periods[n]", with codes hours.… that each say what to mend.
func CheckPeriods(periods []Period) error {
	var f form
	spans := 0
	for _, p := range periods {
		spans += len(p.Spans.V)
	}
	if len(periods) > maxPeriods || spans > maxSpans {
		return fault.InvalidField("periods", "hours.too_many", fault.Params{"periods": maxPeriods, "spans": maxSpans})
	}
	for i, p := range periods {
		name := fmt.Sprintf("periods[%d]", i)
		before := len(f.fields)
		p.check(&f, name)
		if len(f.fields) == before {
			p.checkSpans(&f, name)
		}
		for _, q := range periods[:i] {
			if from, to, tied := tie(p, q); tied {
				f.refuse(true, name, "hours.override_tie", fault.Params{"name": p.label(), "other": q.label(), "from": from, "to": to})
			}
		}
	}
	return invalid(f.fields)
}

func (p Period) check(f *form, name string) {
	f.texts(name, p.Name, maxName)
	f.texts(name, p.Description, maxLong)
	f.line(name, p.Origin)
	f.refuse(bounded(p.ValidFrom) && bounded(p.ValidTo) && p.ValidTo.Before(*p.ValidFrom), name, "hours.ends_before_begin")
	f.refuse(bounded(p.ValidFrom) && !p.ValidFrom.Valid() || bounded(p.ValidTo) && !p.ValidTo.Valid(), name, "calendar.date")
	f.refuse(!slices.Contains([]string{"", SchoolTerm, SchoolBreak}, p.School), name, "hours.bad_school")
	f.refuse(p.Override && p.Overlay, name, "hours.overlay_override")
}

func (p Period) checkSpans(f *form, name string) {
	for _, span := range p.Spans.V {
		f.texts(name, span.Name, maxName)
		f.refuse(!span.valid(), name, "hours.bad_span", fault.Params{"from": span.From.String(), "to": span.To.String()})
		f.refuse(span.State != "" && !stateForm.MatchString(span.State), name, "hours.bad_state", fault.Params{"value": span.State})
		f.refuse(p.Overlay && span.Kind != policies.Core && span.Kind != policies.Closed, name, "hours.overlay_kind")
		f.refuse(len(span.Only) > maxTurns, name, "hours.too_many_turns", fault.Params{"max": maxTurns})
		before := len(f.fields)
		for _, turn := range span.Only {
			if code := turn.fault(p); code != "" {
				f.refuse(true, name, code, fault.Params{"turn": turn.String(), "max": maxCount})
			}
		}
		f.refuse(len(f.fields) == before && len(span.Only) > 0 && len(span.Only) <= maxTurns && span.never(p), name, "hours.turn_never",
			fault.Params{"from": span.From.String(), "to": span.To.String()})
	}
}

func (s WeekSpan) valid() bool {
	span := calendar.Span{From: s.From, To: s.To}
	days := slices.Compact(slices.Sorted(slices.Values(s.Weekdays)))
	return span.Valid() && span.Minutes() <= int(calendar.DayMinutes) && slices.Contains(HoursKinds, s.Kind) &&
		len(days) > 0 && len(days) == len(s.Weekdays) && days[0] >= 1 && days[len(days)-1] <= 7
}

// fault is what is wrong with a turn in a period: the code of a sentence.
func (t Turn) fault(p Period) string {
	counts := []string{CountDays, CountWeeks, CountMonths}
	switch {
	case !slices.Contains([]string{InPeriod, InYear, InMonth}, t.Context),
		!slices.Contains(counts, t.Subject) && t.Weekday() == 0,
		!slices.Contains([]string{"", Odd, Even}, t.Parity),
		t.Context == InMonth && t.Subject == CountMonths:
		return "hours.turn_impossible"
	case t.Parity != "" && (t.Start != 0 || t.Every != 0):
		return "hours.turn_parity"
	case max(t.Start, -t.Start, t.Every) > maxCount || t.Every < 0:
		return "hours.turn_range"
	case t.Every != 0 && t.Start == 0:
		return "hours.turn_start"
	case t.Context == InPeriod && !bounded(p.ValidFrom):
		return "hours.turn_first_day"
	case t.Context == InPeriod && t.Start < 0 && !bounded(p.ValidTo):
		return "hours.turn_last_day"
	}
	return ""
}

// calendarYears is after how many years the calendar repeats, so that what
// never happens in them never happens.
const calendarYears = 28

// never tells whether the turns of a span leave it no day. Days of a period on
// which none of its weekdays falls are another matter, see Doubts.
func (s WeekSpan) never(p Period) bool {
	first, last := p.looked()
	fell := false
	for date := first; !date.After(last); date = date.AddDays(1) {
		if !slices.Contains(s.Weekdays, int(date.Weekday())) {
			continue
		}
		if fell = true; s.takes(date, &p) {
			return false
		}
	}
	return fell
}

// looked are the days of a period that are looked at one by one.
func (p Period) looked() (first, last calendar.Date) {
	const days = calendarYears * 366
	switch {
	case bounded(p.ValidFrom):
		first = *p.ValidFrom
	case bounded(p.ValidTo):
		first = p.ValidTo.AddDays(-days)
	default:
		first = calendar.Date{Year: 2000, Month: 1, Day: 1}
	}
	last = first.AddDays(days)
	if bounded(p.ValidTo) && p.ValidTo.Before(last) {
		last = *p.ValidTo
	}
	return first, last
}

// tie tells whether two overrides of one length meet, and on which days; a zero
// date is an open end.
func tie(p, q Period) (from, to calendar.Date, tied bool) {
	if !p.Override || !q.Override || p.days() != q.days() || p.School != q.School && p.School != "" && q.School != "" {
		return from, to, false
	}
	for _, d := range []*calendar.Date{p.ValidFrom, q.ValidFrom} {
		if bounded(d) && (from.IsZero() || d.After(from)) {
			from = *d
		}
	}
	for _, d := range []*calendar.Date{p.ValidTo, q.ValidTo} {
		if bounded(d) && (to.IsZero() || d.Before(to)) {
			to = *d
		}
	}
	return from, to, from.IsZero() || to.IsZero() || !to.Before(from)
}

// label is what a sentence calls a period: its name, or else its days.
func (p Period) label() any {
	if p.Name != (locales.Texts{}) {
		return p.Name
	}
	day := func(d *calendar.Date) string {
		if !bounded(d) {
			return ""
		}
		return d.String()
	}
	return day(p.ValidFrom) + "–" + day(p.ValidTo)
}

// Doubts tells what is odd in hours and can be saved all the same, as the fields
// of an error would: hours of which no day comes (hours.days_never), and school
// terms where a break between today and a year later is not known
// (hours.school_unknown) or nothing is known of the city (hours.school_no_city).
func Doubts(periods []Period, city string, today calendar.Date) []fault.Field {
	var f form
	for i, p := range periods {
		name := fmt.Sprintf("periods[%d]", i)
		for _, span := range p.Spans.V {
			f.refuse(!p.falls(span), name, "hours.days_never", fault.Params{"from": span.From.String(), "to": span.To.String()})
		}
		if p.School == "" {
			continue
		}
		unknown := calendar.UnknownBreaks(city, today, today.AddDays(365))
		switch {
		case len(calendar.SchoolBreaks(city)) == 0:
			f.refuse(true, name, "hours.school_no_city", fault.Params{"city": cmp.Or(city, "–")})
		case len(unknown) > 0:
			b := unknown[0]
			f.refuse(true, name, "hours.school_unknown", fault.Params{
				"city": city, "break": locales.Texts(b.Names), "from": b.From, "to": b.To,
			})
		}
	}
	return f.fields
}

// falls tells whether a weekday of a span comes in the days of a period.
func (p Period) falls(span WeekSpan) bool {
	if p.days() >= 7 || p.days() < 1 {
		return true
	}
	for date := *p.ValidFrom; !date.After(*p.ValidTo); date = date.AddDays(1) {
		if slices.Contains(span.Weekdays, int(date.Weekday())) {
			return true
		}
	}
	return false
}
