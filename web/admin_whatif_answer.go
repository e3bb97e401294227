package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/booking"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// whatIfAnswerPage is the data of templates/admin_whatif_answer.html.
type whatIfAnswerPage struct {
	ui.Frame
	Book      string
	About     string // "2025, compared with what is in force"
	Self      string // its address
	Again     ui.Link
	Progress  *whatIfProgress
	Problem   *ui.Alert
	Sentence  []string
	Links     []ui.Link
	Figures   []figure
	Chart     *ui.StackedChart
	Groups    ui.Table
	Rooms     ui.Table
	Times     ui.Table
	Rulings   ui.Table
	Affected  ui.Table
	Changes   ui.Table
	Unlisted  string
	Pages     ui.Pagination
	Empty     *ui.Empty
	Unchanged string
}

// whatIfProgress is how far a replay has come.
type whatIfProgress struct {
	Done, Total int
	Words       string // "12 000 of 240 000 requests"
	Stop        ui.PostButton
}

func (v *visit) showWhatIfAnswer() error {
	run, err := v.whatIfRun()
	if err != nil {
		return err
	}
	book := run.Question.Book
	page := whatIfAnswerPage{Book: v.bookWords(book), About: v.whatIfAbout(run.Question), Self: v.here(), Again: ui.Link{Href: v.whatIfPath("whatif", book), Label: v.t("whatif.again")}}
	page.Frame, err = v.bookPage(v.t("whatif.title"), book, v.versionCrumb(book))
	if err != nil {
		return err
	}
	if !run.Over() {
		page.Progress = &whatIfProgress{
			Done: run.Done(), Total: run.Total, Words: v.t("whatif.progress", "done", v.say.Number(int64(run.Done())), "total", v.say.Number(int64(run.Total))),
			Stop: ui.PostButton{Post: v.whatIfPath("whatif-stop", book, run.ID.String()), Label: v.t("whatif.stop"), CSRF: page.CSRF},
		}
		return v.render("admin_whatif_answer", page)
	}
	answer, err := run.Result()
	if err != nil {
		page.Problem = &ui.Alert{Kind: ui.AlertWarning, Text: v.say.Fault(err), Links: []ui.Link{page.Again}}
		return v.render("admin_whatif_answer", page)
	}
	if err := v.fillWhatIf(&page, run, answer); err != nil {
		return err
	}
	return v.render("admin_whatif_answer", page)
}

// whatIfAbout says which requests were asked about, and compared with what.
func (v *visit) whatIfAbout(q reports.WhatIfQuestion) string {
	against := v.t("whatif.in_force")
	if q.Against != nil {
		against = v.bookWords(*q.Against)
	}
	return v.t("whatif.about", "period", v.periodWords(period{q.From, q.To}), "against", against)
}

func (v *visit) fillWhatIf(page *whatIfAnswerPage, run *reports.WhatIfRun, answer reports.WhatIf) error {
	total := answer.Total
	if total.Asked.Requests == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawCalendar, Title: v.t("whatif.nothing"), Text: v.t("whatif.nothing_text"), Actions: []ui.Link{page.Again}}
		return nil
	}
	rooms, err := v.roomNames()
	if err != nil {
		return err
	}
	page.Sentence = v.whatIfSentence(answer)
	book, id := run.Question.Book, run.ID.String()
	page.Links = []ui.Link{
		{Href: v.whatIfPath("whatif-groups", book, id), Label: v.t("whatif.csv_groups")},
		{Href: v.whatIfPath("whatif-requests", book, id), Label: v.t("whatif.csv_requests")},
	}
	page.Figures = v.whatIfFigures(total)
	page.Groups = balances(v, "group", answer.Groups, v.groupName)
	page.Groups.Foot = v.balanceCells(v.t("report.total"), total)
	if total.Changed.Requests == 0 {
		page.Unchanged = v.t("whatif.unchanged")
		return nil
	}
	page.Chart = v.whatIfChart(answer)
	page.Rooms = balances(v, "room", answer.Resources, func(id int) string { return rooms[id] })
	page.Times = balances(v, "time", answer.Times, v.timeOfWeek)
	page.Rulings = v.rulingsTable(run, answer.Rulings)
	page.Affected = v.affectedTable(answer)
	v.changesTable(page, run, answer, rooms)
	return nil
}

func (v *visit) roomNames() (map[int]string, error) {
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{IncludeUnpublished: true, Lang: v.lang})
	names := map[int]string{}
	for _, place := range places {
		names[place.Resource.ID] = v.named(place.Resource.Name) + ", " + v.named(place.Unit.Name)
	}
	return names, err
}

