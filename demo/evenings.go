package demo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
)

const turnsFile = "town/evenings.json"

// daysAhead is how far evenings are filled.
const daysAhead = 14

// Turn is something that happens in a room on some weekdays, in Share of 100
// weeks. Who is the key of a person or an association, or "unit:slug" for the
// site's own use, of which Kind says what it is.
type Turn struct {
	Room    string          `json:"room"`
	Days    []int           `json:"days"`
	From    calendar.Minute `json:"from"`
	To      calendar.Minute `json:"to"`
	Who     string          `json:"who"`
	Title   string          `json:"title"`
	Purpose string          `json:"purpose"`
	Persons int             `json:"persons"`
	Share   int             `json:"share"`
	Kind    policies.Kind   `json:"kind"`
}

// Evening is a turn on a date: who books where and when, made at MadeAt.
type Evening struct {
	Turn
	Key    string // the same for the same turn and date
	Begin  time.Time
	End    time.Time
	MadeAt time.Time
	Cancel bool // its holder gives it back
	Decide bool // a request is decided, not left waiting
	Absent bool // nobody comes
}

// Span is the dates to be filled, both included, as seen from Now.
type Span struct {
	From, To calendar.Date
	Now      time.Time
	Zone     *time.Location
}

func readTurns() ([]Turn, error) {
	var file struct {
		Turns []Turn `json:"turns"`
	}
	err := read(turnsFile, &file)
	return file.Turns, err
}

// Evenings plans what is booked on the dates of a span, in the order in which
// it was booked. It is pure, and what happens on a date does not depend on the
// span; only bookings of the near future are dated back to before now.
func Evenings(turns []Turn, span Span) []Evening {
	var list []Evening
	for date := span.From; !date.After(span.To); date = date.AddDays(1) {
		for _, turn := range turns {
			if evening, ok := turn.on(date, span); ok {
				list = append(list, evening)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Evening) int {
		return cmp.Or(a.MadeAt.Compare(b.MadeAt), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// on plans the turn for a date; ok is false where it does not take place.
func (t Turn) on(date calendar.Date, span Span) (evening Evening, ok bool) {
	key := fmt.Sprintf("%s %s %s", date, t.Room, t.From)
	if !slices.Contains(t.Days, int(date.Weekday())) || chance(key, "share")%100 >= t.Share {
		return Evening{}, false
	}
	begin, end := calendar.Resolve(date, t.From, span.Zone), calendar.Resolve(date, t.To, span.Zone)
	if !begin.Exists || !end.Exists {
		return Evening{}, false
	}
	lead := time.Duration(4*24*60+chance(key, "lead")%(6*24*60)) * time.Minute
	made, latest := begin.Instant.Add(-lead), span.Now.Add(-time.Duration(60+chance(key, "late")%600)*time.Minute)
	if t.Kind == policies.Closure {
		made = made.Add(-14 * 24 * time.Hour) // maintenance is known well before
	}
	if made.After(latest) {
		made = latest
	}
	return Evening{
		Turn: t, Key: key, Begin: begin.Instant, End: end.Instant, MadeAt: made.Truncate(time.Second),
		Cancel: t.Kind == "" && chance(key, "cancel")%16 == 0,
		Absent: chance(key, "absent")%9 == 0,
		Decide: begin.Instant.Before(span.Now) || chance(key, "decide")%3 == 0,
	}, true
}

// chance is a number that looks drawn and is always the same.
func chance(key, what string) int {
	sum := fnv.New64a()
	fmt.Fprint(sum, what, " ", key)
	return int(sum.Sum64() % 1_000_003)
}
