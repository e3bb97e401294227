package booking

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// SeriesEdit changes dates of a series that are to come. What is nil stays.
// Dates that cannot be changed and have no fix refuse the whole or, where the
// edit is lenient, stay as they are.
type SeriesEdit struct {
	Ref        string
	Revision   int
	Scope      SeriesScope   // "" = all
	From       calendar.Date // of this and following: the series date
	Resource   *uuid.UUID
	First      *calendar.Date // only while nothing has begun
	Span       *calendar.Span
	Rule       *string
	Skip       *[]string
	Form       *policies.Form
	Keep       []calendar.Date // series dates that stay as they are
	Fixes      []Fix
	Lenient    bool
	CheckHours bool
	Reason     string // of staff
}

// plansMove tells whether the edit can change when or where the dates are.
func (c SeriesEdit) plansMove() bool {
	return c.Resource != nil || c.First != nil || c.Span != nil || c.Rule != nil || c.Skip != nil
}

// recast is an edit under way: which dates change, which are new, which end.
type recast struct {
	*seriesEdit
	sketch *sketch
	staff  bool
	left   []LeftDate    // in scope, but not to be changed
	from   calendar.Date // the first series date that may change
	begun  bool          // some date has begun, or stands before the change
}

// PreviewSeriesEdit tells date by date what EditSeries would do now. Nothing
// changes.
func (s *Service) PreviewSeriesEdit(ctx context.Context, actor accounts.Actor, c SeriesEdit) (SeriesPreview, error) {
	if err := s.tidyEdit(&c); err != nil {
		return SeriesPreview{}, err
	}
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now(), dry: true}
	_, preview, err := w.recast(ctx, c)
	if err == nil || isSeriesRefusal(err) {
		return preview, nil
	}
	return preview, err
}

func isSeriesRefusal(err error) bool {
	_, ok := err.(*SeriesRefusal)
	return ok
}

func (s *Service) tidyEdit(c *SeriesEdit) error {
	if c.Scope == "" {
		c.Scope = ScopeAll
	}
	if c.Form != nil {
		if err := checkForm(c.Form); err != nil {
			return err
		}
	}
	if c.Scope == ScopeThis && (c.Rule != nil || c.Skip != nil || c.First != nil) {
		return fault.InvalidField("scope", "series.scope_of_rule")
	}
	var err error
	c.Reason, err = checkReason(c.Reason, false)
	return err
}

// EditSeries changes the dates of a series that are to come: time, room, rule,
// what was filled in. What has begun, was denied or cancelled is never touched
// and never made again. Where dates before the change stand, the series is
// split: what changes goes on as a series of its own, which the report names.
// Every date keeps its number and calendar UID. Where a holder's change needs an
// approval, the dates are requests again. Refusals are *SeriesRefusal or
// *Refusal.
func (s *Service) EditSeries(ctx context.Context, actor accounts.Actor, c SeriesEdit) (SeriesReport, error) {
	if err := s.tidyEdit(&c); err != nil {
		return SeriesReport{}, err
	}
	var report SeriesReport
	err := s.do(ctx, actor, func(w *work) error {
		rc, preview, err := w.recast(ctx, c)
		if err != nil {
			return err
		}
		report, err = w.writeRecast(ctx, c, rc, preview)
		return err
	})
	return report, err
}

// recast locks, lays out the new plan over the dates that stand, and judges it.
func (w *work) recast(ctx context.Context, c SeriesEdit) (*recast, SeriesPreview, error) {
	rc, err := w.openRecast(ctx, c)
	if err != nil {
		return nil, SeriesPreview{}, err
	}
	standing, err := rc.standing(w, c)
	if err != nil {
		return nil, SeriesPreview{}, err
	}
	if err := w.layRecast(ctx, c, rc, standing); err != nil {
		return nil, SeriesPreview{}, err
	}
	preview, err := w.judgeRecast(ctx, c, rc)
	preview.Left, preview.Ended = rc.left, rc.sketch.ended
	if err != nil {
		return nil, preview, err
	}
	if w.dry {
		err = w.addWays(ctx, rc.sketch, &preview)
	}
	return rc, preview, err
}

