package booking_test

import (
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

const tomorrow = "2026-11-24"

// spans gives a room hours of its own: "10:00", "12:00", "16:00", "20:00" are
// two spans of every day.
func (w *world) spans(room string, clock ...string) {
	w.t.Helper()
	var spans []resources.WeekSpan
	for i := 0; i < len(clock); i += 2 {
		spans = append(spans, resources.WeekSpan{
			Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: minute(clock[i]), To: minute(clock[i+1]), Kind: policies.Reservable,
		})
	}
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.Resources.SetPeriods(ctx, tx, resources.Owner{Resource: w.rooms[room].ID}, []resources.Period{{Spans: db.AsJSON(spans)}})
	}))
}

func minute(clock string) calendar.Minute {
	m, err := calendar.ParseMinute(clock)
	if err != nil {
		panic(err)
	}
	return m
}

// first is the room's first free time tomorrow from a time of day on, as it is
// written on the clock; "" for none and "closed".
func (w *world) first(room, from string, change ...func(*booking.FirstQuery)) string {
	w.t.Helper()
	query := booking.FirstQuery{From: dateOf(tomorrow), To: dateOf(tomorrow)}
	if from != "" {
		query.TimeFrom = minute(from)
	}
	for _, c := range change {
		c(&query)
	}
	firsts, err := w.FirstFree(ctx, accounts.Actor{}, resources.Filter{}, query)
	w.must(err)
	for _, f := range firsts {
		switch {
		case f.Place.Resource.Slug != room:
		case f.Closed:
			return "closed"
		case f.Begin.IsZero():
			return ""
		default:
			return f.Begin.In(helsinki).Format("15:04")
		}
	}
	w.t.Fatalf("no room %s", room)
	return ""
}

func lasting(minutes int) func(*booking.FirstQuery) {
	return func(q *booking.FirstQuery) { q.Minutes = &minutes }
}

func (w *world) wantFirst(room, from, want string, change ...func(*booking.FirstQuery)) {
	w.t.Helper()
	if got := w.first(room, from, change...); got != want {
		w.t.Errorf("from %q the first time is %q, want %q", from, got, want)
	}
}

func TestScenario116_TheRasterCountsFromTheSpansBegin(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.Raster, r.MinMinutes = 120, 60 })
	w.room("puolikas", []string{"a"}, nil)
	w.spans("sali", "09:00", "19:00")
	w.mustTake(w.person("aino"), "puolikas", tomorrow+" 13:00", tomorrow+" 16:00")
	w.wantFirst("sali", "", "09:00")
	w.wantFirst("sali", "09:01", "11:00")
	w.wantFirst("sali", "11:01", "17:00")
}

func TestScenario118_AClosureHasNoBuffers(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.MinMinutes, r.BufferBefore, r.BufferAfter = 60, 60, 60 })
	w.room("muu", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 300, 300 })
	w.spans("sali", "10:00", "16:00")
	closure := w.request("muu", tomorrow+" 12:00", tomorrow+" 14:00")
	closure.Kind, closure.Reason = policies.Closure, "huolto"
	_, err := w.Book(ctx, w.manager(), closure)
	w.must(err)
	w.wantFirst("sali", "10:00", "10:00")
	w.wantFirst("sali", "11:00", "11:00")
	w.wantFirst("sali", "12:00", "14:00")
}

func TestScenario120_BuffersReachIntoClosedHours(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 60, 60 })
	w.spans("sali", "10:00", "12:00")
	w.wantFirst("sali", "", "10:00")
}

func TestScenario122_TheWholeTimeLiesInOneSpanAndBetweenTheHours(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.spans("sali", "10:00", "12:00", "16:00", "20:00")
	w.wantFirst("sali", "14:00", "16:00")
	w.wantFirst("sali", "11:00", "11:00")
	w.wantFirst("sali", "11:00", "16:00", lasting(120))
	w.wantFirst("sali", "11:00", "closed", lasting(120), func(q *booking.FirstQuery) { q.TimeTo = minute("17:00") })
}

