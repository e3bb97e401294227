package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/db/dbtest"
)

func uuidOf(t testing.TB, text string) uuid.UUID {
	t.Helper()
	uid, err := uuid.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func TestHome(t *testing.T) {
	w := newTown(t)
	p := w.browser("").open("/fi").is(http.StatusOK)
	p.count("form[role=search]", 1).count("article.room", 4).count("article.booking", 0)
	for _, button := range p.all("button[name=quick]") {
		w.browser("").open("/fi/tilat?persons=4&date=huomenna&quick="+attribute(button, "value")).is(http.StatusOK).
			says("[role=status]", "vapaa").says("a.chosen-chip", words(button)).count("a.chosen-chip", 2)
	}
	p.count("button[name=quick]", 3)
	// a card's time leads to the room with the time chosen
	start := p.all("a.chip-link")[0]
	room := w.browser("").open(attribute(start, "href")).is(http.StatusOK)
	room.says("button[data-book]", "Varaa "+words(start)+"–")
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.browser("resident").open("/fi").count("article.booking", 1).says("article.booking", "12.00–13.30")
	w.browser("other").open("/fi").count("article.booking", 0)
}

// At half past ten in the evening nothing is left of tonight.
func TestHomeLateInTheEvening(t *testing.T) {
	w := newTown(t)
	w.clock = w.at("2026-11-23 22:45")
	p := w.browser("").open("/en").is(http.StatusOK)
	p.says("h2", "Free tomorrow evening").count("article.room", 4).says("p.room-starts-head", "tomorrow")
}

func TestSearch(t *testing.T) {
	w := newTown(t)
	// the whole day of one room, and an hour of another
	w.who["resident"].book("kokous", "2026-11-25 06:00", "2026-11-25 23:00")
	for _, c := range []struct {
		name, query string
		status      int
		found       string // of role=status
		cards       int
	}{
		{"everything", "", 200, "4 tilaa", 4},
		{"a day on which one is full", "date=25.11.2026", 200, "3 vapaata tilaa", 3},
		{"other spellings of the day", "date=ke", 200, "3 vapaata tilaa", 3},
		{"tomorrow", "date=huomenna", 200, "4 vapaata tilaa", 4},
		{"text", "q=sali", 200, "1 tila", 1},
		{"too many people", "persons=21", 200, "0 tilaa", 0},
		{"between hours", "date=25.11.&from=21:00&to=23:00&minutes=120", 200, "3 vapaata tilaa", 3},
		{"longer than between the hours", "date=25.11.&from=21:00&to=22:00&minutes=120", 200, "0 vapaata tilaa", 0},
		{"now", "nyt=1", 200, "4 vapaata tilaa", 4},
		{"tonight", "tonight=1", 200, "4 vapaata tilaa", 4},
		{"weekend", "weekend=1", 200, "4 vapaata tilaa", 4},
		{"unit", "unit=toinen", 200, "1 tila", 1},
		{"bad date", "date=kissa", 422, "4 tilaa", 4},
		{"bad persons", "persons=-3", 422, "4 tilaa", 4},
		{"bad time", "from=kello", 422, "4 tilaa", 4},
		{"end before begin", "from=18:00&to=12:00", 422, "tilaa", 4},
		{"unknown type", "type=linna", 422, "4 tilaa", 4},
		{"ten thousand characters", "q=" + strings.Repeat("a", 10_000), 422, "4 tilaa", 4},
		{"control characters", "q=%00%01", 200, "0 tilaa", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			p := w.browser("").open("/fi/tilat?" + c.query).is(c.status)
			p.says("[role=status]", c.found).count("article.room", c.cards)
			if c.status == 422 {
				p.count("div.error-summary", 1)
			}
		})
	}
}

