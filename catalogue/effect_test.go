package catalogue_test

import (
	"strings"
	"testing"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
)

// affected lists the rows of a city, "number state minutes" by reservation.
func (c *city) affected() []string {
	c.t.Helper()
	var rows []string
	if err := c.d.Query(ctx, &rows, `SELECT concat_ws(' ', to_char(r.begin_at AT TIME ZONE 'Europe/Helsinki', 'DD.HH24MI'), f.state, f.minutes)
		FROM affected_reservations f JOIN reservations r ON r.id = f.reservation ORDER BY r.begin_at, f.id`); err != nil {
		c.t.Fatal(err)
	}
	return rows
}

func (c *city) wantAffected(want ...string) {
	c.t.Helper()
	if got := c.affected(); strings.Join(got, ", ") != strings.Join(want, ", ") {
		c.t.Errorf("affected %q, want %q", got, want)
	}
}

// set saves daily hours, accepting so many outside.
func (c *city) set(owner resources.Owner, periods []resources.Period, accepted int) error {
	c.t.Helper()
	hours := must[catalogue.Hours](c.t)(c.HoursOf(ctx, c.actors["manager"], owner))
	return c.SetHours(ctx, c.actors["manager"], catalogue.HoursChange{Owner: owner, Periods: periods, Version: hours.Version, Accepted: accepted})
}

func TestScenario52_ShorterHoursTellHowMuchFallsOutside(t *testing.T) {
	c := newCity(t)
	room := c.room("sali")
	owner := resources.Owner{Unit: room.Unit}
	mustDo(t, c.set(owner, daily(8, 22), 0))
	c.book(room, "2026-11-24 19:00", "2026-11-24 21:30") // ninety minutes of it
	c.book(room, "2026-11-25 21:00", "2026-11-25 22:00") // all of it
	c.book(room, "2026-11-26 12:00", "2026-11-26 13:00")
	change := catalogue.HoursChange{Owner: owner, Periods: daily(8, 20), Version: must[catalogue.Hours](t)(c.HoursOf(ctx, c.actors["manager"], owner)).Version}
	outside := must[[]catalogue.Outsider](t)(c.Outside(ctx, c.actors["manager"], change))
	if len(outside) != 2 || outside[0].Minutes != 90 || outside[1].Minutes != 60 || outside[0].Holder != "Riina" {
		t.Fatalf("outside %+v", outside)
	}
	if from := outside[0].Outside.Begin.In(c.Places.Zone); from.Hour() != 20 || !outside[0].Outside.End.Equal(outside[0].End) {
		t.Errorf("from %s", from)
	}
	if sums := catalogue.SumOutside(outside); len(sums) != 1 || sums[0].Count != 2 || sums[0].Minutes != 150 {
		t.Errorf("sums %+v", sums)
	}
	before := c.state(room.Unit)
	wantFault(t, c.SetHours(ctx, c.actors["manager"], change), fault.Conflict, "hours.reservations_outside")
	if c.state(room.Unit) != before || len(c.affected()) != 0 {
		t.Error("the refused change wrote something")
	}
	mustDo(t, c.set(owner, daily(8, 20), 2))
	c.wantAffected("24.1900 open 90", "25.2100 open 60")
	mustDo(t, c.set(owner, daily(8, 21), 0)) // what waits goes on as one row
	c.wantAffected("24.1900 open 30", "25.2100 open 60")
	mustDo(t, c.set(owner, daily(8, 22), 0))
	c.wantAffected("24.1900 gone 30", "25.2100 gone 60")
	mustDo(t, c.set(owner, daily(8, 21), 2)) // and once more
	c.wantAffected("24.1900 gone 30", "24.1900 open 30", "25.2100 gone 60", "25.2100 open 60")
	if n := strings.Count(strings.Join(c.audit(room.Unit), " "), "hours.saved"); n != 5 {
		t.Errorf("%d entries", n)
	}
}

