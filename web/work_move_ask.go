package web

import (
	"net/url"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/ui"
)

// moveAskPage is the data of templates/work_move.html.
type moveAskPage struct {
	ui.Frame
	Ask moveAsk
}

// moveAsk is the question whether to move a reservation, with what that would
// change: in a dialog over the schedule, and on a page. Template "move-ask".
type moveAsk struct {
	CSRF    string
	Post    string
	Hidden  []ui.Hidden
	Who     string
	Changes []moveChange
	Notes   []string
	Taken   *ui.Alert // why it cannot be moved there
	Others  []ui.Link // where to it can
	Rules   []string  // that staff would override
	Reason  *ui.Field // where there are such rules
	Back    string
	Adjust  string // the form with room, date, start and length
}

// moveChange is one line: from what to what. Same = it stays.
type moveChange struct {
	Label string
	Old   string
	New   string
	Same  bool
}

// askToMove shows what moving to the time in the address would do; without one
// the form that asks for it.
func (v *visit) askToMove() error {
	card, err := v.server.Booking.GetForStaff(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return err
	}
	if !v.mayHandle(card.Unit) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	if v.query("start") == "" {
		return v.redirect(v.path("work-reservation", card.Number) + "#move")
	}
	c := booking.Change{Ref: card.Number}
	to, err := v.movedTo(&c, v.query)
	if err != nil {
		return err
	}
	preview, err := v.server.Booking.PreviewMove(v.ctx, v.actor, c, to)
	if err != nil {
		return err
	}
	page := moveAskPage{Ask: v.moveAsk(card, preview)}
	if page.Frame, err = v.workFrame(v.t("moving.title"), ui.Link{Href: v.path("work-reservation", card.Number), Label: card.Number}); err != nil {
		return err
	}
	return v.render("work_move", page, "move-ask")
}

func (v *visit) moveAsk(card booking.Card, p booking.MovePreview) moveAsk {
	ask := moveAsk{
		CSRF: v.server.Accounts.CSRF(v.actor.Session), Post: v.path("work-reservation", card.Number), Who: v.cardWords(card),
		Changes: v.moveChanges(p), Notes: v.moveNotes(card), Back: v.returnTo(v.dayAt(card)),
	}
	target := v.target(p.To.Resource.Slug, calendar.Interval{Begin: p.After.BeginAt, End: p.After.EndAt})
	ask.Adjust = v.pathWith("work-reservation", target, card.Number) + "#move"
	if !p.Possible() {
		ask.Taken, ask.Others = v.cannotMove(card, p)
		return ask
	}
	hidden := []string{"act", "move", "revision", strconv.Itoa(p.Before.Revision), "return", v.query("return")}
	for _, name := range []string{"room", "date", "start", "minutes"} {
		hidden = append(hidden, name, target.Get(name))
	}
	for i := 0; i < len(hidden); i += 2 {
		ask.Hidden = append(ask.Hidden, ui.Hidden{Name: hidden[i], Value: hidden[i+1]})
	}
	for _, rule := range p.Decision.Overridden() {
		ask.Rules = append(ask.Rules, sentence(v.say, fault.Refused, rule.Code, rule.Params))
	}
	if len(ask.Rules) > 0 {
		ask.Reason = &ui.Field{Name: "reason", ID: "move-ask-reason", Label: v.t("work.override_reason"), Hint: v.t("moving.reason_hint")}
	}
	return ask
}

// target is where to something is moved, as the form and its address name it.
func (v *visit) target(room string, at calendar.Interval) url.Values {
	return url.Values{
		"room": {room}, "date": {v.dateOf(at.Begin).String()}, "start": {v.clockValue(at.Begin)},
		"minutes": {strconv.Itoa(calendar.WallMinutes(at.Begin, at.End, v.server.Zone))},
	}
}

func (v *visit) moveChanges(p booking.MovePreview) []moveChange {
	var changes []moveChange
	add := func(label, old, now string) {
		changes = append(changes, moveChange{Label: v.t(label), Old: old, New: now, Same: old == now})
	}
	where := func(unit, room string) string {
		if p.From.Unit.ID == p.To.Unit.ID {
			return room
		}
		return joinWords(", ", room, unit)
	}
	add("timeline.room", where(v.named(p.From.Unit.Name), v.named(p.From.Resource.Name)), where(v.named(p.To.Unit.Name), v.named(p.To.Resource.Name)))
	add("moving.time", v.say.Range(p.Before.BeginAt, p.Before.EndAt), v.say.Range(p.After.BeginAt, p.After.EndAt))
	length := func(r booking.Reservation) string {
		return v.say.Duration(calendar.WallMinutes(r.BeginAt, r.EndAt, v.server.Zone))
	}
	if old, now := length(p.Before), length(p.After); old != now {
		add("work.length", old, now)
	}
	if p.Before.Kind != policies.Closure {
		add("work.fact.price", v.sumOrAgreed(p.Before.PriceCents), v.sumOrAgreed(p.After.PriceCents))
	}
	return changes
}

