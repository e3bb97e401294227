package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// SeriesPreview is a series as it would be made now, date by date.
type SeriesPreview struct {
	Place    resources.Place
	Rule     calendar.Rule
	Dates    []SeriesDate         // by date
	Approval bool                 // staff decide about the whole series
	Cents    *int                 // of all dates that would be made; nil = to be agreed
	Whole    []policies.Violation // what says no to every date: who asks, or what was filled in
	Left     []LeftDate           // of an edit: in its scope, but not to be changed any more
	Ended    []Reservation        // of an edit: dates that the new plan does not have
}

// Count is how many dates have one of the verdicts.
func (p SeriesPreview) Count(verdicts ...DateVerdict) int {
	n := 0
	for _, d := range p.Dates {
		if slices.Contains(verdicts, d.Verdict) {
			n++
		}
	}
	return n
}

// Bad is how many dates cannot be made as they are.
func (p SeriesPreview) Bad() int { return p.Count(DateConflict, DateClosed, DateRule, DateNoTime) }

// sketch is a series that is being worked out: its places are read, and locked
// where it is to be made.
type sketch struct {
	req     SeriesRequest
	rule    calendar.Rule
	place   resources.Place
	places  map[uuid.UUID]resources.Place
	holders map[int]holder // by unit: being a local depends on it
	dates   []SeriesDate
	editing *Series       // of an edit: its own dates are not in its way
	giving  []int64       // the actor's holds that give way
	ended   []Reservation // of an edit: dates that give up their time
	reform  bool          // of an edit: the form is new for all dates
	tally   tally         // what quotas count, with the good dates so far
}

// check tidies a plan and refuses what needs no place to be refused.
func (p *Plan) check(zone *time.Location) error {
	if p.Zone != "" && p.Zone != zone.String() {
		return fault.InvalidField("zone", "series.zone", fault.Params{"zone": zone.String()})
	}
	if !p.First.Valid() {
		return fault.InvalidField("first", "series.first")
	}
	if !p.Span.Valid() {
		return fault.InvalidField("end", "series.ends_before_begin")
	}
	p.Zone = zone.String()
	return nil
}

// expand gives the dates of a plan, those that are left out marked, at most two
// years ahead.
func (w *work) expand(p Plan, city string) (calendar.Rule, []calendar.Occurrence, error) {
	var rule calendar.Rule
	var err error
	if p.Rule != "" {
		if rule, err = calendar.ParseRule(p.Rule); err != nil {
			return rule, nil, ofField("rule", err)
		}
	}
	skip, err := calendar.Skipper(city, p.Skip)
	if err != nil {
		return rule, nil, ofField("skip", err)
	}
	dates, err := calendar.Recurrence{
		First: p.First, Span: p.Span, Zone: w.Zone, Rule: rule, Include: p.Include, Exclude: p.Exclude, Skip: skip,
		Last: calendar.DateOf(w.now, w.Zone).AddDays(seriesDays),
	}.Expand()
	return rule, dates, ofField("rule", err)
}

// ofField says which field of the form an error is about.
func ofField(name string, err error) error {
	e := fault.As(err)
	if err == nil || e.Kind != fault.Invalid || len(e.Fields) > 0 {
		return err
	}
	return fault.InvalidField(name, e.Code, e.Params)
}

// lay makes the dates of a sketch out of its plan and its fixes.
func (w *work) lay(sk *sketch) error {
	rule, occurrences, err := w.expand(sk.req.Plan, sk.place.Unit.City)
	if err != nil {
		return err
	}
	sk.rule = rule
	for _, o := range occurrences {
		d := SeriesDate{Date: o.Date, Resource: sk.place.Resource, place: sk.place}
		d.stand(o.Begin, o.End)
		if o.Skipped != "" {
			d.Verdict, d.LeftOut = DateLeftOut, o.Skipped
		}
		sk.dates = append(sk.dates, d)
	}
	return nil
}

// stand puts a date on its wall times, which some night may not have.
func (d *SeriesDate) stand(begin, end calendar.Resolved) {
	d.Times, d.Doubled = Times{begin.Instant, end.Instant}, begin.Ambiguous || end.Ambiguous
	if !begin.Exists || !end.Exists || !d.Begin.Before(d.End) {
		d.Verdict = DateNoTime
	}
}

