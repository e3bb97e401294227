package locales

import (
	"math"
	"strconv"
	"strings"
)

// Number groups thousands: "120 000" in Finnish and Swedish (no-break space),
// "120,000" in English.
func (p Printer) Number(n int64) string {
	sign, digits := "", strconv.FormatInt(n, 10)
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	return sign + p.group(digits)
}

func (p Printer) group(digits string) string {
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), p.separator())
}

func (p Printer) separator() string {
	if p.lang() == "en" {
		return ","
	}
	return "\u00a0"
}

// Decimal has a fixed number of decimals and nothing that a spreadsheet could
// not read: "12,5" or "12.5".
func (p Printer) Decimal(f float64, decimals int) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', decimals, 64), ".", p.comma(), 1)
}

// Amount is Decimal for people: thousands in groups, a real minus.
func (p Printer) Amount(f float64, decimals int) string {
	text := strconv.FormatFloat(f, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "−", text[1:]
	}
	whole, fraction, found := strings.Cut(text, ".")
	if !found {
		return sign + p.group(whole)
	}
	return sign + p.group(whole) + p.comma() + fraction
}

func (p Printer) comma() string {
	if p.lang() == "en" {
		return "."
	}
	return ","
}

// Percent is "62 %", in English "62%"; n is in percent.
func (p Printer) Percent(n int) string {
	if p.lang() == "en" {
		return p.Number(int64(n)) + "%"
	}
	return p.Number(int64(n)) + " %"
}

// Money is "24,00 €" or "€24.00", from cents.
func (p Printer) Money(cents int) string {
	return p.euros(p.Amount(float64(cents)/100, 2))
}

// Price is Money without needless decimals: "24 €", "7,50 €".
func (p Printer) Price(cents int) string {
	if cents%100 != 0 {
		return p.Money(cents)
	}
	return p.euros(p.Number(int64(cents / 100)))
}

func (p Printer) euros(amount string) string {
	if p.lang() != "en" {
		return amount + " €"
	}
	if rest, negative := strings.CutPrefix(amount, "−"); negative {
		return "−€" + rest
	}
	return "€" + amount
}

// Duration is short: "1 t 30 min" in Finnish, "1 h 30 min" in the others.
func (p Printer) Duration(minutes int) string {
	hour := " h"
	if p.lang() == "fi" {
		hour = " t"
	}
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return strconv.Itoa(m) + " min"
	case m == 0:
		return p.Number(int64(h)) + hour
	}
	return p.Number(int64(h)) + hour + " " + strconv.Itoa(m) + " min"
}

var lengthWords = map[string][4]string{
	"fi": {"tunti", "tuntia", "minuutti", "minuuttia"},
	"sv": {"timme", "timmar", "minut", "minuter"},
	"en": {"hour", "hours", "minute", "minutes"},
}

// Length is Duration in words, for sentences: "1 tunti 30 minuuttia".
func (p Printer) Length(minutes int) string {
	words := lengthWords[p.lang()]
	h, m := minutes/60, minutes%60
	var parts []string
	if h != 0 {
		parts = append(parts, p.counted(h, words[0], words[1]))
	}
	if m != 0 || h == 0 {
		parts = append(parts, p.counted(m, words[2], words[3]))
	}
	return strings.Join(parts, " ")
}

func (p Printer) counted(n int, one, other string) string {
	if n == 1 {
		other = one
	}
	return p.Number(int64(n)) + " " + other
}

// Countdown is what is left of a hold: "9 min 40 s".
func (p Printer) Countdown(seconds int) string {
	seconds = max(0, seconds)
	return strconv.Itoa(seconds/60) + " min " + strconv.Itoa(seconds%60) + " s"
}

// Distance is "350 m" or "1,2 km"; tens of metres below a kilometre, whole
// kilometres from ten on.
func (p Printer) Distance(metres float64) string {
	const kilometre = 1000
	switch tens := math.Round(metres/10) * 10; {
	case tens < kilometre:
		return p.Decimal(tens, 0) + "\u00a0m"
	case tens < 10*kilometre && math.Mod(math.Round(tens/100), 10) != 0:
		return p.Decimal(tens/kilometre, 1) + "\u00a0km"
	default:
		return p.Decimal(math.Round(tens/kilometre), 0) + "\u00a0km"
	}
}
