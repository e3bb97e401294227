package web

import (
	"net/url"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// workReservationPage is the data of templates/work_reservation.html.
type workReservationPage struct {
	ui.Frame
	Detail   workDetail
	Move     *moveForm // nil = it cannot be moved, or not by this visitor
	Cancel   *ui.Field // the reason
	IsShut   bool      // a closure: cancelling it opens the place again
	Return   bool
	Arriving *arriving
	Schedule string
	Public   string // the page that its holder sees
	Steps    []trailStep
	Options  []ui.Link // other times, after a refusal
	Memo     memoForm
}

// trailStep is one row of the audit trail.
type trailStep struct {
	At     string
	ISO    string
	What   string
	Who    string
	Detail []string
}

// moveForm asks for another time in the same place.
type moveForm struct {
	Fields []ui.Field
	Open   bool
}

func (v *visit) showWorkReservation() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	return v.workReservation(problems{})
}

func (v *visit) workReservation(p problems) error {
	detail, card, err := v.detail(v.param("ref"), p)
	if err != nil {
		return err
	}
	page := workReservationPage{Detail: detail, IsShut: card.Kind == policies.Closure}
	crumb := ui.Link{Href: v.dayAt(card), Label: v.t("work.schedule")}
	if card.State == booking.Requested {
		crumb = ui.Link{Href: v.path("requests"), Label: v.t("nav.requests")}
	}
	if page.Frame, err = v.workFrame(card.Number, crumb); err != nil {
		return err
	}
	affected, err := v.affectedAlert(card)
	if err != nil {
		return err
	}
	if affected != nil {
		page.Detail.Alerts = append(page.Detail.Alerts, *affected)
	}
	page.Title = v.cardWords(card) + ", " + detail.Room
	page.Schedule, page.Arriving = v.dayAt(card), v.arriving(card, true)
	if !page.IsShut {
		page.Public = v.path("reservation", card.Number)
	}
	if v.mayHandle(card.Unit) {
		if err := v.offerActions(&page, card, p); err != nil {
			return err
		}
	}
	if page.Memo, err = v.memoForm(card, p); err != nil {
		return err
	}
	if p.Refusal != nil {
		if page.Options, err = v.otherTimes(card, p.Refusal); err != nil {
			return err
		}
	}
	steps, err := v.server.Booking.Trail(v.ctx, v.actor, card.Number)
	if err != nil {
		return err
	}
	for _, step := range steps {
		page.Steps = append(page.Steps, v.trailStep(step))
	}
	return v.render("work_reservation", page)
}

// dayAt is the schedule of the day on which a reservation begins.
func (v *visit) dayAt(card booking.Card) string {
	return v.pathWith("schedule", url.Values{"unit": {card.UnitSlug}, "date": {v.dateOf(card.BeginAt).String()}})
}

// offerActions adds the forms that fit the state.
func (v *visit) offerActions(page *workReservationPage, card booking.Card, p problems) (err error) {
	ended := !card.EndAt.After(v.now)
	if card.NoShow {
		return nil // that is undone first
	}
	switch {
	case card.State == booking.AwaitingPayment, card.State == booking.Confirmed && !ended:
		page.Cancel = v.cancelField(card, p)
	case card.State == booking.Denied, card.State == booking.Expired:
		page.Return = !ended
	}
	if card.State == booking.Confirmed && !ended {
		page.Return = card.Kind == policies.Ordinary
	}
	if card.State == booking.Requested || card.State == booking.Confirmed && !ended {
		page.Move, err = v.moveForm(card, p)
	}
	return err
}

func (v *visit) cancelField(card booking.Card, p problems) *ui.Field {
	field := ui.Field{Name: "reason", ID: "cancel-reason", Type: "textarea", Rows: 2, Label: v.t("work.cancel_reason"), Hint: v.t("work.cancel_reason_hint")}
	if card.Kind == policies.Closure {
		field.Label, field.Hint = v.t("work.reopen_reason"), v.t("work.reopen_reason_hint")
	}
	if v.form("act") == "cancel" {
		field = v.field(field, p)
	}
	return &field
}

// actOnReservation is every form of the page.
func (v *visit) actOnReservation() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	if v.form("act") == memoAct {
		return v.saveMemo()
	}
	if v.form("act") == "move" {
		return v.moveAndTell()
	}
	done, err := v.decide(v.param("ref"))
	if p, ok := v.problems(err); ok {
		return v.workReservation(v.atForm(p))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.done."+v.form("act"), fault.Params{"number": done.Number})
	return v.redirect(v.returnTo(v.path("work-reservation", done.Number)))
}

// atForm points the summary to the reason field of the form that was sent.
func (v *visit) atForm(p problems) problems {
	p.Summary = atFields(p.Summary, map[string]string{"reason": v.form("act") + "-reason"})
	return p
}

// trailStep tells an audit entry in words: what, who, and the values that say
// something to people.
func (v *visit) trailStep(step booking.Step) trailStep {
	s := trailStep{At: v.say.DateTime(step.At), ISO: step.At.In(v.server.Zone).Format(time.RFC3339), What: v.say.Word("audit", step.Action), Who: step.Actor}
	if s.Who == "" {
		s.Who = v.t("work.by_system")
	}
	if old, now := spanOf(step.Values["from"]), spanOf(step.Values["to"]); !old.IsEmpty() && !now.IsEmpty() {
		s.Detail = append(s.Detail, v.say.Range(old.Begin, old.End)+" → "+v.say.Range(now.Begin, now.End))
	}
	if from, to := v.roomIn(step.Values["from_resource"]), v.roomIn(step.Values["to_resource"]); from != to {
		s.Detail = append(s.Detail, from+" → "+to)
	}
	if free, decided := step.Values["free"].(bool); decided {
		word := "free.not_granted"
		if free {
			word = "free.granted"
		}
		s.Detail = append(s.Detail, joined(v.t("mail.fact.free"), v.t(word)))
	}
	if reason, _ := step.Values["free_reason"].(string); reason != "" {
		s.Detail = append(s.Detail, joined(v.t("mail.fact.free"), reason))
	}
	if reason, _ := step.Values["reason"].(string); reason != "" {
		s.Detail = append(s.Detail, joined(v.t("work.fact.reason"), reason))
	}
	return s
}

// roomIn reads the name of a room in an audit entry, in the visitor's language.
func (v *visit) roomIn(value any) string {
	names, _ := value.(map[string]any)
	in := func(lang string) string { name, _ := names[lang].(string); return name }
	return v.named(locales.Texts{Fi: in("fi"), Sv: in("sv"), En: in("en")})
}

// spanOf reads an interval of an audit entry; anything else is empty.
func spanOf(value any) calendar.Interval {
	fields, _ := value.(map[string]any)
	at := func(name string) time.Time {
		text, _ := fields[name].(string)
		t, _ := time.Parse(time.RFC3339, text)
		return t
	}
	return calendar.Interval{Begin: at("begin"), End: at("end")}
}
