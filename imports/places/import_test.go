package places_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/imports/places"
	"vuoro/ledger"
)

// of finds the count of a kind.
func of(s places.Summary, kind string) places.Count {
	i := slices.IndexFunc(s.Counts, func(c places.Count) bool { return c.Kind == kind })
	return s.Counts[i]
}

// traces are what an import that changes nothing must leave as it is.
func traces(t *testing.T, d *db.DB) int {
	t.Helper()
	return count(t, d, `SELECT (SELECT count(*) FROM audit) * 1000000 + (SELECT sum(revision) FROM resources) * 10000 + (SELECT coalesce(sum(revision), 0) FROM spaces) * 100
		+ (SELECT sum(revision) FROM units) + (SELECT max(id) FROM hours_periods) + (SELECT count(*) FROM rule_books)`)
}

func TestImportingAgainChangesNothing(t *testing.T) {
	d := dbtest.New(t)
	first := load(t, d, house)
	if c := of(first, places.ResourceRow); c.New != 2 || c.Changed+c.Unchanged+c.Unnamed != 0 {
		t.Errorf("the first time: %+v", c)
	}
	before := traces(t, d)
	for _, c := range load(t, d, house).Counts {
		if c.Unchanged == 0 || c.New+c.Changed+c.Unnamed > 0 {
			t.Errorf("the second time: %+v", c)
		}
	}
	if after := traces(t, d); after != before {
		t.Errorf("traces %d, then %d", before, after)
	}
	if n, err := ledger.Verify(t.Context(), d, 1); err != nil || n != 11 {
		t.Errorf("%d audit entries of the unit: %v", n, err)
	}
}

func TestOneChangeChangesJustThat(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	changes := map[string]struct{ from, to, kind string }{
		"a text":     {`{"fi": "Vaja"}`, `{"fi": "Pyörävaja"}`, places.SpaceRow},
		"a limit":    {`"persons_max": 60`, `"persons_max": 55`, places.ResourceRow},
		"a count":    {`"count": 5`, `"count": 6`, places.DeviceRow},
		"a part":     {`"device:bikes*2"`, `"device:bikes*3"`, places.ResourceRow},
		"the rules":  {`approval 50%`, `approval 60%`, places.RuleBookRow},
		"the hours":  {`18:00-02:00`, `18:00-01:00`, places.HoursRow},
		"an address": {`"-katu 1"`, `"-katu 2"`, places.UnitRow},
	}
	for what, change := range changes {
		file := strings.Replace(house, change.from, change.to, 1)
		if file == house {
			t.Fatalf("%s is not in the file", what)
		}
		audit := count(t, d, "SELECT count(*) FROM audit")
		for _, c := range load(t, d, file).Counts {
			if want := map[bool]int{true: 1}[c.Kind == change.kind]; c.Changed != want || c.New > 0 {
				t.Errorf("%s: %+v", what, c)
			}
		}
		if n := count(t, d, "SELECT count(*) FROM audit"); n != audit+1 {
			t.Errorf("%s: %d new audit entries", what, n-audit)
		}
		if export(t, d, places.JSON) != file {
			t.Errorf("%s is not exported as it was imported", what)
		}
		load(t, d, house)
	}
	if n := count(t, d, "SELECT max(version) FROM rule_books"); n != 3 {
		t.Errorf("the rule book has %d versions: live ones are never changed", n)
	}
}

