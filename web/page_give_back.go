package web

import (
	"cmp"
	"net/url"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// giveBackRoutes are where the links of mails and calendars lead.
func giveBackRoutes() []route {
	return []route{
		{name: "give-back", method: get, at: one("/give-back/:token"), who: secretOwner, handle: (*visit).showGiveBack},
		{name: "give-back-it", method: post, at: one("/give-back/:token"), who: secretOwner, handle: (*visit).giveBack},
	}
}

// giveBackPage is the data of templates/give_back.html.
type giveBackPage struct {
	ui.Frame
	State    *ui.Alert // what is so by now
	Summary  ui.ErrorSummary
	Ticket   ui.Ticket
	Rule     string
	Post     string // "" = it cannot be given back
	Revision int
	Fee      *ui.Alert // what it costs now
	FeeCents int
	Contact  []ui.Fact // of the site, where only it can help
	Keep     ui.Link
}

// showGiveBack shows what would be given back and changes nothing: programs
// that look through mail open every link in it.
func (v *visit) showGiveBack() error {
	v.hideAddress()
	return v.giveBackForm(problems{})
}

func (v *visit) giveBackForm(p problems) error {
	token := v.param("token")
	back, err := v.server.Booking.LookToGiveBack(v.ctx, token)
	if err != nil {
		return err
	}
	v.speakFor(back.Language)
	card := back.Card
	page := giveBackPage{
		Frame: v.frame(v.t("give_back.title")), Summary: p.Summary, Rule: v.cancelDeadline(card), Revision: card.Revision,
		Ticket: ui.Ticket{
			Tag: v.stateTag(card.Reservation), Date: v.dateBlock(card.BeginAt), When: v.say.Range(card.BeginAt, card.EndAt),
			Room: v.named(card.ResourceName), Place: v.named(card.UnitName), Number: card.Number,
		},
		Keep: ui.Link{Href: v.path("reservation", card.Number), Label: v.t("mail.open")},
	}
	page.Path = v.path("home") // the secret address is not one to come back to
	switch over := card.State == booking.Cancelled; {
	case back.Refusal == nil:
		page.Post = v.path("give-back-it", token)
		if fee := card.LateFee(v.now); fee > 0 {
			page.FeeCents = fee
			page.Fee = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("fee.now", "cents", fee), Text: v.t("fee.why")}
		}
	case over && card.ReasonCode == booking.ReasonGivenBack:
		page.Frame.Title = v.t("give_back.done_title")
		page.State = &ui.Alert{Kind: ui.AlertSuccess, Title: v.t("give_back.done"), Text: v.t("give_back.done_text")}
	default:
		page.State = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("give_back.cannot"), Text: v.giveBackRefusal(back.Refusal)}
	}
	if page.Post == "" {
		page.Rule, page.Keep = "", ui.Link{Href: v.againHref(card), Label: v.t("give_back.again")}
	}
	if fault.Is(back.Refusal, fault.Refused) {
		page.Contact, err = v.contactOf(card.ResourceSlug)
	}
	if p.Code == "stale" {
		page.State = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("reservation.now"), Text: page.Ticket.When + ", " + page.Ticket.Tag.Label}
	}
	if err != nil {
		return err
	}
	return v.render("give_back", page)
}

// giveBackRefusal is why it is too late, and that the site may still be told.
func (v *visit) giveBackRefusal(refusal error) string {
	f := fault.As(refusal)
	text := sentence(v.say, f.Kind, f.Code, f.Params)
	if f.Kind == fault.Refused {
		text += " " + v.t("give_back.tell")
	}
	return text
}

// giveBack acts. Nobody has to sign in: the link is who they are.
func (v *visit) giveBack() error {
	v.hideAddress()
	revision, err := v.revision()
	if err == nil {
		_, err = v.server.Booking.GiveBack(v.ctx, v.param("token"), revision, v.toldFee())
	}
	if p, ok := v.problems(err); ok {
		return v.giveBackForm(p)
	} else if err != nil {
		return err
	}
	return v.redirect(v.path("give-back", v.param("token")))
}

// speakFor uses somebody's language where the visitor has not chosen one.
func (v *visit) speakFor(lang string) {
	if v.query("lang") == "" && v.c.Cookies(langCookie) == "" && !v.actor.SignedIn() {
		v.lang, v.say = lang, locales.New(lang, v.server.Zone)
	}
}

// contactOf is how to reach those who look after a room.
func (v *visit) contactOf(slug string) ([]ui.Fact, error) {
	place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
	if err != nil {
		return nil, err
	}
	var facts []ui.Fact
	if phone := cmp.Or(place.Resource.ContactPhone, place.Unit.Phone); phone != "" {
		facts = append(facts, ui.Fact{Icon: "phone", Label: v.t("field.phone"), Value: phone})
	}
	if email := cmp.Or(place.Resource.ContactEmail, place.Unit.Email); email != "" {
		subject := url.Values{"subject": {v.named(place.Resource.Name)}}
		facts = append(facts, ui.Fact{Icon: "mail", Label: v.t("field.email"), Value: email, Href: "mailto:" + url.PathEscape(email) + "?" + subject.Encode()})
	}
	return facts, nil
}
