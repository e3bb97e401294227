package web

import (
	"encoding/json"
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
// house itself or for somebody.
type workNewPage struct {
	ui.Frame
	Kinds     []wayLink // the same time in another way
	Kind      policies.Kind
	Recipient *recipientForm // of a booking for somebody
	Room      ui.Field
	Times     []ui.Field
	Last      ui.Field // last day, where it is another one
	Repeat    *repeatFold
	Multi     bool // the last day is open
	Name      ui.Field
	Extra     []ui.Field
	Reason    ui.Field
	Rules     *ruleCheck // what the rules say, once somebody has asked
	Key       string
	Unit      string
	Back      string
	Summary   ui.ErrorSummary
	Refused   *ui.Alert
}

func (v *visit) showWorkNew() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	if v.query("kind") == string(policies.Closure) {
		return v.redirect(v.path("work-close") + "?" + string(v.c.Request().URI().QueryString()))
	}
	return v.workNew(problems{}, newAnswers{})
}

// newAnswers are what a form was told before it is sent: who was found, and
// what the rules say.
type newAnswers struct {
	found  *booking.Recipients
	rules  *ruleCheck
	taken  []booking.Conflict
	series *booking.SeriesPreview
}

// workNew is the form, empty, filled in by the address, or as it was sent.
func (v *visit) workNew(p problems, known newAnswers) error {
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	date, _ := v.askedDate()
	page := workNewPage{Unit: unit.Slug, Back: v.dayOf(unit, date), Summary: p.Summary, Key: v.formKey(), Kind: v.askedKind(), Rules: known.rules}
	if page.Frame, err = v.workFrame(v.t("work.new_title"), ui.Link{Href: page.Back, Label: v.t("work.schedule")}); err != nil {
		return err
	}
	page.Kinds = v.kindLinks(unit, page.Kind)
	v.workNewFields(&page, places, date, p)
	page.Repeat = v.repeatFold(p)
	v.foldAnswers(page.Repeat, known.series)
	if page.Kind == policies.Behalf {
		page.Recipient = v.recipientForm(known.found, p)
		page.Extra = v.workUseFields(places, p)
	}
	if p.Refusal != nil {
		page.Refused = v.refusedAlert(p.Refusal)
	} else if len(known.taken) > 0 {
		alert := v.conflictAlert(known.taken)
		page.Refused = &alert
	}
	return v.render("work_new", page)
}

// workUseFields ask what the rules of the chosen room want to know of a use. None
// of them must be filled in: staff may override it with a reason.
func (v *visit) workUseFields(places []resources.Place, p problems) []ui.Field {
	slug := v.query("room") + v.form("room")
	at := max(0, slices.IndexFunc(places, func(place resources.Place) bool { return place.Resource.Slug == slug }))
	if at >= len(places) {
		return nil
	}
	fields := v.useFields(asking{place: places[at], typed: v.postedDraft(), problems: p})
	if !slices.ContainsFunc(fields, func(f ui.Field) bool { return f.Name == policies.FieldPersons }) {
		fields = append([]ui.Field{{Name: policies.FieldPersons, Label: v.t("field.persons"), Width: "xs", InputMode: "numeric", Value: v.form("persons")}}, fields...)
	}
	for i := range fields {
		fields[i].Required, fields[i].Optional = false, true
	}
	return withErrors(fields, p)
}

func (v *visit) askedKind() policies.Kind {
	if v.query("kind") == string(policies.Behalf) || v.form("kind") == string(policies.Behalf) {
		return policies.Behalf
	}
	return policies.Staff
}

// wayLink is one of several pages about the same thing. Template "work-ways".
type wayLink struct {
	Label, Href string
	Key         string // single key that follows it
	Current     bool
}

