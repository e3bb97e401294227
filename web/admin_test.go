package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vuoro/resources"
	"vuoro/web/locales"
)

func TestPlacesListsWhatOneLooksAfter(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	p := manager.get("/admin/places").want(200).page()
	p.count("section.site", 1).says("h2", "talo").says("th", "kokous").says("span.tag", "Julkaistu").silent("th", "muu")
	p.count("a[href=/admin/new-unit]", 0)
	w.who["city"].get("/admin/places").page().count("section.site", 2).says("th", "muu").count("a[href=/admin/new-unit]", 1)
	w.viewer().get("/admin/places").want(403)
	w.who["resident"].get("/admin/places").want(403)
	w.who["anon"].get("/admin/places").want(303)

	_, err := w.DB.Exec(ctx, `UPDATE resources SET state = 'draft', description = '{"fi": "Kuvaus"}' WHERE slug = 'ryhma'`)
	w.must(err)
	_, err = w.DB.Exec(ctx, `UPDATE resources SET publish_from = ? WHERE slug = 'sali'`, w.clock.AddDate(0, 1, 0))
	w.must(err)
	p = manager.get("/admin/places").page()
	p.says("span.missing", "puuttuu sv, en").says("span.tag", "Luonnos").says("span.tag", "Ajastettu")
	manager.get("/admin/places?state=draft").page().count("table.places", 1).says("th", "ryhma").silent("th", "kokous").says("p[role=status]", "1 varattava kohde")
	manager.get("/admin/places?q=kokous").page().says("th", "kokous").silent("th", "ryhma")
	manager.get("/admin/places?q=talo").page().says("th", "kokous").says("th", "ryhma")
	manager.get("/admin/places?q=%3Cscript%3E").page().says("h2", "Mikään paikka ei vastaa suodatinta").count("section.site", 0)
	for _, lang := range locales.Languages {
		manager.get("/admin/places?lang=" + lang).want(200)
	}
}

func TestAnEmptyCityBeginsWithABookAndAUnit(t *testing.T) {
	w := newTown(t)
	for _, table := range []string{"resource_atoms", "resource_parts", "resources", "rule_books"} {
		_, err := w.DB.Exec(ctx, "DELETE FROM "+table)
		w.must(err)
	}
	city := w.who["city"]
	city.get("/admin/places").page().says("h2", "Tee ensimmäinen sääntökirja").count("input[name=template]", 3)
	w.who["manager"].get("/admin/places").page().count("input[name=template]", 0)
	w.who["manager"].post("/admin/places", url.Values{"template": {"everyone-free"}}).want(403)
	city.post("/admin/places", url.Values{"template": {"x"}}).want(422).page().says("div.error-summary", "Valitse säännöt luettelosta")
	city.follow(city.post("/admin/places", url.Values{"template": {"associations-free"}, "reference": {"KH § 505"}})).says("div[id=flash]", "voimassa").count("input[name=template]", 0)
	city.post("/admin/places", url.Values{"template": {"everyone-free"}}).want(409)

	city.get("/admin/new-unit").want(200).page().count("input[name=name_sv]", 1)
	p := city.post("/admin/new-unit", url.Values{"holidays": {"closed"}, "coordinates": {"60,17397"}, "name_fi": {"Uusi talo"}}).want(422).page()
	p.says("div.error-summary", "Sijainti ei käy").says("p.error", "Sijainti ei käy").count("input[value=60,17397]", 1)
	city.post("/admin/new-unit", url.Values{"holidays": {"closed"}}).want(422).page().says("div.error-summary", "Anna nimi")
	made := city.post("/admin/new-unit", url.Values{"holidays": {"closed"}, "coordinates": {"60,17397 24,93816"}, "name_fi": {"Uusi talo"}}).want(303)
	if to := made.Header.Get("Location"); to != "/admin/units/uusi-talo/spaces" {
		t.Errorf("leads to %s", to)
	}
	city.get("/admin/units/uusi-talo").page().says("h2", "Seuraavaksi").says("li.rule", "Lisää tilat").count("input[value=60.17397, 24.93816]", 1).says("span.missing", "puuttuu sv, en")
	w.who["manager"].get("/admin/new-unit").want(403)
}

