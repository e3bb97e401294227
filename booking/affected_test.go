package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// closeAt lets every day end earlier and writes, as saving hours does, that some
// reservations lie outside from then on.
func (w *world) closeAt(hour string, list ...booking.Reservation) uuid.UUID {
	w.t.Helper()
	change := uuid.New()
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		for _, r := range list {
			from := at(r.BeginAt.In(helsinki).Format("2006-01-02") + " " + hour)
			_, err := tx.Exec(ctx, `INSERT INTO affected_reservations (uid, change, cause, unit, reservation, begin_at, end_at, minutes, found_at)
				VALUES (?, ?, 'hours', ?, ?, ?, ?, ?, ?)`, uuid.New(), change, r.Unit, r.ID, from, r.EndAt, int(r.EndAt.Sub(from).Minutes()), w.clock)
			if err != nil {
				return err
			}
		}
		return w.hours(tx, resources.Owner{Unit: w.unit.ID}, "06:00", hour)
	}))
	return change
}

func (w *world) affected(actor accounts.Actor) []booking.Affected {
	w.t.Helper()
	list, err := w.Affected(ctx, actor, booking.AffectedFilter{})
	w.must(err)
	if list.Total != len(list.Rows) {
		w.t.Errorf("%d rows, %d in all", len(list.Rows), list.Total)
	}
	return list.Rows
}

// fate is what has become of a reservation's wait.
func (w *world) fate(r booking.Reservation) (state string) {
	w.t.Helper()
	w.must(w.DB.Query(ctx, &state, "SELECT state FROM affected_reservations WHERE reservation = ?", r.ID))
	return state
}

func (w *world) mails(topic, to string) int {
	w.t.Helper()
	return w.count("SELECT count(*) FROM outbox WHERE topic = ? AND recipient = ?", topic, to+"@demo.example")
}

func (w *world) written() int {
	w.t.Helper()
	return w.count(`SELECT (SELECT COALESCE(sum(revision), 0) FROM reservations) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)
		+ (SELECT count(*) FROM change_log) + (SELECT count(*) FROM affected_reservations WHERE state = 'open') * 100`)
}

func rowsOf(list []booking.Affected) (rows []uuid.UUID) {
	for _, a := range list {
		rows = append(rows, a.Row)
	}
	return rows
}

func TestScenario52_StaffCancelAllWithOneReasonAndOneMessage(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	manager, aino, eino := w.manager(), w.person("aino"), w.person("eino")
	var all []booking.Reservation
	for i := range 12 {
		day := at("2026-12-01 00:00").AddDate(0, 0, i).In(helsinki).Format("2006-01-02")
		all = append(all, w.mustTake(aino, "sali", day+" 18:00", day+" 20:00"))
	}
	single := w.mustTake(eino, "sali", "2026-12-20 18:00", "2026-12-20 20:00")
	all = append(all, single)
	w.closeAt("19:00", all...)
	list := w.affected(manager)
	if len(list) != 13 || list[0].Minutes != 60 || !list[0].Outside.Begin.Equal(at("2026-12-01 19:00")) || list[0].Card.HolderName != "aino" {
		t.Fatalf("%d affected, first %+v", len(list), list[0])
	}
	card, err := w.Get(ctx, aino, all[0].Number)
	w.must(err)
	if waits, err := w.AffectedBy(ctx, card); err != nil || waits == nil || card.State != booking.Confirmed {
		t.Fatalf("it stays valid and says that it waits: %v, %v", waits, err)
	}
	before := w.written()
	_, err = w.CancelAffected(ctx, manager, booking.AffectedChoice{Agreed: 13}, " ")
	w.wantCode(err, "booking.reason_missing")
	_, err = w.CancelAffected(ctx, manager, booking.AffectedChoice{Agreed: 12}, "Suljemme klo 19.")
	w.wantCode(err, "affected.more")
	if w.written() != before {
		t.Error("a refusal wrote something")
	}
	numbers, err := w.CancelAffected(ctx, manager, booking.AffectedChoice{Agreed: 13}, "Suljemme klo 19.")
	w.must(err)
	if len(numbers) != 13 || len(w.affected(manager)) != 0 || w.fate(single) != "cancelled" {
		t.Errorf("%d cancelled, %s", len(numbers), w.fate(single))
	}
	if many, own := w.mails("hours.cancelled", "aino"), w.mails("reservation.cancelled", "aino"); many != 1 || own != 0 {
		t.Errorf("%d mails about all and %d about one", many, own)
	}
	if many, own := w.mails("hours.cancelled", "eino"), w.mails("reservation.cancelled", "eino"); many != 0 || own != 1 {
		t.Errorf("%d mails about all and %d about one", many, own)
	}
	if n := w.count("SELECT jsonb_array_length(payload->'reservations') FROM outbox WHERE topic = 'hours.cancelled'"); n != 12 {
		t.Errorf("the mail lists %d", n)
	}
	card, err = w.Get(ctx, aino, all[0].Number)
	if err != nil || card.State != booking.Cancelled || card.ReasonText != "Suljemme klo 19." || card.ReasonCode != "hours_changed" {
		t.Errorf("%+v, %v", card.Reservation, err)
	}
	w.sound()
}

