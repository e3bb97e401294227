package calendar_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/locales"
)

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSkipperLeavesOutWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		city, date string
		kinds      []string
		want       string
	}{
		{"Helsinki", "2026-12-06", []string{"holidays"}, "holiday.itsenaisyyspaiva"},
		{"Helsinki", "2026-12-06", []string{"school-breaks"}, ""},
		{"Helsinki", "2026-12-07", []string{"holidays", "school-breaks"}, ""},
		{"Helsinki", "2026-10-12", []string{"school-breaks"}, "school_break.syysloma"},
		{"helsinki ", "2026-10-16", []string{"school-breaks"}, "school_break.syysloma"},
		{"Helsinki", "2026-10-17", []string{"school-breaks"}, ""},
		{"Helsinki", "2026-10-12", nil, ""},
		{"Oulu", "2026-10-19", []string{"school-breaks"}, "school_break.syysloma"},
		{"Helsinki", "2026-10-19", []string{"school-breaks"}, ""},
		{"Helsinki", "2027-12-24", []string{"school-breaks", "holidays"}, "holiday.jouluaatto"},
		{"Nowhere", "2026-10-12", []string{"school-breaks"}, ""},
	} {
		skip, err := calendar.Skipper(c.city, c.kinds)
		if err != nil {
			t.Fatal(err)
		}
		if got := skip(day(t, c.date)); got != c.want {
			t.Errorf("%s in %s without %v: %q, want %q", c.date, c.city, c.kinds, got, c.want)
		}
	}
	_, err := calendar.Skipper("Helsinki", []string{"holidays", "full moon"})
	if !fault.Is(err, fault.Invalid) || fault.Code(err) != "calendar.skip_kind" {
		t.Error(err)
	}
}

// Every reason has its sentence, and the sentence its name in each language.
func TestEveryReasonHasASentence(t *testing.T) {
	reasons := map[string]calendar.Names{}
	for _, h := range calendar.Holidays(2026) {
		reasons[h.Key] = h.Names
	}
	for _, city := range []string{"Helsinki", "Siilinjärvi"} {
		for _, b := range calendar.SchoolBreaks(city) {
			reasons["school_break."+b.Kind] = calendar.Names{}
		}
	}
	if len(reasons) != 15+4 {
		t.Errorf("%d reasons: %v", len(reasons), slices.Sorted(maps.Keys(reasons)))
	}
	for key, names := range reasons {
		for lang, name := range map[string]string{"fi": names.Fi, "sv": names.Sv, "en": names.En} {
			text := locales.New(lang, nil).T(key)
			if !strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
				t.Errorf("%s: %q does not name %q", key, text, name)
			}
		}
	}
}

func TestSchoolBreaksAreSound(t *testing.T) {
	cities := []string{"Helsinki", "Espoo", "Vantaa", "Turku", "Tampere", "Oulu", "Vaasa", "Kotka", "Siilinjärvi", "Riihimäki", "Lohja"}
	found := 0
	for _, city := range cities {
		list := calendar.SchoolBreaks(city)
		found += len(list)
		for i, b := range list {
			if !b.From.Valid() || !b.To.Valid() || b.From.DaysUntil(b.To) < 0 || b.From.DaysUntil(b.To) > 17 || b.Names.Fi == "" {
				t.Errorf("%+v", b)
			}
			if i > 0 && !b.From.After(list[i-1].To) {
				t.Errorf("%+v overlaps %+v", b, list[i-1])
			}
		}
	}
	if found != 59 {
		t.Errorf("%d breaks, 59 were found in the sources", found)
	}
}

func TestUnknownBreaksAreTold(t *testing.T) {
	for _, c := range []struct{ city, from, to, want string }{
		{"Helsinki", "2026-09-01", "2026-11-30", ""},
		{"Helsinki", "2026-09-01", "2027-05-31", "joululoma 2026"},
		{"Helsinki", "2027-08-01", "2028-05-31", "talviloma 2028"},
		{"Helsinki", "2027-01-04", "2027-01-05", "joululoma 2026"},
		{"Kotka", "2026-08-12", "2027-06-05", ""},
		{"Nowhere", "2026-08-12", "2027-06-05", "syysloma 2026, joululoma 2026, talviloma 2027"},
		{"Nowhere", "2026-04-01", "2026-09-01", ""},
	} {
		var told []string
		for _, b := range calendar.UnknownBreaks(c.city, day(t, c.from), day(t, c.to)) {
			told = append(told, b.Kind+" "+b.From.String()[:4])
		}
		if got := strings.Join(told, ", "); got != c.want {
			t.Errorf("%s %s–%s: %q, want %q", c.city, c.from, c.to, got, c.want)
		}
	}
}
