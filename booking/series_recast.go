package booking

import (
	"context"
	"maps"
	"slices"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

// writeRecast stores an edit: old times are given up in one statement, new ones
// taken in the next.
func (w *work) writeRecast(ctx context.Context, c SeriesEdit, rc *recast, preview SeriesPreview) (SeriesReport, error) {
	sk := rc.sketch
	if err := rc.needsReason(c); err != nil {
		return SeriesReport{}, err
	}
	moved, before := rc.moved(preview)
	w.free(append(slices.Clone(before), sk.ended...)...)
	if err := w.vacateAll(ctx, append(slices.Clone(before), sk.ended...)); err != nil {
		return SeriesReport{}, err
	}
	old := rc.series.Number
	if err := w.splitSeries(ctx, c, rc); err != nil {
		return SeriesReport{}, err
	}
	for _, r := range moved {
		r.Series = &rc.series.ID
	}
	if err := w.updateDates(ctx, moved); err != nil {
		return SeriesReport{}, err
	}
	fresh, err := w.makeDates(ctx, sk, preview, rc.series)
	if err != nil {
		return SeriesReport{}, err
	}
	if err := w.endRest(ctx, sk.ended); err != nil {
		return SeriesReport{}, err
	}
	if _, err := w.rejectDates(ctx, sk, rc.series); err != nil {
		return SeriesReport{}, err
	}
	report := SeriesReport{Series: rc.series, Ended: sk.ended, Left: rc.left}
	for _, r := range moved {
		report.Done = append(report.Done, *r)
	}
	if err := w.recordAll(ctx, before, report.Done); err != nil {
		return report, err
	}
	report.Done = append(report.Done, fresh...)
	slices.SortFunc(report.Done, func(a, b Reservation) int { return a.BeginAt.Compare(b.BeginAt) })
	return report, w.announceRecast(ctx, c, rc, report, old)
}

// needsReason asks staff for the reason of what they override.
func (rc *recast) needsReason(c SeriesEdit) error {
	for _, d := range rc.sketch.dates {
		over := d.Decision.Overridden()
		if d.Verdict == DateFree && len(over) > 0 && c.Reason == "" && (d.was == nil || d.was.ReasonText == "" && c.plansMove()) {
			return fault.InvalidField("reason", "booking.override_reason", fault.Params{"rule": over[0].Code})
		}
	}
	return nil
}

// moved are the standing dates as they become, and as they were.
func (rc *recast) moved(preview SeriesPreview) (after []*Reservation, before []Reservation) {
	for i := range rc.sketch.dates {
		d := &rc.sketch.dates[i]
		if d.was == nil || d.Verdict != DateFree {
			continue
		}
		r := &d.draft
		if preview.Approval && rc.sketch.req.Kind == policies.Ordinary && r.decidedAnew(*d.was) {
			r.State, r.DecidedAt, r.DecidedBy = Requested, nil, nil
		}
		r.Occupies = occupies(r.State, d.Decision.Competes || d.was.State == Requested && !d.was.Occupies)
		r.Sequence++
		r.Revision++
		after, before = append(after, r), append(before, *d.was)
	}
	return after, before
}

// decidedAnew tells whether a change is about what an approval was given for; a
// title is not.
func (r Reservation) decidedAnew(was Reservation) bool {
	return r.Interval() != was.Interval() || r.Resource != was.Resource || r.Purpose != was.Purpose ||
		!sameNumber(r.Persons, was.Persons) || !sameNumber(r.OldestAge, was.OldestAge) ||
		!maps.Equal(r.Answers.V, was.Answers.V)
}

func sameNumber(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// splitSeries writes the new plan: into the series itself while none of its
// dates stands before the change, else into a new one that goes on from there
// and takes its dates along. A change of one date leaves the plan alone.
func (w *work) splitSeries(ctx context.Context, c SeriesEdit, rc *recast) error {
	if c.Scope == ScopeThis {
		return w.countSeries(ctx, &rc.series)
	}
	next := rc.series
	next.Resource, next.Unit = rc.sketch.place.Resource.ID, rc.sketch.place.Unit.ID
	if c.Form != nil {
		next.write(rc.sketch.req, rc.sketch.rule, w)
	} else {
		next.setPlan(rc.sketch.req.Plan, rc.sketch.rule)
	}
	next.Tzdata = calendar.ZoneMark(w.Zone, w.now.Year())
	if !rc.begun {
		rc.series = next
		if err := w.countSeries(ctx, &rc.series); err != nil {
			return err
		}
		return w.moveRejected(ctx, rc, rc.series.ID)
	}
	plan := next.Plan()
	if n := len(rc.sketch.dates); n > 0 {
		plan.First = rc.sketch.dates[0].Date
		if rc.sketch.rule.Count() > 0 {
			rc.sketch.rule = rc.sketch.rule.EndingOn(rc.sketch.dates[n-1].Date)
		}
	}
	plan.Include, plan.Exclude = from(plan.Include, rc.from), from(plan.Exclude, rc.from)
	next.setPlan(plan, rc.sketch.rule.Anchored(rc.series.FirstDate))
	old := rc.series.ID
	next.ID, next.UID, next.SplitFrom, next.CreatedAt, next.Revision = 0, newUID(), &old, w.now, 1
	next.ChangedAt = w.now
	if err := w.endPlan(ctx, rc); err != nil {
		return err
	}
	if err := w.insertSeries(ctx, &next); err != nil {
		return err
	}
	if err := w.passOn(ctx, rc, next.ID); err != nil {
		return err
	}
	if err := w.moveRejected(ctx, rc, next.ID); err != nil {
		return err
	}
	rc.series = next
	return nil
}

// endPlan lets the old series end before the change.
func (w *work) endPlan(ctx context.Context, rc *recast) error {
	old := rc.series
	rule := calendar.Rule{}
	if old.Rule != "" {
		var err error
		if rule, err = calendar.ParseRule(old.Rule); err != nil {
			return err
		}
		rule = rule.EndingOn(rc.from.AddDays(-1))
	}
	plan := old.Plan()
	before := func(d calendar.Date) bool { return !d.Before(rc.from) }
	plan.Include = slices.DeleteFunc(slices.Clone(plan.Include), before)
	plan.Exclude = slices.DeleteFunc(slices.Clone(plan.Exclude), before)
	old.setPlan(plan, rule)
	return w.countSeries(ctx, &old)
}

// countSeries writes a series with its next revision.
func (w *work) countSeries(ctx context.Context, s *Series) error {
	s.Revision++
	s.ChangedAt = w.now
	return w.updateSeries(ctx, s)
}

// endRest cancels the dates that the new plan does not have.
func (w *work) endRest(ctx context.Context, ended []Reservation) error {
	if len(ended) == 0 {
		return nil
	}
	after := slices.Clone(ended)
	for i := range after {
		r := &after[i]
		r.State, r.Occupies, r.ReasonCode = Cancelled, false, CancelReasons[0]
	}
	if err := w.updateStates(ctx, after); err != nil {
		return err
	}
	return w.recordAll(ctx, ended, after)
}

// announceRecast tells the holder once, and staff where they have to decide.
func (w *work) announceRecast(ctx context.Context, c SeriesEdit, rc *recast, report SeriesReport, old string) error {
	about := seriesNews{place: rc.sketch.place, series: rc.series, dates: report.Done, change: Change{ReasonText: c.Reason}}
	if len(about.dates) == 0 {
		about.dates = rc.sketch.ended
	}
	for _, l := range rc.left {
		about.rejected = append(about.rejected, Rejected{BeginAt: l.BeginAt, EndAt: l.EndAt, Code: l.Code, State: "open"})
	}
	toStaff := ""
	if slices.ContainsFunc(report.Done, func(r Reservation) bool { return r.State == Requested }) {
		toStaff = seriesReceived
	}
	if err := w.mailSeries(ctx, about, seriesChanged, toStaff); err != nil {
		return err
	}
	w.auditSeries(about, "changed", map[string]any{
		"number": rc.series.Number, "was": old, "scope": c.Scope, "from": c.From, "rule": rc.series.Rule,
		"from_minute": rc.series.FromMinute, "to_minute": rc.series.ToMinute, "title": rc.series.Title,
		"dates": spansOf(report.Done), "ended": spansOf(rc.sketch.ended), "left": len(rc.left), "reason": c.Reason,
	})
	return nil
}
