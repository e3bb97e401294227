package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// affectedRoutes are where staff decide about what a change of hours left
// outside.
func affectedRoutes() []route {
	return []route{
		{name: "work-affected", method: get, at: one("/work/affected"), who: staff, handle: (*visit).showAffected},
		{name: "work-affected-decide", method: post, at: one("/work/affected"), who: staff, handle: (*visit).decideAffected},
	}
}

// affectedPage is the data of templates/work_affected.html.
type affectedPage struct {
	ui.Frame
	Count   string
	Unit    *ui.Field
	Change  string // uid of the one change that is shown, "" = all
	All     string // address of all changes, where one is shown
	Post    string
	Groups  []affectedGroup
	May     bool // somebody may decide here
	Total   int
	Reason  ui.Field
	Empty   *ui.Empty
	Summary ui.ErrorSummary
	Pages   ui.Pagination
}

// affectedGroup is what one change left outside in one unit.
type affectedGroup struct {
	ID    string
	Unit  string
	When  string
	Only  string // address of this change alone
	Items []affectedItem
}

// affectedItem is a reservation that waits for a decision.
type affectedItem struct {
	Row      string
	Revision int
	Picked   bool
	May      bool
	Label    string // for those who hear it
	Href     string
	Holder   string
	Room     string
	Title    string
	When     string
	Part     string
	Proposal string
	To       string // where the proposal leads, as the form carries it
	Move     string // address of the form that asks for any time
}

// affectedShown is how many stand on one page.
const affectedShown = 40

func (v *visit) showAffected() error { return v.affected(problems{}) }

// affectedFilter is what the address asks for; skip is how many stand before.
func (v *visit) affectedFilter() (f booking.AffectedFilter, slug string, err error) {
	if slug = v.query("unit"); slug != "" {
		units, err := v.workUnits()
		if err != nil {
			return f, slug, err
		}
		unit, err := chosenUnit(units, slug)
		if err != nil {
			return f, slug, err
		}
		f.Unit = unit.ID
	}
	if text := v.query("change"); text != "" {
		if f.Change, err = uuid.Parse(text); err != nil {
			return f, slug, fault.New(fault.NotFound, "not_found")
		}
	}
	f.Skip, _ = strconv.Atoi(v.query("skip"))
	f.Skip, f.Limit = max(f.Skip, 0), affectedShown
	return f, slug, nil
}

func (v *visit) affectedHref(unit, change string, skip int) string {
	values := url.Values{"unit": {unit}, "change": {change}}
	if skip > 0 {
		values.Set("skip", strconv.Itoa(skip))
	}
	return v.pathWith("work-affected", values)
}

// affected shows what waits; p is what was wrong with a decision.
func (v *visit) affected(p problems) error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	filter, slug, err := v.affectedFilter()
	if err != nil {
		return err
	}
	list, err := v.server.Booking.Affected(v.ctx, v.actor, filter)
	if err != nil {
		return err
	}
	page := affectedPage{Change: v.query("change"), Post: v.affectedHref(slug, v.query("change"), 0), Total: list.Total, Summary: p.Summary}
	if page.Frame, err = v.workFrame(v.t("affected.title"), ui.Link{Href: v.path("work"), Label: v.t("day.today")}); err != nil {
		return err
	}
	page.Frame.Path = page.Post
	page.Count = v.t("affected.count", "n", list.Total)
	if page.Change != "" {
		page.All = v.affectedHref(slug, "", 0)
	}
	if err := v.affectedUnits(&page, slug); err != nil {
		return err
	}
	for _, a := range list.Rows {
		v.addAffected(&page, a, slug)
	}
	if rest := list.Total - filter.Skip - len(list.Rows); rest > 0 && len(list.Rows) > 0 {
		page.Pages.NextHref = v.affectedHref(slug, page.Change, filter.Skip+affectedShown)
	}
	if filter.Skip > 0 {
		page.Pages.PrevHref = v.affectedHref(slug, page.Change, filter.Skip-affectedShown)
	}
	if len(list.Rows) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("affected.none"), Text: v.t("affected.none_text"), Actions: []ui.Link{{Href: v.path("schedule"), Label: v.t("work.see_schedule")}}}
	}
	page.Reason = v.field(ui.Field{Name: "reason", Label: v.t("affected.reason"), Hint: v.t("affected.reason_hint"), Type: "textarea", Rows: 3}, p)
	return v.render("work_affected", page)
}

func (v *visit) affectedUnits(page *affectedPage, slug string) error {
	units, err := v.workUnits()
	if len(units) > 1 {
		page.Unit = &ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, v.t("work.all_units"), slug)}
	}
	return err
}

func (v *visit) addAffected(page *affectedPage, a booking.Affected, slug string) {
	id := a.Change.String() + "-" + a.Card.UnitSlug
	if last := len(page.Groups) - 1; last < 0 || page.Groups[last].ID != id {
		group := affectedGroup{ID: id, Unit: v.named(a.Card.UnitName), When: v.t("affected.change", "at", a.FoundAt)}
		if page.Change == "" {
			group.Only = v.affectedHref(slug, a.Change.String(), 0)
		}
		page.Groups = append(page.Groups, group)
	}
	group := &page.Groups[len(page.Groups)-1]
	item := v.affectedItem(a)
	page.May = page.May || item.May
	group.Items = append(group.Items, item)
}

