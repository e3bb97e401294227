package respa

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vuoro/web/locales"
)

// The types of this file read one field each: JSON null, "" and a missing key
// are "not said"; what has another shape is an error that says what was
// expected. Numbers may be written as text.

// ident is an id, a number or a word.
type ident string

var identForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$`)

// UnmarshalJSON reads 104634 and "axayciqmqfja".
func (id *ident) UnmarshalJSON(raw []byte) error {
	text := string(bytes.Trim(raw, `"`))
	if text == "null" || text == "" {
		return nil
	}
	if !identForm.MatchString(text) {
		return fmt.Errorf("%s is not an id", shortened(raw))
	}
	*id = ident(text)
	return nil
}

// texts are in up to three languages; other languages are passed over. A bare
// text is taken for Finnish.
type texts locales.Texts

// UnmarshalJSON reads {"fi": …, "sv": …, "en": …} and bare texts.
func (t *texts) UnmarshalJSON(raw []byte) error {
	var byLanguage map[string]*string
	if raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		t.Fi = tidy(text)
		return nil
	}
	if err := json.Unmarshal(raw, &byLanguage); err != nil {
		return fmt.Errorf("%s is not a text in languages", shortened(raw))
	}
	for lang, into := range map[string]*string{"fi": &t.Fi, "sv": &t.Sv, "en": &t.En} {
		if text := byLanguage[lang]; text != nil {
			*into = tidy(*text)
		}
	}
	return nil
}

// tidy unifies line breaks and drops characters that nobody sees.
func tidy(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}

// number is a finite number that was said.
type number struct {
	V   float64
	Set bool
}

// UnmarshalJSON reads 4, 4.0, "4" and "7.00".
func (n *number) UnmarshalJSON(raw []byte) error {
	text := string(bytes.Trim(raw, `"`))
	if text == "null" || text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || strings.ContainsAny(text, "xX_") {
		return fmt.Errorf("%s is not a number", shortened(raw))
	}
	*n = number{v, true}
	return nil
}

// whole is the number as an int between two, both included; ok is false for a
// fraction and for what lies outside.
func (n number) whole(from, to int) (v int, ok bool) {
	if n.V != math.Trunc(n.V) || n.V < float64(from) || n.V > float64(to) {
		return 0, false
	}
	return int(n.V), true
}

// cents is an amount of euros in cents.
func (n number) cents() (v int, ok bool) {
	cents := math.Round(n.V * 100)
	return int(cents), n.Set && n.V >= 0 && cents <= math.MaxInt32
}

// length is a length of time in whole minutes.
type length struct {
	Minutes int
	Set     bool
}

var lengthForm = regexp.MustCompile(`^(?:(\d{1,4}) )?(\d{1,4}):([0-5]\d):([0-5]\d)$`)

// UnmarshalJSON reads "00:30:00" and "1 00:00:00".
func (l *length) UnmarshalJSON(raw []byte) error {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("%s is not a length of time", shortened(raw))
	}
	if text == nil || *text == "" {
		return nil
	}
	part := lengthForm.FindStringSubmatch(*text)
	if part == nil || part[4] != "00" {
		return fmt.Errorf("%s is not a length of time in minutes", shortened(raw))
	}
	days, _ := strconv.Atoi(part[1]) // "" = none
	hours, _ := strconv.Atoi(part[2])
	minutes, _ := strconv.Atoi(part[3])
	*l = length{(days*24+hours)*60 + minutes, true}
	return nil
}

// moment is an instant.
type moment struct{ time.Time }

// UnmarshalJSON reads "2026-01-14T09:30:00+02:00"; without an offset it is none.
func (m *moment) UnmarshalJSON(raw []byte) error {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("%s is not a time", shortened(raw))
	}
	if text == nil || *text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, *text)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return fmt.Errorf("%s is not a time with its offset", shortened(raw))
	}
	m.Time = t.UTC()
	return nil
}

// named is a thing with an id and a name, or its id alone.
type named struct {
	ID   ident
	Name texts
}

// UnmarshalJSON reads {"id": …, "name": …} and "id".
func (n *named) UnmarshalJSON(raw []byte) error {
	if raw[0] != '{' {
		return json.Unmarshal(raw, &n.ID)
	}
	type plain named
	return json.Unmarshal(raw, (*plain)(n))
}

func shortened(raw []byte) string {
	const most = 60
	if len(raw) > most {
		return string(bytes.ToValidUTF8(raw[:most], nil)) + "…"
	}
	return string(raw)
}

// row is one row of an answer, read field by field; the first error stays.
type row struct {
	raw map[string]json.RawMessage
	err error
}

func openRow(raw []byte) *row {
	r := &row{}
	if err := json.Unmarshal(raw, &r.raw); err != nil || r.raw == nil {
		r.err = fmt.Errorf("%s is not a row", shortened(raw))
	}
	return r
}

// read puts a field into a value of this file or a plain one, and tells whether
// the key is there and has something.
func (r *row) read(name string, into any) bool {
	raw, there := r.raw[name]
	if !there || string(raw) == "null" || string(raw) == `""` || r.err != nil {
		return false
	}
	err := json.Unmarshal(raw, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		err = fmt.Errorf("%s has the wrong shape", shortened(raw))
	}
	if err != nil {
		r.err = fmt.Errorf("%s: %w", name, err)
	}
	return err == nil
}

// must is read for a field without which a row is none.
func (r *row) must(name string, into any) {
	if !r.read(name, into) && r.err == nil {
		r.err = fmt.Errorf("%s is missing", name)
	}
}
