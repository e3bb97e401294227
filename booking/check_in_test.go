package booking_test

import (
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// checkedRoom is a room whose turns are released after 15 minutes.
func (w *world) checkedRoom() {
	w.t.Helper()
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ReleaseAfterMinutes = new(15) })
}

func TestCheckingIn(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	w.room("vapaa", []string{"b"}, nil)
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	change := booking.Change{Ref: r.Number}
	if r.ReleaseAfterMinutes == nil || *r.ReleaseAfterMinutes != 15 {
		t.Fatalf("kept %v", r.ReleaseAfterMinutes)
	}

	w.clock = at("2026-11-24 11:44")
	_, err := w.CheckIn(ctx, aino, change)
	w.wantCode(err, "booking.check_in_early")
	w.clock = at("2026-11-24 11:45")
	_, err = w.CheckIn(ctx, w.person("eino"), change)
	w.wantCode(err, "booking.not_found")
	in, err := w.CheckIn(ctx, aino, change)
	if err != nil || in.CheckedInAt == nil || !in.CheckedInAt.Equal(w.clock) || *in.CheckedInBy != aino.ID() {
		t.Fatalf("%+v, %v", in, err)
	}
	again, err := w.CheckIn(ctx, aino, change)
	if err != nil || again.Revision != in.Revision {
		t.Errorf("the second time: revision %d, %v", again.Revision, err)
	}
	_, err = w.UndoCheckIn(ctx, aino, change)
	w.wantCode(err, "auth.forbidden")
	w.clock = at("2026-11-24 12:05")
	_, err = w.NoShow(ctx, manager, change)
	w.wantCode(err, "booking.is_checked_in")
	if out, err := w.UndoCheckIn(ctx, manager, change); err != nil || out.CheckedInAt != nil || out.CheckedInBy != nil {
		t.Errorf("undone: %+v, %v", out, err)
	}
	w.clock = at("2026-11-24 13:00")
	_, err = w.CheckIn(ctx, aino, change)
	w.wantCode(err, "booking.has_ended")
	_, err = w.CheckIn(ctx, manager, change) // staff also set it right afterwards
	w.must(err)

	free := w.mustTake(aino, "vapaa", "2026-11-24 13:00", "2026-11-24 14:00")
	_, err = w.CheckIn(ctx, aino, booking.Change{Ref: free.Number})
	w.wantCode(err, "booking.check_in_not_asked")
	_, err = w.CheckIn(ctx, manager, booking.Change{Ref: free.Number})
	w.must(err)
	closure := w.request("vapaa", "2026-11-24 15:00", "2026-11-24 16:00")
	closure.Kind, closure.Reason = policies.Closure, "huolto"
	shut, err := w.Book(ctx, manager, closure)
	w.must(err)
	w.clock = at("2026-11-24 15:00")
	_, err = w.CheckIn(ctx, manager, booking.Change{Ref: shut.Number})
	w.wantCode(err, "booking.nobody_expected")
	for _, v := range w.violations() {
		t.Error(v)
	}
}

func TestAssociationsBookersCheckIn(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	club, booker := w.association("Kuoro", accounts.Booker)
	r := w.takeFor(club, booker)
	w.clock = at("2026-11-24 12:00")
	member := w.person("laulaja")
	member.Memberships = []accounts.Membership{{Association: club.ID, Person: member.ID(), Role: accounts.Member}}
	_, err := w.CheckIn(ctx, member, booking.Change{Ref: r.Number})
	w.wantCode(err, "auth.forbidden")
	_, err = w.CheckIn(ctx, booker, booking.Change{Ref: r.Number})
	w.must(err)
}

func (w *world) release(want int) {
	w.t.Helper()
	if n, err := w.ReleaseUnused(ctx, 10); n != want || err != nil {
		w.t.Fatalf("at %s: %d released, %v; want %d", w.clock.In(helsinki).Format("15.04"), n, err, want)
	}
}

func TestUnusedTurnIsReleased(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 14:00")
	came := w.mustTake(eino, "huone", "2026-11-24 14:00", "2026-11-24 15:00")
	before := w.count("SELECT count(*) FROM change_log")

	w.clock = at("2026-11-24 12:15").Add(-time.Second)
	w.release(0)
	w.clock = at("2026-11-24 12:15")
	w.release(1)
	w.release(0) // and never again
	gone, err := w.Get(ctx, aino, r.Number)
	w.must(err)
	if !gone.NoShow || gone.Occupies || gone.State != booking.Confirmed {
		t.Fatalf("released: %+v", gone.Reservation)
	}
	w.mustTake(eino, "huone", "2026-11-24 12:30", "2026-11-24 14:00") // at once
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.no_show' AND recipient = 'aino@demo.example'"); n != 1 {
		t.Errorf("%d mails", n)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.no_show' AND actor = 'system'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	if n := w.count("SELECT count(*) FROM change_log WHERE reservation = ? AND CAST(after->>'no_show' AS boolean)", r.ID); n != 1 {
		t.Errorf("%d of %d rows of the change log", n, w.count("SELECT count(*) FROM change_log")-before)
	}

	w.clock = at("2026-11-24 14:10")
	_, err = w.CheckIn(ctx, eino, booking.Change{Ref: came.Number})
	w.must(err)
	w.clock = at("2026-11-24 14:20")
	w.release(1) // only the one that nobody checked in to: that of half past twelve
	for _, v := range w.violations() {
		t.Error(v)
	}
}

