package web

import (
	"strings"
	"testing"
)

func TestARoomsWeek(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["resident"].book("sali", "2026-11-29 12:00", "2026-11-29 13:00")
	w.who["admin"].book("ryhma", "2026-11-25 12:00", "2026-11-25 13:00")
	manager.follow(manager.post("/work/close", closeForm("close", "on_hit", "skip")))

	p := manager.get("/work/schedule?unit=talo&span=week&room=kokous&date=2026-11-26").want(200).page()
	p.says("h1", "Viikko 48, 23.11.–29.11.2026").count("div.row", 7).count("li.item.k-confirmed", 1).says("li.item.k-confirmed", "12.00–13.00")
	p.says("h3", "Ma 23.11.").says("a[aria-current=page]", "Viikko").says("option[selected]", "kokous").silent("div.row", "Harjoitus, admin")
	p.count("a[data-key=ArrowLeft]", 1).count("a[data-key=d]", 1).count("a[data-key=c]", 1)
	if !strings.Contains(p.text, "date=2026-11-16&amp;room=kokous&amp;span=week") {
		t.Error("no way to the week before")
	}
	p = manager.get("/work/schedule?unit=talo&span=week&room=ryhma&date=2026-11-26").want(200).page()
	p.count("li.item.k-closure", 0).count("li.item.k-confirmed", 1) // it was hit and left open
	p = manager.get("/work/schedule?unit=talo&span=week&room=sali&date=2026-11-26&show=closures").want(200).page()
	p.count("li.item.k-requested", 0)
	p = manager.get("/work/schedule?unit=talo&span=week&room=sali&date=2026-11-26&show=requests").want(200).page()
	p.count("li.item.k-requested", 1)
	p = manager.get("/work/schedule?unit=talo&span=week&room=sali&date=2026-11-26&view=table").want(200).page()
	p.says("th", "Su 29.11.").says("td", "12.00–13.00").silent("th", "Tila")
	manager.get("/work/schedule?unit=talo&span=week&date=eilen%20joskus").want(422).page().says("p.error", "ei ole päivä")
	manager.get("/work/schedule?unit=toinen&span=week").want(404)
	w.viewer().get("/work/schedule?unit=talo&span=week").want(200)
	w.who["resident"].get("/work/schedule?span=week").want(403)
	for _, date := range []string{"2026-10-25", "2027-03-28"} { // the odd days of the clock
		manager.get("/work/schedule?unit=talo&span=week&room=kokous&date="+date).want(200).page().count("div.row", 7)
	}
}

func TestAWeekOnPaper(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00", "title", "Salainen kerho")
	w.who["resident"].book("sali", "2026-11-25 12:00", "2026-11-25 13:00")
	p := manager.get("/work/week?unit=talo&date=2026-11-26").want(200).page()
	p.count("section.sheet", 1).says("h2", "talo").says("section.sheet", "Tulostettu ma 23.11.2026 klo 12.00").count("figure.sheet-qr", 1)
	p.says("li.week-item", "12.00–13.00 Varattu").says("li.week-item.k-requested", "Odottaa hyväksyntää").count("li.week-item", 2)
	p.silent("section.sheet", "Salainen").silent("section.sheet", "resident")
	p = manager.get("/work/week?unit=talo&date=2026-11-26&by=room&names=1").want(200).page()
	p.count("section.sheet", 3).says("li.week-item", "Salainen kerho, resident")
	p = manager.get("/work/week?unit=talo&date=roska").want(422).page()
	p.says("p.error", "ei ole päivä")
	manager.get("/work/week?unit=toinen").want(404)
	w.viewer().get("/work/week?unit=talo").want(200)
	w.who["resident"].get("/work/week").want(403)
	for _, lang := range []string{"sv", "en"} {
		p := manager.get("/work/week?unit=talo&by=room&lang=" + lang).want(200).page()
		if strings.ContainsAny(words(p.one("main")), "{}") {
			t.Errorf("%s has an open placeholder", lang)
		}
	}
}
