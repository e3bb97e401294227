// Package ui holds the visual components: typed views, the functions their
// templates need, and the drawings that stand in for photographs.
//
// It promises that what a component needs is in its Go type, that the markup in
// web/templates/parts is semantic and works without JavaScript, and that the
// same input gives the same bytes. Texts that contain values arrive translated
// and formatted; fixed words come through the template function t (web/locales).
// It leaves data, routes and languages to package web.
package ui

import (
	"errors"
	"fmt"
	"html/template"

	"vuoro/web/static"
)

// Funcs are the template functions that do not depend on the language. Package
// web adds t (key → sentence in the page's language).
func Funcs() template.FuncMap {
	return template.FuncMap{
		"icon":   Icon,
		"asset":  static.Path,
		"status": func(kind Kind, label string) StatusTag { return StatusTag{Kind: kind, Label: label} },
		"link":   func(href, label string) Link { return Link{Href: href, Label: label} },
		"dict":   dict,
	}
}

// Icon gives an inline outline icon, hidden from assistive technology; the word
// beside it carries the meaning. Unknown names are an error of the template.
func Icon(name string) (template.HTML, error) {
	inner, ok := static.Icon(name)
	if !ok {
		return "", fmt.Errorf("ui: no icon %q", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false" width="24" height="24" viewBox="0 0 24 24"` +
		` fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">` +
		inner + `</svg>`), nil
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("ui: dict wants pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("ui: dict key %v is not a string", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}
