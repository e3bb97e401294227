package web

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// ruleInput is a field of the form of a rule: how it is shown, filled with what
// the rule says, and how it is read back. What no input is about stays as it
// is.
type ruleInput struct {
	group string
	show  func(t ruleTeller, r *policies.Rule) ui.Field
	read  func(f *sectionForm, r *policies.Rule)
}

// formGroup is a part of a form that is folded while nothing is filled in.
type formGroup struct {
	fieldset
	Open bool
}

// ruleFormPage is the data of templates/admin_rule_form.html.
type ruleFormPage struct {
	ui.Frame
	Lead     string
	Text     string // what the rule says at present
	Post     string
	Back     string
	Method   string // "get": the form asks and changes nothing
	Submit   string
	Revision int
	Names    []threeTexts
	Groups   []formGroup
	Editable bool
	Remove   string // value of the button that removes what the form is about
	Summary  ui.ErrorSummary
	Result   *tried
}

// copied is a rule of one's own: pointers within are not shared.
func copied(rule policies.Rule) policies.Rule {
	var own policies.Rule
	raw, err := json.Marshal(rule)
	if err == nil {
		err = json.Unmarshal(raw, &own)
	}
	if err != nil {
		return rule // cannot happen: it was read from JSON
	}
	return own
}

func (v *visit) showRuleForm() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	return v.ruleForm(o, problems{})
}

// ruleOf is the rule of the address; "new" is an empty one.
func (v *visit) ruleOf(o openVersion) (policies.Rule, int, error) {
	id := v.param("rule")
	at := slices.IndexFunc(o.Rules.V.Rules, func(r policies.Rule) bool { return r.ID == id })
	if at < 0 && id != "new" {
		return policies.Rule{}, 0, fault.New(fault.NotFound, "rules.not_found")
	}
	if at < 0 {
		return policies.Rule{}, at, nil
	}
	return copied(o.Rules.V.Rules[at]), at, nil
}

func (v *visit) ruleForm(o openVersion, p problems) error {
	rule, at, err := v.ruleOf(o)
	if err != nil {
		return err
	}
	title := v.t("rulebook.rule_new")
	teller := v.tells(o.composed.Rules)
	page := ruleFormPage{
		Post: v.path("admin-rule-save", o.args(v.param("rule"))...), Back: v.path("admin-rule-version", o.args()...), Submit: v.t("action.save"),
		Revision: v.stillRevision(o.Revision, p), Editable: o.editable(), Summary: p.Summary, Lead: v.t("rulebook.rule_lead"),
	}
	if at >= 0 {
		title, page.Text = v.t("rulebook.rule", "id", rule.ID), teller.ruleSentence(rule)
	}
	if page.Frame, err = v.bookPage(title, o.RuleBook, ui.Link{Href: page.Back, Label: v.t("rulebook.version", "version", o.Version)}); err != nil {
		return err
	}
	id := ui.Field{Name: "id", Label: v.t("rulebook.rule_id"), Hint: v.t("rulebook.rule_id_hint"), Value: rule.ID, Width: "m", MaxLength: 100, Autocomplete: "off"}
	page.Groups = append(page.Groups, formGroup{fieldset{Fields: []ui.Field{v.editorField(id, p)}}, true})
	inputs, err := v.ruleInputs(o)
	if err != nil {
		return err
	}
	page.Groups = append(page.Groups, v.groupsOf(inputs, teller, &rule, p)...)
	page.Names = []threeTexts{v.threeTexts(ui.Field{Name: "note", Label: v.t("rulebook.note"), Hint: v.t("rulebook.note_hint"), MaxLength: 500}, locales.Texts(rule.Note), func(f ui.Field) ui.Field { return v.field(f, p) })}
	return v.render("admin_rule_form", page)
}

