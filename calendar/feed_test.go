package calendar

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func event(t testing.TB, uid, begin, end string) Event {
	t.Helper()
	return Event{
		UID: uid, Stamp: instant(t, "2024-01-10T08:00:00Z"), Begin: instant(t, begin), End: instant(t, end),
		Summary: "Kuorosali", URL: "https://tilat.example/fi/varaukset/V-2024-000001",
	}
}

// sampleFeed has a summer and a winter event, one in the doubled hour, and
// texts that need folding and escaping.
func sampleFeed(t testing.TB) Feed {
	t.Helper()
	winter := event(t, "r-1001@tilat.example", "2024-01-15T08:00:00Z", "2024-01-15T10:00:00Z")
	winter.Description = "Kuoron viikkoharjoitus; tuokaa nuotit, vesipullo ja sisäkengät.\nOvi aukeaa koodilla, joka lähetetään päivää ennen. Åbo Akademis Kör är med på övningen."
	winter.Location = "Keskustakirjasto Oodi, Töölönlahdenkatu 4, 00100 Helsinki"
	winter.Categories = []string{"Musiikki", "Kulttuuri, taide"}
	winter.Geo = &Geo{Latitude: 60.17395, Longitude: 24.93795}
	summer := event(t, "r-1002@tilat.example", "2024-07-15T07:00:00Z", "2024-07-15T09:00:00Z")
	summer.Sequence, summer.Status = 3, StatusTentative
	doubled := event(t, "r-1003@tilat.example", "2024-10-27T01:30:00Z", "2024-10-27T03:00:00Z")
	doubled.Summary, doubled.Transparent = "Yöpäivystys 🌙 \\o/", true
	return Feed{
		Name: "Omat varaukset, Vuoro", Description: "Varaukset kaupungin tiloihin", URL: "https://tilat.example/fi/omat",
		Refresh: 90 * time.Minute, Zone: zone(t, "Europe/Helsinki"), Events: []Event{summer, doubled, winter},
	}
}

func TestGoldenFeed(t *testing.T) {
	requireGolden(t, "testdata/feed.golden.ics", WriteFeed(sampleFeed(t)))
}

func TestGoldenEvent(t *testing.T) {
	e := sampleFeed(t).Events[2]
	e.Zone = zone(t, "Europe/Helsinki")
	requireGolden(t, "testdata/event.golden.ics", WriteEvent(e))
}

func requireGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	requireWellFormed(t, got)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s (rewrite with -update):\n%s", path, got)
	}
}

func TestFeedHead(t *testing.T) {
	parsed, _ := readFeed(t, WriteFeed(sampleFeed(t)))
	var head []string
	for _, p := range parsed.CalendarProperties {
		head = append(head, p.IANAToken+":"+p.Value)
	}
	want := []string{
		"VERSION:2.0", "PRODID:" + productID, "CALSCALE:GREGORIAN",
		"NAME:Omat varaukset, Vuoro", "X-WR-CALNAME:Omat varaukset, Vuoro",
		"DESCRIPTION:Varaukset kaupungin tiloihin", "X-WR-CALDESC:Varaukset kaupungin tiloihin",
		"X-WR-TIMEZONE:Europe/Helsinki", "URL:https://tilat.example/fi/omat",
		"REFRESH-INTERVAL:PT1H30M", "X-PUBLISHED-TTL:PT1H30M",
	}
	if !slices.Equal(head, want) {
		t.Errorf("got  %q\nwant %q", head, want)
	}
	for _, never := range []string{"METHOD", "ORGANIZER", "ATTENDEE", "RRULE:FREQ=WEEKLY", "RECURRENCE-ID"} {
		if bytes.Contains(WriteFeed(sampleFeed(t)), []byte(never)) {
			t.Errorf("a subscription feed has %s", never)
		}
	}
}

func TestFeedRefresh(t *testing.T) {
	for given, want := range map[time.Duration]string{
		time.Minute: "PT1M", time.Hour: "PT1H", 24 * time.Hour: "PT24H", 61*time.Minute + 30*time.Second: "PT1H1M",
	} {
		body := WriteFeed(Feed{Name: "x", Refresh: given})
		if !bytes.Contains(body, []byte("REFRESH-INTERVAL;VALUE=DURATION:"+want+"\r\n")) {
			t.Errorf("%v: want %s in\n%s", given, want, body)
		}
	}
	if bytes.Contains(WriteFeed(Feed{Name: "x", Refresh: 59 * time.Second}), []byte("PUBLISHED")) {
		t.Error("less than a minute is not said")
	}
}

