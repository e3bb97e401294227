package booking_test

import (
	"slices"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// stepSeries books a room for the house on three days in a row: all of them or
// none.
func (s *site) stepSeries(st step) (got, want string) {
	t := st.times(s)
	from, till := t.Begin.In(helsinki), t.End.In(helsinki)
	plan := booking.Plan{First: calendar.DateOf(t.Begin, helsinki), Rule: "FREQ=DAILY;COUNT=3"}
	plan.Span.From = calendar.Minute(from.Hour()*60 + from.Minute())
	plan.Span.To = calendar.Minute(till.Hour()*60 + till.Minute())
	if plan.Span.To == 0 {
		plan.Span.To = calendar.DayMinutes
	}
	var dates []*entry
	for i := range 3 {
		date := plan.First.AddDays(i)
		end := calendar.DayBounds(date, helsinki).End
		if plan.Span.To < calendar.DayMinutes {
			end = calendar.FirstFrom(date, plan.Span.To, helsinki)
		}
		e := s.draft(policies.Staff, "talo", st.room(), booking.Times{Begin: calendar.FirstFrom(date, plan.Span.From, helsinki), End: end})
		if s.unknowable(e) || e.begin.Before(s.clock) {
			return nothing, nothing
		}
		dates = append(dates, e)
	}
	s.tell("staff book three days from %s", dates[0].row())
	want = "ok"
	before := slices.Clone(s.list)
	for _, e := range dates {
		if !s.free(e) {
			want = "conflict"
		}
		s.list = append(s.list, e) // dates of one series keep their distance too
	}
	made, err := s.BookSeries(ctx, s.people["hoitaja"], booking.SeriesRequest{
		Resource: s.world.rooms[dates[0].room].UID, Plan: plan, Kind: policies.Staff, Holder: booking.Holder{Kind: booking.HeldByUnit},
		Form: policies.Form{Title: "Kurssi", TermsAccepted: true}, Reason: "sovittu",
	})
	if err != nil {
		s.list = before
		return answer(err), want
	}
	for i, e := range dates {
		e.number, e.series = made.Dates[i].Number, made.Series.Number
	}
	return "ok", want
}

// stepCancelSeries cancels what is still to come of a series.
func (s *site) stepCancelSeries(st step) (got, want string) {
	coming := func(e *entry) bool {
		return e.series != "" && e.begin.After(s.clock) && (e.state == booking.Requested || e.state == booking.Confirmed)
	}
	e := s.some(st, coming)
	if e == nil {
		return nothing, nothing
	}
	s.tell("staff cancel the series of %s", e.row())
	_, err := s.CancelSeries(ctx, s.people["hoitaja"], booking.SeriesChange{Ref: e.series, ReasonText: "vesivahinko"})
	if err == nil {
		for _, other := range s.live(coming) {
			if other.series == e.series {
				other.state, other.occupies = booking.Cancelled, false
			}
		}
	}
	return answer(err), "ok"
}