// groupsOf shows inputs by their groups; those that hold something are open.
func (v *visit) groupsOf(inputs []ruleInput, teller ruleTeller, rule *policies.Rule, p problems) []formGroup {
	var groups []formGroup
	for _, input := range inputs {
		field := input.show(teller, rule)
		if field.Type == "none" { // reads, and shows nothing
			continue
		}
		filled := field.Type != "choice" && isFilled(field)
		if field.Type == "choice" { // always has a value
			field.Type = "select"
		}
		field = v.editorField(field, p)
		if len(groups) == 0 || groups[len(groups)-1].Kind != input.group {
			groups = append(groups, formGroup{fieldset{Kind: input.group, Legend: v.t("rulebook.group." + input.group)}, input.group == "decision"})
		}
		last := &groups[len(groups)-1]
		last.Fields = append(last.Fields, field)
		last.Open = last.Open || filled || field.Error != ""
	}
	return groups
}

// isFilled tells whether a field says something.
func isFilled(f ui.Field) bool {
	if len(f.Options) == 0 {
		return f.Checked || f.Value != "" && f.Type != "checkbox"
	}
	return slices.ContainsFunc(f.Options, func(o ui.Option) bool { return o.Selected && o.Value != "" })
}

func (v *visit) saveRule() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	rule, at, err := v.ruleOf(o)
	if err != nil {
		return err
	}
	inputs, err := v.ruleInputs(o)
	if err != nil {
		return err
	}
	form := sectionForm{v: v}
	rule.ID, rule.Note = v.form("id"), policies.Note(v.formTexts("note"))
	for _, input := range inputs {
		input.read(&form, &rule)
	}
	if l := rule.Effects.Limits; l != nil && *l == (policies.Limits{}) {
		rule.Effects.Limits = nil
	}
	err = form.mistakes()
	if err == nil {
		err = v.editDraft(o, func(draft *resources.RuleBook) error {
			rules := slices.Clone(draft.Rules.V.Rules)
			if at >= 0 {
				rules[at] = rule
			} else {
				rules = append(rules, rule)
			}
			draft.Rules.V.Rules = rules
			return v.remarkedOn(*draft, rule.ID)
		})
	}
	if p, ok := v.problems(atRuleInputs(err, rule.ID)); ok {
		return v.ruleForm(o, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(o.RuleBook, "rulebook.saved")
}

// remarkedOn refuses a rule that certainly is a mistake among the others.
func (v *visit) remarkedOn(draft resources.RuleBook, rule string) error {
	remarks, err := v.server.Catalogue.Remarks(v.ctx, v.server.DB, draft)
	if err != nil {
		return err
	}
	return catalogue.RemarkFault(slices.DeleteFunc(remarks, func(r policies.Remark) bool { return r.Rule != rule }))
}

// firstInputs are where a remark on a rule is mended.
var firstInputs = map[string]string{"rules.never_area": "where.area_min", "rules.never_day": "when.dates.from"}

// atRuleInputs names the mistakes of a rule as its form does.
func atRuleInputs(err error, id string) error {
	return withFields(err, func(field fault.Field) string {
		name := strings.TrimPrefix(field.Name, id+".")
		if own, _ := field.Params["field"].(string); own != "" && id == "" {
			name = own
		}
		if first := firstInputs[field.Code]; first != "" {
			name = first
		}
		switch name {
		case id: // of the whole rule
			return "id"
		case "effects":
			return "effects.verdict"
		case "effects.fees", "effects.quotas", "effects.factors":
			return name + "0.key"
		case "note":
			return "note_fi"
		}
		return name
	})
}

// The kinds of inputs.

func label(t ruleTeller, name string) string {
	if rest, is := strings.CutPrefix(name, "effects."); is {
		if locales.Has("says.effect." + rest) {
			return capital(t.t("says.effect." + rest))
		}
		return t.t("rulebook.field." + rest)
	}
	if locales.Has("says.name." + name) {
		return t.t("says.name." + name)
	}
	return t.t("rulebook.field." + name)
}

func intInput(name, group string, at func(r *policies.Rule) **int) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.bounded(name), Width: "xs", InputMode: "numeric", Autocomplete: "off"}
		if n := *at(r); n != nil {
			f.Value = strconv.Itoa(*n)
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = f.number(name) }}
}

// bounded is a label that tells a lower bound from an upper one.
func (t ruleTeller) bounded(name string) string {
	text := label(t, name)
	switch {
	case strings.HasPrefix(name, "effects."):
		return text
	case strings.HasSuffix(name, "_min"), strings.HasSuffix(name, "_share"):
		return text + ", " + strings.ToLower(t.t("rulebook.at_least"))
	case strings.HasSuffix(name, "_max"):
		return text + ", " + strings.ToLower(t.t("rulebook.at_most"))
	}
	return text
}

