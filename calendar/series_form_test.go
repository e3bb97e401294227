package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"
)

// seriesFeed is a series whose dates all stand as the rule has them, apart from
// those that change does something to: it answers false for a date that is
// gone.
func seriesFeed(t testing.TB, r Recurrence, change func(*SeriesDate) bool) Series {
	t.Helper()
	s := Series{Event: event(t, "s-7@tilat.example", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"), Recurrence: r}
	s.Event.URL = "https://tilat.example/fi/sarjat/S-2026-0007"
	for i, o := range expandAll(t, r) {
		d := SeriesDate{Date: o.Date, Event: s.Event}
		d.Event.UID = fmt.Sprintf("r-%d@tilat.example", i)
		d.Event.Begin, d.Event.End = o.Begin.Instant, o.End.Instant
		if o.Begin.Exists && o.Begin.Instant.Before(o.End.Instant) && change(&d) {
			s.Dates = append(s.Dates, d)
		}
	}
	return s
}

func unchanged(*SeriesDate) bool { return true }

func TestGoldenSeriesForm(t *testing.T) {
	r := series(t, "2026-09-07", "18:00", "20:00", "FREQ=WEEKLY;COUNT=10")
	r.Include = []Date{date(t, "2026-09-12")}
	weekly := seriesFeed(t, r, func(d *SeriesDate) bool {
		switch d.Date.String() {
		case "2026-09-14":
			return false // cancelled
		case "2026-09-21":
			d.Event.Begin, d.Event.End = d.Event.Begin.Add(24*time.Hour), d.Event.End.Add(25*time.Hour)
			d.Event.Sequence = 1
		case "2026-09-28":
			d.Event.Summary = "Kuorosali, kevätkonsertin harjoitus"
		}
		return true
	})
	night := seriesFeed(t, series(t, "2026-10-22", "01:00", "05:00", "FREQ=DAILY;COUNT=6"), unchanged)
	doubled := seriesFeed(t, series(t, "2026-10-22", "03:30", "05:00", "FREQ=DAILY;COUNT=6"), unchanged)
	night.UID, doubled.UID = "s-8@tilat.example", "s-9@tilat.example"
	for i := range doubled.Dates {
		night.Dates[i].Event.UID, doubled.Dates[i].Event.UID = fmt.Sprintf("n-%d", i), fmt.Sprintf("d-%d", i)
	}
	feed := Feed{Name: "Sarjat", Zone: zone(t, "Europe/Helsinki"), Series: []Series{doubled, weekly, night}}
	body := WriteFeed(feed)
	requireGolden(t, "testdata/series.golden.ics", body)
	slices.Reverse(feed.Series)
	slices.Reverse(feed.Series[0].Dates)
	if string(WriteFeed(feed)) != string(body) {
		t.Error("the order of what is given shows in the bytes")
	}
	requireSameTimes(t, feed)
}

// R6: UNTIL is the end of the last local day, in UTC.
func TestTheSeriesFormEndsWithTheLastLocalDay(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"FREQ=WEEKLY;UNTIL=20260930", "FREQ=WEEKLY;UNTIL=20260928T205959Z;BYDAY=MO"},
		{"FREQ=WEEKLY;COUNT=13", "FREQ=WEEKLY;UNTIL=20261130T215959Z;BYDAY=MO"},
		{"FREQ=MONTHLY;BYDAY=1MO;COUNT=2", "FREQ=MONTHLY;UNTIL=20261005T205959Z;BYDAY=1MO"},
		{"FREQ=MONTHLY;BYDAY=1MO;BYMONTH=9,11;COUNT=2", "FREQ=YEARLY;UNTIL=20261102T215959Z;BYMONTH=9,11;BYDAY=1MO"},
	} {
		s := seriesFeed(t, series(t, "2026-09-07", "18:00", "20:00", c.rule), unchanged)
		if p := s.parts(); p.rule != c.want || len(p.single)+len(p.changed)+len(p.without) > 0 {
			t.Errorf("%s is written %s, %d singly", c.rule, p.rule, len(p.single))
		}
	}
}

