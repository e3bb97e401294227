package policies

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/calendar"
)

// tariffed is a question about a tariff, from begin to end.
func tariffed(tariff Tariff, begin, end string) Question {
	tariff.Key = "t"
	return with(func(q *Question) {
		q.Asked = interval(begin, end)
		q.Book.Rules = Rules{Version: 1, Tariffs: []Tariff{tariff}, Rules: []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: "tariff:t"}}}}
	})
}

func TestTariffs(t *testing.T) {
	freeHour := Tariff{Steps: []Step{{UpTo: new(60)}, {Cents: 1000, Per: PerStartedHour}}}
	halfDays := Tariff{Bands: []Band{{From: "08:00", To: "12:00", Cents: 4000, Per: PerUse}, {From: "12:00", To: "16:00", Cents: 5000, Per: PerUse}}, Cents: 2000}
	evenings := Tariff{Cents: 1000, Bands: []Band{{Weekdays: []int{1, 2, 3, 4, 5}, From: "17:00", To: "24:00", Cents: 1500}, {Weekdays: []int{6, 7}, From: "00:00", To: "24:00", Cents: 2000}}}
	for _, c := range []struct {
		name       string
		tariff     Tariff
		begin, end string
		cents      int
	}{
		{"the first hour is free", freeHour, "2024-01-10 12:00", "2024-01-10 13:00", 0},
		{"a begun hour more", freeHour, "2024-01-10 12:00", "2024-01-10 13:05", 1000},
		{"a morning", halfDays, "2024-01-10 08:00", "2024-01-10 12:00", 4000},
		{"an hour of the morning", halfDays, "2024-01-10 09:00", "2024-01-10 10:00", 4000},
		{"morning and afternoon", halfDays, "2024-01-10 11:00", "2024-01-10 13:00", 9000},
		{"afternoon and an hour of the evening", halfDays, "2024-01-10 12:00", "2024-01-10 17:00", 7000},
		{"before the evening", evenings, "2024-01-10 15:00", "2024-01-10 17:00", 2000},
		{"over the border", evenings, "2024-01-10 16:30", "2024-01-10 18:00", 2000},
		{"from Friday evening into Saturday", evenings, "2024-01-12 23:00", "2024-01-13 01:00", 3500},
		{"from Sunday night into Monday", evenings, "2024-01-14 23:00", "2024-01-15 01:00", 3000},
		{"the longer night of autumn", evenings, "2024-10-27 02:00", "2024-10-27 05:00", 8000},
		{"the shorter one of spring", evenings, "2024-03-31 02:00", "2024-03-31 05:00", 4000},
		{"never more than", Tariff{Cents: 1000, MaxCents: new(2500)}, "2024-01-10 08:00", "2024-01-10 16:00", 2500},
		{"less than that", Tariff{Cents: 1000, MaxCents: new(2500)}, "2024-01-10 08:00", "2024-01-10 10:00", 2000},
		{"five persons", Tariff{Cents: 300, Per: PerUse, PerPerson: true}, "2024-01-10 08:00", "2024-01-10 16:00", 1500},
		{"five persons, at most", Tariff{Cents: 300, Per: PerUse, PerPerson: true, MaxCents: new(1200)}, "2024-01-10 08:00", "2024-01-10 16:00", 1200},
		{"a day of three hours", Tariff{Cents: 1000, DayHours: 3}, "2024-01-10 08:00", "2024-01-10 16:00", 3000},
		{"a day and two hours of the next", Tariff{Cents: 1000, DayHours: 3}, "2024-01-10 08:00", "2024-01-11 02:00", 5000},
		{"an hour at least", Tariff{Cents: 1000, MinMinutes: 60}, "2024-01-10 08:00", "2024-01-10 08:30", 1000},
	} {
		p := Quote(tariffed(c.tariff, c.begin, c.end))
		if p.Cents == nil || *p.Cents != c.cents {
			t.Errorf("%s: %s, want %d", c.name, show(p), c.cents)
		}
	}
}

// Who does not say how many come learns no price, and is asked.
func TestPricePerPersonAsksForPersons(t *testing.T) {
	q := tariffed(Tariff{Cents: 300, Per: PerUse, PerPerson: true}, "2024-01-10 12:00", "2024-01-10 13:00")
	q.Form.Persons = nil
	d := Decide(q)
	if d.Price.Cents != nil || len(d.Violations) != 1 || d.Violations[0].Params["field"] != FieldPersons {
		t.Errorf("%s", show(d))
	}
	if p := Quote(tariffed(Tariff{Cents: 300, PerPerson: true}, "2024-01-10 12:00", "2024-01-10 13:00")); p.Persons != 5 || *p.Rate != 300 {
		t.Errorf("%s", show(p))
	}
	fee := with(func(q *Question) {
		q.Book.Rules.Rules = []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: "free", Fees: []Fee{{Key: "towel", Cents: 100, PerPerson: true}}}}}
	})
	if p := Quote(fee); *p.Cents != 500 {
		t.Errorf("%s", show(p))
	}
}