// kindLinks are the three things that staff do with a time; they keep the time
// that the address names.
func (v *visit) kindLinks(unit resources.Unit, kind policies.Kind) []wayLink {
	var links []wayLink
	for _, k := range []policies.Kind{policies.Staff, policies.Behalf, policies.Closure} {
		query := url.Values{"unit": {unit.Slug}, "kind": {string(k)}}
		for _, name := range []string{"room", "date", "start", "end"} {
			query.Set(name, v.query(name))
		}
		page := "work-new"
		if k == policies.Closure {
			page = "work-close"
			query.Del("kind")
		}
		links = append(links, wayLink{Label: v.t("work.do." + string(k)), Href: v.pathWith(page, query), Current: k == kind})
	}
	return links
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
	places, err := v.placesOf(unit)
	return unit, places, err
}

// placesOf are all rooms of a unit, by name.
func (v *visit) placesOf(unit resources.Unit) ([]resources.Place, error) {
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{Unit: unit.Slug, Lang: v.lang, IncludeUnpublished: true})
	slices.SortStableFunc(places, func(a, b resources.Place) int {
		return compareNames(v.named(a.Resource.Name), v.named(b.Resource.Name))
	})
	return places, err
}

// formKey makes a form that is sent twice count once.
func (v *visit) formKey() string {
	if key := v.form("key"); key != "" && len(key) <= 100 {
		return key
	}
	return uuid.NewString()
}

func (v *visit) workNewFields(page *workNewPage, places []resources.Place, date calendar.Date, p problems) {
	var rooms []ui.Option
	for _, place := range places {
		rooms = append(rooms, ui.Option{
			Value: place.Resource.Slug, Label: v.named(place.Resource.Name), Selected: place.Resource.Slug == v.query("room"),
		})
	}
	page.Room = v.field(ui.Field{Name: "room", Label: v.t("report.column.resource"), Type: "select", Options: rooms}, p)
	start, end := v.askedHours("12:00", "13:00")
	step := staffStep(places, v.query("room")+v.form("room"))
	for _, field := range []ui.Field{
		{Name: "date", Label: v.t("work.date"), Hint: v.t("date.hint"), Value: v.dateTyped(date), Width: "s", Autocomplete: "off"},
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockSteps(0, step, start)},
		{Name: "end", Label: v.t("work.end"), Type: "select", Width: "s", Options: v.clockSteps(step, step, end)},
	} {
		page.Times = append(page.Times, v.field(field, p))
	}
	page.Last = v.field(ui.Field{Name: "last", Label: v.t("work.last_day"), Hint: v.t("work.last_day_hint"), Width: "s", Autocomplete: "off", Optional: true}, p)
	page.Multi = page.Last.Value != "" || page.Last.Error != ""
	hint := "work.new_name_hint"
	if page.Kind == policies.Behalf {
		hint = "work.behalf_name_hint"
	}
	page.Name = v.field(ui.Field{Name: "title", Label: v.t("work.new_name"), Hint: v.t(hint), Width: "m", MaxLength: 200}, p)
	page.Reason = v.field(ui.Field{
		Name: "reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Type: "textarea", Rows: 2, Optional: true,
	}, p)
}

// askedHours are begin and end in the address or the form, or the given ones.
func (v *visit) askedHours(start, end string) (string, string) {
	for _, given := range []struct {
		typed string
		hour  *string
	}{{v.query("start"), &start}, {v.form("start"), &start}, {v.query("end"), &end}, {v.form("end"), &end}} {
		if given.typed != "" {
			*given.hour = given.typed
		}
	}
	if end == "00:00" {
		end = "24:00"
	}
	return start, end
}

// staffStep is the raster of staff in a room, in minutes; of the first one
// where the room is not known.
func staffStep(places []resources.Place, slug string) int {
	at := max(0, slices.IndexFunc(places, func(p resources.Place) bool { return p.Resource.Slug == slug }))
	if at >= len(places) {
		return 30
	}
	return max(15, policies.StaffRaster(places[at].Resource.Raster))
}

