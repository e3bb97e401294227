package policies

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/calendar"
)

// days are those on which the generators play: plain ones, both nights of the
// clocks, a leap day and the turn of a year.
var days = []string{"2024-01-10", "2024-03-31", "2024-10-27", "2024-02-29", "2024-12-31"}

func anyDay(t *rapid.T) calendar.Date {
	date, err := calendar.ParseDate(rapid.SampledFrom(days).Draw(t, "day"))
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// anyHours are one to five spans that begin on the date or the one before.
func anyHours(t *rapid.T, date calendar.Date) []Hours {
	var list []Hours
	for range rapid.IntRange(1, 5).Draw(t, "spans") {
		from := calendar.Minute(rapid.IntRange(0, 95).Draw(t, "from") * 15)
		span := calendar.Span{From: from, To: from + calendar.Minute(rapid.IntRange(1, 90).Draw(t, "long")*15)}
		on := date.AddDays(-rapid.IntRange(0, 1).Draw(t, "daysBefore"))
		kind := rapid.SampledFrom([]HoursKind{Reservable, Reservable, Reservable, Open, Core, Closed}).Draw(t, "kind")
		list = append(list, Hours{Interval: span.On(on, helsinki), Kind: kind})
	}
	return list
}

func maybe(t *rapid.T, name string, least, most int) *int {
	if rapid.Bool().Draw(t, name+" set") {
		return new(rapid.IntRange(least, most).Draw(t, name))
	}
	return nil
}

func anyPlace(t *rapid.T) Place {
	return Place{
		Published: rapid.IntRange(0, 9).Draw(t, "published") > 0, WholeDay: rapid.IntRange(0, 5).Draw(t, "wholeDay") == 0,
		SeasonOnly: rapid.IntRange(0, 9).Draw(t, "seasonOnly") == 0, AdultOnly: rapid.Bool().Draw(t, "adultOnly"),
		Raster: rapid.SampledFrom([]int{0, 15, 30, 45, 60, 120, 420}).Draw(t, "raster"), MinMinutes: rapid.SampledFrom([]int{15, 30, 60}).Draw(t, "min"),
		MaxMinutes: maybe(t, "max", 30, 300), DaysAheadMax: maybe(t, "aheadMax", 0, 5), DaysAheadMin: rapid.IntRange(0, 3).Draw(t, "aheadMin"),
		ActiveLimit: maybe(t, "limit", 1, 3), PersonsMin: maybe(t, "personsMin", 1, 5), PersonsMax: maybe(t, "personsMax", 3, 10),
		RequiredFields: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"title", "purpose", "persons", "key"}), 0, 3, rapid.ID).Draw(t, "fields"),
		PriceCents:     maybe(t, "price", 0, 5000), PriceUnit: rapid.SampledFrom([]string{PerHour, PerStartedHour, PerUse}).Draw(t, "unit"),
		OnePlaceAtOnce: rapid.Bool().Draw(t, "onePlace"),
	}
}

func anyQuestion(t *rapid.T) Question {
	date := anyDay(t)
	midnight := calendar.FirstFrom(date, 0, helsinki)
	begin := midnight.Add(time.Duration(rapid.IntRange(-60, 120).Draw(t, "begin")) * 15 * time.Minute)
	return Question{
		Now: midnight.Add(time.Duration(rapid.IntRange(-400, 100).Draw(t, "now")) * 15 * time.Minute), Zone: helsinki,
		Kind:  rapid.SampledFrom(kinds).Draw(t, "kind"),
		Stage: rapid.SampledFrom([]Stage{AtConfirm, AtHold}).Draw(t, "stage"),
		Asked: calendar.Interval{Begin: begin, End: begin.Add(time.Duration(rapid.IntRange(-4, 24).Draw(t, "length")) * 15 * time.Minute)},
		Place: anyPlace(t), Hours: anyHours(t, date),
		Who: Who{
			Class: rapid.SampledFrom(append(classes, "")).Draw(t, "class"), Adult: rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(t, "adult"),
			Active: rapid.IntRange(0, 3).Draw(t, "active"), Elsewhere: []calendar.Interval{{Begin: midnight, End: midnight.Add(10 * time.Hour)}},
		},
		Form: Form{Persons: maybe(t, "persons", 0, 12), Title: rapid.SampledFrom([]string{"", " ", "Choir"}).Draw(t, "title"), TermsAccepted: rapid.Bool().Draw(t, "terms")},
		Book: rapid.SampledFrom([]Book{everybody, {}, bookOf(
			Rule{ID: "many", What: What{PersonsMin: new(8)}, Effects: Effects{Verdict: Approval, Competes: new(true)}},
			Rule{ID: "no-companies", Who: WhoIs{Classes: []Class{Company}}, Effects: Effects{Verdict: Refuse}},
			Rule{ID: "rest", Effects: Effects{Verdict: Allow, Price: "percent:50", Limits: &Limits{MaxMinutes: new(180)}}},
		)}).Draw(t, "book"),
	}
}

