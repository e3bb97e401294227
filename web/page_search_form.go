package web

import (
	"strconv"

	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// fillSearchFields makes the fields of the search with what was typed, the
// mistakes in it, and the chips of what is chosen.
func (v *visit) fillSearchFields(page *searchPage, f searchForm, bad []fault.Field) error {
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	if err != nil {
		return err
	}
	page.Top = []ui.Field{
		{Name: "q", Label: v.t("search.what"), Type: "search", Value: f.Text, MaxLength: 1000},
		{Name: "date", Label: v.t("search.date"), Hint: v.t("date.hint"), Value: f.Date, Autocomplete: "off"},
		{Name: "persons", Label: v.t("search.people"), Value: f.Persons, InputMode: "numeric", Autocomplete: "off"},
	}
	page.Folded = []ui.Field{
		{Name: "from", Label: v.t("search.from"), Type: "select", Options: v.hourChoices(f.From)},
		{Name: "to", Label: v.t("search.to"), Type: "select", Options: v.hourChoices(f.To)},
		{Name: "minutes", Label: v.t("search.length"), Type: "select", Options: v.lengthChoices(f.Minutes)},
		{Name: "purpose", Label: v.t("field.purpose"), Type: "select", Options: v.choices(resources.Purposes, v.t("search.any"), f.Purpose)},
		{Name: "type", Label: v.t("field.type"), Type: "select", Options: v.choices(resources.Types, v.t("search.any"), f.Type)},
		{Name: "unit", Label: v.t("field.unit"), Type: "select", Options: v.unitChoices(units, f.Unit)},
		{Name: "stepfree", Label: v.t("search.stepfree"), Type: "checkbox", Checked: f.StepFree},
		{Name: "free", Label: v.t("search.free"), Type: "checkbox", Checked: f.Free},
	}
	for _, set := range []bool{f.From != "", f.To != "", f.Minutes != "", f.Purpose != "", f.Type != "", f.Unit != "", f.StepFree, f.Free} {
		if set {
			page.FoldCount++
		}
	}
	v.markBad(page, bad)
	page.Keep = keepFlags(f)
	page.Chosen = v.chosen(f, units)
	return nil
}

// markBad puts mistakes at their fields and opens the fold that hides one.
func (v *visit) markBad(page *searchPage, bad []fault.Field) {
	if len(bad) == 0 {
		return
	}
	v.c.Status(422)
	byName := map[string]string{}
	for _, b := range bad {
		name := b.Name
		if name == "text" {
			name = "q"
		}
		byName[name] = v.t(b.Code, b.Params)
		page.Summary.Items = append(page.Summary.Items, ui.ErrorItem{FieldID: name, Message: byName[name]})
	}
	for i := range page.Top {
		page.Top[i].Error = byName[page.Top[i].Name]
	}
	for i := range page.Folded {
		page.Folded[i].Error = byName[page.Folded[i].Name]
		page.FoldOpen = page.FoldOpen || page.Folded[i].Error != ""
	}
}

// keepFlags are what is chosen by links and must survive the form.
func keepFlags(f searchForm) []ui.Hidden {
	var keep []ui.Hidden
	for _, flag := range []struct {
		name string
		on   bool
	}{{"now", f.Now}, {"tonight", f.Tonight}, {"weekend", f.Weekend}} {
		if flag.on && f.Date == "" {
			keep = append(keep, ui.Hidden{Name: flag.name, Value: "1"})
		}
	}
	if f.View != viewList {
		keep = append(keep, ui.Hidden{Name: "view", Value: f.View})
	}
	return keep
}

func (v *visit) hourChoices(chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any_hour"), Selected: chosen == ""}}
	known := chosen == ""
	for hour := 6; hour <= 24; hour++ {
		value := strconv.Itoa(hour/10) + strconv.Itoa(hour%10) + ":00"
		known = known || chosen == value
		options = append(options, ui.Option{Value: value, Label: v.say.Clock(hour * 60), Selected: chosen == value})
	}
	if !known { // typed into the address: kept as it is
		options = append(options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return options
}

func (v *visit) lengthChoices(chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any_length"), Selected: chosen == ""}}
	known := chosen == ""
	for _, minutes := range []int{30, 60, 90, 120, 180, 240, 360, 480} {
		value := strconv.Itoa(minutes)
		known = known || chosen == value
		options = append(options, ui.Option{Value: value, Label: v.t("search.at_least", "minutes", minutes), Selected: chosen == value})
	}
	if !known {
		options = append(options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return options
}

func (v *visit) unitChoices(units []resources.Unit, chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any"), Selected: chosen == ""}}
	for _, unit := range units {
		options = append(options, ui.Option{Value: unit.Slug, Label: v.named(unit.Name), Selected: unit.Slug == chosen})
	}
	return options
}

// chosen are the filters that are on, each with the address without it.
func (v *visit) chosen(f searchForm, units []resources.Unit) []ui.Chosen {
	var list []ui.Chosen
	for _, part := range v.filters(f, units) {
		list = append(list, ui.Chosen{Label: part.label, Href: v.pathWith("rooms", part.rest.values())})
	}
	return list
}

// filter is one condition of a search, and the search without it.
type filter struct {
	label string
	rest  searchForm
}

func (v *visit) filters(f searchForm, units []resources.Unit) []filter {
	f.Page = 0
	var list []filter
	add := func(on bool, label string, drop func(*searchForm)) {
		if on {
			rest := f
			drop(&rest)
			list = append(list, filter{label, rest})
		}
	}
	add(f.Text != "", "”"+f.Text+"”", func(r *searchForm) { r.Text = "" })
	add(f.Now, v.t("home.now"), func(r *searchForm) { r.Now = false })
	add(f.Tonight, v.t("home.tonight"), func(r *searchForm) { r.Tonight = false })
	add(f.Weekend, v.t("home.weekend"), func(r *searchForm) { r.Weekend = false })
	add(f.Date != "", v.dateChip(f.Date), func(r *searchForm) { r.Date = "" })
	add(f.Persons != "", v.personsChip(f.Persons), func(r *searchForm) { r.Persons = "" })
	add(f.From != "", v.t("search.chip_from", "time", f.From), func(r *searchForm) { r.From = "" })
	add(f.To != "", v.t("search.chip_to", "time", f.To), func(r *searchForm) { r.To = "" })
	add(f.Minutes != "", v.minutesChip(f.Minutes), func(r *searchForm) { r.Minutes = "" })
	add(f.Purpose != "", v.keyChip(resources.Purposes, f.Purpose), func(r *searchForm) { r.Purpose = "" })
	add(f.Type != "", v.keyChip(resources.Types, f.Type), func(r *searchForm) { r.Type = "" })
	add(f.Unit != "", v.unitChip(units, f.Unit), func(r *searchForm) { r.Unit = "" })
	add(f.StepFree, v.t("search.stepfree"), func(r *searchForm) { r.StepFree = false })
	add(f.Free, v.t("search.free"), func(r *searchForm) { r.Free = false })
	return list
}

func (v *visit) dateChip(typed string) string {
	date, err := v.typedDate(typed)
	if err != nil {
		return typed
	}
	return v.say.Date(v.midday(date))
}

func (v *visit) personsChip(typed string) string {
	n, err := strconv.Atoi(typed)
	if err != nil {
		return typed
	}
	return v.t("count.persons", "n", n)
}

func (v *visit) minutesChip(typed string) string {
	n, err := strconv.Atoi(typed)
	if err != nil {
		return typed
	}
	return v.t("search.at_least", "minutes", n)
}

func (v *visit) keyChip(words []resources.Word, key string) string {
	if name := v.named(resources.Name(words, key)); name != "" {
		return name
	}
	return key
}

func (v *visit) unitChip(units []resources.Unit, slug string) string {
	for _, unit := range units {
		if unit.Slug == slug {
			return v.named(unit.Name)
		}
	}
	return slug
}

// quickLinks are the buttons now, tonight and at the weekend, with the other
// filters kept. The one that is on leads back.
func (v *visit) quickLinks(f searchForm) []quickLink {
	plain := f
	plain.Now, plain.Tonight, plain.Weekend, plain.Date, plain.From, plain.To, plain.Page = false, false, false, "", "", "", 0
	link := func(key, icon string, on bool, set func(*searchForm)) quickLink {
		to := plain
		if !on {
			set(&to)
		}
		return quickLink{Href: v.pathWith("rooms", to.values()), Label: v.t(key), Icon: icon, Current: on}
	}
	return []quickLink{
		link("home.now", "bolt", f.Now, func(r *searchForm) { r.Now = true }),
		link("home.tonight", "moon", f.Tonight, func(r *searchForm) { r.Tonight = true }),
		link("home.weekend", "sun", f.Weekend, func(r *searchForm) { r.Weekend = true }),
	}
}

func (v *visit) viewLinks(f searchForm) []quickLink {
	link := func(view, key, icon string) quickLink {
		to := f
		to.View, to.Page = view, 0
		return quickLink{Href: v.pathWith("rooms", to.values()), Label: v.t(key), Icon: icon, Current: f.View == view}
	}
	links := []quickLink{link(viewList, "search.list", "list"), link(viewTimeline, "search.timeline", "timeline")}
	links[1].Current = f.View != viewList
	return links
}
