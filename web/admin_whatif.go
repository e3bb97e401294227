package web

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/ui"
)

// whatIfRoutes replay requests by a version of a rule book that may not be in
// force. An answer is whose who asked for it.
func whatIfRoutes() []route {
	return []route{
		{name: "whatif", method: get, at: one("/admin/rules/:key/:version/whatif"), who: managers, handle: (*visit).showWhatIf},
		{name: "whatif-start", method: post, at: one("/admin/rules/:key/:version/whatif"), who: managers, handle: (*visit).startWhatIf, slow: true},
		{name: "whatif-answer", method: get, at: one("/admin/rules/:key/:version/whatif/:id"), who: asker, handle: (*visit).showWhatIfAnswer},
		{name: "whatif-stop", method: post, at: one("/admin/rules/:key/:version/whatif/:id"), who: asker, handle: (*visit).stopWhatIf},
		{name: "whatif-groups", method: get, at: one("/admin/rules/:key/:version/whatif/:id/groups.csv"), who: asker, handle: (*visit).downloadWhatIfGroups},
		{name: "whatif-requests", method: get, at: one("/admin/rules/:key/:version/whatif/:id/requests.csv"), who: asker, handle: (*visit).downloadWhatIfRequests},
		{name: "whatif-request", method: get, at: one("/admin/rules/:key/:version/whatif/:id/requests/:number"), who: asker, handle: (*visit).showWhatIfRequest},
	}
}

// whatIfPage is the data of templates/admin_whatif.html.
type whatIfPage struct {
	ui.Frame
	Book    string // "Shared halls, version 3 (draft)"
	Summary ui.ErrorSummary
	Post    string
	Periods []tab
	Fields  []ui.Field
}

// atOnce is how many requests are replayed while the visitor waits.
const atOnce = 5000

func (v *visit) showWhatIf() error {
	book, err := v.whatIfBook()
	if err != nil {
		return err
	}
	return v.whatIfForm(book, problems{})
}

// whatIfBook is the version in the address, for those who look after it.
func (v *visit) whatIfBook() (resources.RuleBook, error) {
	if err := v.requireStaff(); err != nil {
		return resources.RuleBook{}, err
	}
	book, err := v.server.ruleBookVersion(v.ctx, v.param("key"), v.param("version"))
	if err == nil && !reports.MayAskWhatIf(v.actor, book) {
		err = fault.New(fault.Forbidden, "auth.forbidden")
	}
	return book, err
}

// ruleBookVersion reads a version of a rule book by the texts of an address.
func (s *Server) ruleBookVersion(ctx context.Context, key, version string) (resources.RuleBook, error) {
	number, err := strconv.Atoi(version)
	if err != nil || number < 1 || number > math.MaxInt32 {
		return resources.RuleBook{}, fault.New(fault.NotFound, "rules.not_found")
	}
	return s.Resources.BookVersion(ctx, s.DB, key, number)
}

func (v *visit) whatIfForm(book resources.RuleBook, p problems) error {
	page := whatIfPage{Book: v.bookWords(book), Summary: p.Summary, Post: v.whatIfPath("whatif-start", book)}
	var err error
	if page.Frame, err = v.bookPage(v.t("whatif.title"), book, v.versionCrumb(book)); err != nil {
		return err
	}
	asked := v.whatIfPeriods()[0].period
	for name, date := range map[string]*calendar.Date{"from": &asked.From, "to": &asked.To} {
		if read, err := calendar.ParseDate(v.query(name)); err == nil {
			*date = read
		}
	}
	for _, usual := range v.whatIfPeriods() {
		page.Periods = append(page.Periods, tab{
			Label: v.t("whatif.period." + usual.key), Current: usual.period == asked,
			Href: v.whatIfPath("whatif", book) + "?" + url.Values{"from": {usual.From.String()}, "to": {usual.To.String()}}.Encode(),
		})
	}
	page.Fields, err = v.whatIfFields(book, asked, p)
	if err != nil {
		return err
	}
	return v.render("admin_whatif", page)
}

func (v *visit) whatIfPath(page string, book resources.RuleBook, more ...string) string {
	return v.path(page, slices.Concat([]string{book.Key, strconv.Itoa(book.Version)}, more)...)
}

// versionCrumb leads to a version's page.
func (v *visit) versionCrumb(book resources.RuleBook) ui.Link {
	return ui.Link{Href: v.whatIfPath("admin-rule-version", book), Label: v.t("rulebook.version", "version", book.Version)}
}

// bookWords names a version: "Halls, version 3 (draft)".
func (v *visit) bookWords(book resources.RuleBook) string {
	name := v.named(book.Name)
	if name == "" {
		name = book.Key
	}
	return v.t("whatif.book."+book.State, "name", name, "version", book.Version)
}

type usualPeriod struct {
	key string
	period
}

// whatIfPeriods are last year, the last season (August to May) that is over, and
// last month.
func (v *visit) whatIfPeriods() []usualPeriod {
	today := v.today()
	ended := today.Year
	if today.Month < time.June {
		ended--
	}
	return []usualPeriod{
		{"last_year", period{calendar.Date{Year: today.Year - 1, Month: 1, Day: 1}, calendar.Date{Year: today.Year - 1, Month: 12, Day: 31}}},
		{"last_season", period{calendar.Date{Year: ended - 1, Month: 8, Day: 1}, calendar.Date{Year: ended, Month: 5, Day: 31}}},
		{"last_month", monthPeriod(today.AddDays(-today.Day))},
	}
}

