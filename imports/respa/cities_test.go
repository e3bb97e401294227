package respa_test

import (
	"slices"
	"testing"

	"vuoro/db/dbtest"
	"vuoro/imports/respa"
)

// The real answers: data/respa, see its README for what is absent.

func TestHelsinkisPlacesComeIn(t *testing.T) {
	w := newWorld(t)
	report := w.take(dbtest.Shared(t, "data", "respa", "helsinki"))
	if report.Units.Read != 4 || report.Units.Added != 7 || report.Resources.Added != 4 || !report.Whole() {
		t.Fatalf("units %+v, resources %+v", report.Units, report.Resources)
	}
	var oodi struct {
		Name, Address, Postcode, City, Slug string
		Latitude, Longitude                 float64
	}
	w.must(w.DB.Query(ctx, &oodi, "SELECT name ->> 'sv' AS name, address, postcode, city, slug, latitude, longitude FROM units WHERE external_ref = 'tprek:51342'"))
	if oodi.Name != "Helsingfors centrumbibliotek Ode" || oodi.Address != "Töölönlahdenkatu 4" || oodi.Postcode != "00100" || oodi.City != "Helsinki" ||
		oodi.Slug != "keskustakirjasto-oodi" || oodi.Latitude != 60.17397 || oodi.Longitude != 24.938158 {
		t.Errorf("Oodi is %+v", oodi)
	}
	var court struct {
		Name, Type, Purposes, State, RuleBook, PriceUnit                                         string
		PersonsMax, Raster, MinMinutes, MaxMinutes, DaysAheadMax, ActiveLimit, PriceCents, Atoms int
		AreaM2                                                                                   float64
		StrongSignIn                                                                             bool
	}
	w.must(w.DB.Query(ctx, &court, `SELECT name ->> 'en' AS name, type, purposes::text AS purposes, state, rule_book, price_unit, persons_max, raster,
		min_minutes, max_minutes, days_ahead_max, active_limit, price_cents, area_m2, strong_sign_in,
		(SELECT count(*) FROM resource_atoms a WHERE a.resource = r.id) AS atoms
		FROM resources r WHERE external_ref = 'respa:axayciqmqfja'`))
	if court.Name != "Tennis court 2 - Ala-Malmi" || court.Type != "sports_court" || court.Purposes != "{sports}" || court.State != "draft" ||
		court.RuleBook != "respa" || court.PriceUnit != "hour" || court.PersonsMax != 4 || court.Raster != 30 || court.MinMinutes != 30 ||
		court.MaxMinutes != 120 || court.DaysAheadMax != 14 || court.ActiveLimit != 2 || court.PriceCents != 700 || court.Atoms != 1 ||
		court.AreaM2 != 260 || court.StrongSignIn {
		t.Errorf("the court is %+v", court)
	}
	if n := w.count("SELECT count(*) FROM resources WHERE external_ref = 'respa:aweyzvgot72q' AND strong_sign_in AND price_cents IS NULL AND type = '' AND purposes = '{event}' AND raster = 60 AND max_minutes = 600"); n != 1 {
		t.Error("the park is not what the answer says")
	}
	if n := w.count("SELECT count(*) FROM resources WHERE external_ref = 'respa:axi7463oupta' AND rule_book = 'respa-approval' AND persons_max IS NULL AND days_ahead_max IS NULL AND active_limit IS NULL"); n != 1 {
		t.Error("what the answer does not say of the sewing machine was filled in")
	}
	if n := w.count("SELECT count(*) FROM hours_periods"); n != 0 {
		t.Errorf("one day of hours became %d periods", n)
	}
	for _, note := range []string{"opening_hours", "type", "images", "unit", "need_manual_confirmation", "slot_size", "external_reservation_url"} {
		if !slices.ContainsFunc(report.Notes, func(n respa.Note) bool { return n.What == note && n.Count == len(n.Of) }) {
			t.Errorf("nothing is said of %s: %+v", note, report.Notes)
		}
	}
	for _, todo := range report.Incomplete {
		if !slices.Contains(todo.Missing, "how to get in") || !slices.Contains(todo.Missing, "opening hours") {
			t.Errorf("%s lacks only %v", todo.Name, todo.Missing)
		}
	}
}

