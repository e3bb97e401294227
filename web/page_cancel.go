package web

import (
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// cancelPage is the data of templates/cancel.html.
type cancelPage struct {
	ui.Frame
	Ticket   ui.Ticket
	Summary  ui.ErrorSummary
	Now      *ui.Alert // what is so by now, when the page was out of date
	Rule     string
	Reason   ui.Field
	Text     ui.Field
	Revision string
	Post     string
	Back     string
	Button   string
	Possible bool
	Fee      *ui.Alert // what it costs now
	FeeCents int
	Series   string // asks for more dates of its series; "" = it is in none
}

// showCancel states the rule and the deadline before anything happens.
func (v *visit) showCancel() error {
	card, err := v.server.Booking.Get(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return v.hiddenFromVisitors(err)
	}
	return v.cancelForm(card, problems{})
}

func (v *visit) cancelForm(card booking.Card, p problems) error {
	if card.State != booking.Confirmed && card.State != booking.Requested && card.State != booking.AwaitingPayment {
		return v.redirect(v.path("reservation", card.Number))
	}
	if !v.mayChange(card) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	page := v.cancelPage(card)
	page.Summary = p.Summary
	page.Reason, page.Text = v.field(page.Reason, p), v.field(page.Text, p)
	if p.Code == "stale" {
		page.Now = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("reservation.now"), Text: page.Ticket.When + ", " + page.Ticket.Tag.Label}
	}
	return v.render("cancel", page)
}

func (v *visit) cancelPage(card booking.Card) cancelPage {
	back := v.path("reservation", card.Number)
	key := "cancel.title"
	button := v.t("action.cancel_booking")
	if card.State == booking.Requested {
		key, button = "cancel.title_request", v.t("action.withdraw")
	}
	page := cancelPage{
		Frame: v.frame(v.t(key), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}, ui.Link{Href: back, Label: card.Number}),
		Rule:  v.cancelDeadline(card), Revision: strconv.Itoa(card.Revision), Post: v.path("cancel-it", card.Number), Back: back, Button: button,
		Possible: card.BeginAt.After(v.now) && (card.State == booking.Requested || v.inTime(card)),
		Text:     ui.Field{Name: "text", Label: v.t("cancel.text"), Type: "textarea", Rows: 3, MaxLength: 2000, Optional: true},
		Reason:   ui.Field{Name: "reason_code", Label: v.t("cancel.reason"), Type: "radio"},
		Ticket: ui.Ticket{
			Tag: v.stateTag(card.Reservation), Date: v.dateBlock(card.BeginAt), When: v.say.Range(card.BeginAt, card.EndAt),
			Room: v.named(card.ResourceName), Place: v.named(card.UnitName), Number: card.Number,
		},
	}
	if fee := card.LateFee(v.now); fee > 0 && page.Possible {
		page.FeeCents, page.Button = fee, v.t("fee.button", "cents", fee)
		page.Fee = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("fee.now", "cents", fee), Text: v.t("fee.why")}
		page.Rule = v.t("mail.cancel_till", "till", booking.CancelDeadline(card.Reservation, *card.Notice(card.CancelMinutes)))
	}
	if card.SeriesUID != nil {
		page.Series = v.seriesScopeHref(card)
	}
	chosen := booking.CancelReasons[0]
	if asked := v.query("reason"); slices.Contains(booking.CancelReasons, asked) {
		chosen = asked
	}
	for _, code := range booking.CancelReasons {
		page.Reason.Options = append(page.Reason.Options, ui.Option{Value: code, Label: v.t("reason." + code), Selected: code == chosen})
	}
	return page
}

// toldFee is what the page said that giving up costs, in cents.
func (v *visit) toldFee() int {
	told, err := strconv.Atoi(v.form("fee"))
	if err != nil {
		return 0
	}
	return told
}

// cancelReservation ends a reservation or withdraws a request.
func (v *visit) cancelReservation() error {
	ref := v.param("ref")
	revision, err := v.revision()
	if err == nil {
		_, err = v.server.Booking.Cancel(v.ctx, v.actor, booking.Change{
			Ref: ref, Revision: revision, ReasonCode: v.form("reason_code"), ReasonText: v.form("text"), Fee: v.toldFee(),
		})
	}
	if err == nil {
		v.flash(ui.AlertSuccess, "cancel.done", nil)
		return v.redirect(v.path("reservation", ref))
	}
	p, ok := v.problems(err)
	if !ok {
		return err
	}
	card, getErr := v.server.Booking.Get(v.ctx, v.actor, ref)
	if getErr != nil {
		return getErr
	}
	return v.cancelForm(card, p)
}
