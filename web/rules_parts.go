package web

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// partForm is a form about what stands beside the rules: it shows rows and reads
// them back. Rows without a key are left out.
type partForm struct {
	groups func(v *visit, o openVersion) ([]formGroup, error)
	read   func(f *sectionForm, draft *resources.RuleBook)
}

// partForms are filled at start, because they refer to each other's helpers.
var partForms map[string]partForm

func init() {
	partForms = map[string]partForm{
		"settings":  {(*visit).settingsGroups, readBookSettings},
		"tariffs":   {(*visit).tariffGroups, readTariffs},
		"vat":       {(*visit).vatGroups, readVAT},
		"questions": {(*visit).questionGroups, readQuestions},
	}
}

func (v *visit) partOf() (openVersion, partForm, error) {
	o, err := v.openVersion()
	if err != nil {
		return o, partForm{}, err
	}
	form, known := partForms[v.param("part")]
	if !known {
		return o, form, fault.New(fault.NotFound, "not_found")
	}
	return o, form, nil
}

func (v *visit) showRulePart() error {
	o, form, err := v.partOf()
	if err != nil {
		return err
	}
	return v.rulePart(o, form, problems{})
}

func (v *visit) rulePart(o openVersion, form partForm, p problems) error {
	name := v.param("part")
	page := ruleFormPage{
		Post: v.path("admin-rule-part-save", o.args(name)...), Back: v.path("admin-rule-version", o.args()...), Submit: v.t("action.save"),
		Revision: v.stillRevision(o.Revision, p), Editable: o.editable(), Summary: p.Summary, Lead: v.t("rulebook.part_lead." + name),
	}
	var err error
	if page.Frame, err = v.bookPage(v.t("rulebook.part."+name), o.RuleBook, ui.Link{Href: page.Back, Label: v.t("rulebook.version", "version", o.Version)}); err != nil {
		return err
	}
	if page.Groups, err = form.groups(v, o); err != nil {
		return err
	}
	for g := range page.Groups {
		for i, f := range page.Groups[g].Fields {
			f = v.editorField(f, p)
			page.Groups[g].Fields[i], page.Groups[g].Open = f, page.Groups[g].Open || f.Error != ""
		}
	}
	return v.render("admin_rule_form", page)
}

