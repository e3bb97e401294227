package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// deskRoutes are the pages of who closes and prints.
func deskRoutes() []route {
	return []route{
		{name: "work-close", method: get, at: one("/work/close"), who: staff, handle: (*visit).showWorkClose},
		{name: "work-close-make", method: post, at: one("/work/close"), who: staff, handle: (*visit).makeWorkClose},
		{name: "work-week", method: get, at: one("/work/week"), who: staff, handle: (*visit).showWeek},
	}
}

// workClosePage is the data of templates/work_close.html: staff close rooms,
// after they have seen what that hits.
type workClosePage struct {
	ui.Frame
	Kinds   []wayLink
	Units   *ui.Field // to choose another unit; nil = there is one
	Unit    string
	Rooms   checkList
	Dates   []ui.Field
	Span    ui.Field
	Hours   []ui.Field
	Name    ui.Field
	Reason  ui.Field
	Preview *closePreview // nil = nobody has looked yet
	Key     string
	Back    string
	Summary ui.ErrorSummary
}

// checkList is a group of check boxes. Template "work-checks".
type checkList struct {
	Name, Label, Hint, Error string
	Options                  []ui.Option
}

// closePreview is what a closing would hit, and what becomes of it.
type closePreview struct {
	Title  string
	Clear  bool // nothing has to be decided
	Table  ui.Table
	OnHit  ui.Field
	Why    ui.Field
	Agreed []string // numbers that are listed
}

// The ways in which a closing's hours lie on its days.
const (
	spanWhole   = "whole"   // whole days
	spanDaily   = "daily"   // the same hours every day
	spanThrough = "through" // from the first day's begin to the last day's end
)

func (v *visit) showWorkClose() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	return v.workClose(problems{}, nil)
}

func (v *visit) workClose(p problems, preview *closePreview) error {
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	date, _ := v.askedDate()
	page := workClosePage{Unit: unit.Slug, Back: v.dayOf(unit, date), Summary: p.Summary, Key: v.formKey(), Preview: preview}
	if page.Frame, err = v.workFrame(v.t("work.close_title"), ui.Link{Href: page.Back, Label: v.t("work.schedule")}); err != nil {
		return err
	}
	if page.Units, err = v.closableUnits(unit); err != nil {
		return err
	}
	page.Kinds = v.kindLinks(unit, policies.Closure)
	page.Rooms = v.roomChecks(places, p)
	v.closeFields(&page, date, p)
	return v.render("work_close", page)
}

func (v *visit) closableUnits(unit resources.Unit) (*ui.Field, error) {
	units, err := v.workUnits()
	units = slices.DeleteFunc(units, func(u resources.Unit) bool { return !v.mayBook(u.ID) })
	if err != nil || len(units) < 2 {
		return nil, err
	}
	return &ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, "", unit.Slug)}, nil
}

// allRooms is the value of the box for the whole unit.
const allRooms = "*"

func (v *visit) roomChecks(places []resources.Place, p problems) checkList {
	chosen := v.formAll("rooms")
	if !v.route.write() {
		chosen = []string{v.query("room")}
	}
	list := checkList{Name: "rooms", Label: v.t("work.close_rooms"), Error: p.Fields["rooms"]}
	list.Options = append(list.Options, ui.Option{Value: allRooms, Label: v.t("work.close_all", "n", len(places)), Selected: slices.Contains(chosen, allRooms)})
	for _, place := range places {
		list.Options = append(list.Options, ui.Option{
			Value: place.Resource.Slug, Label: v.named(place.Resource.Name), Selected: slices.Contains(chosen, place.Resource.Slug),
		})
	}
	return list
}

