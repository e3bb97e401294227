package reports

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// WhatIfQuestion asks what a version of a rule book would have done to the
// requests whose turns begin on the local dates From to To. It is compared with
// what is in force now, or with another version.
type WhatIfQuestion struct {
	Book     resources.RuleBook
	Against  *resources.RuleBook // nil = what is in force
	From, To calendar.Date
	Unit     int // 0 = all
	Resource int // 0 = all that follow the book, or one on it
}

// WhatIfs replays requests in the background of one process and keeps the
// answers for a while; a restart loses them. Nothing is written.
type WhatIfs struct {
	Booking *booking.Service

	mu   sync.Mutex
	runs []*WhatIfRun // the oldest first
}

// What a process works on and keeps.
const (
	mostRunning = 2
	mostKept    = 10
	keptFor     = time.Hour
)

// WhatIfRun is one replay, under way or over.
type WhatIfRun struct {
	ID       uuid.UUID
	Question WhatIfQuestion
	Total    int
	At       time.Time // when it was asked

	by            int64
	before, after map[string]policies.Book
	done          atomic.Int64
	cancel        context.CancelFunc
	over          chan struct{} // closed at the end; then these two stand
	result        WhatIf
	err           error
}

// Start begins a replay. Forbidden: who does not look after the book. Invalid:
// report.bad_period, booking.too_many_questions. Conflict: whatif.running, when
// the actor has one under way. TooMany: whatif.busy.
func (w *WhatIfs) Start(ctx context.Context, actor accounts.Actor, q WhatIfQuestion) (*WhatIfRun, error) {
	if !MayAskWhatIf(actor, q.Book) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if q.From.IsZero() || q.To.IsZero() || q.To.Before(q.From) || q.From.DaysUntil(q.To) > maxYears*366 {
		return nil, fault.InvalidField("to", "report.bad_period", fault.Params{"years": maxYears})
	}
	run, questions, err := w.prepare(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	background, cancel := context.WithCancel(context.Background())
	run.cancel = cancel
	if err := w.admit(run); err != nil {
		cancel()
		return nil, err
	}
	go run.work(background, questions, w.Booking.Zone)
	return run, nil
}

// MayAskWhatIf: those who look after the book; a book of the whole city is the
// city's.
func MayAskWhatIf(actor accounts.Actor, book resources.RuleBook) bool {
	if book.Unit == nil {
		return accounts.Can(actor, accounts.ManageCity, accounts.Object{})
	}
	return accounts.Can(actor, accounts.ManageUnit, accounts.Object{Unit: *book.Unit})
}

// prepare finds the requests and both sets of books. A version that holds from
// some day on stands on the shared book of that day.
func (w *WhatIfs) prepare(ctx context.Context, actor accounts.Actor, q WhatIfQuestion) (*WhatIfRun, *booking.Questions, error) {
	run := &WhatIfRun{ID: uuid.New(), Question: q, At: w.Booking.Now(), by: actor.ID(), over: make(chan struct{})}
	places, moment := w.Booking.Resources, run.At
	var against []resources.RuleBook
	if q.Against != nil {
		against = append(against, *q.Against)
	}
	if q.Book.ValidFrom != nil && q.Book.ValidFrom.After(moment) {
		moment = *q.Book.ValidFrom
	}
	var err error
	if run.before, err = places.BooksAt(ctx, w.Booking.DB, run.At, against...); err != nil {
		return nil, nil, err
	}
	if run.after, err = places.BooksAt(ctx, w.Booking.DB, moment, q.Book); err != nil {
		return nil, nil, err
	}
	scope, err := w.scope(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	questions, err := w.Booking.Questions(ctx, actor, scope)
	if err == nil {
		run.Total = questions.Total()
	}
	return run, questions, err
}

// scope is what begins in the period in the places that follow the book, or one
// that stands on it.
func (w *WhatIfs) scope(ctx context.Context, run *WhatIfRun) (booking.RequestScope, error) {
	q, zone := run.Question, w.Booking.Zone
	scope := booking.RequestScope{Begin: calendar.Interval{Begin: calendar.DayBounds(q.From, zone).Begin, End: calendar.DayBounds(q.To, zone).End}}
	places, err := w.Booking.Resources.Places(ctx, w.Booking.DB, resources.Filter{IncludeUnpublished: true})
	for _, place := range places {
		r := place.Resource
		if run.follows(r.RuleBook) && (q.Unit == 0 || r.Unit == q.Unit) && (q.Resource == 0 || r.ID == q.Resource) {
			scope.Resources = append(scope.Resources, r.ID)
		}
	}
	return scope, err
}

// admit keeps the run among the others, unless there are too many.
func (w *WhatIfs) admit(run *WhatIfRun) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	running := 0
	for _, other := range w.runs {
		if other.Over() {
			continue
		}
		if running++; other.by == run.by {
			return fault.New(fault.Conflict, "whatif.running")
		}
	}
	if running >= mostRunning {
		busy := fault.New(fault.TooMany, "whatif.busy")
		busy.RetryAfter = 30 * time.Second
		return busy
	}
	w.runs = slices.DeleteFunc(w.runs, func(r *WhatIfRun) bool { return r.Over() && run.At.Sub(r.At) > keptFor })
	for len(w.runs) >= mostKept {
		oldest := slices.IndexFunc(w.runs, (*WhatIfRun).Over)
		w.runs = slices.Delete(w.runs, oldest, oldest+1)
	}
	w.runs = append(w.runs, run)
	return nil
}

// Find gives a run to whoever started it. NotFound: whatif.gone.
func (w *WhatIfs) Find(actor accounts.Actor, id uuid.UUID) (*WhatIfRun, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.IndexFunc(w.runs, func(r *WhatIfRun) bool { return r.ID == id && actor.SignedIn() && r.by == actor.ID() })
	if at < 0 || !MayAskWhatIf(actor, w.runs[at].Question.Book) {
		return nil, fault.New(fault.NotFound, "whatif.gone")
	}
	return w.runs[at], nil
}

// work goes through the requests until the end, an error or Cancel.
func (r *WhatIfRun) work(ctx context.Context, questions *booking.Questions, zone *time.Location) {
	defer close(r.over)
	defer r.cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			r.err = fmt.Errorf("reports: replaying requests: %v", panicked)
		}
	}()
	r.result = Compare(func(yield func(Turn) bool) {
		for replayed, err := range booking.Replay(questions.All(ctx), r.before, r.after) {
			if r.err = errors.Join(err, ctx.Err()); r.err != nil || !yield(turnOf(replayed, zone)) {
				return
			}
			r.done.Add(1)
		}
	})
	if ctx.Err() != nil {
		r.err = fault.New(fault.Gone, "whatif.cancelled")
	}
}