func TestCoordinatesAsPeopleWriteThem(t *testing.T) {
	for _, text := range []string{
		"60,17397 24,93816", "60.17397, 24.93816", "60.17397,24.93816", "60,17397, 24,93816", " 60.17397;24.93816 ", "60.17397° N, 24.93816° E", "60,17397 N 24,93816 E",
	} {
		latitude, longitude, err := readCoordinates(text)
		if err != nil || latitude == nil || *latitude != 60.17397 || *longitude != 24.93816 {
			t.Errorf("%q: %v %v %v", text, latitude, longitude, err)
		}
	}
	for _, text := range []string{"60", "60,17397", "x", "60.1 24.9 3", "1e9 2", "60..1 24", strings.Repeat("6", 10_000)} {
		if _, _, err := readCoordinates(text); err == nil {
			t.Errorf("%.20q was read", text)
		}
	}
	if latitude, _, err := readCoordinates(" "); latitude != nil || err != nil {
		t.Error("nothing is no place")
	}
}

func TestAUnitIsSavedBySections(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	form := func() url.Values { return manager.get("/admin/units/talo").want(200).page().form("/admin/units/talo") }
	save := func(more ...string) answer {
		f := form()
		for i := 0; i+1 < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return manager.post("/admin/units/talo", f)
	}
	nasty := `<script>alert(1)</script><svg onload=x>`
	p := manager.follow(save("section", "texts", "name_fi", nasty, "name_sv", "Huset", "description_fi", "Rivi 1\r\nRivi 2"))
	p.says("div[id=flash]", "Tallennettu").says("p.unit-name", nasty).says("span.missing", "puuttuu en").count("svg[onload]", 0)
	manager.follow(save("section", "place", "address", "Katu 2", "city", "Helsinki", "coordinates", "60.1, 24.9"))
	manager.follow(save("section", "use", "holidays", "sunday", "one_place", "1"))
	unit, err := w.Resources.UnitBySlug(ctx, w.DB, "talo")
	w.must(err)
	if unit.Name.Fi != nasty || unit.Name.Sv != "Huset" || unit.Address != "Katu 2" || *unit.Latitude != 60.1 || unit.Holidays != "sunday" || !unit.OnePlaceAtOnce {
		t.Errorf("saved %+v", unit)
	}
	for _, bad := range []struct{ name, value, at, says string }{
		{"slug", "Ei Käy", "slug", "pieniä kirjaimia"}, {"slug", "toinen", "slug", "jo käytössä"}, {"slug", "", "slug", "pieniä kirjaimia"},
	} {
		p = save("section", "address", bad.name, bad.value).want(422).page()
		p.says("div.error-summary", bad.says).says("p[id="+bad.at+"-error]", bad.says).count("input[aria-invalid=true]", 1)
	}
	long := strings.Repeat("ä", 10_000)
	p = save("section", "texts", "name_fi", long, "name_sv", "Huset").want(422).page()
	p.says("p[id=name_fi-error]", "liian pitkä").count("input[value="+long+"]", 1)
	save("section", "nonsense").want(400)
	if to := save("section", "address", "slug", "uusi-osoite").want(303).Header.Get("Location"); to != "/admin/units/uusi-osoite" {
		t.Errorf("leads to %s", to)
	}
	manager.get("/admin/units/talo").want(404)
	w.who["othermanager"].get("/admin/units/uusi-osoite").want(404)
}

