package web

import (
	"slices"
	"strconv"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// reservationPage is the data of templates/reservation.html: receipt and page
// of a reservation in one.
type reservationPage struct {
	ui.Frame
	State        *ui.Alert
	Affected     *ui.Alert // it lies outside new hours
	Summary      ui.ErrorSummary
	Arrival      *arrival
	Ticket       ui.Ticket
	Facts        []ui.Fact
	Instructions string
	TextLang     string
	Calendar     string // address of the .ics file
	CancelHref   string
	CancelLabel  string
	GiveBackHref string
	MoveHref     string
	MoveLine     string // why it cannot be moved, where it still could be cancelled
	CancelLine   string
	AgainHref    string
	WorkHref     string
	SeriesHref   string // the series that it is a date of
	SeriesEnd    string // cancels more dates than this one
	SeriesEdit   string // changes more dates than this one
}

func (v *visit) showReservation() error {
	card, err := v.server.Booking.Get(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return v.hiddenFromVisitors(err)
	}
	if card.State == booking.Held && card.Offer != nil {
		return v.redirect(v.path("mine"))
	}
	if card.State == booking.Held {
		return v.redirect(v.checkoutHref(card.ResourceSlug, card.Interval()))
	}
	page := v.reservationPage(card)
	if page.Affected, err = v.affectedAlert(card); err != nil {
		return err
	}
	kept, err := v.keptFacts(card)
	if err != nil {
		return err
	}
	page.Facts = append(page.Facts, kept...)
	return v.render("reservation", page)
}

// hiddenFromVisitors sends who is not signed in to the sign-in, where a
// reservation is not found: perhaps it is theirs.
func (v *visit) hiddenFromVisitors(err error) error {
	if fault.Is(err, fault.NotFound) && !v.actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "auth.required")
	}
	return err
}

func (v *visit) reservationPage(card booking.Card) reservationPage {
	name, title := v.named(card.ResourceName), "reservation.title."+string(card.State)
	if card.NoShow {
		title = "reservation.title.no_show"
	}
	page := reservationPage{
		Frame: v.frame(v.t(title), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}),
		Ticket: ui.Ticket{
			Tag: v.stateTag(card.Reservation), Date: v.dateBlock(card.BeginAt), When: v.say.Range(card.BeginAt, card.EndAt), Room: name,
			Href: v.path("room", card.ResourceSlug), Place: v.named(card.UnitName), Picture: v.picture(card.ResourceSlug), Number: card.Number,
		},
		State: v.stateAlert(card), Facts: v.reservationFacts(card),
		AgainHref: v.againHref(card),
	}
	if card.NoShow {
		page.State = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("state.no_show"), Text: v.t("reservation.no_show_text")}
	} else {
		page.Arrival = v.arrival(card)
	}
	page.Instructions, page.TextLang = v.text(card.Instructions)
	if slices.Contains([]booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment}, card.State) && !card.NoShow {
		page.Calendar = v.eventHref(card)
		v.offerChanges(&page, card)
	}
	if card.SeriesUID != nil {
		page.SeriesHref = v.path("my-series", card.SeriesUID.String())
		if page.CancelHref != "" {
			page.SeriesEnd, page.SeriesEdit = v.seriesScopeHref(card), v.seriesEditHref(card)
		}
	}
	if v.worksFor(card.Unit) {
		page.WorkHref = v.path("work-reservation", card.Number)
	}
	return page
}

// stateAlert says what the state means and what comes next; a confirmed one
// needs no words beside its tag.
func (v *visit) stateAlert(card booking.Card) *ui.Alert {
	alert := &ui.Alert{Kind: ui.AlertInfo, Title: v.t("reservation.said." + string(card.State))}
	switch card.State {
	case booking.Confirmed:
		alert.Kind, alert.Text = ui.AlertSuccess, v.t("reservation.confirmed_text")
		if !card.EndAt.After(v.now) {
			return nil
		}
	case booking.Requested:
		alert.Text = v.t("reservation.requested_text", "begin", card.BeginAt)
	case booking.Denied, booking.Cancelled, booking.Expired:
		alert.Kind = ui.AlertWarning
		alert.Text = v.reasonWords(card)
	}
	return alert
}

// reasonWords are the reason of the list and in somebody's own words.
func (v *visit) reasonWords(card booking.Card) string {
	words := ""
	if card.ReasonCode != "" {
		words = v.t("field.reason") + ": " + v.say.Word("reason", card.ReasonCode) + "."
	}
	return joinWords(" ", words, card.ReasonText)
}

