package web

import (
	"slices"
	"strconv"
	"strings"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

func (v *visit) exampleOf(o openVersion) (policies.Example, int, error) {
	if v.param("example") == "new" {
		return policies.Example{Want: policies.Want{Verdict: policies.Allow, AnyPrice: true}}, -1, nil
	}
	n, err := strconv.Atoi(v.param("example"))
	if err != nil || n < 0 || n >= len(o.Examples.V) {
		return policies.Example{}, 0, fault.New(fault.NotFound, "rules.not_found")
	}
	return o.Examples.V[n], n, nil
}

func (v *visit) showExample() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	return v.exampleForm(o, problems{})
}

func (v *visit) exampleForm(o openVersion, p problems) error {
	example, n, err := v.exampleOf(o)
	if err != nil {
		return err
	}
	title := v.t("rulebook.example_new")
	if n >= 0 {
		title = example.Name
	}
	page := ruleFormPage{
		Post: v.path("admin-example-save", o.args(v.param("example"))...), Back: v.path("admin-rule-version", o.args()...), Submit: v.t("action.save"),
		Revision: v.stillRevision(o.Revision, p), Editable: o.editable(), Summary: p.Summary, Lead: v.t("rulebook.example_lead"),
	}
	if page.Frame, err = v.bookPage(title, o.RuleBook, ui.Link{Href: page.Back, Label: v.t("rulebook.version", "version", o.Version)}); err != nil {
		return err
	}
	name := ui.Field{Name: "name", Label: v.t("rulebook.example_name"), Value: example.Name, MaxLength: 200}
	page.Groups = append([]formGroup{{fieldset{Fields: []ui.Field{name}}, true}, {fieldset{Legend: v.t("rulebook.group.want"), Fields: v.wantFields(example.Want)}, true}}, v.askGroups(o, example)...)
	for g := range page.Groups {
		for i, f := range page.Groups[g].Fields {
			page.Groups[g].Fields[i] = v.editorField(f, p)
		}
	}
	return v.render("admin_rule_form", page)
}

// wantFields are what must come of an example.
func (v *visit) wantFields(w policies.Want) []ui.Field {
	verdict := ui.Field{Name: "want", Label: v.t("rulebook.field.want"), Type: "select", Width: "m"}
	for _, value := range []policies.Verdict{policies.Allow, policies.Approval, policies.Refuse} {
		verdict.Options = append(verdict.Options, ui.Option{Value: string(value), Label: capital(v.t("rule.verdict." + string(value))), Selected: w.Verdict == value})
	}
	price, sum := "sum", v.eurosField("want_cents", v.t("rulebook.field.want_cents"), w.Cents)
	if w.AnyPrice {
		price, sum.Value = "any", ""
	} else if w.Cents == nil {
		price = "unknown"
	}
	how := ui.Field{Name: "want_price", Label: v.t("rulebook.field.want_price"), Type: "select", Width: "m"}
	for _, value := range []string{"any", "sum", "unknown"} {
		how.Options = append(how.Options, ui.Option{Value: value, Label: v.t("rulebook.want_price." + value), Selected: value == price})
	}
	codes := ui.Field{Name: "want_codes", Label: v.t("rulebook.field.want_codes"), Hint: v.t("rulebook.want_codes_hint"), Value: strings.Join(w.Codes, ", "), Optional: true}
	rules := ui.Field{Name: "want_rules", Label: v.t("rulebook.field.want_rules"), Hint: v.t("rulebook.list_hint"), Value: strings.Join(w.Rules, ", "), Optional: true}
	competes := ui.Field{Name: "want_competes", Label: capital(v.t("says.competes")), Type: "checkbox", Checked: w.Competes}
	return []ui.Field{verdict, how, sum, competes, rules, codes}
}

func (f *sectionForm) want(w policies.Want) policies.Want {
	w.Verdict, w.Competes = policies.Verdict(f.v.form("want")), f.v.form("want_competes") != ""
	w.Rules, w.Codes = commaList(f.v.form("want_rules")), commaList(f.v.form("want_codes"))
	w.AnyPrice, w.Cents = f.v.form("want_price") == "any", nil
	if f.v.form("want_price") == "sum" {
		if w.Cents = f.euros("want_cents"); w.Cents == nil && len(f.bad) == 0 {
			f.refuse("want_cents", "rulebook.sum_missing", nil)
		}
	}
	return w
}

