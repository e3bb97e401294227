package booking

import (
	"cmp"
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/resources"
)

// The traits of the time that a search asks for, beside those of its Filter.
const (
	ByTime   resources.Trait = "time"    // all of it
	ByNow    resources.Trait = "now"     // FreeNow
	ByHours  resources.Trait = "hours"   // From and To
	ByLength resources.Trait = "minutes" // Minutes
)

// Found is the answer to a search with what leads on from it.
type Found struct {
	Rooms  []FreeRoom
	Facets Facets
	Relax  []Relaxed // only where no room was found: the condition that removes most first
	Days   []DayFree // only where none was found and a time was asked: the nearest dates with room

	query      Query
	candidates []resources.Candidate
	all        []FreeRoom // of all candidates
}

// Facets tell for each trait and value how many rooms there would be with it
// chosen, all other conditions kept. A flag has the value "1", an area is a
// city or a postcode. Where a unit is asked for nothing is said of others.
type Facets map[resources.Trait]map[string]int

// Relaxed is one condition of a search and how many rooms there are without it.
type Relaxed struct {
	Without resources.Trait
	Rooms   int
}

// DayFree is a local date and how many of the rooms are free on it.
type DayFree struct {
	Date  calendar.Date
	Rooms int
}

// Find is Search with facets and, where nothing is found, ways on. An empty
// answer takes some more queries, still a constant number.
func (s *Service) Find(ctx context.Context, actor accounts.Actor, query Query) (Found, error) {
	found, err := s.find(ctx, actor, query, s.Resources.Candidates)
	if err != nil {
		return found, err
	}
	found.count(s)
	if len(found.Rooms) > 0 {
		return found, nil
	}
	if err := s.relax(ctx, actor, &found); err != nil {
		return found, err
	}
	return found, s.nearestDays(ctx, actor, &found)
}

// count fills the facets from the candidates: who answers counts for all values
// it has, who misses one trait only for the values of that one.
func (f *Found) count(s *Service) {
	f.Facets = Facets{}
	for i, c := range f.candidates {
		if !f.query.Any && len(f.all[i].FreeStarts) == 0 {
			continue
		}
		for trait, values := range f.valuesOf(c, s) {
			if c.Answers() || c.Misses[0] == trait && !adds[trait] {
				f.Facets.add(trait, values)
			}
		}
	}
}

// adds are traits of which one more is chosen beside those that are.
var adds = map[resources.Trait]bool{resources.ByEquipment: true}

func (f Facets) add(trait resources.Trait, values []string) {
	if f[trait] == nil {
		f[trait] = map[string]int{}
	}
	for _, value := range values {
		if value != "" {
			f[trait][value]++
		}
	}
}

// valuesOf are the values of a place by trait.
func (f *Found) valuesOf(c resources.Candidate, s *Service) map[resources.Trait][]string {
	r := c.Resource
	return map[resources.Trait][]string{
		resources.ByUnit:       {c.Unit.Slug},
		resources.ByType:       {r.Type},
		resources.ByPurpose:    r.Purposes,
		resources.ByEquipment:  r.Equipment,
		resources.ByAccess:     {r.Access},
		resources.ByArea:       {c.Unit.City, c.Unit.Postcode},
		resources.ByStepFree:   flag(r.StepFree != nil && *r.StepFree),
		resources.ByFree:       flag(c.Free(f.query.At, s.Zone)),
		resources.ByNoApproval: flag(c.NoApproval(f.query.At, s.Zone)),
	}
}

func flag(on bool) []string {
	if on {
		return []string{"1"}
	}
	return nil
}