func TestPropertyDecisionsAreDeterministicAndDocumented(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		d := Decide(q)
		if !reflect.DeepEqual(d, Decide(q)) {
			t.Fatal("a second time, another decision")
		}
		shuffled := q
		shuffled.Hours = rapid.Permutation(q.Hours).Draw(t, "shuffled")
		if !reflect.DeepEqual(d, Decide(shuffled)) {
			t.Fatal("the order of the hours matters")
		}
		last := -1
		for _, v := range d.Violations {
			i := slices.IndexFunc(Codes, func(doc CodeDoc) bool { return doc.Code == v.Code })
			if i < last {
				t.Fatalf("%v are not in the order of Codes", codesOf(d.Violations))
			}
			last = i
		}
	})
}

func TestPropertyVerdictFollowsFromViolations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		d := Decide(q)
		if refuses := len(d.Violations) > len(d.Overridden()); d.Refused() != refuses || (d.Fault() != nil) != refuses {
			t.Fatalf("%s", show(d))
		}
		if (d.Verdict == Approval) != (len(d.Approvals) > 0) || (d.Competes && d.Verdict != Approval) {
			t.Fatalf("%s", show(d))
		}
		if staff := q.Kind == Behalf || q.Kind == Staff; len(d.Overridden()) > 0 && !staff {
			t.Fatalf("%s overrides: %s", q.Kind, show(d))
		}
		if q.Kind != Ordinary && d.Verdict == Approval {
			t.Fatalf("%s needs an approval", q.Kind)
		}
	})
}

// Only an impossible time, or a rule without exception, stops staff.
func TestPropertyStaffAreStoppedByThePastOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		q.Kind = rapid.SampledFrom([]Kind{Behalf, Staff, Closure}).Draw(t, "staff")
		for _, v := range Decide(q).Violations {
			if !v.Overridden && v.Code != CodePast && v.Code != CodeEndBefore {
				t.Fatalf("%s is refused: %s", q.Kind, v.Code)
			}
		}
	})
}

// tighter are ways to make a place stricter.
var tighter = map[string]func(*Place, int){
	"notice":      func(p *Place, by int) { p.DaysAheadMin += by },
	"days ahead":  func(p *Place, by int) { p.DaysAheadMax = lower(p.DaysAheadMax, by, 0) },
	"minimum":     func(p *Place, by int) { p.MinMinutes += by * 15 },
	"maximum":     func(p *Place, by int) { p.MaxMinutes = lower(p.MaxMinutes, by*15, 15) },
	"persons":     func(p *Place, by int) { p.PersonsMax = lower(p.PersonsMax, by, 1) },
	"active":      func(p *Place, by int) { p.ActiveLimit = lower(p.ActiveLimit, by, 1) },
	"adults":      func(p *Place, _ int) { p.AdultOnly = true },
	"sign-in":     func(p *Place, _ int) { p.StrongSignIn = true },
	"season only": func(p *Place, _ int) { p.SeasonOnly = true },
	"unpublished": func(p *Place, _ int) { p.Published = false },
	"field":       func(p *Place, _ int) { p.RequiredFields = append(slices.Clip(p.RequiredFields), "extra") },
}

func lower(limit *int, by, least int) *int {
	if limit == nil {
		return new(10 * least)
	}
	return new(max(*limit-by, min(*limit, least)))
}

func TestPropertyStricterPlacesNeverLoseAViolation(t *testing.T) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range tighter {
			if !yield(name) {
				return
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		// else a room that gets too small for a rule need no longer be asked for persons
		q.Place.RequiredFields = append(q.Place.RequiredFields, FieldPersons)
		before := codesOf(Decide(q).Violations)
		tighter[rapid.SampledFrom(names).Draw(t, "tighter")](&q.Place, rapid.IntRange(1, 10).Draw(t, "by"))
		after := codesOf(Decide(q).Violations)
		for _, code := range before {
			if !slices.Contains(after, code) {
				t.Fatalf("%s is gone: %v, before %v", code, after, before)
			}
		}
	})
}

