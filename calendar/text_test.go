package calendar

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

const breakOut = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:evil"

func TestCleanText(t *testing.T) {
	for given, want := range map[string]string{
		"plain åäö; a,b\\c":            "plain åäö; a,b\\c",
		"a\r\nb\rc\nd":                 "a\nb\nc\nd",
		"a\u2028b\u2029c\u0085d\ve\ff": "a\nb\nc\nd\ne\nf",
		"tab\tstays":                   "tab\tstays",
		"nul\x00bell\x07\x1b":          "nulbell",
		"c1\u009b":                     "c1",
		"\xff\xfeabc":                  "\uFFFDabc",
		"  around \n":                  "around",
		"👩‍👩‍👧‍👦":                      "👩‍👩‍👧‍👦",
	} {
		if got := cleanText(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
	if got := cleanLine("one\r\ntwo\tthree"); got != "one two three" {
		t.Errorf("one line: %q", got)
	}
}

func TestCleanURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://tilat.example/v/1?a=b&c=d#e": "https://tilat.example/v/1?a=b&c=d#e",
		"http://127.0.0.1:8080/fi/tilat":      "http://127.0.0.1:8080/fi/tilat",
		" https://tilat.example/":             "https://tilat.example/",
		"https://tilat.example/tilat/töölö":   "https://tilat.example/tilat/t%C3%B6%C3%B6l%C3%B6",
		"https://tilat.example/?q=äö \"<>":    "https://tilat.example/?q=%C3%A4%C3%B6%20%22%3C%3E",
		"https://tilat.example/x\r\nATTACH:y": "",
		"https://tilat.example/\x00":          "",
		"javascript:alert(1)":                 "",
		"data:text/html,x":                    "",
		"/fi/tilat":                           "",
		"https://":                            "",
		"https:tilat.example":                 "",
		"https://a\"b/":                       "",
		"https://töölö.example/":              "https://t%C3%B6%C3%B6l%C3%B6.example/",
		"":                                    "",
	} {
		if got := cleanURL(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestInjectionLeavesOneEvent(t *testing.T) {
	nasty := []string{
		breakOut, "x\nEND:VCALENDAR", "\"quoted\";TZID=x:,\\", "\\n\\N\\;\\,", "a\x00b", strings.Repeat("🏀", 2560),
		strings.Repeat("a", 75), strings.Repeat("ä", 400), strings.Repeat("> ", 300), " \t \t ", ":", ";", "\\", "\u202eabc",
		strings.Repeat("\\", 200), strings.Repeat("\n", 50) + "x", "\ufeffBOM", "\xf0\x9f\x8f",
	}
	for _, text := range nasty {
		e := event(t, "r-1@tilat.example", "2024-05-06T08:00:00Z", "2024-05-06T09:00:00Z")
		e.UID, e.Summary, e.Description, e.Location, e.URL = "r-"+text, "s"+text, text, text, "https://tilat.example/?q="+text
		e.Status, e.Categories, e.Zone = Status(text), []string{text, text}, zone(t, "Europe/Helsinki")
		f := Feed{Name: text, Description: text, URL: text, Zone: e.Zone, Events: []Event{e}}
		parsed, events := readFeed(t, WriteFeed(f))
		if len(events) != 1 || len(parsed.Components) != 2 || events[0].begin != e.Begin || events[0].status != "CONFIRMED" {
			t.Errorf("%q: %d components, %+v", text, len(parsed.Components), events)
			continue
		}
		if got := events[0]; got.summary != cleanLine(e.Summary) || got.description != cleanText(text) || got.uid != cleanLine(e.UID) {
			t.Errorf("%q: read back as %+v", text, got)
		}
	}
}

func TestHostileZoneNameIsNotWritten(t *testing.T) {
	e := event(t, "r-1", "2024-05-06T08:00:00Z", "2024-05-06T09:00:00Z")
	e.Zone = time.FixedZone("x\r\nBEGIN:VEVENT", 3600)
	if _, events := readFeed(t, WriteEvent(e)); len(events) != 1 || events[0].begin != e.Begin {
		t.Errorf("got %+v", events)
	}
}

// printable texts must come back as they were.
func printable(text string) bool {
	return utf8.ValidString(text) && text == strings.TrimSpace(text) &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

func FuzzWriteFeed(f *testing.F) {
	for _, seed := range []string{
		breakOut, "Sähly, naiset – harjoitus; ks. \\n", "\"^n;:,\\", "a\x00\u0085\u2028b", strings.Repeat("🏀", 100),
		strings.Repeat("x ", 80), "\xc3(", "https://tilat.example/?a=b;c,d", "javascript:x", "", ">>>>", "\t",
	} {
		f.Add(seed, seed, seed, seed, seed)
	}
	f.Fuzz(func(t *testing.T, uid, summary, description, location, address string) {
		e := event(t, "r"+uid, "2024-10-27T00:30:00Z", "2024-11-27T00:30:00Z")
		e.Summary, e.Description, e.Location, e.URL, e.Categories = summary, description, location, address, []string{location}
		feed := Feed{Name: summary, Description: description, URL: address, Zone: time.UTC, Events: []Event{e, e}}
		feed.Events[1].UID += "2"
		parsed, events := readFeed(t, WriteFeed(feed))
		if len(events) != 2 || len(parsed.Components) != 3 || events[0].begin != e.Begin || events[0].end != e.End {
			t.Fatalf("%d components, %+v", len(parsed.Components), events)
		}
		if got := events[0]; (printable(summary) && summary != "" && got.summary != summary) ||
			(printable(description) && got.description != description) || (printable(location) && got.location != location) {
			t.Fatalf("read back as %+v", got)
		}
		if back, err := url.Parse(events[0].url); err != nil || !printable(events[0].url) || (events[0].url != "" && back.Host == "") {
			t.Fatalf("address %q", events[0].url)
		}
	})
}