func TestTwoPeopleEditOneUnit(t *testing.T) {
	w := newTown(t)
	manager, city := w.who["manager"], w.who["city"]
	mine := manager.get("/admin/units/talo").page().form("/admin/units/talo", "section", "place", "address", "Minun katu 1", "city", "Helsinki", "phone", "09 1")
	yours := city.get("/admin/units/talo").page().form("/admin/units/talo", "section", "place", "address", "Sinun katu 2", "city", "Helsinki")
	city.post("/admin/units/talo", yours).want(303)
	p := manager.post("/admin/units/talo", mine).want(409).page()
	p.says("div.alert.warning", "Sinun katu 2").says("div.alert.warning", "Minun katu 1").says("div.alert.warning", "09 1").silent("div.alert.warning", "Kaupunki")
	p.count("input[value=Minun katu 1]", 1).says("div.error-summary", "muuttuneet")
	again := p.form("/admin/units/talo", "section", "place", "address", "Minun katu 1", "city", "Helsinki", "phone", "09 1")
	manager.post("/admin/units/talo", again).want(303)
	if unit, err := w.Resources.UnitBySlug(ctx, w.DB, "talo"); err != nil || unit.Address != "Minun katu 1" {
		t.Errorf("saved %+v: %v", unit, err)
	}
	p = manager.get("/admin/units/talo/history").want(200).page()
	p.says("ol.trail", "Toimipisteen tietoja muutettiin").says("ol.trail", "manager").says("del", "Sinun katu 2").says("ins", "Minun katu 1").says("dt", "Katuosoite")
	w.who["othermanager"].get("/admin/units/talo/history").want(404)
	w.viewer().get("/admin/units/talo/history").want(403)
}

// spaceOfRoom is the only space of a room of the town.
func (w *town) spaceOfRoom(slug string) resources.Space {
	w.t.Helper()
	tree, err := w.Resources.Tree(ctx, w.DB, w.rooms[slug].Unit)
	w.must(err)
	for _, space := range tree.Spaces {
		if space.Name.Fi == slug {
			return space
		}
	}
	w.t.Fatalf("no space %s", slug)
	return resources.Space{}
}

func TestTheTreeOfSpaces(t *testing.T) {
	w := newTown(t)
	w.Resources.Reseat = w.Booking.Reseat
	const at = "/admin/units/talo/spaces"
	manager := w.who["manager"]
	hall, room := w.spaceOfRoom("sali"), w.spaceOfRoom("kokous")
	manager.get(at).want(200).page().count("table.tree", 1).says("th", "sali").says("td", "sali")
	open := manager.get(at + "?open=" + hall.UID.String()).page()
	open.count("tr.panel-row", 1).count("button[value=divide-space]", 1).count("button[value=remove-space]", 1)

	p := manager.follow(manager.post(at, url.Values{"act": {"divide-space"}, "uid": {hall.UID.String()}, "parts": {"3"}}))
	p.says("div[id=flash]", "jaettu osiin").says("th.depth-1", "Lohko A").says("th.depth-1", "Lohko C")
	p = manager.follow(manager.post(at, url.Values{"act": {"add-part"}, "uid": {hall.UID.String()}, "name_fi": {"Parvi"}}))
	p.says("th.depth-1", "Parvi").says("span.missing", "puuttuu sv, en")

	circle := url.Values{"act": {"save-space"}, "uid": {hall.UID.String()}, "revision": {strconv.Itoa(hall.Revision)}, "name_fi": {"Uusi nimi"}, "parent": {hall.UID.String()}}
	p = manager.post(at, circle).want(422).page()
	p.says("div.error-summary", "itsensä").says("p[id=save-space-parent-error]", "itsensä").count("input[value=Uusi nimi]", 1)
	p = manager.post(at, url.Values{"act": {"remove-space"}, "uid": {hall.UID.String()}, "revision": {strconv.Itoa(hall.Revision)}}).want(409).page()
	p.says("div.error-summary", "ei voi poistaa").says("div.error-summary", "Varattava kohde sali").says("div.error-summary", "Tila Parvi")
	p = manager.post(at, url.Values{"act": {"add-space"}, "name_sv": {strings.Repeat("x", 10_000)}}).want(422).page()
	p.says("div.error-summary", "liian pitkä").count("details[open]", 1)

	// two bookings at one time would meet if one room were a part of the other
	first := w.who["resident"].book("kokous", "2026-11-30 12:00", "2026-11-30 13:00")
	second := w.who["other"].book("ryhma", "2026-11-30 12:00", "2026-11-30 13:00")
	group := w.spaceOfRoom("ryhma")
	into := url.Values{"act": {"save-space"}, "uid": {group.UID.String()}, "revision": {strconv.Itoa(group.Revision)}, "name_fi": {"Sivuhuone"}, "parent": {room.UID.String()}}
	p = manager.post(at, into).want(409).page()
	p.says("div.error-summary", first.Number).says("div.error-summary", second.Number).count("input[value=Sivuhuone]", 1)
	if after := w.spaceOfRoom("ryhma"); after.Parent != nil || after.Revision != group.Revision {
		t.Errorf("changed to %+v", after)
	}

	// foreign spaces, unknown acts, missing revisions
	foreign := w.spaceOfRoom("muu")
	for act, want := range map[string]int{"save-space": 404, "remove-space": 404, "divide-space": 404, "add-part": 422, "explode": 400} {
		form := url.Values{"act": {act}, "uid": {foreign.UID.String()}, "revision": {"1"}, "name_fi": {"Vieras"}, "parts": {"2"}}
		manager.post(at, form).want(want)
	}
	into.Del("revision")
	manager.post(at, into).want(409)
	w.viewer().get(at).want(403)
	for _, lang := range locales.Languages {
		manager.get(at + "?lang=" + lang + "&open=" + group.UID.String()).want(200)
	}
}