// Notice by itself: more of it never lets anything through.
func TestPropertyNoticeNeverRemovesAViolation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		q.Kind = Ordinary
		was := Decide(q)
		q.Place.DaysAheadMin += rapid.IntRange(1, 700).Draw(t, "notice")
		is := Decide(q)
		rest := slices.DeleteFunc(codesOf(is.Violations), func(code string) bool { return code == CodeTooSoon })
		if !slices.Equal(rest, slices.DeleteFunc(codesOf(was.Violations), func(code string) bool { return code == CodeTooSoon })) {
			t.Fatalf("other violations changed: %v", codesOf(is.Violations))
		}
		if was.Refused() && !is.Refused() {
			t.Fatal("more notice let it through")
		}
	})
}

// What is allowed stays allowed when hours are added after the asked time, or
// before the span by whole steps of its raster.
func TestPropertyAllowedStaysAllowedWhenHoursGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := question()
		q.Place.Raster = rapid.SampledFrom([]int{15, 30, 60, 120}).Draw(t, "raster")
		steps := rapid.IntRange(0, 2).Draw(t, "steps")
		open := q.Hours[0].Begin
		q.Asked.Begin = open.Add(time.Duration(steps*q.Place.Raster) * time.Minute)
		q.Asked.End = q.Asked.Begin.Add(time.Duration(q.Place.Raster*rapid.IntRange(1, 3).Draw(t, "length")) * time.Minute)
		q.Place.MinMinutes = 15
		if Decide(q).Refused() {
			t.Fatalf("%v is refused", q.Asked)
		}
		earlier := time.Duration(q.Place.Raster*rapid.IntRange(0, 540/q.Place.Raster).Draw(t, "earlier")) * time.Minute
		q.Hours = append(q.Hours, Hours{calendar.Interval{Begin: open.Add(-earlier), End: open}, Reservable})
		later := time.Duration(rapid.IntRange(0, 2000).Draw(t, "later")) * time.Minute
		q.Hours = append(q.Hours, Hours{calendar.Interval{Begin: q.Hours[0].End, End: q.Hours[0].End.Add(later)}, Reservable})
		if d := Decide(q); d.Refused() {
			t.Fatalf("refused when hours grow: %v", codesOf(d.Violations))
		}
	})
}

// Starts and Decide agree: what is offered is allowed, and what is allowed is
// offered, on every day of the clocks.
func TestPropertyStartsAreWhatDecideAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		date := anyDay(t)
		q := question()
		q.Now = calendar.FirstFrom(date, 0, helsinki)
		q.Hours = anyHours(t, date)
		q.Place.MinMinutes = 15
		q.Place.Raster = rapid.SampledFrom([]int{15, 30, 45, 60, 120, 210, 420}).Draw(t, "raster")
		grid := Grid{Zone: helsinki, Raster: q.Place.Raster, Minutes: q.Place.Raster * rapid.IntRange(1, 3).Draw(t, "length"), NotBefore: q.Now}
		offered := grid.Starts(ReservableSpans(q.Hours, q.Who.Class))
		for minute := calendar.Minute(0); minute < calendar.DayMinutes; minute += 5 {
			begin := calendar.Resolve(date, minute, helsinki)
			if !begin.Exists {
				continue
			}
			end := calendar.AddWall(begin.Instant, grid.Minutes, helsinki)
			if !end.Exists {
				continue
			}
			q.Asked = calendar.Interval{Begin: begin.Instant, End: end.Instant}
			isOffered := slices.ContainsFunc(offered, func(s calendar.Interval) bool { return s.Begin.Equal(q.Asked.Begin) })
			if d := Decide(q); d.Refused() == isOffered {
				t.Fatalf("%v offered %v, but %v", q.Asked, isOffered, codesOf(d.Violations))
			}
		}
	})
}

// Whatever a hold is refused for, the confirmation is refused for too.
func TestPropertyHoldAsksLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		q.Stage = AtHold
		held := codesOf(Decide(q).Violations)
		q.Stage = AtConfirm
		confirmed := codesOf(Decide(q).Violations)
		for _, code := range held {
			if !slices.Contains(confirmed, code) {
				t.Fatalf("%s only at hold: %v", code, confirmed)
			}
		}
	})
}

func TestPropertyLongerIsNeverCheaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		was := Decide(q).Price.Cents
		q.Asked.End = q.Asked.End.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "more")) * time.Minute)
		is := Decide(q).Price.Cents
		if (was == nil) != (is == nil) || (was != nil && (*is < *was || *was < 0)) {
			t.Fatal("longer and cheaper")
		}
	})
}

func TestPropertyEveryViolationIsDocumented(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := Decide(anyQuestion(rt))
		checkDocumented(t, append(d.Violations, d.Approvals...))
	})
}