// askGroups are the fields of a wish: who, when, where and what.
func (v *visit) askGroups(o openVersion, e policies.Example) []formGroup {
	return []formGroup{
		{fieldset{Legend: v.t("rulebook.group.who"), Fields: v.askWho(e)}, true},
		{fieldset{Legend: v.t("rulebook.group.when"), Fields: v.askWhen(e)}, true},
		{fieldset{Legend: v.t("rulebook.group.where"), Fields: v.askWhere(o, e)}, true},
		{fieldset{Legend: v.t("rulebook.group.what"), Fields: v.askWhat(o, e)}, true},
	}
}

func numberField(name, text string, n *int) ui.Field {
	f := ui.Field{Name: name, Label: text, Width: "xs", InputMode: "numeric", Autocomplete: "off", Optional: true}
	if n != nil {
		f.Value = strconv.Itoa(*n)
	}
	return f
}

func (v *visit) askWho(e policies.Example) []ui.Field {
	class := ui.Field{Name: "class", Label: v.t("says.name.who.classes"), Type: "select", Width: "m"}
	for _, o := range v.classOptions() {
		o.Selected, o.Label = o.Value == string(e.Class), capital(o.Label)
		class.Options = append(class.Options, o)
	}
	local := triInput("who.local", "who", func(*policies.Rule) **bool { return &e.Local }).show(v.tells(policies.Rules{}), &policies.Rule{})
	local.Name = "local"
	return []ui.Field{
		class,
		{Name: "under_18", Label: v.t("says.name.who.under_18"), Type: "checkbox", Checked: e.Under18},
		numberField("share", v.t("says.name.who.under_18_share"), e.Under18Share), local,
		{Name: "municipality", Label: v.t("says.name.who.municipalities"), Value: e.Municipality, MaxLength: 100, Optional: true},
		{Name: "registered", Label: v.t("says.name.who.registered"), Type: "checkbox", Checked: e.Registered},
		{Name: "agreements", Label: v.t("says.name.who.agreements"), Hint: v.t("rulebook.list_hint"), Value: strings.Join(e.Agreements, ", "), Optional: true},
		numberField("age", v.t("says.name.who.age_min"), e.Age),
	}
}

// exampleMoment shows "2024-01-10 12:00" as people write it.
func (v *visit) exampleMoment(text string) string {
	date, clock, ok := strings.Cut(text, " ")
	d, err := calendar.ParseDate(date)
	if !ok || err != nil {
		return text
	}
	return v.tells(policies.Rules{}).dateWords(d) + " " + strings.Replace(clock, ":", ".", 1)
}

// moment reads a day and a time of day, "23.11.2026 17.30", as examples write it.
func (f *sectionForm) exampleMoment(name string) string {
	typed := f.v.form(name)
	if typed == "" {
		return ""
	}
	day, clock, ok := cutLast(typed, " ")
	date, err := f.v.typedDate(day)
	minutes, err2 := locales.ParseTime(clock)
	if !ok || err != nil || err2 != nil {
		f.refuse(name, "rules.example_time", fault.Params{"value": typed})
		return ""
	}
	return date.String() + " " + twoDigits(minutes/60) + ":" + twoDigits(minutes%60)
}

func (v *visit) askWhen(e policies.Example) []ui.Field {
	use := ui.Field{Name: "use", Label: v.t("says.name.when.use"), Type: "select", Width: "m"}
	for _, value := range []string{"", policies.UseCore, policies.UseOutside} {
		text := v.t("rulebook.use_open")
		if value != "" {
			text = capital(v.t("says.when.use." + value))
		}
		use.Options = append(use.Options, ui.Option{Value: value, Label: text, Selected: e.Use == value})
	}
	hint := v.t("rulebook.moment_hint")
	return []ui.Field{
		{Name: "begin", Label: v.t("field.begin"), Hint: hint, Value: v.exampleMoment(e.Begin), Width: "m", Autocomplete: "off", Optional: true},
		{Name: "end", Label: v.t("field.end"), Hint: hint, Value: v.exampleMoment(e.End), Width: "m", Autocomplete: "off", Optional: true},
		{Name: "now", Label: v.t("rulebook.field.asked_at"), Hint: hint, Value: v.exampleMoment(e.Now), Width: "m", Autocomplete: "off", Optional: true},
		use,
		{Name: "series", Label: v.t("says.name.what.repeated"), Type: "checkbox", Checked: e.Series},
	}
}

