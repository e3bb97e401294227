package booking

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// SeriesScope says which dates of a series a change is about.
type SeriesScope string

// The scopes: one date, that date and all after it, all that are to come. What
// has begun is never changed by any of them.
const (
	ScopeThis      SeriesScope = "this"
	ScopeFollowing SeriesScope = "following"
	ScopeAll       SeriesScope = "all"
)

// SeriesChange is what a decision about a series comes with. Revision 0 means
// the present one.
type SeriesChange struct {
	Ref        string // uid or number
	Revision   int
	Scope      SeriesScope   // "" = all
	From       calendar.Date // of this and following: the series date
	ReasonCode string
	ReasonText string
	Fee        int   // of a holder's cancellation: what they know that it costs, in cents
	Free       *bool // of an approval: whether free use is granted; only and always where it was asked for
}

// SeriesReport is what a change did: the dates that changed, and those in its
// scope that did not, with why.
type SeriesReport struct {
	Series Series
	Done   []Reservation
	Ended  []Reservation // of an edit: dates that the new plan does not have
	Left   []LeftDate
}

// LeftDate is a date that a change left as it is.
type LeftDate struct {
	Reservation
	Code   string
	Params fault.Params
}

// seriesEdit is a series locked for a change: its row, its places and its
// dates, by begin.
type seriesEdit struct {
	series Series
	place  resources.Place         // the series' own
	places map[int]resources.Place // by id, those of its dates
	dates  []Reservation
}

// changeSeries finds a series that the actor may see, locks in order and lets
// fn change it.
func (s *Service) changeSeries(ctx context.Context, actor accounts.Actor, c SeriesChange, fn func(w *work, e *seriesEdit) error) error {
	return s.do(ctx, actor, func(w *work) error {
		e, err := w.openSeriesEdit(ctx, c)
		if err != nil {
			return err
		}
		return fn(w, e)
	})
}

// openSeriesEdit locks the units, atoms and rows of a series and of the places
// in more, where nothing is dry.
func (w *work) openSeriesEdit(ctx context.Context, c SeriesChange, more ...target) (*seriesEdit, error) {
	found, err := findSeries(ctx, w.tx, c.Ref)
	if err != nil {
		return nil, err
	}
	if !w.maySeries(w.actor, found, accounts.ViewReservation) {
		return nil, fault.New(fault.NotFound, "series.not_found")
	}
	e := &seriesEdit{series: found, places: map[int]resources.Place{}}
	if e.dates, err = w.datesOf(ctx, found.ID, false); err != nil {
		return nil, err
	}
	if err := w.openSeriesPlaces(ctx, e, more); err != nil {
		return nil, err
	}
	if !w.dry {
		if err := w.lockSeriesRows(ctx, e); err != nil {
			return nil, err
		}
	}
	if c.Revision != 0 && c.Revision != e.series.Revision {
		return nil, fault.New(fault.Stale, "stale")
	}
	slices.SortFunc(e.dates, func(a, b Reservation) int { return a.BeginAt.Compare(b.BeginAt) })
	return e, nil
}

func (w *work) openSeriesPlaces(ctx context.Context, e *seriesEdit, more []target) error {
	units, ids := []int{e.series.Unit}, []int{e.series.Resource}
	for _, r := range e.dates {
		if r.EndAt.After(w.now) {
			units, ids = append(units, r.Unit), append(ids, r.Resource)
		}
	}
	for _, t := range more {
		units, ids = append(units, t.Unit), append(ids, t.ID)
	}
	if err := w.lockUnits(ctx, units); err != nil {
		return err
	}
	for _, id := range ascending(ids) {
		place, err := w.Resources.PlaceByID(ctx, w.tx, id)
		if err != nil {
			return err
		}
		e.places[id] = place
	}
	e.place = e.places[e.series.Resource]
	return nil
}

// lockSeriesRows takes the holder where a quota counts, the atoms exclusively,
// then the series and its dates.
// Whoever moved a date elsewhere in between makes the whole stale.
func (w *work) lockSeriesRows(ctx context.Context, e *seriesEdit) error {
	var atoms []int
	counted := false
	for _, place := range e.places {
		atoms = append(atoms, place.Atoms()...)
		counted = counted || hasQuotas(place.Book)
	}
	if counted {
		r := e.series.object()
		h := holder{person: r.HolderPerson, association: r.HolderAssociation}
		if err := w.lockRows(ctx, h, w.actor.ID(), w.countedPerson(h, r)); err != nil {
			return err
		}
	}
	if err := w.tx.LockAtoms(ctx, atoms, true); err != nil {
		return err
	}
	var err error
	if e.series, err = w.lockSeries(ctx, e.series.ID); err != nil {
		return err
	}
	if e.dates, err = w.datesOf(ctx, e.series.ID, true); err != nil {
		return err
	}
	for _, r := range e.dates {
		if _, known := e.places[r.Resource]; !known && r.EndAt.After(w.now) {
			return fault.New(fault.Stale, "stale")
		}
	}
	return nil
}

