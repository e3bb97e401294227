package web

import (
	"net/url"
	"strings"
)

func isSeriesRoute(r route) bool {
	return strings.Contains(r.at[0], "/series") || strings.HasPrefix(r.name, "my-series")
}

// seriesSpecimen is a route about series with one of the choir behind it, and a
// body that a use case would take.
func (m *matrix) seriesSpecimen(r route, form url.Values, slot [2]string) (string, url.Values, any) {
	start, end := strings.Replace(slot[0], " ", "T", 1), strings.Replace(slot[1], " ", "T", 1)
	var args []string
	body := map[string]any{}
	if strings.Contains(r.at[0], ":ref") {
		made := m.choirs("kokous", m.at(slot[0]))
		args = append(args, made.ID.String())
		form.Set("act", "cancel")
	}
	switch r.name {
	case "my-series-add":
		form.Set("date", "2027-06-01")
	case "my-series-drop":
		form.Set("date", "2027-06-01")
	case "my-series-edit-it":
		form.Set("scope", "all")
	case "my-series-cancel-it":
		form.Set("scope", "all")
	case "preview-series":
		body = m.weekly("kokous", start, end, "FREQ=WEEKLY;COUNT=1")
	case "make-series":
		body = m.weekly("kokous", start, end, "FREQ=WEEKLY;COUNT=1")
	case "edit-series", "preview-series-edit":
		body = map[string]any{"title": "Toinen"}
	case "cancel-series", "deny-series":
		body = map[string]any{"reason": "syy", "reason_code": "other"}
	case "add-series-date":
		body = map[string]any{"date": "2027-06-01"}
	case "drop-series-date":
		args = append(args, "2026-12-01")
	}
	if r.method == get || r.method == "DELETE" {
		return fill(r.at[0], args), form, nil
	}
	return fill(r.at[0], args), form, body
}
