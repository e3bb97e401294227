package web

import (
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"vuoro/resources"
)

// placeSpecimen is a write about places that a use case would take.
func (m *matrix) placeSpecimen(r route, args []string, form url.Values) (string, url.Values, any) {
	unit, err := m.Resources.UnitBySlug(ctx, m.DB, "talo")
	m.must(err)
	var body any
	name := map[string]any{"name": map[string]string{"fi": uuid.NewString()}}
	switch r.name {
	case "admin-unit-save":
		args = []string{"talo"}
		form = url.Values{"section": {"use"}, "holidays": {"closed"}, "revision": {strconv.Itoa(unit.Revision)}}
		if unit.Holidays == "closed" {
			form.Set("holidays", "normal")
		}
	case "admin-tree-change":
		args, form = []string{"talo"}, url.Values{"act": {"add-space"}, "name_fi": {uuid.NewString()}}
	case "admin-unit-hours-save", "admin-room-hours-save":
		form = url.Values{"act": {"preview"}, "periods": {"0"}}
		if r.name == "admin-unit-hours-save" {
			args = []string{"talo"}
		}
	case "admin-unit-make":
		form = url.Values{"name_fi": {uuid.NewString()}, "holidays": {"normal"}}
	case "admin-first-book":
		form = url.Values{"template": {"everyone-free"}}
	case "add-unit":
		body = map[string]any{"name": name["name"], "holidays": "normal"}
	case "save-unit":
		args, body = []string{"talo"}, map[string]any{"slug": "talo", "name": name["name"], "holidays": "normal"}
	case "add-space":
		args, body = []string{"talo"}, name
	case "save-space":
		args, body = []string{"talo", m.spareSpace(unit.ID).String()}, name
	case "remove-space":
		args = []string{"talo", m.spareSpace(unit.ID).String()}
	case "add-device":
		args, body = []string{"talo"}, map[string]any{"name": name["name"], "count": 2}
	case "save-device":
		args, body = []string{"talo", m.spareDevice(unit.ID).String()}, map[string]any{"name": name["name"], "count": 3}
	case "remove-device":
		args = []string{"talo", m.spareDevice(unit.ID).String()}
	}
	return fill(r.at[0], args), form, body
}

// liveTerms adds a version of terms that is in force.
func (w *town) liveTerms(key string) resources.Terms {
	w.t.Helper()
	from := w.clock
	made, err := w.Resources.AddTerms(ctx, w.DB, resources.Terms{
		Key: key, State: "live", ValidFrom: &from, Title: all("Salin ehdot"), Body: all("Vain sisäkengät.\nSiivotkaa jälkenne."),
	})
	w.must(err)
	return made
}

func (m *matrix) spareSpace(unit int) uuid.UUID {
	made, err := m.Catalogue.AddSpace(ctx, m.actor("city"), resources.Space{Unit: unit, Name: all("Vara")})
	m.must(err)
	return made.UID
}

func (m *matrix) spareDevice(unit int) uuid.UUID {
	made, err := m.Catalogue.AddDevice(ctx, m.actor("city"), resources.Device{Unit: unit, Name: all("Vara"), Count: 1})
	m.must(err)
	return made.UID
}
