// Package demo makes an empty database a demo town: real places of Helsinki
// with what is publicly known of them, an example school, rule books, invented
// people who are marked as such, and evenings full of reservations.
//
// It promises that every row says where it comes from, that what is not known
// stays empty or is marked as an example, that the same day gives the same
// evenings, and that loading again adds only evenings that were not there. It
// leaves out pictures, and it never touches a real installation.
package demo

import (
	"context"
	"fmt"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/resources"
	"vuoro/web/locales"
)

// zoneName is the zone of the town.
const zoneName = "Europe/Helsinki"

// Deps are what loading needs. BaseURL is that of the pages; Bare leaves out
// the evenings; Progress, which may be nil, is told how many of the town's
// reservations are made.
type Deps struct {
	DB       *db.DB
	BaseURL  string
	Bare     bool
	Progress func(done, of int)
}

// Load makes the town, in one transaction, and then its evenings up to two
// weeks after now. In a demo database that is there already it only adds the
// evenings that have come within these two weeks. A real installation is a
// Conflict, demo.not_empty.
func Load(ctx context.Context, deps Deps, now time.Time) error {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return fmt.Errorf("the town's zone: %w", err)
	}
	now = now.UTC().Truncate(time.Microsecond)
	town, err := readTown()
	if err != nil {
		return err
	}
	fresh, err := loadTown(ctx, deps.DB, town, now, zone)
	if err != nil || deps.Bare {
		return err
	}
	turns, err := readTurns()
	if err != nil {
		return err
	}
	from, err := firstEvening(ctx, deps.DB, fresh, now, zone)
	if err != nil {
		return err
	}
	planned := Evenings(turns, Span{From: from, To: calendar.DateOf(now, zone).AddDays(daysAhead), Now: now, Zone: zone})
	return fill(ctx, deps, planned, now, zone)
}

// loadTown makes what stands and who lives in the town, unless it is there.
func loadTown(ctx context.Context, d *db.DB, town Town, now time.Time, zone *time.Location) (fresh bool, err error) {
	err = d.Tx(ctx, func(tx *db.DB) error {
		fresh = false
		var kind string
		if err := tx.Query(ctx, &kind, "SELECT kind FROM installation"); err != nil {
			return err
		}
		if kind == "demo" {
			return nil
		}
		if kind != "" {
			return fault.New(fault.Conflict, "demo.not_empty")
		}
		fresh = true
		return build(ctx, tx, town, now, zone)
	})
	return fresh, err
}

func build(ctx context.Context, tx *db.DB, town Town, now time.Time, zone *time.Location) error {
	_, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', ?, ?, ?)",
		zoneName, locales.Texts{Fi: "Helsinki (demo)", Sv: "Helsingfors (demo)", En: "Helsinki (demo)"}, now)
	if err != nil {
		return err
	}
	if err := ledger.MakeSecrets(ctx, tx, now); err != nil {
		return err
	}
	b := builder{
		tx: tx, now: now, zone: zone, units: map[string]int{}, people: map[string]int64{},
	}
	if err := b.town(ctx, town); err != nil {
		return err
	}
	return ledger.Append(ctx, tx, ledger.Entry{
		At: now, Actor: "system", Action: "installation.demo_loaded", Object: "installation",
		Values: map[string]int{"units": len(b.units), "people": len(b.people)},
	})
}

// services are the use cases with a clock of their own, so that reservations
// of past weeks are made by the rules and at the time of those weeks.
func services(deps Deps, secrets *ledger.Secrets, zone *time.Location, clock func() time.Time) *booking.Service {
	places := &resources.Service{DB: deps.DB, Now: clock, Zone: zone}
	return &booking.Service{DB: deps.DB, Resources: places, Secrets: secrets, Now: clock, Zone: zone, BaseURL: deps.BaseURL}
}
