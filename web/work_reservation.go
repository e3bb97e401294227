package web

import (
	"net/url"
	"strconv"
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
	Schedule string
	Public   string // the page that its holder sees
	Steps    []trailStep
	Options  []ui.Link // other times, after a refusal
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
	page.Title = v.cardWords(card) + ", " + detail.Room
	page.Schedule = v.dayAt(card)
	if !page.IsShut {
		page.Public = v.path("reservation", card.Number)
	}
	if v.mayHandle(card.Unit) {
		v.offerActions(&page, card, p)
	}
	if p.Refusal != nil {
		page.Options = v.otherTimes(card, p.Refusal)
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
func (v *visit) offerActions(page *workReservationPage, card booking.Card, p problems) {
	ended := !card.EndAt.After(v.now)
	switch card.State {
	case booking.Requested:
		page.Move = v.moveForm(card, p)
	case booking.Confirmed:
		if ended {
			return
		}
		page.Move = v.moveForm(card, p)
		page.Return = card.Kind == policies.Ordinary
		page.Cancel = v.cancelField(card, p)
	case booking.AwaitingPayment:
		page.Cancel = v.cancelField(card, p)
	case booking.Denied, booking.Expired:
		page.Return = !ended
	}
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
	done, err := v.decide(v.param("ref"))
	if p, ok := v.problems(err); ok {
		return v.workReservation(v.atForm(p))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.done."+v.form("act"), fault.Params{"number": done.Number})
	return v.redirect(v.path("work-reservation", done.Number))
}

// atForm points the summary to the reason field of the form that was sent.
func (v *visit) atForm(p problems) problems {
	p.Summary = atFields(p.Summary, map[string]string{"reason": v.form("act") + "-reason"})
	return p
}

// moveForm is date, start and length; half hours, since staff keep to that
// raster.
func (v *visit) moveForm(card booking.Card, p problems) *moveForm {
	date, begin := calendar.WallOf(card.BeginAt, v.server.Zone)
	length := calendar.WallMinutes(card.BeginAt, card.EndAt, v.server.Zone)
	if asked := v.query("date"); asked != "" {
		if d, err := v.readDate(asked); err == nil {
			date = d
		}
	}
	start := begin.String()
	if asked, err := calendar.ParseMinute(v.query("start")); err == nil {
		start = asked.String()
	}
	form := &moveForm{Open: v.query("date") != "" || v.form("act") == "move"}
	form.Fields = []ui.Field{
		{Name: "date", Label: v.t("work.date"), Hint: v.t("date.hint"), Value: v.dateTyped(date), Width: "s", Autocomplete: "off"},
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockOptions(0, start)},
		{Name: "minutes", Label: v.t("work.length"), Type: "select", Width: "s", Options: v.lengthOptions(length)},
		{Name: "reason", ID: "move-reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Optional: true},
	}
	if v.form("act") == "move" {
		for i := range form.Fields {
			form.Fields[i] = v.field(form.Fields[i], p)
		}
	}
	return form
}

// clockOptions are the times of a day by half hours from a minute on; another
// chosen time stands among them.
func (v *visit) clockOptions(from int, chosen string) []ui.Option {
	var options []ui.Option
	wanted, err := calendar.ParseMinute(chosen)
	for minute := from; minute <= calendarDay; minute += 30 {
		if err == nil && int(wanted) > minute-30 && int(wanted) < minute {
			options = append(options, v.clockOption(wanted, true))
		}
		if minute < calendarDay || from > 0 {
			options = append(options, v.clockOption(calendar.Minute(minute), err == nil && int(wanted) == minute))
		}
	}
	return options
}

func (v *visit) clockOption(minute calendar.Minute, selected bool) ui.Option {
	return ui.Option{Value: minute.String(), Label: v.say.Clock(int(minute)), Selected: selected}
}

// lengthOptions are half hours up to twelve hours, and the present length.
func (v *visit) lengthOptions(present int) []ui.Option {
	var options []ui.Option
	for minutes := 30; minutes <= 12*60; minutes += 30 {
		if present > minutes-30 && present < minutes {
			options = append(options, ui.Option{Value: strconv.Itoa(present), Label: v.say.Duration(present), Selected: true})
		}
		options = append(options, ui.Option{Value: strconv.Itoa(minutes), Label: v.say.Duration(minutes), Selected: minutes == present})
	}
	if present > 12*60 {
		options = append(options, ui.Option{Value: strconv.Itoa(present), Label: v.say.Duration(present), Selected: true})
	}
	return options
}

// move reads the form and moves a reservation.
func (v *visit) move(c booking.Change) (booking.Reservation, error) {
	begin, err := v.wallTime("date", "start")
	if err != nil {
		return booking.Reservation{}, err
	}
	minutes, err := v.formInt("minutes")
	if err != nil || minutes == nil || *minutes < 1 {
		return booking.Reservation{}, fault.InvalidField("minutes", "booking.bad_duration")
	}
	end := calendar.AddWall(begin, *minutes, v.server.Zone)
	if !end.Exists {
		return booking.Reservation{}, fault.InvalidField("minutes", "booking.bad_time")
	}
	return v.server.Booking.Move(v.ctx, v.actor, c, booking.Times{Begin: begin, End: end.Instant})
}

// wallTime is the instant of a posted date and time of day.
func (v *visit) wallTime(dateField, timeField string) (time.Time, error) {
	date, err := v.readDate(v.form(dateField))
	if err != nil {
		return time.Time{}, fault.InvalidField(dateField, fault.Code(err), fault.As(err).Params)
	}
	minute, err := locales.ParseTime(v.form(timeField))
	if err != nil {
		return time.Time{}, fault.InvalidField(timeField, fault.Code(err), fault.As(err).Params)
	}
	at := calendar.Resolve(date, calendar.Minute(minute), v.server.Zone)
	if !at.Exists {
		return time.Time{}, fault.InvalidField(timeField, "booking.bad_time")
	}
	return at.Instant, nil
}

// otherTimes lead back to the form with an alternative filled in; only those in
// the same room, since a move keeps it.
func (v *visit) otherTimes(card booking.Card, refusal *booking.Refusal) []ui.Link {
	alternatives := refusal.Alternatives
	if len(alternatives) == 0 && v.form("act") == "move" {
		if asked, err := v.wallTime("date", "start"); err == nil {
			times := booking.Times{Begin: asked, End: asked.Add(card.EndAt.Sub(card.BeginAt))}
			alternatives, _ = v.server.Booking.Alternatives(v.ctx, v.actor, card.ResourceUID, times)
		}
	}
	var links []ui.Link
	for _, a := range alternatives {
		if a.Resource.ID == card.Resource {
			links = append(links, ui.Link{
				Label: v.say.ShortRange(a.Begin, a.End),
				Href: v.pathWith("work-reservation", url.Values{
					"date": {v.dateOf(a.Begin).String()}, "start": {v.clockValue(a.Begin)},
				}, card.Number) + "#move",
			})
		}
	}
	return links
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
	if reason, _ := step.Values["reason"].(string); reason != "" {
		s.Detail = append(s.Detail, joined(v.t("work.fact.reason"), reason))
	}
	return s
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