func (w *work) openRecast(ctx context.Context, c SeriesEdit) (*recast, error) {
	var more []target
	wanted := []uuid.UUID{}
	if c.Resource != nil {
		wanted = append(wanted, *c.Resource)
	}
	for _, fix := range c.Fixes {
		if fix.Do == FixInstead && fix.Resource != uuid.Nil {
			wanted = append(wanted, fix.Resource)
		}
	}
	for _, uid := range wanted {
		t, err := w.target(ctx, uid)
		if err != nil {
			return nil, err
		}
		more = append(more, t)
	}
	e, err := w.openSeriesEdit(ctx, SeriesChange{Ref: c.Ref, Revision: c.Revision}, more...)
	if err != nil {
		return nil, err
	}
	rc := &recast{seriesEdit: e, staff: w.maySeries(w.actor, e.series, accounts.HandleReservation)}
	if !rc.staff && !w.maySeries(w.actor, e.series, accounts.EditReservation) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	for _, t := range more {
		if t.Unit != e.series.Unit && !(rc.staff && accounts.Can(w.actor, accounts.HandleReservation, accounts.Object{Unit: t.Unit})) {
			return nil, fault.New(fault.Refused, "booking.move_other_unit")
		}
	}
	return rc, nil
}

// standing are the dates in scope that may change. A holder's dates whose
// deadline has passed, or that are not a holder's to move, are left.
func (rc *recast) standing(w *work, c SeriesEdit) ([]Reservation, error) {
	list, err := rc.inScope(SeriesChange{Scope: c.Scope, From: c.From}, w.now)
	if err != nil && !(fault.Code(err) == "series.nothing_to_change" && c.Rule != nil) {
		return nil, err
	}
	var free []Reservation
	for _, r := range list {
		if slices.Contains(c.Keep, r.SeriesDate) {
			continue
		}
		if err := rc.mayMove(w, c, r); err != nil {
			rc.left = append(rc.left, leftBy(r, err))
			continue
		}
		free = append(free, r)
	}
	if len(free) == 0 && len(rc.left) > 0 && c.Rule == nil {
		return nil, fault.New(fault.Refused, rc.left[0].Code, rc.left[0].Params)
	}
	return free, nil
}

func (rc *recast) mayMove(w *work, c SeriesEdit, r Reservation) error {
	if rc.staff || !c.plansMove() {
		return nil
	}
	if err := HolderMoves(r); err != nil {
		return err
	}
	return w.checkMove(r, rc.places[r.Resource])
}

// layRecast makes the dates of the new plan and matches them with those that
// stand: first by day, then within a week. A date that was denied, cancelled or
// has begun takes its place in the plan with it.
func (w *work) layRecast(ctx context.Context, c SeriesEdit, rc *recast, standing []Reservation) error {
	if err := w.sketchRecast(ctx, c, rc); err != nil {
		return err
	}
	sk := rc.sketch
	if c.Scope == ScopeThis {
		d := rc.dateOf(standing[0], sk.req.Span, w)
		d.was = &standing[0]
		sk.dates = []SeriesDate{d}
	} else {
		if err := w.lay(sk); err != nil {
			return err
		}
		sk.dates = slices.DeleteFunc(sk.dates, func(d SeriesDate) bool { return d.Date.Before(rc.from) })
		rejected, err := rejectedOf(ctx, w.tx, rc.series.ID)
		if err != nil {
			return err
		}
		rc.match(standing, rejected)
	}
	for i := range sk.dates {
		rc.keepOwn(c, &sk.dates[i])
	}
	if err := w.applyFixes(sk); err != nil {
		return err
	}
	sk.setAside()
	return nil
}

// setAside ends the standing dates that are to be left out, and keeps those
// that the edit would leave as they are: they need no approval again and nobody
// is told of them.
func (sk *sketch) setAside() {
	for i := range sk.dates {
		d := &sk.dates[i]
		switch {
		case d.was == nil:
		case d.LeftOut == "fix":
			sk.ended = append(sk.ended, *d.was)
		case d.Verdict == "" && !sk.reform && !d.changes():
			d.Verdict = DateKept
		}
	}
}

