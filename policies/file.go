package policies

import (
	"encoding/json"
	"strconv"

	"vuoro/fault"
)

// ParseFile reads a rule book as a file strictly, as ParseRules does: unknown
// fields are refused. The error is Invalid; its Fields name the mistakes of the
// rules as ParseRules does, and those of an example as "examples.#3.class".
func ParseFile(text []byte) (File, error) {
	var raw struct {
		Source   string            `json:"source"`
		Name     Note              `json:"name"`
		Place    ExamplePlace      `json:"place"`
		Rules    json.RawMessage   `json:"rules"`
		Examples []json.RawMessage `json:"examples"`
		Variants []Variant         `json:"variants"`
	}
	found := &mistakes{}
	if len(text) > maxBytes {
		found.add("", "rules.too_large", fault.Params{"max": maxBytes >> 20})
		return File{}, found.err()
	}
	if !found.decode(text, &raw) {
		return File{}, found.err()
	}
	file := File{Source: raw.Source, Name: raw.Name, Place: raw.Place, Examples: make([]Example, len(raw.Examples)), Variants: raw.Variants}
	var err error
	if file.Rules, err = ParseRules(raw.Rules); err != nil {
		found.fields = fault.As(err).Fields
	}
	for i, example := range raw.Examples {
		found.rule = "examples.#" + strconv.Itoa(i+1)
		found.decode(example, &file.Examples[i])
	}
	return file, found.err()
}
