package policies

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
)

// Charge is a price effect as parts: free, or a share of the list price, of a
// tariff, or an amount of its own in cents per the place's unit.
type Charge struct {
	Free    bool   `json:"free,omitempty"`
	Agreed  bool   `json:"agreed,omitempty"`  // with the unit: the price is not known beforehand
	Percent int    `json:"percent,omitempty"` // of the list price or the tariff; list itself is 100
	Cents   *int   `json:"cents,omitempty"`
	Tariff  string `json:"tariff,omitempty"` // key
}

// maxPercent and maxCents bound what a rule may charge.
const (
	maxPercent = 1000
	maxCents   = 100_000_000
)

// ParseCharge reads the price effect of a rule: "free", "agreed", "list", "percent:50" of
// the list price, "cents:900" per the place's unit, "tariff:gym" or, of it,
// "tariff:gym:50" percent. ok is false for any other text.
func ParseCharge(effect string) (charge Charge, ok bool) {
	form, rest, _ := strings.Cut(effect, ":")
	if form == "tariff" {
		key, share, shared := strings.Cut(rest, ":")
		if !shared {
			share = "100"
		}
		percent, ok := number(share, 1, maxPercent)
		return Charge{Tariff: key, Percent: percent}, ok && keyForm.MatchString(key)
	}
	switch {
	case effect == "":
		return Charge{}, false
	case effect == "free":
		return Charge{Free: true}, true
	case effect == "agreed":
		return Charge{Agreed: true}, true
	case effect == "list":
		return Charge{Percent: 100}, true
	}
	if percent, ok := number(rest, 1, maxPercent); ok && form == "percent" {
		return Charge{Percent: percent}, true
	}
	if cents, ok := number(rest, 0, maxCents); ok && form == "cents" {
		return Charge{Cents: &cents}, true
	}
	return Charge{}, false
}

// number reads plain digits without leading zeros.
func number(text string, least, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most && strconv.Itoa(n) == text
}

// Price is what a reservation costs. Cents nil = not known: it is agreed with
// the unit, so the reservation needs an approval. It holds fees and, where the
// book has a rate, VAT; the deposit is apart. Minutes are elapsed ones, as in
// reports: on the autumn night 02–05 is four hours, on the spring night two.
type Price struct {
	Cents        *int          `json:"cents"`
	Class        string        `json:"class"`   // the effect that decided: "free", "agreed", "list", "percent:50", "cents:900", "tariff:gym"
	Minutes      int           `json:"minutes"` // begun minutes count
	Unit         string        `json:"unit"`    // one of Units
	Rate         *int          `json:"rate_cents,omitempty"`
	Name         Note          `json:"name,omitzero"`            // of the tariff
	Billed       int           `json:"billed_minutes,omitempty"` // where more are billed than used
	Parts        int           `json:"parts,omitempty"`          // that the price was multiplied by
	Persons      int           `json:"persons,omitempty"`        // likewise
	Lines        []PriceLine   `json:"lines,omitempty"`          // how the sum comes about; none where it is only the base
	VATPermille  int           `json:"vat_permille,omitempty"`
	VATCents     int           `json:"vat_cents,omitempty"` // within Cents
	DepositCents int           `json:"deposit_cents,omitempty"`
	Cancellation *Cancellation `json:"cancellation,omitempty"` // what giving up costs, as it was when this was decided
}

// PriceLine is a step of the breakdown: the base (cents), a factor (percent) or
// a fee (cents). VAT on top is the last line.
type PriceLine struct {
	Kind    string `json:"kind"` // base, factor, fee or vat
	Key     string `json:"key,omitempty"`
	Name    Note   `json:"name,omitzero"`
	Percent int    `json:"percent,omitempty"`
	Cents   int    `json:"cents"` // by how much the sum grows, rounded for show; only the sum is exact
}

// Quote is the price alone of a question.
func Quote(q Question) Price { return price(inquire(q)) }

// price is what the place's list price comes to under the rule book. Where no
// rule speaks of a price it is the list price; the city's own use and closures
// are then free.
func price(in *inquiry) Price {
	effects := &in.matched.Effects
	p := Price{Class: effects.Price, Unit: in.Place.PriceUnit, Minutes: elapsedMinutes(in.Asked.Duration()), Cancellation: effects.Cancellation}
	if p.Unit == "" {
		p.Unit = PerHour
	}
	if in.Kind == Closure || (p.Class == "" && in.Kind == Staff) {
		p.Class = "free"
	}
	if p.Class == "" {
		p.Class = "list"
	}
	if effects.Deposit != nil && in.Kind != Closure {
		p.DepositCents = *effects.Deposit
	}
	charge, ok := ParseCharge(p.Class)
	if !ok {
		return p
	}
	if base, known := p.base(in, charge); known {
		p.add(in, base)
	}
	return p
}

