package demo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/demo"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

// noon of a Monday in November, when it is dark and nobody plays outdoors.
var noon = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func load(t *testing.T, d *db.DB, now time.Time) {
	t.Helper()
	if err := demo.Load(t.Context(), demo.Deps{DB: d, BaseURL: "http://127.0.0.1:8080"}, now); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, sql string, params ...any) (n int) {
	t.Helper()
	if err := d.Query(t.Context(), &n, sql, params...); err != nil {
		t.Fatal(err)
	}
	return n
}

func services(d *db.DB, now time.Time) (*resources.Service, *booking.Service) {
	clock := func() time.Time { return now }
	places := &resources.Service{DB: d, Now: clock, Zone: helsinki}
	return places, &booking.Service{DB: d, Resources: places, Now: clock, Zone: helsinki}
}

func TestTown(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, noon)
	t.Run("places", func(t *testing.T) { checkPlaces(t, d) })
	t.Run("people", func(t *testing.T) { checkPeople(t, d) })
	t.Run("evenings", func(t *testing.T) { checkEvenings(t, d) })
	t.Run("tonight", func(t *testing.T) { checkTonight(t, d) })
	t.Run("ledger", func(t *testing.T) { checkLedger(t, d) })
	t.Run("again", func(t *testing.T) { checkAgain(t, d) })
}

func checkPlaces(t *testing.T, d *db.DB) {
	places, _ := services(d, noon)
	list, err := places.Places(t.Context(), d, resources.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]bool{}
	for _, p := range list {
		units[p.Unit.Slug] = true
		r := p.Resource
		if r.Source == "" || p.Unit.Source == "" {
			t.Errorf("%s does not say where its facts are from", r.Slug)
		}
		for _, lang := range locales.Languages {
			if r.Description.Exact(lang) == "" || r.Terms.Exact(lang) == "" || p.Unit.Description.Exact(lang) == "" {
				t.Errorf("%s has no texts in %s", r.Slug, lang)
			}
		}
		if len(p.Needs) == 0 || len(p.Periods) == 0 || p.Book.ID == 0 {
			t.Errorf("%s: %d atoms, %d periods, rule book %q", r.Slug, len(p.Needs), len(p.Periods), p.Book.Key)
		}
	}
	if len(list) < 20 || len(units) < 8 {
		t.Errorf("%d resources in %d units, want 20 in 8", len(list), len(units))
	}
	if n := count(t, d, "SELECT count(*) FROM atoms WHERE retired_at IS NOT NULL AND id IN (SELECT atom FROM resource_atoms)"); n > 0 {
		t.Errorf("%d retired atoms are in use", n)
	}
}

func checkPeople(t *testing.T, d *db.DB) {
	people, err := (&accounts.Service{DB: d, Now: func() time.Time { return noon }}).DemoPeople(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]int{}
	for _, p := range people {
		if !p.Person.Demo || !strings.HasSuffix(*p.Person.Email, ".example") || !strings.HasSuffix(p.Person.Name, "(demo)") {
			t.Errorf("%s <%s> is not plainly invented", p.Person.Name, *p.Person.Email)
		}
		for _, r := range p.Roles {
			roles[r.Role]++
		}
		roles["booker"] += len(p.Memberships)
		if len(p.Roles)+len(p.Memberships) == 0 {
			roles["resident"]++
		}
	}
	for _, role := range []string{"manager", "viewer", "city_admin", "booker", "resident"} {
		if roles[role] == 0 {
			t.Errorf("nobody is a %s", role)
		}
	}
	if n := count(t, d, "SELECT count(*) FROM units u WHERE NOT EXISTS (SELECT FROM roles r WHERE r.unit = u.id AND r.role = 'manager')"); n > 0 {
		t.Errorf("%d units have no manager", n)
	}
}