// applyFixes puts what was chosen on its dates.
func (w *work) applyFixes(sk *sketch) error {
	for _, fix := range sk.req.Fixes {
		i := slices.IndexFunc(sk.dates, func(d SeriesDate) bool { return d.Date == fix.Date })
		if i < 0 || sk.dates[i].Fix != nil {
			return fault.InvalidField("fixes", "series.fix_date", fault.Params{"date": fix.Date})
		}
		d := &sk.dates[i]
		d.Fix = &fix
		switch fix.Do {
		case FixSkip:
			d.Verdict, d.LeftOut = DateLeftOut, "fix"
		case FixKeep:
		case FixWait:
			if sk.req.Kind != policies.Ordinary || sk.editing != nil {
				return fault.InvalidField("fixes", "series.wait_kind", fault.Params{"date": fix.Date})
			}
		case FixInstead:
			fix.Times = fix.truncated()
			if err := fix.check(w.now); err != nil {
				return err
			}
			d.Times, d.Verdict, d.Doubled = fix.Times, "", false
			if fix.Resource != uuid.Nil {
				d.place = sk.places[fix.Resource]
				d.Resource = d.place.Resource
			}
		default:
			return fault.InvalidField("fixes", "series.fix_kind", fault.Params{"date": fix.Date})
		}
	}
	return nil
}

// judge decides about every date: the rules, what is taken, and the dates of
// the series among each other. Nothing is written but expired holds, and those
// only where the time is locked.
func (w *work) judge(ctx context.Context, sk *sketch) (SeriesPreview, error) {
	if err := w.countLimits(ctx, sk); err != nil {
		return SeriesPreview{}, err
	}
	if err := w.tallySeries(ctx, sk); err != nil {
		return SeriesPreview{}, err
	}
	taken, err := w.takenAround(ctx, sk)
	if err != nil {
		return SeriesPreview{}, err
	}
	for i := range sk.dates {
		d := &sk.dates[i]
		if d.Verdict != "" {
			continue
		}
		w.decideDate(sk, d)
		if err := w.meet(ctx, d, taken, i); err != nil {
			return SeriesPreview{}, err
		}
		d.settle(sk.req.CheckHours)
		if d.Verdict == DateFree {
			taken.add(*d, i, w.Zone)
			sk.tally = append(sk.tally, d.turn())
		} else if d.Fix != nil && d.Fix.Do == FixWait && d.Verdict == DateConflict {
			d.Verdict = DateWaits
		}
	}
	if err := w.yieldDates(ctx, sk); err != nil {
		return SeriesPreview{}, err
	}
	return sk.preview(), nil
}

// countLimits counts once for the whole series what limits count: a series is
// one of the bookings that a person may have, and nobody is in two places.
func (w *work) countLimits(ctx context.Context, sk *sketch) error {
	if len(sk.dates) == 0 {
		return nil
	}
	all := sk.span()
	span := Reservation{Kind: sk.req.Kind, BeginAt: all.Begin, EndAt: all.End}
	for _, place := range sk.places {
		h := sk.holders[place.Unit.ID]
		span.Unit = place.Unit.ID
		if err := w.addLimits(ctx, &h, place, span); err != nil {
			return err
		}
		if sk.editing != nil {
			h.who.Active, h.who.Elsewhere = 0, nil
		}
		sk.holders[place.Unit.ID] = h
	}
	return nil
}

// span is from the begin of the first date to the end of the last.
func (sk *sketch) span() calendar.Interval {
	all := calendar.Interval{Begin: sk.dates[0].Begin, End: sk.dates[0].End}
	for _, d := range sk.dates {
		all.Begin, all.End = earlier(all.Begin, d.Begin), later(all.End, d.End)
	}
	return all
}