func TestAffectedReservationsAreKeptOrMovedToTheProposal(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	manager, aino, eino := w.manager(), w.person("aino"), w.person("eino")
	first := w.mustTake(aino, "sali", "2026-12-01 18:00", "2026-12-01 20:00")
	second := w.mustTake(eino, "sali", "2026-12-02 18:00", "2026-12-02 20:00")
	third := w.mustTake(eino, "sali", "2026-12-03 18:00", "2026-12-03 20:00")
	change := w.closeAt("19:00", first, second, third)
	list := w.affected(manager)
	for i, day := range []string{"2026-12-01", "2026-12-02", "2026-12-03"} {
		p := list[i].Proposal
		if list[i].Change != change || p == nil || !p.Begin.Equal(at(day+" 17:00")) || !p.End.Equal(at(day+" 19:00")) {
			t.Fatalf("proposal %+v of %s", p, day)
		}
	}
	kept, err := w.KeepAffected(ctx, manager, booking.AffectedChoice{Rows: rowsOf(list)[:1]})
	if err != nil || !slices.Equal(kept, []string{first.Number}) || w.fate(first) != "kept" {
		t.Fatalf("kept %v, %v", kept, err)
	}
	_, err = w.KeepAffected(ctx, manager, booking.AffectedChoice{Rows: rowsOf(list)[:1]})
	w.wantCode(err, "affected.decided")

	p := list[1].Proposal
	to := booking.Change{Ref: list[1].Row.String(), Revision: list[1].Card.Revision, Resource: p.Resource.UID}
	w.mustTake(aino, "sali", "2026-12-02 17:00", "2026-12-02 18:00") // somebody is quicker
	before := w.written()
	_, err = w.MoveAffected(ctx, manager, to, booking.Times{Begin: p.Begin, End: p.End})
	if !fault.Is(err, fault.Conflict) || w.fate(second) != "open" || w.written() != before {
		t.Fatalf("moved onto another: %v, %s", err, w.fate(second))
	}
	p = w.affected(manager)[0].Proposal
	moved, err := w.MoveAffected(ctx, manager, to, booking.Times{Begin: p.Begin, End: p.End})
	if err != nil || !moved.EndAt.Equal(at("2026-12-02 17:00")) || w.fate(second) != "moved" {
		t.Fatalf("moved to %s: %v, %s", moved.BeginAt, err, w.fate(second))
	}
	if w.mails("reservation.moved", "eino") != 1 {
		t.Error("the holder was not told")
	}
	_, err = w.MoveAffected(ctx, manager, to, booking.Times{Begin: at("2026-12-02 08:00"), End: at("2026-12-02 10:00")})
	w.wantCode(err, "affected.decided")
	// what stands among others who hold the place is decided by whoever is first
	_, err = w.Cancel(ctx, eino, booking.Change{Ref: third.Number, ReasonCode: "plans_changed"})
	w.must(err)
	if w.fate(third) != "gone" || len(w.affected(manager)) != 0 {
		t.Errorf("its holder gave it up: %s", w.fate(third))
	}
	w.sound()
}

func TestOnlyManagersOfTheUnitDecideWhatIsAffected(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "sali", "2026-12-01 18:00", "2026-12-01 20:00")
	w.closeAt("19:00", r)
	other := w.count("INSERT INTO units (uid, slug, name, holidays) VALUES (gen_random_uuid(), 'muu', '{}', 'normal') RETURNING id")
	list := w.affected(w.manager())
	before := w.written()
	for name, who := range map[string]struct {
		actor accounts.Actor
		code  string
	}{
		"a visitor":                 {w.visitor(), "auth.required"},
		"its holder":                {aino, "auth.forbidden"},
		"a viewer":                  {w.person("katsoja", accounts.Role{Unit: &w.unit.ID, Role: accounts.Viewer}), "auth.forbidden"},
		"a manager of another unit": {w.person("vieras", accounts.Role{Unit: &other, Role: accounts.Manager}), "affected.decided"},
	} {
		choice := booking.AffectedChoice{Rows: rowsOf(list)}
		_, keep := w.KeepAffected(ctx, who.actor, choice)
		_, cancel := w.CancelAffected(ctx, who.actor, choice, "x")
		_, move := w.MoveAffected(ctx, who.actor, booking.Change{Ref: list[0].Row.String()}, times("2026-12-01 08:00", "2026-12-01 10:00"))
		for _, err := range []error{keep, cancel, move} {
			if fault.Code(err) != who.code {
				t.Errorf("%s: %v, want %s", name, err, who.code)
			}
		}
	}
	if w.written() != before {
		t.Error("something was written")
	}
}

