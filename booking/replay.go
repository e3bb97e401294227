package booking

import (
	"iter"
	"slices"
	"time"

	"vuoro/calendar"
	"vuoro/policies"
)

// Replayed is one question as two sets of rule books answer it.
type Replayed struct {
	Asked
	Old, New Judged
}

// Judged is an answer with what was counted for it.
type Judged struct {
	Decision policies.Decision
	Counts   Counts
}

// Counts is what limits and quotas count of the person who asks, see
// policies.Who.
type Counts struct {
	Active    int
	Elsewhere []calendar.Interval
	Used      []policies.Used
}

// On is a question with what was counted for it and the book that answers.
func (c Counts) On(q policies.Question, book policies.Book) policies.Question {
	q.Book = book
	q.Who.Active, q.Who.Elsewhere, q.Who.Used = c.Active, c.Elsewhere, c.Used
	return q
}

// Replay answers questions, in the order in which they were asked, by two sets
// of rule books, by key. It reads and writes nothing. Limits and quotas count
// what the same books granted earlier in the replay, not what really happened,
// until it was really given up or denied; what was asked before the first
// question is not known. A request that needs an approval counts as granted.
// Conflicts are not asked: what both want is granted to both.
func Replay(questions iter.Seq2[Asked, error], before, after map[string]policies.Book) iter.Seq2[Replayed, error] {
	return func(yield func(Replayed, error) bool) {
		sides := [2]*side{newSide(before), newSide(after)}
		for asked, err := range questions {
			if err != nil {
				yield(Replayed{}, err)
				return
			}
			if !yield(Replayed{Asked: asked, Old: sides[0].judge(asked), New: sides[1].judge(asked)}, nil) {
				return
			}
		}
	}
}

// side is one set of books with what it has granted so far.
type side struct {
	books    map[string]policies.Book
	quotas   map[string]bool // books that have some
	limits   map[string]bool // books that bound active reservations
	anyQuota bool
	byPerson map[int64][]grant
	byHolder map[holderKey][]grant
}

type holderKey struct{ person, association int64 }

// grant is what counts of a reservation that a side granted.
type grant struct {
	id, series     int64
	resource, unit int
	slug, unitSlug string
	groups         []string
	book           string
	held           bool // by the person, not for an association
	ordinary       bool
	during         calendar.Interval
	until          time.Time // from when it does not count any more; zero = it was kept
}

func newSide(books map[string]policies.Book) *side {
	s := &side{
		books: books, quotas: map[string]bool{}, limits: map[string]bool{},
		byPerson: map[int64][]grant{}, byHolder: map[holderKey][]grant{},
	}
	for key, book := range books {
		s.limits[key] = bookLimits(book)
		s.quotas[key] = hasQuotas(book)
		s.anyQuota = s.anyQuota || s.quotas[key]
	}
	return s
}

func (s *side) judge(asked Asked) Judged {
	book := s.books[asked.Place.Resource.RuleBook]
	counts := s.counts(asked, book)
	judged := Judged{Counts: counts, Decision: policies.Decide(counts.On(asked.Question, book))}
	if !judged.Decision.Refused() {
		s.grant(asked)
	}
	return judged
}

func (s *side) counts(asked Asked, book policies.Book) Counts {
	r, person := asked.Reservation, personOf(asked.Reservation)
	s.forget(r, person)
	var c Counts
	if person != 0 && r.Kind == policies.Ordinary {
		if asked.Place.Resource.ActiveLimit != nil || s.limits[book.Key] {
			c.Active = active(s.byPerson[person], r)
		}
		if asked.Place.Unit.OnePlaceAtOnce {
			c.Elsewhere = elsewhere(s.byPerson[person], r)
		}
	}
	if !s.quotas[book.Key] {
		return c
	}
	for _, bound := range policies.Quotas(c.On(asked.Question, book)) {
		of := s.byHolder[holderOf(r)]
		if bound.Per == policies.PerPerson {
			of = s.byPerson[person]
		}
		c.Used = append(c.Used, used(of, bound, r, asked.Place.Resource.RuleBook))
	}
	return c
}

