package locales

import (
	"slices"
	"strconv"
	"time"
)

// numerals of the lists below begin with their second; what is not in a list is
// written in figures.
var (
	fiEvery   = []string{"toinen", "kolmas", "neljäs", "viides", "kuudes", "seitsemäs", "kahdeksas", "yhdeksäs", "kymmenes"}
	fiEveryOf = []string{"toisen", "kolmannen", "neljännen", "viidennen", "kuudennen", "seitsemännen", "kahdeksannen", "yhdeksännen", "kymmenennen"}
	svEvery   = []string{"varannan", "var tredje", "var fjärde", "var femte", "var sjätte", "var sjunde", "var åttonde", "var nionde", "var tionde"}
	enEvery   = []string{"other", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
)

// everyNth is "toinen" of "joka toinen viikko", "varannan", "other".
func (p Printer) everyNth(n int) string {
	switch p.lang() {
	case "fi":
		return numeral(fiEvery, n, strconv.Itoa(n)+".")
	case "sv":
		return numeral(svEvery, n, "var "+svFigures(n))
	}
	return numeral(enEvery, n, enFigures(n))
}

// everyNthMonth is the same before a month.
func (p Printer) everyNthMonth(n int) string {
	if p.lang() == "fi" {
		return numeral(fiEveryOf, n, strconv.Itoa(n)+".")
	}
	return p.everyNth(n)
}

func numeral(words []string, n int, figures string) string {
	if i := n - 2; i >= 0 && i < len(words) {
		return words[i]
	}
	return figures
}

// svFigures is "11:e", "21:a".
func svFigures(n int) string {
	if last := n % 10; (last == 1 || last == 2) && n != 11 && n != 12 {
		return strconv.Itoa(n) + ":a"
	}
	return strconv.Itoa(n) + ":e"
}

// enFigures is "11th", "21st".
func enFigures(n int) string {
	suffix := "th"
	if n < 11 || n > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// ordinal is which one of a month, from -5 to 5: "1.", "första", "first";
// "viimeinen", "sista", "last".
func (p Printer) ordinal(n int) string {
	first := map[string][]string{
		"sv": {"första", "andra", "tredje", "fjärde", "femte"},
		"en": {"first", "second", "third", "fourth", "fifth"},
	}
	fromLast := map[string][]string{
		"fi": {"viimeinen", "toiseksi viimeinen", "kolmanneksi viimeinen", "neljänneksi viimeinen", "viidenneksi viimeinen"},
		"sv": {"sista", "näst sista", "tredje sista", "fjärde sista", "femte sista"},
		"en": {"last", "second to last", "third to last", "fourth to last", "fifth to last"},
	}
	switch {
	case n < 0:
		return fromLast[p.lang()][-n-1]
	case p.lang() == "fi":
		return strconv.Itoa(n) + "."
	}
	return first[p.lang()][n-1]
}

// nthDays is "1. ja 3. maanantai", "den första och tredje måndagen", "the first
// and third Monday".
func (p Printer) nthDays(ordinals []int, day string) string {
	ordinals = slices.SortedFunc(slices.Values(ordinals), fromFirst)
	return p.article() + p.And(each(ordinals, p.ordinal)) + " " + day
}

func (p Printer) article() string {
	return map[string]string{"sv": "den ", "en": "the "}[p.lang()]
}

// theWeekday is a weekday after an ordinal: "maanantai", "måndagen", "Monday".
func (p Printer) theWeekday(day time.Weekday) string {
	if p.lang() == "sv" {
		return p.Weekday(day) + "en"
	}
	return p.Weekday(day)
}

// workday is a day from Monday to Friday after an ordinal.
func (p Printer) workday() string {
	return map[string]string{"fi": "arkipäivä", "sv": "vardagen", "en": "weekday"}[p.lang()]
}

// monthDays is "1. ja viimeinen päivä", "den 1 och den sista dagen", "the 1st
// and the last day".
func (p Printer) monthDays(days []int) string {
	var counted, fromLast []string
	for _, n := range slices.SortedFunc(slices.Values(days), fromFirst) {
		if n < 0 {
			fromLast = append(fromLast, p.ordinal(n))
		} else {
			counted = append(counted, p.dayFigure(n))
		}
	}
	if p.lang() == "fi" {
		return p.And(append(counted, fromLast...)) + " päivä"
	}
	var parts []string
	if counted != nil {
		parts = append(parts, p.article()+p.And(counted))
	}
	if fromLast != nil {
		parts = append(parts, p.article()+p.And(fromLast)+" "+map[string]string{"sv": "dagen", "en": "day"}[p.lang()])
	}
	return p.And(parts)
}

// dayFigure is a day of the month: "15.", "15", "15th".
func (p Printer) dayFigure(n int) string {
	switch p.lang() {
	case "fi":
		return strconv.Itoa(n) + "."
	case "sv":
		return strconv.Itoa(n)
	}
	return enFigures(n)
}

// inMonth is "syyskuussa"; other languages say "in" before the first month.
func (p Printer) inMonth(month time.Month) string {
	if p.lang() == "fi" {
		return p.Month(month) + "ssa"
	}
	return p.Month(month)
}

// ofMonth is "syyskuun"; other languages say it with a word before.
func (p Printer) ofMonth(month time.Month) string {
	if p.lang() == "fi" {
		return p.Month(month) + "n"
	}
	return p.Month(month)
}
