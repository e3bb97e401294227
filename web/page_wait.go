package web

import (
	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/ui"
)

// waitPage is the data of templates/wait.html.
type waitPage struct {
	ui.Frame
	Summary   ui.ErrorSummary
	Ticket    ui.Ticket
	State     ui.Alert
	Post      string
	CanAnswer bool // an offer is open
	CanLeave  bool // in line
	Booking   string
	RoomHref  string
}

// redirectWait leads from the address in mails to the page in the visitor's
// language.
func (v *visit) redirectWait() error {
	return v.c.Redirect(v.path("wait", v.param("uid")), 302)
}

func (v *visit) wait() (booking.WaitCard, error) {
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return booking.WaitCard{}, fault.New(fault.NotFound, "waiting.not_found")
	}
	return v.server.Booking.WaitOf(v.ctx, v.actor, uid)
}

func (v *visit) showWait() error {
	card, err := v.wait()
	if err != nil {
		return v.hiddenFromVisitors(err)
	}
	return v.waitPage(card, problems{})
}

func (v *visit) waitPage(c booking.WaitCard, p problems) error {
	name := v.named(c.ResourceName)
	page := waitPage{
		Frame: v.frame(v.t("wait.mine"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}), Summary: p.Summary,
		State: v.waitAlert(c), Post: v.path("wait-act", c.UID.String()), CanAnswer: c.Open(v.now), CanLeave: c.State == booking.InLine && !c.Ended(v.now),
		RoomHref: v.chosenHref(c.ResourceSlug, calendar.Interval{Begin: c.BeginAt, End: c.EndAt}),
	}
	page.Title = page.State.Title
	page.Ticket = ui.Ticket{
		Tag: v.waitTag(c), Date: v.dateBlock(c.BeginAt), When: v.say.Range(c.BeginAt, c.EndAt), Room: name, Href: v.path("room", c.ResourceSlug),
		Place: v.named(c.UnitName), Picture: v.picture(c.ResourceSlug), Facts: v.waitFacts(c),
	}
	if c.State == booking.Served && c.Number != "" {
		page.Booking = v.path("reservation", c.Number)
	}
	return v.render("wait", page)
}

// shownState is what a wish has come to, also before the jobs have written it.
func (v *visit) shownState(c booking.WaitCard) booking.WaitState {
	if c.Ended(v.now) && c.State != booking.Served {
		return booking.Left
	}
	return c.State
}

func (v *visit) waitTag(c booking.WaitCard) ui.StatusTag {
	state := v.shownState(c)
	tag := ui.StatusTag{Kind: ui.KindExpired, Label: v.t("wait.tag."+string(state), "place", c.Place)}
	switch state {
	case booking.InLine:
		tag.Kind = ui.KindRequested
	case booking.Offered:
		tag.Kind = ui.KindHeld
	case booking.Served:
		tag.Kind = ui.KindConfirmed
	}
	return tag
}

// waitAlert says where the wish is and what comes next.
func (v *visit) waitAlert(c booking.WaitCard) ui.Alert {
	state := v.shownState(c)
	alert := ui.Alert{Kind: ui.AlertInfo, Title: v.t("wait.said."+string(state), "place", c.Place)}
	switch {
	case state == booking.Offered:
		alert.Kind = ui.AlertSuccess
		alert.Text = v.t("wait.text.offered", "till", *c.AnswerBy, "left", v.say.Duration(max(1, wholeMinutes(c.AnswerBy.Sub(v.now)))))
	case !c.BeginAt.After(v.now) && state == booking.Left:
		alert.Text = v.t("wait.text.past")
	default:
		alert.Text = v.t("wait.text." + string(state))
	}
	return alert
}

// answerWait accepts or declines an offer, or leaves the line.
func (v *visit) answerWait() error {
	card, err := v.wait()
	if err != nil {
		return err
	}
	key, to := "", v.path("wait", card.UID.String())
	switch v.form("do") {
	case "accept":
		var made booking.Reservation
		made, err = v.server.Booking.AcceptOffer(v.ctx, v.actor, card.UID)
		to = v.path("reservation", made.Number)
	case "decline":
		key = "wait.declined"
		_, err = v.server.Booking.DeclineOffer(v.ctx, v.actor, card.UID)
	default:
		key = "wait.left"
		_, err = v.server.Booking.LeaveLine(v.ctx, v.actor, card.UID)
	}
	if p, ok := v.problems(err); ok {
		if card, err = v.wait(); err != nil {
			return err
		}
		return v.waitPage(card, p)
	}
	if err != nil {
		return err
	}
	if key != "" {
		v.flash(ui.AlertInfo, key, nil)
	}
	return v.redirect(to)
}

// addWaits puts what the visitor waits for before what they have.
func (v *visit) addWaits(page *minePage, holder booking.Holder) error {
	waits, err := v.server.Booking.Waits(v.ctx, v.actor)
	group := mineGroup{ID: "waiting", Title: v.t("wait.mine")}
	for _, c := range waits {
		mine := holder.Kind != booking.HeldByPerson || c.AssociationUID == nil
		theirs := holder.Kind != booking.HeldByAssociation || c.AssociationUID != nil && *c.AssociationUID == holder.UID
		if mine && theirs && !c.Ended(v.now) {
			group.Items = append(group.Items, v.waitItem(c))
		}
	}
	if len(group.Items) > 0 {
		page.Groups = append([]mineGroup{group}, page.Groups...)
	}
	return err
}

func (v *visit) waitItem(c booking.WaitCard) ui.BookingItem {
	item := ui.BookingItem{
		Href: v.path("wait", c.UID.String()), Date: v.dateBlock(c.BeginAt), Time: v.say.Hours(c.BeginAt, c.EndAt),
		Title: v.named(c.ResourceName), Place: v.named(c.UnitName), Tag: v.waitTag(c), Note: joinWords(" · ", c.Wish.V.Title, c.AssociationName),
	}
	if c.Open(v.now) {
		item.Note = joinWords(" · ", v.t("mail.fact.answer_by")+" "+v.say.DateTime(*c.AnswerBy), item.Note)
	}
	return item
}