func (v *visit) askWhere(o openVersion, e policies.Example) []ui.Field {
	place := policies.ExamplePlace{}
	if e.Place != nil {
		place = *e.Place
	}
	room := ui.Field{Name: "resource", Label: v.t("rulebook.field.resource"), Type: "select", Options: []ui.Option{{Label: v.t("rulebook.any_room"), Selected: e.Resource == ""}}}
	for _, r := range v.roomsUnder(o.Key) {
		room.Options = append(room.Options, ui.Option{Value: r.Slug, Label: v.named(r.Name), Selected: r.Slug == e.Resource})
	}
	area := ui.Field{Name: "area", Label: v.t("says.name.where.area"), Suffix: "m²", Width: "xs", InputMode: "decimal", Optional: true}
	if place.AreaM2 != nil {
		area.Value = v.decimal(*place.AreaM2)
	}
	price := v.eurosField("price", v.t("rulebook.field.list_price"), place.PriceCents)
	price.Optional = true
	return []ui.Field{
		room,
		{Name: "type", Label: v.t("says.name.where.types"), Type: "select", Width: "m", Options: v.choices(resources.Types, v.t("rulebook.not_said"), place.Type)},
		area,
		{Name: "groups", Label: v.t("says.name.where.groups"), Hint: v.t("rulebook.list_hint"), Value: strings.Join(place.Groups, ", "), Optional: true},
		{Name: "city", Label: v.t("admin.city"), Value: place.City, MaxLength: 100, Optional: true},
		price,
	}
}

// roomsUnder are the resources that follow a book, by name.
func (v *visit) roomsUnder(key string) []resources.Resource {
	places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{})
	if err != nil {
		return nil // the form works without
	}
	var rooms []resources.Resource
	for _, place := range places {
		if place.Resource.RuleBook == key {
			rooms = append(rooms, place.Resource)
		}
	}
	slices.SortStableFunc(rooms, func(a, b resources.Resource) int { return compareNames(v.named(a.Name), v.named(b.Name)) })
	return rooms
}

func (v *visit) askWhat(o openVersion, e policies.Example) []ui.Field {
	fields := []ui.Field{
		{Name: "purpose", Label: v.t("field.purpose"), Type: "select", Width: "m", Options: v.choices(resources.Purposes, v.t("rulebook.not_said"), e.Purpose)},
		numberField("persons", v.t("field.persons"), e.Persons), numberField("oldest", v.t("says.name.what.oldest_min"), e.OldestAge),
	}
	teller := v.tells(o.composed.Rules)
	for _, q := range o.composed.Rules.Questions {
		given := e.Answers[q.Key]
		f := ui.Field{Name: "answer." + q.Key, Label: v.named(locales.Texts(q.Label)), Value: given, Optional: true}
		values := []string{}
		switch q.Kind {
		case "yes_no":
			values = []string{"yes", "no"}
		case "choice":
			for _, option := range q.Options {
				values = append(values, option.Value)
			}
		}
		if len(values) > 0 {
			f.Type, f.Width, f.Options = "select", "m", []ui.Option{{Label: v.t("rulebook.not_said"), Selected: given == ""}}
			for _, value := range values {
				f.Options = append(f.Options, ui.Option{Value: value, Label: capital(teller.answerName(q.Key, value)), Selected: given == value})
			}
		}
		fields = append(fields, f)
	}
	return fields
}

// ask reads a wish; what the form does not ask is kept.
func (f *sectionForm) ask(o openVersion, e policies.Example) policies.Example {
	v := f.v
	e.Class, e.Under18, e.Under18Share = policies.Class(v.form("class")), v.form("under_18") != "", f.number("share")
	e.Local, e.Municipality, e.Registered = map[string]*bool{"yes": new(true), "no": new(false)}[v.form("local")], v.form("municipality"), v.form("registered") != ""
	e.Agreements, e.Age = commaList(v.form("agreements")), f.number("age")
	e.Begin, e.End, e.Now = f.exampleMoment("begin"), f.exampleMoment("end"), f.exampleMoment("now")
	e.Use, e.Series, e.Resource = v.form("use"), v.form("series") != "", v.form("resource")
	e.Purpose, e.Persons, e.OldestAge = v.form("purpose"), f.number("persons"), f.number("oldest")
	var place policies.ExamplePlace
	if e.Place != nil {
		place = *e.Place
	}
	place.Type, place.City, place.Groups = v.form("type"), v.form("city"), commaList(v.form("groups"))
	place.AreaM2, place.PriceCents = f.decimal("area", "editor.bad_number"), f.euros("price")
	e.Place = &place
	answers := map[string]string{}
	for key, given := range e.Answers {
		answers[key] = given
	}
	for _, q := range o.composed.Rules.Questions {
		if answers[q.Key] = v.form("answer." + q.Key); answers[q.Key] == "" {
			delete(answers, q.Key)
		}
	}
	e.Answers = answers
	return e
}

