package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// openVersion is a version of a book as a page works on it.
type openVersion struct {
	resources.RuleBook
	all      catalogue.Rulebook
	composed policies.Book // on the shared book beneath
	may      bool          // the visitor writes this book
}

func (v *visit) openVersion() (openVersion, error) {
	book, err := v.rulebook()
	if err != nil {
		return openVersion{}, err
	}
	i := slices.IndexFunc(book.Versions, func(b resources.RuleBook) bool { return strconv.Itoa(b.Version) == v.param("version") })
	if i < 0 {
		return openVersion{}, fault.New(fault.NotFound, "rules.not_found")
	}
	o := openVersion{RuleBook: book.Versions[i], all: book, may: v.server.Catalogue.MayRule(v.actor, book.Unit)}
	moment := v.now
	if o.ValidFrom != nil && o.ValidFrom.After(moment) {
		moment = *o.ValidFrom
	}
	o.composed, err = v.server.Resources.Composed(v.ctx, v.server.DB, o.RuleBook, moment)
	if err == nil && v.route.write() && !o.may {
		err = fault.New(fault.Forbidden, "auth.forbidden")
	}
	return o, err
}

func (o openVersion) args(more ...string) []string {
	return append([]string{o.Key, strconv.Itoa(o.Version)}, more...)
}

// editable tells whether the page has buttons that change the version.
func (o openVersion) editable() bool { return o.may && o.State == "draft" }

// ruleVersionPage is the data of templates/admin_rule_version.html.
type ruleVersionPage struct {
	ui.Frame
	Name, Version string
	Tag           ui.StatusTag
	Valid         string
	Decision      string
	Address       string
	Editable      bool
	Withdraw      bool
	Revision      int
	Post          string
	WhatIf        string
	Rules         []ruleRow
	Base          string
	BaseText      string
	BaseRules     []string
	Parts         []rulePart
	Examples      []exampleRow
	Failing       string
	Changes       []ruleChange
	ChangesHead   string
	Wrong         []string // what keeps the version from going live, of no rule
	Odd           []string // what may be meant
	Summary       ui.ErrorSummary
}

// ruleRow is a rule in its list.
type ruleRow struct {
	ID, Text, Href string
	First, Last    bool
	Wrong, Odd     []string
}

// rulePart is what stands beside the rules: tariffs, VAT, questions.
type rulePart struct {
	Title, Href string
	Lines       []partLine
}

type partLine struct {
	Name  string
	Lines []string
}

// exampleRow is an example with what came of it.
type exampleRow struct {
	Name, Text, Href string
	Pass             bool
	Differences      []string
	Index            int
}

func (v *visit) showRuleVersion() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	return v.ruleVersion(o, problems{})
}

func (v *visit) ruleVersion(o openVersion, p problems) (err error) {
	page := ruleVersionPage{
		Name: v.bookName(o.RuleBook), Version: v.t("rulebook.version", "version", o.Version), Tag: v.versionTag(o.RuleBook), Valid: v.validity(o.RuleBook),
		Decision: o.Decision.V.Reference, Address: safeAddress(o.Decision.V.Address), Editable: o.editable(), Revision: o.Revision,
		Withdraw: o.may && v.versionState(o.RuleBook) == "coming", Post: v.path("admin-rule-version", o.args()...), Summary: p.Summary,
	}
	if page.Frame, err = v.bookPage(page.Version, o.RuleBook); err != nil {
		return err
	}
	if reports.MayAskWhatIf(v.actor, o.RuleBook) {
		page.WhatIf = v.path("whatif", o.args()...)
	}
	teller := v.tells(o.composed.Rules)
	wrong, odd, err := v.wrongOf(o)
	if err != nil {
		return err
	}
	page.Wrong, page.Odd = wrong[""], odd[""]
	for i, rule := range o.Rules.V.Rules {
		page.Rules = append(page.Rules, ruleRow{
			ID: rule.ID, Text: teller.ruleSentence(rule), Href: v.path("admin-rule", o.args(rule.ID)...), First: i == 0, Last: i == len(o.Rules.V.Rules)-1, Wrong: wrong[rule.ID], Odd: odd[rule.ID],
		})
	}
	if err := v.fillBase(&page, o, teller); err != nil {
		return err
	}
	page.Parts = v.ruleParts(o, teller)
	if page.Examples, page.Failing, err = v.exampleRows(o, teller); err != nil {
		return err
	}
	v.fillChanges(&page, o)
	return v.render("admin_rule_version", page)
}

// fillBase adds the rules of the shared book beneath.
func (v *visit) fillBase(page *ruleVersionPage, o openVersion, teller ruleTeller) error {
	if o.Base == "" {
		return nil
	}
	base, err := v.server.Resources.BookAlone(v.ctx, v.server.DB, o.Base, v.now)
	if err != nil {
		return err
	}
	page.Base, page.BaseText = o.Base, v.t("rulebook.base_after", "name", v.bookName(base))
	if o.BaseFirst {
		page.BaseText = v.t("rulebook.base_before", "name", v.bookName(base))
	}
	for _, rule := range base.Rules.V.Rules {
		page.BaseRules = append(page.BaseRules, teller.ruleSentence(rule))
	}
	return nil
}