// groupName names a group of holders.
func (v *visit) groupName(group reports.Group) string {
	switch group {
	case reports.GroupUnder18, reports.GroupElsewhere, reports.GroupUnknown, reports.GroupSmall:
		return capital(v.t("whatif.group." + string(group)))
	}
	return capital(v.say.Word("who", string(group)))
}

func (v *visit) timeOfWeek(t reports.TimeOfWeek) string {
	return v.t("whatif.part."+t.Part, "day", capital(v.say.Weekday(time.Weekday(int(t.Weekday)%7))))
}

// whatIfSentence sums up: how many change, who gains and who loses.
func (v *visit) whatIfSentence(answer reports.WhatIf) []string {
	total := answer.Total
	lines := []string{v.t("whatif.sentence", "n", total.Changed.Requests, "total", v.say.Number(int64(total.Asked.Requests)), "percent", v.share(total.Changed.Requests, total.Asked.Requests))}
	for _, part := range []struct {
		key    string
		amount func(reports.Balance) reports.Amount
	}{
		{"gain", func(b reports.Balance) reports.Amount { return b.Gained }},
		{"lose", func(b reports.Balance) reports.Amount { return b.Lost }},
		{"ease", func(b reports.Balance) reports.Amount { return b.Eased }},
		{"tighten", func(b reports.Balance) reports.Amount { return b.Tightened }},
	} {
		var words []string
		for _, share := range answer.Shares(part.amount) {
			words = append(words, v.t("whatif.share", "group", v.groupName(share.Group), "n", share.Holders, "hours", v.hours(share.Minutes)))
		}
		if len(words) > 0 {
			lines = append(lines, v.t("whatif."+part.key, "who", v.say.And(words)))
		}
	}
	if change := total.NewCents - total.OldCents; change != 0 {
		lines = append(lines, v.t("whatif.income", "change", v.signed(change)))
	}
	return lines
}

// share is a part of a whole in percent; a part that is not nothing is not 0 %.
func (v *visit) share(part, whole int) string {
	percent := float64(part) * 100 / float64(whole)
	if percent > 0 && percent < 1 {
		return v.t("whatif.under_one")
	}
	return v.say.Percent(int(percent + 0.5))
}

// signed is an amount of money with its sign.
func (v *visit) signed(cents int) string {
	if cents > 0 {
		return "+" + v.say.Money(cents)
	}
	if cents < 0 {
		return "−" + v.say.Money(-cents)
	}
	return v.say.Money(0)
}

func (v *visit) whatIfFigures(total reports.Balance) []figure {
	return []figure{
		{Label: v.t("whatif.column.gained"), Value: v.hours(total.Gained.Minutes)},
		{Label: v.t("whatif.column.lost"), Value: v.hours(total.Lost.Minutes)},
		{Label: v.t("whatif.column.eased"), Value: v.hours(total.Eased.Minutes)},
		{Label: v.t("whatif.column.tightened"), Value: v.hours(total.Tightened.Minutes)},
		{Label: v.t("whatif.column.euros"), Value: v.signed(total.NewCents - total.OldCents)},
	}
}

// whatIfChart is a bar of changed hours for each group that has some; nil where
// only prices change.
func (v *visit) whatIfChart(answer reports.WhatIf) *ui.StackedChart {
	keys := []string{"gained", "eased", "tightened", "lost"}
	chart := ui.StackedChart{ID: "groups", Title: v.t("whatif.chart"), Message: v.t("whatif.chart_text")}
	for _, key := range keys {
		chart.Parts = append(chart.Parts, v.t("whatif.column."+key))
	}
	for _, group := range answer.Groups {
		bar := ui.StackedBar{Label: v.groupName(group.Key)}
		var words []string
		for i, amount := range []reports.Amount{group.Gained, group.Eased, group.Tightened, group.Lost} {
			bar.Values = append(bar.Values, float64(amount.Minutes))
			if amount.Minutes > 0 {
				words = append(words, v.t("whatif.bar."+keys[i], "hours", v.hours(amount.Minutes)))
			}
		}
		if bar.Text = strings.Join(words, " · "); bar.Text != "" {
			chart.Bars = append(chart.Bars, bar)
		}
	}
	if len(chart.Bars) == 0 {
		return nil
	}
	return &chart
}