func TestDevicesAndWhatSomebodyElseSaved(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/spaces"
	manager, city := w.who["manager"], w.who["city"]
	manager.post(at, url.Values{"act": {"add-device"}, "name_fi": {"Piano"}, "count": {"monta"}}).want(422).page().says("p[id=add-device-count-error]", "").count("input[value=monta]", 1)
	manager.post(at, url.Values{"act": {"add-device"}, "name_fi": {"Piano"}, "count": {"0"}}).want(422).page().says("p[id=add-device-count-error]", "1–1 000")
	manager.follow(manager.post(at, url.Values{"act": {"add-device"}, "name_fi": {"Piano"}, "count": {"2"}, "space": {w.spaceOfRoom("sali").UID.String()}})).says("th", "Piano").says("td", "sali")
	tree, err := w.Resources.Tree(ctx, w.DB, w.units["talo"].ID)
	w.must(err)
	uid := tree.Devices[0].UID.String()
	mine := url.Values{"act": {"save-device"}, "uid": {uid}, "revision": {"1"}, "name_fi": {"Flyygeli"}, "count": {"3"}}
	city.post(at, url.Values{"act": {"save-device"}, "uid": {uid}, "revision": {"1"}, "name_fi": {"Pianiino"}, "count": {"2"}}).want(303)
	p := manager.post(at, mine).want(409).page()
	p.says("div.alert.warning", "Pianiino").says("div.alert.warning", "Flyygeli").count("input[value=Flyygeli]", 1)
	mine.Set("revision", p.form(at).Get("revision"))
	manager.follow(manager.post(at, mine)).says("th", "Flyygeli")
	manager.follow(manager.post(at, url.Values{"act": {"remove-device"}, "uid": {uid}, "revision": {"3"}})).silent("th", "Flyygeli")
}

// hoursForm is one period with one line for each "days from to kind".
func hoursForm(version string, lines ...string) url.Values {
	form := url.Values{"act": {"save"}, "version": {version}, "periods": {"1"}, "p0_rows": {strconv.Itoa(len(lines))}}
	for i, line := range lines {
		parts := strings.Split(line, " ")
		row := "p0_r" + strconv.Itoa(i) + "_"
		form[row+"day"] = strings.Split(parts[0], "")
		form.Set(row+"from", parts[1])
		form.Set(row+"to", parts[2])
		form.Set(row+"kind", parts[3])
	}
	return form
}