func TestFeedZonesOnceAndBeforeEvents(t *testing.T) {
	f := sampleFeed(t)
	for n, name := range []string{"Europe/Stockholm", "America/New_York", "Europe/Stockholm", "Europe/Helsinki"} {
		e := event(t, fmt.Sprintf("far-%d", n), "2024-02-01T10:00:00Z", "2024-02-01T11:00:00Z")
		e.Zone = zone(t, name)
		f.Events = append(f.Events, e)
	}
	parsed, _ := readFeed(t, WriteFeed(f))
	var order []string
	for _, c := range parsed.Components {
		if described, ok := c.(*ics.VTimezone); ok {
			order = append(order, described.GetProperty("TZID").Value)
		} else {
			order = append(order, "event")
		}
	}
	want := append([]string{"Europe/Helsinki", "America/New_York", "Europe/Stockholm"}, slices.Repeat([]string{"event"}, 7)...)
	if !slices.Equal(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
}

func TestFeedEventProperties(t *testing.T) {
	parsed, events := readFeed(t, WriteFeed(sampleFeed(t)))
	for _, e := range parsed.Events() {
		for _, name := range []string{"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "URL"} {
			if found := e.GetProperties(ics.ComponentProperty(name)); len(found) != 1 || found[0].Value == "" {
				t.Errorf("%s: %d of %s", e.Id(), len(found), name)
			}
		}
		begin, end := e.GetProperty("DTSTART"), e.GetProperty("DTEND")
		if fmt.Sprint(begin.ICalParameters) != fmt.Sprint(end.ICalParameters) {
			t.Errorf("%s: begin and end are written in different forms", e.Id())
		}
	}
	want := []readEvent{
		{status: "CONFIRMED", transp: "OPAQUE", sequence: 0},
		{status: "TENTATIVE", transp: "OPAQUE", sequence: 3},
		{status: "CONFIRMED", transp: "TRANSPARENT", sequence: 0},
	}
	for n, e := range events {
		if e.status != want[n].status || e.transp != want[n].transp || e.sequence != want[n].sequence {
			t.Errorf("event %d: %+v", n, e)
		}
		if e.stamp != instant(t, "2024-01-10T08:00:00Z") {
			t.Errorf("event %d: stamp %v is not the last change", n, e.stamp)
		}
	}
}

func TestSummaryIsNeverEmpty(t *testing.T) {
	for _, c := range []struct{ summary, location, want string }{
		{"Harjoitus", "Oodi", "Harjoitus"}, {" \x00\r\n ", "Oodi", "Oodi"}, {"", " \t ", "Vuoro"},
	} {
		e := event(t, "r-1", "2024-05-06T08:00:00Z", "2024-05-06T09:00:00Z")
		e.Summary, e.Location = c.summary, c.location
		if _, events := readFeed(t, WriteEvent(e)); events[0].summary != c.want {
			t.Errorf("%q at %q: summary %q", c.summary, c.location, events[0].summary)
		}
	}
}

func TestFeedBytesAreStable(t *testing.T) {
	f := sampleFeed(t)
	want, order := WriteFeed(f), slices.Clone(f.Events)
	for range 20 {
		rand.Shuffle(len(f.Events), func(i, j int) { f.Events[i], f.Events[j] = f.Events[j], f.Events[i] })
		if !bytes.Equal(WriteFeed(f), want) {
			t.Fatal("the order of events shows in the bytes")
		}
	}
	f.Events = order
	WriteFeed(f)
	for n := range order {
		if f.Events[n].UID != order[n].UID {
			t.Error("the caller's events were reordered")
		}
	}
}

func TestETag(t *testing.T) {
	f := sampleFeed(t)
	tag := ETag(WriteFeed(f))
	if len(tag) != 45 || tag[0] != '"' || tag[44] != '"' || strings.ContainsAny(tag[1:44], "\" ,;") {
		t.Errorf("%s is no strong entity tag", tag)
	}
	if again := ETag(WriteFeed(sampleFeed(t))); again != tag {
		t.Errorf("same data, other tag: %s and %s", tag, again)
	}
	f.Events[0].Sequence++
	if changed := ETag(WriteFeed(f)); changed == tag {
		t.Error("a change keeps the tag")
	}
	// printf '' | openssl dgst -sha256 -binary | basenc --base64url
	if ETag(nil) != `"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"` {
		t.Errorf("tag of nothing: %s", ETag(nil))
	}
}

func TestCancelledIsGoneAndMovedKeepsItsUID(t *testing.T) {
	f := sampleFeed(t)
	f.Events[0].Begin = f.Events[0].Begin.Add(24 * time.Hour)
	f.Events[0].End = f.Events[0].End.Add(24 * time.Hour)
	f.Events[0].Sequence++
	f.Events[2].Status = StatusCancelled
	_, events := readFeed(t, WriteFeed(f))
	if len(events) != 2 || events[0].uid != "r-1002@tilat.example" || events[0].sequence != 4 ||
		events[0].begin != instant(t, "2024-07-16T07:00:00Z") || events[1].uid != "r-1003@tilat.example" {
		t.Errorf("got %+v", events)
	}
}

func TestUIDIsTheCallersThroughEveryEdit(t *testing.T) {
	e := event(t, "0190d3c2-7e5b-7c3e-8f11-2b7d4b1a9c55@tilat.example", "2024-05-06T08:00:00Z", "2024-05-06T09:00:00Z")
	edits := []func(){
		func() { e.Summary = "Toinen nimi" },
		func() { e.Location = "Toinen sali" },
		func() { e.Begin, e.End = e.Begin.Add(time.Hour), e.End.Add(time.Hour); e.Sequence++ },
		func() { e.Zone = zone(t, "Europe/Stockholm") },
	}
	for n, edit := range edits {
		edit()
		for _, body := range [][]byte{WriteEvent(e), WriteFeed(Feed{Events: []Event{e}})} {
			if _, events := readFeed(t, body); len(events) != 1 || events[0].uid != e.UID {
				t.Errorf("after edit %d: %+v", n, events)
			}
		}
	}
}

func TestEmptyFeedIsAValidCalendar(t *testing.T) {
	for _, loc := range []*time.Location{zone(t, "Europe/Helsinki"), time.UTC, nil, time.FixedZone("here", 7200)} {
		parsed, events := readFeed(t, WriteFeed(Feed{Name: "Tyhjä", Zone: loc}))
		if len(events) != 0 || len(parsed.Timezones()) != 1 || len(parsed.Components) != 1 {
			t.Errorf("%v: %d events, %d zones", loc, len(events), len(parsed.Timezones()))
		}
	}
}

func TestSingleEventHasNoCalendarName(t *testing.T) {
	e := sampleFeed(t).Events[2]
	e.Zone = zone(t, "Europe/Helsinki")
	parsed, events := readFeed(t, WriteEvent(e))
	if len(events) != 1 || len(parsed.Timezones()) != 1 || len(parsed.CalendarProperties) != 3 {
		t.Errorf("%d events, %d zones, head %v", len(events), len(parsed.Timezones()), parsed.CalendarProperties)
	}
	e.Zone = nil
	if parsed, events := readFeed(t, WriteEvent(e)); len(parsed.Timezones()) != 0 || events[0].begin != e.Begin {
		t.Errorf("without a zone: %d zones, begin %v", len(parsed.Timezones()), events[0].begin)
	}
	e.Status = StatusCancelled
	if _, events := readFeed(t, WriteEvent(e)); events[0].status != "CANCELLED" {
		t.Errorf("a cancelled event's file says %s", events[0].status)
	}
}

func TestScenario59_SameHourInSummerAndWinter(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	f := Feed{Name: "Kuoro", Zone: helsinki}
	for _, day := range []string{"2024-01-15", "2024-07-15"} {
		e := event(t, "monday-"+day, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
		e.Begin = Resolve(date(t, day), minute(t, "10:00"), helsinki).Instant
		e.End = Resolve(date(t, day), minute(t, "12:00"), helsinki).Instant
		f.Events = append(f.Events, e)
	}
	body := WriteFeed(f)
	for _, line := range []string{
		"DTSTART;TZID=Europe/Helsinki:20240115T100000", "DTEND;TZID=Europe/Helsinki:20240115T120000",
		"DTSTART;TZID=Europe/Helsinki:20240715T100000", "DTEND;TZID=Europe/Helsinki:20240715T120000",
	} {
		if !bytes.Contains(body, []byte(line+"\r\n")) {
			t.Errorf("lacks %s", line)
		}
	}
	_, events := readFeed(t, body)
	if events[0].begin != instant(t, "2024-01-15T08:00:00Z") || events[1].begin != instant(t, "2024-07-15T07:00:00Z") {
		t.Errorf("a program reads %v and %v", events[0].begin, events[1].begin)
	}
}

func TestDoubledHourIsWrittenInUTC(t *testing.T) {
	cases := []struct {
		name, begin, end, line string
	}{
		{"begins in the first pass", "2024-10-27T00:30:00Z", "2024-10-27T03:00:00Z", "DTSTART:20241027T003000Z"},
		{"begins in the second pass", "2024-10-27T01:30:00Z", "2024-10-27T03:00:00Z", "DTSTART:20241027T013000Z"},
		{"ends in it", "2024-10-26T20:00:00Z", "2024-10-27T00:30:00Z", "DTSTART:20241026T200000Z"},
		{"begins just before", "2024-10-26T23:59:00Z", "2024-10-27T02:00:00Z", "DTSTART;TZID=Europe/Helsinki:20241027T025900"},
		{"lies over the gap", "2024-03-31T00:59:00Z", "2024-03-31T01:00:00Z", "DTSTART;TZID=Europe/Helsinki:20240331T025900"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := event(t, "r-1", c.begin, c.end)
			e.Zone = zone(t, "Europe/Helsinki")
			body := WriteEvent(e)
			if _, events := readFeed(t, body); events[0].begin != e.Begin || events[0].end != e.End {
				t.Errorf("a program reads %v to %v", events[0].begin, events[0].end)
			}
			if !bytes.Contains(body, []byte(c.line+"\r\n")) {
				t.Errorf("lacks %s in\n%s", c.line, body)
			}
		})
	}
}

func TestScenario130_ReadsBackWithEqualTimesAndTexts(t *testing.T) {
	f := sampleFeed(t)
	body := WriteFeed(f)
	if !bytes.Contains(body, []byte("\r\n ")) {
		t.Fatal("the sample folds no line")
	}
	unfolded := bytes.ReplaceAll(body, []byte("\r\n "), nil)
	for _, escaped := range []string{
		`DESCRIPTION:Kuoron viikkoharjoitus\; tuokaa nuotit\, vesipullo ja sisäkengät.\nOvi aukeaa`,
		`LOCATION:Keskustakirjasto Oodi\, Töölönlahdenkatu 4\, 00100 Helsinki`, `SUMMARY:Yöpäivystys 🌙 \\o/`,
	} {
		if !bytes.Contains(unfolded, []byte(escaped)) {
			t.Errorf("lacks %s", escaped)
		}
	}
	_, events := readFeed(t, body)
	for n, given := range standing(f.Events) {
		got := events[n]
		if got.begin != given.Begin || got.end != given.End || got.summary != given.Summary ||
			got.description != given.Description || got.location != given.Location || got.url != given.URL {
			t.Errorf("got  %+v\nwant %+v", got, given)
		}
	}
}

func TestPropertyFeedReadsBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := Feed{Name: rapid.String().Draw(r, "name"), Zone: anyZone(r)}
		for n := range rapid.IntRange(0, 6).Draw(r, "events") {
			begin := anyInstant(r, "begin")
			f.Events = append(f.Events, Event{
				UID: fmt.Sprintf("r-%d@tilat.example", n), Stamp: anyInstant(r, "stamp"), Sequence: n, Begin: begin,
				End:     begin.Add(time.Duration(rapid.IntRange(1, 5000).Draw(r, "minutes")) * time.Minute),
				Summary: "x" + rapid.StringOf(rapid.Rune()).Draw(r, "summary"), Description: rapid.String().Draw(r, "description"),
			})
		}
		_, events := readFeed(t, WriteFeed(f))
		if len(events) != len(f.Events) {
			r.Fatalf("%d events of %d", len(events), len(f.Events))
		}
		for n, given := range standing(f.Events) {
			got := events[n]
			if got.uid != given.UID || got.begin != given.Begin || got.end != given.End || got.stamp != given.Stamp ||
				got.sequence != given.Sequence || got.summary != cleanLine(given.Summary) || got.description != cleanText(given.Description) {
				r.Fatalf("got %+v\nwant %+v", got, given)
			}
		}
	})
}

func BenchmarkWriteFeed(b *testing.B) {
	f := Feed{Name: "Liikuntahalli", Zone: zone(b, "Europe/Helsinki")}
	for n := range 1000 {
		e := event(b, fmt.Sprintf("r-%d", n), "2024-01-15T08:00:00Z", "2024-01-15T10:00:00Z")
		e.Begin, e.End = e.Begin.AddDate(0, 0, n%400), e.End.AddDate(0, 0, n%400)
		f.Events = append(f.Events, e)
	}
	for b.Loop() {
		WriteFeed(f)
	}
}
