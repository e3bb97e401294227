package booking

import (
	"context"
	"slices"

	"vuoro/policies"
	"vuoro/resources"
)

// addWays gives every bad date its ways out, best first: other times of that
// day and comparable rooms. None of them meets another date of the series.
func (w *work) addWays(ctx context.Context, sk *sketch, p *SeriesPreview) error {
	byRoom := map[int][]int{}
	for i, d := range p.Dates {
		if d.Bad() || d.Verdict == DateWaits {
			byRoom[d.place.Resource.ID] = append(byRoom[d.place.Resource.ID], i)
		}
	}
	for _, at := range byRoom {
		bad := make([]Times, len(at))
		for n, i := range at {
			bad[n] = p.Dates[i].Times
		}
		want := sk.wish(p.Dates[at[0]].place)
		for _, v := range p.Whole {
			if toFillIn(v) {
				want.lacking = append(want.lacking, v.Field())
			}
		}
		for i := range p.Dates {
			if p.Dates[i].Verdict == DateFree {
				want.beside = append(want.beside, p.Dates[i].turn())
			}
		}
		found, err := w.waysOut(ctx, want, bad)
		if err != nil {
			return err
		}
		for n, i := range at {
			p.Dates[i].Ways = slices.DeleteFunc(found[n], func(a Alternative) bool { return p.meets(a, w) || sk.foreign(a) })
		}
	}
	return nil
}

// wish is what a date of the series asks for in a place.
func (sk *sketch) wish(place resources.Place) wish {
	want := wish{
		place: place, by: asked{holder: sk.holders[place.Unit.ID], form: sk.req.Form}, kind: sk.req.Kind, sameDay: true, series: true, giving: sk.giving,
	}
	for _, d := range sk.dates {
		if d.was != nil {
			want.giving = append(want.giving, d.was.ID)
		}
	}
	for _, r := range sk.ended {
		want.giving = append(want.giving, r.ID)
	}
	return want
}

// foreign tells whether a way out leads a holder's series into another unit,
// which an edit may not.
func (sk *sketch) foreign(a Alternative) bool {
	return sk.editing != nil && sk.req.Kind == policies.Ordinary && a.Resource.Unit != sk.place.Unit.ID
}

// meets tells whether a way out lies on a good date of the same series.
func (p SeriesPreview) meets(a Alternative, w *work) bool {
	return slices.ContainsFunc(p.Dates, func(d SeriesDate) bool {
		if d.Verdict != DateFree || d.Resource.ID != a.Resource.ID {
			return false
		}
		r := Reservation{Kind: d.draft.Kind, WholeDay: a.Resource.WholeDay}
		w.setTime(&r, d.place, Times{a.Begin, a.End})
		return collide(d.draft, r, w.Zone)
	})
}
