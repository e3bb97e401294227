package web

import (
	"time"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/web/locales"
)

// quotaLines say how much is left of the quotas that bind the visitor and their
// associations.
func (v *visit) quotaLines(states []booking.QuotaState) []string {
	return quotaLines(v.say, v.now, states)
}

func quotaLines(say locales.Printer, now time.Time, states []booking.QuotaState) []string {
	var lines []string
	for _, state := range states {
		key := "quota.mine"
		if state.Holder != "" {
			key = "quota.theirs"
		}
		params := []any{"holder", state.Holder, "name", state.Name, "window", quotaWindow(say, now, state.Bound)}
		if left := state.MinutesLeft(); left != nil {
			lines = append(lines, say.T(key, append(params, "left", say.Duration(*left), "limit", say.Duration(*state.Minutes))...))
		}
		if left := state.TimesLeft(); left != nil {
			lines = append(lines, say.T(key, append(params, "left", say.T("quota.times", "n", *left), "limit", say.T("quota.times", "n", *state.Times))...))
		}
	}
	return lines
}

// quotaWindow is the window of a quota in words: "this week", "7–13 December".
func quotaWindow(say locales.Printer, now time.Time, b policies.Bound) string {
	if b.In == policies.InOpen {
		return say.T("quota.open")
	}
	first, last := b.Window.Begin, b.Window.End.Add(-time.Second)
	here := b.Window.Holds(now)
	switch {
	case here && (b.In == policies.InWeek || b.In == policies.InMonth):
		return say.T("quota.this." + b.In)
	case b.In == policies.InDay || b.In == policies.InSchoolDay:
		return say.ShortDate(first)
	}
	return say.T("quota.window", "from", first, "to", last)
}

// noteText is a note of the rules in the visitor's language.
func (v *visit) noteText(note policies.Note) string { return v.named(locales.Texts(note)) }
