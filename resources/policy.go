package resources

import (
	"cmp"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
)

// Policy is the place as the checks see it.
func (p Place) Policy() policies.Place {
	r := p.Resource
	return policies.Place{
		Published:      r.State == StatePublished,
		PublishFrom:    instant(r.PublishFrom),
		PublishTo:      instant(r.PublishTo),
		BookingFrom:    instant(r.BookingFrom),
		BookingTo:      instant(r.BookingTo),
		SeasonOnly:     r.SeasonOnly,
		WholeDay:       r.WholeDay,
		Raster:         r.Raster,
		MinMinutes:     r.MinMinutes,
		MaxMinutes:     r.MaxMinutes,
		DaysAheadMax:   r.DaysAheadMax,
		DaysAheadMin:   r.DaysAheadMin,
		ActiveLimit:    r.ActiveLimit,
		PersonsMin:     r.PersonsMin,
		PersonsMax:     r.PersonsMax,
		AdultOnly:      r.AdultOnly,
		StrongSignIn:   r.StrongSignIn,
		RequiredFields: slices.Clone(r.RequiredFields),
		PriceCents:     r.PriceCents,
		PriceUnit:      r.PriceUnit,
		OnePlaceAtOnce: p.Unit.OnePlaceAtOnce,
	}
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// Visible tells whether everybody may see the place: published, and within its
// publish window.
func (p Place) Visible(now time.Time) bool { return p.Policy().VisibleAt(now) }

// Free tells whether a resident who books for ordinary use, without naming a
// purpose, would pay nothing at this time. Not knowing the price is not free.
func (p Place) Free(at time.Time, zone *time.Location) bool {
	charge, known := p.charge(at, zone)
	switch {
	case !known:
		return false
	case charge.Cents != nil:
		return *charge.Cents == 0
	}
	return charge.Free || (p.Resource.PriceCents != nil && *p.Resource.PriceCents*charge.Percent == 0)
}

// NoApproval tells whether that resident's booking would be confirmed at once.
// Where the price is not known the site must name it first.
func (p Place) NoApproval(at time.Time, zone *time.Location) bool {
	charge, known := p.charge(at, zone)
	priced := known && (charge.Free || charge.Cents != nil || p.Resource.PriceCents != nil)
	return priced && p.matched(at, zone).Effects.Verdict == policies.Allow
}

func (p Place) charge(at time.Time, zone *time.Location) (policies.Charge, bool) {
	return policies.ParseCharge(cmp.Or(p.matched(at, zone).Effects.Price, "list"))
}

func (p Place) matched(at time.Time, zone *time.Location) policies.Matched {
	return p.Book.Match(policies.Question{
		Now: at, Zone: zone, Asked: calendar.Interval{Begin: at, End: at.Add(time.Hour)}, Who: policies.Who{Class: policies.Person},
	})
}

// Atoms are the ids of all atoms of the place, sorted.
func (p Place) Atoms() []int {
	ids := make([]int, len(p.Needs))
	for i, need := range p.Needs {
		ids[i] = need.Atom
	}
	return ids
}
