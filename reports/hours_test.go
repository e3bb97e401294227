package reports_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/web/locales"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestScenario58_BothDSTNightsCountWhatTheClockRan(t *testing.T) {
	for _, c := range []struct {
		night, month string
		minutes      int
	}{
		{"2024-10-27", "2024-10", 4 * 60},
		{"2024-03-31", "2024-03", 2 * 60},
	} {
		w := newTown(t)
		w.book(policies.Ordinary, "sali", c.night+" 02:00", c.night+" 05:00")
		for _, period := range [][2]string{{c.night, c.night}, {c.month + "-01", c.night}, {"2024-01-01", "2024-12-31"}} {
			answer := w.hours(period[0], period[1])
			if len(answer.Rows) != 1 || answer.Booked() != c.minutes || answer.Rows[0].Month != c.month {
				t.Errorf("%s to %s: %d min in %+v, want %d in %s", period[0], period[1], answer.Booked(), answer.Rows, c.minutes, c.month)
			}
		}
	}
}

func TestScenario135_OnlyConfirmedHoursAreBooked(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
	// the others keep their distance from the buffers of the first
	gone := w.book(policies.Ordinary, "sali", "2024-02-05 12:30", "2024-02-05 13:30")
	if _, err := w.booking.Cancel(ctx, w.admin, booking.Change{Ref: gone.Number, ReasonCode: "plans_changed", ReasonText: "peruttu"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.booking.Hold(ctx, w.admin, w.rooms["sali"].UID, booking.Times{Begin: w.at("2024-02-05 13:00"), End: w.at("2024-02-05 14:00")}); err != nil {
		t.Fatal(err)
	}
	w.book(policies.Closure, "sali", "2024-02-05 14:00", "2024-02-05 15:00")

	answer := w.hours("2024-02-05", "2024-02-05")
	if len(answer.Rows) != 1 {
		t.Fatalf("rows %+v", answer.Rows)
	}
	row := answer.Rows[0]
	if row.Booked != 120 || row.Reservations != 1 || row.Closed != 60 || row.Cancelled != 60 || row.Waiting != 0 || row.Missed != 0 {
		t.Errorf("got %+v, want 2.0 h booked, 1.0 h closed and 1.0 h cancelled apart", row)
	}
}

func TestRequestsAndNoShowsAreShownApart(t *testing.T) {
	w := newTown(t)
	w.book(policies.Staff, "sali", "2024-02-05 08:00", "2024-02-05 09:30")
	missed := w.book(policies.Ordinary, "sali", "2024-02-05 12:00", "2024-02-05 13:00")
	if _, err := w.db.Exec(ctx, "UPDATE reservations SET no_show = true, occupies = false WHERE id = ?", missed.ID); err != nil {
		t.Fatal(err)
	}
	w.ask("sali")
	denied := w.book(policies.Ordinary, "sali", "2024-02-05 18:00", "2024-02-05 19:00")
	if _, err := w.booking.Deny(ctx, w.admin, booking.Change{Ref: denied.Number, ReasonText: "remontti"}); err != nil {
		t.Fatal(err)
	}
	w.book(policies.Ordinary, "sali", "2024-02-05 20:00", "2024-02-05 22:00")

	row := w.hours("2024-02-01", "2024-02-29").Rows[0]
	if row.Booked != 90 || row.Missed != 60 || row.Waiting != 120 || row.Reservations != 1 {
		t.Errorf("got %+v, want the city's own use booked, the no-show and the request apart, nothing of the denied one", row)
	}
}

func TestMonthEndsAndPeriodsClip(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-01-31 22:00", "2024-02-01 03:00")
	for _, c := range []struct {
		from, to string
		want     map[string]int
	}{
		{"2024-01-01", "2024-02-29", map[string]int{"2024-01": 120, "2024-02": 180}},
		{"2024-01-31", "2024-01-31", map[string]int{"2024-01": 120}},
		{"2024-02-01", "2024-02-01", map[string]int{"2024-02": 180}},
		{"2024-02-02", "2024-02-29", map[string]int{}},
	} {
		got := map[string]int{}
		for _, row := range w.hours(c.from, c.to).Rows {
			got[row.Month] += row.Booked
		}
		if len(got) != len(c.want) {
			t.Errorf("%s to %s: %v, want %v", c.from, c.to, got, c.want)
		}
		for month, minutes := range c.want {
			if got[month] != minutes {
				t.Errorf("%s to %s: %s has %d min, want %d", c.from, c.to, month, got[month], minutes)
			}
		}
	}
}

// settled asks until the answer is as of the newest change: the number stays
// below the oldest running writer of the whole server, and other tests write.
func (w *town) settled(from, to string) reports.Hours {
	w.t.Helper()
	var newest int64
	if err := w.db.Query(ctx, &newest, "SELECT max(number) FROM change_log"); err != nil {
		w.t.Fatal(err)
	}
	for range 400 {
		if answer := w.hours(from, to); answer.Change >= newest {
			return answer
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("no answer as of change %d", newest)
	return reports.Hours{}
}

func TestAnAnswerIsAsOfAChangeNumber(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
	first := w.settled("2024-02-01", "2024-02-29")
	if again := w.settled("2024-02-01", "2024-02-29"); first.Change == 0 || again.Change != first.Change || again.Booked() != first.Booked() {
		t.Errorf("the same question twice: change %d with %d min, then %d with %d", first.Change, first.Booked(), again.Change, again.Booked())
	}
	w.book(policies.Ordinary, "sali", "2024-02-06 10:00", "2024-02-06 12:00")
	if later := w.settled("2024-02-01", "2024-02-29"); later.Change <= first.Change {
		t.Errorf("change %d after %d", later.Change, first.Change)
	}
}

func TestWhoSeesWhichUnits(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
	w.book(policies.Ordinary, "liikuntasali", "2024-02-05 10:00", "2024-02-05 13:00")
	library, school := w.units["kirjasto"].ID, w.units["koulu"].ID
	viewer := w.person("veera", accounts.Role{Unit: &library, Role: accounts.Viewer})
	manager := w.person("mika", accounts.Role{Unit: &school, Role: accounts.Manager})
	nobody := w.person("aino")
	for _, c := range []struct {
		name    string
		actor   accounts.Actor
		unit    int
		minutes int
		kind    fault.Kind
	}{
		{"the city, all", w.admin, 0, 300, 0},
		{"the city, one", w.admin, school, 180, 0},
		{"a viewer's own", viewer, 0, 120, 0},
		{"a manager's own", manager, school, 180, 0},
		{"another unit", viewer, school, 0, fault.Forbidden},
		{"a resident", nobody, 0, 0, fault.Forbidden},
		{"anonymous", accounts.Actor{}, 0, 0, fault.Forbidden},
		{"a token without the scope", accounts.Actor{Person: viewer.Person, Roles: viewer.Roles, Scopes: []string{accounts.ScopeBook}}, 0, 0, fault.Forbidden},
	} {
		q := w.question("2024-02-01", "2024-02-29")
		q.Unit = c.unit
		answer, err := w.reports.BookedHours(ctx, c.actor, q)
		if c.kind == 0 && (err != nil || answer.Booked() != c.minutes) {
			t.Errorf("%s: %d min, %v; want %d", c.name, answer.Booked(), err, c.minutes)
		}
		if c.kind != 0 && !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", c.name, err, c.kind)
		}
	}
}

func TestBadPeriods(t *testing.T) {
	w := newTown(t)
	for _, period := range [][2]string{{"2024-02-02", "2024-02-01"}, {"1990-01-01", "2024-01-01"}} {
		_, err := w.reports.BookedHours(ctx, w.admin, w.question(period[0], period[1]))
		if !fault.Is(err, fault.Invalid) || fault.Code(err) != "report.bad_period" {
			t.Errorf("%v: %v", period, err)
		}
	}
	if _, err := w.reports.BookedHours(ctx, w.admin, reports.HoursQuestion{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no period: %v", err)
	}
	whole := w.hours("2020-01-01", "2029-12-31")
	if len(whole.Rows) != 0 {
		t.Errorf("ten empty years have rows: %+v", whole.Rows)
	}
}

func TestCSVIsTheGoldenFile(t *testing.T) {
	w := newTown(t)
	w.rename("liikuntasali", `=HYPERLINK("http://example.org";"Sali")`)
	w.rename("sali", "+Iso; \"sali\"\r\nkaksi riviä")
	w.book(policies.Ordinary, "sali", "2024-10-27 02:00", "2024-10-27 05:00")
	w.book(policies.Ordinary, "sali", "2024-10-31 22:00", "2024-11-01 01:30")
	w.book(policies.Closure, "liikuntasali", "2024-10-05 10:00", "2024-10-05 11:30")
	answer := w.hours("2024-10-01", "2024-11-30")
	for _, lang := range locales.Languages {
		got := answer.CSV(locales.New(lang, w.zone))
		file := "testdata/hours." + lang + ".csv"
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs (%v); got:\n%s", file, err, got)
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	w := newTown(t)
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x"} {
		w.rename("sali", name)
		if len(w.hours("2024-02-01", "2024-02-29").Rows) == 0 {
			w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
		}
		raw := w.hours("2024-02-01", "2024-02-29").CSV(locales.New("fi", w.zone))
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
		reader.Comma = ';'
		rows, err := reader.ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %v %v", name, rows, err)
		}
		if cell := rows[1][1]; strings.ContainsAny(strings.TrimLeft(cell, " ")[:1], "=+-@\t\r\n") || strings.ContainsAny(string([]rune(cell)[:1]), "＝＋－＠") {
			t.Errorf("%q stands as %q: a spreadsheet could run it", name, cell)
		}
	}
}

func (w *town) rename(room, name string) {
	w.t.Helper()
	_, err := w.db.Exec(ctx, "UPDATE resources SET name = jsonb_build_object('fi', CAST(? AS text)) WHERE id = ?", name, w.rooms[room].ID)
	w.must(err)
}