func spanInput(name, group string, at func(r *policies.Rule) **int) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.bounded(name), Hint: t.t("rulebook.span_hint"), Width: "s", Autocomplete: "off"}
		if n := *at(r); n != nil {
			f.Value = t.spanTyped(*n)
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = f.span(name) }}
}

func triInput(name, group string, at func(r *policies.Rule) **bool) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		chosen := ""
		if yes := *at(r); yes != nil {
			chosen = map[bool]string{true: "yes", false: "no"}[*yes]
		}
		return ui.Field{Name: name, Label: label(t, name), Type: "select", Width: "m", Options: []ui.Option{
			{Label: t.t("rulebook.not_asked"), Selected: chosen == ""}, {Value: "yes", Label: t.yesNo(true), Selected: chosen == "yes"}, {Value: "no", Label: t.yesNo(false), Selected: chosen == "no"},
		}}
	}, func(f *sectionForm, r *policies.Rule) {
		*at(r) = map[string]*bool{"yes": new(true), "no": new(false)}[f.v.form(name)]
	}}
}

// chooseInput is one of some values, whose words are under says.
func chooseInput(name, group string, values []string, at func(r *policies.Rule) *string) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: label(t, name), Type: "select", Width: "m", Options: []ui.Option{{Label: t.t("rulebook.not_asked"), Selected: *at(r) == ""}}}
		for _, value := range values {
			f.Options = append(f.Options, ui.Option{Value: value, Label: capital(t.t("says." + name + "." + value)), Selected: *at(r) == value})
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = f.v.form(name) }}
}

// ticksInput is some of the options; what is chosen but no option is kept.
func ticksInput[T ~string](name, group string, options []ui.Option, at func(r *policies.Rule) *[]T) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: label(t, name), Type: "checks", Options: slices.Clone(options)}
		for _, value := range *at(r) {
			i := slices.IndexFunc(f.Options, func(o ui.Option) bool { return o.Value == string(value) })
			if i < 0 {
				i, f.Options = len(f.Options), append(f.Options, ui.Option{Value: string(value), Label: string(value)})
			}
			f.Options[i].Selected = true
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		var list []T
		for _, value := range f.v.formAll(name) {
			list = append(list, T(value))
		}
		*at(r) = inOrderOf(*at(r), list)
	}}
}

// inOrderOf puts what was there before in its old order and what is new behind.
func inOrderOf[T comparable](before, list []T) []T {
	place := func(value T) int {
		if i := slices.Index(before, value); i >= 0 {
			return i
		}
		return len(before)
	}
	slices.SortStableFunc(list, func(a, b T) int { return place(a) - place(b) })
	return list
}

// wordsInput is a list typed with commas.
func wordsInput(name, group string, at func(r *policies.Rule) *[]string) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		return ui.Field{Name: name, Label: label(t, name), Hint: t.t("rulebook.list_hint"), Value: strings.Join(*at(r), ", "), Autocomplete: "off"}
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = commaList(f.v.form(name)) }}
}