// balances is a table of one of the cuts; what does not change is left out of all
// but the groups.
func balances[K comparable](v *visit, by string, cuts []reports.Cut[K], name func(K) string) ui.Table {
	table := ui.Table{Caption: v.t("whatif.by." + by), Columns: v.balanceColumns(v.t("whatif.column." + by))}
	for _, cut := range cuts {
		if by == "group" || cut.Changed.Requests > 0 {
			table.Rows = append(table.Rows, ui.TableRow{Cells: v.balanceCells(name(cut.Key), cut.Balance)})
		}
	}
	return table
}

var balanceKeys = []string{"requests", "hours", "gained", "lost", "eased", "tightened", "price", "euros"}

func (v *visit) balanceColumns(first string) []ui.Column {
	columns := []ui.Column{{Label: first}}
	for _, key := range balanceKeys {
		columns = append(columns, ui.Column{Label: v.t("whatif.column." + key), Numeric: true})
	}
	return columns
}

func (v *visit) balanceCells(name string, b reports.Balance) []ui.Cell {
	cells := []ui.Cell{{Text: name}, {Text: v.say.Number(int64(b.Asked.Requests))}}
	for _, amount := range []reports.Amount{b.Asked, b.Gained, b.Lost, b.Eased, b.Tightened} {
		cells = append(cells, ui.Cell{Text: v.hours(amount.Minutes)})
	}
	return append(cells, ui.Cell{Text: v.say.Number(int64(b.Dearer.Requests + b.Cheaper.Requests))}, ui.Cell{Text: v.signed(b.NewCents - b.OldCents)})
}

// rulingsTable is which rules decided the changed requests, before and now.
func (v *visit) rulingsTable(run *reports.WhatIfRun, rulings []reports.Cut[reports.Ruling]) ui.Table {
	table := ui.Table{Caption: v.t("whatif.by.rule"), Columns: []ui.Column{
		{Label: v.t("whatif.before")},
		{Label: v.t("whatif.after")},
		{Label: v.t("whatif.column.requests"), Numeric: true},
		{Label: v.t("whatif.column.hours"), Numeric: true},
	}}
	for _, ruling := range rulings {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{
			{Text: v.rulingName(run, ruling.Key.Old)},
			{Text: v.rulingName(run, ruling.Key.New)},
			{Text: v.say.Number(int64(ruling.Changed.Requests))},
			{Text: v.hours(ruling.Changed.Minutes)},
		}})
	}
	return table
}

// rulingName is the note of a rule, else what it says, with its id; of a check,
// what it is about.
func (v *visit) rulingName(run *reports.WhatIfRun, by string) string {
	if check, is := strings.CutPrefix(by, "check:"); is {
		return v.say.Word("rule", check)
	}
	if by == "" {
		return v.t("whatif.no_rule")
	}
	rule, book, found := run.RuleOf(by)
	if !found {
		return by
	}
	words := v.named(locales.Texts(rule.Note))
	if words == "" {
		words = v.tells(book).ruleSentence(rule)
	}
	return words + " (" + by + ")"
}

// mostAffected is how many holders are listed by name.
const mostAffected = 20

func (v *visit) affectedTable(answer reports.WhatIf) ui.Table {
	table := ui.Table{Caption: v.t("whatif.by.holder"), Columns: v.balanceColumns(v.t("whatif.column.holder"))}
	for _, holder := range answer.Affected[:min(mostAffected, len(answer.Affected))] {
		name := holder.Name
		if name == "" {
			name = v.groupName(holder.Group)
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: v.balanceCells(name, holder.Balance)})
	}
	return table
}

// changesPerPage is how many changed requests stand on a page.
const changesPerPage = 25

func (v *visit) changesTable(page *whatIfAnswerPage, run *reports.WhatIfRun, answer reports.WhatIf, rooms map[int]string) {
	at, err := strconv.Atoi(v.query("page"))
	last := (len(answer.Changes) - 1) / changesPerPage
	if err != nil || at < 1 || at > last+1 {
		at = 1
	}
	from := (at - 1) * changesPerPage
	list := answer.Changes[from:min(from+changesPerPage, len(answer.Changes))]
	page.Changes = ui.Table{Caption: v.t("whatif.by.request"), Columns: []ui.Column{
		{Label: v.t("whatif.column.request")},
		{Label: v.t("whatif.column.holder")},
		{Label: v.t("report.column.resource")},
		{Label: v.t("whatif.column.when")},
		{Label: v.t("whatif.before")},
		{Label: v.t("whatif.after")},
	}}
	for _, turn := range list {
		name := turn.Name
		if name == "" {
			name = v.groupName(turn.Group)
		}
		page.Changes.Rows = append(page.Changes.Rows, ui.TableRow{Cells: []ui.Cell{
			{Text: turn.Number, Href: v.whatIfPath("whatif-request", run.Question.Book, run.ID.String(), turn.Number)},
			{Text: name},
			{Text: rooms[turn.Resource]},
			{Text: v.say.Range(turn.Begin, turn.End())},
			{Text: v.outcome(turn.Old)},
			{Text: v.outcome(turn.New)},
		}})
	}
	link := func(n int) string {
		return page.path() + "?" + url.Values{"page": {strconv.Itoa(n)}}.Encode() + "#changes"
	}
	page.Pages.Status = v.say.Number(int64(from+1)) + "–" + v.say.Number(int64(from+len(list))) + " / " + v.say.Number(int64(len(answer.Changes)))
	if at > 1 {
		page.Pages.PrevHref = link(at - 1)
	}
	if at <= last {
		page.Pages.NextHref = link(at + 1)
	}
	if answer.More > 0 {
		page.Unlisted = v.t("whatif.more", "n", answer.More)
	}
}