// keepOwn leaves a date the time and room that it has by itself, where the edit
// does not name others.
func (rc *recast) keepOwn(c SeriesEdit, d *SeriesDate) {
	d.place = rc.sketch.place
	if d.was != nil && c.Resource == nil {
		d.place = rc.places[d.was.Resource]
	}
	d.Resource = d.place.Resource
	if d.was != nil && c.Span == nil && d.was.SeriesDate == d.Date && d.LeftOut == "" {
		d.Times, d.Verdict, d.Doubled = Times{d.was.BeginAt, d.was.EndAt}, "", false
	}
}

// dateOf is one date of the series at other wall times of the same day.
func (rc *recast) dateOf(r Reservation, span calendar.Span, w *work) SeriesDate {
	day := calendar.DateOf(r.BeginAt, w.Zone)
	d := SeriesDate{Date: r.SeriesDate}
	d.stand(calendar.Resolve(day, span.From, w.Zone), calendar.Resolve(day, span.To, w.Zone))
	return d
}

// sketchRecast is the new plan from the first changed date on, without dates.
func (w *work) sketchRecast(ctx context.Context, c SeriesEdit, rc *recast) error {
	plan, err := w.planFrom(c, rc)
	if err != nil {
		return err
	}
	place := rc.place
	sk := &sketch{reform: c.Form != nil, places: map[uuid.UUID]resources.Place{}, holders: map[int]holder{}, editing: &rc.series}
	for _, p := range rc.places {
		sk.places[p.Resource.UID] = p
		if sk.holders[p.Unit.ID], err = w.holderOf(ctx, rc.series.object(), p.Unit); err != nil {
			return err
		}
	}
	if c.Resource != nil {
		place = sk.places[*c.Resource]
	}
	form := rc.series.Form()
	if c.Form != nil {
		form = *c.Form
		form.TermsAccepted = true
	}
	kind := rc.series.Kind
	if rc.staff && kind == policies.Ordinary {
		kind = policies.Behalf
	}
	if sk.reform {
		if err := checkAnswers(form, place.Book); err != nil {
			return err
		}
	}
	sk.place = place
	sk.req = SeriesRequest{
		Resource: place.Resource.UID, Plan: plan, Kind: kind, Form: form, Reason: c.Reason, Fixes: c.Fixes, Lenient: c.Lenient,
		CheckHours: c.CheckHours,
	}
	rc.sketch = sk
	return nil
}

// planFrom is the plan with what the edit says. A rule without a new end goes on
// to the day that it would have reached; of a new rule for this and the
// following dates, counting begins with the first of them.
func (w *work) planFrom(c SeriesEdit, rc *recast) (Plan, error) {
	plan := rc.series.Plan()
	rc.findFrom(w, c, plan.First)
	if c.First != nil {
		if rc.begun {
			return plan, fault.New(fault.Refused, "series.has_begun", fault.Params{"first": plan.First})
		}
		plan.First, rc.from = *c.First, earlierDate(*c.First, rc.from)
	}
	if c.Rule != nil {
		plan.Rule = *c.Rule
		if rule, err := calendar.ParseRule(*c.Rule); err == nil && c.Scope == ScopeFollowing {
			if plan.First, err = w.firstFrom(rc); err != nil {
				return plan, err
			}
			plan.Rule = rule.Anchored(plan.First).String()
		}
	}
	if c.Span != nil {
		plan.Span = *c.Span
	}
	if c.Skip != nil {
		plan.Skip = *c.Skip
	}
	return plan, plan.check(w.Zone)
}

// findFrom finds the first series date that may change: of all dates the one
// after the last that has begun.
func (rc *recast) findFrom(w *work, c SeriesEdit, first calendar.Date) {
	rc.from = first
	if c.Scope != ScopeAll {
		rc.from = c.From
	}
	for _, r := range rc.dates {
		if begun := !r.BeginAt.After(w.now); begun {
			rc.begun = true
			if c.Scope == ScopeAll && !r.SeriesDate.Before(rc.from) {
				rc.from = r.SeriesDate.AddDays(1)
			}
		}
		rc.begun = rc.begun || r.SeriesDate.Before(rc.from)
	}
}

