package booking

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Start is one time on a room's raster, and whether this person can have it.
type Start struct {
	calendar.Interval
	Free   bool
	Code   string       // why not: a violation's code, or booking.overlap
	Params fault.Params // for the sentence of Code

	Approval bool // of a free one: somebody would have to approve it
}

// Outlook is a room over some local dates as one person sees it: hours, what
// occupies it (without whose), gaps, and the starts for one length.
type Outlook struct {
	Place   resources.Place
	Class   policies.Class
	Hours   []policies.Hours
	Busy    []Busy
	Free    []calendar.Interval // gaps in reservable time, also past ones
	Minutes int                 // nominal length that Starts are for
	Starts  []Start
	Quotas  []QuotaState // that bind the one who looks and their associations

	gate *gate
	ask  policies.Question // for the gate
}

// Full is the quota that leaves whoever looks no room for a time, nil = none.
func (o Outlook) Full(asked calendar.Interval) *policies.Violation {
	if o.gate == nil {
		return nil
	}
	o.ask.Asked = asked
	return o.gate.full(o.ask, o.Place)
}

// Window asks for an outlook: inclusive local dates, and a length in nominal
// minutes (0 = the room's shortest).
type Window struct {
	From, To calendar.Date
	Minutes  int
	Holder   Holder
	Moving   int64 // a reservation that is being moved: it is not in its own way, and its holder and form are asked about
}

// maxWindow bounds one outlook, in days.
const maxWindow = 92

// Outlook shows one room that the actor may see.
func (s *Service) Outlook(ctx context.Context, actor accounts.Actor, resource uuid.UUID, window Window) (Outlook, error) {
	if window.To.Before(window.From) {
		return Outlook{}, fault.InvalidField("to", "search.range")
	}
	if window.From.DaysUntil(window.To) >= maxWindow {
		return Outlook{}, fault.InvalidField("to", "search.too_many_days", fault.Params{"max": maxWindow})
	}
	place, err := s.visiblePlace(ctx, actor, resource, s.Now())
	if err != nil {
		return Outlook{}, err
	}
	return s.lookAt(ctx, actor, place, window)
}

// lookAt is Outlook of a place that was read already.
func (s *Service) lookAt(ctx context.Context, actor accounts.Actor, place resources.Place, window Window) (Outlook, error) {
	now := s.Now()
	w := &work{Service: s, tx: s.DB, actor: actor, now: now}
	by, series, err := w.onlooker(ctx, place, window)
	if err != nil {
		return Outlook{}, err
	}
	h := by.holder
	if h.who.Known {
		if err := w.addLimits(ctx, &h, place, Reservation{Kind: policies.Ordinary, Unit: place.Unit.ID}); err != nil {
			return Outlook{}, err
		}
	}
	rows, err := busyNow(ctx, s.DB, place.Needs, s.days(window), now)
	if err != nil {
		return Outlook{}, err
	}
	rows = slices.DeleteFunc(rows, func(b Busy) bool { return window.Moving != 0 && b.Reservation == window.Moving })
	gate, err := w.gateOf(ctx, place, h, window)
	if err != nil {
		return Outlook{}, err
	}
	return s.outlook(sight{place, asked{holder: h, form: by.form}, window, now, series, gate}, rows), nil
}

// gateOf is the gate of one place over a window.
func (w *work) gateOf(ctx context.Context, place resources.Place, h holder, window Window) (*gate, error) {
	if !hasQuotas(place.Book) || !h.who.Known {
		return nil, nil
	}
	holders := []holder{h}
	if window.Moving == 0 && window.Holder == (Holder{}) {
		var err error
		if holders, err = w.holdersWith(ctx, h, place.Unit); err != nil {
			return nil, err
		}
	}
	var moving Reservation
	if window.Moving != 0 {
		if err := w.tx.Query(ctx, &moving, "SELECT * FROM reservations WHERE id = ?", window.Moving); err != nil {
			return nil, err
		}
	}
	return w.gateFor(ctx, []resources.Place{place}, holders, w.days(window), moving)
}

