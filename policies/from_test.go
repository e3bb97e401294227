package policies

import "testing"

func TestFromNeverTellsAWrongNumber(t *testing.T) {
	rule := func(id, price string, change ...func(*Rule)) Rule {
		r := Rule{ID: id, Effects: Effects{Price: price}}
		for _, fn := range change {
			fn(&r)
		}
		return r
	}
	clubs := func(r *Rule) { r.Who.Classes = []Class{Association} }
	agreed := func(r *Rule) { r.Who.Agreements = []string{"non_profit"} }
	match := func(r *Rule) { r.What.Answers = map[string]Values{"play": {"match"}} }
	elsewhere := func(r *Rule) { r.Where.Groups = []string{"other"} }
	fee := func(r *Rule) { r.Effects.Fees = []Fee{{Key: "f", Cents: 100}} }
	tariffs := []Tariff{{Key: "low", Cents: 1000}, {Key: "high", Cents: 2500}, {Key: "once", Cents: 900, Per: PerUse}, {Key: "steps", Steps: []Step{{Cents: 100}}}, {Key: "heads", Cents: 100, PerPerson: true}}
	place := Place{PriceCents: new(1234), Groups: []string{"gym"}}
	for name, test := range map[string]struct {
		rules []Rule
		want  Rate // zero = not known
	}{
		"one rate":                         {[]Rule{rule("a", "tariff:low")}, Rate{1000, PerHour, true}},
		"two rates":                        {[]Rule{rule("a", "tariff:high", match), rule("b", "tariff:low")}, Rate{1000, PerHour, false}},
		"half of one":                      {[]Rule{rule("a", "tariff:high", match), rule("b", "tariff:low:50")}, Rate{500, PerHour, false}},
		"cheaper for clubs":                {[]Rule{rule("a", "tariff:low", clubs), rule("b", "tariff:high")}, Rate{2500, PerHour, true}},
		"cheaper by an agreement":          {[]Rule{rule("a", "tariff:low", agreed), rule("b", "tariff:high")}, Rate{2500, PerHour, true}},
		"of another place":                 {[]Rule{rule("a", "tariff:low", elsewhere), rule("b", "tariff:high")}, Rate{2500, PerHour, true}},
		"never reached":                    {[]Rule{rule("a", "tariff:high"), rule("b", "tariff:low", match)}, Rate{2500, PerHour, true}},
		"with the list price":              {[]Rule{rule("a", "tariff:high", match), rule("b", "list")}, Rate{1234, PerHour, false}},
		"sometimes free":                   {[]Rule{rule("a", "free", match), rule("b", "tariff:low")}, Rate{}},
		"sometimes agreed":                 {[]Rule{rule("a", "agreed", match), rule("b", "tariff:low")}, Rate{}},
		"steps":                            {[]Rule{rule("a", "tariff:steps")}, Rate{}},
		"per person":                       {[]Rule{rule("a", "tariff:heads")}, Rate{}},
		"hours and uses":                   {[]Rule{rule("a", "tariff:once", match), rule("b", "tariff:low")}, Rate{}},
		"a fee":                            {[]Rule{rule("a", "tariff:low"), rule("b", "", fee)}, Rate{}},
		"without a price for all the rest": {[]Rule{rule("a", "tariff:low", match)}, Rate{}},
	} {
		book := Book{Rules: Rules{Version: 1, Tariffs: tariffs, Rules: test.rules}}
		got, known := book.From(place)
		if known != (test.want != Rate{}) || known && got != test.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, known, test.want)
		}
	}
	book := Book{Rules: Rules{Version: 1, Tariffs: tariffs, VAT: []VATRate{{Permille: 255}}, Rules: []Rule{rule("a", "tariff:low")}}}
	if _, known := book.From(place); known {
		t.Error("VAT on top is left out")
	}
	if !book.ByTariff(place) || (Book{Rules: Rules{Rules: []Rule{rule("a", "tariff:low", elsewhere), rule("b", "list")}}}).ByTariff(place) {
		t.Error("what is priced by a tariff")
	}
}
