package respa_test

import (
	"slices"
	"testing"

	"vuoro/imports/respa"
)

// two reservations of one resource overlap, a third touches both.
func overlapping() map[string]any {
	return map[string]any{
		"unit.json":     page(object{"id": "u1", "name": object{"fi": "Talo"}}),
		"resource.json": page(room("r1"), room("r2")),
		"reservation.json": page(
			booked(12, "r1", "11:00", "13:00"), booked(11, "r1", "10:00", "12:00"), booked(13, "r1", "12:00", "14:00"),
			booked(14, "r2", "11:00", "13:00"), booked(15, "r1", "09:00", "10:00")),
	}
}

func TestConflictsInTheSourceAreListedAndTheRestGoesIn(t *testing.T) {
	w := newWorld(t)
	dir := folder(t, overlapping())
	report := w.take(dir)
	if n := report.Reservations; n.Added != 4 || n.Conflicts != 1 || report.Whole() {
		t.Fatalf("reservations: %+v", n)
	}
	c := report.Conflicts[0]
	var met []string
	for _, with := range c.With {
		met = append(met, with.Ref)
	}
	if c.Ref != "12" || c.Resource != "r1" || !slices.Equal(met, []string{"11"}) && !slices.Equal(met, []string{"11", "13"}) {
		t.Errorf("the conflict is %+v", c)
	}
	before := w.fingerprint()
	again := w.take(dir)
	if again.Reservations.Same != 4 || len(again.Conflicts) != 1 || len(again.Conflicts[0].With) != 2 || w.fingerprint() != before {
		t.Errorf("the second run: %+v", again)
	}
}

func TestOfTwoThatWantATimeTheMoreSettledOneHasIt(t *testing.T) {
	w := newWorld(t)
	report := w.take(folder(t, map[string]any{
		"resource.json": []object{room("r1")},
		"reservation.json": []object{
			booked(1, "r1", "10:00", "12:00", object{"state": "requested"}), booked(2, "r1", "10:00", "12:00"),
			booked(3, "r1", "10:00", "12:00", object{"state": "cancelled"}), booked(4, "r1", "10:00", "12:00", object{"state": "denied"}),
			booked(5, "r1", "11:00", "12:00", object{"type": "blocked"}), booked(6, "r1", "12:00", "13:00", object{"type": "blocked"}),
			booked(7, "r1", "12:30", "14:00", object{"type": "blocked"}),
		},
	}))
	var lost []string
	for _, c := range report.Conflicts {
		lost = append(lost, c.Ref)
	}
	slices.Sort(lost)
	if !slices.Equal(lost, []string{"1", "5"}) || report.Reservations.Added != 5 {
		t.Errorf("%v lost, %+v", lost, report.Reservations)
	}
}

func TestWhatChangedThereFollowsUnlessItWasChangedHere(t *testing.T) {
	w := newWorld(t)
	rows := func(first, second object) string {
		return folder(t, map[string]any{
			"resource.json":    []object{room("r1"), room("r2")},
			"reservation.json": []object{first, second, booked(3, "r1", "18:00", "20:00")},
		})
	}
	w.take(rows(booked(1, "r1", "10:00", "12:00"), booked(2, "r1", "14:00", "16:00")))

	report := w.take(rows(booked(1, "r2", "11:00", "12:00"), booked(2, "r1", "14:00", "16:00", object{"state": "cancelled"})))
	if n := report.Reservations; n.Changed != 2 || n.Same != 1 {
		t.Errorf("moved and cancelled: %+v", n)
	}
	moved := `SELECT count(*) FROM reservations r JOIN reservation_origins o ON o.reservation = r.id JOIN resources s ON s.id = r.resource
		WHERE o.external_id = '1' AND s.external_ref = 'respa:r2' AND r.begin_at = '2026-02-01T09:00:00Z' AND r.revision = 2 AND r.sequence = 1`
	if w.count(moved) != 1 {
		t.Error("the first did not move")
	}

	report = w.take(rows(booked(1, "r1", "17:00", "19:00"), booked(2, "r1", "14:00", "16:00", object{"state": "cancelled"})))
	if len(report.Conflicts) != 1 || report.Conflicts[0].With[0].Ref != "3" || w.count(moved) != 1 {
		t.Errorf("a taken time: %+v", report)
	}

	w.exec("UPDATE reservations SET revision = revision + 1 WHERE id = (SELECT reservation FROM reservation_origins WHERE external_id = '1')")
	before := w.fingerprint()
	report = w.take(rows(booked(1, "r1", "08:00", "09:00"), booked(2, "r1", "14:00", "16:00", object{"state": "cancelled"})))
	if !slices.Equal(report.Parted, []string{"1"}) || report.Whole() || w.fingerprint() != before {
		t.Errorf("changed here: %+v", report)
	}
}

func TestWhatStandsHereIsLeftAsItIs(t *testing.T) {
	w := newWorld(t)
	dir := folder(t, map[string]any{"unit.json": []object{{"id": "u1", "name": "Talo"}}, "resource.json": []object{room("r1")}})
	w.take(dir)
	w.exec(`UPDATE resources SET name = '{"fi": "Sali"}', access = 'code'`)
	w.exec(`UPDATE units SET name = '{"fi": "Kirjasto"}'`)
	before := w.fingerprint()
	report := w.take(dir)
	if report.Units.Known != 1 || report.Resources.Known != 1 || w.fingerprint() != before {
		t.Errorf("%+v", report)
	}
}

func TestADryRunSaysTheSameAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	dir := folder(t, overlapping())
	dry := w.take(dir, func(o *respa.Order) { o.DryRun = true })
	if !w.empty() {
		t.Error("the dry run left something behind")
	}
	wet := w.take(dir)
	if dry.Reservations != wet.Reservations || dry.Units != wet.Units || dry.Resources != wet.Resources ||
		len(dry.Notes) != len(wet.Notes) || len(dry.Conflicts) != 1 || !dry.DryRun {
		t.Errorf("dry %+v, wet %+v", dry, wet)
	}
}

func TestStatesAndFieldsOfReservations(t *testing.T) {
	w := newWorld(t)
	past := object{"begin": "2025-02-01T10:00:00+02:00", "end": "2025-02-01T12:00:00+02:00"}
	report := w.take(folder(t, map[string]any{
		"resource.json": []object{room("r1")},
		"reservation.json": []object{
			booked(1, "r1", "08:00", "09:00", object{"state": "waiting_for_payment", "number_of_participants": "12", "order": object{"price": "7.30"}, "created_at": "2025-12-24T10:00:00+02:00"}),
			booked(2, "r1", "09:00", "10:00", object{"state": "requested"}),
			booked(3, "r1", "10:00", "11:00", object{"state": nil}),
			booked(4, "r1", "10:00", "11:00", past, object{"state": "requested"}),
			booked(5, "r1", "10:00", "11:00", past, object{"type": "internal_use"}),
			booked(6, "r1", "11:00", "12:00", object{"state": "created"}),
			booked(7, "r1", "11:00", "12:00", object{"state": "dreamt"}),
			booked(8, "r1", "12:00", "12:00"),
			booked(9, "r1", "12:00", "13:00", object{"type": "party"}),
			booked(10, "r1", "13:00", "14:00", object{"staff_event": true}),
		},
	}))
	if n := report.Reservations; n.Read != 10 || n.Added != 6 || n.Unusable != 4 {
		t.Errorf("reservations: %+v, %+v", n, report.Notes)
	}
	for ref, want := range map[string]string{
		"1": "awaiting_payment ordinary unknown 12 730 V-2025", "2": "requested ordinary unknown   V-2026", "3": "requested ordinary unknown   V-2026",
		"4": "expired ordinary unknown   V-2026", "5": "confirmed staff unit   V-2026", "10": "confirmed staff unit   V-2026",
	} {
		var got string
		w.must(w.DB.Query(ctx, &got, `SELECT concat_ws(' ', state, kind, holder_kind, COALESCE(persons::text, ''), COALESCE(price_cents::text, ''), left(number, 6))
			FROM reservations r JOIN reservation_origins o ON o.reservation = r.id WHERE o.external_id = ?`, ref))
		if got != want {
			t.Errorf("%s is %q, want %q", ref, got, want)
		}
	}
}

// A resource that stands here may share its space with others, have buffers or
// be taken by the day: the engine's own rules hold for what is taken over.
func TestAdoptedReservationsMeetWhatStandsHere(t *testing.T) {
	w := newWorld(t)
	w.take(folder(t, map[string]any{"resource.json": []object{room("r1"), room("r2")}, "reservation.json": []object{booked(1, "r1", "10:00", "12:00")}}))
	w.exec("UPDATE resource_parts SET space = (SELECT min(id) FROM spaces)")
	w.exec("UPDATE resource_atoms SET atom = (SELECT min(id) FROM atoms)")
	report := w.take(folder(t, map[string]any{"reservation.json": []object{
		booked(1, "r1", "10:00", "12:00"), booked(2, "r2", "11:00", "13:00"), booked(3, "r2", "12:00", "13:00"),
	}}))
	if n := report.Reservations; n.Same != 1 || n.Added != 1 || n.Conflicts != 1 || report.Conflicts[0].Ref != "2" {
		t.Errorf("shared space: %+v", report)
	}
	w.exec("UPDATE resources SET whole_day = true WHERE external_ref = 'respa:r2'")
	w.exec("DELETE FROM resource_atoms WHERE resource = (SELECT id FROM resources WHERE external_ref = 'respa:r1')")
	report = w.take(folder(t, map[string]any{"reservation.json": []object{
		booked(4, "r1", "20:00", "21:00"), booked(5, "r2", "15:00", "16:00"),
		booked(6, "r2", "11:00", "13:00", object{"begin": "2026-02-03T11:00:00+02:00", "end": "2026-02-03T12:00:00+02:00"}),
	}}))
	if n := report.Reservations; n.Added != 1 || n.Conflicts != 2 {
		t.Errorf("no space, and by the day: %+v", report)
	}
	if w.count(`SELECT count(*) FROM occupancies o JOIN reservation_origins x USING (reservation)
		WHERE x.external_id = '6' AND lower(during) = '2026-02-02T22:00:00Z' AND upper(during) = '2026-02-03T22:00:00Z'`) != 1 {
		t.Error("the day is not taken whole")
	}
}
