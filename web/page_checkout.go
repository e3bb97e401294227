package web

import (
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// checkoutPage is the data of templates/checkout.html.
type checkoutPage struct {
	ui.Frame
	Summary   ui.ErrorSummary
	Refused   *ui.Alert // the time is gone: ways out
	Countdown *ui.Countdown
	CanExtend bool
	Lost      bool // nothing is being kept any more
	Ticket    ui.Ticket
	Fields    []ui.Field
	Free      []ui.Field // an application for free use; none where nothing is charged
	FreeOpen  bool
	Holders   *ui.Field
	Hidden    []ui.Hidden
	Terms     []string
	Texts     []shownTerms // that must be accepted
	Quotas    []string     // what is left of them
	FullTerms string
	TermsLang string
	TermsBox  ui.Field
	Verdict   *ui.Alert // what happens after the button
	Button    string
	SignedIn  bool
	Email     ui.Field
	People    []demoPerson
	Return    string
	RoomHref  string
	Series    *seriesRule // where a series may be made
	WaitHref  string      // the line for this time
}

// showCheckout shows the form of the time in the address; without one, of the
// time that is being kept for the visitor.
func (v *visit) showCheckout() error {
	d := draft{Room: v.query("room"), Begin: v.query("begin"), End: v.query("end")}
	if d.Room == "" {
		hold, err := v.server.Booking.CurrentHold(v.ctx, v.actor)
		if err != nil {
			return err
		}
		if hold == nil {
			return v.redirect(v.path("rooms"))
		}
		return v.redirect(v.checkoutHref(hold.ResourceSlug, hold.Interval()))
	}
	return v.checkout(v.continued(d), problems{})
}

// checkout renders the form with what was typed and what is wrong with it.
func (v *visit) checkout(d draft, p problems) error {
	place, err := v.draftPlace(&d)
	if err != nil {
		return err
	}
	asked, _ := d.times()
	hold, err := v.holdOf(d.Room, asked)
	if err != nil {
		return err
	}
	if d.Key == "" {
		d.Key = uuid.NewString()
	}
	page := v.checkoutFrame(place, asked, d)
	page.Summary = p.Summary
	if err := v.fillCheckout(&page, place, d, p); err != nil {
		return err
	}
	v.fillHold(&page, hold, p)
	return v.render("checkout", page)
}

// holdOf is the visitor's hold of exactly this room and time, or nil.
func (v *visit) holdOf(slug string, asked calendar.Interval) (*booking.Card, error) {
	hold, err := v.server.Booking.CurrentHold(v.ctx, v.actor)
	if err != nil || hold == nil || hold.ResourceSlug != slug || !hold.BeginAt.Equal(asked.Begin) || !hold.EndAt.Equal(asked.End) {
		return nil, err
	}
	return hold, nil
}

func (v *visit) checkoutFrame(place resources.Place, asked calendar.Interval, d draft) checkoutPage {
	r := place.Resource
	name := v.named(r.Name)
	picture, _ := v.cardPicture(place)
	page := checkoutPage{
		Frame: v.frame(v.t("checkout.title"), ui.Link{Href: v.path("rooms"), Label: v.t("nav.search")},
			ui.Link{Href: v.path("room", r.Slug), Label: name}),
		SignedIn: v.actor.SignedIn(), Return: v.checkoutHref(d.Room, asked), RoomHref: v.chosenHref(r.Slug, asked), WaitHref: v.joinHref(d.Room, asked),
		Hidden: []ui.Hidden{{Name: "room", Value: d.Room}, {Name: "begin", Value: d.Begin}, {Name: "end", Value: d.End}, {Name: "key", Value: d.Key}},
	}
	page.NoIndex = true
	page.Ticket = ui.Ticket{
		Date: v.dateBlock(asked.Begin), When: v.say.Range(asked.Begin, asked.End), Room: name, Href: v.path("room", r.Slug),
		Place: v.named(place.Unit.Name), Picture: picture,
		Tag: ui.StatusTag{Kind: ui.KindHeld, Label: v.t("state.held")},
	}
	if address := addressLine(place.Unit); address != "" {
		page.Ticket.Facts = append(page.Ticket.Facts, ui.Fact{Icon: "map-pin", Label: v.t("room.address"), Value: address})
	}
	return page
}

// fillHold shows how long the time is kept; when it is not, the form stays and
// says so.
func (v *visit) fillHold(page *checkoutPage, hold *booking.Card, p problems) {
	if p.Refusal != nil && (len(p.Refusal.Alternatives) > 0 || p.Refusal.OtherTimeHelps()) {
		page.Refused = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("checkout.instead"), Links: v.alternativeLinks(p.Refusal.Alternatives)}
		if len(page.Refused.Links) == 0 {
			page.Refused.Links = []ui.Link{{Href: page.RoomHref, Label: v.t("checkout.other_time")}}
		}
		if len(p.Refusal.Conflicts) > 0 {
			page.Refused.Links = append(page.Refused.Links, ui.Link{Href: page.WaitHref, Label: v.t("wait.link_this")})
		}
	}
	if hold == nil {
		page.Lost = true
		page.Ticket.Tag = ui.StatusTag{Kind: ui.KindExpired, Label: v.t("hold.not_kept")}
		return
	}
	left := int(hold.HeldUntil.Sub(v.now).Seconds())
	page.Countdown = &ui.Countdown{
		Seconds: left, Remaining: v.say.Countdown(left), Text: v.t("hold.kept"),
		Expired: v.t("hold.expired"), Warning: v.t("hold.warning"),
	}
	page.CanExtend = v.actor.SignedIn() && hold.HeldUntil.Sub(hold.MadeAt).Minutes() <= 10
}

// patiently runs a booking. While an earlier press of the same button is still
// at work it waits for what that one makes, and leads to the same receipt.
func patiently[T any](v *visit, book func() (T, error)) (T, error) {
	for {
		made, err := book()
		if fault.Code(err) != "idempotency.in_progress" {
			return made, err
		}
		select {
		case <-v.ctx.Done():
			return made, err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
