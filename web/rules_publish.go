package web

import (
	"context"
	"strconv"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// publishPage is the data of templates/admin_rule_publish.html.
type publishPage struct {
	ui.Frame
	Post, Back string
	Revision   int
	Fields     []ui.Field
	Wrong      []wrongRule // what has to be mended first
	Odd        []wrongRule
	Failing    string
	Passing    string
	Stranded   string
	Strands    []strandRow
	Others     string
	Shown      int
	Changes    []ruleChange
	Head       string
	Summary    ui.ErrorSummary
}

// wrongRule is what is said of a rule, with the way to it. ID is what the summary
// of errors leads to, once on the page.
type wrongRule struct{ ID, Rule, Href, Text string }

// wrongRules lists what wrongOf says, in the order of the rules.
func (v *visit) wrongRules(o openVersion, said map[string][]string, prefix string) []wrongRule {
	var list []wrongRule
	add := func(rule, href string) {
		for i, text := range said[rule] {
			row := wrongRule{Rule: rule, Href: href, Text: text}
			if i == 0 && prefix != "" {
				row.ID = prefix + rule
			}
			list = append(list, row)
		}
	}
	add("", v.path("admin-rule-version", o.args()...))
	for _, rule := range o.Rules.V.Rules {
		add(rule.ID, v.path("admin-rule", o.args(rule.ID)...))
	}
	return list
}

// atRules leads the mistakes of a version to where the page lists them.
func atRules(err error) error {
	return withFields(err, func(field fault.Field) string {
		if rule, of := field.Params["rule"].(string); of {
			return wrongID + rule
		}
		return field.Name
	})
}

const wrongID = "wrong-"

// strandRow is a coming reservation that the version would not have as it is.
type strandRow struct {
	Number, Href string
	When, Where  string
	Holder       string
	What         string
}

// strandsShown is how many of them a page lists.
const strandsShown = 50

func (v *visit) showPublish() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	return v.publishPage(o, problems{})
}

// publishFrom is from when a version is to be valid: now, or the beginning of a
// day. Without a word it is tomorrow.
func (v *visit) publishFrom() (*time.Time, error) {
	read := v.form
	if !v.route.write() {
		read = v.query
	}
	if read("at") == "now" {
		return nil, nil
	}
	date := v.today().AddDays(1)
	if typed := read("valid_from"); typed != "" {
		var err error
		if date, err = v.typedDate(typed); err != nil {
			e := fault.As(err)
			return nil, fault.InvalidField("valid_from", e.Code, e.Params)
		}
	}
	at := calendar.DayBounds(date, v.server.Zone).Begin
	return &at, nil
}

func (v *visit) publishPage(o openVersion, p problems) (err error) {
	from, mistake := v.publishFrom()
	page := publishPage{Post: v.path("admin-rule-publish-it", o.args()...), Back: v.path("admin-rule-version", o.args()...), Revision: v.stillRevision(o.Revision, p), Summary: p.Summary}
	if page.Frame, err = v.bookPage(v.t("rulebook.publish"), o.RuleBook, ui.Link{Href: page.Back, Label: v.t("rulebook.version", "version", o.Version)}); err != nil {
		return err
	}
	at := ui.Field{Name: "at", Label: v.t("rulebook.field.at"), Type: "radio", Options: []ui.Option{
		{Value: "day", Label: v.t("rulebook.at_day"), Selected: true}, {Value: "now", Label: v.t("rulebook.at_now")},
	}, Value: "day"}
	day := ui.Field{Name: "valid_from", Label: v.t("rulebook.field.valid_from"), Hint: v.t("date.hint"), Width: "s", Value: v.say.Date(v.midday(v.today().AddDays(1))), Autocomplete: "off"}
	for _, f := range append([]ui.Field{at, day}, v.decisionFields(o)...) {
		page.Fields = append(page.Fields, v.field(f, p))
	}
	wrong, odd, err := v.wrongOf(o)
	if err != nil {
		return err
	}
	page.Wrong, page.Odd = v.wrongRules(o, wrong, wrongID), v.wrongRules(o, odd, "")
	rows, failing, err := v.exampleRows(o, v.tells(o.composed.Rules))
	if err != nil {
		return err
	}
	page.Failing, page.Passing = failing, v.t("rulebook.passing", "n", len(rows))
	if before := v.versionBefore(o); before != nil {
		page.Head, page.Changes = v.t("rulebook.changes", "version", before.Version), v.ruleChanges(before.Rules.V, o.Rules.V)
	}
	if mistake == nil {
		if err := v.fillStrands(&page, o.RuleBook, from); err != nil {
			return err
		}
	}
	return v.render("admin_rule_publish", page)
}

func (v *visit) strands(book resources.RuleBook, from *time.Time) ([]booking.Strand, error) {
	book.ValidFrom = from
	return v.server.Booking.Stranded(v.ctx, v.actor, book)
}

func (v *visit) fillStrands(page *publishPage, book resources.RuleBook, from *time.Time) error {
	strands, err := v.strands(book, from)
	if err != nil {
		return err
	}
	page.Shown, page.Stranded = len(strands), v.t("rulebook.stranded", "n", len(strands))
	for i, s := range strands {
		if i == strandsShown {
			page.Others = v.t("admin.and_more", "n", len(strands)-strandsShown)
			break
		}
		row := strandRow{
			Number: s.Reservation.Number, Href: v.path("work-reservation", s.Reservation.Number), When: v.say.Range(s.Reservation.Interval().Begin, s.Reservation.Interval().End),
			Where: v.named(s.Place.Resource.Name), Holder: s.Holder, What: v.t("rulebook.would_refuse"),
		}
		if !s.Refused {
			row.What = v.t("rulebook.would_cost", "before", v.sumOrAgreed(s.Before), "after", v.sumOrAgreed(s.After))
		}
		page.Strands = append(page.Strands, row)
	}
	return nil
}

// publishRules makes a draft live. How many coming reservations it strands must
// have been shown: another number is shown first.
func (v *visit) publishRules() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	publication := catalogue.Publication{Key: o.Key, Version: o.Version, Decision: v.decisionTyped()}
	publication.Accepted, _ = strconv.Atoi(v.form("seen"))
	from, err := v.publishFrom()
	if err == nil {
		if from != nil {
			publication.From = *from
		}
		publication.Revision, err = v.revision()
	}
	if err == nil {
		_, err = v.server.Catalogue.Publish(v.ctx, v.actor, publication)
	}
	if p, ok := v.problems(atRules(err)); ok {
		return v.publishPage(o, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(o.RuleBook, "rulebook.published")
}

// strands is what catalogue asks before it publishes.
func (s *Server) strands(ctx context.Context, actor accounts.Actor, version resources.RuleBook) ([]catalogue.Strand, error) {
	found, err := s.Booking.Stranded(ctx, actor, version)
	list := make([]catalogue.Strand, len(found))
	for i, strand := range found {
		r := strand.Reservation
		list[i] = catalogue.Strand{Reservation: r.ID, Unit: r.Unit, Begin: r.BeginAt, End: r.EndAt, Refused: strand.Refused}
	}
	return list, err
}
