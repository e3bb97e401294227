package demo

import (
	"context"
	"fmt"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
)

// The choir rehearses in the school's music room on Fridays. The school is
// closed on public holidays, so some of its dates cannot be made and are kept.
const (
	choir      = "kuoro"
	choirRoom  = "esimerkkikoulun-musiikkiluokka"
	choirDates = 30
)

// rehearse makes the choir's series as of some day, unless the town has a
// series.
func (f *filler) rehearse(ctx context.Context, d *db.DB, asOf time.Time) error {
	var n int
	if err := d.Query(ctx, &n, "SELECT count(*) FROM series"); err != nil || n > 0 {
		return err
	}
	group, place := f.groups[choir], f.rooms[choirRoom]
	first := calendar.DateOf(asOf, f.service.Zone).AddDays(1)
	for first.Weekday() != calendar.Friday {
		first = first.AddDays(1)
	}
	persons := 24
	f.clock = asOf
	made, err := f.service.BookSeries(ctx, f.actors[group.booker], booking.SeriesRequest{
		Resource: place.UID, Lenient: true, Holder: booking.Holder{Kind: booking.HeldByAssociation, UID: group.uid},
		Plan: booking.Plan{
			First: first, Span: calendar.Span{From: 17*60 + 30, To: 19*60 + 30}, Rule: fmt.Sprintf("FREQ=WEEKLY;COUNT=%d;BYDAY=FR", choirDates),
		},
		Form: policies.Form{Title: "Kuoroharjoitus", Purpose: "music", Persons: &persons, TermsAccepted: true},
	})
	if err != nil {
		return fmt.Errorf("the choir's series: %w", err)
	}
	for _, r := range made.Dates {
		f.made = append(f.made, r.ID)
	}
	_, err = d.Exec(ctx, "UPDATE outbox SET done_at = ?, outcome = 'expired' WHERE done_at IS NULL AND topic LIKE 'series.%'", asOf)
	return err
}