// R7: what programs read differently is written as events of their own.
func TestTheSeriesFormLeavesOutWhatProgramsReadDifferently(t *testing.T) {
	for text, rules := range map[string]int{
		"FREQ=WEEKLY;COUNT=5;BYDAY=MO,TU;BYSETPOS=1":            0,
		"FREQ=DAILY;COUNT=5;BYDAY=MO,TU;BYSETPOS=1":             0,
		"FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYMONTH=9;BYDAY=1MO":   0,
		"FREQ=MONTHLY;COUNT=5;BYDAY=MO,TU;BYSETPOS=-1":          1,
		"FREQ=MONTHLY;COUNT=5;BYDAY=2MO,WE":                     1,
		"FREQ=MONTHLY;COUNT=5;BYMONTHDAY=31":                    1,
		"FREQ=WEEKLY;INTERVAL=2;COUNT=9;BYDAY=SU,MO;WKST=SU":    1,
		"FREQ=MONTHLY;COUNT=3;BYMONTH=9,10,11;BYMONTHDAY=-1":    1,
		"FREQ=MONTHLY;COUNT=3;BYMONTH=1;BYDAY=1MO;BYMONTHDAY=1": 1,
	} {
		s := seriesFeed(t, series(t, "2026-09-08", "18:00", "20:00", text), unchanged)
		feed := Feed{Zone: zone(t, "Europe/Helsinki"), Series: []Series{s}}
		if got := requireSameTimes(t, feed); got != rules {
			t.Errorf("%s: %d rules, want %d", text, got, rules)
		}
	}
	alone := Series{Event: event(t, "s", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"), Dates: []SeriesDate{
		{date(t, "2026-01-01"), event(t, "r", "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z")},
	}}
	if requireSameTimes(t, Feed{Series: []Series{alone}}) != 0 {
		t.Error("a series without a rule has one")
	}
}

func TestTheSeriesFormSaysTheSameTimesAsSingleEvents(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	rapid.Check(t, func(rt *rapid.T) {
		from := Minute(rapid.IntRange(0, 95).Draw(rt, "from") * 15)
		r := Recurrence{
			First: someDate(rt, "first"), Zone: helsinki, Rule: someRule(rt),
			Span: Span{from, from + Minute(rapid.IntRange(1, 40).Draw(rt, "quarters")*15)},
		}
		r.Last = r.First.AddDays(730)
		if _, err := r.Expand(); err != nil {
			rt.Skip("no such series")
		}
		s := seriesFeed(t, r, func(d *SeriesDate) bool {
			switch rapid.IntRange(0, 9).Draw(rt, "fate") {
			case 0:
				return false
			case 1:
				d.Event.Status = StatusCancelled
			case 2:
				shift := time.Duration(rapid.IntRange(-96, 96).Draw(rt, "shift")) * 15 * time.Minute
				d.Event.Begin, d.Event.End = d.Event.Begin.Add(shift), d.Event.End.Add(shift)
			case 3:
				d.Event.Summary = "Something else"
			}
			return true
		})
		requireSameTimes(rt, Feed{Zone: helsinki, Series: []Series{s}})
	})
}

