package web

import (
	"net/url"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// workDetail is a reservation as its handler sees it: in the pane of the inbox
// and on its own page. Template "work-detail".
type workDetail struct {
	CSRF     string
	Post     string // where its forms go
	Ref      string
	Revision int
	Href     string // its own page
	Room     string
	Lang     string // of the room's name
	Place    string
	When     string
	Tag      ui.StatusTag
	Flags    []ui.StatusTag
	Facts    []ui.Fact
	Alerts   []ui.Alert
	Summary  ui.ErrorSummary
	Rules    *ruleCheck
	Timeline *ui.Timeline
	Standing []ui.Fact
	Decide   bool          // it waits, and the visitor may decide
	Free     bool          // free use was applied for: the approval decides on it
	FreeWhy  string        // the reason
	Price    string        // what it costs otherwise
	Reason   ui.Field      // of a denial
	Over     *ui.Field     // why more is given than a quota lets; nil = it is within
	Keys     bool          // single-letter keys are on
	Turns    []handledTurn // of a series: its dates
	Series   *ui.Link      // of a date: its series
}

// detail reads a reservation with everything its handler looks at. p is what
// was wrong with a form that was posted.
func (v *visit) detail(ref string, p problems) (workDetail, booking.Card, error) {
	card, err := v.server.Booking.GetForStaff(v.ctx, v.actor, ref)
	if err != nil {
		return workDetail{}, card, err
	}
	d := workDetail{
		CSRF: v.server.Accounts.CSRF(v.actor.Session), Ref: card.Number, Revision: card.Revision,
		Href: v.path("work-reservation", card.Number), Place: v.named(card.UnitName), When: v.say.Range(card.BeginAt, card.EndAt),
		Tag: v.workTag(card.Reservation), Facts: v.workFacts(card), Keys: v.keysOn(),
		Decide: card.State == booking.Requested && v.mayHandle(card.Unit), Summary: p.Summary,
	}
	d.Post = d.Href
	if d.Free = d.Decide && card.FreeReason != ""; d.Free {
		d.FreeWhy, d.Price = card.FreeReason, v.sumOrAgreed(card.PriceCents)
	}
	d.Room, d.Lang = v.text(card.ResourceName)
	d.Reason = ui.Field{
		Name: "reason", ID: "deny-reason", Label: v.t("work.deny_reason"), Hint: v.t("work.deny_reason_hint"), Type: "textarea", Rows: 3,
	}
	if v.form("act") == "deny" {
		d.Reason = v.field(d.Reason, p)
	}
	if card.SeriesUID != nil {
		d.Series = &ui.Link{Href: v.path("work-series", card.SeriesNumber), Label: v.t("work.series_see", "number", card.SeriesNumber)}
	}
	if p.Refusal != nil {
		d.Alerts = append(d.Alerts, v.conflictAlert(p.Refusal.Conflicts))
	}
	if v.form("act") == memoAct { // its own form says what others wrote
		p.Code = ""
	}
	if p.Code == "stale" || p.Code == "booking.already_decided" {
		d.Alerts = append(d.Alerts, v.nowAlert(card))
	}
	if card.Kind == policies.Closure {
		return d, card, nil
	}
	waits, err := v.server.Booking.CountWaits(v.ctx, v.actor, card.Reservation)
	if err != nil {
		return d, card, err
	}
	if waits > 0 {
		d.Facts = append(d.Facts, ui.Fact{Icon: "users", Label: v.t("wait.mine"), Value: v.say.Number(int64(waits))})
	}
	kept, err := v.keptFacts(card)
	if err != nil {
		return d, card, err
	}
	d.Facts = append(d.Facts, kept...)
	return d, card, v.judgement(&d, card)
}

// nowAlert tells what a reservation is by now, and gives back what was typed for
// a form that is no longer there.
func (v *visit) nowAlert(card booking.Card) ui.Alert {
	alert := ui.Alert{Kind: ui.AlertWarning, Title: v.t("work.now_is", "state", string(card.State))}
	if typed := v.form("reason"); typed != "" {
		alert.Text = joined(v.t("work.typed"), typed)
	}
	return alert
}

// judgement adds what the rules say, what stands around, and who asks.
func (v *visit) judgement(d *workDetail, card booking.Card) error {
	review, err := v.server.Booking.Review(v.ctx, v.actor, card.Number)
	if err != nil {
		return err
	}
	d.Rules = v.ruleCheck(review)
	d.Over = v.overField(review.Decision, d.Summary)
	if card.State == booking.Requested && len(review.Conflicts) > 0 && len(d.Alerts) == 0 {
		d.Alerts = append(d.Alerts, v.conflictAlert(review.Conflicts))
	}
	around, err := v.server.Booking.Around(v.ctx, v.actor, card.Number)
	if err != nil {
		return err
	}
	d.Timeline = v.aroundTimeline(card, around)
	standing, err := v.server.Booking.HolderStanding(v.ctx, v.actor, card.Number)
	if card.HolderPerson != nil || card.HolderAssociation != nil {
		d.Standing = v.standingFacts(standing)
	}
	return err
}

// overField asks why staff give more than a quota lets somebody have; nil where
// it is within the quota.
func (v *visit) overField(d policies.Decision, wrong ui.ErrorSummary) *ui.Field {
	if !slices.ContainsFunc(d.Violations, func(x policies.Violation) bool {
		return x.Code == policies.CodeQuota || x.Code == policies.CodeQuotaTimes
	}) {
		return nil
	}
	act := v.form("act")
	field := &ui.Field{
		Name: "reason", ID: "approve-reason", Label: v.t("work.override_reason"), Hint: v.t("work.over_quota_hint"), Type: "textarea", Rows: 2, MaxLength: 2000,
	}
	if act == "approve" || act == "return" {
		field.ID, field.Value = act+"-reason", v.form("reason")
		for _, item := range wrong.Items {
			if item.FieldID == field.ID {
				field.Error = item.Message
			}
		}
	}
	return field
}

// atFields points the items of a summary to elements whose ids differ from the
// names of their fields.
func atFields(summary ui.ErrorSummary, ids map[string]string) ui.ErrorSummary {
	for i, item := range summary.Items {
		if id, ok := ids[item.FieldID]; ok {
			summary.Items[i].FieldID = id
		}
	}
	return summary
}

// workTag is the state in staff's words: a closure and the city's own use are
// not "confirmed".
func (v *visit) workTag(r booking.Reservation) ui.StatusTag {
	switch {
	case r.State == booking.Confirmed && r.Kind == policies.Closure:
		return ui.StatusTag{Kind: ui.KindClosure, Label: v.t("reservation_kind.closure")}
	case r.State == booking.Confirmed && r.Kind == policies.Staff:
		return ui.StatusTag{Kind: ui.KindStaff, Label: v.t("reservation_kind.staff")}
	}
	return v.stateTag(r)
}

func (v *visit) workFacts(card booking.Card) []ui.Fact {
	var facts []ui.Fact
	add := func(icon, label, value, href string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: v.t(label), Value: value, Href: href})
		}
	}
	add("calendar-event", "work.fact.title", card.Title, "")
	add("users", "work.fact.holder", v.holderName(card), "")
	if card.MadeByName != card.HolderName {
		add("user", "work.fact.made_by", card.MadeByName, "")
	}
	if card.MadeByEmail != "" {
		add("mail", "work.fact.email", card.MadeByEmail, "mailto:"+url.PathEscape(card.MadeByEmail))
	}
	if card.Persons != nil {
		add("users", "work.fact.persons", strconv.Itoa(*card.Persons), "")
	}
	add("flag", "work.fact.purpose", v.purpose(card.Purpose), "")
	if card.Kind != policies.Closure {
		add("currency-euro", "work.fact.price", v.sumOrAgreed(card.PriceCents), "")
	}
	add("currency-euro", "mail.fact.free", joined(capital(v.freeWord(card.Reservation)), card.FreeReason), "")
	if card.BufferBefore+card.BufferAfter > 0 && !card.WholeDay {
		add("hourglass", "work.fact.buffers", v.t("work.buffers", "before", card.BufferBefore, "after", card.BufferAfter), "")
	}
	add("clock", "work.fact.made", v.t("work.made_at", "at", card.MadeAt, "ago", v.age(card.MadeAt)), "")
	reason := card.ReasonText
	if card.ReasonCode != "" && card.ReasonCode != "other" {
		reason = joined(v.say.Word("reason", card.ReasonCode), reason)
	}
	add("message", "work.fact.reason", reason, "")
	add("receipt", "work.fact.number", card.Number, "")
	return facts
}

