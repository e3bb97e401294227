package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/imports/respa"
	"vuoro/ledger"
)

// city is the environment of a program whose database is an installation with
// nothing in it.
func city(t *testing.T) map[string]string {
	t.Helper()
	dsn := dbtest.DSN(t)
	d, err := db.Open(t.Context(), db.Config{URL: dsn})
	must(t, err)
	defer d.Close()
	_, err = d.Exec(t.Context(), "INSERT INTO installation (kind, zone, name, created_at) VALUES ('production', 'Europe/Helsinki', '{}', ?)", noon)
	must(t, err)
	must(t, ledger.MakeSecrets(t.Context(), d, noon))
	return map[string]string{"DATABASE_URL": dsn, "VUORO_ADDR": "127.0.0.1:0", "BASE_URL": "http://127.0.0.1:8080"}
}

const respaRooms = `[{"id": "r1", "unit": "u1", "name": {"fi": "Sali"}, "need_manual_confirmation": false}]`

// respaTurns is a turn that can be had, one of an unknown resource, and one that
// meets the first.
const respaTurns = `{"count": 3, "next": null, "results": [
	{"id": 1, "resource": "r1", "begin": "2027-02-01T10:00:00+02:00", "end": "2027-02-01T12:00:00+02:00", "state": "confirmed"},
	{"id": 2, "resource": "r9", "begin": "2027-02-01T10:00:00+02:00", "end": "2027-02-01T12:00:00+02:00", "state": "confirmed"},
	{"id": 3, "resource": "r1", "begin": "2027-02-01T11:00:00+02:00", "end": "2027-02-01T13:00:00+02:00", "state": "confirmed"}]}`

func respaFolder(t *testing.T, rooms, turns string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "old-town")
	must(t, os.Mkdir(dir, 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "resource.json"), []byte(rooms), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "reservation.json"), []byte(turns), 0o600))
	return dir
}

func TestImportRespaSaysWhatItLeftOut(t *testing.T) {
	env := city(t)
	dir, file := respaFolder(t, respaRooms, respaTurns), filepath.Join(t.TempDir(), "report.json")
	r := vuoro(t.Context(), env, "import", "respa", dir, "--report", file)
	if !errors.Is(r.err, errLeftOut) || exitStatus(r.err) != 3 {
		t.Errorf("ended with %v", r.err)
	}
	for _, line := range []string{
		"Resources: 1 read, 1 new (hidden), 0 known already.", "Reservations: 3 read, 1 new, 0 changed, 0 the same.",
		"Left out, because the resource r9 of old-town is not known (1): 2", "With --create-missing", "Conflict: 3 of r1, 2027-02-01T09:00:00Z/2027-02-01T11:00:00Z, meets V-",
		"To do: Sali (sali) lacks description in fi",
	} {
		if !strings.Contains(r.stdout.String(), line) {
			t.Errorf("%q is not said in:\n%s", line, r.stdout.String())
		}
	}
	raw, err := os.ReadFile(file)
	must(t, err)
	var report respa.Report
	must(t, json.Unmarshal(raw, &report))
	if report.Reservations.Unknown != 1 || report.Reservations.Conflicts != 1 || report.Conflicts[0].With[0].Ref != "1" {
		t.Errorf("the file says %+v", report)
	}

	r = vuoro(t.Context(), env, "import", "respa", "--create-missing", "--json", "--dry-run", dir)
	report = respa.Report{}
	must(t, json.Unmarshal([]byte(r.stdout.String()), &report))
	if !report.DryRun || report.Reservations.Added != 1 || report.Reservations.Same != 1 || report.Resources.Added != 1 || exitStatus(r.err) != 3 {
		t.Errorf("the dry run says %+v, %v", report, r.err)
	}
}

func TestImportRespaEndsAsScriptsExpect(t *testing.T) {
	env := city(t)
	good := respaFolder(t, respaRooms, "[]")
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"all in":            {[]string{good}, 0, ""},
		"help":              {[]string{"--help"}, 0, ""},
		"no folder":         {nil, 2, ""},
		"an unknown flag":   {[]string{good, "--faster"}, 2, ""},
		"a folder of none":  {[]string{t.TempDir()}, 1, "nothing was imported: "},
		"a cut answer":      {[]string{respaFolder(t, respaRooms, respaTurns[:100])}, 1, "reservation.json: byte 100: it ends in the middle"},
		"a plain address":   {[]string{"http://respa.example/v1/"}, 1, "is not an https:// address"},
		"this machine":      {[]string{"https://127.0.0.1:1/v1/"}, 1, "127.0.0.1 is not a public address"},
		"nobody at home":    {[]string{"http://127.0.0.1:1/v1/", "--allow-loopback"}, 1, "http://127.0.0.1:1/v1/unit/?format=json cannot be read"},
		"an unwritable end": {[]string{good, "--report", t.TempDir()}, 1, "the report cannot be written"},
	} {
		r := vuoro(t.Context(), env, append([]string{"import", "respa"}, c.args...)...)
		if exitStatus(r.err) != c.status || c.says != "" && !strings.Contains(r.err.Error(), c.says) {
			t.Errorf("%s: %v", name, r.err)
		}
	}
}
