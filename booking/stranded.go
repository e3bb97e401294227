package booking

import (
	"context"
	"maps"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
)

// Strand is a coming reservation that a version of a rule book would refuse or
// price differently. It stays as it was made.
type Strand struct {
	Reservation Reservation
	Place       resources.Place
	Holder      string
	Refused     bool
	Codes       []string // of what refuses
	Before      *int     // cents by the rules in force; nil = not known
	After       *int
}

// strandedFor bounds how far ahead reservations are looked at.
const strandedFor = 3 * 366 * 24 * time.Hour

// Stranded are the requested and confirmed reservations that begin once a
// version of a rule book is valid, and that it would refuse though the rules in
// force do not, or price differently. What quotas and limits count is left out.
// The draft's ValidFrom nil stands for now. For managers, in their own units.
func (s *Service) Stranded(ctx context.Context, actor accounts.Actor, draft resources.RuleBook) ([]Strand, error) {
	from := s.Now()
	if draft.ValidFrom != nil && draft.ValidFrom.After(from) {
		from = *draft.ValidFrom
	}
	byKey, err := s.booksWith(ctx, draft, from)
	if err != nil {
		return nil, err
	}
	scope := RequestScope{Begin: calendar.Interval{Begin: from, End: from.Add(strandedFor)}, States: []State{Requested, Confirmed, AwaitingPayment}}
	if scope.Resources, err = s.Resources.ResourcesUnder(ctx, s.DB, slices.Sorted(maps.Keys(byKey))); err != nil {
		return nil, err
	}
	if len(scope.Resources) == 0 {
		return nil, nil
	}
	questions, err := s.Questions(ctx, actor, scope)
	if err != nil {
		return nil, err
	}
	var list []Strand
	for asked, err := range questions.All(ctx) {
		if err != nil {
			return nil, err
		}
		if strand, is := strandOf(asked, byKey[asked.Place.Resource.RuleBook]); is {
			list = append(list, strand)
		}
	}
	slices.SortStableFunc(list, func(a, b Strand) int { return a.Reservation.Interval().Begin.Compare(b.Reservation.Interval().Begin) })
	return list, nil
}

// booksWith are the books, by key, that a draft changes: its own, and those in
// force that stand on it.
func (s *Service) booksWith(ctx context.Context, draft resources.RuleBook, from time.Time) (map[string]policies.Book, error) {
	books, err := s.Resources.BooksAt(ctx, s.DB, from, draft)
	maps.DeleteFunc(books, func(_ string, book policies.Book) bool { return !book.Follows(draft.Book()) })
	return books, err
}

func strandOf(asked Asked, book policies.Book) (Strand, bool) {
	before := policies.Decide(asked.Question)
	asked.Question.Book = book
	after := policies.Decide(asked.Question)
	strand := Strand{
		Reservation: asked.Reservation, Place: asked.Place, Holder: asked.Holder,
		Before: before.Price.Cents, After: after.Price.Cents, Refused: after.Refused() && !before.Refused(),
	}
	for _, v := range after.Violations {
		if !v.Overridden {
			strand.Codes = append(strand.Codes, v.Code)
		}
	}
	return strand, strand.Refused || !sameNumber(strand.Before, strand.After)
}
