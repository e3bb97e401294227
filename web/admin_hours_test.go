package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// savedHours are the periods of the house.
func (w *town) savedHours(owner resources.Owner) []resources.Period {
	w.t.Helper()
	periods, err := w.Resources.PeriodsOf(ctx, w.DB, owner)
	w.must(err)
	return periods
}

// All that hours can say survives the form: it is read, shown and saved again as
// it was.
func TestWhateverHoursSayStaysInTheForm(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager, owner := w.who["manager"], resources.Owner{Unit: w.units["talo"].ID}
	first, last := calendar.Date{Year: 2026, Month: 8, Day: 10}, calendar.Date{Year: 2027, Month: 6, Day: 5}
	past := calendar.Date{Year: 2026, Month: 1, Day: 1}
	span := func(kind policies.HoursKind, days []int, turns ...resources.Turn) resources.WeekSpan {
		return resources.WeekSpan{Weekdays: days, From: 8 * 60, To: 20 * 60, Kind: kind, Only: turns}
	}
	named := span(policies.Reservable, []int{1, 2, 3})
	named.State, named.Name = "self_service", all("Omatoimi")
	odd := span(policies.Reservable, []int{4}, resources.Turn{Context: "year", Subject: "month", Start: -2, Every: 3}, resources.Turn{Context: "month", Subject: "day", Parity: "odd"})
	odd.State = "members_only"
	want := []resources.Period{
		{Name: all("Syksy"), Description: all("Teksti"), ValidFrom: &first, ValidTo: &last, Spans: db.AsJSON([]resources.WeekSpan{
			named, span(policies.Reservable, []int{1, 5}, resources.Turn{Context: "period", Subject: "week", Start: 1, Every: 2}),
			span(policies.Reservable, []int{5}, resources.Turn{Context: "month", Subject: "friday", Start: -1}), odd,
		})},
		{Name: all("Tunnit"), Overlay: true, School: resources.SchoolTerm, Origin: "ical:lessons", Spans: db.AsJSON([]resources.WeekSpan{span(policies.Core, []int{1})})},
		{Name: all("Vanha"), Override: true, ValidFrom: &past, ValidTo: &past, Spans: db.AsJSON([]resources.WeekSpan{})},
	}
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error { return w.Resources.SetPeriods(ctx, tx, owner, want) }))
	p := manager.get(at).want(200).page()
	p.count("fieldset.period", 3).says("form", "Joka 2. viikko kauden alusta").says("form", "Kuukauden viimeinen kerta").says("form", "kuukausi vuodessa: lopusta 2. ja siitä joka 3.").says("form", "Vanha")
	form := p.filled(at, "act", "save", "accepted", "0")
	manager.follow(manager.post(at, form)).says("div[id=flash]", "Tallennettu")
	got := w.savedHours(owner)
	if len(got) != 3 {
		t.Fatalf("%d periods", len(got))
	}
	for i, period := range got {
		a, b := period, want[i]
		for _, q := range []*resources.Period{&a, &b} {
			q.ID, q.Unit, q.Revision = 0, nil, 0
		}
		if one, other := factsText(t, a), factsText(t, b); one != other {
			t.Errorf("saved\n%s\nwant\n%s", one, other)
		}
	}
	form = manager.get(at).page().filled(at, "act", "save")
	form.Set("drop", form.Get("drop")+"x")
	for _, box := range manager.get(at).page().all("input[name=drop]") {
		form.Set("drop", attribute(box, "value"))
	}
	manager.follow(manager.post(at, form))
	if n := len(w.savedHours(owner)); n != 2 {
		t.Errorf("%d periods after the old one was dropped", n)
	}
}

