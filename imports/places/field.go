package places

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/web/locales"
)

// shape is how JSON spells a value; CSV spells all of them as text.
type shape int

const (
	inText   shape = iota
	inTexts        // {"fi": …, "sv": …, "en": …}; in CSV a column for each
	inNumber       // or a word that stands for one
	inFlag
	inList
	inRules // text, or an object as it is stored
)

// field is one column of a thing and the place in it where the value lives.
// Read takes the text of a cell, "" = the default; write gives the one spelling
// that an export uses, "" = the default.
type field struct {
	column string
	shape  shape
	read   func(text string) *fault.Error
	write  func() string
}

// thing is what a row is about.
type thing interface {
	// fields are its columns in the order of an export. Dates are of the zone.
	fields(zone *time.Location) []field
}

// spelled is a thing as an export would write it.
func spelled(fields []field) []string {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = f.write()
	}
	return texts
}

func text(column string, into *string) field {
	return field{
		column: column,
		read: func(text string) *fault.Error {
			*into = lineEnds.Replace(text)
			if strings.ContainsFunc(*into, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				return invalid("bad_characters")
			}
			return nil
		},
		write: func() string { return *into },
	}
}

// lineEnds makes texts of all systems alike; CSV could not tell them apart.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func texts(column string, into *locales.Texts) []field {
	one := func(lang string, into *string) field {
		f := text(column+"_"+lang, into)
		f.shape = inTexts
		return f
	}
	return []field{one("fi", &into.Fi), one("sv", &into.Sv), one("en", &into.En)}
}

// word is a key of a list.
func word(column string, into *string, vocabulary func() []string, usual string) field {
	return field{
		column: column,
		read: func(text string) *fault.Error {
			*into = orUsual(strings.TrimSpace(text), usual)
			return known(vocabulary(), *into)
		},
		write: func() string { return unlessUsual(*into, usual) },
	}
}

func orUsual(text, usual string) string {
	if text == "" {
		return usual
	}
	return text
}

func unlessUsual(text, usual string) string {
	if text == usual {
		return ""
	}
	return text
}

func known(vocabulary []string, key string) *fault.Error {
	if key == "" || vocabulary == nil || slices.Contains(keysAlone(vocabulary), key) {
		return nil
	}
	return invalid("places.unknown_word", fault.Params{"value": shortened(key), "known": nearest(vocabulary, key)})
}

// list is several keys of a list, or any words when there is none.
func list(column string, into *db.Strings, vocabulary func() []string) field {
	return field{
		column: column, shape: inList,
		read: func(text string) *fault.Error {
			*into = split(text)
			for _, key := range *into {
				if err := known(vocabulary(), key); err != nil {
					return err
				}
			}
			return nil
		},
		write: func() string { return strings.Join(*into, ", ") },
	}
}