// wrongOf are the mistakes of a version by the rule at which they are mended,
// "" = the version's own; odd is what may be meant.
func (v *visit) wrongOf(o openVersion) (wrong, odd map[string][]string, err error) {
	wrong, odd = map[string][]string{}, map[string][]string{}
	add := func(at map[string][]string, rule, code string, p fault.Params) {
		if !slices.ContainsFunc(o.Rules.V.Rules, func(r policies.Rule) bool { return r.ID == rule }) {
			rule = ""
		}
		if text := sentence(v.say, fault.Invalid, code, p); !slices.Contains(at[rule], text) {
			at[rule] = append(at[rule], text)
		}
	}
	for _, err := range []error{o.composed.Rules.Validate(), o.composed.Rules.Unknown(), v.server.Catalogue.BookMistakes(v.ctx, v.server.DB, o.RuleBook)} {
		var found *fault.Error
		if !errors.As(err, &found) {
			continue
		}
		for _, field := range found.Fields {
			rule, _ := field.Params["rule"].(string)
			add(wrong, rule, field.Code, field.Params)
		}
	}
	remarks, err := v.server.Catalogue.Remarks(v.ctx, v.server.DB, o.RuleBook)
	for _, remark := range remarks {
		at := odd
		if remark.Severity == policies.SeverityError {
			at = wrong
		}
		add(at, remark.Rule, remark.Code, remark.Params)
	}
	return wrong, odd, err
}

// ruleParts are tariffs, VAT and questions in words.
func (v *visit) ruleParts(o openVersion, teller ruleTeller) []rulePart {
	rules := o.Rules.V
	part := func(name string) rulePart {
		return rulePart{Title: v.t("rulebook.part." + name), Href: v.path("admin-rule-part", o.args(name)...)}
	}
	tariffs, vat, questions := part("tariffs"), part("vat"), part("questions")
	for _, t := range rules.Tariffs {
		tariffs.Lines = append(tariffs.Lines, partLine{teller.tariffName(t.Key), teller.tariffWords(t)})
	}
	for _, rate := range rules.VAT {
		vat.Lines = append(vat.Lines, partLine{teller.vatWords(rate), nil})
	}
	for _, q := range rules.Questions {
		line := partLine{Name: v.named(locales.Texts(q.Label)), Lines: []string{v.t("rulebook.question." + q.Kind)}}
		for _, option := range q.Options {
			line.Lines = append(line.Lines, v.named(locales.Texts(option.Label)))
		}
		questions.Lines = append(questions.Lines, line)
	}
	return []rulePart{tariffs, vat, questions}
}

func (v *visit) exampleRows(o openVersion, teller ruleTeller) (rows []exampleRow, failing string, err error) {
	trials, err := v.server.Catalogue.TryExamples(v.ctx, v.actor, o.Key, o.Version)
	if err != nil {
		return nil, v.say.Fault(err), nil // the examples themselves cannot be read: say why
	}
	n := 0
	for i, trial := range trials {
		row := exampleRow{Name: trial.Example.Name, Text: teller.wantWords(trial.Example.Want), Href: v.path("admin-example", o.args(strconv.Itoa(i))...), Pass: len(trial.Differences) == 0, Index: i}
		for _, d := range trial.Differences {
			row.Differences = append(row.Differences, teller.differenceWords(d, trial.Decision))
		}
		if !row.Pass {
			n++
		}
		rows = append(rows, row)
	}
	if n > 0 {
		failing = v.t("rulebook.failing", "n", n)
	}
	return rows, failing, nil
}

// actOnVersion moves and removes rules and examples of a draft, discards it, or
// withdraws a version that is not in force yet.
func (v *visit) actOnVersion() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	act, what, _ := strings.Cut(v.form("act"), ":")
	flash := ""
	switch act {
	case "withdraw":
		_, err = v.server.Catalogue.Withdraw(v.ctx, v.actor, o.Key, o.Version)
		flash = "rulebook.withdrawn"
	case "discard":
		if o.Revision, err = v.revision(); err == nil {
			err = v.server.Catalogue.DiscardDraft(v.ctx, v.actor, o.RuleBook)
		}
		if err == nil {
			v.flash(ui.AlertSuccess, "rulebook.discarded", fault.Params{})
			return v.redirect(v.afterDiscard(o))
		}
	default:
		err = v.editDraft(o, func(draft *resources.RuleBook) error { return changeList(draft, act, what) })
	}
	if p, ok := v.problems(err); ok {
		return v.ruleVersion(o, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(o.RuleBook, flash)
}

// afterDiscard is the book, or the list where that was its only version.
func (v *visit) afterDiscard(o openVersion) string {
	if len(o.all.Versions) == 1 {
		return v.path("admin-rules")
	}
	return v.path("admin-rulebook", o.Key)
}

// changeList moves a rule up or down, or removes a rule or an example.
func changeList(draft *resources.RuleBook, act, what string) error {
	rules := slices.Clone(draft.Rules.V.Rules)
	at := slices.IndexFunc(rules, func(r policies.Rule) bool { return r.ID == what })
	switch {
	case act == "remove-example":
		i, err := strconv.Atoi(what)
		if err != nil || i < 0 || i >= len(draft.Examples.V) {
			return fault.New(fault.Malformed, "malformed")
		}
		draft.Examples = db.AsJSON(slices.Delete(slices.Clone(draft.Examples.V), i, i+1))
		return nil
	case at < 0:
		return fault.New(fault.Malformed, "malformed")
	case act == "up" && at > 0:
		rules[at-1], rules[at] = rules[at], rules[at-1]
	case act == "down" && at < len(rules)-1:
		rules[at+1], rules[at] = rules[at], rules[at+1]
	case act == "remove":
		rules = slices.Delete(rules, at, at+1)
	}
	draft.Rules.V.Rules = rules
	return nil
}

// editDraft saves what change makes of a draft, in the revision of the form.
func (v *visit) editDraft(o openVersion, change func(draft *resources.RuleBook) error) error {
	revision, err := v.revision()
	if err != nil {
		return err
	}
	draft := o.RuleBook
	if err := change(&draft); err != nil {
		return err
	}
	draft.Revision = revision
	_, err = v.server.Catalogue.SaveDraft(v.ctx, v.actor, draft)
	return err
}
