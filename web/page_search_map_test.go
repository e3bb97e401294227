package web

import (
	"strings"
	"testing"
)

// Only the map's own page may load pictures from elsewhere, and only where there
// is a map.
func TestMapOpensThePolicyForItself(t *testing.T) {
	w := newTown(t, func(s *Server) { s.MapTileURL = "https://tiles.example.org/{z}/{x}/{y}.png" })
	_, err := w.DB.Exec(ctx, "UPDATE units SET latitude = 60.17, longitude = 24.94 WHERE slug = 'talo'")
	w.must(err)
	policy := func(target string) string { return w.who["anon"].get(target).Header.Get("Content-Security-Policy") }
	if got := policy("/fi/tilat?view=map"); !strings.Contains(got, "img-src 'self' data: https://tiles.example.org;") {
		t.Errorf("the map's policy: %s", got)
	}
	if got := policy("/fi/tilat"); got != contentPolicy {
		t.Errorf("the list's policy: %s", got)
	}
	p := w.browser("").open("/fi/tilat?view=map").is(200)
	p.count("a.pin", 1).says("h2", "kartalla").count("article.room", 4)
	if pin := p.one("a.pin"); !strings.Contains(attribute(pin, "href"), "unit=talo") || attribute(pin, "data-at") != "60.17000,24.94000" {
		t.Errorf("the pin leads to %s", attribute(pin, "href"))
	}
	plain := newTown(t)
	plain.browser("").open("/fi/tilat?view=map").is(200).count("div.map", 0)
}

func TestSearchPageCountsAndRelaxes(t *testing.T) {
	w := newTown(t)
	_, err := w.DB.Exec(ctx, "UPDATE resources SET equipment = '{piano}' WHERE slug = 'sali'")
	w.must(err)
	w.who["resident"].book("kokous", "2026-11-23 12:00", "2026-11-23 23:00")
	p := w.browser("").open("/fi/tilat?persons=4").is(200)
	p.says("label.check", "Piano tai flyygeli (1)").says("option", "(1)")
	p.says("p.room-starts-head", "Ensimmäinen vapaa aika")
	p = w.browser("").open("/fi/tilat?equipment=piano&equipment=stage").is(200)
	p.says("div.empty", "Piano tai flyygeli, Näyttämö").count("a.chosen-chip", 2)
	p = w.browser("").open("/fi/tilat?near=atlantis").is(422)
	p.says("p.error", "atlantis").count("article.room", 4)
	p = w.browser("").open("/fi/tilat?date=24.11.&until=20.12.2027").is(422)
	p.says("p.error", "92").count("details[open]", 1)
}
