package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAPIMakesChangesAndPublishesARoom(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	settings := map[string]any{"name": map[string]any{"fi": "Työhuone"}, "rule_book": "open"}
	made := decode[settingsView](g.call(http.MethodPost, "/resources", map[string]any{"unit": "talo", "settings": settings}).want(201))
	if made.State != "draft" || made.Settings.Slug != "tyohuone" || len(made.Missing) < 5 || made.Settings.Raster != 30 {
		t.Fatalf("%+v", made)
	}
	at := "/resources/" + made.ID.String()
	w.who["anon"].call(http.MethodGet, at, nil).problem(404, "resource.not_found")
	g.call(http.MethodGet, at, nil).want(200, "Työhuone")
	g.call(http.MethodPut, at, settings).problem(428, "precondition_missing")
	g.call(http.MethodPut, at, settings, header{"If-Match": `"7"`}).problem(412, "stale")
	settings["unit"] = "toinen"
	g.call(http.MethodPut, at, settings, header{"If-Match": `"1"`}).problem(422, "invalid")
	delete(settings, "unit")
	g.call(http.MethodPost, at+"/state", map[string]any{"step": "publish"}, header{"If-Match": `"1"`}).problem(422, "resource.incomplete")
	tree, err := w.Resources.Tree(ctx, w.DB, w.units["talo"].ID)
	w.must(err)
	three := map[string]any{"fi": "a", "sv": "b", "en": "c"}
	for name, value := range map[string]any{
		"description": three, "type": "group_room", "access": "open", "price_cents": 0, "parts": []map[string]any{{"space": tree.Spaces[0].UID}},
	} {
		settings[name] = value
	}
	saved := decode[settingsView](g.call(http.MethodPut, at, settings, header{"If-Match": `"1"`}).want(200))
	if len(saved.Missing) != 0 || len(saved.Settings.Parts) != 1 || *saved.Settings.Parts[0].Space != tree.Spaces[0].UID || saved.Revision != 2 {
		t.Fatalf("%+v", saved)
	}
	g.call(http.MethodPost, at+"/state", map[string]any{"step": "publish"}, header{"If-Match": `"2"`}).want(200, `"published"`)
	w.who["anon"].call(http.MethodGet, at, nil).want(200)
	elsewhere, err := w.Resources.Tree(ctx, w.DB, w.units["toinen"].ID)
	w.must(err)
	settings["parts"] = []map[string]any{{"space": elsewhere.Spaces[0].UID}}
	g.call(http.MethodPut, at, settings, header{"If-Match": "*"}).problem(422, "resource.part_elsewhere")
}

func TestAPITakesPictures(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	send := func(file []byte) answer {
		return g.upload(apiPrefix+"/resources/kokous/pictures", url.Values{"alt_fi": {"a"}, "alt_sv": {"b"}, "alt_en": {"c"}}, file, header{"X-CSRF-Token": g.csrf})
	}
	send([]byte("<svg>")).problem(422, "picture.svg")
	large := append(smallPhoto(t), make([]byte, 3<<20)...)
	picture := decode[pictureView](send(large).want(201))
	if picture.Width != 900 || !strings.HasPrefix(picture.Small, testBase+"/img/picture/") {
		t.Errorf("%+v", picture)
	}
	w.who["anon"].call(http.MethodGet, "/resources/kokous", nil).want(200, picture.Medium)
	g.call(http.MethodDelete, "/resources/muu/pictures/"+picture.ID.String(), nil).problem(404, "resource.not_found")
	g.call(http.MethodDelete, "/resources/ryhma/pictures/"+picture.ID.String(), nil).problem(404, "picture.not_found")
	g.call(http.MethodDelete, "/resources/kokous/pictures/"+picture.ID.String(), nil).want(204)
}
