package policies

import (
	"strconv"
	"strings"
	"time"
)

// The units of a price.
const (
	PerHour        = "hour"         // by the minute
	PerStartedHour = "started_hour" // begun hours are full ones
	PerUse         = "use"          // however long
)

// Charge is a price effect as parts: free, or a share of the list price, or an
// amount of its own in cents per the place's unit.
type Charge struct {
	Free    bool `json:"free,omitempty"`
	Percent int  `json:"percent,omitempty"` // of the list price; list itself is 100
	Cents   *int `json:"cents,omitempty"`
}

// maxPercent and maxCents bound what a rule may charge.
const (
	maxPercent = 1000
	maxCents   = 100_000_000
)

// ParseCharge reads the price effect of a rule; ok is false for any other text.
func ParseCharge(effect string) (charge Charge, ok bool) {
	form, number, _ := strings.Cut(effect, ":")
	n, err := strconv.Atoi(number)
	known := err == nil && n >= 0 && strconv.Itoa(n) == number
	switch {
	case effect == "free":
		return Charge{Free: true}, true
	case effect == "list":
		return Charge{Percent: 100}, true
	case form == "percent" && known && n > 0 && n <= maxPercent:
		return Charge{Percent: n}, true
	case form == "cents" && known && n <= maxCents:
		return Charge{Cents: &n}, true
	}
	return Charge{}, false
}

// price is what the place's list price comes to under the rule book. Where no
// rule speaks of a price it is the list price; the city's own use and closures
// are then free.
func price(in *inquiry) Price {
	p := Price{Class: in.matched.Effects.Price, Unit: in.Place.PriceUnit, Minutes: elapsedMinutes(in.Asked.Duration())}
	if p.Unit == "" {
		p.Unit = PerHour
	}
	if in.Kind == Closure || (p.Class == "" && in.Kind == Staff) {
		p.Class = "free"
	}
	if p.Class == "" {
		p.Class = "list"
	}
	charge, ok := ParseCharge(p.Class)
	if ok {
		p.charge(charge, in.Place.PriceCents)
	}
	return p
}

// charge leaves Cents nil where the list price is not known and needed.
func (p *Price) charge(c Charge, list *int) {
	switch {
	case c.Free:
		nothing := 0
		p.Cents = &nothing
		return
	case c.Cents != nil:
		list, c.Percent = c.Cents, 100
	case list == nil:
		return
	}
	rate := portion(*list, c.Percent, 100)
	p.Rate = &rate
	if per, ok := p.amount(*list * c.Percent); ok {
		p.Cents = &per
	}
}

// amount takes hundredths of cents per unit, so that only the sum is rounded.
func (p *Price) amount(hundredths int) (cents int, ok bool) {
	const hour = 60
	switch p.Unit {
	case PerHour:
		return portion(hundredths, p.Minutes, 100*hour), true
	case PerStartedHour:
		return portion(hundredths, (p.Minutes+hour-1)/hour, 100), true
	case PerUse:
		return portion(hundredths, 1, 100), true
	}
	return 0, false
}

// portion is value × times ÷ by, halves rounded up; nothing is negative here.
func portion(value, times, by int) int { return (2*value*times + by) / (2 * by) }

func elapsedMinutes(d time.Duration) int {
	return int((d + time.Minute - 1) / time.Minute)
}
