package web

import (
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// workNewPage is the data of templates/work_new.html: staff take time for the
// house itself, or close a place.
type workNewPage struct {
	ui.Frame
	Kind    ui.Field
	Room    ui.Field
	Times   []ui.Field
	Last    ui.Field // last day, where it is another one
	Multi   bool     // the last day is open
	Name    ui.Field
	Reason  ui.Field
	Key     string
	Unit    string
	Back    string
	Summary ui.ErrorSummary
	Refused *ui.Alert
}

func (v *visit) showWorkNew() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	return v.workNew(problems{})
}

// workNew is the form, empty, filled in by the address, or as it was sent.
func (v *visit) workNew(p problems) error {
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	date, _ := v.askedDate()
	page := workNewPage{Unit: unit.Slug, Back: v.dayOf(unit, date), Summary: p.Summary, Key: v.formKey()}
	if page.Frame, err = v.workFrame(v.t("work.new_title"), ui.Link{Href: page.Back, Label: v.t("work.schedule")}); err != nil {
		return err
	}
	v.workNewFields(&page, places, date, p)
	if p.Refusal != nil {
		page.Refused = v.refusedAlert(p.Refusal)
	}
	return v.render("work_new", page)
}

// bookableRooms are the unit that is asked for and its rooms. Whoever may not
// book there is refused.
func (v *visit) bookableRooms() (resources.Unit, []resources.Place, error) {
	units, err := v.workUnits()
	if err != nil {
		return resources.Unit{}, nil, err
	}
	slug := v.query("unit")
	if v.route.write() {
		slug = v.form("unit")
	}
	if slug == "" { // the first where something can be booked
		units = slices.DeleteFunc(units, func(u resources.Unit) bool { return !v.mayBook(u.ID) })
	}
	unit, err := chosenUnit(units, slug)
	if err != nil {
		return unit, nil, err
	}
	if !v.mayBook(unit.ID) {
		return unit, nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{Unit: unit.Slug, Lang: v.lang, IncludeUnpublished: true})
	slices.SortStableFunc(places, func(a, b resources.Place) int {
		return compareNames(v.named(a.Resource.Name), v.named(b.Resource.Name))
	})
	return unit, places, err
}

// formKey makes a form that is sent twice count once.
func (v *visit) formKey() string {
	if key := v.form("key"); key != "" && len(key) <= 100 {
		return key
	}
	return uuid.NewString()
}

func (v *visit) workNewFields(page *workNewPage, places []resources.Place, date calendar.Date, p problems) {
	page.Kind = v.field(ui.Field{Name: "kind", Label: v.t("work.kind"), Type: "radio", Required: true, Options: []ui.Option{
		{Value: string(policies.Staff), Label: v.t("reservation_kind.staff"), Hint: v.t("work.kind_staff"), Selected: v.query("kind") != string(policies.Closure)},
		{Value: string(policies.Closure), Label: v.t("reservation_kind.closure"), Hint: v.t("work.kind_closure"), Selected: v.query("kind") == string(policies.Closure)},
	}}, p)
	var rooms []ui.Option
	for _, place := range places {
		rooms = append(rooms, ui.Option{
			Value: place.Resource.Slug, Label: v.named(place.Resource.Name), Selected: place.Resource.Slug == v.query("room"),
		})
	}
	page.Room = v.field(ui.Field{Name: "room", Label: v.t("report.column.resource"), Type: "select", Options: rooms}, p)
	start, end := v.query("start"), v.query("end")
	if start == "" {
		start, end = "12:00", "13:00"
	}
	if end == "00:00" {
		end = "24:00"
	}
	for _, field := range []ui.Field{
		{Name: "date", Label: v.t("work.date"), Hint: v.t("date.hint"), Value: v.dateTyped(date), Width: "s", Autocomplete: "off"},
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockOptions(0, start)},
		{Name: "end", Label: v.t("work.end"), Type: "select", Width: "s", Options: v.clockOptions(30, end)},
	} {
		page.Times = append(page.Times, v.field(field, p))
	}
	page.Last = v.field(ui.Field{Name: "last", Label: v.t("work.last_day"), Hint: v.t("work.last_day_hint"), Width: "s", Autocomplete: "off", Optional: true}, p)
	page.Multi = page.Last.Value != "" || page.Last.Error != ""
	page.Name = v.field(ui.Field{Name: "title", Label: v.t("work.new_name"), Hint: v.t("work.new_name_hint"), Width: "m", MaxLength: 200}, p)
	page.Reason = v.field(ui.Field{
		Name: "reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Type: "textarea", Rows: 2, Optional: true,
	}, p)
}

