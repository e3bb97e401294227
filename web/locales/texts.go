// Package locales speaks fi, sv and en: sentences by key, dates and times as
// people of each language write them, and texts kept in three languages. It
// promises that the three catalogues have the same keys. It leaves out who
// reads which language (accounts) and where a sentence stands (web, notify).
package locales

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// Languages in the order in which they stand in for each other.
var Languages = []string{"fi", "sv", "en"}

// Texts is one text in up to three languages; the jsonb type of all texts.
type Texts struct {
	Fi string `json:"fi,omitempty"`
	Sv string `json:"sv,omitempty"`
	En string `json:"en,omitempty"`
}

// In gives the text in a language, or else in the first language that has it,
// with the language it is in (for the lang attribute). "" when there is none.
func (t Texts) In(lang string) (text, in string) {
	if text := t.Exact(lang); text != "" {
		return text, lang
	}
	for _, l := range Languages {
		if text := t.Exact(l); text != "" {
			return text, l
		}
	}
	return "", lang
}

// String is the text in the first language that has it; for logs.
func (t Texts) String() string {
	text, _ := t.In("fi")
	return text
}

// Exact gives the text in a language, or "".
func (t Texts) Exact(lang string) string {
	switch lang {
	case "fi":
		return t.Fi
	case "sv":
		return t.Sv
	case "en":
		return t.En
	}
	return ""
}

// Scan reads a jsonb column.
func (t *Texts) Scan(src any) error {
	*t = Texts{}
	switch s := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(s), t)
	case []byte:
		return json.Unmarshal(s, t)
	}
	return fmt.Errorf("locales: cannot read %T as texts", src)
}

// Value writes the jsonb text.
func (t Texts) Value() (driver.Value, error) {
	b, err := json.Marshal(t)
	return string(b), err
}

// GormDataType names the column type for gorm.
func (Texts) GormDataType() string { return "jsonb" }