// split reads a list; "," and ";" and line breaks separate.
func split(text string) []string {
	var list []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func number(column string, into *int, usual int) field {
	return field{
		column: column, shape: inNumber,
		read: func(text string) *fault.Error {
			n, err := parseNumber(text)
			if err == nil && n == nil {
				n = &usual
			}
			if err == nil {
				*into = *n
			}
			return err
		},
		write: func() string { return unlessUsual(strconv.Itoa(*into), strconv.Itoa(usual)) },
	}
}

// maybe is a number that may be unknown.
func maybe(column string, into **int) field {
	return field{
		column: column, shape: inNumber,
		read: func(text string) (err *fault.Error) {
			*into, err = parseNumber(text)
			return err
		},
		write: func() string { return writeMaybe(*into) },
	}
}

func writeMaybe(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// maxNumber keeps numbers within the columns of the database.
const maxNumber = 1_000_000_000

func parseNumber(text string) (*int, *fault.Error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > maxNumber || n < -maxNumber {
		return nil, invalid("places.number", fault.Params{"value": shortened(text)})
	}
	return &n, nil
}

// neverCancels is the word for a holder who cannot cancel.
const neverCancels = "never"

// cancelling is the notice for cancelling, a day unless the file says another.
func cancelling(column string, into **int) field {
	day := 24 * 60
	return field{
		column: column, shape: inNumber,
		read: func(text string) *fault.Error {
			if strings.TrimSpace(text) == neverCancels {
				*into = nil
				return nil
			}
			n, err := parseNumber(text)
			if n == nil && err == nil {
				n = &day
			}
			*into = n
			return err
		},
		write: func() string {
			if *into == nil {
				return neverCancels
			}
			return unlessUsual(writeMaybe(*into), strconv.Itoa(day))
		},
	}
}

// decimal is a number that may be unknown, with a point or a comma and so many
// decimals, -1 = all.
func decimal(column string, into **float64, decimals int) field {
	return field{
		column: column, shape: inNumber,
		read: func(text string) *fault.Error {
			if text = strings.TrimSpace(text); text == "" {
				*into = nil
				return nil
			}
			n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
			if err != nil || !(n < maxNumber && n > -maxNumber) {
				return invalid("places.number", fault.Params{"value": shortened(text)})
			}
			if decimals >= 0 {
				scale := math.Pow10(decimals)
				n = math.Round(n*scale) / scale
			}
			*into = &n
			return nil
		},
		write: func() string {
			if *into == nil {
				return ""
			}
			return strconv.FormatFloat(**into, 'f', -1, 64)
		},
	}
}

// price is an amount in euros, kept in cents; empty = not known.
func price(column string, into **int) field {
	return field{
		column: column, shape: inNumber,
		read: func(text string) *fault.Error {
			if text = strings.TrimSpace(text); text == "" {
				*into = nil
				return nil
			}
			cents, ok := parseEuros(text)
			if !ok {
				return invalid("places.price", fault.Params{"value": shortened(text)})
			}
			*into = &cents
			return nil
		},
		write: func() string {
			if *into == nil {
				return ""
			}
			return writeEuros(**into)
		},
	}
}

// parseEuros reads "7", "7.3", "7,30", also with a sign of the euro.
func parseEuros(text string) (cents int, ok bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "€"))
	euros, part, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if len(part) > 2 || len(euros) == 0 || len(euros) > 7 || strings.ContainsAny(euros+part, "+-") {
		return 0, false
	}
	cents, err := strconv.Atoi(euros + (part + "00")[:2])
	return cents, err == nil
}

func writeEuros(cents int) string {
	digits := strconv.Itoa(cents)
	for len(digits) < 3 {
		digits = "0" + digits
	}
	return digits[:len(digits)-2] + "." + digits[len(digits)-2:]
}

var flags = map[string]bool{
	"yes": true, "true": true, "1": true, "kyllä": true, "ja": true, "tosi": true, "sant": true, "x": true,
	"no": false, "false": false, "0": false, "ei": false, "nej": false, "epätosi": false, "falskt": false,
}

func parseFlag(text string) (*bool, *fault.Error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	flag, ok := flags[strings.ToLower(text)]
	if !ok {
		return nil, invalid("places.flag", fault.Params{"value": shortened(text)})
	}
	return &flag, nil
}

func writeFlag(flag bool) string {
	if flag {
		return "yes"
	}
	return "no"
}

// flag is yes or no, no unless the file says so.
func flag(column string, into *bool) field {
	return field{
		column: column, shape: inFlag,
		read: func(text string) *fault.Error {
			flag, err := parseFlag(text)
			*into = flag != nil && *flag
			return err
		},
		write: func() string { return unlessUsual(writeFlag(*into), "no") },
	}
}

// maybeFlag is yes, no or not known.
func maybeFlag(column string, into **bool) field {
	return field{
		column: column, shape: inFlag,
		read: func(text string) (err *fault.Error) {
			*into, err = parseFlag(text)
			return err
		},
		write: func() string {
			if *into == nil {
				return ""
			}
			return writeFlag(**into)
		},
	}
}

// date is a local day; empty = open.
func date(column string, into **calendar.Date) field {
	return field{
		column: column,
		read: func(text string) *fault.Error {
			*into = nil
			if strings.TrimSpace(text) == "" {
				return nil
			}
			day, ok := parseDate(strings.TrimSpace(text))
			if !ok {
				return invalid("places.date", fault.Params{"value": shortened(text)})
			}
			*into = &day
			return nil
		},
		write: func() string {
			if *into == nil || (*into).IsZero() {
				return ""
			}
			return (*into).String()
		},
	}
}

var shortened = files.Shortened