// Two weeks of evenings, last month's hours, requests, a closure, things given
// back: and nothing is twice.
func checkEvenings(t *testing.T, d *db.DB) {
	for what, least := range map[string]int{
		"state = 'confirmed' AND begin_at >= @now AND kind <> 'closure'":                       140,
		"state = 'requested' AND begin_at >= @now":                                             2,
		"state = 'requested' AND begin_at < @now":                                              0,
		"kind = 'closure' AND state = 'confirmed'":                                             1,
		"kind = 'staff' AND state = 'confirmed'":                                               5,
		"state = 'cancelled'":                                                                  5,
		"state = 'denied'":                                                                     1,
		"state = 'confirmed' AND begin_at BETWEEN '2026-09-30 21:00Z' AND '2026-10-31 22:00Z'": 150,
		"price_cents > 0 AND state = 'confirmed'":                                              10,
		"holder_kind = 'person'":                                                               20,
	} {
		n := count(t, d, "SELECT count(*) FROM reservations WHERE "+what+" AND made_at < @now", map[string]any{"now": noon})
		if n < least || (least == 0 && n > 0) {
			t.Errorf("%d reservations where %s, want %d", n, what, least)
		}
	}
	if n := count(t, d, "SELECT count(*) FROM reservations r WHERE r.occupies <> EXISTS (SELECT FROM occupancies o WHERE o.reservation = r.id)"); n > 0 {
		t.Errorf("%d reservations do not occupy what they should", n)
	}
	if n := count(t, d, "SELECT count(*) FROM outbox WHERE expires_at > ? AND done_at IS NULL", noon); n > 0 {
		t.Errorf("%d mails would be sent now", n)
	}
}

// Ten rooms can be booked at once for tonight, whoever comes.
func checkTonight(t *testing.T, d *db.DB) {
	for _, day := range []int{0, 1, 2, 3, 4, 5, 6} {
		now := noon.AddDate(0, 0, day)
		_, bookings := services(d, now)
		found, err := bookings.Search(t.Context(), accounts.Actor{}, booking.Query{From: booking.TonightFrom, To: booking.TonightTo})
		if err != nil {
			t.Fatal(err)
		}
		atOnce := map[string]string{}
		for _, room := range found {
			if len(room.FreeStarts) > 0 {
				for class, adult := range map[string]*bool{"anybody": nil, "adult": ptr(true)} {
					if verdict(room.Place, room.FreeStarts[0], adult, now) == policies.Allow {
						atOnce[class] += " " + room.Place.Resource.Slug
					}
				}
			}
		}
		if n := len(strings.Fields(atOnce["anybody"])); n < 10 {
			t.Errorf("%s: %d rooms can be booked tonight by anybody, want 10:%s", now.Format("Mon"), n, atOnce["anybody"])
		}
		if n := len(strings.Fields(atOnce["adult"])); n < 13 {
			t.Errorf("%s: %d rooms can be booked tonight by an adult, want 13:%s", now.Format("Mon"), n, atOnce["adult"])
		}
	}
}

func ptr[T any](v T) *T { return &v }

// verdict of a resident with a filled-in form, without asking for a party.
func verdict(p resources.Place, asked calendar.Interval, adult *bool, now time.Time) policies.Verdict {
	date := calendar.DateOf(asked.Begin, helsinki)
	form := policies.Form{Title: "Ilta", Purpose: "meeting", Persons: p.Resource.PersonsMin, TermsAccepted: true, Answers: map[string]string{"description": "Ilta"}}
	if form.Persons == nil {
		form.Persons = ptr(1)
	}
	return policies.Decide(policies.Question{
		Now: now, Zone: helsinki, Kind: policies.Ordinary, Asked: asked, Place: p.Policy(),
		Hours: p.Hours(date.AddDays(-1), date.AddDays(1), helsinki), Book: p.Book, Form: form,
		Who: policies.Who{Class: policies.Person, Adult: adult, Known: true},
	}).Verdict
}

func checkLedger(t *testing.T, d *db.DB) {
	var streams []int
	if err := d.Query(t.Context(), &streams, "SELECT stream FROM audit_heads"); err != nil {
		t.Fatal(err)
	}
	entries := int64(0)
	for _, stream := range streams {
		n, err := ledger.Verify(t.Context(), d, stream)
		if err != nil {
			t.Error(err)
		}
		entries += n
	}
	if entries < 500 {
		t.Errorf("%d audit entries", entries)
	}
}

