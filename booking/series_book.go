package booking

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// SeriesMade is a series that was made: its dates, and those that were not.
type SeriesMade struct {
	Series   Series
	Dates    []Reservation // by begin
	Rejected []Rejected    // by date
}

// PreviewSeries tells date by date what BookSeries would do now, with ways out
// for the bad dates. Nothing changes and nothing is locked.
func (s *Service) PreviewSeries(ctx context.Context, actor accounts.Actor, req SeriesRequest) (SeriesPreview, error) {
	if err := s.tidySeries(&req); err != nil {
		return SeriesPreview{}, err
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now(), dry: true}
	hold, err := w.ownHoldNamed(ctx, req.Hold)
	if err != nil {
		return SeriesPreview{}, err
	}
	sk, err := w.openSeries(ctx, req, hold)
	if err != nil {
		return SeriesPreview{}, err
	}
	if !sk.place.Visible(w.now) && !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: sk.place.Unit.ID}) {
		return SeriesPreview{}, fault.New(fault.NotFound, "resource.not_found")
	}
	preview, err := w.judge(ctx, sk)
	if err != nil {
		return preview, err
	}
	return preview, w.addWays(ctx, sk, &preview)
}

// tidySeries refuses what needs no database to be refused.
func (s *Service) tidySeries(req *SeriesRequest) error {
	if req.Kind == "" {
		req.Kind = policies.Ordinary
	}
	if err := checkForm(&req.Form); err != nil {
		return err
	}
	var err error
	if req.Reason, err = checkReason(req.Reason, false); err != nil {
		return err
	}
	return req.Plan.check(s.Zone)
}

