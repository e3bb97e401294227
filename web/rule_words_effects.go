package web

import (
	"maps"
	"slices"
	"strings"

	"vuoro/policies"
	"vuoro/web/locales"
)

// effectWords are what a rule decides, each as a part of its sentence.
func (t ruleTeller) effectWords(e policies.Effects) []string {
	var then []string
	add := func(there bool, words func() string) {
		if there {
			then = append(then, words())
		}
	}
	if charge, ok := policies.ParseCharge(e.Price); ok {
		then = append(then, t.chargeWords(charge))
	}
	add(e.Verdict != "", func() string { return t.t("rule.verdict." + string(e.Verdict)) })
	then = append(then, t.limitWords(e.Limits)...)
	add(e.Competes != nil, func() string { return t.t(yesNo("says.competes", *e.Competes)) })
	add(e.Priority != nil, func() string { return t.t("says.priority", "n", *e.Priority) })
	add(e.OutsideHours != nil, func() string { return t.t(yesNo("says.outside_hours", *e.OutsideHours)) })
	add(e.Deposit != nil, func() string { return t.t("says.deposit", "sum", t.say.Price(*e.Deposit)) })
	for _, key := range slices.Sorted(maps.Keys(e.Factors)) {
		then = append(then, t.t("says.factor", "name", key, "percent", t.say.Percent(e.Factors[key])))
	}
	for _, fee := range e.Fees {
		then = append(then, t.feeWords(fee))
	}
	for _, quota := range e.Quotas {
		then = append(then, t.quotaWords(quota))
	}
	add(len(e.Fields) > 0, func() string { return t.t("says.fields", "names", strings.ToLower(t.say.And(t.fieldNames(e.Fields)))) })
	add(len(e.Terms) > 0, func() string { return t.t("says.terms", "names", t.say.And(slices.Clone(e.Terms))) })
	if e.Cancellation != nil {
		then = append(then, t.cancellationWords(*e.Cancellation)...)
	}
	return then
}

func (t ruleTeller) fieldNames(keys []string) []string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = t.questionName(key)
	}
	return names
}

func (t ruleTeller) chargeWords(c policies.Charge) string {
	switch {
	case c.Free:
		return t.t("rule.charge_free")
	case c.Agreed:
		return t.t("price.unknown")
	case c.Cents != nil:
		return t.t("says.cents", "sum", t.say.Price(*c.Cents))
	case c.Tariff != "" && c.Percent != 100:
		return t.t("says.tariff_share", "name", t.tariffName(c.Tariff), "percent", t.say.Percent(c.Percent))
	case c.Tariff != "":
		return t.t("says.tariff", "name", t.tariffName(c.Tariff))
	case c.Percent == 100:
		return t.t("rule.charge_list")
	}
	return t.t("rule.charge_percent", "percent", t.say.Number(int64(c.Percent)))
}

// tariffName is the name of a tariff, or its key.
func (t ruleTeller) tariffName(key string) string {
	for _, tariff := range t.book.Tariffs {
		if name := t.named(locales.Texts(tariff.Name)); tariff.Key == key && name != "" {
			return name
		}
	}
	return key
}

// limitWords are the limits that a rule sets.
func (t ruleTeller) limitWords(l *policies.Limits) []string {
	if l == nil {
		return nil
	}
	var words []string
	add := func(value *int, key, param string) {
		if value != nil {
			words = append(words, t.t(key, param, *value))
		}
	}
	add(l.MinMinutes, "rule.from_minutes", "minutes")
	add(l.MaxMinutes, "rule.limit_max", "max")
	add(l.DaysAheadMax, "rule.limit_ahead", "days")
	if l.DaysAheadMin != nil && *l.DaysAheadMin > 0 {
		add(l.DaysAheadMin, "rule.limit_notice", "days")
	} else if l.DaysAheadMin != nil {
		words = append(words, t.t("says.no_notice"))
	}
	add(l.ActiveLimit, "rule.limit_active", "limit")
	add(l.PersonsMin, "rule.from_persons", "n")
	add(l.PersonsMax, "rule.to_persons", "n")
	for _, limit := range []struct {
		value *bool
		key   string
	}{{l.AdultOnly, "says.adult_only"}, {l.StrongSignIn, "says.strong_sign_in"}} {
		if limit.value != nil {
			words = append(words, t.t(yesNo(limit.key, *limit.value)))
		}
	}
	if l.SeriesDays != nil && *l.SeriesDays == 0 {
		return append(words, t.t("says.no_series"))
	}
	add(l.SeriesDays, "rule.limit_series", "days")
	return words
}

func (t ruleTeller) feeWords(fee policies.Fee) string {
	per := fee.Per
	if per == "" {
		per = policies.PerUse
	}
	name := t.named(locales.Texts(fee.Name))
	if name == "" {
		name = fee.Key
	}
	words := t.t("says.fee", "name", strings.ToLower(name), "sum", t.t("price."+per, "cents", fee.Cents))
	if fee.PerPerson {
		words = t.t("says.fee_person", "fee", words)
	}
	if fee.Times != "" {
		words = t.t("says.fee_times", "fee", words, "question", t.questionName(fee.Times))
	}
	return words
}

