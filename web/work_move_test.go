package web

import (
	"net/url"
	"strings"
	"testing"
)

// Before staff move something on the schedule they are asked, with all that
// would change; afterwards it can be taken back.
func TestStaffAreAskedBeforeTheyMove(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET price_cents = 1000, price_unit = 'hour' WHERE slug = 'kokous'")
	w.must(err)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["other"].book("sali", "2026-11-24 16:00", "2026-11-24 17:00")
	manager := w.who["manager"]
	ask := "/work/reservations/" + made.Number + "/move"
	to := func(room, start, minutes string) string {
		return ask + "?" + url.Values{"room": {room}, "date": {"2026-11-24"}, "start": {start}, "minutes": {minutes}, "return": {"/work/schedule?unit=talo"}}.Encode()
	}
	if got := manager.get(ask).want(303).Header.Get("Location"); got != "/work/reservations/"+made.Number+"#move" {
		t.Error("without a time: " + got)
	}
	p := manager.get(to("kokous", "14:00", "120")).want(200).page()
	p.says("h2", "Siirretäänkö varaus?").says("dl.move-changes", "12.00–13.00").says("dl.move-changes", "14.00–16.00")
	p.says("dl.move-changes", "2 t").says("p.hint", "Varaajalle lähtee viesti").count("input[name=reason]", 0)
	part := manager.get(to("kokous", "14:00", "120"), header{"HX-Request": "true"}).want(200)
	if strings.Contains(part.text, "<html") || !strings.Contains(part.text, "move-ask-title") {
		t.Error("the dialog is sent a page")
	}
	p = manager.get(to("sali", "16:30", "60")).want(200).page()
	p.says("div.alert.danger", "16.00–17.00").says("ul.inline", "17.00–18.00").count("input[name=revision]", 0)
	p = manager.get(to("kokous", "03:00", "60")).want(200).page()
	p.says("div.alert.warning", "poikkeaa").count("input[id=move-ask-reason]", 1)
	manager.get(to("kaukana", "14:00", "60")).want(404)
	manager.get(to("kokous", "99:00", "60")).want(422)
	w.viewer().get(to("kokous", "14:00", "60")).want(403)

	form := manager.get(to("kokous", "14:00", "120")).page().form("/work/reservations/"+made.Number, "act", "move")
	done := manager.follow(manager.post("/work/reservations/"+made.Number, form))
	done.says("h1", "Maanantai 23.11.2026").says("div[id=flash]", "on siirretty") // the address that it came from
	back := done.form("/work/reservations/"+made.Number, "undo", "1")
	if back.Get("start") != "12:00" || back.Get("minutes") != "60" || back.Get("room") != "kokous" {
		t.Errorf("the way back is %v", back)
	}
	manager.follow(manager.post("/work/reservations/"+made.Number, back)).says("div[id=flash]", "Siirto on kumottu").count("input[name=undo]", 0)
	if w.count("SELECT count(*) FROM reservations WHERE number = ? AND begin_at = ? AND revision = 3", made.Number, w.at("2026-11-24 12:00")) != 1 {
		t.Error("it is not where it was")
	}
	manager.post("/work/reservations/"+made.Number, back).want(409) // once
}

// Only who may move something is given anything to move it by.
func TestTheScheduleLetsManagersMove(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	viewer := w.viewer()
	for _, span := range []string{"", "&span=week&room=kokous"} {
		p := w.who["manager"].get("/work/schedule?unit=talo&date=2026-11-24" + span).want(200).page()
		p.count("section[data-moving=m]", 1).count("a[data-start=720]", 1).count("a[data-minutes=90]", 1).count("dialog[id=move-dialog]", 1)
		p = viewer.get("/work/schedule?unit=talo&date=2026-11-24" + span).want(200).page()
		p.count("section[data-moving]", 0).count("a[data-move]", 0).count("dialog[id=move-dialog]", 0)
	}
	w.who["resident"].get("/fi/tilat").page().count("section[data-moving]", 0)
}

// A holder reads beforehand that the new time has to be approved, and until
// when the reservation can be moved at all.
func TestHolderIsToldWhatAMoveBrings(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET type = (SELECT type FROM resources WHERE slug = 'kokous') WHERE slug = 'sali'")
	w.must(err)
	resident := w.who["resident"]
	r := resident.book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["other"].book("kokous", "2026-11-24 15:00", "2026-11-24 16:00")
	move := "/fi/varaukset/" + r.Number + "/siirra"
	resident.get(move).want(200).page().says("p.lead", "Voit siirtää varauksen itse").silent("main", "odottaa toimipisteen hyväksyntää")
	resident.get(move+"?room=sali").want(200).page().says("main", "Uusi aika odottaa toimipisteen hyväksyntää")
	b := w.browser("resident")
	b.open(move + "?date=2026-11-24&start=16:00&minutes=60").is(200)
	token := url.QueryEscape(b.values(move).Get("csrf"))
	p := b.send("POST", move, "revision=1&room=kokous&date=2026-11-24&start=15:30&minutes=60&csrf="+token).is(409)
	p.says("div.alert", "14.00–15.00").says("div.alert", "ryhma")
}