// Done is how many requests have been gone through.
func (r *WhatIfRun) Done() int { return int(r.done.Load()) }

// Over tells whether it came to an end, also to a bad one.
func (r *WhatIfRun) Over() bool {
	select {
	case <-r.over:
		return true
	default:
		return false
	}
}

// Wait waits for the end, or until ctx is done.
func (r *WhatIfRun) Wait(ctx context.Context) {
	select {
	case <-r.over:
	case <-ctx.Done():
	}
}

// Cancel ends it, and waits until it has ended. What is over stays.
func (r *WhatIfRun) Cancel() {
	r.cancel()
	<-r.over
}

// Result is the answer of a run that is over. Gone: whatif.cancelled.
func (r *WhatIfRun) Result() (WhatIf, error) { return r.result, r.err }

// Both are a changed request's questions as each set of rules was asked.
type Both struct {
	booking.Asked
	Old, New policies.Question
}

// Reopen asks about one of the changed requests again, as the run did. NotFound:
// booking.not_found.
func (w *WhatIfs) Reopen(ctx context.Context, actor accounts.Actor, run *WhatIfRun, number string) (Both, error) {
	at := slices.IndexFunc(run.result.Changes, func(t Turn) bool { return t.Number == number })
	if !run.Over() || at < 0 {
		return Both{}, fault.New(fault.NotFound, "booking.not_found")
	}
	turn := run.result.Changes[at]
	asked, err := w.Booking.QuestionAgain(ctx, actor, turn.Reservation)
	key := asked.Place.Resource.RuleBook
	return Both{asked, turn.OldCounts.On(asked.Question, run.before[key]), turn.NewCounts.On(asked.Question, run.after[key])}, err
}

// RuleOf finds a rule by its id, with its book, in the version that is tried or
// else in those that it is compared with.
func (r *WhatIfRun) RuleOf(id string) (rule policies.Rule, book policies.Rules, found bool) {
	for _, books := range []map[string]policies.Book{r.after, r.before} {
		for _, key := range slices.Sorted(maps.Keys(books)) {
			book = books[key].Rules
			i := slices.IndexFunc(book.Rules, func(rule policies.Rule) bool { return rule.ID == id })
			if i >= 0 && r.follows(key) {
				return book.Rules[i], book, true
			}
		}
	}
	return rule, policies.Rules{}, false
}

// follows tells whether a book is the one that is tried, or stands on it.
func (r *WhatIfRun) follows(key string) bool {
	book, there := r.after[key]
	return there && book.Follows(r.Question.Book.Book())
}