// relax counts for each condition the rooms that there are without it.
func (s *Service) relax(ctx context.Context, actor accounts.Actor, f *Found) error {
	without := map[resources.Trait]int{}
	for i, c := range f.candidates {
		timely := f.query.Any || len(f.all[i].FreeStarts) > 0
		switch {
		case !c.Answers() && timely:
			without[c.Misses[0]]++
		case c.Answers():
			without[ByTime]++
		}
	}
	for trait, looser := range f.query.looser() {
		rooms, err := s.Search(ctx, actor, looser)
		if err != nil {
			return err
		}
		without[trait] = len(rooms)
	}
	for trait, n := range without {
		if n > 0 {
			f.Relax = append(f.Relax, Relaxed{trait, n})
		}
	}
	slices.SortFunc(f.Relax, func(a, b Relaxed) int {
		return cmp.Or(cmp.Compare(b.Rooms, a.Rooms), cmp.Compare(a.Without, b.Without))
	})
	return nil
}

// looser are the query without its unit or its text, by which candidates are
// chosen, and without parts of its time.
func (q Query) looser() map[resources.Trait]Query {
	queries := map[resources.Trait]Query{}
	drop := func(trait resources.Trait, on bool, change func(*Query)) {
		if on {
			less := q
			change(&less)
			queries[trait] = less
		}
	}
	drop(resources.ByUnit, q.Unit != "", func(l *Query) { l.Unit = "" })
	drop(resources.ByText, q.Text != "", func(l *Query) { l.Text = "" })
	drop(ByNow, q.FreeNow, func(l *Query) { l.FreeNow = false })
	drop(ByHours, q.From != 0 || q.To != 0, func(l *Query) { l.From, l.To = 0, 0 })
	drop(ByLength, q.Minutes != 0, func(l *Query) { l.Minutes = 0 })
	return queries
}

// How far the nearest days with room are looked for one by one, and how many are
// offered; beyond, the first one alone.
const (
	nearDays    = 14
	nearOffered = 3
)

// nearestDays lists the first days with room after the asked ones. What is asked
// "now" is asked for the rest of those days.
func (s *Service) nearestDays(ctx context.Context, actor accounts.Actor, f *Found) error {
	var places []resources.Place
	for _, c := range f.candidates {
		if c.Answers() {
			places = append(places, c.Place)
		}
	}
	if f.query.Any || len(places) == 0 {
		return nil
	}
	sc := s.scan(actor)
	from := f.query.Until.AddDays(1)
	if today := calendar.DateOf(sc.now, s.Zone); from.Before(today) {
		from = today
	}
	free, err := sc.freeDays(ctx, places, from, f.query)
	if err != nil {
		return err
	}
	if len(free) == 0 {
		if free, err = sc.firstDay(ctx, places, from.AddDays(nearDays), f.query); err != nil {
			return err
		}
	}
	for date, n := range free {
		f.Days = append(f.Days, DayFree{date, n})
	}
	slices.SortFunc(f.Days, func(a, b DayFree) int { return a.Date.Compare(b.Date) })
	f.Days = f.Days[:min(nearOffered, len(f.Days))]
	return nil
}

// freeDays counts the free rooms of each of the near days.
func (sc *scan) freeDays(ctx context.Context, places []resources.Place, from calendar.Date, q Query) (map[calendar.Date]int, error) {
	views, err := sc.views(ctx, places, Window{From: from, To: from.AddDays(nearDays - 1), Minutes: q.Minutes})
	if err != nil {
		return nil, err
	}
	free := map[calendar.Date]int{}
	for _, v := range views {
		var last calendar.Date
		for start := range v.starts() {
			if date := calendar.DateOf(start.Begin, sc.Zone); date != last && q.holds(start, sc.Zone) {
				last = date
				free[date]++
			}
		}
	}
	return free, nil
}

// firstDay is the first day later on which any room is free.
func (sc *scan) firstDay(ctx context.Context, places []resources.Place, from calendar.Date, q Query) (map[calendar.Date]int, error) {
	asked := FirstQuery{From: from, TimeFrom: q.From, TimeTo: q.To}
	if q.Minutes > 0 {
		minutes := max(q.Minutes, shortestAsked)
		asked.Minutes = &minutes
	}
	firsts, err := sc.firsts(ctx, places, asked)
	days := map[calendar.Date]int{}
	for _, first := range firsts {
		if !first.Begin.IsZero() {
			days[calendar.DateOf(first.Begin, sc.Zone)]++
		}
	}
	return days, err
}