// tallySeries reads once for the whole series what quotas count: its dates
// count for each other as they are found good, in their order.
func (w *work) tallySeries(ctx context.Context, sk *sketch) error {
	if len(sk.dates) == 0 {
		return nil
	}
	var by []claimant
	var places []resources.Place
	for _, place := range sk.places {
		places = append(places, place)
		if h := sk.holders[place.Unit.ID]; h.counts() {
			by = append(by, claimant{h, w.countedPerson(h, sk.draft())})
		}
	}
	var changing []int64
	for _, r := range sk.ended {
		changing = append(changing, r.ID)
	}
	for _, d := range sk.dates {
		if d.was != nil && d.Verdict != DateKept {
			changing = append(changing, d.was.ID)
		}
	}
	var err error
	sk.tally, err = w.tallyFor(ctx, places, by, sk.span(), changing...)
	return err
}

// draft says who made the series that is edited; zero of a new one.
func (sk *sketch) draft() Reservation {
	if sk.editing == nil {
		return Reservation{}
	}
	return sk.editing.object()
}

// turn is a good date as quotas count it.
func (d *SeriesDate) turn() turn {
	return turn{
		Resource: d.place.Resource.ID, HolderPerson: d.draft.HolderPerson, HolderAssociation: d.draft.HolderAssociation, MadeBy: d.draft.MadeBy,
		BeginAt: d.Begin, EndAt: d.End, Slug: d.place.Resource.Slug, Unit: d.place.Unit.Slug, Groups: d.place.Resource.Groups,
		RuleBook: d.place.Resource.RuleBook,
	}
}

// decideDate asks the rules.
func (w *work) decideDate(sk *sketch, d *SeriesDate) {
	h := sk.holders[d.place.Unit.ID]
	if d.was != nil {
		d.draft = *d.was
		d.draft.standIn(d.place)
		w.setTime(&d.draft, d.place, d.Times)
		if sk.reform {
			d.draft.fill(sk.req.Form, d.was.ReasonText)
		}
	} else {
		d.draft = w.drafted(d.place, h, Request{Times: d.Times, Kind: sk.req.Kind, Form: sk.req.Form, Reason: sk.req.Reason})
	}
	d.draft.SeriesDate = d.Date
	q := w.question(d.place, d.draft, h)
	q.Kind, q.Series = sk.req.Kind, true
	if d.was == nil || sk.reform {
		q.Form = sk.req.Form
	}
	q.Form.TermsAccepted = q.Form.TermsAccepted || d.was != nil
	if !h.who.Known && sk.req.Kind == policies.Ordinary {
		q.Stage = policies.AtHold
	}
	if h.counts() {
		sk.tally.fill(&q, d.place, claimant{h, w.countedPerson(h, d.draft)}, w.now)
	}
	d.Decision = policies.Decide(q)
	d.draft.setDecision(d.Decision)
}

// settle comes to the verdict of a date. What was filled in says nothing about
// a date; it is told of the whole series.
func (d *SeriesDate) settle(checkHours bool) {
	d.Verdict = DateFree
	if len(d.Conflicts) > 0 {
		d.Verdict = DateConflict
		return
	}
	for _, v := range d.Decision.Violations {
		closed := slices.Contains(closedCodes, v.Code)
		switch {
		case v.Field() != "" || v.Overridden && !(closed && checkHours):
		case closed:
			d.Verdict = DateClosed
			return
		default:
			d.Verdict = DateRule
		}
	}
}

// closedCodes are the violations of hours.
var closedCodes = []string{policies.CodeClosed, policies.CodeCoreUse, policies.CodeNotReservable, policies.CodeNotOneSpan}

// preview is what the sketch has come to.
func (sk *sketch) preview() SeriesPreview {
	p := SeriesPreview{Place: sk.place, Rule: sk.rule, Dates: sk.dates}
	sum, known := 0, true
	for _, d := range sk.dates {
		for _, v := range d.Decision.Violations {
			told := slices.ContainsFunc(p.Whole, func(w policies.Violation) bool { return w.Code == v.Code && w.Field() == v.Field() })
			if !v.Overridden && !told && (v.Field() != "" || v.Anytime()) {
				p.Whole = append(p.Whole, v)
			}
		}
		if d.Verdict != DateFree {
			continue
		}
		p.Approval = p.Approval || d.Decision.Verdict == policies.Approval
		known = known && d.draft.PriceCents != nil
		if d.draft.PriceCents != nil {
			sum += *d.draft.PriceCents
		}
	}
	if known {
		p.Cents = &sum
	}
	return p
}
