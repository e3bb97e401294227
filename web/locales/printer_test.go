package locales

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vuoro/fault"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func printers(t testing.TB) map[string]Printer {
	t.Helper()
	helsinki := zone(t, "Europe/Helsinki")
	return map[string]Printer{"fi": New("fi", helsinki), "sv": New("sv", helsinki), "en": New("en", helsinki)}
}

func local(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone(t, "Europe/Helsinki"))
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestASentenceNamesItsValues(t *testing.T) {
	p := printers(t)
	latest, opens := local(t, "2026-11-20 16:05"), local(t, "2026-12-01 17:30")
	params := fault.Params{"days": 14, "latest": latest, "opens": opens}
	for lang, want := range map[string]string{
		"fi": "Tilan voi varata enintään 14 päivää etukäteen, nyt viimeistään pe 20.11.2026. Tämä aika tulee varattavaksi ti 1.12.2026 klo 17.30.",
		"sv": "Lokalen kan bokas högst 14 dagar på förhand, nu senast fre 20.11.2026. Den här tiden kan bokas från och med tis 1.12.2026 kl. 17.30.",
		"en": "This room can be booked at most 14 days ahead, now until Fri 20 Nov 2026. This time can be booked from Tue 1 Dec 2026, 17:30 on.",
	} {
		if got := p[lang].Fault(fault.New(fault.Refused, "booking.too_far_ahead", params)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", lang, got, want)
		}
	}
}

func TestPluralsFollowTheNumber(t *testing.T) {
	p := printers(t)
	for _, c := range []struct {
		lang string
		n    any
		want string
	}{
		{"fi", 0, "0 henkilöä"},
		{"fi", 1, "1 henkilö"},
		{"fi", 2, "2 henkilöä"},
		{"fi", 21, "21 henkilöä"},
		{"sv", 1, "1 person"},
		{"sv", 2, "2 personer"},
		{"en", int64(1), "1 person"},
		{"en", uint8(0), "0 people"},
		{"en", 1200, "1,200 people"},
		{"en", 1.0, "1 person"},
	} {
		if got := p[c.lang].T("count.persons", "n", c.n); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.n, got, c.want)
		}
	}
	if got := p["fi"].T("booking.too_soon", "days", 1, "earliest", "2026-11-24"); !strings.HasPrefix(got, "Tila on varattava vähintään 1 päivä etukäteen. Ensimmäinen mahdollinen päivä on ti 24.11.2026.") {
		t.Error(got)
	}
}

type span struct{ Begin, End time.Time }

type note struct {
	Fi string `json:"f"`
	Sv string
	En string
}

type state string

func TestValuesOfOtherPackagesArePrinted(t *testing.T) {
	p := printers(t)["fi"]
	spans := []span{
		{local(t, "2026-11-23 08:00"), local(t, "2026-11-23 16:00")},
		{local(t, "2026-11-24 08:00"), local(t, "2026-11-24 12:00")},
		{local(t, "2026-11-24 17:00"), local(t, "2026-11-25 00:00")},
		{local(t, "2026-11-25 08:00"), local(t, "2026-11-25 16:00")},
	}
	from, to := local(t, "2026-11-24 12:00"), local(t, "2026-11-24 13:30")
	want := "Tila on kiinni ti 24.11.2026 klo 12.00–13.30. Varattavissa: ti 24.11.2026 klo 8.00–12.00, 17.00–24.00."
	if got := p.T("booking.closed", fault.Params{"from": from, "to": to, "spans": spans}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := p.T("booking.closed", fault.Params{"from": from, "to": &to, "spans": spans[:1]}); !strings.HasSuffix(got, "Varattavissa: ei mitään sinä päivänä, kokeile toista päivää.") {
		t.Error(got)
	}
	if got := p.T("booking.rule", "note", note{Fi: "Kaupunginhallitus 20.8.2018 § 505."}, "rule", "x"); !strings.Contains(got, "varausta. Kaupunginhallitus 20.8.2018 § 505. Muuta") {
		t.Error(got)
	}
	if got := p.T("booking.rule", "note", note{}, "rule", "x"); !strings.Contains(got, "varausta. Muuta") {
		t.Error(got)
	}
	if got := p.T("booking.not_held", "state", state("cancelled")); !strings.Contains(got, "”Peruttu”") {
		t.Error(got)
	}
	if got := p.T("booking.field_missing", "field", "catering"); !strings.Contains(got, "tieto: catering.") {
		t.Error("an unknown word should stand as it is:", got)
	}
	if got := p.T("price.hour", "cents", 1550); got != "15,50 € / tunti" {
		t.Error(got)
	}
}

func TestTheCauseOfAFaultIsNotShown(t *testing.T) {
	p := printers(t)["en"]
	err := fault.Wrap(errors.New("password=hunter2"), fault.Unavailable, "database_down")
	if got := p.Fault(err); strings.Contains(got, "hunter2") || !strings.HasPrefix(got, "The service is unavailable") {
		t.Error(got)
	}
	if got := p.Fault(errors.New("nil map")); got != p.T("internal") {
		t.Error(got)
	}
}

func TestMissingSentencesAndParamsFailInTests(t *testing.T) {
	p := printers(t)["fi"]
	for name, f := range map[string]func(){
		"unknown key":   func() { p.T("no.such.key") },
		"unknown code":  func() { p.Fault(fault.New(fault.Internal, "no.such.code")) },
		"missing param": func() { p.T("count.persons") },
		"missing range": func() { p.T("booking.elsewhere", "from", time.Time{}) },
		"odd params":    func() { p.T("count.persons", "n") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestAnUnknownLanguageIsFinnish(t *testing.T) {
	if got := New("de", nil).T("action.book"); got != "Varaa" {
		t.Error(got)
	}
	if got := (Printer{}).Date(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)); got != "ma 23.11.2026" {
		t.Error(got)
	}
}

// Values that nobody expects are still printed, never a panic or a Go dump of
// a pointer.
func TestOddValues(t *testing.T) {
	p := printers(t)["fi"]
	var none *int
	for _, c := range []struct {
		format string
		value  any
		want   string
	}{
		{"", nil, "–"},
		{"", none, "–"},
		{"", []string{"a", "b"}, "a, b"},
		{"", Texts{Sv: "på svenska"}, "på svenska"},
		{"money", "abc", "abc"},
		{"date", "not a date", "not a date"},
		{"time", 1050, "17.30"},
		{"time", "17:30", "17.30"},
		{"date", "2026-11-23", "ma 23.11.2026"},
		{"datetime", "2026-11-23T15:30:00Z", "ma 23.11.2026 klo 17.30"},
		{"", true, "true"},
		{"", 12.25, "12,2"},
		{"length", 90, "1 tunti 30 minuuttia"},
		{"", time.March, "March"},
	} {
		if got := p.format(segment{name: "x", format: c.format}, plain(c.value), nil); got != c.want {
			t.Errorf("%v|%s: %q, want %q", c.value, c.format, got, c.want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	p := printers(b)["fi"]
	params := fault.Params{"days": 14, "latest": time.Unix(1e9, 0), "opens": time.Unix(1e9, 0)}
	for b.Loop() {
		p.T("booking.too_far_ahead", params)
	}
}