// A second start finds its data again; a week later a week is added.
func checkAgain(t *testing.T, d *db.DB) {
	tables := "SELECT (SELECT count(*) FROM resources) + (SELECT count(*) FROM people) + (SELECT count(*) FROM rule_books) + (SELECT count(*) FROM atoms)"
	stands, before := count(t, d, tables), count(t, d, "SELECT count(*) FROM reservations")
	load(t, d, noon.Add(time.Hour))
	if n := count(t, d, "SELECT count(*) FROM reservations"); n != before {
		t.Errorf("%d reservations, then %d: the second start added some", before, n)
	}
	load(t, d, noon.AddDate(0, 0, 7))
	added := count(t, d, "SELECT count(*) FROM reservations") - before
	early := count(t, d, "SELECT count(*) FROM reservations WHERE id > (SELECT min(id) + ? FROM reservations) AND begin_at < ?", before+20, noon.AddDate(0, 0, 13))
	if added < 20 || early > 0 {
		t.Errorf("a week later %d reservations were added, %d of them before the new days", added, early)
	}
	if n := count(t, d, tables); n != stands {
		t.Errorf("%d rows stand, then %d", stands, n)
	}
}

func TestTownWithoutEvenings(t *testing.T) {
	d := dbtest.New(t)
	if err := demo.Load(t.Context(), demo.Deps{DB: d, Bare: true}, noon); err != nil {
		t.Fatal(err)
	}
	if rooms, booked := count(t, d, "SELECT count(*) FROM resources"), count(t, d, "SELECT count(*) FROM reservations"); rooms < 20 || booked > 0 {
		t.Errorf("%d rooms, %d reservations", rooms, booked)
	}
}

func TestRealInstallationIsRefused(t *testing.T) {
	d := dbtest.New(t)
	if _, err := d.Exec(t.Context(), "INSERT INTO installation (kind, zone, name, created_at) VALUES ('production', 'Europe/Helsinki', '{}', ?)", noon); err != nil {
		t.Fatal(err)
	}
	err := demo.Load(t.Context(), demo.Deps{DB: d}, noon)
	if fault.Code(err) != "demo.not_empty" {
		t.Errorf("got %v", err)
	}
	if n := count(t, d, "SELECT count(*) FROM units"); n != 0 {
		t.Errorf("%d units were made", n)
	}
}

// The same day gives the same evenings, and a date the same whatever is asked
// around it.
func TestEveningsAreTheSame(t *testing.T) {
	turns := []demo.Turn{
		{Room: "hall", Days: []int{1, 2, 3, 4, 5, 6, 7}, From: 18 * 60, To: 20 * 60, Who: "aino", Share: 70},
		{Room: "hall", Days: []int{7}, From: 3*60 + 15, To: 5 * 60, Who: "aino", Share: 100},
	}
	plan := func(from, to string) map[string]string {
		begin, _ := calendar.ParseDate(from)
		end, _ := calendar.ParseDate(to)
		byKey := map[string]string{}
		var last time.Time
		for _, e := range demo.Evenings(turns, demo.Span{From: begin, To: end, Now: noon, Zone: helsinki}) {
			byKey[e.Key] = fmt.Sprint(e.Begin, e.End, e.MadeAt, e.Cancel, e.Decide)
			if e.MadeAt.Before(last) || !e.MadeAt.Before(noon.Add(-time.Hour+time.Second)) || !e.MadeAt.Before(e.Begin) {
				t.Errorf("%s was made at %v, after %v", e.Key, e.MadeAt, last)
			}
			last = e.MadeAt
		}
		return byKey
	}
	year, month := plan("2026-01-01", "2026-12-07"), plan("2026-03-01", "2026-03-31")
	for key, evening := range month {
		if year[key] != evening {
			t.Errorf("%s: %s in a month, %s in a year", key, evening, year[key])
		}
	}
	if len(month) < 15 || len(month) > 33 {
		t.Errorf("%d evenings in March", len(month))
	}
	if _, ok := month["2026-03-29 hall 03:15"]; ok {
		t.Error("something happens at a time that does not exist")
	}
}