// joined puts two texts into one line; an empty one leaves nothing behind.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ": " + b
}

// holderName is for whom a reservation is; of the city's own use, its unit.
func (v *visit) holderName(card booking.Card) string {
	switch card.HolderKind {
	case booking.HeldByUnit:
		return v.named(card.UnitName)
	case booking.HeldByUnknown:
		return v.say.Word("holder", string(card.HolderKind))
	}
	return card.HolderName
}

func (v *visit) standingFacts(s booking.Standing) []ui.Fact {
	if s.Since == nil {
		return []ui.Fact{{Icon: "star", Label: v.t("work.standing.none"), Value: v.t("work.first_timer_long")}}
	}
	facts := []ui.Fact{{Icon: "history", Label: v.t("work.standing.since"), Value: v.say.DayMonthYear(*s.Since)}}
	for _, n := range []struct {
		icon, key string
		count     int
	}{
		{"check", "past", s.Past},
		{"calendar-event", "coming", s.Coming},
		{"hourglass", "waiting", s.Waiting},
		{"x", "cancelled", s.Cancelled},
		{"ban", "denied", s.Denied},
		{"alert-triangle", "missed", s.Missed},
	} {
		if n.count > 0 || n.key == "past" || n.key == "missed" {
			facts = append(facts, ui.Fact{Icon: n.icon, Label: v.t("work.standing." + n.key), Value: v.say.Number(int64(n.count))})
		}
	}
	return facts
}

// conflictAlert lists what stands in the way of a time.
func (v *visit) conflictAlert(conflicts []booking.Conflict) ui.Alert {
	alert := ui.Alert{Kind: ui.AlertDanger, Title: v.t("work.conflict_title")}
	var parts []string
	for _, c := range conflicts {
		parts = append(parts, v.say.ShortRange(c.Begin, c.End)+" "+v.t("conflict."+c.Kind))
	}
	if len(parts) > 0 {
		alert.Text = v.say.And(parts) + "."
	}
	return alert
}

// purpose is what people come to do, in words.
func (v *visit) purpose(key string) string {
	if name := v.named(resources.Name(resources.Purposes, key)); name != "" {
		return name
	}
	return key
}