func TestHoursAreTypedAsPeopleWriteThem(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager := w.who["manager"]
	version := manager.get(at).want(200).page().form(at).Get("version")
	form := hoursForm(version, "12345 8 17.30 core", "12345 17:30 24 reservable", "67 1800 2 reservable")
	p := manager.follow(manager.post(at, form)).says("div[id=flash]", "Tallennettu")
	p.says("table.week", "8.00–17.30 Talon omaa käyttöä; 17.30–24.00 Varattavissa").says("table.week", "18.00–2.00 Varattavissa").count("span.week-span", 12)
	periods, err := w.Resources.PeriodsOf(ctx, w.DB, resources.Owner{Unit: w.units["talo"].ID})
	w.must(err)
	if len(periods) != 1 || len(periods[0].Spans.V) != 3 || periods[0].Spans.V[2].To != 26*60 {
		t.Errorf("saved %+v", periods)
	}
	version = p.form(at).Get("version")

	wrong := hoursForm(version, "1 25 17 reservable", "2 9 x reservable", "3 9 17 nonsense")
	delete(wrong, "p0_r0_day")
	p = manager.post(at, wrong).want(422).page()
	p.says("div.error-summary", "Valitse ainakin yksi viikonpäivä").says("p[id=p0_r1_to-error]", "x").count("input[value=25]", 1)
	wrong = hoursForm(version, "1 25 17 reservable")
	manager.post(at, wrong).want(422).page().says("p[id=p0_r0_from-error]", "25")
	manager.post(at, hoursForm(version, "3 9 17 nonsense")).want(422).page().says("div.error-summary", "9")
	dates := hoursForm(version, "3 9 17 reservable")
	dates.Set("p0_from", "31.2.2027")
	manager.post(at, dates).want(422).page().says("p[id=p0_from-error]", "31.2.2027")
	dates.Set("p0_from", "1.6.2027")
	dates.Set("p0_to", "1.5.2027")
	manager.post(at, dates).want(422).page().says("div.error-summary", "päättyy ennen")

	more := hoursForm(version, "1 9 17 reservable")
	more.Set("act", "more")
	manager.post(at, more).want(200).page().count("fieldset.period", 2).count("fieldset.hours-row", 5).count("input[value=17]", 1)
	if w.count("SELECT count(*) FROM hours_periods WHERE jsonb_array_length(spans) = 3") != 1 {
		t.Error("a preview was saved")
	}
	huge := url.Values{"act": {"more"}, "periods": {"1000000000"}, "p0_rows": {"1000000000"}}
	if p := manager.post(at, huge).want(200).page(); len(p.all("fieldset.period")) > maxPeriods {
		t.Error("as many periods as somebody asks for")
	}
}

func TestHoursTellWhoFallsOutside(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager := w.who["manager"]
	late := w.who["resident"].book("kokous", "2026-11-30 21:00", "2026-11-30 22:00")
	version := manager.get(at).page().form(at).Get("version")
	form := hoursForm(version, "1234567 6 20 reservable")
	p := manager.post(at, form).want(409).page()
	p.says("h2.alert-title", "1 tuleva varaus jäisi").says("section.alert", late.Number).says("button", "Tallenna silti").count("input[value=20]", 1)
	accepted := p.form(at).Get("accepted")
	form.Set("accepted", accepted)
	manager.follow(manager.post(at, form)).says("table.week", "6.00–20.00")
	// somebody else saved meanwhile
	form.Set("p0_r0_to", "19")
	p = manager.post(at, form).want(409).page()
	p.says("div.alert.warning", "ma–su 6.00–20.00 varattavissa").count("input[value=19]", 1)
	form.Set("version", p.form(at).Get("version"))
	manager.post(at, form).want(303)
	manager.get("/admin/units/talo/history").page().says("ol.trail", "Aukioloaikoja muutettiin").says("ins", "ma–su 6.00–19.00 varattavissa")

	// a resource has hours of its own
	const own = "/admin/resources/ryhma/hours"
	manager.get(own).want(200).page().says("h2", "ryhma")
	manager.follow(manager.post(own, hoursForm("0", "12345 10 12 reservable"))).says("table.week", "10.00–12.00")
	w.who["othermanager"].get(own).want(404)
	w.viewer().get(own).want(403)
}