// What nobody uses goes to who waits for it.
func TestReleasedTimeIsOfferedToTheLine(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 14:00")
	wait := w.mustJoin(eino, "huone", "2026-11-24 13:00", "2026-11-24 14:00")
	w.clock = at("2026-11-24 12:15")
	w.release(1)
	if !w.waitOf(eino, wait).Open(w.clock) {
		t.Error("nothing was offered")
	}
}

func TestReleaseKeepsToWhatPeopleWereTold(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, manager := w.person("aino"), w.manager()
	set := func(minutes *int) {
		t.Helper()
		w.must(exec(w, "UPDATE resources SET release_after_minutes = ? WHERE slug = 'huone'", minutes))
	}
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	set(new(15)) // the first was booked before anybody asked
	w.mustTake(aino, "huone", "2026-11-24 13:00", "2026-11-24 14:00")
	staff := w.request("huone", "2026-11-24 14:00", "2026-11-24 15:00")
	staff.Kind, staff.Reason = policies.Staff, "oma tapahtuma"
	_, err := w.Book(ctx, manager, staff)
	w.must(err)
	set(new(30))
	w.clock = at("2026-11-24 13:29")
	w.release(0)
	set(nil)
	w.clock = at("2026-11-24 13:40")
	w.release(0)
	set(new(5)) // shorter is not what was promised
	w.clock = at("2026-11-24 14:40")
	w.release(1)
	w.clock = at("2026-11-26 14:40")
	w.mustTake(aino, "huone", "2026-11-26 15:00", "2026-11-26 16:00")
	w.clock = at("2026-11-27 15:00") // a day of standstill: nobody knows who came
	w.release(0)
}

// On the night when the clocks go back 03.30 comes twice; 15 minutes are 15
// minutes on both nights.
func TestReleaseOnDSTNights(t *testing.T) {
	for name, c := range map[string]struct{ today, begin, end time.Time }{
		"back":    {at("2026-10-24 12:00"), time.Date(2026, 10, 25, 0, 50, 0, 0, time.UTC), time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC)},
		"forward": {at("2027-03-27 12:00"), time.Date(2027, 3, 28, 0, 50, 0, 0, time.UTC), time.Date(2027, 3, 28, 3, 0, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ReleaseAfterMinutes, r.Raster = new(15), 15 })
			w.clock = c.today
			req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
			req.Times, req.Kind, req.Reason = booking.Times{Begin: c.begin, End: c.end}, policies.Behalf, "yökerho"
			req.Holder = booking.Holder{Kind: booking.HeldByPerson, UID: w.person("aino").Person.UID}
			_, err := w.Book(ctx, w.manager(), req)
			w.must(err)
			w.clock = c.begin.Add(15*time.Minute - time.Second)
			w.release(0)
			w.clock = c.begin.Add(15 * time.Minute)
			w.release(1)
		})
	}
}

func TestStaffMarkAndUndoNoShows(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ActiveLimit = new(1) })
	aino, eino, manager := w.person("aino"), w.person("eino"), w.manager()
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 14:00")
	change := booking.Change{Ref: r.Number}
	w.clock = at("2026-11-24 12:00").Add(-time.Second)
	_, err := w.NoShow(ctx, manager, change)
	w.wantCode(err, "booking.not_begun")
	w.clock = at("2026-11-24 12:10")
	_, err = w.NoShow(ctx, aino, change)
	w.wantCode(err, "auth.forbidden")
	_, err = w.NoShow(ctx, manager, booking.Change{Ref: r.Number, Revision: r.Revision + 1})
	w.wantCode(err, "stale")
	_, err = w.NoShow(ctx, manager, change)
	w.must(err)
	for name, act := range map[string]func() error{
		"again": func() error { _, err := w.NoShow(ctx, manager, change); return err },
		"come":  func() error { _, err := w.CheckIn(ctx, manager, change); return err },
		"cancel": func() error {
			_, err := w.Cancel(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "x"})
			return err
		},
		"deny": func() error {
			_, err := w.Deny(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "x"})
			return err
		},
		"return": func() error { _, err := w.Return(ctx, manager, change); return err },
		"move": func() error {
			_, err := w.Move(ctx, manager, booking.Change{Ref: r.Number, ReasonText: "x"}, times("2026-11-24 15:00", "2026-11-24 16:00"))
			return err
		},
	} {
		if err := act(); err == nil {
			t.Errorf("%s: allowed on a no-show", name)
		} else {
			w.wantCode(err, "booking.is_no_show")
		}
	}
	day, err := w.UnitDay(ctx, manager, w.unit.ID, dateOf("2026-11-24"))
	if err != nil || len(day) != 0 {
		t.Errorf("the day's schedule has %d, %v", len(day), err)
	}
	w.mustTake(aino, "huone", "2026-11-25 12:00", "2026-11-25 13:00") // the limit of one does not count it

	back, err := w.UndoNoShow(ctx, manager, change)
	if err != nil || back.NoShow || !back.Occupies || back.CheckedInAt == nil {
		t.Fatalf("undone: %+v, %v", back, err)
	}
	w.refused(eino, "huone", "2026-11-24 12:30", "2026-11-24 13:00")
	_, err = w.UndoNoShow(ctx, manager, change)
	w.wantCode(err, "booking.not_no_show")

	_, err = w.UndoCheckIn(ctx, manager, change)
	w.must(err)
	_, err = w.NoShow(ctx, manager, change)
	w.must(err)
	w.mustTake(eino, "huone", "2026-11-24 12:30", "2026-11-24 13:00")
	_, err = w.UndoNoShow(ctx, manager, change)
	w.wantCode(err, "booking.overlap")
	for _, v := range w.violations() {
		t.Error(v)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.no_show_undone'"); n != 1 {
		t.Errorf("%d mails that it was undone", n)
	}
}

