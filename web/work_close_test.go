package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// closeForm closes two rooms of the house for three days.
func closeForm(act string, more ...string) url.Values {
	form := url.Values{
		"key": {"k"}, "unit": {"talo"}, "rooms": {"kokous", "ryhma"}, "date": {"24.11.2026"}, "last": {"to 26.11.2026"}, "span": {"whole"},
		"start": {"08:00"}, "end": {"16:00"}, "title": {"Lattian lakkaus"}, "act": {act},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return form
}

// filled is what a browser would send of a form, with some fields changed.
func (p page) filled(action string, more ...string) url.Values {
	p.t.Helper()
	values := url.Values{}
	for _, f := range p.all("form") {
		if attribute(f, "action") != action || attribute(f, "method") != "post" {
			continue
		}
		for n := range f.Descendants() {
			kind := attribute(n, "type")
			switch {
			case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
				if has(n, "checked") {
					values.Add(attribute(n, "name"), attribute(n, "value"))
				}
			case n.Data == "input" && attribute(n, "name") != "csrf":
				values.Add(attribute(n, "name"), attribute(n, "value"))
			case n.Data == "textarea":
				values.Add(attribute(n, "name"), words(n))
			case n.Data == "option" && has(n, "selected"):
				values.Add(attribute(n.Parent, "name"), attribute(n, "value"))
			case n.Data == "select":
				for option := range n.ChildNodes() {
					if !values.Has(attribute(n, "name")) && option.Data == "option" && !slices.ContainsFunc(slices.Collect(n.ChildNodes()), func(o *html.Node) bool { return has(o, "selected") }) {
						values.Add(attribute(n, "name"), attribute(option, "value"))
					}
				}
			}
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return values
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func TestACaretakerSeesWhatAClosingHits(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	first := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:00")
	w.who["resident"].book("ryhma", "2026-11-25 12:00", "2026-11-25 13:00")
	p := manager.get("/work/close?unit=talo&room=ryhma&date=2026-11-24").want(200).page()
	p.says("h1", "Sulje tiloja").count("input[name=rooms]", 4).count("input[checked]", 2).count("section[id=hits]", 0)

	before := w.written()
	p = manager.post("/work/close", closeForm("look")).want(200).page()
	p.says("section[id=hits]", "2 varausta on tiellä").says("section[id=hits]", first.Number).says("section[id=hits]", "resident").count("input[name=agreed]", 2)
	p.says("label", "kokous").count("input[value=k]", 1)
	form := p.filled("/work/close", "act", "close", "on_hit", "deny")
	p = manager.post("/work/close", form).want(422).page()
	p.says("p.error", "Kirjoita syy").count("input[name=agreed]", 2)
	if w.written() != before {
		t.Error("something was written")
	}
	late := w.who["other"].book("ryhma", "2026-11-26 12:00", "2026-11-26 13:00") // after the look
	form.Set("deny_reason", "Lattia lakataan.")
	p = manager.post("/work/close", form).want(409).page()
	p.says("div.error-summary", "osuu 3 varaukseen").says("section[id=hits]", late.Number).count("input[name=agreed]", 3)
	p.says("textarea[id=deny_reason]", "Lattia lakataan.")
	form = p.filled("/work/close", "act", "close")
	done := manager.follow(manager.post("/work/close", form))
	done.says("div[id=flash]", "Sulkuja tehtiin 2 ja varauksia hylättiin 3").says("li.item.k-closure", "Lattian lakkaus")
	manager.post("/work/close", form).want(303) // the same press again
	if n := w.count("SELECT count(*) FROM reservations WHERE kind = 'closure'"); n != 2 {
		t.Errorf("%d closures", n)
	}
	w.who["resident"].get("/fi/varaukset/"+first.Number).want(200, "Lattia lakataan.")

	p = manager.post("/work/close", closeForm("look", "rooms", "*")).want(200).page()
	p.says("section[id=hits]", "Mikään varaus ei ole tiellä").says("section[id=hits]", "Toinen sulku")
}

func TestClosingLeavesOpenWhatIsHit(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-25 12:00", "2026-11-25 13:00")
	form := closeForm("close", "on_hit", "skip")
	form.Set("span", "daily")
	manager.follow(manager.post("/work/close", form)).says("div[id=flash]", "5 sulkua on tehty")
	form = closeForm("close", "on_hit", "skip")
	form.Set("rooms", "kokous")
	form.Set("key", "other")
	manager.follow(manager.post("/work/close", form)).says("div[id=flash]", "Mitään ei suljettu")
}

func TestBadClosingsOfStaffWriteNothing(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	w.who["resident"].book("kokous", "2026-11-25 12:00", "2026-11-25 13:00")
	before := w.written()
	for name, change := range map[string]url.Values{
		"no rooms": {"rooms": {}}, "another's room": {"rooms": {"muu"}}, "no date": {"date": {""}}, "no such date": {"date": {"31.2.2026"}},
		"ends first": {"last": {"23.11.2026"}}, "no span": {"span": {"x"}}, "end before begin": {"span": {"daily"}, "end": {"07:00"}},
		"no time": {"span": {"daily"}, "start": {"kaksi"}}, "yesterday": {"date": {"22.11.2026"}, "last": {""}}, "no choice": {"on_hit": {"x"}},
		"no reason": {"on_hit": {"deny"}}, "too long": {"last": {"24.11.2030"}, "span": {"daily"}}, "long name": {"title": {strings.Repeat("x", 5000)}},
	} {
		form := closeForm("close", "on_hit", "skip")
		for key, values := range change {
			form[key] = values
		}
		if got := manager.post("/work/close", form); got.StatusCode != 422 || !strings.Contains(got.text, "error-summary") {
			t.Errorf("%s: %d\n%.200s", name, got.StatusCode, got.text)
		}
	}
	manager.post("/work/close", closeForm("close", "on_hit", "refuse")).want(409)
	if w.written() != before {
		t.Error("something was written")
	}
	w.viewer().get("/work/close?unit=talo").want(403)
	w.who["viewer"].post("/work/close", closeForm("close")).want(403)
	w.who["othermanager"].post("/work/close", closeForm("close")).want(404)
	w.who["resident"].get("/work/close").want(403)
}

func TestACaretakerBooksForAnAssociation(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	p := manager.get("/work/new?unit=talo&kind=behalf&room=ryhma&date=2026-11-24&start=23:00&end=24:00").want(200).page()
	p.says("a[aria-current]", "Jonkun puolesta").count("input[name=who]", 1).count("input[name=holder]", 0)
	form := p.filled("/work/new", "who", "kuo", "act", "find", "title", "Konsertti")
	p = manager.post("/work/new", form).want(200).page()
	p.says("fieldset", "Kuoro").count("input[name=holder]", 1).count("input[value=Konsertti]", 1)
	form = p.filled("/work/new", "act", "check")
	p = manager.post("/work/new", form).want(200).page()
	p.says("section.rules", "Varattavat ajat").says("p.hint", "kirjoitat perustelun").says("fieldset", "Kuoro")
	form = p.filled("/work/new", "act", "save")
	p = manager.post("/work/new", form).want(422).page()
	p.says("p.error", "Kirjoita perustelu").says("section.rules", "Varattavat ajat")
	form = p.filled("/work/new", "act", "save", "reason", "Konsertti päättyy myöhään")
	done := manager.follow(manager.post("/work/new", form))
	done.says("div[id=flash]", "Varaaja saa vahvistuksen").says("li.item.k-confirmed", "Konsertti, Kuoro")
	if n := w.count("SELECT count(*) FROM outbox WHERE recipient = 'admin@demo.example'"); n != 1 {
		t.Errorf("%d mails to the choir", n)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE recipient = 'manager@demo.example'"); n != 0 {
		t.Error("the caretaker got the mail")
	}
}

func TestACaretakerBooksForAPerson(t *testing.T) {
	w := newTown(t)
	manager := w.who["manager"]
	start := manager.get("/work/new?unit=talo&kind=behalf&room=ryhma&date=2026-11-24&start=12:00&end=13:00").page()
	find := func(who string) page {
		return manager.post("/work/new", start.filled("/work/new", "who", who, "act", "find")).want(200).page()
	}
	find("ei ole").says("p[role=status]", "Sennimistä")
	find("resid").count("input[name=holder]", 0) // a part of an address finds nobody
	p := find("resident@demo.example")
	p.says("fieldset", "resident, resident@demo.example").count("input[name=name]", 0)
	p = find("uusi@demo.example")
	p.says("fieldset", "Uusi henkilö").count("input[name=name]", 1)
	form := p.filled("/work/new", "act", "save")
	p = manager.post("/work/new", form).want(422).page()
	p.says("p.error", "Kirjoita nimi").count("input[name=name]", 1)
	form.Set("name", "Uusi Ihminen")
	manager.follow(manager.post("/work/new", form)).says("li.item.k-confirmed", "Uusi Ihminen")
	manager.post("/work/new", start.filled("/work/new", "act", "save")).want(422).page().says("p.error", "Varaajaa ei ole valittu")
	manager.post("/work/new", start.filled("/work/new", "act", "find", "who", "x")).want(422).page().says("p.error", "kaksi merkkiä")
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'person.looked_up'"); n != 2 {
		t.Errorf("%d looks are written down", n)
	}
	actor, err := w.Accounts.Authenticate(ctx, w.who["othermanager"].cookie, "192.0.2.1")
	w.must(err)
	if _, err := w.Booking.FindRecipients(ctx, actor, w.units["talo"].ID, "resident@demo.example"); err == nil {
		t.Error("another unit's manager looks people up here")
	}
}

func TestScenario88_TheFormOffersTheRasterOfStaff(t *testing.T) {
	w := newTown(t)
	for room, raster := range map[string]int{"kokous": 15, "ryhma": 60} {
		_, err := w.DB.Exec(ctx, "UPDATE resources SET raster = ? WHERE slug = ?", raster, room)
		w.must(err)
	}
	manager := w.who["manager"]
	for room, want := range map[string]struct {
		quarter bool
		starts  int
	}{"kokous": {true, 96}, "ryhma": {false, 48}} {
		text := manager.get("/work/new?unit=talo&room=" + room + "&start=12:00&end=13:00").want(200).text
		_, list, _ := strings.Cut(text, `<select class="input" id="start"`)
		list, _, _ = strings.Cut(list, "</select>")
		if strings.Contains(list, `value="12:15"`) != want.quarter || strings.Count(list, "<option") != want.starts {
			t.Errorf("%s: %d starts", room, strings.Count(list, "<option"))
		}
	}
}