func (v *visit) closeFields(page *workClosePage, date calendar.Date, p problems) {
	for _, field := range []ui.Field{
		{Name: "date", Label: v.t("work.close_first"), Hint: v.t("date.hint"), Value: v.dateTyped(date), Width: "s", Autocomplete: "off"},
		{Name: "last", Label: v.t("work.last_day"), Hint: v.t("work.close_last_hint"), Width: "s", Autocomplete: "off", Optional: true},
	} {
		page.Dates = append(page.Dates, v.field(field, p))
	}
	span := spanWhole
	if v.query("start") != "" {
		span = spanDaily
	}
	page.Span = ui.Field{Name: "span", Label: v.t("work.close_span"), Type: "radio", Required: true}
	for _, value := range []string{spanWhole, spanDaily, spanThrough} {
		page.Span.Options = append(page.Span.Options, ui.Option{
			Value: value, Label: v.t("work.span." + value), Hint: v.t("work.span_hint." + value), Selected: value == span,
		})
	}
	page.Span = v.field(page.Span, p)
	start, end := v.askedHours("08:00", "16:00")
	for _, field := range []ui.Field{
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockSteps(0, 30, start)},
		{Name: "end", Label: v.t("work.end"), Type: "select", Width: "s", Options: v.clockSteps(30, 30, end)},
	} {
		page.Hours = append(page.Hours, v.field(field, p))
	}
	page.Name = v.field(ui.Field{Name: "title", Label: v.t("work.new_name"), Hint: v.t("work.new_name_hint"), Width: "m", MaxLength: 200}, p)
	page.Reason = v.field(ui.Field{Name: "reason", Label: v.t("work.close_note"), Hint: v.t("work.close_note_hint"), Type: "textarea", Rows: 2, Optional: true}, p)
}

// makeWorkClose shows what a closing hits, or makes it.
func (v *visit) makeWorkClose() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	unit, places, err := v.bookableRooms()
	if err != nil {
		return err
	}
	closing, err := v.workClosing(places)
	var report booking.ClosingReport
	if err == nil && v.form("act") != "close" {
		look := closing
		look.OnHit = booking.SkipHits // the choice is made after the look
		if report, err = v.server.Booking.PreviewClosing(v.ctx, v.actor, look); err == nil {
			return v.workClose(problems{}, v.closePreview(report.Hits, problems{}))
		}
	} else if err == nil {
		report, err = v.server.Booking.Close(v.ctx, v.actor, closing)
	}
	if p, ok := v.problems(err); ok {
		return v.workClose(p, v.previewAgain(closing, err, p))
	} else if err != nil {
		return err
	}
	if len(report.Closed) == 0 {
		v.flash(ui.AlertInfo, "work.closed_none", nil)
		return v.redirect(v.dayOf(unit, v.today()))
	}
	if n := len(report.Denied); n > 0 {
		v.flash(ui.AlertSuccess, "work.closed_denied", fault.Params{"n": len(report.Closed), "denied": n})
	} else {
		v.flash(ui.AlertSuccess, "work.closed", fault.Params{"n": len(report.Closed)})
	}
	return v.redirect(v.dayOf(unit, v.dateOf(report.Closed[0].BeginAt)))
}

// previewAgain shows what is hit beside what was wrong.
func (v *visit) previewAgain(closing booking.Closing, err error, p problems) *closePreview {
	var blocked *booking.Blocked
	if errors.As(err, &blocked) {
		return v.closePreview(blocked.Hits, p)
	}
	if v.form("act") != "close" || len(closing.Resources) == 0 {
		return nil
	}
	closing.OnHit = booking.SkipHits
	report, err := v.server.Booking.PreviewClosing(v.ctx, v.actor, closing)
	if err != nil {
		return nil
	}
	return v.closePreview(report.Hits, p)
}

func (v *visit) closePreview(hits []booking.Hit, p problems) *closePreview {
	n := booking.ClosingReport{Hits: hits}.Decisions()
	preview := &closePreview{Clear: n == 0, Title: v.t("work.hits_clear"), Table: v.hitTable(hits)}
	if n > 0 {
		preview.Title = v.t("work.hits_title", "n", n)
	}
	for _, hit := range hits {
		if hit.Decide && !slices.Contains(preview.Agreed, hit.Card.Number) {
			preview.Agreed = append(preview.Agreed, hit.Card.Number)
		}
	}
	preview.OnHit = v.field(ui.Field{Name: "on_hit", Label: v.t("work.on_hit"), Type: "radio", Required: true, Options: []ui.Option{
		{Value: string(booking.DenyHits), Label: v.t("work.on_hit.deny"), Hint: v.t("work.on_hit_deny_hint")},
		{Value: string(booking.SkipHits), Label: v.t("work.on_hit.skip"), Hint: v.t("work.on_hit_skip_hint")},
	}}, p)
	preview.Why = v.field(ui.Field{Name: "deny_reason", Label: v.t("work.deny_reason"), Hint: v.t("work.close_deny_hint"), Type: "textarea", Rows: 2}, p)
	return preview
}

