package policies

import (
	"math/big"
	"slices"
	"time"

	"vuoro/calendar"
)

// The units of a price.
const (
	PerHour           = "hour"         // by the minute
	PerStartedHour    = "started_hour" // begun hours are full ones
	PerQuarter        = "quarter"      // of an hour, by the minute
	PerStartedQuarter = "started_quarter"
	PerDay            = "day" // each local day that is touched
	PerUse            = "use" // however long
)

// Units are all units of a price.
var Units = []string{PerHour, PerStartedHour, PerQuarter, PerStartedQuarter, PerDay, PerUse}

// Tariff is a price that rules name. It is Cents per Per, or Steps by length;
// what lies in one of the Bands costs what the band says. Minutes are elapsed
// ones.
type Tariff struct {
	Key        string `json:"key"`
	Name       Note   `json:"name,omitzero"`
	Cents      int    `json:"cents,omitempty"`
	Per        string `json:"per,omitempty"` // one of Units; "" = hour
	Steps      []Step `json:"steps,omitempty"`
	MinMinutes int    `json:"min_minutes,omitempty"` // billed at least
	DayHours   int    `json:"day_hours,omitempty"`   // no local day costs more than so many hours
	Bands      []Band `json:"bands,omitempty"`       // by time of day
	PerPart    bool   `json:"per_part,omitempty"`    // times the parts that the resource takes
	PerPerson  bool   `json:"per_person,omitempty"`  // times the persons; where nobody says how many the price is not known
	MaxCents   *int   `json:"max_cents,omitempty"`   // no reservation costs more
}

// Band is a time of day with a price of its own: evenings by the hour, or, per
// use, mornings and afternoons for a fixed sum each time they are touched.
type Band struct {
	Weekdays []int  `json:"weekdays,omitempty"` // none = all
	From     string `json:"from"`               // local "HH:MM"
	To       string `json:"to"`                 // "24:00" at most
	Cents    int    `json:"cents"`
	Per      string `json:"per,omitempty"` // one of Units; "" = hour
}

// Step is the price of lengths up to UpTo minutes, nil = of all beyond: Cents
// for the whole, or, with Per, on top of the step before, Cents per unit of what
// is longer than that.
type Step struct {
	UpTo  *int   `json:"up_to,omitempty"`
	Cents int    `json:"cents"`
	Per   string `json:"per,omitempty"`
}

// VATRate is the value added tax of uses from a local date on. Included prices
// hold it already, others get it on top.
type VATRate struct {
	From     *calendar.Date `json:"from,omitempty"` // nil = since ever
	Permille int            `json:"permille"`       // 255 = 25.5 %
	Included bool           `json:"included,omitempty"`
}

// tariff finds a tariff of the book.
func (r Rules) tariff(key string) (Tariff, bool) {
	i := slices.IndexFunc(r.Tariffs, func(t Tariff) bool { return t.Key == key })
	if i < 0 {
		return Tariff{}, false
	}
	return r.Tariffs[i], true
}

// vatOn is the rate of a date: the one that began last.
func (r Rules) vatOn(date calendar.Date) *VATRate {
	var found *VATRate
	for i := range r.VAT {
		rate := &r.VAT[i]
		if rate.From != nil && date.Before(*rate.From) {
			continue
		}
		if found == nil || found.From == nil || (rate.From != nil && !rate.From.Before(*found.From)) {
			found = rate
		}
	}
	return found
}

// usage is what prices are counted by.
type usage struct {
	asked   calendar.Interval
	zone    *time.Location
	days    []int // elapsed minutes that fall on each local day
	minutes int   // elapsed, of all days
	parts   int
	persons *int
}

