package booking_test

import (
	"errors"
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// What search, outlook and first free time offer, Book accepts; and of all
// times that begin sooner than the first free one, every quarter of an hour,
// Book accepts none.
func TestWhatSearchOffersBookAccepts(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if before == "100" { // each case asks the engine some hundred times
		_ = checks.Value.Set("6")
		defer func() { _ = checks.Value.Set(before) }()
	}
	w := newWorld(t)
	g := &gapWorld{world: w, aino: w.person("aino"), hoitaja: w.person("hoitaja", accounts.Role{Role: accounts.CityAdmin})}
	rapid.Check(t, g.check)
}

type gapWorld struct {
	*world
	aino, hoitaja accounts.Actor
	towns         int
}

func (g *gapWorld) check(t *rapid.T) {
	g.clock = at(rapid.SampledFrom([]string{"2026-11-23 00:00", "2027-03-27 00:00", "2027-10-30 00:00"}).Draw(t, "day"))
	today := calendar.DateOf(g.clock, helsinki)
	names := g.town(t)
	for range rapid.IntRange(0, 8).Draw(t, "taken") {
		g.takeSome(t, names, today)
	}
	g.clock = g.clock.Add(time.Duration(rapid.IntRange(0, 24*60*60-1).Draw(t, "now")) * time.Second)
	room := g.rooms[rapid.SampledFrom(names).Draw(t, "asked room")]
	wish := booking.FirstQuery{From: today, To: today.AddDays(2)}
	length := max(room.MinMinutes, room.Raster)
	if minutes := rapid.SampledFrom([]int{0, 15, 45, 120, 200}).Draw(t, "minutes"); minutes > 0 {
		wish.Minutes, length = &minutes, max(length, minutes)
	}
	length = (length + room.Raster - 1) / room.Raster * room.Raster
	if rapid.Bool().Draw(t, "hours") {
		wish.TimeFrom, wish.TimeTo = calendar.Minute(rapid.IntRange(0, 40).Draw(t, "from")*15), calendar.Minute(rapid.IntRange(50, 96).Draw(t, "to")*15)
	}
	place, err := g.Resources.Place(ctx, g.DB, room.UID)
	g.must(err)
	firsts, err := g.FirstFreeOf(ctx, g.aino, []resources.Place{place}, wish)
	g.must(err)
	g.misses(t, room, wish, length, firsts[0])
	g.agree(t, room, wish)
}

// town makes a hall of two rooms, one of these alone and a pool of three, with
// random hours and settings, in a unit of its own.
func (g *gapWorld) town(t *rapid.T) []string {
	g.towns++
	names := []string{fmt.Sprintf("sali-%d", g.towns), fmt.Sprintf("osa-%d", g.towns), fmt.Sprintf("pyora-%d", g.towns)}
	g.must(g.DB.Tx(ctx, func(tx *db.DB) error {
		slug := fmt.Sprintf("talo-%d", g.towns)
		unit, err := g.Resources.AddUnit(ctx, tx, resources.Unit{Slug: slug, Name: text(slug), Holidays: "normal"})
		if err != nil {
			return err
		}
		g.unit = unit
		if err := g.Resources.SetPeriods(ctx, tx, resources.Owner{Unit: unit.ID}, []resources.Period{{Spans: db.AsJSON(anySpans(t))}}); err != nil {
			return err
		}
		var spaces []resources.Part
		for _, part := range []string{"a", "b"} {
			name := slug + part
			if err := g.addSpace(tx, name, ""); err != nil {
				return err
			}
			id := g.space[name]
			spaces = append(spaces, resources.Part{Space: &id, Count: 1})
		}
		device, err := g.Resources.AddDevice(ctx, tx, resources.Device{Unit: unit.ID, Name: text("Polkupyörä"), Count: 3})
		if err != nil {
			return err
		}
		buffers := []int{rapid.IntRange(0, 4).Draw(t, "before") * 15, rapid.IntRange(0, 4).Draw(t, "after") * 15}
		pool := []resources.Part{{Device: &device.ID, Count: rapid.IntRange(1, 2).Draw(t, "lanes")}}
		return errors.Join(g.addRoom(tx, names[0], spaces, anySettings(t, nil)), g.addRoom(tx, names[1], spaces[:1], anySettings(t, nil)),
			g.addRoom(tx, names[2], pool, anySettings(t, buffers)))
	}))
	return names
}

func anySpans(t *rapid.T) []resources.WeekSpan {
	var spans []resources.WeekSpan
	begin := 0
	for range rapid.IntRange(1, 3).Draw(t, "spans") {
		from := begin + rapid.IntRange(0, 40).Draw(t, "span from")*15
		to := from + rapid.IntRange(2, 60).Draw(t, "span long")*15
		if from >= 1440 {
			break
		}
		spans = append(spans, resources.WeekSpan{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: calendar.Minute(from), To: calendar.Minute(to), Kind: policies.Reservable})
		begin = to
	}
	return spans
}

// anySettings alters a resource; a pool's buffers are given, because lanes are
// only packed for sure where all have the same.
func anySettings(t *rapid.T, buffers []int) func(*resources.Resource) {
	if buffers == nil {
		buffers = []int{rapid.IntRange(0, 6).Draw(t, "before") * 15, rapid.IntRange(0, 6).Draw(t, "after") * 15}
	}
	raster := rapid.SampledFrom([]int{15, 30, 45, 60, 120}).Draw(t, "raster")
	least := rapid.SampledFrom([]int{15, 30, 60, 90}).Draw(t, "min")
	soonest, latest := rapid.IntRange(0, 2).Draw(t, "ahead min"), rapid.IntRange(0, 3).Draw(t, "ahead max")
	wholeDay := rapid.IntRange(0, 6).Draw(t, "whole day") == 0
	return func(r *resources.Resource) {
		r.BufferBefore, r.BufferAfter, r.Raster, r.MinMinutes, r.DaysAheadMin, r.WholeDay = buffers[0], buffers[1], raster, least, soonest, wholeDay
		if latest > 0 {
			r.DaysAheadMax = &latest
		}
	}
}

// takeSome tries to take a room: as staff, so that the rules do not matter, or
// closes it. Most attempts succeed.
func (g *gapWorld) takeSome(t *rapid.T, names []string, today calendar.Date) {
	begin := calendar.DayBounds(today, helsinki).Begin.Add(time.Duration(rapid.IntRange(0, 3*96).Draw(t, "taken from")) * 15 * time.Minute)
	req := booking.Request{
		Resource: g.rooms[rapid.SampledFrom(names).Draw(t, "taken room")].UID,
		Times:    booking.Times{Begin: begin, End: begin.Add(time.Duration(rapid.IntRange(1, 16).Draw(t, "taken long")) * 15 * time.Minute)},
		Kind:     rapid.SampledFrom([]policies.Kind{policies.Staff, policies.Staff, policies.Closure}).Draw(t, "kind"),
		Reason:   "koe",
	}
	if req.Kind == policies.Staff {
		req.Holder = booking.Holder{Kind: booking.HeldByUnit}
	}
	if _, err := g.Book(ctx, g.hoitaja, req); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Refused) {
		t.Fatal(err)
	}
}