func TestScenario124_WhatCannotBeAskedAndWhatDoesNotCount(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a", "b"}, nil)
	w.room("a", []string{"a"}, nil)
	w.room("muu", []string{"c"}, nil)
	for name, c := range map[string]struct {
		query booking.FirstQuery
		field string
	}{
		"past":           {booking.FirstQuery{From: dateOf("2026-11-22")}, "from"},
		"backwards":      {booking.FirstQuery{From: dateOf("2026-11-25"), To: dateOf(tomorrow)}, "to"},
		"too far":        {booking.FirstQuery{To: dateOf("2028-11-24")}, "to"},
		"empty hours":    {booking.FirstQuery{TimeFrom: 600, TimeTo: 600}, "time_to"},
		"no minutes":     {booking.FirstQuery{Minutes: new(int)}, "minutes"},
		"fewer than 15":  {booking.FirstQuery{Minutes: new(14)}, "minutes"},
		"a day and more": {booking.FirstQuery{Minutes: new(1441)}, "minutes"},
	} {
		_, err := w.FirstFree(ctx, accounts.Actor{}, resources.Filter{}, c.query)
		if !fault.Is(err, fault.Invalid) || len(fault.As(err).Fields) != 1 || fault.As(err).Fields[0].Name != c.field {
			t.Errorf("%s: %v, want a mistake in %s", name, err, c.field)
		}
	}
	if _, err := w.FirstFree(ctx, accounts.Actor{}, resources.Filter{}, booking.FirstQuery{To: dateOf("2028-11-23")}); err != nil {
		t.Errorf("two years ahead: %v", err)
	}

	aino, hoitaja := w.person("aino"), w.manager()
	cancelled := w.mustTake(aino, "sali", tomorrow+" 06:00", tomorrow+" 07:00")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: cancelled.Number, ReasonCode: "plans_changed"})
	w.must(err)
	denied := w.mustTake(aino, "sali", tomorrow+" 06:00", tomorrow+" 07:00")
	_, err = w.Deny(ctx, hoitaja, booking.Change{Ref: denied.Number, ReasonText: "ei"})
	w.must(err)
	w.mustTake(aino, "muu", tomorrow+" 06:00", tomorrow+" 07:00")
	w.wantFirst("sali", "", "06:00")
	w.mustTake(aino, "a", tomorrow+" 06:00", tomorrow+" 07:00")
	w.wantFirst("sali", "", "07:00")
	w.wantFirst("a", "", "07:00")
}

// What closes a room leaves no first time; what only moves it leaves a later one.
func TestFirstFreeTellsClosedFromFull(t *testing.T) {
	w := newWorld(t)
	ended, ahead := w.clock.Add(-1), 3
	w.room("tauolla", []string{"a"}, func(r *resources.Resource) { r.BookingTo = &ended })
	w.room("kausi", []string{"b"}, func(r *resources.Resource) { r.SeasonOnly = true })
	w.room("lyhyt", []string{"c"}, func(r *resources.Resource) { r.DaysAheadMax = &ahead })
	w.room("hidas", []string{"d"}, func(r *resources.Resource) { r.DaysAheadMin = 5 })
	w.room("varattu", []string{"e"}, nil)
	w.spans("varattu", "10:00", "12:00")
	w.mustTake(w.person("aino"), "varattu", tomorrow+" 10:00", tomorrow+" 12:00")
	for room, want := range map[string]string{"tauolla": "closed", "kausi": "closed", "lyhyt": "06:00", "hidas": "", "varattu": ""} {
		w.wantFirst(room, "", want)
	}
	long := func(q *booking.FirstQuery) { q.To = dateOf("2026-12-31") }
	w.wantFirst("hidas", "", "06:00", long)
	w.wantFirst("varattu", "", "10:00", long)
	w.wantFirst("lyhyt", "", "closed", func(q *booking.FirstQuery) { q.From, q.To = dateOf("2026-11-27"), dateOf("2026-12-31") })
}

func TestScenario126_FreeForAnHourBetweenEightAndFour(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.spans("sali", "08:00", "16:00")
	aino := w.person("aino")
	w.mustTake(aino, "sali", tomorrow+" 10:00", tomorrow+" 11:00")
	w.mustTake(aino, "sali", tomorrow+" 12:00", tomorrow+" 13:00")
	query := booking.Query{Date: dateOf(tomorrow), From: minute("08:00"), To: minute("16:00"), Minutes: 60}
	rooms, err := w.Search(ctx, accounts.Actor{}, query)
	w.must(err)
	if len(rooms) != 1 {
		t.Fatalf("%d rooms for an hour", len(rooms))
	}
	var gaps string
	for _, gap := range rooms[0].Free {
		if calendar.DateOf(gap.Begin, helsinki) == dateOf(tomorrow) {
			gaps += gap.Begin.In(helsinki).Format(" 15–") + gap.End.In(helsinki).Format("15")
		}
	}
	if gaps != " 08–10 11–12 13–16" {
		t.Errorf("gaps%s", gaps)
	}
	query.Minutes = 240
	if rooms, err = w.Search(ctx, accounts.Actor{}, query); err != nil || len(rooms) != 0 {
		t.Errorf("for four hours: %d rooms, %v", len(rooms), err)
	}
	query.From, query.To = minute("16:00"), minute("08:00")
	if _, err = w.Search(ctx, accounts.Actor{}, query); !fault.Is(err, fault.Invalid) {
		t.Errorf("from evening to the next morning: %v", err)
	}
}
