package web

import "net/url"

// roomEditing are the specimens of the editor of rooms and their pictures.
func (m *matrix) roomEditing(r route, args []string, form url.Values, body any) ([]string, any) {
	switch r.name {
	case "resource-new", "resource-make":
		form.Set("unit", "talo")
		form.Set("name_fi", "Uusi")
	case "resource-section", "resource-save":
		args = append(args, "texts")
		form.Set("revision", "999") // stale: the rooms of the town stay as they are
		form.Set("name_fi", "Kokous")
		form.Set("slug", "kokous")
	case "resource-step":
		form.Set("revision", "999")
		form.Set("act", "archive")
	case "resource-copy-make":
		form.Set("name_fi", "Kopio")
	case "make-resource":
		body = map[string]any{"unit": "talo", "settings": map[string]any{"name": map[string]any{"fi": "Uusi"}, "rule_book": "open"}}
	case "save-settings":
		args = append(args, "ryhma")
		body = map[string]any{"name": map[string]any{"fi": "Ryhmä"}, "rule_book": "missing"} // is refused
	case "step-resource":
		args = append(args, "ryhma")
		body = map[string]any{"step": "publish"}
	case "read-settings", "add-picture":
		args = append(args, "kokous")
	case "remove-picture":
		args = append(args, "kokous", m.picture().UID.String())
	case "picture-act":
		args = append(args, m.picture().UID.String())
		form.Set("act", "up")
	case "picture":
		args = append(args, m.picture().UID.String()+"-400.jpg")
	}
	return args, body
}
