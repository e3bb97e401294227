package booking

import (
	"context"
	"iter"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// scan looks at many rooms at once, as one person at one moment. What rooms
// have in common is worked out once.
type scan struct {
	*work
	// of the room that is being looked at; the lists grow once for all rooms
	tally      *tally // what quotas count in the window; nil = not read
	starts     []Start
	freeStarts []calendar.Interval
}

func (s *Service) scan(actor accounts.Actor) *scan {
	return &scan{work: &work{Service: s, tx: s.DB, actor: actor, now: s.Now()}}
}

// view is a room over some dates, with the free starts still to be taken out.
type view struct {
	Outlook
	sieve *policies.Sieve
	grid  policies.Grid
	until time.Time // starts lie before it
}

// views reads what occupies the places on the window's dates by one query.
func (sc *scan) views(ctx context.Context, places []resources.Place, window Window) ([]*view, error) {
	during := sc.reach(places, window)
	sc.tally = nil // of another window
	var needs []resources.Need
	for i := range places {
		needs = append(needs, places[i].Needs...)
	}
	rows, err := busyNow(ctx, sc.tx, needs, during, sc.now)
	if err != nil {
		return nil, err
	}
	byAtom := map[int][]Busy{}
	for _, row := range rows {
		byAtom[row.Atom] = append(byAtom[row.Atom], row)
	}
	views := make([]*view, len(places))
	units, hours := map[int]*common{}, map[int][]policies.Hours{}
	for i := range places {
		place := &places[i]
		of, known := units[place.Unit.ID]
		if !known {
			h, err := sc.holder(ctx, Holder{}, policies.Ordinary, place.Unit)
			if err != nil {
				return nil, err
			}
			of = &common{holder: h}
			units[place.Unit.ID] = of
		}
		var own []Busy
		for _, need := range place.Needs {
			own = append(own, byAtom[need.Atom]...)
		}
		look := sight{place: *place, asked: asked{holder: of.holder}, window: window.atLeast(*place), now: sc.now}
		views[i] = sc.view(look, of.usableOf(sc.hoursOf(*place, window, hours)), own)
		if of.gate, err = sc.gateIn(ctx, of, places, place, during); err != nil {
			return nil, err
		}
		views[i].gate = of.gate
		views[i].Free = calendar.Intersect(views[i].Free, []calendar.Interval{during})
	}
	return views, nil
}

// common is what the rooms of a unit share: for whom they are looked at, and what
// may be used of the hours, which most have from their unit.
type common struct {
	holder holder
	usable policies.UsableHours
	gate   *gate
}

// gateIn is the gate of a place, read once for all places and made for each
// unit, because being a local depends on it.
func (sc *scan) gateIn(ctx context.Context, of *common, places []resources.Place, place *resources.Place, during calendar.Interval) (*gate, error) {
	if of.gate != nil || !of.holder.who.Known || !hasQuotas(place.Book) {
		return of.gate, nil
	}
	holders, err := sc.holdersWith(ctx, of.holder, place.Unit)
	if err != nil {
		return nil, err
	}
	if sc.tally == nil {
		all, err := sc.gateFor(ctx, places, holders, during, Reservation{})
		if err != nil || all == nil {
			return nil, err
		}
		sc.tally = &all.tally
	}
	g := &gate{now: sc.now, tally: *sc.tally}
	for _, h := range holders {
		g.by = append(g.by, claimant{h, sc.actor.ID()})
	}
	return g, nil
}

func (c *common) usableOf(hours []policies.Hours) policies.UsableHours {
	last := c.usable.Hours
	if len(hours) == 0 || len(last) == 0 || &hours[0] != &last[0] {
		c.usable = policies.Usable(hours, c.holder.who.Class)
	}
	return c.usable
}

// reach is all that can stand in the way of a start on the window's dates: the
// dates, the time that the last start lasts, and buffers on both sides.
func (sc *scan) reach(places []resources.Place, window Window) calendar.Interval {
	minutes, buffer := window.Minutes, 0
	for i := range places {
		place := &places[i]
		minutes = max(minutes, window.atLeast(*place).Minutes)
		buffer = max(buffer, place.Resource.BufferBefore, place.Resource.BufferAfter)
		if place.Resource.WholeDay {
			minutes = max(minutes, calendarDay)
		}
	}
	dates := calendar.Interval{
		Begin: calendar.DayBounds(window.From, sc.Zone).Begin,
		End:   calendar.DayBounds(window.To, sc.Zone).End,
	}
	return widen(dates, buffer, minutes+buffer)
}

// hoursOf are the hours of a place; those without hours of their own share
// their unit's.
func (sc *scan) hoursOf(place resources.Place, window Window, shared map[int][]policies.Hours) []policies.Hours {
	from, to := window.From.AddDays(-1), window.To.AddDays(1)
	if slices.ContainsFunc(place.Periods, func(p resources.Period) bool { return p.Resource != nil }) {
		return place.Hours(from, to, sc.Zone)
	}
	hours, known := shared[place.Unit.ID]
	if !known {
		hours = place.Hours(from, to, sc.Zone)
		shared[place.Unit.ID] = hours
	}
	return hours
}

func (sc *scan) view(look sight, hours policies.UsableHours, rows []Busy) *view {
	q := look.place.Question(sc.now, sc.Zone)
	q.Who = look.holder.who
	v := &view{
		Outlook: Outlook{Place: look.place, Class: look.holder.who.Class, Hours: hours.Hours, Busy: rows, Minutes: look.window.Minutes},
		sieve:   hours.Sieve(q),
		until:   calendar.DayBounds(look.window.To, sc.Zone).End,
	}
	v.ask = q
	v.ask.Hours = hours.Hours
	v.Free = calendar.Subtract(v.sieve.Spans(), blocked(look.place, rows, sc.Zone))
	v.grid = policies.Grid{
		Zone: sc.Zone, Raster: q.Place.Raster, Minutes: v.Minutes, NotBefore: sc.notBefore(look),
	}
	return v
}

// notBefore is the first moment of the window that is not past. A whole day can
// be had until it is over.
func (sc *scan) notBefore(look sight) time.Time {
	begin := calendar.DayBounds(look.window.From, sc.Zone).Begin
	if look.place.Resource.WholeDay {
		return begin
	}
	return later(begin, sc.now)
}

// starts are the times of the raster that are free and that the rules grant.
func (v *view) starts() iter.Seq[calendar.Interval] {
	return func(yield func(calendar.Interval) bool) {
		gap := 0
		for asked := range v.grid.All(v.sieve.Spans()) {
			if !asked.Begin.Before(v.until) {
				return
			}
			if gap = firstInside(asked, v.Free, gap); gap == len(v.Free) {
				return
			}
			if v.Free[gap].Contains(asked) && v.sieve.Passes(asked) && v.hasRoom(asked) && !yield(asked) {
				return
			}
		}
	}
}

// hasRoom tells whether the quotas of whoever looks leave room for a time.
func (v *view) hasRoom(asked calendar.Interval) bool {
	return v.Full(asked) == nil
}

// atLeast lifts the wanted length to the room's shortest and its raster.
func (w Window) atLeast(place resources.Place) Window {
	r := place.Resource
	raster := max(r.Raster, 1)
	w.Minutes = (max(w.Minutes, r.MinMinutes, 1) + raster - 1) / raster * raster
	return w
}