func (v *visit) reservationFacts(card booking.Card) []ui.Fact {
	var facts []ui.Fact
	add := func(icon, key, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: v.t(key), Value: value})
		}
	}
	add("flag", "field.title", card.Title)
	add("users", "field.holder", card.HolderName)
	if card.Persons != nil {
		add("users", "field.persons", strconv.Itoa(*card.Persons))
	}
	add("list", "field.purpose", v.purposeName(card.Purpose))
	add("currency-euro", "room.price", capital(v.sumOrAgreed(card.PriceCents)))
	add("currency-euro", "mail.fact.free", capital(v.freeWord(card.Reservation)))
	add("map-pin", "room.address", card.UnitAddress)
	add("clock", "reservation.length", v.say.Duration(wholeMinutes(card.EndAt.Sub(card.BeginAt))))
	return facts
}

// freeWord is what became of an application for free use, "" where there is none.
func (v *visit) freeWord(r booking.Reservation) string {
	switch {
	case r.FreeReason == "":
		return ""
	case r.FreeGranted == nil:
		return v.t("free.asked")
	case *r.FreeGranted:
		return v.t("free.granted")
	}
	return v.t("free.not_granted")
}

func (v *visit) purposeName(key string) string {
	if key == "" {
		return ""
	}
	return v.keyChip(resources.Purposes, key)
}

// offerChanges shows cancelling and moving to who may, with the deadline.
func (v *visit) offerChanges(page *reservationPage, card booking.Card) {
	if !v.mayChange(card) || !card.BeginAt.After(v.now) {
		return
	}
	page.CancelLine = v.cancelDeadline(card)
	page.CancelLabel = v.t("action.cancel_booking")
	if card.State == booking.Requested {
		page.CancelLabel = v.t("action.withdraw")
	}
	if card.State == booking.Requested || v.inTime(card) {
		page.CancelHref = v.path("cancel", card.Number)
		if card.State != booking.Requested {
			page.GiveBackHref = page.CancelHref + "?reason=" + booking.ReasonGivenBack
		}
	}
	switch err := booking.HolderMoves(card.Reservation); {
	case page.CancelHref == "":
	case err != nil:
		page.MoveLine = v.t(fault.Code(err), fault.As(err).Params)
	default:
		page.MoveHref = v.path("move", card.Number)
	}
}

// mayChange tells whether the visitor is holder or books for its association.
func (v *visit) mayChange(card booking.Card) bool {
	o := accounts.Object{Unit: card.Unit}
	if card.HolderPerson != nil {
		o.HolderPerson = *card.HolderPerson
	}
	if card.HolderAssociation != nil {
		o.HolderAssociation = *card.HolderAssociation
	}
	return accounts.Can(v.actor, accounts.EditReservation, o)
}

func (v *visit) inTime(card booking.Card) bool {
	notice := card.Notice(card.CancelMinutes)
	return notice != nil && !v.now.After(booking.CancelDeadline(card.Reservation, *notice))
}

// cancelDeadline is the rule of cancelling with its moment.
func (v *visit) cancelDeadline(card booking.Card) string {
	notice := card.Notice(card.CancelMinutes)
	switch {
	case card.State == booking.Requested:
		return v.t("reservation.withdraw_till", "begin", card.BeginAt)
	case notice == nil:
		return v.t("limit.no_cancel")
	}
	deadline := booking.CancelDeadline(card.Reservation, *notice)
	if v.now.After(deadline) {
		return v.t("reservation.cancel_ended", "deadline", deadline)
	}
	return joinWords(" ", v.t("mail.cancel_till", "till", deadline), v.feeLine(card.Reservation))
}

// againHref is the same room a week later at the same time, or from today on.
func (v *visit) againHref(card booking.Card) string {
	date := v.dateOf(card.BeginAt).AddDays(7)
	for date.Before(v.today()) {
		date = date.AddDays(7)
	}
	minutes := wholeMinutes(card.EndAt.Sub(card.BeginAt))
	return v.pathWith("room", map[string][]string{
		"date": {date.String()}, "start": {v.clockValue(card.BeginAt)}, "minutes": {strconv.Itoa(minutes)},
	}, card.ResourceSlug) + "#" + pickerID
}