func commaList(text string) []string {
	var list []string
	for _, item := range strings.Split(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func areaInput(name string, at func(r *policies.Rule) **float64) ruleInput {
	return ruleInput{"where", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.t("rulebook.field." + name), Suffix: "m²", Width: "xs", InputMode: "decimal", Autocomplete: "off"}
		if area := *at(r); area != nil {
			f.Value = t.decimal(*area)
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = f.decimal(name, "editor.bad_number") }}
}

// eurosInput is a sum; what is not there is nil.
func eurosInput(name, group string, at func(r *policies.Rule) **int) ruleInput {
	return ruleInput{group, func(t ruleTeller, r *policies.Rule) ui.Field {
		return t.eurosField(name, label(t, name), *at(r))
	}, func(f *sectionForm, r *policies.Rule) { *at(r) = f.euros(name) }}
}

func (v *visit) eurosField(name, text string, cents *int) ui.Field {
	f := ui.Field{Name: name, Label: text, Suffix: "€", Width: "s", InputMode: "decimal", Autocomplete: "off"}
	if cents != nil {
		f.Value = v.say.Decimal(float64(*cents)/100, 2)
	}
	return f
}

func (f *sectionForm) euros(name string) *int {
	euros := f.decimal(name, "editor.bad_price")
	if euros == nil {
		return nil
	}
	if *euros < 0 || *euros > 1_000_000 {
		f.refuse(name, "rulebook.bad_euros", fault.Params{"value": f.v.form(name)})
		return nil
	}
	return new(int(math.Round(*euros * 100)))
}

// clockInput is a time of day as people type it; past midnight "26:00".
func clockInput(name string, at func(r *policies.Rule) *string) ruleInput {
	return ruleInput{"when", func(t ruleTeller, r *policies.Rule) ui.Field {
		return ui.Field{Name: name, Label: t.t("rulebook.field." + name), Value: strings.Replace(*at(r), ":", ".", 1), Width: "xs", Autocomplete: "off"}
	}, func(f *sectionForm, r *policies.Rule) {
		typed := strings.Replace(f.v.form(name), ".", ":", 1)
		if hour, err := strconv.Atoi(typed); err == nil {
			typed = strconv.Itoa(hour) + ":00"
		}
		if len(typed) == len("8:00") {
			typed = "0" + typed
		}
		*at(r) = typed
	}}
}

// dayInput is a date of the calendar.
func dayInput(name string, at func(d *policies.Dates) **calendar.Date) ruleInput {
	return ruleInput{"when", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.t("rulebook.field." + name), Hint: t.t("date.hint"), Width: "s", Autocomplete: "off"}
		if r.When.Dates != nil {
			if date := *at(r.When.Dates); date != nil {
				f.Value = t.dateWords(*date)
			}
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		var date *calendar.Date
		if typed := f.v.form(name); typed != "" {
			found, err := f.v.typedDate(typed)
			if err != nil {
				f.refuse(name, fault.As(err).Code, fault.As(err).Params)
			}
			date = &found
		}
		if r.When.Dates == nil {
			r.When.Dates = &policies.Dates{}
		}
		if *at(r.When.Dates) = date; *r.When.Dates == (policies.Dates{}) {
			r.When.Dates = nil
		}
	}}
}

// monthDayInput is an end of a yearly season, typed "1.6.".
func monthDayInput(name string, at func(m *policies.MonthDays) *string) ruleInput {
	return ruleInput{"when", func(t ruleTeller, r *policies.Rule) ui.Field {
		f := ui.Field{Name: name, Label: t.t("rulebook.field." + name), Hint: t.t("rulebook.month_day_hint"), Width: "xs", Autocomplete: "off"}
		if r.When.Season != nil {
			f.Value = monthDayTyped(*at(r.When.Season))
		}
		return f
	}, func(f *sectionForm, r *policies.Rule) {
		if r.When.Season == nil {
			r.When.Season = &policies.MonthDays{}
		}
		if *at(r.When.Season) = monthDayRead(f.v.form(name)); *r.When.Season == (policies.MonthDays{}) {
			r.When.Season = nil
		}
	}}
}

// monthDayTyped writes "06-01" as "1.6."; monthDayRead reads it. What is neither
// is left as it is, for the rules to refuse.
func monthDayTyped(text string) string {
	month, day, ok := strings.Cut(text, "-")
	if !ok {
		return text
	}
	return strings.TrimLeft(day, "0") + "." + strings.TrimLeft(month, "0") + "."
}

func monthDayRead(typed string) string {
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == '.' || r == '/' || r == ' ' })
	if len(parts) != 2 {
		return typed
	}
	day, err := strconv.Atoi(parts[0])
	month, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil || day < 1 || day > 31 || month < 1 || month > 12 {
		return typed
	}
	return twoDigits(month) + "-" + twoDigits(day)
}

func twoDigits(n int) string {
	return strings.Repeat("0", max(0, 2-len(strconv.Itoa(n)))) + strconv.Itoa(n)
}

// asRules is a draft with other rules.
func asRules(draft *resources.RuleBook, rules policies.Rules) { draft.Rules = db.AsJSON(rules) }
