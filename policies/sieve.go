package policies

import (
	"time"

	"vuoro/calendar"
)

// Sieve tells of many times of one Grid whether Decide would refuse to hold
// them, and asks what is the same for all of them once. Its Hours and Place are
// those of the question; the times lie in ReservableSpans, on the raster.
type Sieve struct {
	in     *inquiry
	fixed  bool // the rule book says the same at every time
	known  bool // in is about some time already
	limits map[Limits]window
}

// window is between which begins a place can be booked under some limits.
type window struct {
	refused          bool      // whatever the begin
	earliest, latest time.Time // latest zero = any
}

// NewSieve makes the sieve of a question, whose Asked is ignored. Its kind is
// ordinary and its stage the hold.
func NewSieve(q Question) *Sieve { return newSieve(q, prepare) }

// UsableHours are hours with what a class of holders may use of them, worked out
// once for many places.
type UsableHours struct {
	Hours       []Hours
	core, spans []calendar.Interval
}

// Usable works out what a class may use; "" is a person.
func Usable(hours []Hours, class Class) UsableHours {
	core := coreSpans(hours)
	return UsableHours{hours, core, usable(hours, classOf(Question{Who: Who{Class: class}}), core)}
}

// Sieve is NewSieve of a question of these hours and that class.
func (h UsableHours) Sieve(q Question) *Sieve {
	q.Hours = h.Hours
	return newSieve(q, func(q Question) *inquiry {
		q.Zone, q.Kind, q.Who.Class = zoneOf(q), kindOf(q), classOf(q)
		return &inquiry{Question: q, core: h.core, bare: q.Place, spans: h.spans}
	})
}

func newSieve(q Question, prepare func(Question) *inquiry) *Sieve {
	q.Kind, q.Stage = Ordinary, AtHold
	s := &Sieve{in: prepare(q), fixed: true, limits: map[Limits]window{}}
	for i := range q.Book.Rules.Rules {
		rule := &q.Book.Rules.Rules[i]
		if rule.When.depends() && rule.Effects.Limits != nil {
			s.fixed = false // only limits matter at hold
		}
	}
	return s
}

// depends tells whether the condition is true at some times only.
func (w *When) depends() bool {
	return w.Use != "" || len(w.Weekdays) > 0 || w.From != "" || w.To != "" || w.Season != nil ||
		w.Dates != nil || w.Holiday != nil || w.School != ""
}

// Spans are the spans that the holder may use.
func (s *Sieve) Spans() []calendar.Interval { return s.in.spans }

// Passes tells whether a hold of the time would be granted.
func (s *Sieve) Passes(asked calendar.Interval) bool {
	if s.in.bare.WholeDay {
		q := s.in.Question
		q.Place, q.Asked = s.in.bare, asked
		return !Decide(q).Refused()
	}
	w := s.windowAt(asked)
	return !w.refused && !asked.Begin.Before(w.earliest) && (w.latest.IsZero() || !asked.Begin.After(w.latest))
}

// windowAt asks the rule book, once if it says the same at every time.
func (s *Sieve) windowAt(asked calendar.Interval) window {
	if !s.fixed || !s.known {
		s.in.about(asked)
		s.known = true
	}
	return s.window()
}

// Open tells whether the rules would let the time be booked some day sooner: it
// is not refused for good, nor too far ahead.
func (s *Sieve) Open(asked calendar.Interval) bool {
	w := s.windowAt(asked)
	return !w.refused && (w.latest.IsZero() || !asked.Begin.After(w.latest))
}

// EndsBefore tells whether every time from t on is refused, because it is too
// far ahead or because the place cannot be booked at all.
func (s *Sieve) EndsBefore(t time.Time) bool {
	if !s.fixed || !s.known {
		return false
	}
	w := s.window()
	return w.refused || !w.latest.IsZero() && w.latest.Before(t)
}

func (s *Sieve) window() window {
	var key Limits
	if s.in.matched.Effects.Limits != nil {
		key = *s.in.matched.Effects.Limits
	}
	w, ok := s.limits[key]
	if !ok {
		w = s.in.window()
		s.limits[key] = w
	}
	return w
}

func (in *inquiry) window() window {
	w := window{earliest: in.Now}
	for _, check := range []func(*inquiry) []Violation{checkPublished, checkBookingWindow, checkSeasonOnly, checkDuration} {
		w.refused = w.refused || len(check(in)) > 0
	}
	if in.Place.DaysAheadMin > 0 {
		if _, begins := in.leadTime(); begins.After(w.earliest) {
			w.earliest = begins
		}
	}
	if in.Place.DaysAheadMax != nil {
		w.latest = in.latestBegin()
	}
	return w
}