// accepts tells whether Book takes the time; the booking is undone.
func (g *gapWorld) accepts(t *rapid.T, room resources.Resource, asked calendar.Interval) bool {
	undo := errors.New("undo")
	var booked error
	err := g.DB.Tx(ctx, func(tx *db.DB) error {
		inside := *g.Service
		inside.DB = tx
		_, booked = inside.Book(ctx, g.aino, booking.Request{
			Resource: room.UID, Times: booking.Times{Begin: asked.Begin, End: asked.End}, Form: policies.Form{TermsAccepted: true},
		})
		return undo
	})
	if !errors.Is(err, undo) || booked != nil && !fault.Is(booked, fault.Conflict) && !fault.Is(booked, fault.Refused) {
		t.Fatal(err, booked)
	}
	return booked == nil
}

// misses checks that the first time is one, and that there is none before it.
func (g *gapWorld) misses(t *rapid.T, room resources.Resource, wish booking.FirstQuery, length int, first booking.First) {
	if !first.Begin.IsZero() && (first.Closed || !g.accepts(t, room, first.Interval)) {
		t.Fatalf("the first free time %v is refused, closed %v", first.Interval, first.Closed)
	}
	for date := wish.From; !date.After(wish.To); date = date.AddDays(1) {
		for minute := wish.TimeFrom; minute < calendar.DayMinutes; minute += 15 {
			begin := calendar.Resolve(date, minute, helsinki)
			end := calendar.AddWall(begin.Instant, length, helsinki)
			inside := wish.TimeTo == 0 || minute+calendar.Minute(length) <= wish.TimeTo
			if !begin.Exists || !end.Exists || !inside {
				continue
			}
			if !first.Begin.IsZero() && !begin.Instant.Before(first.Begin) {
				return
			}
			if g.accepts(t, room, calendar.Interval{Begin: begin.Instant, End: end.Instant}) {
				t.Fatalf("%v is free for %d minutes, the first free time was %v", begin.Instant, length, first.Interval)
			}
		}
	}
}

// agree checks that search and outlook offer the same and Book accepts it.
func (g *gapWorld) agree(t *rapid.T, room resources.Resource, wish booking.FirstQuery) {
	query := booking.Query{Date: wish.From, Until: wish.To, Filter: resources.Filter{Unit: g.unit.Slug}, Any: true}
	window := booking.Window{From: wish.From, To: wish.To}
	if wish.Minutes != nil {
		query.Minutes, window.Minutes = *wish.Minutes, (max(*wish.Minutes, room.MinMinutes)+room.Raster-1)/room.Raster*room.Raster
	}
	found, err := g.Search(ctx, g.aino, query)
	g.must(err)
	outlook, err := g.Outlook(ctx, g.aino, room.UID, window)
	g.must(err)
	var free []calendar.Interval
	for _, start := range outlook.Starts {
		if start.Free {
			free = append(free, start.Interval)
		}
	}
	for _, r := range found {
		if r.Place.Resource.ID != room.ID {
			continue
		}
		if fmt.Sprint(r.FreeStarts) != fmt.Sprint(free) {
			t.Fatalf("search offers %v, the outlook %v", r.FreeStarts, free)
		}
	}
	if len(free) > 0 {
		if asked := rapid.SampledFrom(free).Draw(t, "booked"); !g.accepts(t, room, asked) {
			t.Fatalf("%v is offered and refused", asked)
		}
	}
}
