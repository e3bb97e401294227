package web

import (
	"net/url"
	"testing"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// closeEarlier ends all days of the house at an hour from now on, as its manager
// would, and takes with it whatever falls outside.
func (w *town) closeEarlier(hour int) {
	w.t.Helper()
	actor, err := w.Accounts.Authenticate(ctx, w.who["manager"].cookie, "192.0.2.1")
	w.must(err)
	owner := resources.Owner{Unit: w.units["talo"].ID}
	hours, err := w.Catalogue.HoursOf(ctx, actor, owner)
	w.must(err)
	span := resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: 8 * 60, To: calendar.Minute(hour * 60), Kind: policies.Reservable}
	change := catalogue.HoursChange{Owner: owner, Version: hours.Version, Periods: []resources.Period{{Spans: db.AsJSON([]resources.WeekSpan{span})}}}
	outside, err := w.Catalogue.Outside(ctx, actor, change)
	w.must(err)
	change.Accepted = len(outside)
	w.must(w.Catalogue.SetHours(ctx, actor, change))
}

func TestScenario52_StaffDecideOnAPage(t *testing.T) {
	w := newTown(t)
	manager, resident := w.who["manager"], w.who["resident"]
	manager.get("/work/affected").want(200).page().says("h2", "Mikään ei odota päätöstä")
	var made []reservationView
	for _, day := range []string{"2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"} {
		made = append(made, resident.book("kokous", day+" 18:00", day+" 20:00"))
	}
	other := w.who["other"].book("ryhma", "2026-11-24 18:00", "2026-11-24 20:00")
	w.closeEarlier(19)
	resident.get("/fi/varaukset/"+made[0].Number).want(200, "Aukioloajat ovat muuttuneet", "on silti voimassa")
	manager.get("/work/reservations/"+made[0].Number).want(200, "Päätä varauksesta")
	manager.get("/work").want(200).page().says("dl.figures", "Aukiolon ulkopuolella")
	p := manager.get("/work/affected").want(200).page()
	p.says("p[role=status]", "5 varausta odottaa päätöstä").count("input[name=pick]", 5).says("ul.affected", "Ulkopuolella ti 24.11. klo 19.00–20.00, yhteensä 1 t")

	// one is kept, one moves to its proposal
	var rows []string
	for _, box := range p.all("input[name=pick]") {
		rows = append(rows, attribute(box, "value"))
	}
	form := p.filled("/work/affected", "act", "keep:"+rows[0])
	manager.follow(manager.post("/work/affected", form)).says("div[id=flash]", "1 varaus pidettiin ennallaan").count("input[name=pick]", 4)
	form.Set("act", "move:"+rows[4])
	done := manager.follow(manager.post("/work/affected", form))
	done.says("div[id=flash]", "siirrettiin").count("input[name=pick]", 3)
	manager.post("/work/affected", form).want(409).page().says("div.error-summary", "on jo päätetty")

	// the rest is cancelled with one reason
	before := w.written()
	form = done.filled("/work/affected", "act", "cancel:all")
	manager.post("/work/affected", form).want(422).page().says("p.error", "Kirjoita syy").count("input[name=pick]", 3)
	form.Set("act", "cancel:picked")
	form.Set("reason", "Suljemme klo 19.")
	manager.post("/work/affected", form).want(422).page().says("div.error-summary", "Valitse ensin").says("textarea[id=reason]", "Suljemme klo 19.")
	form.Set("act", "cancel:all")
	form.Set("agreed", "2")
	manager.post("/work/affected", form).want(409).page().says("div.error-summary", "nyt 3")
	if w.written() != before {
		t.Error("a refusal wrote something")
	}
	form.Set("agreed", "3")
	manager.follow(manager.post("/work/affected", form)).says("div[id=flash]", "3 varausta peruttiin").says("h2", "Mikään ei odota")
	if n := w.count("SELECT count(*) FROM outbox WHERE topic IN ('hours.cancelled', 'reservation.cancelled') AND recipient = 'resident@demo.example'"); n != 1 {
		t.Errorf("%d mails to one person", n)
	}
	resident.get("/fi/varaukset/"+made[1].Number).want(200, "Suljemme klo 19.")
	w.who["other"].get("/fi/varaukset/" + other.Number).want(200)
}

func TestOnlyManagersHaveButtonsForWhatIsAffected(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 18:00", "2026-11-24 20:00")
	w.closeEarlier(19)
	p := w.who["manager"].get("/work/affected?unit=talo").want(200).page()
	form := p.filled("/work/affected?unit=talo", "act", "cancel:all", "reason", "syy")
	w.viewer().get("/work/affected").want(200).page().count("ul.affected", 1).count("button[name=act]", 1).count("input[name=pick]", 0)
	before := w.written()
	w.who["viewer"].post("/work/affected", form).want(403)
	w.who["othermanager"].get("/work/affected").want(200).page().count("ul.affected", 0)
	w.who["othermanager"].get("/work/affected?unit=talo").want(404)
	w.who["othermanager"].post("/work/affected", form).want(409)
	w.who["resident"].get("/work/affected").want(403)
	w.who["manager"].post("/work/affected", url.Values{"act": {"move:x"}}).want(422)
	if w.written() != before {
		t.Error("something was written")
	}
}

func TestTheAPIListsAndDecidesWhatIsAffected(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	made := w.who["resident"].book("kokous", "2026-11-24 18:00", "2026-11-24 20:00")
	w.who["resident"].book("kokous", "2026-11-25 18:00", "2026-11-25 20:00")
	w.closeEarlier(19)
	list := decode[affectedListView](manager.call("GET", "/units/talo/affected", nil).want(200))
	if list.Total != 2 || list.Items[0].Number != made.Number || list.Items[0].Minutes != 60 || len(list.Items[0].Proposal) != 1 {
		t.Fatalf("%+v", list)
	}
	item, to := list.Items[0], list.Items[0].Proposal[0]
	if item.Outside.Begin.Hour() != 19 || to.End.After(item.Outside.Begin) {
		t.Errorf("outside %v, proposal %v", item.Outside, to)
	}
	told := decode[affectedDecided](manager.call("POST", "/units/talo/affected/decide", map[string]any{
		"verdict": "move", "rows": []any{item.Row}, "revision": item.Revision, "resource": to.Resource.ID, "begin": to.Begin, "end": to.End,
	}).want(200))
	if len(told.Numbers) != 1 || told.Numbers[0] != made.Number {
		t.Errorf("%+v", told)
	}
	manager.call("POST", "/units/talo/affected/decide", map[string]any{"verdict": "cancel", "agreed": 1}).want(422)
	manager.call("POST", "/units/talo/affected/decide", map[string]any{"verdict": "cancel", "agreed": 1, "reason": "Suljemme."}).want(200)
	manager.call("POST", "/units/talo/affected/decide", map[string]any{"verdict": "keep", "rows": []any{item.Row}}).want(409)
	manager.call("POST", "/units/talo/affected/decide", map[string]any{"verdict": "move", "rows": []any{}}).want(422)
}