// series makes one of these dates through SQL, as booking.BookSeries would.
func (w *world) weekly(who accounts.Actor, dates ...string) (uid string) {
	w.t.Helper()
	var id int64
	w.must(w.DB.Query(ctx, &id, `INSERT INTO series (uid, resource, unit, rule, zone, kind, holder_kind, holder_person, made_by, title,
		first_date, from_minute, to_minute, created_at, changed_at)
		VALUES (gen_random_uuid(), ?, ?, 'FREQ=WEEKLY', 'Europe/Helsinki', 'ordinary', 'person', ?, ?, 'Kuoro', ?, 720, 780, ?, ?) RETURNING id`,
		w.rooms["huone"].ID, w.unit.ID, who.ID(), who.ID(), dates[0], w.clock, w.clock))
	for _, date := range dates {
		r := w.mustTake(who, "huone", date+" 12:00", date+" 13:00")
		w.must(exec(w, "UPDATE reservations SET series = ?, series_date = ? WHERE id = ?", id, date, r.ID))
	}
	w.must(w.DB.Query(ctx, &uid, "SELECT uid::text FROM series WHERE id = ?", id))
	return uid
}

func TestScenario148_TurnUnusedTwiceIsFlagged(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	aino, manager := w.person("aino"), w.manager()
	uid := w.weekly(aino, "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29")
	flagged := func() []booking.Unused {
		t.Helper()
		list, err := w.UnusedSeries(ctx, manager)
		w.must(err)
		return list
	}
	miss := func(date string) {
		t.Helper()
		w.clock = at(date + " 12:15")
		w.release(1)
	}
	miss("2026-11-24")
	if list := flagged(); len(list) != 0 {
		t.Fatalf("once is not twice: %+v", list)
	}
	miss("2026-12-01")
	list := flagged()
	if len(list) != 1 || list[0].UID.String() != uid || list[0].Coming != 4 || list[0].HolderName != "aino" || !list[0].Last.Equal(at("2026-12-01 12:00")) || !list[0].Before.Equal(at("2026-11-24 12:00")) {
		t.Fatalf("flagged %+v", list)
	}
	_, err := w.UnusedSeries(ctx, aino)
	w.wantCode(err, "auth.forbidden")
	w.wantCode(w.DismissUnused(ctx, aino, list[0].UID), "series.not_found")
	w.must(w.DismissUnused(ctx, manager, list[0].UID))
	if list := flagged(); len(list) != 0 {
		t.Fatalf("dismissed, and yet %+v", list)
	}

	miss("2026-12-08") // one new, and one that was given back in between
	var given booking.Card
	mine, err := w.Mine(ctx, aino, booking.MineFilter{From: at("2026-12-15 00:00"), To: at("2026-12-16 00:00")})
	w.must(err)
	given = mine.Cards[0]
	_, err = w.GiveBack(ctx, w.link(given.Reservation, aino), given.Revision, 0)
	w.must(err)
	miss("2026-12-22")
	if list := flagged(); len(list) != 0 {
		t.Fatalf("a turn that was given back breaks the row: %+v", list)
	}
	miss("2026-12-29") // the last: nothing is left to withdraw
	if list := flagged(); len(list) != 0 {
		t.Fatalf("nothing is left: %+v", list)
	}
	month, err := w.UnitMonth(ctx, manager, w.unit.ID, dateOf("2026-12-01"), calendar.Date{Year: 2026, Month: 12, Day: 31})
	if err != nil || len(month) != 0 {
		t.Errorf("the month has %v, %v", month, err)
	}
}
