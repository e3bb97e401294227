package booking_test

import (
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/policies"
)

// BenchmarkRefused is a booking that meets a taken time, alternatives included:
// what everybody but one costs in a race.
func BenchmarkRefused(b *testing.B) {
	w := newWorld(b)
	w.room("huone", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	for b.Loop() {
		if _, err := w.Book(ctx, eino, req); err == nil {
			b.Fatal("booked twice")
		}
	}
}

// BenchmarkBooked is a booking that succeeds.
func BenchmarkBooked(b *testing.B) {
	w := newWorld(b)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	begin := at("2026-11-24 06:00")
	for i := 0; b.Loop(); i++ {
		from := begin.AddDate(0, 0, i/30).Add(time.Duration(i%30) * 30 * time.Minute)
		_, err := w.Book(ctx, aino, booking.Request{
			Resource: w.rooms["huone"].UID, Times: booking.Times{Begin: from, End: from.Add(30 * time.Minute)},
			Form: policies.Form{TermsAccepted: true},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