func TestReservationsOfUnknownResourcesAreCountedAndNamed(t *testing.T) {
	w := newWorld(t)
	report := w.take(dbtest.Shared(t, "data", "respa"))
	if n := report.Reservations; n.Read != 62 || n.Unknown != 62 || n.Added != 0 || report.Whole() {
		t.Errorf("reservations: %+v", n)
	}
	byResource := map[string]int{}
	for _, u := range report.Unknown {
		byResource[u.Source+" "+u.Resource] = len(u.Reservations)
	}
	if len(byResource) != 12 || byResource["respa.turku.fi aye2cwmz764a"] != 22 || byResource["respa.tampere.fi axqoxi7bxdsa"] != 6 {
		t.Errorf("unknown: %v", byResource)
	}
	if n := w.count("SELECT count(*) FROM reservations"); n != 0 {
		t.Errorf("%d reservations came in all the same", n)
	}
}

func TestTurkuAndTampereOnHiddenResources(t *testing.T) {
	w := newWorld(t)
	from := dbtest.Shared(t, "data", "respa")
	report := w.take(from, createMissing)
	if n := report.Reservations; n.Read != 62 || n.Added != 62 || !report.Whole() || len(report.Conflicts) != 0 {
		t.Fatalf("reservations: %+v, conflicts %v", n, report.Conflicts)
	}
	for about, c := range map[string]struct {
		sql  string
		want int
	}{
		"hidden resources":         {"SELECT count(*) FROM resources WHERE state = 'draft' AND name ->> 'fi' = substr(external_ref, 7) AND description = '{}' AND type = ''", 12},
		"of Turku":                 {"SELECT count(*) FROM reservation_origins WHERE source = 'respa.turku.fi'", 44},
		"of Tampere":               {"SELECT count(*) FROM reservation_origins WHERE source = 'respa.tampere.fi'", 18},
		"closures":                 {"SELECT count(*) FROM reservations WHERE kind = 'closure' AND holder_kind = 'nobody'", 1},
		"back to back":             {"SELECT count(*) FROM reservations a JOIN reservations b ON b.resource = a.resource AND b.begin_at = a.end_at JOIN reservation_origins o ON o.reservation = a.id WHERE o.external_id IN ('208649', '208673')", 2},
		"in winter time":           {"SELECT count(*) FROM reservations r JOIN reservation_origins o ON o.reservation = r.id WHERE o.external_id = '99586' AND begin_at = '2026-01-14T07:30:00Z' AND end_at = '2026-01-14T10:00:00Z'", 1},
		"in summer time":           {"SELECT count(*) FROM reservations r JOIN reservation_origins o ON o.reservation = r.id WHERE o.external_id = '104634' AND begin_at = '2026-04-27T14:30:00Z'", 1},
		"confirmed without saying": {"SELECT count(*) FROM reservations r JOIN reservation_origins o ON o.reservation = r.id WHERE o.external_id IN ('110217', '111593') AND state <> 'requested'", 0},
		"holders that are made up": {"SELECT count(*) FROM reservations WHERE kind = 'ordinary' AND holder_kind <> 'unknown' OR made_by IS NOT NULL", 0},
	} {
		if got := w.count(c.sql); got != c.want {
			t.Errorf("%s: %d, want %d", about, got, c.want)
		}
	}
	before := w.fingerprint()
	w.clock = w.clock.AddDate(1, 0, 0)
	again := w.take(from) // the hidden resources are known now
	if n := again.Reservations; n.Same != 62 || !again.Whole() || again.Units.Added+again.Resources.Added != 0 || again.Units.Known != 4 {
		t.Errorf("the second run: %+v", again)
	}
	if w.fingerprint() != before {
		t.Error("the second run changed something")
	}
}

// types of the real answers and what they become.
func TestTypesOfRealReservations(t *testing.T) {
	w := newWorld(t)
	w.take(dbtest.Shared(t, "data", "respa"), createMissing)
	var rows []struct {
		Kind, HolderKind string
		N                int
	}
	w.must(w.DB.Query(ctx, &rows, "SELECT kind, holder_kind, count(*) AS n FROM reservations GROUP BY kind, holder_kind ORDER BY kind, holder_kind"))
	got := map[string]int{}
	for _, r := range rows {
		got[r.Kind+" "+r.HolderKind] = r.N
	}
	if got["closure nobody"] != 1 || got["behalf unknown"] == 0 || got["staff unit"] == 0 || got["ordinary unknown"] == 0 || len(got) != 4 {
		t.Errorf("kinds: %v", got)
	}
}