// However staff and holders decide at once, each reservation is decided once
// and nobody gets two mails about the same.
func TestDecisionsAboutTheAffectedRace(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	one, two, aino := w.manager(), w.person("toinen", accounts.Role{Unit: &w.unit.ID, Role: accounts.Manager}), w.person("aino")
	for round := range 3 {
		day := fmt.Sprintf("2026-12-%02d", 10+round)
		var all []booking.Reservation
		for i := range 4 {
			all = append(all, w.mustTake(aino, "sali", fmt.Sprintf("%s %02d:00", day, 12+2*i), fmt.Sprintf("%s %02d:00", day, 14+2*i)))
		}
		w.closeAt("12:00", all...)
		rows := rowsOf(w.affected(one))
		var group sync.WaitGroup
		errs := make([]error, 4)
		for i, decide := range []func() error{
			func() error {
				_, err := w.CancelAffected(ctx, one, booking.AffectedChoice{Rows: rows}, "Suljemme.")
				return err
			},
			func() error { _, err := w.KeepAffected(ctx, two, booking.AffectedChoice{Rows: rows}); return err },
			func() error {
				_, err := w.MoveAffected(ctx, two, booking.Change{Ref: rows[0].String()}, times(day+" 08:00", day+" 10:00"))
				return err
			},
			func() error {
				_, err := w.Cancel(ctx, aino, booking.Change{Ref: all[1].Number, ReasonCode: "plans_changed"})
				return err
			},
		} {
			group.Go(func() { errs[i] = decide() })
		}
		group.Wait()
		for _, err := range errs {
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Stale) {
				t.Error(err)
			}
		}
		if n := w.count("SELECT count(*) FROM affected_reservations WHERE state = 'open'"); n != 0 {
			t.Errorf("%d wait still: %v", n, errs)
		}
		w.must(w.DB.Tx(ctx, func(tx *db.DB) error { return w.hours(tx, resources.Owner{Unit: w.unit.ID}, "06:00", "23:00") }))
	}
	if n := w.count(`SELECT count(*) FROM affected_reservations f JOIN reservations r ON r.id = f.reservation
		WHERE (f.state = 'cancelled') AND r.state <> 'cancelled' OR f.state IN ('moved') AND r.state = 'cancelled' AND r.reason_code <> 'plans_changed'`); n != 0 {
		t.Errorf("%d rows say what is not so", n)
	}
	if n := w.count(`SELECT count(*) FROM (SELECT x->>'number' AS number FROM outbox, jsonb_array_elements(payload->'reservations') x WHERE topic = 'hours.cancelled'
		UNION ALL SELECT payload->>'number' FROM outbox WHERE topic = 'reservation.cancelled') m GROUP BY number HAVING count(*) > 1`); n != 0 {
		t.Errorf("%d reservations were told twice", n)
	}
	w.sound()
}

// A list of many takes a bounded number of statements for each row.
func TestWhatIsAffectedIsPagedAndFiltered(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	manager, aino := w.manager(), w.person("aino")
	var all []booking.Reservation
	for i := range 5 {
		day := at("2026-12-01 00:00").AddDate(0, 0, i).In(helsinki).Format("2006-01-02")
		all = append(all, w.mustTake(aino, "sali", day+" 18:00", day+" 20:00"))
	}
	w.closeAt("19:00", all[:3]...)
	change := w.closeAt("18:30", all[3:]...)
	list, err := w.Affected(ctx, manager, booking.AffectedFilter{Skip: 3, Limit: 1})
	if err != nil || list.Total != 5 || len(list.Rows) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	list, err = w.Affected(ctx, manager, booking.AffectedFilter{Change: change, Unit: w.unit.ID})
	if err != nil || list.Total != 2 || strings.Compare(list.Rows[0].Card.Number, all[3].Number) != 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	if n, err := w.CountAffected(ctx, manager); err != nil || n != 5 {
		t.Errorf("%d, %v", n, err)
	}
	w.clock = at("2026-12-03 12:00") // two are over
	if n, err := w.CountAffected(ctx, manager); err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
}
