package reports_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/policies"
	"vuoro/reports"
)

func outcomes() *rapid.Generator[reports.Outcome] {
	return rapid.Custom(func(t *rapid.T) reports.Outcome {
		o := reports.Outcome{
			Verdict: rapid.SampledFrom([]policies.Verdict{policies.Allow, policies.Approval, policies.Refuse}).Draw(t, "verdict"),
			By:      rapid.SampledFrom([]string{"youth", "others", "check:quota"}).Draw(t, "by"),
		}
		if rapid.Bool().Draw(t, "priced") {
			o.Cents = new(rapid.IntRange(0, 3).Draw(t, "cents") * 500)
		}
		return o
	})
}

func turns() *rapid.Generator[[]reports.Turn] {
	monday := time.Date(2025, 1, 6, 6, 0, 0, 0, time.UTC)
	turn := rapid.Custom(func(t *rapid.T) reports.Turn {
		holder := rapid.IntRange(0, 20).Draw(t, "holder")
		group := []reports.Group{reports.GroupUnder18, reports.Group(policies.Association), reports.GroupElsewhere, reports.Group(policies.Company)}[holder%4]
		begin := monday.Add(time.Duration(rapid.IntRange(0, 24*7).Draw(t, "hour")) * time.Hour)
		turn := reports.Turn{
			Resource: rapid.IntRange(1, 4).Draw(t, "resource"), Group: group, Begin: begin, Time: reports.TimeOf(begin, time.UTC),
			Minutes: rapid.IntRange(1, 16).Draw(t, "quarters") * 15, Old: outcomes().Draw(t, "old"), New: outcomes().Draw(t, "new"),
		}
		if holder > 0 {
			turn.Holder = strconv.Itoa(holder)
		}
		return turn
	})
	return rapid.SliceOfN(turn, 0, 60)
}

func addUp[K comparable](cuts []reports.Cut[K]) (sum reports.Balance) {
	for _, cut := range cuts {
		for _, pair := range [][2]*reports.Amount{
			{&sum.Asked, &cut.Asked},
			{&sum.Gained, &cut.Gained},
			{&sum.Lost, &cut.Lost},
			{&sum.Eased, &cut.Eased},
			{&sum.Tightened, &cut.Tightened},
			{&sum.Same, &cut.Same},
			{&sum.Dearer, &cut.Dearer},
			{&sum.Cheaper, &cut.Cheaper},
			{&sum.Changed, &cut.Changed},
		} {
			pair[0].Requests += pair[1].Requests
			pair[0].Minutes += pair[1].Minutes
		}
		sum.OldCents += cut.OldCents
		sum.NewCents += cut.NewCents
	}
	return sum
}

func TestWhatIfEveryCutAddsUpToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := turns().Draw(t, "turns")
		got := reports.Compare(slices.Values(list))
		minutes := 0
		for _, turn := range list {
			minutes += turn.Minutes
		}
		total := got.Total
		if total.Asked.Minutes != minutes || total.Asked.Requests != len(list) {
			t.Fatalf("%+v of %d requests with %d minutes", total.Asked, len(list), minutes)
		}
		holders := total.Holders
		total.Holders = 0
		for name, sum := range map[string]reports.Balance{"groups": addUp(got.Groups), "resources": addUp(got.Resources), "times": addUp(got.Times)} {
			if sum != total {
				t.Fatalf("%s add up to %+v, want %+v", name, sum, total)
			}
		}
		parts := total.Gained.Minutes + total.Lost.Minutes + total.Eased.Minutes + total.Tightened.Minutes + total.Same.Minutes
		if parts != minutes {
			t.Fatalf("verdicts add up to %d of %d minutes", parts, minutes)
		}
		if changed := addUp(got.Rulings).Changed; changed != total.Changed || len(got.Changes)+got.More != changed.Requests {
			t.Fatalf("rulings add up to %+v of %+v, %d listed", changed, total.Changed, len(got.Changes))
		}
		public := got.Publishable()
		for _, group := range public {
			if group.Holders < 5 {
				t.Fatalf("%s has %d holders and may be published", group.Key, group.Holders)
			}
		}
		if sum := addUp(public); len(public) > 0 && holders >= 5 && sum != total {
			t.Fatalf("what may be published adds up to %+v, want %+v", sum, total)
		}
	})
}

func TestWhatIfOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := turns().Draw(t, "turns")
		straight := reports.Compare(slices.Values(list))
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		mixed := reports.Compare(slices.Values(list))
		straight.Changes, mixed.Changes = nil, nil
		if !reflect.DeepEqual(straight, mixed) {
			t.Fatalf("got %+v\nand %+v", straight, mixed)
		}
	})
}

func TestWhatIfTheSameRulesChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := turns().Draw(t, "turns")
		for i := range list {
			list[i].New = list[i].Old
		}
		got := reports.Compare(slices.Values(list))
		if got.Total.Changed.Requests != 0 || got.Total.Same != got.Total.Asked || got.Total.OldCents != got.Total.NewCents || len(got.Changes)+len(got.Affected)+len(got.Rulings) != 0 {
			t.Fatalf("got %+v", got)
		}
	})
}

func TestWhatIfGroups(t *testing.T) {
	yes, no := true, false
	for want, who := range map[reports.Group]policies.Who{
		reports.GroupUnder18:              {Class: policies.Association, Under18: true, Local: &yes},
		reports.Group(policies.Company):   {Class: policies.Company, Under18: true},
		reports.Group(policies.Person):    {Class: policies.Person},
		reports.GroupElsewhere:            {Class: policies.Association, Under18: true, Local: &no},
		reports.GroupUnknown:              {},
		reports.Group(policies.Religious): {Class: policies.Religious},
	} {
		if got := reports.GroupOf(who); got != want {
			t.Errorf("%+v is in %s, want %s", who, got, want)
		}
	}
}
