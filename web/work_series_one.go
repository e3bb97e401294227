package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// workSeriesPage is the data of templates/work_series.html.
type workSeriesPage struct {
	ui.Frame
	Detail  workDetail
	Sub     string       // whose, and which room
	Wanted  []wantedDate // dates that were not made
	Results []bulkResult // dates that a change left as they were
	Bad     []bulkResult // dates for which a change was refused
	Edit    *seriesForm  // nil = nothing is to come, or the visitor does not decide
	End     *seriesForm
	Longer  string // changes where it ends, too
	Links   []ui.Link
}

// handledTurn is one date of a series in the list of its handlers.
type handledTurn struct {
	Href string
	When string
	Room string // where it is not the series' own
	Tag  ui.StatusTag
	Note string // what else wants its time
	Day  string // the schedule of that day, where something else wants its time
	Past bool
}

// wantedDate is a date that was not made.
type wantedDate struct {
	Date  string
	When  string
	Label string // of its buttons
	Why   string
	Free  bool      // it could be made now
	May   bool      // the visitor decides about the series
	Ask   *ui.Field // making it overrides a rule: why
}

// seriesForm asks what to change, and of which dates.
type seriesForm struct {
	Open   bool
	Scope  []ui.Field
	Fields []ui.Field
	Boxes  []ui.Field
	Reason ui.Field
}

// isSeries tells whether a reference is a series' number.
func isSeries(ref string) bool { return strings.HasPrefix(ref, "S-") }

// seriesDetail reads a series with what its handler looks at: in the pane of the
// inbox and on its own page.
func (v *visit) seriesDetail(ref string, p problems) (workDetail, booking.HandledSeries, error) {
	seen, err := v.server.Booking.SeriesForStaff(v.ctx, v.actor, ref)
	if err != nil {
		return workDetail{}, seen, err
	}
	s := seen.Series
	d := workDetail{
		CSRF: v.server.Accounts.CSRF(v.actor.Session), Ref: s.Number, Revision: s.Revision, Href: v.path("work-series", s.Number),
		Place: v.named(seen.UnitName), When: v.repeatLine(s.Plan()), Tag: v.seriesTag(seen.SeriesHead), Facts: v.handledFacts(seen), Keys: v.keysOn(),
		Decide: seen.Requested > 0 && v.mayHandle(s.Unit), Summary: p.Summary, Turns: v.handledTurns(seen),
	}
	d.Post = d.Href
	d.Room, d.Lang = v.text(seen.ResourceName)
	d.Reason = ui.Field{
		Name: "reason", ID: "deny-reason", Label: v.t("work.deny_reason"), Hint: v.t("work.series_deny_hint"), Type: "textarea", Rows: 3,
	}
	if v.form("act") == "deny" {
		d.Reason = v.field(d.Reason, p)
	}
	waiting := slices.DeleteFunc(slices.Clone(seen.Dates), func(turn booking.Card) bool { return turn.State != booking.Requested })
	if len(waiting) == 0 {
		return d, seen, nil
	}
	if d.Free = d.Decide && waiting[0].FreeReason != ""; d.Free {
		d.FreeWhy, d.Price = waiting[0].FreeReason, v.sumOrAgreed(nil)
		if sum, known := seriesSum(booking.SeriesCard{Dates: waiting}); known {
			d.Price = v.sumOrAgreed(&sum)
		}
	}
	return d, seen, v.judgeTurn(&d, waiting[0])
}

// judgeTurn adds what the rules say to the first date that waits, and who asks.
func (v *visit) judgeTurn(d *workDetail, turn booking.Card) error {
	review, err := v.server.Booking.Review(v.ctx, v.actor, turn.Number)
	if err != nil {
		return err
	}
	d.Rules = v.ruleCheck(review)
	standing, err := v.server.Booking.HolderStanding(v.ctx, v.actor, turn.Number)
	if turn.HolderPerson != nil || turn.HolderAssociation != nil {
		d.Standing = v.standingFacts(standing)
	}
	return err
}

