package policies

import (
	"cmp"
	"slices"
	"strings"
)

// Rate is a price per unit that holds whatever is booked, or, unless Only, the
// lowest one.
type Rate struct {
	Cents int
	Unit  string
	Only  bool // there is no other
}

// ByTariff tells whether a place may be priced by a tariff of the book, so that
// its own list price does not say what it costs.
func (b Book) ByTariff(place Place) bool {
	for _, rule := range b.Rules.Rules {
		if charge, ok := ParseCharge(rule.Effects.Price); ok && charge.Tariff != "" && rule.Where.Holds(place) {
			return true
		}
	}
	return false
}

// From is the lowest rate by which a resident with nothing particular to them
// may book the place. known is false where one of the prices that they may get
// is not a plain rate: free, agreed, by steps or bands, per person, with factors,
// fees or VAT on top.
func (b Book) From(place Place) (lowest Rate, known bool) {
	for _, vat := range b.Rules.VAT {
		if !vat.Included {
			return lowest, false
		}
	}
	settled := false // somebody who gets this far has a price already
	for _, rule := range b.Rules.Rules {
		switch {
		case !rule.Where.Holds(place) || !rule.ofResidents():
			continue
		case len(rule.Effects.Factors)+len(rule.Effects.Fees) > 0:
			return lowest, false
		case settled || rule.Effects.Price == "":
			continue
		}
		rate, plain := b.plainRate(rule.Effects.Price, place)
		switch {
		case !plain || known && rate.Unit != lowest.Unit:
			return lowest, false
		case !known:
			lowest, known = rate, true
		default:
			lowest = Rate{min(lowest.Cents, rate.Cents), rate.Unit, lowest.Only && lowest.Cents == rate.Cents}
		}
		settled = rule.always()
	}
	return lowest, known && settled
}

// ofResidents tells whether a rule is also about a person of whom nothing more
// is known.
func (r Rule) ofResidents() bool {
	for _, c := range r.Says() {
		if strings.HasPrefix(c.Name, "who.") && c.Name != "who.classes" {
			return false
		}
	}
	return len(r.Who.Classes) == 0 || slices.Contains(r.Who.Classes, Person)
}

// always tells whether a rule asks of nothing but the place and the class.
func (r Rule) always() bool {
	for _, c := range r.Says() {
		if c.Name != "who.classes" && !strings.HasPrefix(c.Name, "where.") {
			return false
		}
	}
	return true
}

// plainRate is a price effect as a rate per unit, where it is no more than that.
func (b Book) plainRate(effect string, place Place) (Rate, bool) {
	charge, ok := ParseCharge(effect)
	cents, unit, share := 0, place.PriceUnit, charge.Percent
	switch {
	case !ok || charge.Free || charge.Agreed:
		return Rate{}, false
	case charge.Cents != nil:
		cents, share = *charge.Cents, 100
	case charge.Tariff != "":
		t, known := b.Rules.tariff(charge.Tariff)
		if !known || len(t.Steps)+len(t.Bands) > 0 || t.PerPerson || t.PerPart || t.MinMinutes > 60 {
			return Rate{}, false
		}
		cents, unit = t.Cents, t.Per
	case place.PriceCents == nil:
		return Rate{}, false
	default:
		cents = *place.PriceCents
	}
	if cents*share == 0 || cents*share%100 != 0 {
		return Rate{}, false
	}
	return Rate{cents * share / 100, cmp.Or(unit, PerHour), true}, true
}
