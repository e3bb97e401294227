package resources

import (
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
		CancelMinutes:  r.CancelMinutes,
		Slug:           r.Slug,
		Unit:           p.Unit.Slug,
		Type:           r.Type,
		Groups:         r.Groups,
		AreaM2:         r.AreaM2,
		IsPart:         p.IsPart,
		Parts:          p.parts(),
	}
}

// parts is how many atoms a booking takes.
func (p Place) parts() int {
	n := 0
	var pools []int // few, and mostly none: this is asked for every room of a search
	for _, need := range p.Needs {
		switch {
		case need.Pool == nil:
			n++
		case !slices.Contains(pools, *need.Pool):
			pools = append(pools, *need.Pool)
			n += need.Lanes
		}
	}
	return n
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
	price := policies.Quote(p.plain(at, zone))
	return price.Cents != nil && *price.Cents == 0
}

// NoApproval tells whether that resident's booking would be confirmed at once.
// Where the price is not known the site must name it first.
func (p Place) NoApproval(at time.Time, zone *time.Location) bool {
	q := p.plain(at, zone)
	return p.Book.Match(q).Effects.Verdict == policies.Allow && policies.Quote(q).Cents != nil
}

// plain is the question of a resident who asks for an hour and says nothing else.
func (p Place) plain(at time.Time, zone *time.Location) policies.Question {
	q := p.Question(at, zone)
	q.Asked, q.Who.Class = calendar.Interval{Begin: at, End: at.Add(time.Hour)}, policies.Person
	return q
}

// Question is a question about the place at a moment, without who asks for what.
func (p Place) Question(now time.Time, zone *time.Location) policies.Question {
	return policies.Question{Now: now, Zone: zone, City: p.Unit.City, Kind: policies.Ordinary, Place: p.Policy(), Book: p.Book}
}

// Atoms are the ids of all atoms of the place, sorted.
func (p Place) Atoms() []int {
	ids := make([]int, len(p.Needs))
	for i, need := range p.Needs {
		ids[i] = need.Atom
	}
	return ids
}
