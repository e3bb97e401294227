package web

import (
	"time"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/web/locales"
)

// quotaLines say how much is left of the quotas that bind the visitor and those
// of their associations that have used some.
func (v *visit) quotaLines(states []booking.QuotaState) []string {
	var lines []string
	for _, state := range states {
		if state.Holder == "" || state.Used.Times > 0 {
			lines = append(lines, quotaLine(v.say, v.now, state)...)
		}
	}
	return lines
}

// quotasBesides say to staff what is left of a holder's quotas without the
// reservation that is looked at.
func (v *visit) quotasBesides(states []booking.QuotaState) []string {
	var lines []string
	for _, state := range states {
		state.Holder = v.t("quota.besides")
		lines = append(lines, quotaLine(v.say, v.now, state)...)
	}
	return lines
}

// quotaLine says what is left of one quota, in minutes and in times.
func quotaLine(say locales.Printer, now time.Time, state booking.QuotaState) []string {
	key := "quota.mine"
	if state.Holder != "" {
		key = "quota.theirs"
	}
	params := []any{"holder", state.Holder, "window", quotaWindow(say, now, state.Bound)}
	var lines []string
	if left := state.MinutesLeft(); left != nil {
		lines = append(lines, say.T(key, append(params, "left", say.Duration(*left), "limit", say.Duration(*state.Minutes))...))
	}
	if left := state.TimesLeft(); left != nil {
		lines = append(lines, say.T(key, append(params, "left", say.T("quota.times", "n", *left), "limit", say.T("quota.times", "n", *state.Times))...))
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
	return say.T("quota.window", "from", say.DayMonth(first), "to", say.DayMonth(last))
}
