package hours_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"vuoro/calendar"
	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
)

// finnishText is a text from a city's pages, and what a person read in it; each
// row names its source.
type finnishText struct{ Text, Reading string }

func finnishTexts(t *testing.T) (list []finnishText) {
	t.Helper()
	file, err := os.Open("testdata/finnish_texts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var row finnishText
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		list = append(list, row)
	}
	return list
}

// What is not in the table has the reading's hours; the others are refused.
var refusedTexts = map[string]string{
	"Yhteinen kirjastovirkailija ma-pe 09-14": "1:1 text_unread",
	"joka päivä 07-":                          "1:12 text_open_end",
	"Generally, 16-21 Monday through Friday, 9-20 on Saturday and Sunday.": "1:1 text_unread",
	"7 a.m.-9 p.m.": "1:1 text_unread",
	"Kokoushuone 20 henkilölle ma - su klo 8.00 - 21.00": "1:1 text_unread",
}

func TestTextsOfCities(t *testing.T) {
	read := 0
	for _, row := range finnishTexts(t) {
		s, err := hours.ParseText(row.Text, policies.Open)
		if want, refused := refusedTexts[row.Text]; refused || err != nil {
			if placeOf(err) != want && want != "" || err == nil {
				t.Errorf("%q: %s, want %s", row.Text, placeOf(err), want)
			}
			t.Logf("refused %q: %s", row.Text, placeOf(err))
			continue
		}
		want, err := hours.ParseOSM(row.Reading, hours.OSMOptions{})
		if err != nil {
			t.Errorf("%q: %v", row.Reading, err)
			continue
		}
		first := calendar.Date{Year: 2020, Month: 12, Day: 1}
		if got, want := plans(s, first, 90), plans(want, first, 90); !slices.Equal(got, want) {
			t.Errorf("%q\n got %v\nwant %v", row.Text, got, want)
		}
		read++
	}
	if read < 9 {
		t.Errorf("%d texts are read", read)
	}
}

// The readings of the file are in opening_hours, but for those that name
// floors or have no end; dates without years are asked for 2023.
func TestReadingsOfTextsAreRead(t *testing.T) {
	refused := map[string]string{
		"Mo-Su 07:00+": "1:12 osm_open_end",
		"(floor 1) Mo 12:00-20:00; We,Fr 06:30-20:00; Su 11:00-20:00; (floor 2) We,Fr,Su 13:00-20:00; Mo off": "1:1 osm_sun",
		"(floor 1) Tu,Th 06:30-20:00; Sa 07:00-20:00; Su 07:00-08:00; (floor 2) Tu,Th,Sa 13:00-20:00":         "1:1 osm_sun",
	}
	for _, row := range finnishTexts(t) {
		if row.Reading == "" {
			continue
		}
		_, err := hours.ParseOSM(row.Reading, hours.OSMOptions{From: calendar.Date{Year: 2023, Month: 1, Day: 1}, Years: 1})
		if want := refused[row.Reading]; err == nil && want != "" || err != nil && placeOf(err) != want {
			t.Errorf("%q: %s, want %q", row.Reading, placeOf(err), want)
		}
	}
}

func TestTexts(t *testing.T) {
	for text, want := range map[string]string{
		"ma–pe 8–16, la suljettu":     "Mo-Fr 08:00-16:00 open",
		"tisdagar kl 10–12 och 14–16": "Tu 10:00-12:00 open; Tu 14:00-16:00 open",
		"Mon, Wed and Fri 9:00-17:00": "Mo,We,Fr 09:00-17:00 open",
		"pe-su 18-02":                 "Fr-Su 18:00-02:00 open",
		"Varje dag 7.30-22":           "Mo-Su 07:30-22:00 open",
		"Mon-Fri 9-5":                 "1:9 text_unread",
		"Mon to Fri 9-17":             "1:5 text_unread",
		"ma-pe 8-16, pe 8-14":         "1:13 text_twice",
		"suljettu la, su 12-18":       "1:17 text_unread",
		"ma":                          "1:1 text_times",
		"":                            "1:1 text_days",
		"8-16":                        "1:1 text_unread",
		"ma 8-16 paitsi heinäkuussa":  "1:9 text_unread",
		"31.2.2026 8-16":              "1:1 text_unread",
		"ma-pe 8-16\nlauantaisin sopimuksen mukaan": "2:13 text_unread",
	} {
		s, err := hours.ParseText(text, policies.Open)
		got := placeOf(err)
		if err == nil && len(s.Periods) == 1 {
			got = resources.WriteSpans(s.Periods[0].Spans.V)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("maanantaisin klo 10-18, ti-pe 8.30-16 sekä kuukauden viimeisenä lauantaina klo 10-15. 8.12.2026 suljettu")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := hours.ParseText(text, policies.Open); err != nil && placeOf(err) == err.Error() {
			t.Errorf("%q is refused without a place: %v", text, err)
		}
	})
}