// BookSeries makes a series in one transaction. Dates that are bad and have no
// fix refuse the whole with *SeriesRefusal, or, where the request is lenient,
// are kept as rejected dates. If one date needs an approval the whole series
// becomes one request. Its people get one mail. With a key that was used before
// it returns the series that was made then.
func (s *Service) BookSeries(ctx context.Context, actor accounts.Actor, req SeriesRequest) (SeriesMade, error) {
	if !actor.SignedIn() {
		return SeriesMade{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if err := s.tidySeries(&req); err != nil {
		return SeriesMade{}, err
	}
	var made SeriesMade
	err := s.do(ctx, actor, func(w *work) error {
		out, replayed, err := ledger.Once(ctx, w.tx, req.Key, w.now, func() (out ledger.Outcome, err error) {
			made, err = w.bookSeries(ctx, req)
			return ledger.Outcome{Status: http.StatusCreated, Result: made.Series.UID.String()}, err
		})
		if err == nil && replayed {
			made, err = w.seriesMade(ctx, out.Result)
		}
		return err
	})
	return made, s.withWays(ctx, actor, req, err)
}

// seriesMade reads what a series was made into.
func (w *work) seriesMade(ctx context.Context, uid string) (made SeriesMade, err error) {
	if made.Series, err = findSeries(ctx, w.tx, uid); err != nil {
		return made, err
	}
	if made.Dates, err = w.datesOf(ctx, made.Series.ID, false); err != nil {
		return made, err
	}
	made.Rejected, err = rejectedOf(ctx, w.tx, made.Series.ID)
	return made, err
}

// withWays adds the ways out to a refused series, outside of its transaction.
func (s *Service) withWays(ctx context.Context, actor accounts.Actor, req SeriesRequest, err error) error {
	refusal, refused := err.(*SeriesRefusal)
	if !refused {
		return err
	}
	if preview, lookErr := s.PreviewSeries(ctx, actor, req); lookErr == nil {
		refusal.Preview = preview
	}
	return err
}

func (w *work) bookSeries(ctx context.Context, req SeriesRequest) (SeriesMade, error) {
	if err := w.mustBook(req.Kind); err != nil {
		return SeriesMade{}, err
	}
	hold, err := w.ownHoldNamed(ctx, req.Hold)
	if err != nil {
		return SeriesMade{}, err
	}
	sk, err := w.openSeries(ctx, req, hold)
	if err != nil {
		return SeriesMade{}, err
	}
	if err := w.removeHolds(ctx, idsOf(hold)); err != nil {
		return SeriesMade{}, err
	}
	preview, err := w.judge(ctx, sk)
	if err != nil {
		return SeriesMade{}, err
	}
	if err := preview.refuse(req); err != nil {
		return SeriesMade{}, err
	}
	made := SeriesMade{Series: w.newSeries(sk)}
	if err := w.insertSeries(ctx, &made.Series); err != nil {
		return made, err
	}
	if made.Dates, err = w.makeDates(ctx, sk, preview, made.Series); err != nil {
		return made, err
	}
	if made.Rejected, err = w.rejectDates(ctx, sk, made.Series); err != nil {
		return made, err
	}
	return made, w.announceSeries(ctx, sk, made)
}

// openSeries reads the places of a series and lays out its dates. In a
// transaction it first locks the units, then the people that limits are about
// and all atoms, in the one order for everybody.
func (w *work) openSeries(ctx context.Context, req SeriesRequest, hold []claim) (*sketch, error) {
	sk := &sketch{req: req, giving: idsOf(hold), places: map[uuid.UUID]resources.Place{}, holders: map[int]holder{}}
	if err := w.openPlaces(ctx, sk, hold); err != nil {
		return nil, err
	}
	for _, place := range sk.places {
		if err := checkAnswers(req.Form, place.Book); err != nil {
			return nil, err
		}
		h, err := w.holder(ctx, req.Holder, req.Kind, place.Unit)
		if err != nil {
			return nil, err
		}
		sk.holders[place.Unit.ID] = h
	}
	if err := w.lay(sk); err != nil {
		return nil, err
	}
	if err := w.applyFixes(sk); err != nil {
		return nil, err
	}
	if w.dry {
		return sk, nil
	}
	return sk, w.lockSketch(ctx, sk, hold)
}

// openPlaces locks the units (where something is to be written) and reads the
// places that the series and its fixes name.
func (w *work) openPlaces(ctx context.Context, sk *sketch, hold []claim) error {
	wanted := []uuid.UUID{sk.req.Resource}
	for _, fix := range sk.req.Fixes {
		if fix.Do == FixInstead && fix.Resource != uuid.Nil && !slices.Contains(wanted, fix.Resource) {
			wanted = append(wanted, fix.Resource)
		}
	}
	var units, ids []int
	for _, uid := range wanted {
		t, err := w.target(ctx, uid)
		if err != nil {
			return err
		}
		units, ids = append(units, t.Unit), append(ids, t.ID)
	}
	for _, own := range hold {
		units = append(units, own.reservation.Unit)
	}
	if err := w.lockUnits(ctx, units); err != nil {
		return err
	}
	for i, uid := range wanted {
		place, err := w.Resources.PlaceByID(ctx, w.tx, ids[i])
		if err != nil {
			return err
		}
		sk.places[uid] = place
	}
	sk.place = sk.places[sk.req.Resource]
	return nil
}

// lockSketch takes the people and then every atom exclusively: nobody else
// takes or frees time there until the series is made.
func (w *work) lockSketch(ctx context.Context, sk *sketch, hold []claim) error {
	for _, place := range sk.places {
		if err := w.lockPeople(ctx, place, sk.holders[place.Unit.ID], Reservation{}); err != nil {
			return err
		}
	}
	var atoms []int
	for _, place := range sk.places {
		atoms = append(atoms, place.Atoms()...)
	}
	for _, own := range hold {
		for _, need := range own.needs {
			atoms = append(atoms, need.Atom)
		}
	}
	return w.tx.LockAtoms(ctx, atoms, true)
}

// refuse says why a series cannot be made: because of who asks or what was
// filled in, because dates are bad that nothing was decided about, or because
// nothing would be left.
func (p SeriesPreview) refuse(req SeriesRequest) error {
	if len(p.Whole) > 0 {
		return newRefusal(policies.Decision{Verdict: policies.Refuse, Violations: p.Whole}, nil)
	}
	if i := slices.IndexFunc(p.Dates, SeriesDate.unsettled); i >= 0 && !req.Lenient {
		return &SeriesRefusal{p, fault.New(fault.Conflict, "series.bad_dates", fault.Params{"n": p.Bad(), "first": p.Dates[i].Begin})}
	}
	if p.Count(DateFree) == 0 {
		return &SeriesRefusal{p, fault.New(fault.Conflict, "series.nothing_left", fault.Params{"n": len(p.Dates)})}
	}
	for _, d := range p.Dates {
		if over := d.Decision.Overridden(); d.Verdict == DateFree && len(over) > 0 && req.Reason == "" {
			return fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": over[0].Code})
		}
	}
	return nil
}

// newSeries is the row of a sketch's series, not yet written.
func (w *work) newSeries(sk *sketch) Series {
	req, h := sk.req, sk.holders[sk.place.Unit.ID]
	s := Series{
		UID: newUID(), Resource: sk.place.Resource.ID, Unit: sk.place.Unit.ID, Zone: req.Zone, Tzdata: calendar.ZoneMark(w.Zone, w.now.Year()),
		Kind: req.Kind, HolderKind: h.kind, HolderPerson: h.person, HolderAssociation: h.association, HolderUnit: h.unit,
		CreatedAt: w.now, Revision: 1,
	}
	s.write(req, sk.rule, w)
	if id := w.actor.ID(); id != 0 {
		s.MadeBy = &id
	}
	return s
}

// write puts a request's plan and form into a series.
func (s *Series) write(req SeriesRequest, rule calendar.Rule, w *work) {
	s.setPlan(req.Plan, rule)
	var r Reservation
	r.fill(req.Form, req.Reason)
	s.Title, s.Purpose, s.Persons, s.Answers, s.ReasonText = r.Title, r.Purpose, r.Persons, r.Answers, r.ReasonText
	s.OldestAge = r.OldestAge
	s.ChangedAt = w.now
}

// makeDates stores the good dates that are new and gives all good ones their
// time. Where lanes of pools are among their atoms each date is taken by itself,
// because other reservations may change lanes for it; else all are stored in one
// statement and occupy in one more.
func (w *work) makeDates(ctx context.Context, sk *sketch, p SeriesPreview, s Series) ([]Reservation, error) {
	event := EventConfirm
	if p.Approval && sk.req.Kind == policies.Ordinary {
		event = EventRequest
	}
	var fresh, plain []*Reservation
	for i := range sk.dates {
		d := &sk.dates[i]
		if d.Verdict != DateFree || d.was != nil {
			continue
		}
		r := &d.draft
		r.Series, r.State = &s.ID, transitions[event].to
		r.Occupies = occupies(r.State, d.Decision.Competes)
		fresh = append(fresh, r)
		if !hasPool(d.place.Needs) {
			plain = append(plain, r)
		}
	}
	if err := w.insertDates(ctx, plain); err != nil {
		return nil, err
	}
	if err := w.seatDates(ctx, sk); err != nil {
		return nil, err
	}
	if sk.req.Kind == policies.Ordinary && sk.req.Form.TermsAccepted {
		if err := w.acceptTerms(ctx, fresh, sk.req.Terms); err != nil {
			return nil, err
		}
	}
	return w.recordMade(ctx, fresh)
}

// seatDates gives the good dates their time.
func (w *work) seatDates(ctx context.Context, sk *sketch) error {
	var rows []Occupancy
	for i := range sk.dates {
		d := &sk.dates[i]
		if d.Verdict != DateFree || !d.draft.Occupies || hasPool(d.place.Needs) {
			continue
		}
		if len(d.atoms) == 0 {
			return noSpace()
		}
		rows = append(rows, d.draft.occupancies(d.atoms, w.Zone)...)
	}
	if len(rows) > 0 {
		whole, err := w.occupy(ctx, rows)
		if err != nil {
			return err
		}
		if !whole {
			return fault.New(fault.Conflict, "booking.overlap")
		}
	}
	for i := range sk.dates {
		d := &sk.dates[i]
		if d.Verdict != DateFree || !hasPool(d.place.Needs) {
			continue
		}
		if err := w.take(ctx, d.place, &d.draft, d.Decision); err != nil {
			return err
		}
	}
	return nil
}

// recordMade writes the change log of new dates and gives them by begin.
func (w *work) recordMade(ctx context.Context, list []*Reservation) ([]Reservation, error) {
	made := make([]Reservation, len(list))
	for i, r := range list {
		made[i] = *r
	}
	err := w.recordAll(ctx, nil, made)
	slices.SortFunc(made, func(a, b Reservation) int { return a.BeginAt.Compare(b.BeginAt) })
	return made, err
}

func hasPool(needs []resources.Need) bool {
	return slices.ContainsFunc(needs, func(n resources.Need) bool { return n.Pool != nil })
}

// rejectDates keeps the dates that were not made: those that are bad, and those
// whose maker waits for them.
func (w *work) rejectDates(ctx context.Context, sk *sketch, s Series) ([]Rejected, error) {
	var list []Rejected
	for _, d := range sk.dates {
		state := "open"
		switch {
		case d.LeftOut == "fix":
			state = "dropped"
		case !d.Bad() && d.Verdict != DateWaits:
			continue
		}
		list = append(list, d.rejected(s.ID, state, w))
	}
	if err := w.insertRejected(ctx, list); err != nil {
		return list, err
	}
	return list, w.waitForDates(ctx, sk, s)
}

// waitForDates puts the maker of a series into the line for the dates that were
// to be waited for.
func (w *work) waitForDates(ctx context.Context, sk *sketch, s Series) error {
	for _, d := range sk.dates {
		if d.Verdict != DateWaits {
			continue
		}
		_, err := w.joinLine(ctx, d.place, lineWish{
			Times: d.Times, holder: sk.holders[d.place.Unit.ID], form: sk.req.Form, series: &s.ID, seriesDate: d.Date,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rejected is the record of a date that is not made.
func (d SeriesDate) rejected(series int64, state string, w *work) Rejected {
	was := d
	if d.Verdict == DateWaits {
		was.Verdict = DateConflict
	}
	code, params := was.Code()
	if code == "" {
		code = "series.left_out"
	}
	r := Rejected{
		Series: series, SeriesDate: d.Date, BeginAt: d.Begin, EndAt: d.End, Code: code, State: state, RejectedAt: w.now,
		Reason: db.AsJSON(rejection{Verdict: was.Verdict, Params: params, Conflicts: d.Conflicts}),
	}
	if !r.BeginAt.Before(r.EndAt) { // a night without that hour
		r.EndAt = r.BeginAt.Add(time.Minute)
	}
	return r
}