func (v *visit) affectedItem(a booking.Affected) affectedItem {
	item := affectedItem{
		Row: a.Row.String(), Revision: a.Card.Revision, May: v.mayHandle(a.Card.Unit), Href: v.path("work-reservation", a.Card.Number),
		Holder: a.Card.HolderName, Room: v.named(a.Card.ResourceName), Title: a.Card.Title, When: v.say.Range(a.Card.BeginAt, a.Card.EndAt),
		Part: v.affectedPart("affected.part", a), Move: v.path("work-reservation", a.Card.Number) + "#move",
	}
	if item.Holder == "" {
		item.Holder = a.Card.Number
	}
	for _, row := range v.formAll("pick") {
		item.Picked = item.Picked || row == item.Row
	}
	item.Label = item.Holder + ", " + item.Room + ", " + v.say.ShortRange(a.Card.BeginAt, a.Card.EndAt)
	if p := a.Proposal; p != nil {
		item.Proposal = v.t("affected.proposal", "time", v.alternativeLabel(*p, a.Card.Resource))
		item.To = p.Resource.UID.String() + " " + stamp(p.Begin) + " " + stamp(p.End)
	}
	return item
}

// affectedPart says what lies outside of a reservation, and how much; what new
// rules would refuse they would refuse as a whole.
func (v *visit) affectedPart(key string, a booking.Affected) string {
	if a.Cause == "rules" {
		return v.t(key + "_rules")
	}
	return v.t(key, "span", v.say.ShortRange(a.Outside.Begin, a.Outside.End), "length", v.say.Duration(a.Minutes))
}

// decideAffected is every button of the page.
func (v *visit) decideAffected() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	err := v.decideAffectedBy(v.form("act"))
	if p, ok := v.problems(err); ok {
		return v.affected(p)
	} else if err != nil {
		return err
	}
	filter, slug, err := v.affectedFilter()
	if err != nil {
		return err
	}
	return v.redirect(v.affectedHref(slug, v.query("change"), filter.Skip))
}

// decideAffectedBy does what a button says: keep, cancel or move, and of which.
func (v *visit) decideAffectedBy(act string) error {
	verdict, what, _ := strings.Cut(act, ":")
	switch verdict {
	case "move":
		return v.moveAffected(what)
	case "look":
		return nil // Enter in a field decides nothing
	}
	choice, err := v.affectedChoice(what)
	if err != nil {
		return err
	}
	told := "affected.kept"
	var numbers []string
	if verdict == "cancel" {
		told = "affected.cancelled"
		numbers, err = v.server.Booking.CancelAffected(v.ctx, v.actor, choice, v.form("reason"))
	} else {
		numbers, err = v.server.Booking.KeepAffected(v.ctx, v.actor, choice)
	}
	if err == nil {
		v.flash(ui.AlertSuccess, told, fault.Params{"n": len(numbers)})
	}
	return err
}

// affectedChoice is all that the page lists, what is ticked, or one row.
func (v *visit) affectedChoice(what string) (booking.AffectedChoice, error) {
	filter, _, err := v.affectedFilter()
	choice := booking.AffectedChoice{AffectedFilter: filter}
	if what == "all" {
		choice.Agreed, _ = strconv.Atoi(v.form("agreed"))
		return choice, err
	}
	rows := []string{what}
	if what == "picked" {
		if rows = v.formAll("pick"); len(rows) == 0 {
			return choice, fault.New(fault.Invalid, "affected.pick_some")
		}
	}
	for _, row := range rows {
		uid, wrong := uuid.Parse(row)
		if wrong != nil {
			return choice, fault.New(fault.Invalid, "invalid")
		}
		choice.Rows = append(choice.Rows, uid)
	}
	return choice, err
}

// moveAffected moves a row to the proposal that stood on the page.
func (v *visit) moveAffected(row string) error {
	fields := strings.Fields(v.form("to_" + row))
	revision, err := strconv.Atoi(v.form("revision_" + row))
	if len(fields) != 3 || err != nil {
		return fault.New(fault.Invalid, "invalid")
	}
	room, err := uuid.Parse(fields[0])
	if err != nil {
		return fault.New(fault.Invalid, "invalid")
	}
	var at [2]time.Time
	for i := range at {
		if at[i], err = time.Parse(stampForm, fields[i+1]); err != nil {
			return fault.New(fault.Invalid, "invalid")
		}
	}
	change := booking.Change{Ref: row, Revision: revision, Resource: room, ReasonText: v.form("reason")}
	moved, err := v.server.Booking.MoveAffected(v.ctx, v.actor, change, booking.Times{Begin: at[0], End: at[1]})
	if err == nil {
		v.flash(ui.AlertSuccess, "affected.moved", fault.Params{"number": moved.Number})
	}
	return err
}

// affectedAlert tells on a reservation's own page that a change of hours left it
// outside, and staff where to decide; nil = nothing waits.
func (v *visit) affectedAlert(card booking.Card) (*ui.Alert, error) {
	a, err := v.server.Booking.AffectedBy(v.ctx, card)
	if err != nil || a == nil {
		return nil, err
	}
	alert := &ui.Alert{Kind: ui.AlertWarning, Title: v.t("affected.holder_title"), Text: v.affectedPart("affected.holder_text", *a)}
	if a.Cause == "rules" {
		alert.Title = v.t("affected.holder_title_rules")
	}
	if v.route.ofStaff() {
		alert.Text = v.affectedPart("affected.staff_text", *a)
		alert.Links = []ui.Link{{Href: v.affectedHref(card.UnitSlug, a.Change.String(), 0), Label: v.t("affected.decide")}}
	}
	return alert, nil
}