// base is the price before factors and fees; known is false where the list
// price or the tariff is not.
func (p *Price) base(in *inquiry, c Charge) (base *big.Rat, known bool) {
	tariff := Tariff{Per: p.Unit}
	switch {
	case c.Free:
		return new(big.Rat), true
	case c.Agreed:
		return nil, false
	case c.Tariff != "":
		if tariff, known = in.Book.Rules.tariff(c.Tariff); !known {
			return nil, false
		}
		p.Name, p.Unit = tariff.Name, tariff.Per
		if p.Unit == "" {
			p.Unit = PerHour
		}
	case c.Cents != nil:
		tariff.Cents, c.Percent = *c.Cents, 100
	case in.Place.PriceCents == nil:
		return nil, false
	default:
		tariff.Cents = *in.Place.PriceCents
	}
	if !slices.Contains(Units, p.Unit) {
		return nil, false
	}
	if len(tariff.Steps)+len(tariff.Bands) == 0 {
		p.Rate = new(rounded(big.NewRat(int64(tariff.Cents)*int64(c.Percent), 100)))
	}
	if tariff.MinMinutes > p.Minutes {
		p.Billed = tariff.MinMinutes
	}
	if tariff.PerPart && in.Place.Parts > 1 {
		p.Parts = in.Place.Parts
	}
	if tariff.PerPerson && in.Form.Persons != nil {
		p.Persons = *in.Form.Persons
	}
	base, known = tariff.cents(usage{
		asked: in.Asked, zone: in.Zone, days: in.minutesByDay(), minutes: p.Minutes, parts: in.Place.Parts, persons: in.Form.Persons,
	})
	if !known {
		return nil, false
	}
	return percentOf(base, c.Percent), true
}

// add puts factors, fees and VAT on the base, and rounds once. Nothing comes on
// top of what is free, but fees.
func (p *Price) add(in *inquiry, sum *big.Rat) {
	lines := []PriceLine{{Kind: "base", Cents: rounded(sum)}}
	grow := func(line PriceLine, to *big.Rat) {
		line.Cents = rounded(to) - rounded(sum)
		sum, lines = to, append(lines, line)
	}
	for _, key := range slices.Sorted(maps.Keys(in.matched.Effects.Factors)) {
		percent := in.matched.Effects.Factors[key]
		if sum.Sign() > 0 && percent != 100 {
			grow(PriceLine{Kind: "factor", Key: key, Percent: percent}, percentOf(sum, percent))
		}
	}
	for _, fee := range in.matched.Effects.Fees {
		if in.Kind == Closure || in.Kind == Staff {
			break
		}
		per := fee.Per
		if per == "" {
			per = PerUse
		}
		amount := perUnits(fee.Cents, per, p.Minutes, len(in.minutesByDay()))
		amount.Mul(amount, big.NewRat(in.Form.counted(&fee), 1))
		grow(PriceLine{Kind: "fee", Key: fee.Key, Name: fee.Name}, new(big.Rat).Add(sum, amount))
	}
	if vat := in.Book.Rules.vatOn(calendar.DateOf(in.Asked.Begin, in.Zone)); vat != nil && sum.Sign() > 0 {
		p.VATPermille = vat.Permille
		if vat.Included {
			p.VATCents = rounded(sum) - rounded(new(big.Rat).Quo(sum, big.NewRat(int64(1000+vat.Permille), 1000)))
		} else {
			grow(PriceLine{Kind: "vat", Percent: 0}, new(big.Rat).Mul(sum, big.NewRat(int64(1000+vat.Permille), 1000)))
			p.VATCents = lines[len(lines)-1].Cents
		}
	}
	if len(lines) > 1 {
		p.Lines = lines
	}
	cents := rounded(sum)
	p.Cents = &cents
}

// counted is how many times a fee is paid. An answer that no form would take
// counts as a million at most.
func (f *Form) counted(fee *Fee) int64 {
	const most = 1_000_000
	times := int64(1)
	if fee.PerPerson && f.Persons != nil {
		times = int64(min(max(*f.Persons, 0), most))
	}
	if n, err := strconv.Atoi(strings.TrimSpace(f.Answers[fee.Times])); fee.Times != "" && err == nil {
		times *= int64(min(max(n, 0), most))
	}
	return times
}

// minutesByDay are the elapsed minutes on each local day that is touched. They
// add up to Price.Minutes: seconds count on the last day.
func (in *inquiry) minutesByDay() []int {
	total := elapsedMinutes(in.Asked.Duration())
	dates := datesOf(in.Asked, in.Zone)
	if len(dates) < 2 {
		return []int{total}
	}
	days := make([]int, len(dates))
	for i, date := range dates {
		days[i] = total
		if i < len(dates)-1 {
			days[i] = int(in.Asked.Intersect(calendar.DayBounds(date, in.Zone)).Duration() / time.Minute)
		}
		total -= days[i]
	}
	return days
}

// datesOf are the local days that a time touches; none of an absurdly long
// wish, which is refused anyway.
func datesOf(asked calendar.Interval, zone *time.Location) []calendar.Date {
	if asked.Duration() > maxDays*24*time.Hour {
		return nil
	}
	return calendar.DatesOf(asked, zone)
}

func elapsedMinutes(d time.Duration) int {
	return int((d + time.Minute - 1) / time.Minute)
}

// Fee is what giving up or not using a reservation costs, in cents, when it is
// given up at a moment; of a price that is not known no share is taken.
func (c *Cancellation) Fee(price *int, begin, at time.Time) int {
	until := func(minutes int) bool { return !at.After(begin.Add(-time.Duration(minutes) * time.Minute)) }
	if c == nil || until(c.FreeMinutes) {
		return 0
	}
	last := CancelStep{Percent: c.LatePercent, Cents: c.LateCents}
	if i := slices.IndexFunc(c.Steps, func(s CancelStep) bool { return until(s.Minutes) }); i >= 0 {
		last = c.Steps[i]
	}
	if price == nil {
		return last.Cents
	}
	return last.Cents + rounded(percentOf(big.NewRat(int64(*price), 1), last.Percent))
}
