package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// sameSeries is the kind of a conflict between two dates of one series.
const sameSeries = "series"

// taken is what occupies the atoms of a series' dates around each of them, and
// the dates that were found good so far.
type taken struct {
	rows [][]Busy // by date
	own  []Busy
}

// takenAround reads in one query what lies near the dates. Where the time is
// locked, holds that have run out are removed.
func (w *work) takenAround(ctx context.Context, sk *sketch) (*taken, error) {
	probes := make([]probe, len(sk.dates))
	for i, d := range sk.dates {
		if d.Verdict == "" {
			r := Reservation{WholeDay: d.place.Resource.WholeDay, Kind: sk.req.Kind}
			w.setTime(&r, d.place, d.Times)
			probes[i] = probe{d.place.Needs, r.reach(w.Zone)}
		}
	}
	rows, err := busyEach(ctx, w.tx, probes)
	if err != nil {
		return nil, err
	}
	var stale db.Ints
	for i := range rows {
		rows[i] = slices.DeleteFunc(rows[i], func(b Busy) bool {
			if b.runOut(w.now) {
				stale = append(stale, b.Reservation)
				return true
			}
			return sk.isOwn(b)
		})
	}
	if w.dry {
		return &taken{rows: rows}, nil
	}
	return &taken{rows: rows}, w.removeHolds(ctx, stale)
}

// isOwn tells whether the row is of a reservation that the series is about to
// give up or to move.
func (sk *sketch) isOwn(b Busy) bool {
	gives := func(r Reservation) bool { return r.ID == b.Reservation }
	moves := func(d SeriesDate) bool { return d.was != nil && d.Verdict != DateKept && gives(*d.was) }
	return slices.Contains(sk.giving, b.Reservation) || slices.ContainsFunc(sk.ended, gives) || slices.ContainsFunc(sk.dates, moves)
}

// near are the rows that can be in the way of a date.
func (t *taken) near(d SeriesDate, at int, zone *time.Location) []Busy {
	reach := d.draft.reach(zone)
	rows := t.rows[at]
	for _, b := range t.own {
		shared := slices.ContainsFunc(d.place.Needs, func(n resources.Need) bool { return n.Atom == b.Atom })
		if shared && b.Interval().Overlaps(reach) {
			rows = append(rows, b)
		}
	}
	return rows
}

// add puts a good date among what is taken.
func (t *taken) add(d SeriesDate, at int, zone *time.Location) {
	r := d.draft
	id := -1 - int64(at)
	r.ID = id
	for _, row := range r.occupancies(d.atoms, zone) {
		t.own = append(t.own, Busy{
			Reservation: id, Atom: row.Atom, Side: row.Side, Begin: row.Begin, End: row.End, Kind: r.Kind, State: Confirmed,
		})
	}
}

// meet finds what stands in the way of a date and chooses its atoms.
func (w *work) meet(ctx context.Context, d *SeriesDate, t *taken, at int) error {
	r := d.draft
	r.ID = -1 - int64(at)
	rows := t.near(*d, at, w.Zone)
	for _, b := range inTheWay(d.place.Needs, rows, r, w.Zone) {
		c := b.conflict(r.Interval())
		if b.Reservation < 0 {
			c.Kind = sameSeries
		}
		d.Conflicts = append(d.Conflicts, c)
	}
	atoms, enough := chooseAtoms(d.place.Needs, rows, r, w.Zone)
	if !enough {
		fits, err := w.couldPack(ctx, d.place.Needs, d.draft)
		if err != nil {
			return err
		}
		if fits && !slices.ContainsFunc(d.Conflicts, func(c Conflict) bool { return c.Kind == sameSeries }) {
			d.Conflicts = nil
		}
	}
	d.atoms = atoms
	return nil
}

// yieldDates leaves those dates of residents and associations that are free only
// until the first in line is offered them.
func (w *work) yieldDates(ctx context.Context, sk *sketch) error {
	if sk.req.Kind != policies.Ordinary || sk.editing != nil {
		return nil
	}
	lines, err := w.linesIn(ctx, sk)
	if err != nil || len(lines) == 0 {
		return err
	}
	for i := range sk.dates {
		d := &sk.dates[i]
		near := slices.ContainsFunc(lines, func(t calendar.Interval) bool { return t.Overlaps(d.draft.reach(w.Zone)) })
		if d.Verdict != DateFree || !near {
			continue
		}
		var refusal *Refusal
		err := w.yieldToLine(ctx, d.place, d.draft)
		if errors.As(err, &refusal) {
			d.Verdict, d.Conflicts = DateConflict, refusal.Conflicts
			if d.Fix != nil && d.Fix.Do == FixWait {
				d.Verdict = DateWaits
			}
		} else if err != nil {
			return err
		}
	}
	return nil
}

// couldPack tells whether the pools of a place would have room for one more if
// their reservations changed lanes, and its other atoms are free.
func (w *work) couldPack(ctx context.Context, needs []resources.Need, r Reservation) (bool, error) {
	for _, pool := range poolsOf(needs) {
		shares, err := w.shares(ctx, pool, r)
		if err != nil {
			return false, err
		}
		if _, fits := pack(shares, pool, w.Zone); !fits {
			return false, nil
		}
	}
	plain := slices.DeleteFunc(slices.Clone(needs), func(n resources.Need) bool { return n.Pool != nil })
	rows, err := busyNow(ctx, w.tx, plain, r.reach(w.Zone), w.now)
	return err == nil && len(conflictsAmong(plain, rows, r, w.Zone)) == 0, err
}