// inScope are the dates to come that a change is about and that still stand.
func (e *seriesEdit) inScope(c SeriesChange, now time.Time) ([]Reservation, error) {
	if c.Scope == "" {
		c.Scope = ScopeAll
	}
	if !slices.Contains([]SeriesScope{ScopeThis, ScopeFollowing, ScopeAll}, c.Scope) {
		return nil, fault.InvalidField("scope", "series.scope")
	}
	if c.Scope != ScopeAll && !slices.ContainsFunc(e.dates, func(r Reservation) bool { return r.SeriesDate == c.From }) {
		return nil, fault.InvalidField("from", "series.no_such_date", fault.Params{"date": c.From})
	}
	var list []Reservation
	for _, r := range e.dates {
		in := c.Scope == ScopeAll || r.SeriesDate == c.From || c.Scope == ScopeFollowing && r.SeriesDate.After(c.From)
		standing := r.State == Requested || r.State == Confirmed || r.State == AwaitingPayment
		if in && standing && r.BeginAt.After(now) {
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Conflict, "series.nothing_to_change")
	}
	return list, nil
}

// CancelSeries cancels dates of a series or withdraws them: the holder those
// whose deadline has not passed, staff of the unit all, with a reason in words.
// The dates that could not be cancelled are in the report.
func (s *Service) CancelSeries(ctx context.Context, actor accounts.Actor, c SeriesChange) (SeriesReport, error) {
	var report SeriesReport
	err := s.changeSeries(ctx, actor, c, func(w *work, e *seriesEdit) error {
		report = SeriesReport{Series: e.series}
		mine, staff := s.maySeries(actor, e.series, accounts.EditReservation), s.maySeries(actor, e.series, accounts.HandleReservation)
		if !mine && !staff {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		var err error
		if c.ReasonText, err = checkReason(c.ReasonText, !mine); err != nil {
			return err
		}
		if c.ReasonCode == "" && staff {
			c.ReasonCode = "other"
		}
		list, err := e.inScope(c, w.now)
		if err != nil {
			return err
		}
		sum := 0
		for _, r := range list {
			if !staff {
				if err := checkCancel(r, e.places[r.Resource].Resource.CancelMinutes, w.now, c.ReasonCode); err != nil {
					if fault.Is(err, fault.Invalid) {
						return err
					}
					report.Left = append(report.Left, leftBy(r, err))
					continue
				}
				fee := r.LateFee(w.now)
				sum += fee
				if err := r.charge(fee, fee); err != nil {
					return err
				}
			}
			report.Done = append(report.Done, r)
		}
		if sum > c.Fee {
			return fault.New(fault.Conflict, "booking.fee_untold", fault.Params{"cents": sum})
		}
		if len(report.Done) == 0 {
			return fault.New(fault.Refused, report.Left[0].Code, report.Left[0].Params)
		}
		return w.endDates(ctx, e, c, &report, EventCancel)
	})
	return report, err
}

func leftBy(r Reservation, err error) LeftDate {
	return LeftDate{r, fault.Code(err), fault.As(err).Params}
}

// DenySeries denies the dates to come that were requested or confirmed. The
// reason is told to the holder and must be given.
func (s *Service) DenySeries(ctx context.Context, actor accounts.Actor, c SeriesChange) (SeriesReport, error) {
	var report SeriesReport
	var err error
	if c.ReasonText, err = checkReason(c.ReasonText, true); err != nil {
		return report, err
	}
	err = s.changeSeries(ctx, actor, c, func(w *work, e *seriesEdit) error {
		report = SeriesReport{Series: e.series}
		list, err := w.handled(e, c, &report)
		if err != nil {
			return err
		}
		report.Done = list
		return w.endDates(ctx, e, c, &report, EventDeny)
	})
	return report, err
}

// handled are the dates in scope that the actor decides about; those in units
// of others are left.
func (w *work) handled(e *seriesEdit, c SeriesChange, report *SeriesReport) ([]Reservation, error) {
	list, err := e.inScope(c, w.now)
	if err != nil {
		return nil, err
	}
	var mine []Reservation
	for _, r := range list {
		if w.mayHandle(w.actor, r) {
			mine = append(mine, r)
		} else {
			report.Left = append(report.Left, LeftDate{Reservation: r, Code: "series.other_unit"})
		}
	}
	if len(mine) == 0 {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return mine, nil
}

// endDates takes report.Done out of the calendar in a few statements, whatever
// their number.
func (w *work) endDates(ctx context.Context, e *seriesEdit, c SeriesChange, report *SeriesReport, event Event) error {
	state, topic := Cancelled, seriesCancelled
	if event == EventDeny {
		state, topic = Denied, seriesDenied
	}
	before := slices.Clone(report.Done)
	for i := range report.Done {
		r := &report.Done[i]
		r.State, r.Occupies, r.HeldUntil = state, false, nil
		r.ReasonCode, r.ReasonText = c.ReasonCode, c.ReasonText
		if event == EventDeny {
			w.decidedByActor(r)
		}
		r.stepped(w.now)
	}
	w.free(before...)
	if err := w.vacateAll(ctx, report.Done); err != nil {
		return err
	}
	if err := w.updateStates(ctx, report.Done); err != nil {
		return err
	}
	if err := w.dropRejected(ctx, e.series.ID, c); err != nil {
		return err
	}
	return w.concludeSeries(ctx, e, c, seriesStep{string(event), topic, before, report})
}

// stepped counts a change of a reservation.
func (r *Reservation) stepped(now time.Time) {
	r.Sequence++
	r.Revision++
	r.ChangedAt = now
}

// seriesStep is what happened to dates of a series, for log, mail and trail.
type seriesStep struct {
	action, topic string
	before        []Reservation
	report        *SeriesReport
}

// concludeSeries counts the change, logs the hours, and tells the holder once.
func (w *work) concludeSeries(ctx context.Context, e *seriesEdit, c SeriesChange, step seriesStep) error {
	if err := w.countSeries(ctx, &e.series); err != nil {
		return err
	}
	step.report.Series = e.series
	done := step.report.Done
	if err := w.recordAll(ctx, step.before, done); err != nil {
		return err
	}
	about := seriesNews{
		place: e.place, series: e.series, dates: done,
		change: Change{ReasonCode: c.ReasonCode, ReasonText: c.ReasonText},
	}
	if err := w.mailSeries(ctx, about, step.topic, ""); err != nil {
		return err
	}
	w.auditSeries(about, step.action, map[string]any{
		"number": e.series.Number, "scope": c.Scope, "from": c.From, "dates": spansOf(done), "left": len(step.report.Left),
		"reason_code": c.ReasonCode, "reason": c.ReasonText,
	})
	return nil
}

// ApproveSeries confirms the requested dates to come. Competing ones take their
// time now; those that meet a conflict stay requests and are in the report.
func (s *Service) ApproveSeries(ctx context.Context, actor accounts.Actor, c SeriesChange) (SeriesReport, error) {
	var report SeriesReport
	err := s.changeSeries(ctx, actor, c, func(w *work, e *seriesEdit) error {
		report = SeriesReport{Series: e.series}
		list, err := w.handled(e, c, &report)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(r Reservation) bool { return r.State != Requested })
		if len(list) == 0 {
			return fault.New(fault.Conflict, "booking.already_decided", fault.Params{"state": string(Confirmed)})
		}
		before := []Reservation{}
		for _, r := range list {
			was := r
			if err := r.decideFree(c.Free); err != nil {
				return err
			}
			if !r.Occupies {
				if err := w.takeInSavepoint(ctx, e.places[r.Resource], &r); err != nil {
					if !fault.Is(err, fault.Conflict) {
						return err
					}
					report.Left = append(report.Left, leftBy(was, err))
					continue
				}
			}
			r.State, r.Occupies = Confirmed, true
			w.decidedByActor(&r)
			r.stepped(w.now)
			before, report.Done = append(before, was), append(report.Done, r)
		}
		if len(report.Done) == 0 {
			return fault.New(fault.Conflict, report.Left[0].Code, report.Left[0].Params)
		}
		if err := w.updateStates(ctx, report.Done); err != nil {
			return err
		}
		return w.concludeSeries(ctx, e, c, seriesStep{string(EventApprove), seriesConfirmed, before, &report})
	})
	return report, err
}

// takeInSavepoint takes the time of a reservation or leaves everything as it
// was.
func (w *work) takeInSavepoint(ctx context.Context, place resources.Place, r *Reservation) error {
	outer := w.tx
	defer func() { w.tx = outer }()
	return outer.Tx(ctx, func(tx *db.DB) error {
		w.tx = tx
		e := &edit{place: place, before: *r}
		return w.takeAgain(ctx, e)
	})
}