func (v *visit) whatIfFields(book resources.RuleBook, asked period, p problems) ([]ui.Field, error) {
	date := func(name string, day calendar.Date) ui.Field {
		return v.field(ui.Field{
			Name: name, Label: v.t("report." + name), Hint: v.t("date.hint"), Value: v.say.DayMonthYear(v.midday(day)), Autocomplete: "off", Required: true, Width: "s",
		}, p)
	}
	against := ui.Field{Name: "against", Label: v.t("whatif.against"), Hint: v.t("whatif.against_hint"), Type: "select", Options: []ui.Option{{Label: v.t("whatif.in_force")}}}
	versions, err := v.server.Resources.RuleBookVersions(v.ctx, v.server.DB, book.Key)
	if err != nil {
		return nil, err
	}
	for _, other := range versions {
		if other.Version != book.Version {
			against.Options = append(against.Options, ui.Option{Value: strconv.Itoa(other.Version), Label: v.bookWords(other)})
		}
	}
	units, err := v.managedUnits()
	if err != nil {
		return nil, err
	}
	unit := ui.Field{Name: "unit", Label: v.t("report.column.unit"), Type: "select", Options: v.unitOptions(units, v.t("work.all_units"), v.query("unit"))}
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{IncludeUnpublished: true, Lang: v.lang})
	if err != nil {
		return nil, err
	}
	room := ui.Field{Name: "resource", Label: v.t("report.column.resource"), Type: "select", Options: []ui.Option{{Label: v.t("whatif.all_rooms")}}}
	for _, place := range places {
		if accounts.Can(v.actor, accounts.ManageUnit, accounts.Object{Unit: place.Unit.ID}) && (place.Resource.RuleBook == book.Key || strings.HasPrefix(place.Book.Base, book.Key+"/")) {
			room.Options = append(room.Options, ui.Option{Value: place.Resource.Slug, Label: v.named(place.Resource.Name) + ", " + v.named(place.Unit.Name)})
		}
	}
	slices.SortFunc(room.Options[1:], func(a, b ui.Option) int { return compareNames(a.Label, b.Label) })
	return []ui.Field{date("from", asked.From), date("to", asked.To), v.field(against, p), v.field(unit, p), v.field(room, p)}, nil
}

// startWhatIf begins a replay; a short one is answered at once.
func (v *visit) startWhatIf() error {
	book, err := v.whatIfBook()
	if err != nil {
		return err
	}
	question, err := v.whatIfQuestion(book)
	var run *reports.WhatIfRun
	if err == nil {
		run, err = v.server.whatIfs.Start(v.ctx, v.actor, question)
	}
	if p, ok := v.problems(err); ok {
		return v.whatIfForm(book, p)
	} else if err != nil {
		return err
	}
	if run.Total <= atOnce {
		run.Wait(v.ctx)
	}
	return v.redirect(v.whatIfPath("whatif-answer", book, run.ID.String()))
}

func (v *visit) whatIfQuestion(book resources.RuleBook) (q reports.WhatIfQuestion, err error) {
	q.Book = book
	for name, date := range map[string]*calendar.Date{"from": &q.From, "to": &q.To} {
		read, problem := v.readDate(v.form(name))
		if problem != nil {
			f := fault.As(problem)
			return q, fault.InvalidField(name, f.Code, f.Params)
		}
		*date = read
	}
	if slug := v.form("unit"); slug != "" {
		unit, err := v.server.Resources.UnitBySlug(v.ctx, v.server.DB, slug)
		if err != nil {
			return q, err
		}
		q.Unit = unit.ID
	}
	if slug := v.form("resource"); slug != "" {
		place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
		if err != nil {
			return q, err
		}
		q.Resource = place.Resource.ID
	}
	if version := v.form("against"); version != "" {
		against, err := v.server.ruleBookVersion(v.ctx, book.Key, version)
		if err != nil {
			return q, err
		}
		q.Against = &against
	}
	return q, nil
}

// whatIfRun is the replay in the address, of whoever asked for it.
func (v *visit) whatIfRun() (*reports.WhatIfRun, error) {
	book, err := v.whatIfBook()
	if err != nil {
		return nil, err
	}
	id, err := uuid.Parse(v.param("id"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "whatif.gone")
	}
	run, err := v.server.whatIfs.Find(v.actor, id)
	if err == nil && run.Question.Book.ID != book.ID {
		err = fault.New(fault.NotFound, "whatif.gone")
	}
	return run, err
}

// overRun is whatIfRun with its answer; one that is under way has none yet.
func (v *visit) overRun() (*reports.WhatIfRun, reports.WhatIf, error) {
	run, err := v.whatIfRun()
	if err == nil && !run.Over() {
		err = fault.New(fault.Conflict, "whatif.running")
	}
	if err != nil {
		return nil, reports.WhatIf{}, err
	}
	answer, err := run.Result()
	return run, answer, err
}

func (v *visit) stopWhatIf() error {
	run, err := v.whatIfRun()
	if err != nil {
		return err
	}
	run.Cancel()
	return v.redirect(v.whatIfPath("whatif-answer", run.Question.Book, run.ID.String()))
}