// cents is what a tariff comes to, unrounded; known is false where it counts
// persons and nobody says how many.
func (t Tariff) cents(u usage) (sum *big.Rat, known bool) {
	if short := t.MinMinutes - u.minutes; short > 0 && len(u.days) > 0 {
		u.days = append([]int{u.days[0] + short}, u.days[1:]...)
		u.minutes = t.MinMinutes
	}
	switch {
	case len(t.Steps) > 0:
		sum = stepped(t.Steps, u.minutes)
	case len(t.Bands) > 0:
		sum = t.banded(u)
	case t.DayHours > 0:
		sum = new(big.Rat)
		most := new(big.Rat).SetInt64(int64(t.Cents) * int64(t.DayHours))
		for _, minutes := range u.days {
			sum.Add(sum, lesser(perUnits(t.Cents, t.Per, minutes, 1), most))
		}
	default:
		sum = perUnits(t.Cents, t.Per, u.minutes, len(u.days))
	}
	if t.PerPart && u.parts > 1 {
		sum.Mul(sum, big.NewRat(int64(u.parts), 1))
	}
	if t.PerPerson {
		if u.persons == nil {
			return nil, false
		}
		sum.Mul(sum, big.NewRat(int64(max(*u.persons, 0)), 1))
	}
	if t.MaxCents != nil {
		sum = lesser(sum, big.NewRat(int64(*t.MaxCents), 1))
	}
	return sum, true
}

// banded takes each band of each day by itself; the rest is the tariff's own.
func (t Tariff) banded(u usage) *big.Rat {
	sum, rest := new(big.Rat), u.minutes
	for _, date := range datesOf(u.asked, u.zone) {
		for _, band := range t.Bands {
			minutes := elapsedMinutes(u.asked.Intersect(band.on(date, u.zone)).Duration())
			if minutes > 0 {
				sum.Add(sum, perUnits(band.Cents, band.Per, minutes, 1))
				rest -= minutes
			}
		}
	}
	if rest > 0 {
		sum.Add(sum, perUnits(t.Cents, t.Per, rest, len(u.days)))
	}
	return sum
}

// on is the band on a date, empty where it does not hold.
func (b Band) on(date calendar.Date, zone *time.Location) calendar.Interval {
	if len(b.Weekdays) > 0 && !slices.Contains(b.Weekdays, int(date.Weekday())) {
		return calendar.Interval{}
	}
	return b.span().On(date, zone)
}

func (b Band) span() (span calendar.Span) {
	span.From, _ = calendar.ParseMinute(b.From)
	span.To, _ = calendar.ParseMinute(b.To)
	return span
}

// overlaps tells whether some minute of the week lies in both.
func (b Band) overlaps(other Band) bool {
	own, others := b.span(), other.span()
	days := len(b.Weekdays) == 0 || len(other.Weekdays) == 0 ||
		slices.ContainsFunc(b.Weekdays, func(day int) bool { return slices.Contains(other.Weekdays, day) })
	return days && own.From < others.To && others.From < own.To
}

func lesser(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// stepped follows the steps; they are sorted by length.
func stepped(steps []Step, minutes int) *big.Rat {
	below, reached := new(big.Rat), 0
	for _, step := range steps {
		upTo := minutes
		if step.UpTo != nil {
			upTo = min(minutes, *step.UpTo)
		}
		if step.Per == "" {
			below = new(big.Rat).SetInt64(int64(step.Cents))
		} else {
			below = new(big.Rat).Add(below, perUnits(step.Cents, step.Per, upTo-reached, 1))
		}
		if reached = upTo; reached == minutes {
			break
		}
	}
	return below
}

// perUnits is cents times the units of a length.
func perUnits(cents int, per string, minutes, days int) *big.Rat {
	const hour, quarter = 60, 15
	units, parts := minutes, hour
	switch per {
	case PerStartedHour:
		units, parts = (minutes+hour-1)/hour, 1
	case PerQuarter:
		parts = quarter
	case PerStartedQuarter:
		units, parts = (minutes+quarter-1)/quarter, 1
	case PerDay:
		units, parts = days, 1
	case PerUse:
		units, parts = 1, 1
	}
	return big.NewRat(int64(cents)*int64(units), int64(parts))
}

// rounded is the nearest whole cent, halves up; nothing is negative here.
func rounded(r *big.Rat) int {
	const small = 1 << 61
	if num, denom := r.Num(), r.Denom(); num.IsInt64() && denom.IsInt64() && num.Int64() < small && denom.Int64() < small {
		return int((2*num.Int64() + denom.Int64()) / (2 * denom.Int64()))
	}
	twice := new(big.Int).Lsh(r.Num(), 1)
	twice.Add(twice, r.Denom())
	return int(twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1)).Int64())
}

func percentOf(r *big.Rat, percent int) *big.Rat {
	if percent == 100 {
		return r
	}
	return new(big.Rat).Mul(r, big.NewRat(int64(percent), 100))
}
