package resources

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vuoro/fault"
)

// Filter narrows a list of places; zero fields do not narrow. What is not
// known of a place (persons, step-free access, price) does not match.
type Filter struct {
	Text               string   // words in fi, sv or en; every word must be found
	Unit               string   // slug
	Purpose            string   // key of Purposes
	Type               string   // key of Types
	Persons            int      // fits so many
	Equipment          []string // keys of Equipment, all of them
	StepFree           bool
	Free               bool // free of charge for a resident's ordinary use
	Lang               string
	IncludeUnpublished bool // drafts and hidden places too; archived ones never
}

const (
	maxText  = 1000 // characters of a search text
	maxWords = 12   // of it that are looked for; nobody means more
)

// check refuses what no form can send by mistake; unknown keys of vocabularies
// are refused so that a typing mistake in an address is not "no rooms".
func (f Filter) check() error {
	var fields []fault.Field
	add := func(bad bool, name, code string, params fault.Params) {
		if bad {
			fields = append(fields, fault.Field{Name: name, Code: code, Params: params})
		}
	}
	add(utf8.RuneCountInString(f.Text) > maxText, "text", "search.too_long", fault.Params{"max": maxText})
	add(f.Type != "" && !known(Types, f.Type), "type", "search.unknown_type", nil)
	add(f.Purpose != "" && !known(Purposes, f.Purpose), "purpose", "search.unknown_purpose", nil)
	add(f.Persons < 0 || f.Persons > 100_000, "persons", "search.persons", fault.Params{"max": 100_000})
	add(f.Unit != "" && !slugForm.MatchString(f.Unit), "unit", "search.unknown_unit", nil)
	for _, key := range f.Equipment {
		add(!known(Equipment, key), "equipment", "search.unknown_equipment", nil)
	}
	return invalid(fields)
}

// invalid makes one error of the mistakes in a form, or nil of none.
func invalid(fields []fault.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
}

// words are the words of the text in small letters, without doubles, control
// characters and signs; % and _ are characters like others.
func (f Filter) words() []string {
	parts := strings.FieldsFunc(strings.ToLower(strings.ToValidUTF8(f.Text, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("%_-+'’", r)
	})
	var list []string
	for _, word := range parts {
		word = strings.Trim(word, "-+'’")
		if word != "" && !slices.Contains(list, word) && len(list) < maxWords {
			list = append(list, word)
		}
	}
	return list
}

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the LIKE pattern of a text that contains word as it is.
func containing(word string) string { return "%" + escape.Replace(word) + "%" }