func (v *visit) hitTable(hits []booking.Hit) ui.Table {
	table := ui.Table{Caption: v.t("work.hits_caption"), HideCaption: true}
	for _, key := range []string{"work.hit_what", "work.date_time", "timeline.room", "work.fact.holder"} {
		table.Columns = append(table.Columns, ui.Column{Label: v.t(key)})
	}
	for _, hit := range hits {
		what := ui.Cell{Text: v.t("work.hit." + hit.Kind)}
		if !hit.Foreign && hit.Kind != "hold" {
			what.Href = v.path("work-reservation", hit.Card.Number)
			what.Text += " " + hit.Card.Number
		}
		room := v.named(hit.Resource.Name)
		if hit.Card.Resource != hit.Resource.ID {
			room += " (" + v.named(hit.Card.ResourceName) + ")"
		}
		who := joinWords(", ", hit.Card.Title, v.holderName(hit.Card))
		if hit.Foreign {
			who = v.t("work.hit_foreign")
		}
		if who == "" {
			who = "–"
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{what, {Text: v.say.ShortRange(hit.Card.BeginAt, hit.Card.EndAt)}, {Text: room}, {Text: who}}})
	}
	return table
}

// workClosing reads the form.
func (v *visit) workClosing(places []resources.Place) (booking.Closing, error) {
	c := booking.Closing{
		Resources: chosenRooms(places, v.formAll("rooms")), Title: v.form("title"), Reason: v.form("reason"),
		OnHit: booking.OnHit(v.form("on_hit")), DenyReason: v.form("deny_reason"), Agreed: append([]string{}, v.formAll("agreed")...),
	}
	if len(c.Resources) == 0 {
		return c, fault.InvalidField("rooms", "booking.closing_no_rooms")
	}
	var err error
	if c.Times, err = v.closingTimes(); err != nil {
		return c, err
	}
	request := url.Values{"rooms": v.formAll("rooms"), "on_hit": {v.form("on_hit")}, "title": {c.Title}, "reason": {c.Reason}, "deny_reason": {c.DenyReason}}
	for _, t := range c.Times {
		request.Add("times", strconv.FormatInt(t.Begin.Unix(), 10)+"-"+strconv.FormatInt(t.End.Unix(), 10))
	}
	c.Key = ledger.Key{Actor: v.actor.Name(), Route: "POST work/close", Key: v.formKey(), Request: []byte(request.Encode())}
	return c, nil
}

func chosenRooms(places []resources.Place, chosen []string) []uuid.UUID {
	var rooms []uuid.UUID
	for _, place := range places {
		if slices.Contains(chosen, allRooms) || slices.Contains(chosen, place.Resource.Slug) {
			rooms = append(rooms, place.Resource.UID)
		}
	}
	return rooms
}

func (v *visit) closingTimes() ([]booking.Times, error) {
	first, err := v.formDate("date")
	if err != nil {
		return nil, err
	}
	last := first
	if v.form("last") != "" {
		if last, err = v.formDate("last"); err != nil {
			return nil, err
		}
	}
	if last.Before(first) {
		return nil, fault.InvalidField("last", "search.end_before_begin")
	}
	switch v.form("span") {
	case spanWhole:
		zone := v.server.Zone
		return []booking.Times{{Begin: calendar.DayBounds(first, zone).Begin, End: calendar.DayBounds(last, zone).End}}, nil
	case spanThrough:
		times, err := v.workTimes()
		return []booking.Times{times}, err
	case spanDaily:
		return v.dailyTimes(booking.Daily{First: first, Last: last})
	}
	return nil, fault.InvalidField("span", "work.bad_span")
}

func (v *visit) dailyTimes(d booking.Daily) ([]booking.Times, error) {
	for _, bound := range []struct {
		name   string
		minute *calendar.Minute
	}{{"start", &d.From}, {"end", &d.To}} {
		minute, err := locales.ParseTime(v.form(bound.name))
		if err != nil {
			return nil, fault.InvalidField(bound.name, fault.Code(err), fault.As(err).Params)
		}
		*bound.minute = calendar.Minute(minute)
	}
	if d.To <= d.From {
		return nil, fault.InvalidField("end", "search.end_before_begin")
	}
	return d.Times(v.server.Zone), nil
}

// formDate is a posted date as people write dates.
func (v *visit) formDate(name string) (calendar.Date, error) {
	date, err := v.readDate(strings.TrimSpace(v.form(name)))
	if err != nil {
		return date, fault.InvalidField(name, fault.Code(err), fault.As(err).Params)
	}
	return date, nil
}