// Two euros a chair: whoever does not say how many is asked.
func TestFeeTimesAnAnswer(t *testing.T) {
	ask := func(answers map[string]string) Decision {
		return Decide(with(func(q *Question) {
			q.Form.Answers = answers
			q.Book.Rules = Rules{
				Version: 1, Questions: []FormField{{Key: "chairs", Label: Note{Fi: "Tuoleja?"}, Kind: "number"}},
				Rules: []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: "free", Fees: []Fee{{Key: "chairs", Cents: 200, Times: "chairs"}}}}},
			}
		}))
	}
	for chairs, cents := range map[string]int{"12": 2400, "0": 0, "-3": 0} {
		if d := ask(map[string]string{"chairs": chairs}); d.Verdict != Allow || *d.Price.Cents != cents {
			t.Errorf("%s chairs: %s", chairs, show(d))
		}
	}
	if d := ask(nil); len(d.Violations) != 1 || d.Violations[0].Params["field"] != "chairs" {
		t.Errorf("%s", show(d))
	}
}

func TestAgreedPriceNeedsApproval(t *testing.T) {
	q := with(func(q *Question) {
		q.Book.Rules.Rules = []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: "agreed", Deposit: new(5000)}}}
	})
	if d := Decide(q); d.Verdict != Approval || d.Price.Cents != nil || d.Price.DepositCents != 5000 || d.Price.Class != "agreed" {
		t.Errorf("%s", show(d))
	}
}

func TestCancellationSteps(t *testing.T) {
	c := &Cancellation{FreeMinutes: 30 * 1440, Steps: []CancelStep{{Minutes: 14 * 1440, Percent: 25}, {Minutes: 7 * 1440, Percent: 50, Cents: 1000}}, LatePercent: 100, LateCents: 5000}
	begin := at("2024-03-31 12:00")
	for minutes, cents := range map[int]int{
		30 * 1440: 0, 30*1440 - 1: 2500, 14 * 1440: 2500, 14*1440 - 1: 6000, 7 * 1440: 6000, 7*1440 - 1: 15000, 0: 15000, -60: 15000,
	} {
		if got := c.Fee(new(10000), begin, begin.Add(-time.Duration(minutes)*time.Minute)); got != cents {
			t.Errorf("%d minutes before: %d, want %d", minutes, got, cents)
		}
	}
	if got := c.Fee(nil, begin, begin); got != 5000 {
		t.Errorf("of an unknown price: %d", got)
	}
}

func TestNoticeAndAllAgreements(t *testing.T) {
	late := Rule{ID: "late", When: When{AheadMax: new(1439)}, Effects: Effects{Verdict: Approval}}
	both := Rule{ID: "both", Who: WhoIs{AllAgreements: []string{"member", "student"}}, Effects: Effects{Price: "free"}}
	ask := func(now string, agreements ...string) Matched {
		return bookOf(late, both, Rule{ID: "rest", Effects: Effects{Verdict: Allow, Price: "list"}}).Match(with(func(q *Question) {
			q.Now, q.Who.Agreements = at(now), agreements
		}))
	}
	if m := ask("2024-01-09 12:00", "student", "member"); m.Effects.Verdict != Allow || m.Effects.Price != "free" {
		t.Errorf("a day before, both: %s", show(m))
	}
	if m := ask("2024-01-09 12:01", "student"); m.Effects.Verdict != Approval || m.Effects.Price != "list" {
		t.Errorf("a minute later, one: %s", show(m))
	}
}

// byHand is the price of an amount per hour with factors and VAT on top, exactly.
func byHand(cents, minutes int, factors []int, permille int) *big.Rat {
	sum := big.NewRat(int64(cents)*int64(minutes), 60)
	for _, percent := range factors {
		sum.Mul(sum, big.NewRat(int64(percent), 100))
	}
	return sum.Mul(sum, big.NewRat(int64(1000+permille), 1000))
}

func TestPropertyPricesAreRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents, minutes := rapid.IntRange(0, 100_000).Draw(t, "cents"), rapid.IntRange(1, 2000).Draw(t, "minutes")
		factors := rapid.SliceOfN(rapid.IntRange(0, 300), 0, 3).Draw(t, "factors")
		permille := rapid.IntRange(0, 300).Draw(t, "permille")
		named := func(keys ...string) map[string]int {
			m := map[string]int{}
			for i, percent := range factors {
				m[keys[i]] = percent
			}
			return m
		}
		price := func(m map[string]int) Price {
			return Quote(with(func(q *Question) {
				q.Asked.End = q.Asked.Begin.Add(time.Duration(minutes) * time.Minute)
				q.Place.PriceCents = &cents
				q.Book.Rules.VAT = []VATRate{{Permille: permille}}
				q.Book.Rules.Rules = []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: "list", Factors: m}}}
			}))
		}
		p := price(named("a", "b", "c"))
		exact := byHand(cents, minutes, factors, permille)
		distance := new(big.Rat).Sub(exact, big.NewRat(int64(*p.Cents), 1))
		if distance.Abs(distance).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("%d, exactly %s", *p.Cents, exact.FloatString(4))
		}
		if other := price(named("c", "b", "a")); *other.Cents != *p.Cents {
			t.Fatalf("%d, the factors in another order %d", *p.Cents, *other.Cents)
		}
		if p.VATCents < 0 || p.VATCents > *p.Cents {
			t.Fatalf("%d of VAT in %d", p.VATCents, *p.Cents)
		}
		sum := 0
		for _, line := range p.Lines {
			sum += line.Cents
		}
		if len(p.Lines) > 0 && sum != *p.Cents {
			t.Fatalf("lines come to %d, not %d", sum, *p.Cents)
		}
	})
}

// VAT that prices hold already is what is left over the net price.
func TestPropertyIncludedVATAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents, permille := rapid.IntRange(1, 10_000_000).Draw(t, "cents"), rapid.SampledFrom([]int{100, 140, 240, 255}).Draw(t, "permille")
		p := Quote(with(func(q *Question) {
			q.Place.PriceCents, q.Place.PriceUnit = &cents, PerUse
			q.Book.Rules.VAT = []VATRate{{Permille: permille, Included: true}}
		}))
		net := rounded(big.NewRat(int64(cents)*1000, int64(1000+permille)))
		if *p.Cents != cents || p.VATCents != cents-net || p.VATPermille != permille {
			t.Fatalf("%s", show(p))
		}
	})
}

func TestPropertyPricesAreNeverNegative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyAsk(t)
		q.Book.Rules = anyRules(t, 6)
		p := Quote(q)
		if p.Cents != nil && *p.Cents < 0 || p.VATCents < 0 || p.DepositCents < 0 {
			t.Fatalf("%s", show(p))
		}
		if fee := p.Cancellation.Fee(p.Cents, q.Asked.Begin, q.Now); fee < 0 {
			t.Fatalf("giving up costs %d", fee)
		}
	})
}

// Of a tariff without steps a longer time costs at least as much; bands of a day
// price what is in them, whatever else there is.
func TestPropertyLongerTariffsAreNeverCheaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := Tariff{Cents: rapid.IntRange(0, 5000).Draw(t, "cents"), Per: rapid.SampledFrom(Units).Draw(t, "per")}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 1:
			tariff.DayHours = rapid.IntRange(1, 8).Draw(t, "day hours")
		case 2:
			tariff.MinMinutes = rapid.IntRange(0, 200).Draw(t, "least")
		case 3:
			tariff.MaxCents = new(rapid.IntRange(0, 9000).Draw(t, "most"))
		}
		q := tariffed(tariff, "2024-10-26 20:00", "2024-10-26 21:00")
		q.Asked.End = q.Asked.Begin.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "minutes")) * time.Minute)
		was := Quote(q)
		q.Asked.End = q.Asked.End.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "more")) * time.Minute)
		if is := Quote(q); *is.Cents < *was.Cents {
			t.Fatalf("%s, then %s", show(was), show(is))
		}
	})
}

func TestPropertyMinutesOfDaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := at("2024-10-25 00:00").Add(time.Duration(rapid.IntRange(0, 10_000).Draw(t, "begin")) * time.Second)
		in := &inquiry{Question: Question{Zone: helsinki, Asked: calendar.Interval{Begin: begin, End: begin.Add(time.Duration(rapid.IntRange(1, 400_000).Draw(t, "seconds")) * time.Second)}}}
		sum := 0
		for _, minutes := range in.minutesByDay() {
			if minutes < 0 {
				t.Fatalf("%v", in.minutesByDay())
			}
			sum += minutes
		}
		if sum != elapsedMinutes(in.Asked.Duration()) {
			t.Fatalf("%v come to %d", in.minutesByDay(), sum)
		}
	})
}