// moveNotes tell what else people should know before they move.
func (v *visit) moveNotes(card booking.Card) []string {
	var notes []string
	if card.Series != nil {
		notes = append(notes, v.t("moving.one_date"))
	}
	if tells(card) {
		return append(notes, v.t("moving.mail"))
	}
	return append(notes, v.t("moving.no_mail"))
}

// tells tells whether somebody is sent word of a change.
func tells(card booking.Card) bool { return card.HolderPerson != nil || card.HolderAssociation != nil }

// cannotMove says why, and where to it could be moved instead.
func (v *visit) cannotMove(card booking.Card, p booking.MovePreview) (*ui.Alert, []ui.Link) {
	alert := v.conflictAlert(p.Conflicts)
	for _, rule := range p.Decision.Violations {
		if !rule.Overridden {
			alert.Text = joinWords(" ", alert.Text, sentence(v.say, fault.Refused, rule.Code, rule.Params))
		}
	}
	var links []ui.Link
	for _, a := range p.Alternatives {
		to := v.target(a.Resource.Slug, calendar.Interval{Begin: a.Begin, End: a.End})
		to.Set("return", v.query("return"))
		links = append(links, ui.Link{Label: v.alternativeLabel(a, p.To.Resource.ID), Href: v.pathWith("work-move", to, card.Number)})
	}
	return &alert, links
}

// moveAndTell moves a reservation, with a way back beside the message.
func (v *visit) moveAndTell() error {
	old, err := v.server.Booking.GetForStaff(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return err
	}
	revision, err := v.revision()
	var moved booking.Reservation
	if err == nil {
		moved, err = v.move(booking.Change{Ref: old.Number, Revision: revision, ReasonText: v.form("reason")})
	}
	if p, ok := v.problems(err); ok {
		return v.workReservation(v.atForm(p))
	} else if err != nil {
		return err
	}
	done, back := "work.done.move", v.wayBack(old, moved)
	switch {
	case v.form("undo") != "":
		done, back = "moving.undone", nil
	case !tells(old):
		done = "moving.done"
	}
	v.flashUndo(ui.AlertSuccess, done, fault.Params{"number": moved.Number}, back)
	return v.redirect(v.returnTo(v.path("work-reservation", moved.Number)))
}

// wayBack is the form that puts a reservation where it was.
func (v *visit) wayBack(old booking.Card, moved booking.Reservation) *undo {
	if old.BeginAt.Before(v.now.Add(-time.Minute)) {
		return nil // nobody can be put back into the past
	}
	back := &undo{Post: v.path("work-reservation", old.Number), Fields: [][2]string{
		{"act", "move"}, {"undo", "1"}, {"revision", strconv.Itoa(moved.Revision)}, {"reason", v.t("moving.undo_reason")},
		{"return", v.form("return")},
	}}
	for name, value := range v.target(old.ResourceSlug, old.Interval()) {
		back.Fields = append(back.Fields, [2]string{name, value[0]})
	}
	return back
}

// letMove makes a row of the schedule one that reservations are moved to, where
// the visitor may.
func (v *visit) letMove(t *ui.Timeline, row *ui.TimelineRow, what scheduleRow) {
	place := what.room.Place
	if !v.mayHandle(place.Unit.ID) {
		return
	}
	row.Room, row.Date, row.Raster = place.Resource.Slug, what.date.String(), policies.StaffRaster(max(place.Resource.Raster, 1))
	t.Moving = &ui.Moving{Clock: v.clockMark(), Help: v.t("moving.help")}
	if v.keysOn() {
		t.Moving.Key = "m"
	}
}

// clockMark stands between hours and minutes.
func (v *visit) clockMark() string {
	midnight := v.say.Clock(0)
	return midnight[len(midnight)-3 : len(midnight)-2]
}

// handle is by what a reservation is moved on the schedule of a day, if it can
// be moved and begins on it.
func (v *visit) handle(card booking.Card, date calendar.Date) *ui.Movable {
	open := card.State == booking.Requested || card.State == booking.Confirmed && card.EndAt.After(v.now)
	begins, minute := calendar.WallOf(card.BeginAt, v.server.Zone)
	if !open || begins != date || !v.mayHandle(card.Unit) {
		return nil
	}
	return &ui.Movable{
		Href: v.path("work-move", card.Number), Start: int(minute), Minutes: calendar.WallMinutes(card.BeginAt, card.EndAt, v.server.Zone),
	}
}