func (v *visit) saveRulePart() error {
	o, form, err := v.partOf()
	if err != nil {
		return err
	}
	fields := sectionForm{v: v}
	draft := o.RuleBook
	form.read(&fields, &draft)
	if err = fields.mistakes(); err == nil {
		if draft.Revision, err = v.revision(); err == nil {
			_, err = v.server.Catalogue.SaveDraft(v.ctx, v.actor, draft)
		}
	}
	if p, ok := v.problems(atPart(err, v.param("part"))); ok {
		return v.rulePart(o, form, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(o.RuleBook, "rulebook.saved")
}

// atPart leads the mistakes of a part to its first field.
func atPart(err error, part string) error {
	return withFields(err, func(field fault.Field) string {
		if field.Name == part {
			return "row0.key"
		}
		return field.Name
	})
}

func (v *visit) settingsGroups(o openVersion) ([]formGroup, error) {
	books, err := v.server.Catalogue.Rulebooks(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	names := fieldset{Legend: v.t("rulebook.names")}
	for _, lang := range locales.Languages {
		names.Fields = append(names.Fields, ui.Field{Name: "name_" + lang, Label: v.t("admin.language." + lang), Value: o.Name.Exact(lang), MaxLength: 200})
	}
	return []formGroup{
		{names, true},
		{fieldset{Legend: v.t("rulebook.base"), Fields: []ui.Field{
			{Name: "base", Label: v.t("rulebook.base"), Hint: v.t("rulebook.base_hint"), Type: "select", Options: v.baseOptions(books, o.Key, o.Base)},
			{Name: "base_first", Label: v.t("rulebook.base_first"), Type: "checkbox", Checked: o.BaseFirst},
		}}, true},
		{fieldset{Legend: v.t("rulebook.decision"), Fields: v.decisionFields(o)}, true},
	}, nil
}

func (v *visit) decisionFields(o openVersion) []ui.Field {
	return []ui.Field{
		{Name: "reference", Label: v.t("admin.book_reference"), Hint: v.t("admin.book_reference_hint"), Value: o.Decision.V.Reference, MaxLength: 200},
		{Name: "address", Label: v.t("rulebook.address"), Value: o.Decision.V.Address, MaxLength: 400, Optional: true},
	}
}

func readBookSettings(f *sectionForm, draft *resources.RuleBook) {
	draft.Name, draft.Base, draft.BaseFirst = f.texts("name"), f.v.form("base"), f.v.form("base_first") != ""
	draft.Decision = db.AsJSON(f.v.decisionTyped())
}

func (v *visit) decisionTyped() resources.Decision {
	return resources.Decision{Reference: v.form("reference"), Address: v.form("address")}
}

// row is the prefix of the fields of the n-th row.
func row(n int, name string) string { return "row" + strconv.Itoa(n) + "." + name }

// keyFields are the key and the name of a row.
func (v *visit) keyFields(n int, key string, name policies.Note) []ui.Field {
	return []ui.Field{
		{Name: row(n, "key"), Label: v.t("rulebook.field.key"), Hint: v.t("rulebook.row_hint"), Value: key, Width: "m", MaxLength: 100, Autocomplete: "off"},
		{Name: row(n, "fi"), Label: v.t("rulebook.field.name_fi"), Value: name.Fi, MaxLength: 500},
		{Name: row(n, "sv"), Label: v.t("rulebook.field.name_sv"), Value: name.Sv, MaxLength: 500},
		{Name: row(n, "en"), Label: v.t("rulebook.field.name_en"), Value: name.En, MaxLength: 500},
	}
}

func (f *sectionForm) rowName(n int) policies.Note {
	return policies.Note{Fi: f.v.form(row(n, "fi")), Sv: f.v.form(row(n, "sv")), En: f.v.form(row(n, "en"))}
}

// formRows goes through the rows of a form that was sent.
func (f *sectionForm) formRows(key string, read func(n int)) {
	for n := 0; n < 200 && f.v.c.Request().PostArgs().Has(row(n, key)); n++ {
		if f.v.form(row(n, key)) != "" {
			read(n)
		}
	}
}

func (v *visit) rowLegend(name string, there bool) string {
	if there {
		return name
	}
	return v.t("rulebook.row_new")
}

// rows is how many rows within the n-th row a form that was sent has.
func (f *sectionForm) rows(n int, name, field string) int {
	i := 0
	for i < 200 && f.v.c.Request().PostArgs().Has(row(n, name+strconv.Itoa(i)+"."+field)) {
		i++
	}
	return i
}

// tariffSteps is how many steps the form of a tariff has; more, where it has
// more.
const tariffSteps = 5

func (v *visit) tariffGroups(o openVersion) ([]formGroup, error) {
	list := append(slices.Clone(o.Rules.V.Tariffs), policies.Tariff{})
	var groups []formGroup
	for n, t := range list {
		there := n < len(list)-1
		cents := v.eurosField(row(n, "cents"), v.t("rulebook.field.sum"), &t.Cents)
		if !there || len(t.Steps) > 0 {
			cents.Value = ""
		}
		fields := append(v.keyFields(n, t.Key, t.Name), cents,
			ui.Field{Name: row(n, "per"), Label: v.t("rulebook.field.per"), Type: "select", Options: v.perOptions(t.Per, policies.PerHour)},
			v.spanField(row(n, "min"), "rulebook.field.tariff_min", t.MinMinutes), v.countField(row(n, "day"), "rulebook.field.tariff_day", t.DayHours),
			ui.Field{Name: row(n, "parts"), Label: v.t("rulebook.field.tariff_parts"), Type: "checkbox", Checked: t.PerPart},
			ui.Field{Name: row(n, "persons"), Label: v.t("rulebook.field.tariff_persons"), Type: "checkbox", Checked: t.PerPerson},
			v.eurosField(row(n, "most"), v.t("rulebook.field.tariff_most"), t.MaxCents),
		)
		for i := range max(tariffSteps, len(t.Steps)+1) {
			fields = append(fields, v.stepFields(n, i, t.Steps)...)
		}
		groups = append(groups, formGroup{fieldset{Legend: v.rowLegend(v.tells(o.Rules.V).tariffName(t.Key), there), Fields: fields}, there || len(list) == 1})
	}
	return groups, nil
}

func (v *visit) spanField(name, key string, minutes int) ui.Field {
	f := ui.Field{Name: name, Label: v.t(key), Hint: v.t("rulebook.span_hint"), Width: "s", Autocomplete: "off"}
	if minutes > 0 {
		f.Value = v.spanTyped(minutes)
	}
	return f
}

func (v *visit) countField(name, key string, n int) ui.Field {
	f := ui.Field{Name: name, Label: v.t(key), Width: "xs", InputMode: "numeric", Autocomplete: "off"}
	if n > 0 {
		f.Value = strconv.Itoa(n)
	}
	return f
}

// stepFields are up to which length a step reaches, its price, and of what.
func (v *visit) stepFields(n, i int, steps []policies.Step) []ui.Field {
	var step policies.Step
	there := i < len(steps)
	if there {
		step = steps[i]
	}
	at := func(name string) string { return row(n, "step"+strconv.Itoa(i)+"."+name) }
	upTo := v.spanField(at("to"), "rulebook.field.step_to", orZero(step.UpTo))
	sum := v.eurosField(at("cents"), v.t("rulebook.field.step_sum", "n", i+1), &step.Cents)
	if !there {
		sum.Value = ""
	}
	per := ui.Field{Name: at("per"), Label: v.t("rulebook.field.step_per"), Type: "select", Options: []ui.Option{{Label: v.t("rulebook.step_whole"), Selected: step.Per == ""}}}
	for _, unit := range policies.Units {
		per.Options = append(per.Options, ui.Option{Value: unit, Label: v.t("rulebook.step_per", "unit", v.t("editor.per."+unit)), Selected: step.Per == unit})
	}
	return []ui.Field{upTo, sum, per}
}

// readTariffs keeps the bands of a tariff, which the form does not show.
func readTariffs(f *sectionForm, draft *resources.RuleBook) {
	rules := draft.Rules.V
	before := rules.Tariffs
	rules.Tariffs = nil
	f.formRows("key", func(n int) {
		t := policies.Tariff{
			Key: f.v.form(row(n, "key")), Name: f.rowName(n), MinMinutes: orZero(f.span(row(n, "min"))), DayHours: orZero(f.number(row(n, "day"))),
			PerPart: f.v.form(row(n, "parts")) != "", PerPerson: f.v.form(row(n, "persons")) != "", MaxCents: f.euros(row(n, "most")),
		}
		if n < len(before) {
			t.Bands = before[n].Bands
		}
		for i := range f.rows(n, "step", "cents") {
			at := func(name string) string { return row(n, "step"+strconv.Itoa(i)+"."+name) }
			if cents := f.euros(at("cents")); cents != nil {
				t.Steps = append(t.Steps, policies.Step{UpTo: f.span(at("to")), Cents: *cents, Per: f.v.form(at("per"))})
			}
		}
		if t.Cents = orZero(f.euros(row(n, "cents"))); len(t.Steps) == 0 {
			t.Per = f.v.form(row(n, "per"))
		}
		rules.Tariffs = append(rules.Tariffs, t)
	})
	asRules(draft, rules)
}

func (v *visit) vatGroups(o openVersion) ([]formGroup, error) {
	list := append(slices.Clone(o.Rules.V.VAT), policies.VATRate{})
	var groups []formGroup
	for n, rate := range list {
		there := n < len(list)-1
		percent := ui.Field{Name: row(n, "key"), Label: v.t("rulebook.field.vat"), Suffix: "%", Width: "xs", InputMode: "decimal"}
		from := ui.Field{Name: row(n, "from"), Label: v.t("rulebook.field.vat_from"), Hint: v.t("date.hint"), Width: "s", Optional: true}
		if there {
			percent.Value = v.decimal(float64(rate.Permille) / 10)
		}
		if rate.From != nil {
			from.Value = v.tells(o.Rules.V).dateWords(*rate.From)
		}
		groups = append(groups, formGroup{fieldset{Legend: v.rowLegend(percent.Value+" %", there), Fields: []ui.Field{
			percent, from, {Name: row(n, "included"), Label: v.t("rulebook.field.vat_included"), Type: "checkbox", Checked: rate.Included},
		}}, there || len(list) == 1})
	}
	return groups, nil
}

func readVAT(f *sectionForm, draft *resources.RuleBook) {
	rules := draft.Rules.V
	rules.VAT = nil
	f.formRows("key", func(n int) {
		rate := policies.VATRate{Included: f.v.form(row(n, "included")) != ""}
		if percent := f.decimal(row(n, "key"), "editor.bad_number"); percent != nil {
			rate.Permille = int(math.Round(*percent * 10))
		}
		if typed := f.v.form(row(n, "from")); typed != "" {
			date, err := f.v.typedDate(typed)
			if err != nil {
				f.refuse(row(n, "from"), fault.As(err).Code, fault.As(err).Params)
			}
			rate.From = &date
		}
		rules.VAT = append(rules.VAT, rate)
	})
	slices.SortStableFunc(rules.VAT, func(a, b policies.VATRate) int { return compareDates(a.From, b.From) })
	asRules(draft, rules)
}

// compareDates orders dates, none first.
func compareDates(a, b *calendar.Date) int {
	text := func(d *calendar.Date) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	return strings.Compare(text(a), text(b))
}

// questionKinds are the kinds of questions.
var questionKinds = []string{"yes_no", "choice", "several", "number", "text"}

func (v *visit) questionGroups(o openVersion) ([]formGroup, error) {
	list := append(slices.Clone(o.Rules.V.Questions), policies.FormField{})
	var groups []formGroup
	for n, q := range list {
		there := n < len(list)-1
		kind := ui.Field{Name: row(n, "kind"), Label: v.t("rulebook.field.kind"), Type: "select"}
		for _, value := range questionKinds {
			kind.Options = append(kind.Options, ui.Option{Value: value, Label: v.t("rulebook.question." + value), Selected: q.Kind == value})
		}
		var options []string
		for _, option := range q.Options {
			options = append(options, optionLine(option))
		}
		fields := append(v.keyFields(n, q.Key, q.Label), kind,
			ui.Field{Name: row(n, "options"), Label: v.t("rulebook.field.options"), Hint: v.t("rulebook.options_hint"), Type: "textarea", Value: strings.Join(options, "\n")},
			ui.Field{Name: row(n, "hint_fi"), Label: v.t("rulebook.field.hint_fi"), Value: q.Hint.Fi, MaxLength: 500},
			ui.Field{Name: row(n, "hint_sv"), Label: v.t("rulebook.field.hint_sv"), Value: q.Hint.Sv, MaxLength: 500},
			ui.Field{Name: row(n, "hint_en"), Label: v.t("rulebook.field.hint_en"), Value: q.Hint.En, MaxLength: 500},
		)
		groups = append(groups, formGroup{fieldset{Legend: v.rowLegend(v.named(locales.Texts(q.Label)), there), Fields: fields}, len(list) == 1})
	}
	return groups, nil
}

// optionLine is an answer to choose as a line of the form; asOption reads it.
func optionLine(o policies.Option) string {
	return o.Value + " = " + strings.Join([]string{o.Label.Fi, o.Label.Sv, o.Label.En}, optionMark)
}

const optionMark = " / "

// asOption takes a line that nobody changed for what it was: names may hold the
// marks between them.
func asOption(line string, before []policies.Option) (policies.Option, bool) {
	line = strings.TrimSpace(line)
	for _, o := range before {
		if normalized(strings.TrimSpace(optionLine(o))) == line {
			return o, true
		}
	}
	value, names, ok := strings.Cut(line, "=")
	if !strings.Contains(names, optionMark) {
		names = strings.ReplaceAll(names, "/", optionMark)
	}
	labels := append(strings.Split(names, optionMark), "", "")
	return policies.Option{Value: strings.TrimSpace(value), Label: policies.Note{
		Fi: strings.TrimSpace(labels[0]), Sv: strings.TrimSpace(labels[1]), En: strings.TrimSpace(labels[2]),
	}}, ok
}

func readQuestions(f *sectionForm, draft *resources.RuleBook) {
	rules := draft.Rules.V
	before := rules.Questions
	rules.Questions = nil
	f.formRows("key", func(n int) {
		q := policies.FormField{
			Key: f.v.form(row(n, "key")), Label: f.rowName(n), Kind: f.v.form(row(n, "kind")),
			Hint: policies.Note{Fi: f.v.form(row(n, "hint_fi")), Sv: f.v.form(row(n, "hint_sv")), En: f.v.form(row(n, "hint_en"))},
		}
		for _, line := range strings.Split(normalized(f.v.form(row(n, "options"))), "\n") {
			var were []policies.Option
			if n < len(before) {
				were = before[n].Options
			}
			if option, ok := asOption(line, were); ok {
				q.Options = append(q.Options, option)
			}
		}
		rules.Questions = append(rules.Questions, q)
	})
	asRules(draft, rules)
}