// quotaWords says a quota: "kiintiö (iltavuorot): enintään 2 kertaa viikossa".
func (t ruleTeller) quotaWords(q policies.Quota) string {
	var most []string
	if q.Minutes != nil {
		most = append(most, t.t("says.quota_minutes", "minutes", *q.Minutes))
	}
	if q.Times != nil {
		most = append(most, t.t("says.quota_times", "n", *q.Times))
	}
	name := t.named(locales.Texts(q.Name))
	if name == "" {
		name = q.Key
	}
	in := t.t("says.quota_in." + q.In)
	if q.Season != nil {
		in += " " + t.seasonSpan(*q.Season)
	}
	parts := []string{t.say.And(most) + " " + in, t.t("says.quota_over."+t.reach(q.Over), "names", strings.Join(slices.Concat(q.Over.Groups, q.Over.Units, q.Over.Resources), ", "))}
	if q.Per == policies.PerPerson {
		parts = append(parts, t.t("says.quota_person"))
	}
	return t.t("says.quota", "name", name, "most", strings.Join(parts, " "))
}

// reach tells over which resources a quota counts.
func (ruleTeller) reach(o policies.Over) string {
	switch {
	case o.Book:
		return "book"
	case len(o.Groups)+len(o.Units)+len(o.Resources) > 0:
		return "some"
	}
	return "alone"
}

// cancellationWords say what giving up costs.
func (t ruleTeller) cancellationWords(c policies.Cancellation) []string {
	words := []string{t.t("says.cancel_free", "lead", t.lead(c.FreeMinutes))}
	for _, step := range c.Steps {
		words = append(words, t.t("says.cancel_step", "lead", t.lead(step.Minutes), "cost", t.costWords(step.Percent, step.Cents)))
	}
	if c.LatePercent > 0 || c.LateCents > 0 {
		words = append(words, t.t("says.cancel_late", "cost", t.costWords(c.LatePercent, c.LateCents)))
	}
	if c.UntilMinutes != nil {
		words = append(words, t.t("says.cancel_until", "lead", t.lead(*c.UntilMinutes)))
	}
	return words
}

// costWords is a share of the price, an amount, or both.
func (t ruleTeller) costWords(percent, cents int) string {
	switch {
	case percent > 0 && cents > 0:
		return t.t("says.cost_both", "percent", t.say.Percent(percent), "sum", t.say.Price(cents))
	case percent > 0:
		return t.t("says.cost_percent", "percent", t.say.Percent(percent))
	}
	return t.say.Price(cents)
}

// lead is a time before the begin in words: whole days where it is some.
func (t ruleTeller) lead(minutes int) string {
	if minutes >= calendarDay && minutes%calendarDay == 0 {
		return t.t("says.days", "days", minutes/calendarDay)
	}
	return t.say.Length(minutes)
}

// tariffWords is a tariff in lines: its price, bands or steps, and what bounds
// it.
func (t ruleTeller) tariffWords(tariff policies.Tariff) []string {
	var lines []string
	for i, step := range tariff.Steps {
		lines = append(lines, t.stepWords(tariff.Steps[:i], step))
	}
	for _, band := range tariff.Bands {
		time := t.weeklyWords(policies.Weekly{Weekdays: band.Weekdays, From: band.From, To: band.To})
		lines = append(lines, t.t("says.band", "time", time, "sum", t.perWords(band.Cents, band.Per)))
	}
	switch own := t.perWords(tariff.Cents, tariff.Per); {
	case len(tariff.Bands) > 0:
		lines = append(lines, t.t("says.band_else", "sum", own))
	case len(tariff.Steps) == 0:
		lines = append(lines, own)
	}
	if tariff.MinMinutes > 0 {
		lines = append(lines, t.t("says.tariff_min", "minutes", tariff.MinMinutes))
	}
	if tariff.DayHours > 0 {
		lines = append(lines, t.t("says.tariff_day", "n", tariff.DayHours))
	}
	if tariff.PerPart {
		lines = append(lines, t.t("says.tariff_parts"))
	}
	if tariff.PerPerson {
		lines = append(lines, t.t("says.tariff_persons"))
	}
	if tariff.MaxCents != nil {
		lines = append(lines, t.t("says.tariff_most", "sum", t.say.Money(*tariff.MaxCents)))
	}
	return lines
}

func (t ruleTeller) perWords(cents int, per string) string {
	if per == "" {
		per = policies.PerHour
	}
	return t.t("price."+per, "cents", cents)
}

func (t ruleTeller) stepWords(before []policies.Step, step policies.Step) string {
	sum := t.say.Money(step.Cents)
	if step.Per != "" {
		sum = t.t("says.step_more", "sum", t.perWords(step.Cents, step.Per))
	}
	if step.UpTo != nil {
		return t.t("says.step_to", "minutes", *step.UpTo, "sum", sum)
	}
	if len(before) == 0 {
		return sum
	}
	return t.t("says.step_over", "minutes", *before[len(before)-1].UpTo, "sum", sum)
}

// vatWords is a rate with the day from which it holds.
func (t ruleTeller) vatWords(rate policies.VATRate) string {
	words := t.t(yesNo("says.vat", rate.Included), "rate", t.decimal(float64(rate.Permille)/10))
	if rate.From != nil {
		words = t.t("says.from_date", "day", t.dateWords(*rate.From)) + ": " + words
	}
	return capital(words)
}