func TestWhatTheFileDoesNotSayStays(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	summary := load(t, d, "row,slug,persons_max,floor\nresource,sali,70,\n")
	if c := of(summary, places.ResourceRow); c.Changed != 1 || c.Unnamed != 1 {
		t.Errorf("%+v", c)
	}
	if c := of(summary, places.UnitRow); c.Unnamed != 1 {
		t.Errorf("%+v", c)
	}
	if want := strings.Replace(house, `"persons_max": 60`, `"persons_max": 70`, 1); export(t, d, places.JSON) != want {
		t.Error("more than the number of people changed")
	}
	load(t, d, `{"format": "vuoro-places", "version": 1, "units": [{"slug": "talo", "phone": null, "hours": [], "resources": [{"slug": "sali", "hours": []}]}]}`)
	got := export(t, d, places.JSON)
	if strings.Contains(got, "310") || strings.Contains(got, "Joulu") || strings.Contains(got, "00:00-24:00") || !strings.Contains(got, `"address": "-katu 1"`) {
		t.Errorf("null and [] did not empty just what they stand for:\n%s", got)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	d := dbtest.New(t)
	done := 0
	summary, err := service(d).Import(t.Context(), places.Order{Data: []byte(house), DryRun: true, Progress: func(n, of int) {
		if done = n; n > of {
			t.Errorf("row %d of %d", n, of)
		}
	}})
	if err != nil || !summary.DryRun || of(summary, places.ResourceRow).New != 2 || done == 0 {
		t.Errorf("%+v, %v, %d rows told", summary, err, done)
	}
	if n := count(t, d, "SELECT (SELECT count(*) FROM units) + (SELECT count(*) FROM audit)"); n > 0 {
		t.Errorf("%d rows were kept", n)
	}
}

// What spreadsheets and editors make of a file must not matter.
func TestSpellingsThatMeanTheSame(t *testing.T) {
	table := "row;key;slug;unit;name_fi;rules;valid_from;type;price;example;adult_only;hours;from;to;override\n" +
		"rule_book;city;;;;everybody: allow free;2022-04-06\n" +
		"unit;;talo;;Päiväkoti\n" +
		"hours;;;talo;;;;;;;;Mo-Fr 08:00-16:00;2026-06-01;2026-08-31;yes\n" +
		"resource;;sali;talo;Sali;;;gym;7.30;yes;no\n"
	d := dbtest.New(t)
	load(t, d, table)
	before, want := traces(t, d), export(t, d, places.JSON)
	rewritten := strings.NewReplacer("2026-06-01", "1.6.2026", "2026-08-31", "31.8.2026", "2022-04-06", "06.04.2022", "7.30", " 7,3 €",
		"yes\n", "TOSI\n", "yes;no", "Kyllä;EI", "Mo-Fr 08:00-16:00", "ma–pe 8-16", ";gym", "; gym ").Replace(table)
	for name, file := range map[string]string{
		"with a mark":       "\ufeff" + table,
		"Windows line ends": strings.ReplaceAll(table, "\n", "\r\n"),
		"commas":            strings.ReplaceAll(table, ";", ","),
		"tabs":              strings.ReplaceAll(table, ";", "\t"),
		"UTF-16":            utf16le(strings.ReplaceAll(table, ";", "\t")),
		"by a spreadsheet":  rewritten,
		"empty rows":        strings.ReplaceAll(table, "\n", "\n;;;;;;;;\n\n"),
		"columns shuffled":  shuffled(table),
	} {
		for _, c := range load(t, d, file).Counts {
			if c.New+c.Changed > 0 {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if traces(t, d) != before || export(t, d, places.JSON) != want {
			t.Errorf("%s: something changed", name)
		}
	}
}

// shuffled turns the columns round.
func shuffled(table string) string {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	most := strings.Count(lines[0], ";")
	for i, line := range lines {
		cells := strings.Split(line+strings.Repeat(";", most-strings.Count(line, ";")), ";")
		slices.Reverse(cells)
		lines[i] = strings.Join(cells, ";")
	}
	return strings.Join(lines, "\n")
}

// Spaces and devices that were entered by hand have no key; a file names them
// by their uid, also after they were renamed.
func TestThingsWithoutKeysAreFoundAgain(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	for _, table := range []string{"spaces", "devices"} {
		if _, err := d.Exec(t.Context(), "UPDATE "+table+" SET external_ref = ''"); err != nil {
			t.Fatal(err)
		}
	}
	file := export(t, d, places.JSON)
	if strings.Contains(file, `"hall"`) {
		t.Fatal("a key is left")
	}
	load(t, d, strings.Replace(file, "Vaja", "Varasto", 1))
	if n := count(t, d, "SELECT count(*) FROM spaces"); n != 4 {
		t.Errorf("%d spaces", n)
	}
	empty := dbtest.New(t)
	load(t, empty, file)
	if again := export(t, empty, places.JSON); again != file {
		t.Errorf("elsewhere:\n%s", again)
	}
}

// A tree may be turned round in one go when what it says is a tree.
func TestSpacesChangePlaces(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, inUnit("space;a;;talo;;A", "space;b;;talo;a;B"))
	summary := load(t, d, "row,key,unit,parent\nspace,a,talo,b\nspace,b,talo,\n")
	if c := of(summary, places.SpaceRow); c.Changed != 2 {
		t.Errorf("%+v", c)
	}
	_, err := service(d).Import(t.Context(), places.Order{Data: []byte("row,key,unit,parent\nspace,b,talo,a\n")})
	if got := told(err); len(got) != 1 || !strings.HasPrefix(got[0], "2:14 parent: ") {
		t.Errorf("a circle with what is here: %v, %v", got, err)
	}
}

func TestAResourceStaysInItsUnit(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	_, err := service(d).Import(t.Context(), places.Order{Data: []byte("row,slug,unit,name_fi\nunit,torni,,Torni\nresource,sali,torni,Sali\n")})
	if got := told(err); len(got) != 1 || !strings.HasPrefix(got[0], "3:15 unit: “sali” belongs to the site “talo” already") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestExportOfOneUnit(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	load(t, d, "row,slug,key,unit,name_fi,rules,rule_book\nrule_book,,other,,,everybody: refuse,\nunit,torni,,,Torni,,\nresource,huippu,,torni,Huippu,,other\n")
	file, err := service(d).Export(t.Context(), places.Choice{Format: places.JSON, Unit: "talo"})
	if err != nil || string(file) != house {
		t.Errorf("%v\n%s", err, file)
	}
	if _, err := d.Exec(t.Context(), "UPDATE resources SET rule_book = 'own'"); err != nil {
		t.Fatal(err)
	}
	file, err = service(d).Export(t.Context(), places.Choice{Format: places.JSON, Unit: "talo"})
	if err != nil || !strings.Contains(string(file), `"key": "city"`) {
		t.Errorf("the book beneath is left behind: %v\n%s", err, file)
	}
	if _, err := service(d).Export(t.Context(), places.Choice{Unit: "linna"}); fault.Code(err) != "unit.not_found" {
		t.Errorf("an unknown unit: %v", err)
	}
}

// No cell of an export is a formula, whatever is in it.
func TestNoFormulaLeavesTheHouse(t *testing.T) {
	d := dbtest.New(t)
	nasty := []string{"=1+1", "+358", "-katu", "@SUM(A1)", "'=x", "''=x", "'tavallinen", "=cmd|' /C calc'!A0", "\t=1", "-5", "\n=2", "- 5;\"x\"", "\r=3"}
	for i, text := range nasty {
		file := `{"format": "vuoro-places", "version": 1, "units": [{"slug": "u` + strings.Repeat("x", i) + `", "name": {"fi": ` + quoted(text) + `}, "source": ` + quoted(text) + `}]}`
		load(t, d, file)
	}
	table, want := export(t, d, places.CSV), export(t, d, places.JSON)
	reader := csv.NewReader(strings.NewReader(table))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != len(nasty)+1 {
		t.Fatal(len(rows), err)
	}
	for _, cell := range slices.Concat(rows...) {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") && cell != "-5" {
			t.Errorf("a formula: %q", cell)
		}
	}
	empty := dbtest.New(t)
	load(t, empty, table)
	if again := export(t, empty, places.JSON); again != want {
		t.Errorf("read back:\n%s\nwant:\n%s", again, want)
	}
}

func quoted(text string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(text) + `"`
}
