package policies

import "vuoro/calendar"

// Summary is one rule as parts that a page can phrase: "Associations · Mon–Fri
// 16.00–21.00 · free of charge · no approval · up to 14 days ahead". What is
// empty, nil or zero is not part of the rule.
type Summary struct {
	ID         string
	Classes    []Class // none = everybody
	Under18    *bool
	Local      *bool
	Use        string // "core" or "civic"
	Weekdays   []WeekdayRange
	From       *calendar.Minute // local time of day; To may lie past 24:00
	To         *calendar.Minute
	Season     *MonthDays
	Purposes   []string
	PersonsMin *int
	PersonsMax *int
	MinutesMin *int
	Answers    map[string]Values
	Verdict    Verdict // "" = the rule is not about that
	Charge     *Charge // nil = the rule is not about the price
	Competes   *bool
	Limits     Limits
	Note       Note
	Rule       Rule // all of it, for what has no part of its own above
}

// WeekdayRange is a run of weekdays, both included; First = Last is one day.
type WeekdayRange struct {
	First calendar.Weekday
	Last  calendar.Weekday
}

// Describe gives the rules as summaries, in their order.
func (r Rules) Describe() []Summary {
	summaries := make([]Summary, len(r.Rules))
	for i, rule := range r.Rules {
		summaries[i] = Describe(rule)
	}
	return summaries
}

// Describe gives one rule, as ParseRules lets it through, as a summary.
func Describe(rule Rule) Summary {
	s := Summary{
		ID: rule.ID, Note: rule.Note, Rule: rule,
		Classes: rule.Who.Classes, Under18: rule.Who.Under18, Local: rule.Who.Local,
		Use: rule.When.Use, Weekdays: weekdayRanges(rule.When.Weekdays),
		From: minuteOrNil(rule.When.From), To: minuteOrNil(rule.When.To), Season: rule.When.Season,
		Purposes: rule.What.Purposes, PersonsMin: rule.What.PersonsMin, PersonsMax: rule.What.PersonsMax,
		MinutesMin: rule.What.MinutesMin, Answers: rule.What.Answers,
		Verdict: rule.Effects.Verdict, Competes: rule.Effects.Competes,
	}
	if charge, ok := ParseCharge(rule.Effects.Price); ok {
		s.Charge = &charge
	}
	if rule.Effects.Limits != nil {
		s.Limits = *rule.Effects.Limits
	}
	return s
}

// weekdayRanges folds weekdays, in whatever order they were written.
func weekdayRanges(weekdays []int) []WeekdayRange {
	var on [calendar.Sunday + 1]bool
	for _, day := range weekdays {
		if day >= int(calendar.Monday) && day <= int(calendar.Sunday) {
			on[day] = true
		}
	}
	var ranges []WeekdayRange
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		switch {
		case !on[day]:
		case on[day-1]:
			ranges[len(ranges)-1].Last = day
		default:
			ranges = append(ranges, WeekdayRange{First: day, Last: day})
		}
	}
	return ranges
}

func minuteOrNil(text string) *calendar.Minute {
	minute, err := calendar.ParseMinute(text)
	if err != nil {
		return nil
	}
	return &minute
}