// onlooker is for whom a window is looked at, with what filled in, and whether
// what is being moved is a date of a series.
func (w *work) onlooker(ctx context.Context, place resources.Place, window Window) (by asked, series bool, err error) {
	if window.Moving == 0 {
		by.holder, err = w.holder(ctx, window.Holder, policies.Ordinary, place.Unit)
		return by, false, err
	}
	var r Reservation
	if err := w.tx.Query(ctx, &r, "SELECT * FROM reservations WHERE id = ?", window.Moving); err != nil {
		return by, false, err
	}
	if r.ID == 0 || !w.mayView(w.actor, r) {
		return by, false, notFound()
	}
	by.form = r.Form()
	by.holder, err = w.holderOf(ctx, r, place.Unit)
	return by, r.Series != nil, err
}

func (s *Service) visiblePlace(ctx context.Context, actor accounts.Actor, resource uuid.UUID, now time.Time) (resources.Place, error) {
	place, err := s.Resources.Place(ctx, s.DB, resource)
	if err != nil {
		return place, err
	}
	if !place.Visible(now) && !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: place.Unit.ID}) {
		return place, fault.New(fault.NotFound, "resource.not_found")
	}
	return place, nil
}

// days is a window as instants, with a day more on each side for buffers and
// spans that pass midnight.
func (s *Service) days(window Window) calendar.Interval {
	return calendar.Interval{
		Begin: calendar.DayBounds(window.From.AddDays(-1), s.Zone).Begin,
		End:   calendar.DayBounds(window.To.AddDays(2), s.Zone).End,
	}
}

// sight is who looks at which place when.
type sight struct {
	place resources.Place
	asked
	window Window
	now    time.Time
	series bool // a date of a series is being moved
	gate   *gate
}

func (s *Service) outlook(look sight, rows []Busy) Outlook {
	place, window := look.place, look.window
	o := Outlook{Place: place, Class: look.holder.who.Class, Busy: rows, Minutes: window.Minutes}
	if shortest := policies.Lengths(place.Policy(), calendarDay); o.Minutes == 0 && len(shortest) > 0 {
		o.Minutes = shortest[0]
	}
	o.Hours = place.Hours(window.From.AddDays(-1), window.To.AddDays(1), s.Zone)
	o.Free = calendar.Subtract(policies.ReservableSpans(o.Hours, o.Class), blocked(place, rows, s.Zone))
	o.gate, o.ask = look.gate, o.Place.Question(look.now, s.Zone)
	o.ask.Hours, o.ask.Who, o.ask.Form, o.ask.Series = o.Hours, look.holder.who, look.form, look.series
	o.Starts = s.starts(o, look)
	o.Quotas = o.quotas(look, s.Zone)
	return o
}

const calendarDay = 24 * 60

// quotas are those that bind the onlooker and their associations at the first start that is to come or,
// where there is none, at noon of the first date.
func (o Outlook) quotas(look sight, zone *time.Location) []QuotaState {
	if o.gate == nil {
		return nil
	}
	q := o.ask
	begin := calendar.FirstFrom(look.window.From, calendarDay/2, zone)
	for _, start := range o.Starts {
		if start.Begin.After(look.now) {
			begin = start.Begin
			break
		}
	}
	q.Asked = calendar.Interval{Begin: begin, End: calendar.AddWall(begin, max(o.Minutes, 1), zone).Instant}
	return o.gate.states(q, o.Place)
}