// makeWorkNew books or closes what the form says.
func (v *visit) makeWorkNew() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	req, err := v.workRequest(places)
	var made booking.Reservation
	if err == nil {
		made, err = v.server.Booking.Book(v.ctx, v.actor, req)
	}
	if p, ok := v.problems(err); ok {
		return v.workNew(p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.made."+string(made.Kind), fault.Params{"number": made.Number})
	return v.redirect(v.dayOf(unit, v.dateOf(made.BeginAt)))
}

func (v *visit) workRequest(places []resources.Place) (booking.Request, error) {
	at := slices.IndexFunc(places, func(p resources.Place) bool { return p.Resource.Slug == v.form("room") })
	if at < 0 {
		return booking.Request{}, fault.InvalidField("room", "resource.not_found")
	}
	times, err := v.workTimes()
	if err != nil {
		return booking.Request{}, err
	}
	req := booking.Request{
		Resource: places[at].Resource.UID, Times: times, Kind: policies.Staff, Reason: v.form("reason"),
		Holder: booking.Holder{Kind: booking.HeldByUnit}, Form: policies.Form{Title: v.form("title"), TermsAccepted: true},
		Key: ledger.Key{Actor: v.actor.Name(), Route: "POST work/new", Key: v.formKey()},
	}
	switch v.form("kind") {
	case string(policies.Staff):
	case string(policies.Closure):
		req.Kind, req.Holder = policies.Closure, booking.Holder{}
	default:
		return req, fault.InvalidField("kind", "work.bad_kind")
	}
	req.Key.Request = []byte(url.Values{
		"room": {v.form("room")}, "kind": {v.form("kind")}, "title": {v.form("title")}, "reason": {v.form("reason")},
		"begin": {times.Begin.Format(time.RFC3339)}, "end": {times.End.Format(time.RFC3339)},
	}.Encode())
	return req, nil
}

// workTimes reads begin and end; the end lies on the last day, which is the
// first one unless another is given.
func (v *visit) workTimes() (booking.Times, error) {
	begin, err := v.wallTime("date", "start")
	if err != nil {
		return booking.Times{}, err
	}
	day := "date"
	if v.form("last") != "" {
		day = "last"
	}
	end, err := v.wallTime(day, "end")
	if err != nil {
		return booking.Times{}, err
	}
	if !end.After(begin) {
		return booking.Times{}, fault.InvalidField("end", "booking.end_before_begin", fault.Params{"begin": begin, "end": end})
	}
	return booking.Times{Begin: begin, End: end}, nil
}

// refusedAlert lists what is in the way and what could be taken instead.
func (v *visit) refusedAlert(refusal *booking.Refusal) *ui.Alert {
	if len(refusal.Conflicts) == 0 && len(refusal.Alternatives) == 0 {
		return nil
	}
	alert := v.conflictAlert(refusal.Conflicts)
	for _, a := range refusal.Alternatives {
		label := v.say.ShortRange(a.Begin, a.End)
		if a.Why == "same_time" {
			label = v.named(a.Resource.Name) + ", " + label
		}
		unit, err := v.server.Resources.UnitByID(v.ctx, v.server.DB, a.Resource.Unit)
		if err != nil || !v.mayBook(unit.ID) {
			continue
		}
		alert.Links = append(alert.Links, ui.Link{
			Label: label, Href: v.newHref(unit, a.Resource, calendar.Interval{Begin: a.Begin, End: a.End}),
		})
	}
	return &alert
}