func TestTurnsAreChosenAndNamedWhereTheyAreWrong(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager := w.who["manager"]
	version := manager.get(at).want(200).page().form(at).Get("version")
	form := hoursForm(version, "15 8 20 reservable", "6 10 14 open")
	form.Set("p0_r0_turn", "period/week/1/2")
	p := manager.post(at, form).want(422).page() // the period has no first day
	p.says("fieldset[id=p0]", "vaatii kaudelle ensimmäisen päivän").says("div.error-summary", "vaatii kaudelle")
	form.Set("p0_r0_turn", "period/week/x")
	manager.post(at, form).want(422).page().says("p[id=p0_r0_turn-error]", "period/week/x")
	form.Set("p0_r0_turn", "month/2")
	form.Set("p0_r1_state", "self_service")
	manager.follow(manager.post(at, form)).count("fieldset.hours-row", 4).says("table.week", "10.00–14.00 Avoinna")
	saved := w.savedHours(resources.Owner{Unit: w.units["talo"].ID})[0].Spans.V
	if len(saved) != 3 || saved[0].Only[0].String() != "month/monday/2" || saved[1].Only[0].String() != "month/friday/2" || saved[2].State != "self_service" {
		t.Errorf("saved %+v", saved)
	}
	version = manager.get(at).page().form(at).Get("version")
	twice := hoursForm(version, "1 8 20 reservable")
	twice.Set("periods", "3")
	for _, i := range []string{"1", "2"} {
		twice.Set("p"+i+"_name_fi", "Joulu "+i)
		twice.Set("p"+i+"_from", "24.12.2026")
		twice.Set("p"+i+"_to", "26.12.2026")
		twice.Set("p"+i+"_mode", "override")
		twice.Set("p"+i+"_rows", "1")
	}
	p = manager.post(at, twice).want(422).page()
	p.says("fieldset[id=p2]", "Joulu 1").says("fieldset[id=p2]", "Joulu 2")
	twice.Set("p2_mode", "overlay")
	twice.Set("p2_school", "term")
	manager.follow(manager.post(at, twice)).says("div[id=flash]", "Tallennettu")
}

func TestTheYearShowsWhatEachDayIsAndWhatChanges(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-12-06 12:00", "2026-12-06 13:00")
	p := manager.get(at).want(200).page()
	p.count("table.month-table", 12).says("section[id=year]", "0 päivää muuttuu")
	version := p.form(at).Get("version")
	form := hoursForm(version, "1234567 6 23 reservable")
	form.Set("act", "preview")
	form.Set("holidays", "closed")
	p = manager.post(at, form).want(200).page()
	p.says("section[id=year]", "su 6.12.").says("section[id=year]", "Itsenäisyyspäivä").says("section[id=year]", "Suljettu").says("section.alert", "1 tuleva varaus jäisi")
	changed := 0
	for _, day := range p.all("span.mday") {
		if has(day, "title") && strings.Contains(attribute(day, "class"), "changed") {
			changed++
			if !strings.Contains(attribute(day, "title"), "muuttuu, nyt") {
				t.Errorf("title %q", attribute(day, "title"))
			}
		}
	}
	if changed < 8 || changed > 20 {
		t.Errorf("%d days change", changed)
	}
	form.Set("act", "save")
	form.Set("accepted", "1")
	manager.follow(manager.post(at, form))
	if w.count("SELECT count(*) FROM units WHERE slug = 'talo' AND holidays = 'closed'") != 1 || w.count("SELECT count(*) FROM affected_reservations WHERE state = 'open'") != 1 {
		t.Error("the holidays were not saved with their effect")
	}
}

func TestHoursAreCopiedToWhatOneManages(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours/copy"
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-24 20:00", "2026-11-24 21:00")
	own := resources.Owner{Resource: w.rooms["ryhma"].ID}
	span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5}, From: 9 * 60, To: 19 * 60, Kind: policies.Reservable}
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.Resources.SetPeriods(ctx, tx, own, []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}})
	}))
	p := manager.get(at+"?from=ryhma").want(200).page().says("main", "ma–pe 9.00–19.00 varattavissa").silent("main", "muu")
	post := at + "?from=ryhma"
	manager.post(post, p.filled(post, "act", "look")).want(422).page().says("div.error-summary", "Valitse, mihin")
	form := p.filled(post, "act", "look")
	form["to"] = []string{"room:kokous", "room:sali"}
	p = manager.post(post, form).want(200).page().says("section", "1 tuleva varaus jää ulkopuolelle").says("button", "Kopioi 2 paikkaan")
	form = p.filled(post, "act", "copy")
	form.Set("accepted_room:kokous", "0")
	before := w.written()
	manager.post(post, form).want(409)
	if w.written() != before || len(w.savedHours(resources.Owner{Resource: w.rooms["sali"].ID})) != 0 {
		t.Error("one of two was saved")
	}
	manager.follow(manager.post(post, p.filled(post, "act", "copy"))).says("div[id=flash]", "2 paikkaan")
	if n := len(w.savedHours(resources.Owner{Resource: w.rooms["kokous"].ID})); n != 1 || w.count("SELECT count(*) FROM affected_reservations WHERE state = 'open'") != 1 {
		t.Errorf("%d periods", n)
	}
	manager.post(at, url.Values{"to": {"room:muu"}, "act": {"look"}}).want(404)
	w.viewer().get(at).want(403)
	w.who["othermanager"].get(at).want(404)
}

func factsText(t *testing.T, period resources.Period) string {
	t.Helper()
	text, err := json.Marshal(catalogue.FactsOf([]resources.Period{period}))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
