package places

import (
	"encoding/json"
	"slices"
	"strings"

	"vuoro/imports/spreadsheet"
)

// value is a cell to be written; those with defaults are left out.
type value struct {
	column string
	shape  shape
	text   string
}

// written is a thing to be written and what belongs to it.
type written struct {
	kind     string
	values   []value
	children []written
}

// flat lists things with what belongs to them after each.
func flat(things []written) []written {
	var list []written
	for _, t := range things {
		list = append(list, t)
		list = append(list, flat(t.children)...)
	}
	return list
}

// jsonWriter writes the one layout that an export has: a key on each line,
// texts, lists and hours on one line.
type jsonWriter struct{ strings.Builder }

func writeJSON(things []written) []byte {
	var w jsonWriter
	w.WriteString("{\n  \"format\": " + quote(formatName) + ",\n  \"version\": " + formatVersion)
	for _, part := range []struct{ key, kind string }{{"rule_books", RuleBookRow}, {"units", UnitRow}} {
		w.things(part.key, of(things, part.kind), "  ")
	}
	w.WriteString("\n}\n")
	return []byte(w.String())
}

func of(things []written, kind string) []written {
	return slices.DeleteFunc(slices.Clone(things), func(t written) bool { return t.kind != kind })
}

// things writes a list under a key after what stands before it, nothing for an
// empty one.
func (w *jsonWriter) things(key string, things []written, indent string) {
	if len(things) == 0 {
		return
	}
	w.WriteString(",\n" + indent + quote(key) + ": [")
	for i, t := range things {
		if i > 0 {
			w.WriteString(",")
		}
		w.WriteString("\n" + indent + "  ")
		w.thing(t, indent+"  ")
	}
	w.WriteString("\n" + indent + "]")
}

func (w *jsonWriter) thing(t written, indent string) {
	pairs := w.pairs(t)
	if len(t.children) == 0 && t.kind != ResourceRow && t.kind != UnitRow && t.kind != RuleBookRow {
		w.WriteString("{" + strings.Join(pairs, ", ") + "}")
		return
	}
	inner := indent + "  "
	w.WriteString("{\n" + inner + strings.Join(pairs, ",\n"+inner))
	w.hours(of(t.children, HoursRow), inner)
	spaces := "spaces"
	if t.kind == SpaceRow {
		spaces = "parts"
	}
	w.things(spaces, of(t.children, SpaceRow), inner)
	w.things("devices", of(t.children, DeviceRow), inner)
	w.things("resources", of(t.children, ResourceRow), inner)
	w.WriteString("\n" + indent + "}")
}

// hours that always hold are written as text.
func (w *jsonWriter) hours(list []written, indent string) {
	always := func(t written) (string, bool) {
		own := slices.DeleteFunc(slices.Clone(t.values), func(v value) bool { return slices.Contains(implied[HoursRow], v.column) })
		return quote(own[0].text), len(own) == 1
	}
	if len(list) == 1 {
		if text, ok := always(list[0]); ok {
			w.WriteString(",\n" + indent + `"hours": ` + text)
			return
		}
	}
	for i, t := range list {
		w.WriteString(map[bool]string{true: ",\n" + indent + `"hours": [`, false: ","}[i == 0] + "\n" + indent + "  ")
		if text, ok := always(t); ok {
			w.WriteString(text)
		} else {
			w.thing(t, indent+"  ")
		}
	}
	if len(list) > 0 {
		w.WriteString("\n" + indent + "]")
	}
}

// pairs are the keys and values of a thing itself.
func (w *jsonWriter) pairs(t written) []string {
	var pairs []string
	var languages []string
	for i, v := range t.values {
		if slices.Contains(implied[t.kind], v.column) {
			continue
		}
		key := jsonKey(field{column: v.column, shape: v.shape})
		if v.shape != inTexts {
			pairs = append(pairs, quote(key)+": "+v.json())
			continue
		}
		languages = append(languages, quote(strings.TrimPrefix(v.column, key+"_"))+": "+quote(v.text))
		if i+1 == len(t.values) || jsonKey(field{column: t.values[i+1].column, shape: t.values[i+1].shape}) != key {
			pairs = append(pairs, quote(key)+": {"+strings.Join(languages, ", ")+"}")
			languages = nil
		}
	}
	return pairs
}

func (v value) json() string {
	switch {
	case v.shape == inNumber && spreadsheet.Number.MatchString(v.text):
		return v.text
	case v.shape == inFlag:
		return map[bool]string{true: "true", false: "false"}[v.text == "yes"]
	case v.shape == inList:
		words := split(v.text)
		for i, word := range words {
			words[i] = quote(word)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case v.shape == inRules && strings.HasPrefix(v.text, "{"):
		return rulesByLine(v.text)
	}
	return quote(v.text)
}

// rulesByLine writes whole rules with one rule on each line.
func rulesByLine(text string) string {
	var rules struct {
		Version int               `json:"version"`
		Rules   []json.RawMessage `json:"rules"`
	}
	if json.Unmarshal([]byte(text), &rules) != nil {
		return text
	}
	const indent = "\n        "
	var lines []string
	for _, rule := range rules.Rules {
		lines = append(lines, indent+spacious(rule))
	}
	return `{"version": ` + formatVersion + `, "rules": [` + strings.Join(lines, ",") + "\n      ]}"
}

// spacious puts a space after the commas and colons between values.
func spacious(raw []byte) string {
	var out strings.Builder
	inside, escaped := false, false
	for _, b := range raw {
		out.WriteByte(b)
		switch {
		case escaped:
			escaped = false
		case b == '\\':
			escaped = true
		case b == '"':
			inside = !inside
		case !inside && (b == ',' || b == ':'):
			out.WriteByte(' ')
		}
	}
	return out.String()
}

func quote(text string) string { return asJSON(text) }

// asJSON is a value on one line, with the letters that it has.
func asJSON(v any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil {
		return `""`
	}
	return strings.TrimSuffix(out.String(), "\n")
}
