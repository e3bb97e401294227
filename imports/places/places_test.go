package places_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/imports/places"
	"vuoro/resources"
	"vuoro/web/locales"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

var noon = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func service(d *db.DB) *places.Service {
	clock := func() time.Time { return noon }
	return &places.Service{DB: d, Now: clock, Zone: helsinki, Resources: &resources.Service{DB: d, Now: clock, Zone: helsinki}}
}

func load(t *testing.T, d *db.DB, file string) places.Summary {
	t.Helper()
	summary, err := service(d).Import(t.Context(), places.Order{Data: []byte(file)})
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(told(err), "\n"))
	}
	return summary
}

func export(t *testing.T, d *db.DB, format string) string {
	t.Helper()
	file, err := service(d).Export(t.Context(), places.Choice{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// told are the mistakes as people read them: "line:column name: sentence".
func told(err error) []string {
	var mistakes *places.Mistakes
	if !errors.As(err, &mistakes) {
		return nil
	}
	english := locales.New("en", nil)
	var list []string
	for _, m := range mistakes.List {
		list = append(list, fmt.Sprintf("%d:%d %s: %s", m.Line, m.Column, m.Name, english.T(m.Fault.Code, m.Fault.Params)))
	}
	return list
}

func count(t *testing.T, d *db.DB, sql string) (n int) {
	t.Helper()
	if err := d.Query(t.Context(), &n, sql); err != nil {
		t.Fatal(err)
	}
	return n
}

// house is a file with one of everything.
const house = `{
  "format": "vuoro-places",
  "version": 1,
  "rule_books": [
    {
      "key": "own",
      "unit": "talo",
      "name": {"fi": "Talon omat", "sv": "Husets egna", "en": "The house's own"},
      "base": "city",
      "base_first": true,
      "valid_from": "2025-01-01",
      "decision": "Board of the house",
      "decision_address": "https://example.org/1",
      "rules": {"version": 1, "rules": [
        {"id": "late", "when": {"from": "20:00"}, "where": {"groups": ["gym-a"]}, "effects": {"verdict": "approval"}}
      ]},
      "examples": [
        {"name": "Ilta", "resource": "sali", "class": "association", "persons": 5, "verdict": "allow", "cents": 0}
      ]
    },
    {
      "key": "city",
      "valid_from": "2022-04-06",
      "decision": "City board § 1",
      "rules": "association, residents_group: allow free; person: allow list; company: approval 50%; everybody: refuse"
    }
  ],
  "units": [
    {
      "slug": "talo",
      "name": {"fi": "Talo", "sv": "Huset", "en": "House"},
      "description": {"fi": "=1+1 on kaava"},
      "address": "-katu 1",
      "latitude": -33.5,
      "longitude": 24.938158,
      "phone": "+358 9 310 1",
      "holidays": "closed",
      "example": true,
      "hours": [
        "Mo-Fr 08:00-16:00 core; Mo-Fr 16:00-21:00; Sa,Su 18:00-02:00",
        {"name": {"fi": "Joulu"}, "from": "2026-12-24", "to": "2026-12-26", "override": true, "hours": "closed"},
        {"name": {"fi": "Oppitunnit"}, "description": {"fi": "Lukujärjestys"}, "from": "2026-08-17", "to": "2027-06-05", "overlay": true, "school": "term", "hours": "Mo-Fr 08:00-14:00 core period/week/1/2 state:reserved fi:\"Liikunta; ryhmä 1\"", "origin": "ical:gym.ics"}
      ],
      "spaces": [
        {
          "key": "hall",
          "name": {"fi": "Sali"},
          "parts": [
            {"key": "a", "name": {"fi": "Lohko A"}},
            {"key": "b", "name": {"fi": "Lohko B"}}
          ]
        },
        {"key": "shed", "name": {"fi": "Vaja"}}
      ],
      "devices": [
        {"key": "bikes", "name": {"fi": "Pyörä"}, "count": 5, "space": "shed"}
      ],
      "resources": [
        {
          "slug": "sali",
          "name": {"fi": "'=Sali; \"iso\""},
          "type": "event_hall",
          "parts": ["hall", "device:bikes*2"],
          "state": "published",
          "rule_book": "own",
          "description": {"fi": "Sali\njossa; kaikuu", "sv": "Sal", "en": "Hall"},
          "purposes": ["event", "music"],
          "equipment": ["piano"],
          "persons_max": 60,
          "area_m2": 138.5,
          "step_free": false,
          "access": "agreed",
          "price": 7.30,
          "price_note": {"fi": "sis. alv"},
          "cancel_minutes": "never",
          "required_fields": ["title", "purpose"],
          "groups": ["gym-a", "gym-halves"],
          "adult_only": true,
          "publish_from": "2026-12-01 08:00",
          "publish_to": "2026-10-25T00:30:15Z",
          "hours": "Mo-Su 00:00-24:00"
        },
        {
          "slug": "lohko-a",
          "name": {"fi": "Lohko A"},
          "parts": ["a"],
          "rule_book": "city"
        }
      ]
    }
  ]
}
`

func TestExportGivesTheSameFile(t *testing.T) {
	d := dbtest.New(t)
	load(t, d, house)
	if again := export(t, d, places.JSON); again != house {
		t.Errorf("exported:\n%s", again)
	}
	table := export(t, d, places.CSV)
	other := dbtest.New(t)
	load(t, other, table)
	if again := export(t, other, places.CSV); again != table {
		t.Errorf("CSV:\n%s\nthen:\n%s", table, again)
	}
	if again := export(t, other, places.JSON); again != house {
		t.Errorf("through CSV:\n%s", again)
	}
}