func (v *visit) saveExample() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	example, n, err := v.exampleOf(o)
	if err != nil {
		return err
	}
	form := sectionForm{v: v}
	if example.Name = v.form("name"); example.Name == "" {
		form.refuse("name", "rulebook.example_nameless", nil)
	}
	example = form.ask(o, example)
	example.Want = form.want(example.Want)
	if err = form.mistakes(); err == nil {
		err = v.editDraft(o, func(draft *resources.RuleBook) error {
			list := slices.Clone(draft.Examples.V)
			if n < 0 {
				list = append(list, example)
			} else {
				list[n] = example
			}
			draft.Examples = db.AsJSON(list)
			return nil
		})
	}
	if p, ok := v.problems(err); ok {
		return v.exampleForm(o, p)
	} else if err != nil {
		return err
	}
	return v.toVersion(o.RuleBook, "rulebook.saved")
}

// tried is what came of a wish in the tester.
type tried struct {
	Verdict      string
	Tag          ui.StatusTag
	Price        []string
	Checks       []ruleLine
	Rules        []toldAnswer
	Alternatives []ui.Link
}

// tryRules answers "may this group book this room at this time?" by a version,
// also by a draft.
func (v *visit) tryRules() error {
	o, err := v.openVersion()
	if err != nil {
		return err
	}
	asked := v.query("asked") != ""
	v.c.Request().PostArgs().ParseBytes(v.c.Request().URI().QueryString()) // a form that is asked by its address
	page := ruleFormPage{
		Method: "get", Post: v.path("admin-rule-try", o.args()...), Back: v.path("admin-rule-version", o.args()...), Submit: v.t("rulebook.try"),
		Editable: true, Lead: v.t("rulebook.try_lead"),
	}
	if page.Frame, err = v.bookPage(v.t("rulebook.tester"), o.RuleBook, ui.Link{Href: page.Back, Label: v.t("rulebook.version", "version", o.Version)}); err != nil {
		return err
	}
	form := sectionForm{v: v}
	example := form.ask(o, policies.Example{})
	var p problems
	if asked {
		err := form.mistakes()
		if err == nil {
			page.Result, err = v.tried(o, example)
		}
		if found, ok := v.problems(err); ok {
			p = found
		} else if err != nil {
			return err
		}
	}
	page.Summary, page.Groups = p.Summary, v.askGroups(o, example)
	for g := range page.Groups {
		for i, f := range page.Groups[g].Fields {
			if f.Error = p.Fields[f.Name]; f.Error != "" {
				f.Value = v.form(f.Name)
			}
			page.Groups[g].Fields[i] = f
		}
	}
	return v.render("admin_rule_form", page)
}

func (v *visit) tried(o openVersion, e policies.Example) (*tried, error) {
	ground := policies.PlainGround(v.server.Zone)
	var place resources.Place
	if e.Resource != "" {
		var err error
		if place, _, err = v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, e.Resource); err != nil {
			return nil, err
		}
		ground.Place, ground.City = place.Policy(), place.Unit.City
	}
	trial, err := e.Try(o.composed, ground)
	if err != nil {
		return nil, err
	}
	d, teller := trial.Decision, v.tells(o.composed.Rules)
	kind := map[policies.Verdict]ui.Kind{policies.Allow: ui.KindConfirmed, policies.Approval: ui.KindRequested, policies.Refuse: ui.KindClosed}[d.Verdict]
	result := &tried{
		Verdict: v.t("rulebook.verdict." + string(d.Verdict)), Tag: ui.StatusTag{Kind: kind, Label: capital(v.t("rule.verdict." + string(d.Verdict)))},
		Price: teller.priceWords(d.Price), Checks: v.checkLines(policies.Explain(trial.Question)),
		Rules: v.ruleAnswerWords(o.composed.Rules, policies.ExplainRules(trial.Question)),
	}
	if e.Resource != "" && e.Begin != "" && d.Verdict == policies.Refuse {
		result.Alternatives, err = v.triedWays(place, trial.Question.Asked)
	}
	return result, err
}

// triedWays are the nearest times that anybody may have by the rules in force.
func (v *visit) triedWays(place resources.Place, asked calendar.Interval) ([]ui.Link, error) {
	found, err := v.server.Booking.Explain(v.ctx, v.actor, booking.Request{Resource: place.Resource.UID, Times: booking.Times{Begin: asked.Begin, End: asked.End}})
	var links []ui.Link
	for _, way := range found.Alternatives {
		links = append(links, ui.Link{
			Href:  v.pathWith("room", map[string][]string{"date": {v.dateOf(way.Begin).String()}}, way.Resource.Slug),
			Label: v.named(way.Resource.Name) + ", " + v.say.Range(way.Begin, way.End),
		})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) {
		err = nil // a time that cannot be asked for has no alternatives
	}
	return links, err
}