func (v *visit) handledFacts(seen booking.HandledSeries) []ui.Fact {
	s := seen.Series
	var facts []ui.Fact
	add := func(icon, label, value, href string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: v.t(label), Value: value, Href: href})
		}
	}
	add("calendar-event", "work.fact.title", s.Title, "")
	add("users", "work.fact.holder", v.seriesHolder(seen.SeriesHead), "")
	if seen.MadeByName != seen.HolderName {
		add("user", "work.fact.made_by", seen.MadeByName, "")
	}
	if seen.MadeByEmail != "" {
		add("mail", "work.fact.email", seen.MadeByEmail, "mailto:"+url.PathEscape(seen.MadeByEmail))
	}
	add("calendar", "work.series_fact.dates", v.seriesCounts(seen), "")
	for _, kind := range s.Skip.V {
		add("calendar", "work.series_fact.skip", v.t("work.series_skip."+strings.ReplaceAll(kind, "-", "_")), "")
	}
	if s.Persons != nil {
		add("users", "work.fact.persons", strconv.Itoa(*s.Persons), "")
	}
	add("flag", "work.fact.purpose", v.purpose(s.Purpose), "")
	add("clock", "work.fact.made", v.t("work.made_at", "at", s.CreatedAt, "ago", v.age(s.CreatedAt)), "")
	add("message", "work.fact.reason", s.ReasonText, "")
	add("receipt", "work.fact.number", s.Number, "")
	return facts
}

// seriesCounts says how many dates there are, and how many of them wait.
func (v *visit) seriesCounts(seen booking.HandledSeries) string {
	words := v.t("work.series_times", "n", seen.Standing)
	if seen.Requested > 0 {
		words += ", " + v.t("work.series_waiting", "n", seen.Requested)
	}
	if n := len(seen.Rejected); n > 0 {
		words += ", " + v.t("work.series_rejected", "n", n)
	}
	return words
}

func (v *visit) handledTurns(seen booking.HandledSeries) []handledTurn {
	var turns []handledTurn
	for _, card := range seen.Dates {
		turn := handledTurn{
			Href: v.path("work-reservation", card.Number), When: v.say.Range(card.BeginAt, card.EndAt), Tag: v.workTag(card.Reservation),
			Past: !card.EndAt.After(v.now),
		}
		if card.State == booking.Requested {
			turn.Tag.Label = v.t("work.series_tag.requested")
		}
		if card.ResourceUID != seen.ResourceUID {
			turn.Room = v.named(card.ResourceName)
		}
		if n := seen.Overlaps[card.ID]; n > 0 {
			turn.Note, turn.Day = v.t("work.series_others", "n", n), v.dayAt(card)
		}
		turns = append(turns, turn)
	}
	return turns
}

func (v *visit) showWorkSeries() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	return v.workSeries(problems{}, workSeriesPage{})
}

// workSeries shows a series; page has what became of a change.
func (v *visit) workSeries(p problems, page workSeriesPage) error {
	detail, seen, err := v.seriesDetail(v.param("ref"), p)
	if err != nil {
		return err
	}
	page.Detail = detail
	if page.Frame, err = v.workFrame(seen.Number, ui.Link{Href: v.path("work-series-list"), Label: v.t("work.series")}); err != nil {
		return err
	}
	page.Title = v.seriesHolder(seen.SeriesHead) + ", " + detail.Room
	page.Sub = detail.Room + ", " + detail.Place
	for _, r := range seen.Rejected {
		page.Wanted = append(page.Wanted, v.wantedDate(r, v.mayHandle(seen.Unit), p))
	}
	page.Links = []ui.Link{{Label: v.t("work.see_schedule"), Href: v.pathWith("schedule", url.Values{"unit": {seen.UnitSlug}})}}
	if seen.Coming > 0 && v.mayHandle(seen.Unit) {
		page.Links[0].Href = v.pathWith("schedule", url.Values{"unit": {seen.UnitSlug}, "date": {seen.Next.String()}})
		err = v.offerSeriesForms(&page, seen, p)
	}
	if err != nil {
		return err
	}
	if page.Edit != nil {
		page.Longer = v.path("my-series-edit", seen.Number)
	}
	return v.render("work_series", page)
}