func TestHolidaysThatCloseLeaveReservationsOutside(t *testing.T) {
	c := newCity(t)
	room := c.room("sali")
	owner := resources.Owner{Unit: room.Unit}
	mustDo(t, c.set(owner, daily(8, 22), 0))
	c.book(room, "2026-12-06 12:00", "2026-12-06 13:00") // Independence Day
	hours := must[catalogue.Hours](t)(c.HoursOf(ctx, c.actors["manager"], owner))
	change := catalogue.HoursChange{Owner: owner, Periods: hours.Periods, Version: hours.Version, Holidays: "closed"}
	wantFault(t, c.SetHours(ctx, c.actors["manager"], change), fault.Conflict, "hours.reservations_outside")
	change.Accepted = 1
	mustDo(t, c.SetHours(ctx, c.actors["manager"], change))
	c.wantAffected("06.1200 open 60")
	unit := must[resources.Unit](t)(c.Places.UnitByID(ctx, c.d, room.Unit))
	unit.Holidays = "normal"
	must[resources.Unit](t)(c.SaveUnit(ctx, c.actors["manager"], unit))
	c.wantAffected("06.1200 gone 60")
}

func TestHoursAreCopiedToAllOrNone(t *testing.T) {
	c := newCity(t)
	room := c.room("sali")
	talo, toinen := resources.Owner{Unit: c.units["talo"].ID}, resources.Owner{Unit: c.units["toinen"].ID}
	mustDo(t, c.set(talo, daily(8, 22), 0))
	c.book(room, "2026-11-24 20:30", "2026-11-24 21:30")
	version := must[catalogue.Hours](t)(c.HoursOf(ctx, c.actors["manager"], talo)).Version
	changes := []catalogue.HoursChange{{Owner: toinen, Periods: daily(8, 20)}, {Owner: talo, Periods: daily(8, 20), Version: version}}
	wantFault(t, c.SetAllHours(ctx, c.actors["manager"], changes), fault.NotFound, "unit.not_found") // the other is not theirs
	wantFault(t, c.SetAllHours(ctx, c.actors["city"], changes), fault.Conflict, "hours.reservations_outside")
	if hours := must[catalogue.Hours](t)(c.HoursOf(ctx, c.actors["city"], toinen)); len(hours.Periods) != 0 {
		t.Error("one of two was saved")
	}
	changes[1].Accepted = 1
	mustDo(t, c.SetAllHours(ctx, c.actors["city"], changes))
	c.wantAffected("24.2030 open 60")
	for _, unit := range []int{talo.Unit, toinen.Unit} {
		if trail := c.audit(unit); trail[len(trail)-1] != "hours.saved" {
			t.Errorf("trail %v", trail)
		}
	}
}

// However many reservations a year has, it takes as many statements.
func TestTheEffectOfAYearTakesFewStatements(t *testing.T) {
	c := newCity(t)
	room := c.room("sali")
	owner := resources.Owner{Unit: room.Unit}
	mustDo(t, c.set(owner, daily(8, 22), 0))
	hours := must[catalogue.Hours](t)(c.HoursOf(ctx, c.actors["manager"], owner))
	statements := func(n int) int64 {
		t.Helper()
		_, err := c.d.Exec(ctx, `INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_person, made_at, changed_at)
			SELECT gen_random_uuid(), ?, ?, day + interval '18 hours 30 minutes', day + interval '19 hours', 'ordinary', 'confirmed', true, 'person', ?, ?, ?
			FROM generate_series(?::timestamptz, ?::timestamptz, interval '1 day') day, generate_series(1, ?)`,
			room.ID, room.Unit, c.actors["resident"].ID(), c.clock, c.clock, "2026-11-24 00:00+00", "2027-11-24 00:00+00", n)
		mustDo(t, err)
		c.statements.Store(0)
		outside := must[[]catalogue.Outsider](t)(c.Outside(ctx, c.actors["manager"], catalogue.HoursChange{Owner: owner, Periods: daily(8, 20), Version: hours.Version}))
		if len(outside) < n*300 {
			t.Fatalf("%d outside", len(outside))
		}
		return c.statements.Load()
	}
	statements(1) // reads the places once
	few, many := statements(1), statements(10)
	if few != many || many > 4 {
		t.Errorf("%d statements for a year, %d for ten times as many reservations", few, many)
	}
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