type fataler interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// requireSameTimes reads a feed of series as a program would and compares it
// with the dates that stand. It answers how many rules there were.
func requireSameTimes(t fataler, f Feed) (rules int) {
	t.Helper()
	body := WriteFeed(f)
	parsed, err := ics.ParseCalendar(strings.NewReader(string(body)))
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if strings.Contains(string(body), "RDATE") {
		t.Errorf("there is an RDATE:\n%s", body)
	}
	var got, want []string
	masters := map[string]map[string]string{} // UID → start on the clock → times
	for _, e := range parsed.Events() {
		uid := e.GetProperty("UID").Value
		switch {
		case e.GetProperty("RRULE") != nil:
			rules++
			masters[uid] = readSeries(t, e)
		case e.GetProperty("RECURRENCE-ID") != nil:
			id := e.GetProperty("RECURRENCE-ID").Value
			if masters[uid][id] == "" {
				t.Errorf("%s replaces %s, which is not in the rule", uid, id)
			}
			masters[uid][id] = readTimes(t, e)
		default:
			got = append(got, readTimes(t, e))
		}
	}
	for _, dates := range masters {
		for _, times := range dates {
			got = append(got, times)
		}
	}
	for _, s := range f.Series {
		for _, d := range s.Dates {
			if d.Event.Status != StatusCancelled {
				want = append(want, timesText(d.Event.Begin, d.Event.End, d.Event.Summary))
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("read  %v\nstood %v\n%s", got, want, body)
	}
	return rules
}

// readSeries works a master out by our own reader, and holds it to R6 and R7.
func readSeries(t fataler, e *ics.VEvent) map[string]string {
	t.Helper()
	begin, end, loc := readBorders(t, e)
	text := e.GetProperty("RRULE").Value
	rule, err := ParseImportedRule(text)
	if err != nil || loc == time.UTC {
		t.Fatalf("%s: %v", text, err)
	}
	requireSafe(t, rule, text)
	set := RecurrenceSet{Start: wallOf(begin, loc), Zone: loc, Rules: []Rule{rule}, Until: rule.until.wall(loc)}
	for _, p := range e.GetProperties("EXDATE") {
		at, err := time.Parse(localForm, p.Value)
		if err != nil || p.ICalParameters["TZID"][0] != loc.String() {
			t.Fatalf("EXDATE %s: %v", p.Value, err)
		}
		set.Exclude = append(set.Exclude, resolve(at, loc).first().Instant)
	}
	list, startInRule, err := set.Expand()
	if err != nil || !startInRule {
		t.Fatalf("%s: start in rule %t, %v", text, startInRule, err)
	}
	if first := resolve(set.Start, loc).first(); !first.Exists || first.Ambiguous {
		t.Errorf("a rule begins at %v, which is no plain time", set.Start)
	}
	dates := map[string]string{}
	for _, at := range list {
		if !at.Exists || at.Ambiguous {
			t.Errorf("%s has %v by its rule", text, at)
		}
		dates[wallOf(at.Instant, loc).Format(localForm)] = timesText(at.Instant, at.Instant.Add(end.Sub(begin)), summaryOf(e))
	}
	return dates
}

func requireSafe(t fataler, rule Rule, text string) {
	t.Helper()
	each, nth := rule.daysByKind()
	mixed := len(each) > 0 && len(nth) > 0
	if mixed || rule.frequency == Monthly && len(rule.months) > 0 && len(nth) > 0 || rule.String() != text || rule.count > 0 {
		t.Errorf("%s is read differently by programs", text)
	}
	if ending := text[strings.Index(text, "UNTIL=")+14:]; !strings.HasPrefix(ending, "T205959Z") && !strings.HasPrefix(ending, "T215959Z") {
		t.Errorf("%s does not end with a local day", text)
	}
}

func readBorders(t fataler, e *ics.VEvent) (begin, end time.Time, loc *time.Location) {
	t.Helper()
	var borders [2]time.Time
	for i, name := range []ics.ComponentProperty{"DTSTART", "DTEND"} {
		p := e.GetProperty(name)
		form := utcForm
		loc = time.UTC
		if zoned := p.ICalParameters["TZID"]; zoned != nil {
			loc, _ = time.LoadLocation(zoned[0])
			form = localForm
		}
		at, err := time.Parse(form, p.Value)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		border := resolve(at, loc).first()
		if !border.Exists || border.Ambiguous {
			t.Errorf("%s of %s is no plain time of %s", name, p.Value, loc)
		}
		borders[i] = border.Instant
	}
	return borders[0], borders[1], loc
}

func readTimes(t fataler, e *ics.VEvent) string {
	begin, end, _ := readBorders(t, e)
	return timesText(begin, end, summaryOf(e))
}

func summaryOf(e *ics.VEvent) string { return cmp.Or(e.GetProperty("SUMMARY").Value, "?") }

func timesText(begin, end time.Time, summary string) string {
	return begin.UTC().Format(utcForm) + "/" + end.UTC().Format(utcForm) + " " + summary
}