// clockSteps are the times of a day from a minute on; another time that was
// chosen before stands among them.
func (v *visit) clockSteps(from, step int, chosen string) []ui.Option {
	var minutes []calendar.Minute
	for minute := from; minute <= calendarDay && (minute < calendarDay || from > 0); minute += step {
		minutes = append(minutes, calendar.Minute(minute))
	}
	wanted, err := calendar.ParseMinute(chosen)
	if at, there := slices.BinarySearch(minutes, wanted); err == nil && !there && int(wanted) <= calendarDay {
		minutes = slices.Insert(minutes, at, wanted)
	}
	options := make([]ui.Option, len(minutes))
	for i, minute := range minutes {
		options[i] = v.clockOption(minute, err == nil && minute == wanted)
	}
	return options
}

// makeWorkNew books what the form says, or answers what its other buttons ask:
// who somebody is, and what the rules say.
func (v *visit) makeWorkNew() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	if v.form("act") == "find" {
		return v.findRecipients(unit)
	}
	req, err := v.workRequest(places)
	var known newAnswers
	if err == nil && v.form("every") != "" {
		return v.makeWorkSeries(req)
	}
	if err == nil {
		if known, err = v.askRules(req); err == nil && v.form("act") == "check" {
			return v.workNew(problems{}, known)
		}
	}
	var made booking.Reservation
	if err == nil {
		made, err = v.server.Booking.Book(v.ctx, v.actor, req)
	}
	if p, ok := v.problems(err); ok {
		return v.workNew(p, known)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.made."+string(made.Kind), fault.Params{"number": made.Number})
	return v.redirect(v.dayOf(unit, v.dateOf(made.BeginAt)))
}

// askRules asks every rule about a booking, without making it.
func (v *visit) askRules(req booking.Request) (newAnswers, error) {
	found, err := v.server.Booking.Explain(v.ctx, v.actor, req)
	if err != nil {
		return newAnswers{}, err
	}
	rules := v.ruleCheck(booking.Review{Answers: found.Answers, Rules: found.Rules, Book: found.Book, Quotas: found.Quotas, Decision: found.Decision})
	for i := range rules.Broken {
		if rules.Broken[i].Kept {
			rules.Broken[i].Kept, rules.Override = false, true
		}
	}
	return newAnswers{rules: rules, taken: found.Conflicts}, nil
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
	case string(policies.Behalf):
		req.Kind = policies.Behalf
		if req.Holder, err = v.recipient(); err != nil {
			return req, err
		}
		d := v.postedDraft()
		if err := d.numbers(); err != nil {
			return req, err
		}
		form := d.form()
		req.Form.Persons, req.Form.OldestAge, req.Form.Purpose, req.Form.Answers = form.Persons, form.OldestAge, form.Purpose, form.Answers
	default:
		return req, fault.InvalidField("kind", "work.bad_kind")
	}
	req.Key.Request = []byte(url.Values{
		"room": {v.form("room")}, "kind": {v.form("kind")}, "title": {v.form("title")}, "reason": {v.form("reason")},
		"holder": {v.form("holder")}, "name": {v.form("name")}, "persons": {v.form("persons")}, "purpose": {v.form("purpose")}, "oldest_age": {v.form("oldest_age")}, "answers": {plainJSON(req.Form.Answers)},
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
		room := 0
		if a.Why != "same_time" {
			room = a.Resource.ID
		}
		unit, err := v.server.Resources.UnitByID(v.ctx, v.server.DB, a.Resource.Unit)
		if err != nil || !v.mayBook(unit.ID) {
			continue
		}
		alert.Links = append(alert.Links, ui.Link{
			Label: v.alternativeLabel(a, room), Href: v.newHref(unit, a.Resource, calendar.Interval{Begin: a.Begin, End: a.End}),
		})
	}
	return &alert
}

// plainJSON is a value as the API shows it.
func plainJSON(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(raw)
}
