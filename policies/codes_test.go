package policies

import (
	"slices"
	"testing"
	"time"

	"vuoro/calendar"
)

// checkDocumented holds violations against Codes: rule, value, asked and
// params are there and of the kinds that sentences rely on.
func checkDocumented(t testing.TB, violations []Violation) {
	t.Helper()
	for _, v := range violations {
		i := slices.IndexFunc(Codes, func(doc CodeDoc) bool { return doc.Code == v.Code })
		if i < 0 {
			t.Fatalf("code %q is not documented", v.Code)
		}
		doc := Codes[i]
		if v.Rule != doc.Rule || paramKind(v.Value, doc.Value) != doc.Value || paramKind(v.Asked, doc.Asked) != doc.Asked {
			t.Errorf("%s: rule %q value %T asked %T, documented %q %q %q", v.Code, v.Rule, v.Value, v.Asked, doc.Rule, doc.Value, doc.Asked)
		}
		if len(v.Params) != len(doc.Params) {
			t.Errorf("%s: params %v, documented %v", v.Code, v.Params, doc.Params)
		}
		for _, p := range doc.Params {
			if paramKind(v.Params[p.Name], p.Kind) != p.Kind {
				t.Errorf("%s: param %s is %T, documented as %q", v.Code, p.Name, v.Params[p.Name], p.Kind)
			}
		}
	}
}

// paramKind is the kind of a value; where one Go type serves several, the wanted.
func paramKind(value any, wanted ParamKind) ParamKind {
	switch value.(type) {
	case nil:
		return InNothing
	case time.Time:
		return InTime
	case calendar.Date:
		return InDate
	case calendar.Interval:
		return InInterval
	case []calendar.Interval:
		return InSpans
	case string:
		return InText
	case Note:
		return InNote
	case int:
		if wanted == InMinutes || wanted == InDays {
			return wanted
		}
		return InNumber
	}
	return "unknown"
}

func TestCodesAreListedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, doc := range Codes {
		if seen[doc.Code] {
			t.Errorf("%s is listed twice", doc.Code)
		}
		seen[doc.Code] = true
	}
}

// everything is a question against which nearly every check speaks.
func everything(now string) Question {
	return with(func(q *Question) {
		q.Now = at(now)
		q.Asked = calendar.Interval{Begin: at("2024-01-10 12:10"), End: at("2024-01-11 01:15")}
		q.Place = Place{
			Raster: 60, MinMinutes: 60, MaxMinutes: new(120), DaysAheadMax: new(0), DaysAheadMin: 1,
			BookingTo: at("2024-01-09 00:00"), SeasonOnly: true, AdultOnly: true, StrongSignIn: true,
			ActiveLimit: new(1), PersonsMax: new(3), RequiredFields: []string{"purpose", "key"}, OnePlaceAtOnce: true,
		}
		q.Hours = []Hours{
			wednesday(Reservable, "09:00", "16:00"), wednesday(Reservable, "17:00", "19:00"), wednesday(Core, "13:00", "14:00"),
			wednesday(Open, "09:00", "20:00"),
		}
		q.Who = Who{Class: Company, Active: 1, Elsewhere: []calendar.Interval{between("15:00", "18:00")}}
		q.Form = Form{Persons: new(5)}
		q.Book = Book{Key: "none", Version: 3}
	})
}

var everythingSays = []string{
	CodeNotOpen, CodeWindow, CodeSeasonOnly, CodeAdultsOnly, CodeStrongSignIn, CodePast, CodeTooLong,
	CodeRasterStart, CodeRasterLength, CodeTooFarAhead, CodeTooSoon, CodeClosed, CodeCoreUse, CodeNotReservable,
	CodeActiveLimit, CodePersonsMax, CodeFieldMissing, CodeFieldMissing, CodeTerms, CodeElsewhere, CodeNobodyAllowed,
}

// All violations are told, in the order of the domain's list. What has begun
// cannot be too far ahead as well.
func TestAllViolationsInOrder(t *testing.T) {
	but := func(left string) []string {
		return slices.DeleteFunc(slices.Clone(everythingSays), func(code string) bool { return code == left })
	}
	check(t, []expect{
		{"before it begins", everything("2024-01-10 12:00"), but(CodePast)},
		{"after it has begun", everything("2024-01-10 12:20"), but(CodeTooFarAhead)},
	})
}

// A hold asks about place and time; the rest waits for the checkout.
func TestHoldAsksAboutPlaceAndTime(t *testing.T) {
	q := everything("2024-01-10 12:20")
	q.Stage = AtHold
	check(t, []expect{{"hold", q, []string{
		CodeNotOpen, CodeWindow, CodeSeasonOnly, CodePast, CodeTooLong, CodeRasterStart, CodeRasterLength,
		CodeTooSoon, CodeClosed, CodeCoreUse, CodeNotReservable,
	}}})

	q = with(func(q *Question) { q.Stage, q.Book, q.Form = AtHold, Book{}, Form{} })
	check(t, []expect{{"whom the book refuses is asked at confirm", q, nil}})
}

// Decisions are kept as JSON; times show the installation's offset.
func TestValuesShowTheZone(t *testing.T) {
	v := only(t, with(func(q *Question) { q.Now = at("2024-01-10 12:30").UTC() }), CodePast)
	if got := v.Value.(time.Time).Format(time.RFC3339); got != "2024-01-10T12:30:00+02:00" {
		t.Errorf("value %s", got)
	}
}
