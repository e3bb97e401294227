package reports

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// Turn is one request as two sets of rules answer it.
type Turn struct {
	Reservation int64
	Number      string
	Resource    int
	Group       Group
	Holder      string // who it is, the same for the same holder; "" = nobody is known
	Name        string // of the holder
	Begin       time.Time
	Minutes     int // elapsed
	Time        TimeOfWeek
	Old, New    Outcome
	OldCounts   booking.Counts // for those who want both answers explained
	NewCounts   booking.Counts
}

// End is when the turn ends.
func (t *Turn) End() time.Time { return t.Begin.Add(time.Duration(t.Minutes) * time.Minute) }

// Outcome is what a decision comes to. Cents nil = not known; By is the id of
// the rule that gave the verdict, or "check:" and the name of the check.
type Outcome struct {
	Verdict policies.Verdict
	Cents   *int
	By      string
}

// Group is a class of holders in the eyes of a board.
type Group string

// The groups beside the classes of policies; those of other municipalities are
// in none of the classes.
const (
	GroupUnder18   Group = "association_under_18"
	GroupElsewhere Group = "elsewhere"
	GroupUnknown   Group = "unknown"
	GroupSmall     Group = "small" // several groups of few holders
)

// GroupOf is the group of a holder.
func GroupOf(who policies.Who) Group {
	switch {
	case who.Class == "":
		return GroupUnknown
	case who.Local != nil && !*who.Local:
		return GroupElsewhere
	case who.Class == policies.Association && who.Under18:
		return GroupUnder18
	}
	return Group(who.Class)
}

// TimeOfWeek is weekday and part of the day: morning until noon, day until 16,
// evening afterwards, by the begin.
type TimeOfWeek struct {
	Weekday calendar.Weekday
	Part    string
}

// The parts of a day.
const (
	Morning = "morning"
	Midday  = "day"
	Evening = "evening"
)

// TimeOf is when in the week something begins.
func TimeOf(t time.Time, zone *time.Location) TimeOfWeek {
	part := Evening
	switch hour := t.In(zone).Hour(); {
	case hour < 12:
		part = Morning
	case hour < 16:
		part = Midday
	}
	return TimeOfWeek{calendar.DateOf(t, zone).Weekday(), part}
}

// Amount is how many requests and how many elapsed minutes they asked for.
type Amount struct{ Requests, Minutes int }

func (a *Amount) add(t *Turn) { a.Requests, a.Minutes = a.Requests+1, a.Minutes+t.Minutes }

// Balance is what a change of rules comes to for some requests. Every request
// is in one of Gained (refused before), Lost (refused now), Eased (needs no
// approval any more), Tightened (needs one now) and Same.
type Balance struct {
	Asked                                Amount
	Gained, Lost, Eased, Tightened, Same Amount
	Dearer, Cheaper                      Amount // granted before and now, at another price
	Changed                              Amount // another verdict or another price
	OldCents, NewCents                   int    // of what is granted, where the price is known
	Holders                              int    // that are known
}

// Cut is the balance of one of the parts that all requests are cut into.
type Cut[K comparable] struct {
	Key K
	Balance
}

// Ruling is which rule or check decided before and which does now.
type Ruling struct{ Old, New string }

// Affected is what changes for one holder.
type Affected struct {
	Holder, Name string
	Group        Group
	Balance
}

// WhatIf is what a change of rules would have done to the requests of a period.
// The requests of each cut add up to Total; Rulings are of changed ones only.
type WhatIf struct {
	Total     Balance
	Groups    []Cut[Group]
	Resources []Cut[int]
	Times     []Cut[TimeOfWeek]
	Rulings   []Cut[Ruling]
	Affected  []Affected // holders for whom something changes, those with most hours first
	Changes   []Turn     // changed requests in the order in which they were made
	More      int        // changed requests that are not among them
}

// maxChanges bounds the requests that are listed one by one.
const maxChanges = 10_000

// Compare adds up turns; the order of turns decides nothing but that of
// Changes.
func Compare(turns iter.Seq[Turn]) WhatIf {
	sum := newSum()
	for turn := range turns {
		sum.add(&turn)
	}
	return sum.result()
}

type sum struct {
	out       WhatIf
	groups    map[Group]*Balance
	resources map[int]*Balance
	times     map[TimeOfWeek]*Balance
	rulings   map[Ruling]*Balance
	holders   map[string]*Affected
}

