package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// Settings of the engine; engine.md gives the defaults.
const (
	holdFor         = 10 * time.Minute
	holdsPerAddress = 5
	maxAlternatives = 5
	longest         = 72 * time.Hour // that is locked day by day
)

// Service has the use cases. Each reads the clock once and owns its transaction.
type Service struct {
	DB        *db.DB
	Resources *resources.Service
	Secrets   *ledger.Secrets
	Now       func() time.Time
	Zone      *time.Location
	BaseURL   string // of the pages, without a slash at the end; for links in calendars

	// HoldsPerAddress overrides how many holds one network address may have.
	HoldsPerAddress int
}

// work is one use case under way: its transaction, who acts and when. Audit
// entries are collected and written as the last statements, because they lock
// the stream's counter until the commit.
type work struct {
	*Service
	tx     *db.DB
	actor  accounts.Actor
	now    time.Time
	audits []ledger.Entry
	was    *moving // of a move: from where, for the mail
	// together, when set, collects mails instead of posting them
	together *[]unsent
	dry      bool // nothing may be written

	settled int           // reservations that this brought inside the hours, or ended
	freed   []Reservation // what gave its time back, for those who wait
	due     []int64       // ids of wishes that can be offered their time, whatever becomes of this
	rulesAt time.Time     // as of when lead times count; zero = now
}

// do runs a use case in a transaction; a retry starts from a fresh work. What
// it freed is then offered to those who wait for it.
func (s *Service) do(ctx context.Context, actor accounts.Actor, fn func(w *work) error) error {
	now := s.Now()
	var w *work
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		w = &work{Service: s, tx: tx, actor: actor, now: now}
		if err := fn(w); err != nil {
			return err
		}
		return w.writeAudits(ctx)
	})
	if w != nil {
		s.serveAfter(ctx, w, err)
	}
	return err
}

// writeAudits locks the streams' counters in one order for everybody.
func (w *work) writeAudits(ctx context.Context) error {
	slices.SortStableFunc(w.audits, func(a, b ledger.Entry) int { return a.Stream - b.Stream })
	for _, entry := range w.audits {
		if err := ledger.Append(ctx, w.tx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) audit(r Reservation, action string, values any) {
	w.audits = append(w.audits, ledger.Entry{
		Stream: r.Unit, At: w.now, Actor: w.actor.Name(), Action: "reservation." + action,
		Object: "reservation:" + r.UID.String(), Values: values,
	})
}

// openLocked locks the units that a use case touches (shared: their trees,
// parts, hours and rules stand still) and then reads the place. What writes
// nothing locks nothing.
func (w *work) openLocked(ctx context.Context, resource int, units ...int) (resources.Place, error) {
	if err := w.lockUnits(ctx, units); err != nil {
		return resources.Place{}, err
	}
	return w.Resources.PlaceByID(ctx, w.tx, resource)
}

// lockUnits takes units, shared, in the one order for everybody; where nothing
// may be written nothing is locked.
func (w *work) lockUnits(ctx context.Context, units []int) error {
	if w.dry {
		return nil
	}
	for _, unit := range ascending(units) {
		if err := w.tx.LockUnit(ctx, unit, false); err != nil {
			return err
		}
	}
	return nil
}

// lockPeople takes the rows of the holder of a reservation, of the person for
// whom it counts and of the acting person where a limit or a quota counts across
// rooms; without one nothing is locked.
func (w *work) lockPeople(ctx context.Context, place resources.Place, holder holder, r Reservation) error {
	if !limits(place) && !place.Unit.OnePlaceAtOnce && !hasQuotas(place.Book) {
		return nil
	}
	return w.lockRows(ctx, holder, w.actor.ID(), w.countedPerson(holder, r))
}

func bookLimits(book policies.Book) bool {
	for _, rule := range book.Rules.Rules {
		if rule.Effects.Limits != nil && rule.Effects.Limits.ActiveLimit != nil {
			return true
		}
	}
	return false
}

// lockTime takes the atoms (shared) and then each atom and day of all given
// reservations, in the one order for everybody. For a long time it takes the
// atoms alone, so that the lock table does not fill with days; for a pool as
// well, because its reservations may change lanes.
func (w *work) lockTime(ctx context.Context, claims ...claim) error {
	var atoms []int
	var days []db.AtomDay
	whole := false
	for _, c := range claims {
		for _, need := range c.needs {
			atoms = append(atoms, need.Atom)
			whole = whole || need.Pool != nil
		}
		days = append(days, c.reservation.atomDays(c.needs, w.Zone)...)
		whole = whole || c.reservation.EndAt.Sub(c.reservation.BeginAt) > longest
	}
	if whole {
		return w.tx.LockAtoms(ctx, atoms, true)
	}
	return w.tx.LockAtomsAndDays(ctx, atoms, days)
}

// claim is a reservation with the atoms that it takes or has.
type claim struct {
	reservation Reservation
	needs       []resources.Need
}

func idsOf(claims []claim) db.Ints {
	ids := make(db.Ints, len(claims))
	for i, c := range claims {
		ids[i] = c.reservation.ID
	}
	return ids
}

// question is what policies decide about a reservation.
func (w *work) question(place resources.Place, r Reservation, h holder) policies.Question {
	now := w.now
	if !w.rulesAt.IsZero() {
		now = w.rulesAt
	}
	q := place.Question(now, w.Zone)
	q.Kind, q.Asked, q.Hours = r.Kind, r.Interval(), hoursAround(place, r.Interval(), w.Zone)
	q.Who, q.Form, q.Series = h.who, r.Form(), r.Series != nil
	return q
}

func hoursAround(place resources.Place, asked calendar.Interval, zone *time.Location) []policies.Hours {
	return place.Hours(calendar.DateOf(asked.Begin, zone).AddDays(-1), calendar.DateOf(asked.End, zone).AddDays(1), zone)
}

func notFound() error { return fault.New(fault.NotFound, "booking.not_found") }