func TestPlacesOverTheAPI(t *testing.T) {
	w := newTown(t)
	manager, city := w.who["manager"], w.who["city"]
	name := func(text string) map[string]any { return map[string]any{"name": map[string]string{"fi": text}} }
	unit := map[string]any{"name": map[string]string{"fi": "Uusi talo"}, "holidays": "closed"}
	made := decode[unitView](city.call(http.MethodPost, "/units", unit).want(201))
	if made.Slug != "uusi-talo" || made.Revision != 1 || made.Holidays != "closed" {
		t.Errorf("made %+v", made)
	}
	at := "/units/" + made.ID.String()
	unit["slug"] = "uusi-talo"
	city.call(http.MethodPut, at, unit).problem(428, "precondition_missing")
	unit["phone"] = "09 1"
	if saved := decode[unitView](city.call(http.MethodPut, at, unit, header{"If-Match": `"1"`}).want(200)); saved.Revision != 2 || saved.Phone != "09 1" {
		t.Errorf("saved %+v", saved)
	}
	city.call(http.MethodPut, at, unit, header{"If-Match": "1"}).problem(412, "stale")
	manager.call(http.MethodPut, at, unit, header{"If-Match": "2"}).problem(404, "unit.not_found")
	manager.call(http.MethodPut, at, unit).problem(404, "unit.not_found") // a missing header tells nothing
	for _, extra := range []string{"id", "uid", "source", "external_ref", "revision", "example"} {
		unit[extra] = "1"
		city.call(http.MethodPut, at, unit, header{"If-Match": "2"}).want(422)
		delete(unit, extra)
	}
	manager.call(http.MethodPost, "/units", unit).problem(403, "auth.forbidden")

	hall := decode[spaceView](city.call(http.MethodPost, at+"/spaces", name("Sali")).want(201))
	part := name("Lohko")
	part["parent"] = hall.ID
	lane := decode[spaceView](city.call(http.MethodPost, at+"/spaces", part).want(201))
	if lane.Parent == nil || *lane.Parent != hall.ID {
		t.Errorf("part %+v", lane)
	}
	city.call(http.MethodDelete, at+"/spaces/"+hall.ID.String(), nil, header{"If-Match": "1"}).problem(409, "space.in_use")
	city.call(http.MethodDelete, at+"/spaces/"+lane.ID.String(), nil).problem(428, "precondition_missing")
	city.call(http.MethodDelete, at+"/spaces/"+lane.ID.String(), nil, header{"If-Match": "7"}).problem(412, "stale")
	city.call(http.MethodDelete, at+"/spaces/"+lane.ID.String(), nil, header{"If-Match": "1"}).want(204)
	circle := name("Sali")
	circle["parent"] = hall.ID
	city.call(http.MethodPut, at+"/spaces/"+hall.ID.String(), circle, header{"If-Match": "1"}).want(422, "space.circle")
	foreign := name("x")
	foreign["parent"] = w.spaceOfRoom("muu").UID
	city.call(http.MethodPost, at+"/spaces", foreign).want(422, "space.not_found")
	device := map[string]any{"name": map[string]string{"fi": "Pyörä"}, "count": 3, "space": hall.ID}
	bike := decode[deviceView](city.call(http.MethodPost, at+"/devices", device).want(201))
	device["count"] = 4
	if saved := decode[deviceView](city.call(http.MethodPut, at+"/devices/"+bike.ID.String(), device, header{"If-Match": "1"}).want(200)); saved.Count != 4 || *saved.Space != hall.ID {
		t.Errorf("saved %+v", saved)
	}
	tree := decode[treeView](city.call(http.MethodGet, at+"/spaces", nil).want(200))
	if len(tree.Spaces) != 1 || len(tree.Devices) != 1 || tree.Devices[0].Revision != 2 {
		t.Errorf("tree %+v", tree)
	}
	city.call(http.MethodDelete, at+"/devices/"+bike.ID.String(), nil, header{"If-Match": "2"}).want(204)
}
