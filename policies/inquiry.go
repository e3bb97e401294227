package policies

import (
	"time"

	"vuoro/calendar"
	"vuoro/fault"
)

// inquiry is a question with what several checks need of it, worked out once.
type inquiry struct {
	Question         // its Place has the rule book's limits already
	bare     Place   // the place without them
	matched  Matched // what the rule book says
	core     []calendar.Interval
	spans    []calendar.Interval // what this holder may use
	minutes  int                 // nominal length; meaningless where Asked is empty
	wholeDay bool                // a whole-day place, asked for exactly local days
}

func inquire(q Question) *inquiry {
	in := prepare(q)
	in.about(q.Asked)
	return in
}

// prepare works out what is the same for every time of these hours.
func prepare(q Question) *inquiry {
	q.Zone, q.Kind, q.Who.Class = zoneOf(q), kindOf(q), classOf(q)
	in := &inquiry{Question: q, core: coreSpans(q.Hours), bare: q.Place}
	in.spans = usable(q.Hours, q.Who.Class, in.core)
	return in
}

// about turns the inquiry to one time.
func (in *inquiry) about(asked calendar.Interval) {
	in.Asked = asked
	in.matched = in.Book.match(situationOf(&in.Question, in.core))
	in.Place = in.matched.Limit(in.bare)
	if in.Series {
		in.Place.DaysAheadMax = in.Place.SeriesDays
	}
	in.minutes = calendar.WallMinutes(asked.Begin, asked.End, in.Zone)
	in.wholeDay = in.Place.WholeDay && !asked.IsEmpty() && in.isMidnight(asked.Begin) && in.isMidnight(asked.End)
}

// zoneOf keeps a forgotten zone from being a panic.
func zoneOf(q Question) *time.Location {
	if q.Zone == nil {
		return time.UTC
	}
	return q.Zone
}

// kindOf keeps a forgotten kind strict.
func kindOf(q Question) Kind {
	switch q.Kind {
	case Behalf, Staff, Closure, Seasonal:
		return q.Kind
	}
	return Ordinary
}

// classOf is the holder's class; where nobody has said, a person, and for the
// city's own use the city.
func classOf(q Question) Class {
	switch {
	case q.Who.Class != "":
		return q.Who.Class
	case q.Kind == Staff || q.Kind == Closure:
		return CityUnit
	}
	return Person
}

// isMidnight tells whether a local day begins at the instant.
func (in *inquiry) isMidnight(t time.Time) bool {
	return in.dayOf(t).Equal(t)
}

// dayOf is the begin of the local day on which an instant lies.
func (in *inquiry) dayOf(t time.Time) time.Time {
	return calendar.FirstFrom(calendar.DateOf(t, in.Zone), 0, in.Zone)
}

// violation puts value and asked into the zone in which JSON shows them.
func (in *inquiry) violation(code string, value, asked any, p fault.Params) Violation {
	return Violation{Code: code, Rule: ruleNames[code], Value: in.local(value), Asked: in.local(asked), Params: p}
}

// violates is the usual answer of a check: one violation.
func (in *inquiry) violates(code string, value, asked any, p fault.Params) []Violation {
	return []Violation{in.violation(code, value, asked, p)}
}

func (in *inquiry) local(value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.In(in.Zone)
	case calendar.Interval:
		return calendar.Interval{Begin: v.Begin.In(in.Zone), End: v.End.In(in.Zone)}
	case []calendar.Interval:
		spans := make([]calendar.Interval, len(v))
		for i, span := range v {
			spans[i] = calendar.Interval{Begin: span.Begin.In(in.Zone), End: span.End.In(in.Zone)}
		}
		return spans
	}
	return value
}