func newSum() *sum {
	return &sum{
		groups: map[Group]*Balance{}, resources: map[int]*Balance{}, times: map[TimeOfWeek]*Balance{},
		rulings: map[Ruling]*Balance{}, holders: map[string]*Affected{},
	}
}

func (s *sum) add(t *Turn) {
	s.out.Total.add(t)
	of(s.groups, t.Group).add(t)
	of(s.resources, t.Resource).add(t)
	of(s.times, t.Time).add(t)
	if t.Holder != "" {
		holder, known := s.holders[t.Holder]
		if !known {
			holder = &Affected{Holder: t.Holder, Name: t.Name, Group: t.Group}
			s.holders[t.Holder] = holder
			s.out.Total.Holders++
			of(s.groups, t.Group).Holders++
		}
		holder.add(t)
	}
	if !t.Changed() {
		return
	}
	of(s.rulings, Ruling{t.Old.By, t.New.By}).add(t)
	if len(s.out.Changes) < maxChanges {
		s.out.Changes = append(s.out.Changes, *t)
	} else {
		s.out.More++
	}
}

func of[K comparable](parts map[K]*Balance, key K) *Balance {
	part, known := parts[key]
	if !known {
		part = &Balance{}
		parts[key] = part
	}
	return part
}

func (b *Balance) add(t *Turn) {
	b.Asked.add(t)
	switch old, now := severity(t.Old.Verdict), severity(t.New.Verdict); {
	case old == now:
		b.Same.add(t)
	case now == 2:
		b.Lost.add(t)
	case old == 2:
		b.Gained.add(t)
	case now > old:
		b.Tightened.add(t)
	default:
		b.Eased.add(t)
	}
	old, now := t.Old.income(), t.New.income()
	b.OldCents, b.NewCents = b.OldCents+old, b.NewCents+now
	if t.granted() && now > old {
		b.Dearer.add(t)
	}
	if t.granted() && now < old {
		b.Cheaper.add(t)
	}
	if t.Changed() {
		b.Changed.add(t)
	}
}

// severity orders verdicts from mild to strict.
func severity(v policies.Verdict) int {
	return slices.Index([]policies.Verdict{policies.Allow, policies.Approval, policies.Refuse}, v)
}

func (o Outcome) income() int {
	if o.Verdict == policies.Refuse || o.Cents == nil {
		return 0
	}
	return *o.Cents
}

// granted tells whether both answers let it be, at a price that is known.
func (t *Turn) granted() bool {
	return t.Old.Verdict != policies.Refuse && t.New.Verdict != policies.Refuse && t.Old.Cents != nil && t.New.Cents != nil
}

// Changed tells whether verdict or price differ. What both refuse has no price.
func (t *Turn) Changed() bool {
	if t.Old.Verdict != t.New.Verdict {
		return true
	}
	known := func(o Outcome) int {
		if o.Cents == nil {
			return -1
		}
		return *o.Cents
	}
	return t.New.Verdict != policies.Refuse && known(t.Old) != known(t.New)
}

func (s *sum) result() WhatIf {
	s.out.Groups = cuts(s.groups, func(a, b Group) int { return cmp.Compare(a, b) })
	s.out.Resources = cuts(s.resources, func(a, b int) int { return cmp.Compare(a, b) })
	s.out.Times = cuts(s.times, func(a, b TimeOfWeek) int {
		return cmp.Or(cmp.Compare(a.Weekday, b.Weekday), cmp.Compare(partOrder(a.Part), partOrder(b.Part)))
	})
	s.out.Rulings = cuts(s.rulings, func(a, b Ruling) int { return cmp.Or(cmp.Compare(a.Old, b.Old), cmp.Compare(a.New, b.New)) })
	slices.SortStableFunc(s.out.Rulings, func(a, b Cut[Ruling]) int { return b.Changed.Minutes - a.Changed.Minutes })
	for _, holder := range s.holders {
		if holder.Changed.Requests > 0 {
			s.out.Affected = append(s.out.Affected, *holder)
		}
	}
	slices.SortFunc(s.out.Affected, func(a, b Affected) int {
		return cmp.Or(b.Changed.Minutes-a.Changed.Minutes, cmp.Compare(a.Holder, b.Holder))
	})
	return s.out
}

func partOrder(part string) int { return slices.Index([]string{Morning, Midday, Evening}, part) }

func cuts[K comparable](parts map[K]*Balance, order func(a, b K) int) []Cut[K] {
	list := make([]Cut[K], 0, len(parts))
	for key, balance := range parts {
		list = append(list, Cut[K]{key, *balance})
	}
	slices.SortFunc(list, func(a, b Cut[K]) int { return order(a.Key, b.Key) })
	return list
}