// forget drops what was given up before a request was made: later ones do not
// count it either.
func (s *side) forget(r Reservation, person int64) {
	gone := func(g grant) bool { return !g.until.IsZero() && !g.until.After(r.MadeAt) }
	if grants := s.byPerson[person]; len(grants) > 0 {
		s.byPerson[person] = slices.DeleteFunc(grants, gone)
	}
	if key := holderOf(r); len(s.byHolder[key]) > 0 {
		s.byHolder[key] = slices.DeleteFunc(s.byHolder[key], gone)
	}
}

// personOf is whose limits a reservation counts against, 0 = nobody's.
func personOf(r Reservation) int64 {
	switch {
	case r.HolderPerson != nil:
		return *r.HolderPerson
	case r.MadeBy != nil:
		return *r.MadeBy
	}
	return 0
}

func holderOf(r Reservation) (key holderKey) {
	if r.HolderPerson != nil {
		key.person = *r.HolderPerson
	}
	if r.HolderAssociation != nil {
		key.association = *r.HolderAssociation
	}
	return key
}

// active counts what is not over, a series once; the other dates of the series
// that is asked about are part of what is asked.
func active(grants []grant, r Reservation) int {
	seen := map[int64]bool{}
	for i := range grants {
		g := &grants[i]
		if g.ordinary && g.resource == r.Resource && g.during.End.After(r.MadeAt) && (g.series == 0 || r.Series == nil || g.series != *r.Series) {
			seen[g.key()] = true
		}
	}
	return len(seen)
}

func elsewhere(grants []grant, r Reservation) []calendar.Interval {
	var list []calendar.Interval
	for i := range grants {
		g := &grants[i]
		if g.ordinary && g.held && g.unit == r.Unit && g.during.Overlaps(r.Interval()) {
			list = append(list, g.during)
		}
	}
	return list
}

func used(grants []grant, bound policies.Bound, r Reservation, book string) policies.Used {
	sum := policies.Used{Key: bound.Key}
	for i := range grants {
		g := &grants[i]
		within := bound.Window.Holds(g.during.Begin) || bound.In == policies.InOpen && g.during.End.After(r.MadeAt)
		over := bound.Alone && g.resource == r.Resource || !bound.Alone && bound.Over.Holds(g.slug, g.unitSlug, g.groups, g.book == book)
		if within && over {
			sum.Times++
			sum.Minutes += int((g.during.Duration() + time.Minute - 1) / time.Minute)
		}
	}
	return sum
}

func (g *grant) key() int64 {
	if g.series != 0 {
		return -g.series
	}
	return g.id
}

// grant keeps what was granted, where something is ever counted of it.
func (s *side) grant(asked Asked) {
	r, place := asked.Reservation, asked.Place
	g := grant{
		id: r.ID, resource: r.Resource, unit: r.Unit, slug: place.Resource.Slug, unitSlug: place.Unit.Slug, groups: place.Resource.Groups,
		book: place.Resource.RuleBook, held: r.HolderPerson != nil, ordinary: r.Kind == policies.Ordinary, during: r.Interval(),
	}
	if r.Series != nil {
		g.series = *r.Series
	}
	if r.State == Cancelled || r.State == Denied || r.State == Expired {
		g.until = r.ChangedAt
	}
	if person := personOf(r); person != 0 && s.countsPeople(asked) {
		s.byPerson[person] = append(s.byPerson[person], g)
	}
	if key := holderOf(r); key != (holderKey{}) && s.anyQuota {
		s.byHolder[key] = append(s.byHolder[key], g)
	}
}

func (s *side) countsPeople(asked Asked) bool {
	return asked.Place.Resource.ActiveLimit != nil || asked.Place.Unit.OnePlaceAtOnce || s.limits[asked.Place.Resource.RuleBook] || s.anyQuota
}
