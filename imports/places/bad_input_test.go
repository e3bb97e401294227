package places_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"vuoro/db/dbtest"
	"vuoro/imports/places"
)

// inUnit is a CSV file with a unit and the rows given.
func inUnit(rows ...string) string {
	return "row;key;slug;unit;parent;name_fi;rules;rule_book;parts;type;state;hours;price;raster;resource\n" +
		"rule_book;city;;;;;everybody: allow free\n" +
		"unit;;talo;;;Talo\n" + strings.Join(rows, "\n")
}

// inJSON is a JSON file with a unit that has the fields given.
func inJSON(fields string) string {
	return `{"format": "vuoro-places", "version": 1,
"units": [
 {"slug": "talo", "name": {"fi": "Talo"}, ` + fields + `}
]}`
}

func utf16le(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

// badFiles are files that nobody should send, and what they are told. Each is
// refused as a whole.
var badFiles = map[string]struct {
	file string
	want []string
}{
	"half a CSV":                        {inUnit(`space;sali;;talo;;"Sali`, "device;x"), []string{`4:1 : The quotation marks do not match`}},
	"a quote in the middle":             {inUnit(`space;sali;;talo;;Sa"li`), []string{`4:21 : The quotation marks`}},
	"Windows-1252":                      {"row;slug;name_fi\nunit;talo;P\xe4iv\xe4koti", []string{`2:12 : From here on the text is not UTF-8`}},
	"replaced letters":                  {"row;slug;name_fi\nunit;talo;P\ufffdiv\ufffdkoti", []string{`2:12 : From here on the text is not UTF-8`}},
	"UTF-16 without a mark":             {utf16le("row;slug\nunit;talo")[2:], []string{`1:2 : The file has characters that no text has`}},
	"UTF-16 cut in a letter":            {utf16le("row;slug\nunit;talo") + "x", []string{`2:10 : From here on the text is not UTF-8`}},
	"an XLSX file":                      {"PK\x03\x04\x14\x00\x06\x00", []string{`1:1 : This is a packed file or an Excel workbook. Save the table as “CSV UTF-8”`}},
	"an old Excel file":                 {"\xd0\xcf\x11\xe0\xa1\xb1", []string{`Excel workbook`}},
	"a packed file":                     {"\x1f\x8b\x08", []string{`neither a CSV nor a JSON file`}},
	"nothing":                           {" \r\n ", []string{`1:1 : The file is empty`}},
	"more than 20 MB":                   {strings.Repeat("x", places.MaxSize+1), []string{`1:1 : The file is larger than 20 MB`}},
	"NUL bytes":                         {"row;slug\nunit;ta\x00lo", []string{`2:8 : The file has characters that no text has`}},
	"10 000 columns":                    {strings.Repeat("row;", 10_000), []string{`1:1 : There are 10,001 columns, at most 200 are read`}},
	"a row of 10 000 cells":             {"row;slug\nunit;talo" + strings.Repeat(";x", 10_000), []string{`2:11 : The row has 10,002 cells, the first row 2`}},
	"no column that says what a row is": {"slug;name_fi\ntalo;Talo", []string{`1:1 : The first row must name the columns`}},
	"an unknown column":                 {"row;slug;nmae_fi\nunit;talo;Talo", []string{`1:10 nmae_fi: There is no column “nmae_fi”. The nearest are: name_fi`}},
	"a column twice":                    {"row;slug;slug\nunit;talo;torni", []string{`1:10 slug: The column “slug” is there twice`}},
	"an unknown kind of row":            {inUnit("romm;sali"), []string{`4:1 : There is no kind of row “romm”. The column “row” can have: rule_book, unit, hours`}},
	"a cell of another kind of row":     {inUnit("space;sali;;talo;;Sali;;;;;;;;45"), []string{`4:31 raster: The column “raster” does not belong to rows of the kind “space”`}},
	"a slug twice":                      {inUnit("resource;;sali;talo;;Sali", "resource;;sali;talo;;Toinen sali"), []string{`5:11 slug: “sali” is already in line 4`}},
	"a unit twice":                      {inUnit("unit;;talo;;;Torni"), []string{`4:7 slug: “talo” is already in line 3`}},
	"spaces in a circle": {
		inUnit("space;a;;talo;b;A", "space;b;;talo;c;B", "space;c;;talo;a;C"),
		[]string{`6:15 parent: The space lies inside itself: see also “a” in line 4`},
	},
	"a space in itself":            {inUnit("space;a;;talo;a;A"), []string{`4:15 parent: The space lies inside itself`}},
	"a parent that does not exist": {inUnit("space;sali;;talo;;Sali", "space;a;;talo;saili;A"), []string{`5:15 parent: The site has no space “saili”. The nearest are: sali`}},
	"a unit that does not exist":   {inUnit("space;sali;;torni;;Sali"), []string{`4:13 unit: The site “torni” is neither here nor in the file. The nearest are: talo`}},
	"a part that does not exist":   {inUnit("space;sali;;talo;;Sali", "resource;;sali;talo;;Sali;;;salli, device:piano"), []string{`5:29 parts: The site has no space “salli”. The nearest are: sali.`, `5:29 parts: The site has no device “piano”`}},
	"a key with a comma":           {inUnit(`space;"sali, iso";;talo;;Sali`), []string{`4:7 key: The key “sali, iso” cannot be used`}},
	"an unknown type":              {inUnit("resource;;sali;talo;;Sali;;;;kokoushuone"), []string{`4:30 type: The word “kokoushuone” is not known. The nearest are: meeting_room`}},
	"hours that cannot be read":    {inUnit("hours;;;talo;;;;;;;;Mo-Fr 8-25:99"), []string{`4:21 hours: The hours “Mo-Fr 8-25:99” cannot be read`}},
	"hours of nobody":              {inUnit("hours;;;;;;;;;;;Mo 8-10"), []string{`4:9 unit: “unit” is missing`}},
	"hours of an unknown resource": {inUnit("hours;;;;;;;;;;;Mo 8-10;;;salli"), []string{`4:27 resource: The resource “salli” is neither here nor in the file`}},
	"rules that cannot be read":    {inUnit("rule_book;other;;;;;asociation: allow"), []string{`4:21 rules: The word “asociation” is not known. The nearest are: association`}},
	"an unknown rule book":         {inUnit("resource;;sali;talo;;Sali;;citty"), []string{`4:28 rule_book: There is no rule book “citty”. The nearest are: city`}},
	"no rule book at all":          {"row;slug;unit;name_fi\nunit;talo;;Talo\nresource;sali;talo;Sali", []string{`3:1 rule_book: There is no rule book yet, so nobody could book. Add a rule_book`}},
	"three mistakes at once": {
		inUnit("resource;;sali;talo;;Sali;;;;;;;ilmainen;x", "resource;;;talo;;Nimetön"),
		[]string{`4:33 price: “ilmainen” is not a price`, `4:42 raster: “x” is not a number`, `5:11 slug: “slug” is missing`},
	},
	"what the places themselves refuse": {
		inUnit("resource;;sali;talo;;Sali;;;;;published;;;5"),
		[]string{"raster: The start interval must be 15–420 minutes", "description_fi: The description is missing", "parts: Choose the spaces", "access:", "type: Choose the type"},
	},
	"half a JSON":      {inJSON(`"city": "Hels`)[:90], []string{`3:39 : This is not JSON`}},
	"a comma too many": {inJSON(`"city": "Helsinki",,`), []string{`3:61 : This is not JSON`}},
	"trailing garbage": {house + "units", []string{`93:1 : The file goes on after its content has ended`}},
	"two files in one": {inJSON(`"city": "x"`) + "\n{}", []string{`5:1 : The file goes on after its content has ended`}},
	"no format":        {`{"units": []}`, []string{`1:1 : The file must begin with "format": "vuoro-places"`}},
	"a later version":  {`{"format": "vuoro-places", "version": 2}`, []string{`1:28 version: The file must begin with`}},
	"unknown fields":   {inJSON(`"ctiy": "x", "resources": [{"slug": "sali", "colour": {"a": [1]}}]`), []string{`3:43 units[0].ctiy: There is no field “ctiy”. The nearest are: city`, `3:87 units[0].resources[0].colour: There is no field “colour”`}},
	"a field twice":    {inJSON(`"slug": "torni"`), []string{`3:43 units[0].slug: The field “slug” is there twice`}},
	"values of another sort": {
		inJSON(`"city": ["x"], "example": "maybe", "spaces": {}, "devices": [3], "description": "Talo"`),
		[]string{`units[0].city: The value is of the wrong sort. Write it like this: "…"`, `units[0].example: “maybe” is neither yes nor no`, `units[0].spaces: There must be a list`, `units[0].devices[0]: There must be fields in braces`, `units[0].description: The value is of the wrong sort. Write it like this: {"fi"`},
	},
	"a hidden NUL":           {inJSON(`"city": "Hel\u0000sinki"`), []string{`units[0].city: The text contains characters`, `The text contains characters that cannot be stored`}},
	"half a letter":          {inJSON(`"city": "Hel\ud800sinki"`), []string{`3:51 : The text contains characters`}},
	"nested 100 000 deep":    {inJSON(`"city": ` + strings.Repeat("[", 100_000)), []string{`3:43 units[0].city: The value is of the wrong sort`, `This is not JSON`}},
	"spaces nested too deep": {inJSON(`"spaces": [` + strings.Repeat(`{"key": "a", "parts": [`, 40)), []string{`More than 20 spaces lie in each other`}},
	"rules with a mistake": {`{"format": "vuoro-places", "version": 1, "rule_books": [
{"key": "city", "rules": {"version": 1, "rules": [{"id": "x", "effects": {"verdict": "perhaps"}}]}}]}`, []string{`2:17 rule_books[0].rules: There is a mistake in the rules: rule “x”, at “effects.verdict”`}},
}

func TestBadInputIsNamedAndRefused(t *testing.T) {
	d := dbtest.New(t)
	for name, c := range badFiles {
		t.Run(name, func(t *testing.T) {
			_, err := service(d).Import(t.Context(), places.Order{Data: []byte(c.file)})
			got := told(err)
			if len(got) == 0 {
				t.Fatalf("accepted, or refused without mistakes: %v", err)
			}
			for _, want := range c.want {
				if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, want) }) {
					t.Errorf("nothing says\n  %s\nbut\n  %s", want, strings.Join(got, "\n  "))
				}
			}
			if len(c.want) == 1 && len(got) > 2 {
				t.Errorf("%d mistakes told for one:\n  %s", len(got), strings.Join(got, "\n  "))
			}
		})
	}
	if n := count(t, d, "SELECT (SELECT count(*) FROM units) + (SELECT count(*) FROM rule_books) + (SELECT count(*) FROM audit)"); n > 0 {
		t.Errorf("%d rows are half-imported", n)
	}
}

func TestManyMistakesAreCounted(t *testing.T) {
	var rows []string
	for i := range 130 {
		rows = append(rows, fmt.Sprintf("resource;;r%d;talo;;Nimi;;;;;;;kallis", i))
	}
	_, err := service(dbtest.New(t)).Import(t.Context(), places.Order{Data: []byte(inUnit(rows...))})
	var mistakes *places.Mistakes
	if !errors.As(err, &mistakes) || len(mistakes.List) != 100 || mistakes.More != 30 || mistakes.List[99].Line != 103 {
		t.Errorf("got %v", err)
	}
}