func (p *whatIfAnswerPage) path() string {
	path, _, _ := strings.Cut(p.Self, "?")
	return path
}

// outcome is a verdict with its price: "allowed, 12,00 €".
func (v *visit) outcome(o reports.Outcome) string {
	words := v.t("whatif.verdict." + string(o.Verdict))
	if o.Verdict == policies.Refuse {
		return words
	}
	return words + ", " + v.sumOrAgreed(o.Cents)
}

// whatIfRequestPage is the data of templates/admin_whatif_request.html.
type whatIfRequestPage struct {
	ui.Frame
	Facts []ui.Fact
	Sides []whatIfSide
}

// whatIfSide is how one set of rules answers a request.
type whatIfSide struct {
	ID      string
	Title   string
	Book    string
	Outcome string
	Rules   *ruleCheck
	Decided []string // by which rules, and what they decided
}

func (v *visit) showWhatIfRequest() error {
	run, _, err := v.overRun()
	if err != nil {
		return err
	}
	both, err := v.server.whatIfs.Reopen(v.ctx, v.actor, run, v.param("number"))
	if err != nil {
		return err
	}
	r := both.Reservation
	page := whatIfRequestPage{Facts: []ui.Fact{
		{Icon: "user", Label: v.t("whatif.column.holder"), Value: joinWords(", ", both.Holder, v.groupName(reports.GroupOf(both.Question.Who)))},
		{Icon: "building", Label: v.t("report.column.resource"), Value: v.named(both.Place.Resource.Name) + ", " + v.named(both.Place.Unit.Name)},
		{Icon: "clock", Label: v.t("whatif.column.when"), Value: v.say.Range(r.BeginAt, r.EndAt)},
		{Icon: "calendar", Label: v.t("whatif.asked_at"), Value: v.say.Date(r.MadeAt) + " " + v.say.Time(r.MadeAt)},
		{Icon: "info-circle", Label: v.t("whatif.column.request"), Value: r.Number, Href: v.path("work-reservation", r.Number)},
	}}
	answer := v.whatIfPath("whatif-answer", run.Question.Book, run.ID.String())
	page.Frame, err = v.bookPage(v.t("whatif.request_title", "number", r.Number), run.Question.Book, v.versionCrumb(run.Question.Book), ui.Link{Href: answer, Label: v.t("whatif.title")})
	if err != nil {
		return err
	}
	page.Sides = []whatIfSide{v.whatIfSide("before", both.Old), v.whatIfSide("after", both.New)}
	return v.render("admin_whatif_request", page)
}

func (v *visit) whatIfSide(key string, q policies.Question) whatIfSide {
	decision := policies.Decide(q)
	side := whatIfSide{
		ID: key, Title: v.t("whatif." + key), Book: joinWords(" + ", decision.Book, decision.Base),
		Outcome: v.outcome(reports.Outcome{Verdict: decision.Verdict, Cents: decision.Price.Cents}),
		Rules:   v.ruleCheck(booking.Review{Answers: policies.Explain(q), Decision: decision}),
	}
	for i, answer := range policies.ExplainRules(q) {
		if len(answer.Decides) == 0 {
			continue
		}
		words := v.tells(q.Book.Rules).ruleSentence(q.Book.Rules.Rules[i])
		side.Decided = append(side.Decided, words+" ("+answer.Rule+": "+strings.Join(v.effectNames(answer.Decides), ", ")+")")
	}
	return side
}

// effectNames are what effects are about, once each: "limits.max_minutes" is
// about a limit.
func (v *visit) effectNames(effects []string) []string {
	var names []string
	for _, effect := range effects {
		kind, _, _ := strings.Cut(effect, ".")
		if name := v.say.Word("whatif.effect", kind); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
