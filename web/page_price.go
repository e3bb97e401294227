package web

import (
	"vuoro/booking"
	"vuoro/db"
	"vuoro/ledger"
	"vuoro/notify"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// priceFacts are the steps of a price in words, for the list of facts below the
// sum.
func (v *visit) priceFacts(lines []ledger.PriceLine) []ui.Fact {
	var facts []ui.Fact
	for _, line := range lines {
		label, amount := notify.PriceWords(v.say, line)
		facts = append(facts, ui.Fact{Icon: "receipt", Label: label, Value: amount})
	}
	return facts
}

// cancellationLines say until when giving up is free, what it costs afterwards
// and until when it can be done, by the terms of a price.
func (v *visit) cancellationLines(price policies.Price, place resources.Resource) []string {
	c := price.Cancellation
	if c == nil || c.LatePercent == 0 && c.LateCents == 0 && len(c.Steps) == 0 {
		return nil
	}
	lines := []string{v.t("fee.free_till", "minutes", c.FreeMinutes)}
	if days := c.FreeMinutes / calendarDay; days > 1 && c.FreeMinutes%calendarDay == 0 {
		lines[0] = v.t("fee.free_days", "days", days)
	}
	teller := v.tells(policies.Rules{})
	for _, step := range c.Steps {
		lines = append(lines, v.t("fee.step", "lead", teller.lead(step.Minutes), "cost", teller.costWords(step.Percent, step.Cents)))
	}
	switch {
	case c.LatePercent > 0 && c.LateCents > 0:
		lines = append(lines, v.t("fee.both", "percent", c.LatePercent, "cents", c.LateCents))
	case c.LatePercent > 0:
		lines = append(lines, v.t("fee.percent", "percent", c.LatePercent))
	default:
		lines = append(lines, v.t("fee.cents", "cents", c.LateCents))
	}
	kept := booking.Reservation{Price: db.AsJSON(price)}
	place.CancelMinutes = kept.Notice(place.CancelMinutes)
	return append(lines, v.cancelLine(place))
}

// feeLine is what giving a reservation up costs now, or from when on it will.
func (v *visit) feeLine(r booking.Reservation) string {
	if fee := r.LateFee(v.now); fee > 0 {
		return v.t("fee.now", "cents", fee)
	}
	till := r.FreeTill()
	if till.IsZero() || r.State == booking.Requested || !till.After(v.now) {
		return ""
	}
	return v.t("fee.from", "till", till, "cents", r.LateFee(r.BeginAt))
}