// starts asks the rules and the occupied times about every start of the dates.
func (s *Service) starts(o Outlook, look sight) []Start {
	window := look.window
	q := o.ask
	q.Stage = policies.AtHold
	grid := policies.Grid{Zone: s.Zone, Raster: q.Place.Raster, Minutes: o.Minutes}
	within := calendar.Interval{
		Begin: calendar.DayBounds(window.From, s.Zone).Begin,
		End:   calendar.DayBounds(window.To, s.Zone).End,
	}
	grid.NotBefore = within.Begin
	sieve := policies.NewSieve(q)
	var starts []Start
	for asked := range grid.All(sieve.Spans()) {
		if !within.Holds(asked.Begin) {
			continue
		}
		// what the sieve lets through is allowed; the rest is asked why not, and a
		// move whether it needs an approval and as a date of its series
		q.Asked = asked
		start := Start{Interval: asked, Free: true}
		if window.Moving != 0 || !inside(asked, o.Free) || !sieve.Passes(asked) {
			start = judge(q, o.Free)
		}
		if start.Free {
			if full := o.Full(asked); full != nil {
				start = Start{Interval: asked, Code: full.Code, Params: full.Params}
			}
		}
		starts = append(starts, start)
	}
	return starts
}

// judge decides one start: past and taken times first, since they are what
// people see, then the rules.
func judge(q policies.Question, free []calendar.Interval) Start {
	start := Start{Interval: q.Asked}
	switch {
	case q.Asked.Begin.Before(q.Now) && !q.Place.WholeDay:
		start.Code, start.Params = policies.CodePast, fault.Params{"begin": q.Asked.Begin, "earliest": q.Now}
		return start
	case !inside(q.Asked, free):
		start.Code = "booking.overlap"
		return start
	}
	decision := policies.Decide(q)
	for _, v := range decision.Violations {
		if !v.Overridden {
			start.Code, start.Params = v.Code, v.Params
			return start
		}
	}
	start.Free, start.Approval = decision.Verdict != policies.Refuse, decision.Verdict == policies.Approval
	return start
}

// inside tells whether one of the sorted gaps holds the asked time.
func inside(asked calendar.Interval, free []calendar.Interval) bool {
	for _, gap := range free {
		if gap.Contains(asked) {
			return true
		}
	}
	return false
}

// LongestFrom is how long a free start can last at most, in nominal minutes,
// by the room's limits and the gap it lies in.
func (o Outlook) LongestFrom(begin time.Time, zone *time.Location) int {
	for _, gap := range o.Free {
		if gap.Holds(begin) {
			return calendar.WallMinutes(begin, gap.End, zone)
		}
	}
	return 0
}

// On are the starts of one local date.
func (o Outlook) On(date calendar.Date, zone *time.Location) []Start {
	var starts []Start
	for _, start := range o.Starts {
		if calendar.DateOf(start.Begin, zone) == date {
			starts = append(starts, start)
		}
	}
	return starts
}

// BusyWithin are the occupied times that overlap a time, each once, as
// everybody may see them: buffers and other atoms of the same booking are left
// out, and nothing tells whose they are.
func (o Outlook) BusyWithin(within calendar.Interval) []Busy {
	var found []Busy
	seen := map[int64]bool{}
	for _, b := range o.Busy {
		buffer := b.Side == sideWidened && b.Kind != policies.Closure
		if !buffer && !seen[b.Reservation] && b.Interval().Overlaps(within) {
			seen[b.Reservation] = true
			found = append(found, b)
		}
	}
	return found
}

// Preview is Outlook of a resource as a resident who has not signed in would
// see it if it were published now. It is NotFound for who does not work for its
// unit.
func (s *Service) Preview(ctx context.Context, actor accounts.Actor, resource uuid.UUID, window Window) (Outlook, error) {
	place, err := s.Resources.Place(ctx, s.DB, resource)
	if err == nil && !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: place.Unit.ID}) {
		err = fault.New(fault.NotFound, "resource.not_found")
	}
	if err != nil {
		return Outlook{}, err
	}
	place.Resource.State, place.Resource.PublishFrom, place.Resource.PublishTo = resources.StatePublished, nil, nil
	return s.lookAt(ctx, accounts.Actor{}, place, window)
}
