package booking

import (
	"cmp"
	"context"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// Of how many comparable places the rules are asked, of how many that they
// grant the occupied times, and how many nearby times of the asked place are
// tried at most.
const (
	considered = 24
	looked     = 8
	tried      = 100
)

// nearby is how far from the asked begin other times are looked for.
const nearby = 36 * time.Hour

// waysOut lists for each bad time up to five others that the wish's holder
// could have, best first: nearby times of the same place, comparable places at
// that time, the same place a week later; with sameDay only times of the same
// local day. What it lists breaks no rule, not even one that staff may
// override, and is free now. It takes no locks and a constant number of
// queries, however many times are bad (a series has at most 400).
func (w *work) waysOut(ctx context.Context, want wish, bad []Times) ([][]Alternative, error) {
	l, err := w.lookout(ctx, want, bad)
	if err != nil {
		return nil, err
	}
	plans := make([]plan, len(bad))
	var probes []probe
	for i, t := range bad {
		plans[i] = l.plan(t)
		for _, o := range plans[i] {
			probes = append(probes, o.probe)
		}
	}
	rows, err := busyEach(ctx, w.tx, probes)
	if err != nil {
		return nil, err
	}
	found := make([][]Alternative, len(bad))
	for i, p := range plans {
		found[i] = l.pick(p, rows[:len(p)])
		rows = rows[len(p):]
	}
	return found, nil
}

// lookout looks for ways out of one wish.
type lookout struct {
	*work
	want wish
	here *candidate
	rest []*candidate // comparable places, best first

	tally tally // what quotas count
}

// candidate is a place with those for whom it could be had.
type candidate struct {
	resources.Place
	policy  policies.Place
	holders []holder
	forms   []policies.Form
}

// option is a place with times that may do, best first. The probe covers them.
type option struct {
	*candidate
	hours []policies.Hours
	why   string
	times []calendar.Interval
	probe
}

// plan are the options instead of one bad time.
type plan []option

func (w *work) lookout(ctx context.Context, want wish, bad []Times) (*lookout, error) {
	l := &lookout{work: w, want: want}
	holders, err := w.holders(ctx, want)
	if err != nil {
		return nil, err
	}
	places, err := w.instead(ctx, want)
	if err != nil {
		return nil, err
	}
	l.here = l.candidate(want.place, holders)
	for _, place := range places {
		l.rest = append(l.rest, l.candidate(place, holders))
	}
	return l, l.addLimits(ctx, bad)
}

func (l *lookout) candidate(place resources.Place, holders []holder) *candidate {
	c := &candidate{Place: place, policy: place.Policy(), forms: []policies.Form{l.want.by.form}}
	for _, h := range holders {
		c.holders = append(c.holders, l.at(h, place.Unit))
	}
	if l.want.open {
		for _, purpose := range place.Resource.Purposes {
			form := l.want.by.form
			form.Purpose = purpose
			c.forms = append(c.forms, form)
		}
	}
	return c
}

// addLimits counts what limits count, for all candidates at once.
func (l *lookout) addLimits(ctx context.Context, bad []Times) error {
	counted := cmp.Or(l.want.moving.Kind, l.want.kind) == policies.Ordinary
	me := l.countedPerson(l.want.by.holder, l.want.moving)
	if !counted || me == 0 || len(bad) == 0 {
		return nil
	}
	all := append([]*candidate{l.here}, l.rest...)
	var limited, single []int
	for _, c := range all {
		if limits(c.Place) && c.Resource.ID != l.want.moving.Resource {
			limited = append(limited, c.Resource.ID)
		}
		if c.Unit.OnePlaceAtOnce {
			single = append(single, c.Unit.ID)
		}
	}
	active, err := l.countActive(ctx, limited, me, l.want.moving.ID)
	if err != nil {
		return err
	}
	elsewhere, err := l.elsewhere(ctx, single, me, l.want.moving.ID, around(bad))
	if err != nil {
		return err
	}
	if err := l.addTally(ctx, all, bad); err != nil {
		return err
	}
	for _, c := range all {
		for i := range c.holders {
			c.holders[i].who.Active, c.holders[i].who.Elsewhere = active[c.Resource.ID], elsewhere[c.Unit.ID]
		}
	}
	return nil
}

// addTally reads what quotas count of all candidates.
func (l *lookout) addTally(ctx context.Context, all []*candidate, bad []Times) error {
	var places []resources.Place
	var by []claimant
	for _, c := range all {
		places = append(places, c.Place)
	}
	for _, h := range l.here.holders {
		by = append(by, claimant{h, l.countedPerson(h, l.want.moving)})
	}
	var err error
	l.tally, err = l.tallyFor(ctx, places, by, around(bad), append([]int64{l.want.moving.ID}, l.want.giving...)...)
	l.tally = append(l.tally, l.want.beside...)
	return err
}

// around is all that ways out of bad times can touch.
func around(bad []Times) calendar.Interval {
	all := calendar.Interval{Begin: bad[0].Begin, End: bad[0].End}
	for _, t := range bad {
		if t.Begin.Before(all.Begin) {
			all.Begin = t.Begin
		}
		all.End = later(all.End, t.End)
	}
	const week = 7 * calendarDay
	return widen(all, 2*week, 2*week)
}

// plan lists what could be had instead of a bad time, as far as the rules tell
// of other places; those of the asked place are asked when a time is free.
func (l *lookout) plan(t Times) plan {
	var p plan
	add := func(o option) {
		if len(o.times) > 0 {
			p = append(p, l.probed(o))
		}
	}
	asked := calendar.Interval{Begin: t.Begin, End: t.End}
	add(l.near(asked))
	if !l.want.sameDay {
		add(l.weekLater(asked))
	}
	shared := map[int][]policies.Hours{}
	granted := 0
	for _, c := range l.rest {
		o := option{candidate: c, hours: l.hoursOf(c.Place, asked, shared), why: "same_time", times: []calendar.Interval{asked}}
		if ok, _ := l.grants(o, asked); !ok {
			continue
		}
		add(o)
		if granted++; granted == looked {
			break
		}
	}
	return p
}

// hoursOf are the hours of a place around a time; those without hours of their
// own share their unit's.
func (l *lookout) hoursOf(place resources.Place, asked calendar.Interval, shared map[int][]policies.Hours) []policies.Hours {
	if slices.ContainsFunc(place.Periods, func(p resources.Period) bool { return p.Resource != nil }) {
		return hoursAround(place, asked, l.Zone)
	}
	hours, known := shared[place.Unit.ID]
	if !known {
		hours = hoursAround(place, asked, l.Zone)
		shared[place.Unit.ID] = hours
	}
	return hours
}

// probed sets what the occupied times of an option are asked for.
func (l *lookout) probed(o option) option {
	o.probe = probe{needs: o.Needs, during: l.draftAt(o.Place, o.times[0]).reach(l.Zone)}
	for _, t := range o.times[1:] {
		reach := l.draftAt(o.Place, t).reach(l.Zone)
		if reach.Begin.Before(o.during.Begin) {
			o.during.Begin = reach.Begin
		}
		o.during.End = later(o.during.End, reach.End)
	}
	return o
}

// draftAt is the wished reservation in a place at a time.
func (l *lookout) draftAt(place resources.Place, t calendar.Interval) Reservation {
	r := Reservation{ID: l.want.moving.ID, Kind: l.want.kind, WholeDay: place.Resource.WholeDay}
	l.setTime(&r, place, Times{t.Begin, t.End})
	return r
}

// near are the starts of the asked place around the asked time, nearest first.
func (l *lookout) near(asked calendar.Interval) option {
	within := calendar.Interval{Begin: asked.Begin.Add(-nearby), End: asked.Begin.Add(nearby)}
	if l.want.sameDay {
		within = calendar.DayBounds(calendar.DateOf(asked.Begin, l.Zone), l.Zone)
	}
	from, to := calendar.DateOf(within.Begin, l.Zone), calendar.DateOf(within.End, l.Zone)
	o := option{candidate: l.here, why: "same_room", hours: l.here.Hours(from.AddDays(-1), to.AddDays(1), l.Zone)}
	grid := policies.Grid{Zone: l.Zone, Raster: l.here.policy.Raster, Minutes: l.minutes(asked), NotBefore: within.Begin}
	spans := policies.ReservableSpans(o.hours, l.here.holders[0].who.Class)
	if staffRaster := l.want.kind != policies.Ordinary && l.want.kind != policies.Seasonal; staffRaster {
		grid.Raster = policies.StaffRaster(grid.Raster)
		spans = []calendar.Interval{{Begin: calendar.DayBounds(from, l.Zone).Begin, End: calendar.DayBounds(to.AddDays(1), l.Zone).End}}
	}
	for start := range grid.All(spans) {
		if !start.Begin.Before(within.End) {
			break
		}
		if start != asked {
			o.times = append(o.times, start)
		}
	}
	slices.SortStableFunc(o.times, func(a, b calendar.Interval) int {
		return cmp.Compare(a.Begin.Sub(asked.Begin).Abs(), b.Begin.Sub(asked.Begin).Abs())
	})
	return o
}

// minutes is the asked length as the asked place allows one.
func (l *lookout) minutes(asked calendar.Interval) int {
	window := Window{Minutes: calendar.WallMinutes(asked.Begin, asked.End, l.Zone)}
	if most := l.here.policy.MaxMinutes; most != nil {
		window.Minutes = min(window.Minutes, *most)
	}
	return window.atLeast(l.here.Place).Minutes
}

// weekLater is the same time on the wall a week on.
func (l *lookout) weekLater(asked calendar.Interval) option {
	date, minute := calendar.WallOf(asked.Begin, l.Zone)
	begin := calendar.Resolve(date.AddDays(7), minute, l.Zone)
	end := calendar.AddWall(begin.Instant, l.minutes(asked), l.Zone)
	o := option{candidate: l.here, why: "next_week"}
	if begin.Exists && end.Exists {
		o.times = []calendar.Interval{{Begin: begin.Instant, End: end.Instant}}
		o.hours = hoursAround(l.here.Place, o.times[0], l.Zone)
	}
	return o
}

// pick takes from a plan what is free and granted; rows are what occupies each
// of its options.
func (l *lookout) pick(p plan, rows [][]Busy) []Alternative {
	found := map[string][]Alternative{}
	for i, o := range p {
		most := maxAlternatives
		found[o.why] = append(found[o.why], l.granted(o, rows[i], most-len(found[o.why]))...)
	}
	return best(found["same_room"], found["same_time"], found["next_week"])
}

// granted are the first times of an option that can be had.
func (l *lookout) granted(o option, rows []Busy, most int) []Alternative {
	rows = slices.DeleteFunc(rows, func(b Busy) bool { return b.runOut(l.now) || slices.Contains(l.want.giving, b.Reservation) })
	var found []Alternative
	questions := 0
	for _, t := range o.times {
		if len(found) >= most || questions == tried {
			break
		}
		if len(inTheWay(o.Needs, rows, l.draftAt(o.Place, t), l.Zone)) > 0 {
			continue
		}
		questions++
		if ok, approval := l.grants(o, t); ok {
			found = append(found, Alternative{o.Resource, t.Begin, t.End, o.why, approval})
		}
	}
	return found
}

// grants tells whether the rules would let somebody of the holders have a time,
// and whether after an approval only.
func (l *lookout) grants(o option, t calendar.Interval) (ok, approval bool) {
	q := o.Question(l.now, l.Zone)
	q.Kind, q.Asked, q.Hours, q.Series = l.want.kind, t, o.hours, l.want.series
	q.Who, q.Form = o.holders[0].who, o.forms[0]
	if known := q.Who.Known || l.want.kind != policies.Ordinary; l.want.open || !known {
		q.Stage = policies.AtHold // as the person who holds it
		d := policies.Decide(q)
		if !known || l.broken(d) {
			return !l.broken(d), d.Verdict == policies.Approval
		}
		q.Stage = policies.AtConfirm
	}
	for _, h := range o.holders {
		for _, form := range o.forms {
			q.Who, q.Form = h.who, form
			if h.counts() {
				l.tally.fill(&q, o.Place, claimant{h, l.countedPerson(h, l.want.moving)}, l.now)
			}
			d := policies.Decide(q)
			if l.broken(d) {
				continue
			}
			if d.Verdict != policies.Approval {
				return true, false
			}
			ok, approval = true, true
		}
	}
	return ok, approval
}

// broken tells whether a decision names a rule that filling in the form would
// not keep.
func (l *lookout) broken(d policies.Decision) bool {
	return slices.ContainsFunc(d.Violations, func(v policies.Violation) bool {
		return !toFillIn(v) || !l.want.open && !slices.Contains(l.want.lacking, v.Field())
	})
}