func (v *visit) wantedDate(r booking.RejectedDate, may bool, p problems) wantedDate {
	wanted := wantedDate{
		Date: r.SeriesDate.String(), When: v.say.Range(r.BeginAt, r.EndAt), Label: v.say.Date(r.BeginAt),
		Why: sentence(v.say, fault.Refused, r.Code, fault.Params(r.Reason.V.Params)), Free: r.Free, May: may,
	}
	if v.form("act") == "make" && v.form("date") == wanted.Date && p.Fields["reason"] != "" {
		ask := v.field(ui.Field{Name: "reason", ID: "make-reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Type: "textarea", Rows: 2}, p)
		wanted.Ask = &ask
	}
	return wanted
}

// offerSeriesForms adds the forms that change what is to come.
func (v *visit) offerSeriesForms(page *workSeriesPage, seen booking.HandledSeries, p problems) error {
	unit, err := v.server.Resources.UnitByID(v.ctx, v.server.DB, seen.Unit)
	if err != nil {
		return err
	}
	places, err := v.placesOf(unit)
	if err != nil {
		return err
	}
	edit, end := problems{}, problems{}
	if v.form("act") == "edit" {
		edit = p
	} else {
		end = p
	}
	page.Edit = &seriesForm{Open: v.form("act") == "edit", Scope: v.scopeFields("edit", seen, edit), Fields: v.seriesFields(seen, places, edit)}
	for _, box := range []string{"lenient", "check_hours"} {
		page.Edit.Boxes = append(page.Edit.Boxes, ui.Field{
			Name: box, ID: "edit-" + box, Type: "checkbox", Label: v.t("work.series_box." + box), Checked: v.form(box) != "",
		})
	}
	page.Edit.Reason = ui.Field{Name: "reason", ID: "edit-reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Type: "textarea", Rows: 2, Optional: true}
	if v.form("act") == "edit" {
		page.Edit.Reason = v.field(page.Edit.Reason, edit)
	}
	page.End = &seriesForm{Open: v.form("act") == "cancel" || v.form("act") == "deny" && v.form("scope") != "", Scope: v.scopeFields("end", seen, end)}
	page.End.Reason = ui.Field{Name: "reason", ID: "end-reason", Label: v.t("work.cancel_reason"), Hint: v.t("work.cancel_reason_hint"), Type: "textarea", Rows: 2}
	if page.End.Open {
		page.End.Reason = v.field(page.End.Reason, end)
	}
	return nil
}

// scopeFields ask which dates a change is about; prefix keeps the ids of two
// forms apart.
func (v *visit) scopeFields(prefix string, seen booking.HandledSeries, p problems) []ui.Field {
	scope := ui.Field{Name: "scope", ID: prefix + "-scope", Label: v.t("work.series_scope"), Type: "select", Width: "m"}
	for _, value := range []booking.SeriesScope{booking.ScopeAll, booking.ScopeFollowing, booking.ScopeThis} {
		scope.Options = append(scope.Options, ui.Option{
			Value: string(value), Label: v.t("work.series_scope." + string(value)), Selected: v.form("scope") == string(value),
		})
	}
	from := ui.Field{Name: "from", ID: prefix + "-from", Label: v.t("work.series_from"), Hint: v.t("work.series_from_hint"), Type: "select", Width: "m", Error: p.Fields["from"]}
	for _, card := range seen.Dates {
		standing := card.State == booking.Requested || card.State == booking.Confirmed
		if standing && card.BeginAt.After(v.now) {
			day := card.SeriesDate.String()
			from.Options = append(from.Options, ui.Option{Value: day, Label: v.say.ShortRange(card.BeginAt, card.EndAt), Selected: v.form("from") == day})
		}
	}
	return []ui.Field{scope, from}
}

// seriesFields are room, hours and name as they are, or as they were typed.
func (v *visit) seriesFields(seen booking.HandledSeries, places []resources.Place, p problems) []ui.Field {
	s := seen.Series
	typed := v.form("act") == "edit"
	or := func(name, value string) string {
		if typed {
			return v.form(name)
		}
		return value
	}
	room, start := or("room", seen.ResourceSlug), or("start", s.FromMinute.String())
	end := or("end", (s.ToMinute % calendar.DayMinutes).String())
	if s.ToMinute == calendar.DayMinutes && !typed {
		end = "24:00"
	}
	step := max(15, policies.StaffRaster(30))
	var rooms []ui.Option
	for _, place := range places {
		rooms = append(rooms, ui.Option{Value: place.Resource.Slug, Label: v.named(place.Resource.Name), Selected: place.Resource.Slug == room})
	}
	fields := []ui.Field{
		{Name: "room", Label: v.t("report.column.resource"), Type: "select", Options: rooms},
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockSteps(0, step, start)},
		{Name: "end", Label: v.t("work.end"), Type: "select", Width: "s", Options: v.clockSteps(step, step, end)},
		{Name: "title", Label: v.t("work.new_name"), Width: "m", MaxLength: 200, Value: or("title", s.Title)},
	}
	for i := range fields {
		fields[i].ID, fields[i].Error = "edit-"+fields[i].Name, p.Fields[fields[i].Name]
	}
	return fields
}