func TestSearchKeepsWhatWasTyped(t *testing.T) {
	w := newTown(t)
	p := w.browser("").open("/fi/tilat?date=kissa&persons=4&q=sali").is(422)
	for name, want := range map[string]string{"date": "kissa", "persons": "4", "q": "sali"} {
		if got := p.input(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if attribute(p.one("input[name=date]"), "aria-invalid") != "true" {
		t.Error("the date is not marked")
	}
	p.says("p.error", "kissa").count("article.room", 1)
}

// Each chip leads to the search without its own filter and with all others.
func TestChipsRemoveOneFilter(t *testing.T) {
	w := newTown(t)
	p := w.browser("").open("/sv/lokaler?persons=4&date=imorgon&stepfree=1&unit=talo").is(200)
	chips := p.all("a.chosen-chip")
	if len(chips) != 4 {
		t.Fatalf("%d chips", len(chips))
	}
	for _, chip := range chips {
		to, err := url.Parse(attribute(chip, "href"))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(to.Query()); n != 3 {
			t.Errorf("%s leads to %s", words(chip), to)
		}
	}
}

// The empty result names the filter that removes most, counts what there is
// without it, and the count is true.
func TestEmptySearchShowsAWayOut(t *testing.T) {
	w := newTown(t)
	p := w.browser("").open("/fi/tilat?persons=500&date=ti").is(200)
	p.says("div.empty", "”500 henkilöä”: ilman sitä löytyy 4 tilaa").count("article.room", 0)
	w.browser("").open(p.link("Näytä 4 tilaa")).count("article.room", 4)
	w.who["resident"].book("muu", "2026-11-24 06:00", "2026-11-24 23:00")
	p = w.browser("").open("/fi/tilat?unit=toinen&date=ti").is(200)
	w.browser("").open(p.link("Ke 25.11.: 1 vapaa")).is(200).count("article.room", 1)
}

func TestTimelineAndItsTable(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.who["resident"].book("sali", "2026-11-24 17:00", "2026-11-24 18:00") // a request
	p := w.browser("").open("/fi/tilat?view=timeline&date=24.11.2026").is(200)
	p.count("div.row", 4).says("li.item", "12.00–13.30 Varattu").silent("li.item", "Odottaa").silent("li.item", "resident")
	for _, n := range p.all("a.item-in") {
		if attribute(n, "style") != "" {
			t.Error("a position is written as style")
		}
	}
	free := p.all("a.item-in")[0]
	w.browser("").open(attribute(free, "href")).is(200).says("button[data-book]", "Varaa")
	table := w.browser("").open("/fi/tilat?view=table&date=24.11.2026").is(200)
	table.count("table", 1).count("tr", 5).says("td", "6.00–12.00")
}

// What one books is seen at once, also on the night that has an hour twice.
func TestTimelineOnTheAutumnNight(t *testing.T) {
	w := newTown(t)
	w.clock = w.at("2026-10-24 12:00")
	w.browser("").open("/fi/tilat?view=timeline&date=25.10.2026").is(200).count("div.row", 4)
	w.clock = w.at("2027-03-27 12:00")
	w.browser("").open("/fi/tilat?view=timeline&date=28.3.2027").is(200).count("div.row", 4)
}

func TestSearchIsACoupleOfQueries(t *testing.T) {
	w := newTown(t)
	b := w.browser("")
	b.open("/fi/tilat?date=ti")
	queries := dbtest.Statements(t, w.DB)
	for _, path := range []string{"/fi/tilat?date=ti", "/fi/tilat?date=ti&view=timeline"} {
		b.open(path).is(200)
		if n := queries(); n == 0 || n > 5 {
			t.Errorf("%s asks %d times", path, n)
		}
	}
}

func TestSpreadPicksDifferentTimes(t *testing.T) {
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC) }
	var times []calendar.Interval
	for _, minute := range []int{0, 15, 30, 45} {
		times = append(times, calendar.Interval{Begin: at(17, minute), End: at(18, minute)}, calendar.Interval{Begin: at(18, minute), End: at(19, minute)})
	}
	picked := spread(times, 3)
	for i := 1; i < len(picked); i++ {
		if picked[i].Begin.Before(picked[i-1].End) {
			t.Errorf("%v overlaps %v", picked[i], picked[i-1])
		}
	}
	if len(picked) < 2 {
		t.Errorf("only %d", len(picked))
	}
}
