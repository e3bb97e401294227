package booking_test

import (
	"fmt"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// crowd fills a world with rooms in units of six, of which every third has
// hours of its own and every second a rule book that looks at the clock, and
// with three reservations a day in each for two weeks.
func (w *world) crowd(rooms int) {
	w.t.Helper()
	from := w.clock.AddDate(-1, 0, 0)
	long := text("Valoisa huone, jossa voi kokoustaa, opiskella ja harrastaa; pöydät ja tuolit, näyttö ja kirjoitustaulu ovat valmiina.")
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{
			Key: "clocked", State: "live", ValidFrom: &from, Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{
				{ID: "evenings", When: policies.When{Weekdays: []int{1, 2, 3, 4, 5}, From: "16:00"}, Effects: policies.Effects{Verdict: policies.Approval, Price: "free"}},
				{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}},
			}}),
		})
		for i := 0; i < rooms && err == nil; i++ {
			if i%6 == 0 {
				lat, lon := 60.1+float64(i)/1000, 24.9+float64(i)/1000
				w.unit, err = w.Resources.AddUnit(ctx, tx, resources.Unit{
					Slug: fmt.Sprintf("talo-%d", i), Name: text(fmt.Sprintf("Talo %d", i)), City: "Helsinki", Postcode: fmt.Sprintf("00%03d", i%1000),
					Holidays: "normal", Latitude: &lat, Longitude: &lon,
				})
				if err == nil {
					err = w.hours(tx, resources.Owner{Unit: w.unit.ID}, "06:00", "23:00")
				}
			}
			name := fmt.Sprintf("huone-%d", i)
			if err == nil {
				err = w.addSpace(tx, name, "")
			}
			if err == nil {
				space := w.space[name]
				err = w.addRoom(tx, name, []resources.Part{{Space: &space, Count: 1}}, func(r *resources.Resource) {
					persons, ahead := 4+i%40, 90
					r.Description, r.PersonsMax, r.DaysAheadMax, r.Raster = long, &persons, &ahead, 30
					r.PriceCents = new(500)
					r.Type = resources.Types[i%len(resources.Types)].Key
					r.Equipment = db.Strings{resources.Equipment[i%len(resources.Equipment)].Key, "projector"}
					r.Purposes = db.Strings{resources.Purposes[i%len(resources.Purposes)].Key}
					if i%2 == 0 {
						r.RuleBook = "clocked"
					}
				})
			}
			if err == nil && i%3 == 0 {
				err = w.hours(tx, resources.Owner{Resource: w.rooms[name].ID}, "08:00", "21:00")
			}
		}
		if err != nil {
			return err
		}
		return w.fillCrowd(tx)
	}))
}

// fillCrowd books all rooms, one day by one statement.
func (w *world) fillCrowd(tx *db.DB) error {
	for day := range 14 {
		_, err := tx.Exec(ctx, `INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_unit, made_at, changed_at)
			SELECT gen_random_uuid(), r.id, r.unit, b.at, b.at + interval '2 hours', 'staff', 'confirmed', true, 'unit', r.unit, b.at, b.at
			FROM resources r, LATERAL (SELECT CAST(? AS timestamptz) + make_interval(hours => h * 5 + r.id % 3) AS at FROM generate_series(0, 2) h) b`,
			at("2026-11-23 07:00").AddDate(0, 0, day).Format(time.RFC3339))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO occupancies (reservation, unit, atom, side, during)
			SELECT r.id, a.unit, a.atom, r.id, tstzrange(r.begin_at, r.end_at, '[)') FROM reservations r JOIN resource_atoms a ON a.resource = r.resource
			WHERE NOT EXISTS (SELECT FROM occupancies o WHERE o.reservation = r.id)`)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "ANALYZE")
	return err
}

// BenchmarkDaySearch is the search for an hour of an evening over all rooms.
func BenchmarkDaySearch(b *testing.B) {
	for _, rooms := range []int{254, 2540} {
		b.Run(fmt.Sprint(rooms), func(b *testing.B) {
			w := newWorld(b)
			w.crowd(rooms)
			query := booking.Query{Date: dateOf("2026-11-24"), From: 12 * 60, To: 20 * 60, Minutes: 60}
			for b.Loop() {
				if found, err := w.Search(ctx, accounts.Actor{}, query); err != nil || len(found) == 0 {
					b.Fatal(len(found), err)
				}
			}
		})
	}
}

// BenchmarkFound is that search with facets.
func BenchmarkFound(b *testing.B) {
	w := newWorld(b)
	w.crowd(254)
	query := booking.Query{Date: dateOf("2026-11-24"), From: 12 * 60, To: 20 * 60, Minutes: 60}
	for b.Loop() {
		if found, err := w.Find(ctx, accounts.Actor{}, query); err != nil || len(found.Rooms) == 0 {
			b.Fatal(len(found.Rooms), err)
		}
	}
}

// BenchmarkFirstFree is the first free two hours of all rooms in two years.
func BenchmarkFirstFree(b *testing.B) {
	for _, rooms := range []int{254, 2540} {
		b.Run(fmt.Sprint(rooms), func(b *testing.B) {
			w := newWorld(b)
			w.crowd(rooms)
			minutes := 120
			for b.Loop() {
				if found, err := w.FirstFree(ctx, accounts.Actor{}, resources.Filter{}, booking.FirstQuery{Minutes: &minutes}); err != nil || len(found) < rooms {
					b.Fatal(len(found), err)
				}
			}
		})
	}
}
