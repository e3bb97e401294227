package main

import (
	"strings"
	"testing"

	"vuoro/db"
	"vuoro/db/dbtest"
)

const kallio = "../../imports/hours/testdata/hauki_date_periods_kallio.json"

// house is a new installation with one unit and its hall.
func house(t *testing.T) map[string]string {
	t.Helper()
	env := emptyDatabase(t)
	serveUntilReady(t, env)()
	csv := "row;key;slug;unit;name_fi;rules\nrule_book;city;;;;everybody: allow free\nunit;;talo;;Talo;\nresource;;sali;talo;Sali;\n"
	if r := vuoro(t.Context(), env, "import", "places", write(t, "house.csv", csv)); r.err != nil {
		t.Fatalf("%v %s", r.err, r.stderr.String())
	}
	return env
}

func TestHoursAreImportedAndExported(t *testing.T) {
	env := house(t)
	r := vuoro(t.Context(), env, "import", "hours", kallio, "--unit", "talo", "--dry-run")
	if r.err != nil || !strings.Contains(r.stdout.String(), "+ 2020-06-01..2020-08-09, Kesä2020, instead of other hours, Mo-Th 10:00-20:00") ||
		!strings.Contains(r.stdout.String(), "nothing was changed") {
		t.Fatalf("dry run: %v, %s%s", r.err, r.stdout.String(), r.stderr.String())
	}
	exported := func(whose ...string) string {
		r := vuoro(t.Context(), env, append([]string{"export", "hours"}, whose...)...)
		must(t, r.err)
		return r.stdout.String()
	}
	if got := exported("--unit", "talo"); got != "[]\n" {
		t.Errorf("a dry run left %s", got)
	}
	must(t, vuoro(t.Context(), env, "import", "hours", kallio, "--unit", "talo").err)
	first := exported("--unit", "talo", "--format", "hauki")
	if !strings.Contains(first, `"343802"`) || !strings.Contains(first, `"self_service"`) {
		t.Errorf("exported %s", first)
	}
	r = vuoro(t.Context(), env, "import", "hours", write(t, "again.json", first), "--unit", "talo")
	if r.err != nil || !strings.Contains(r.stdout.String(), "periods before: 1, after: 1, unchanged: 1") || exported("--unit", "talo") != first {
		t.Errorf("again: %v, %s", r.err, r.stdout.String())
	}
	lessons := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Liikunta\r\nDTSTART:20200106T080000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	r = vuoro(t.Context(), env, "import", "hours", write(t, "lessons.ics", lessons), "--resource", "sali")
	if r.err != nil || !strings.Contains(r.stdout.String(), "Liikunta, laid over other hours, Mo 08:00-09:00 core") {
		t.Errorf("lessons: %v, %s%s", r.err, r.stdout.String(), r.stderr.String())
	}
	if got := exported("--resource", "sali"); !strings.Contains(got, `"overlay": true`) {
		t.Errorf("lessons exported: %s", got)
	}
}

func TestScenario55AnImportThatFailsLeavesTheEarlierHours(t *testing.T) {
	env := house(t)
	must(t, vuoro(t.Context(), env, "import", "hours", kallio, "--unit", "talo").err)
	before := vuoro(t.Context(), env, "export", "hours", "--unit", "talo").stdout.String()
	d, err := db.Open(t.Context(), dbtest.Patient(env["DATABASE_URL"]))
	must(t, err)
	t.Cleanup(d.Close)
	audited := func() (n int) {
		must(t, d.Query(t.Context(), &n, "SELECT count(*) FROM audit WHERE action = 'hours.saved'"))
		return n
	}
	if n := audited(); n != 1 {
		t.Errorf("%d entries of the first import", n)
	}
	bad := write(t, "bad.json", `[{"name":{"fi":"Hyvä"}},{"start_date":"2026-13-01","resource_state":"ajar"}]`)
	r := vuoro(t.Context(), env, "import", "hours", bad, "--unit", "talo")
	if r.err == nil || exitStatus(r.err) != 1 || !strings.Contains(r.err.Error(), "has mistakes (2): nothing was imported") ||
		!strings.Contains(r.stderr.String(), "$[1].start_date: “2026-13-01” is not a date.") {
		t.Errorf("%v, told %s", r.err, r.stderr.String())
	}
	for _, args := range [][]string{
		{"import", "hours", write(t, "broken.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "--unit", "talo"},
		{"import", "hours", "/no/such/file.json", "--unit", "talo"},
		{"import", "hours", kallio, "--unit", "missing"},
		{"export", "hours", "--resource", "missing"},
	} {
		if r := vuoro(t.Context(), env, args...); exitStatus(r.err) != 1 || strings.Contains(r.err.Error(), "\n") {
			t.Errorf("%v: %v", args, r.err)
		}
	}
	for _, args := range [][]string{
		{"import", "hours", kallio},
		{"import", "hours", kallio, "--unit", "talo", "--resource", "sali"},
		{"import", "hours", kallio, "--unit", "talo", "--format", "xlsx"},
		{"export", "hours", "--unit", "talo", "--format", "ical"},
	} {
		if r := vuoro(t.Context(), env, args...); exitStatus(r.err) != 2 {
			t.Errorf("%v: %v", args, r.err)
		}
	}
	if n := audited(); n != 1 {
		t.Errorf("%d entries after imports that failed", n)
	}
	if after := vuoro(t.Context(), env, "export", "hours", "--unit", "talo").stdout.String(); after != before {
		t.Errorf("the hours are now %s", after)
	}
}
