package booking_test

import (
	"strings"
	"testing"

	"vuoro/booking"
)

// Whoever asks for it gets a series as one event that repeats: what was moved
// is an override, what was cancelled an exception.
func TestFeedInTheFormOfSeries(t *testing.T) {
	w, aino, made := tuesdays(t, "5")
	w.mustTake(aino, "studio", "2026-12-03 12:00", "2026-12-03 13:00")
	_, err := w.Move(ctx, aino, booking.Change{Ref: made.Dates[1].Number}, times("2026-12-09 18:00", "2026-12-09 20:00"))
	w.must(err)
	_, err = w.Cancel(ctx, aino, booking.Change{Ref: made.Dates[3].Number, ReasonCode: "other"})
	w.must(err)
	token, _, err := w.MakeFeed(ctx, aino, booking.FeedRequest{Scope: booking.PersonScope})
	w.must(err)
	for form, want := range map[booking.FeedForm]map[string]int{
		booking.FeedOfDates:  {"BEGIN:VEVENT": 5, "RRULE:": 0, "RECURRENCE-ID": 0},
		booking.FeedOfSeries: {"BEGIN:VEVENT": 3, "RRULE:FREQ=WEEKLY": 1, "RECURRENCE-ID;TZID=Europe/Helsinki:20261208T180000": 1, "EXDATE;TZID=Europe/Helsinki:20261222T180000": 1},
	} {
		file, err := w.CalendarOf(ctx, token, form)
		w.must(err)
		events := string(file.Body[strings.Index(string(file.Body), "BEGIN:VEVENT"):])
		for text, n := range want {
			if got := strings.Count(events, text); got != n {
				t.Errorf("form %q: %d times %s\n%s", form, got, text, events)
			}
		}
	}
}