func earlierDate(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// firstFrom is the first date of the stored plan that may change.
func (w *work) firstFrom(rc *recast) (calendar.Date, error) {
	plan := rc.series.Plan()
	plan.Skip = nil
	_, dates, err := w.expand(plan, rc.place.Unit.City)
	for _, o := range dates {
		if !o.Date.Before(rc.from) {
			return o.Date, err
		}
	}
	return rc.from, err
}

// from are the dates that are not before a day.
func from(dates []calendar.Date, day calendar.Date) []calendar.Date {
	return slices.DeleteFunc(slices.Clone(dates), func(d calendar.Date) bool { return d.Before(day) })
}

// match gives the standing dates their places in the new plan. Dates that were
// rejected, denied, cancelled or are left as they are take their places with
// them, so that nothing is made again.
func (rc *recast) match(standing []Reservation, rejected []Rejected) {
	changing := map[int64]*Reservation{}
	for i := range standing {
		changing[standing[i].ID] = &standing[i]
	}
	rest := slices.DeleteFunc(slices.Clone(rc.dates), func(r Reservation) bool { return r.SeriesDate.Before(rc.from) })
	for _, r := range rejected {
		if r.State != "made" && !r.SeriesDate.Before(rc.from) {
			rest = append(rest, Reservation{ID: -r.ID, SeriesDate: r.SeriesDate})
		}
	}
	dates := rc.sketch.dates
	placed, taken := map[int64]bool{}, map[int]bool{}
	for _, near := range []func(a, b calendar.Date) bool{sameDay, sameWeek} {
		for _, r := range rest {
			at := slices.IndexFunc(dates, func(d SeriesDate) bool { return near(d.Date, r.SeriesDate) })
			for at >= 0 && at < len(dates) && taken[at] && near(dates[at].Date, r.SeriesDate) {
				at++
			}
			if placed[r.ID] || at < 0 || at >= len(dates) || !near(dates[at].Date, r.SeriesDate) {
				continue
			}
			placed[r.ID], taken[at] = true, true
			if dates[at].was = changing[r.ID]; dates[at].was == nil {
				dates[at].Verdict = DateKept
			}
		}
	}
	for _, r := range standing {
		if !placed[r.ID] {
			rc.sketch.ended = append(rc.sketch.ended, r)
		}
	}
	rc.sketch.dates = slices.DeleteFunc(dates, func(d SeriesDate) bool { return d.Verdict == DateKept })
	for _, d := range rc.sketch.dates {
		if d.was != nil && d.LeftOut != "" {
			rc.sketch.ended = append(rc.sketch.ended, *d.was)
		}
	}
}

func sameDay(a, b calendar.Date) bool { return a == b }

func sameWeek(a, b calendar.Date) bool {
	yearA, weekA := a.ISOWeek()
	yearB, weekB := b.ISOWeek()
	return yearA == yearB && weekA == weekB
}

// judgeRecast decides about the new plan. In a lenient edit a date that cannot
// change stays where it is, and may then be in the way of another, so it is
// asked again until nothing more stays.
func (w *work) judgeRecast(ctx context.Context, c SeriesEdit, rc *recast) (SeriesPreview, error) {
	for {
		preview, err := w.judge(ctx, rc.sketch)
		if err != nil {
			return preview, err
		}
		if len(preview.Whole) > 0 {
			return preview, newRefusal(policies.Decision{Verdict: policies.Refuse, Violations: preview.Whole}, nil)
		}
		if i := slices.IndexFunc(preview.Dates, SeriesDate.unsettled); i >= 0 && !c.Lenient {
			first := preview.Dates[i]
			if w.dry {
				err = w.addWays(ctx, rc.sketch, &preview)
			}
			if err == nil {
				err = &SeriesRefusal{preview, fault.New(fault.Conflict, "series.bad_dates", fault.Params{"n": preview.Bad(), "first": first.Begin})}
			}
			return preview, err
		}
		stays := false
		for i := range rc.sketch.dates {
			d := &rc.sketch.dates[i]
			if d.was != nil && d.Bad() {
				code, params := d.Code()
				rc.left = append(rc.left, LeftDate{*d.was, code, params})
				d.Verdict, stays = DateKept, true
			}
		}
		if !stays {
			return preview, nil
		}
		rc.sketch.again()
	}
}

// again forgets what was decided about the dates that may still change.
func (sk *sketch) again() {
	for i := range sk.dates {
		d := &sk.dates[i]
		switch d.Verdict {
		case DateFree, DateConflict, DateClosed, DateRule, DateWaits:
			d.Verdict, d.Conflicts, d.atoms = "", nil, nil
		}
	}
}
