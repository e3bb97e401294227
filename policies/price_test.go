package policies

import "testing"

func TestPrice(t *testing.T) {
	priced := func(effect, unit string, list *int, begin, end string) Question {
		return with(func(q *Question) {
			q.Asked, q.Place.PriceCents, q.Place.PriceUnit = between(begin, end), list, unit
			q.Place.Raster, q.Place.MinMinutes = 15, 15
			q.Book.Rules.Rules = []Rule{{ID: "all", Effects: Effects{Verdict: Allow, Price: effect}}}
		})
	}
	cases := []struct {
		name  string
		q     Question
		cents int
		class string
	}{
		{"an hour and a half", priced("list", PerHour, new(1200), "12:00", "13:30"), 1800, "list"},
		{"no rule about it", priced("", PerHour, new(1200), "12:00", "13:30"), 1800, "list"},
		{"no unit is by the hour", priced("list", "", new(1200), "12:00", "13:30"), 1800, "list"},
		{"half a cent is rounded up", priced("list", PerHour, new(1870), "12:00", "12:45"), 1403, "list"},
		{"less than half a cent is not", priced("list", PerHour, new(1001), "12:00", "12:15"), 250, "list"},
		{"H4.2: full hours", priced("list", PerStartedHour, new(1200), "12:00", "13:15"), 2400, "list"},
		{"H4.2: just full", priced("list", PerStartedHour, new(1200), "12:00", "14:00"), 2400, "list"},
		{"per use", priced("list", PerUse, new(40000), "10:00", "18:00"), 40000, "list"},
		{"free", priced("free", PerHour, new(1200), "12:00", "13:30"), 0, "free"},
		{"free of an unknown price", priced("free", PerHour, nil, "12:00", "13:30"), 0, "free"},
		{"a share, rounded once", priced("percent:33", PerHour, new(101), "12:00", "15:00"), 100, "percent:33"},
		{"more than the list", priced("percent:150", PerHour, new(1000), "12:00", "13:00"), 1500, "percent:150"},
		{"an amount of its own", priced("cents:2230", PerHour, new(1200), "12:00", "14:00"), 4460, "cents:2230"},
		{"an amount where the list is unknown", priced("cents:2230", PerHour, nil, "12:00", "14:00"), 4460, "cents:2230"},
		{"a list price of nothing", priced("list", PerHour, new(0), "12:00", "14:00"), 0, "list"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := Decide(c.q)
			if d.Price.Cents == nil || *d.Price.Cents != c.cents || d.Price.Class != c.class || d.Verdict != Allow {
				t.Errorf("%s", show(d))
			}
		})
	}
}

// Where the price is not known nobody is bound to it: staff agree on it.
func TestUnknownPriceNeedsApproval(t *testing.T) {
	unknown := with(func(q *Question) { q.Place.PriceCents = nil })
	d := Decide(unknown)
	if d.Price.Cents != nil || d.Verdict != Approval || d.Approvals[0].Code != CodeNoPrice {
		t.Errorf("%s", show(d))
	}
	for _, kind := range []Kind{Behalf, Staff, Closure, Seasonal} {
		unknown.Kind = kind
		if d := Decide(unknown); d.Verdict != Allow {
			t.Errorf("%s: %s", kind, show(d))
		}
	}
}

func TestOwnUseIsFreeUnlessTheBookSaysOtherwise(t *testing.T) {
	own := with(func(q *Question) { q.Kind, q.Who = Staff, Who{} })
	if p := Decide(own).Price; *p.Cents != 0 || p.Class != "free" {
		t.Errorf("own use: %s", show(p))
	}
	own.Book.Rules.Rules = []Rule{{ID: "internal", Effects: Effects{Price: "list"}}}
	if p := Decide(own).Price; *p.Cents != 1200 {
		t.Errorf("charged between divisions: %s", show(p))
	}
	own.Kind = Closure
	if p := Decide(own).Price; *p.Cents != 0 {
		t.Errorf("closure: %s", show(p))
	}
}

func TestParseCharge(t *testing.T) {
	for _, bad := range []string{"", "Free", "percent", "percent:", "percent:0", "percent:-5", "percent:+5", "percent:05", "percent:1001", "cents:", "cents:-1", "cents:1.5", "cents:100000001", "list:1"} {
		if c, ok := ParseCharge(bad); ok {
			t.Errorf("%q is read as %v", bad, c)
		}
	}
	if c, ok := ParseCharge("cents:0"); !ok || *c.Cents != 0 {
		t.Errorf("cents:0 is %v", c)
	}
}