// Share is how many holders of a group have something of an amount, and how much
// they have together.
type Share struct {
	Group   Group
	Holders int
	Minutes int
}

// Shares are the groups with holders who have some of an amount, those with most
// first.
func (w WhatIf) Shares(amount func(Balance) Amount) []Share {
	byGroup := map[Group]*Share{}
	for _, holder := range w.Affected {
		if minutes := amount(holder.Balance).Minutes; minutes > 0 {
			share := byGroup[holder.Group]
			if share == nil {
				share = &Share{Group: holder.Group}
				byGroup[holder.Group] = share
			}
			share.Holders, share.Minutes = share.Holders+1, share.Minutes+minutes
		}
	}
	var list []Share
	for _, share := range byGroup {
		list = append(list, *share)
	}
	slices.SortFunc(list, func(a, b Share) int { return cmp.Or(b.Minutes-a.Minutes, cmp.Compare(a.Group, b.Group)) })
	return list
}

// fewHolders is below how many holders a group tells too much of somebody.
const fewHolders = 5

// Publishable are the groups as everybody may see them: those of few holders
// are put together, with the next smallest as long as they are few together.
// Where all are few together nothing can be said of any group.
func (w WhatIf) Publishable() []Cut[Group] {
	groups := slices.Clone(w.Groups)
	slices.SortStableFunc(groups, func(a, b Cut[Group]) int { return a.Holders - b.Holders })
	small := Cut[Group]{Key: GroupSmall}
	for len(groups) > 0 && (groups[0].Holders < fewHolders || small.Asked.Requests > 0 && small.Holders < fewHolders) {
		small.plus(groups[0].Balance)
		groups = groups[1:]
	}
	slices.SortFunc(groups, func(a, b Cut[Group]) int { return cmp.Compare(a.Key, b.Key) })
	if small.Holders >= fewHolders {
		groups = append(groups, small)
	}
	return groups
}

func (b *Balance) plus(o Balance) {
	for _, pair := range []struct{ to, from *Amount }{
		{&b.Asked, &o.Asked},
		{&b.Gained, &o.Gained},
		{&b.Lost, &o.Lost},
		{&b.Eased, &o.Eased},
		{&b.Tightened, &o.Tightened},
		{&b.Same, &o.Same},
		{&b.Dearer, &o.Dearer},
		{&b.Cheaper, &o.Cheaper},
		{&b.Changed, &o.Changed},
	} {
		pair.to.Requests, pair.to.Minutes = pair.to.Requests+pair.from.Requests, pair.to.Minutes+pair.from.Minutes
	}
	b.OldCents, b.NewCents, b.Holders = b.OldCents+o.OldCents, b.NewCents+o.NewCents, b.Holders+o.Holders
}

// turnOf is a replayed request as a turn.
func turnOf(r booking.Replayed, zone *time.Location) Turn {
	t := Turn{
		Reservation: r.Reservation.ID, Number: r.Reservation.Number, Resource: r.Reservation.Resource, Group: GroupOf(r.Question.Who), Name: r.Holder,
		Begin: r.Reservation.BeginAt, Minutes: int((r.Reservation.Interval().Duration() + time.Minute - 1) / time.Minute), Time: TimeOf(r.Reservation.BeginAt, zone),
		Old: outcomeOf(r.Old.Decision), New: outcomeOf(r.New.Decision), OldCounts: r.Old.Counts, NewCounts: r.New.Counts,
	}
	switch {
	case r.Reservation.HolderPerson != nil:
		t.Holder = "person:" + strconv.FormatInt(*r.Reservation.HolderPerson, 10)
	case r.Reservation.HolderAssociation != nil:
		t.Holder = "association:" + strconv.FormatInt(*r.Reservation.HolderAssociation, 10)
	case r.Reservation.HolderUnit != nil:
		t.Holder = "unit:" + strconv.Itoa(*r.Reservation.HolderUnit)
	}
	return t
}

// outcomeOf names what refused first, or else the first rule that decided.
func outcomeOf(d policies.Decision) Outcome {
	o := Outcome{Verdict: d.Verdict, Cents: d.Price.Cents}
	if len(d.Rules) > 0 {
		o.By = d.Rules[0]
	}
	for _, v := range d.Violations {
		if !v.Overridden {
			if v.Code != policies.CodeRule {
				o.By = "check:" + v.Rule
			}
			break
		}
	}
	return o
}
