package web

import (
	"maps"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// searchFold is a part of the form that is folded away, with how many of its
// conditions are on.
type searchFold struct {
	Title, Icon string
	Fields      []ui.Field
	Checks      []ui.Field // a group of check boxes
	ChecksTitle string
	Near        bool // has the button that asks the device where it is
	Open        bool
	Count       int
}

// fillSearchFields makes the fields of the search with what was typed, the
// mistakes in it, and the chips of what is chosen.
func (v *visit) fillSearchFields(page *searchPage, s sought, bad []fault.Field) {
	f := s.form
	page.Top = []ui.Field{
		{Name: "q", Label: v.t("search.what"), Type: "search", Value: f.Text, MaxLength: 1000, Shortcut: "/"},
		{Name: "date", Label: v.t("search.date"), Hint: v.t("date.hint"), Value: f.Date, Autocomplete: "off"},
		{Name: "persons", Label: v.t("search.people"), Value: f.Persons, InputMode: "numeric", Autocomplete: "off"},
	}
	page.Folds = []searchFold{v.timeFold(f), v.roomFold(s), v.placeFold(s)}
	v.markBad(page, bad)
	page.Keep = keepFlags(f)
	page.Chosen = v.chosen(f, s.units)
}

func (v *visit) timeFold(f searchForm) searchFold {
	return searchFold{
		Title: v.t("search.fold_time"), Icon: "clock", Count: countOn(f.Until != "", f.From != "", f.To != "", f.Minutes != ""),
		Fields: []ui.Field{
			{Name: "from", Label: v.t("search.from"), Type: "select", Options: v.hourChoices(f.From)},
			{Name: "to", Label: v.t("search.to"), Type: "select", Options: v.hourChoices(f.To)},
			{Name: "minutes", Label: v.t("search.length"), Type: "select", Options: v.lengthChoices(f.Minutes)},
			{Name: "until", Label: v.t("search.until"), Hint: v.t("search.until_hint"), Value: f.Until, Autocomplete: "off"},
		},
	}
}

func (v *visit) roomFold(s sought) searchFold {
	f := s.form
	fold := searchFold{
		Title: v.t("search.fold_room"), Icon: "adjustments", ChecksTitle: v.t("field.equipment"),
		Count: countOn(f.Purpose != "", f.Type != "", f.StepFree, f.Free, f.NoApproval, f.Access != "") + len(f.Equipment),
		Fields: []ui.Field{
			{Name: "purpose", Label: v.t("field.purpose"), Type: "select", Options: v.counted(v.choices(resources.Purposes, v.t("search.any"), f.Purpose), s.facet(resources.ByPurpose))},
			{Name: "type", Label: v.t("field.type"), Type: "select", Options: v.counted(v.choices(resources.Types, v.t("search.any"), f.Type), s.facet(resources.ByType))},
		},
	}
	if access := v.accessChoices(s); len(access) > 1 {
		fold.Fields = append(fold.Fields, ui.Field{Name: "access", Label: v.t("search.access"), Type: "select", Options: access})
	}
	for _, flag := range []struct {
		name, key string
		on        bool
		trait     resources.Trait
	}{
		{"stepfree", "search.stepfree", f.StepFree, resources.ByStepFree},
		{"free", "search.free", f.Free, resources.ByFree},
		{"noapproval", "search.noapproval", f.NoApproval, resources.ByNoApproval},
	} {
		fold.Fields = append(fold.Fields, ui.Field{
			Name: flag.name, Type: "checkbox", Checked: flag.on, Label: v.withCount(v.t(flag.key), s.facet(flag.trait)["1"]),
		})
	}
	for _, thing := range resources.Equipment {
		on, n := slices.Contains(f.Equipment, thing.Key), s.facet(resources.ByEquipment)[thing.Key]
		if on || n > 0 {
			fold.Checks = append(fold.Checks, ui.Field{
				ID: "equipment-" + thing.Key, Name: "equipment", Value: thing.Key, Type: "checkbox", Checked: on, Label: v.withCount(v.named(thing.Name), n),
			})
		}
	}
	return fold
}

func (v *visit) placeFold(s sought) searchFold {
	f := s.form
	return searchFold{
		Title: v.t("search.fold_place"), Icon: "map-pin", Near: true, Count: countOn(f.Unit != "", f.Area != "", f.Near != "", f.Sort != ""),
		Fields: []ui.Field{
			{Name: "unit", Label: v.t("field.unit"), Type: "select", Options: v.countedUnits(s)},
			{Name: "area", Label: v.t("search.area"), Type: "select", Options: v.areaChoices(s)},
			{Name: "near", Label: v.t("search.near"), Hint: v.t("search.near_hint"), Value: f.Near, MaxLength: 100, Autocomplete: "off"},
			{Name: "within", Label: v.t("search.within"), Type: "select", Options: v.distanceChoices(f.Within)},
			{Name: "sort", Label: v.t("search.sort"), Type: "select", Options: []ui.Option{
				{Label: v.t("search.sort_usual"), Selected: f.Sort == ""},
				{Value: string(booking.Soonest), Label: v.t("search.sort_soonest"), Selected: f.Sort == string(booking.Soonest)},
				{Value: string(booking.Nearest), Label: v.t("search.sort_nearest"), Selected: f.Sort == string(booking.Nearest)},
				{Value: string(booking.ByName), Label: v.t("search.sort_name"), Selected: f.Sort == string(booking.ByName)},
			}},
		},
	}
}

func countOn(flags ...bool) int {
	n := 0
	for _, on := range flags {
		if on {
			n++
		}
	}
	return n
}

func (s sought) facet(trait resources.Trait) map[string]int { return s.found.Facets[trait] }

// withCount is a choice with how many rooms there would be with it.
func (v *visit) withCount(label string, n int) string { return label + " (" + strconv.Itoa(n) + ")" }

// counted puts the counts behind choices and leaves those out that lead to
// nothing, unless they are chosen.
func (v *visit) counted(options []ui.Option, counts map[string]int) []ui.Option {
	var kept []ui.Option
	for _, o := range options {
		n := counts[o.Value]
		switch {
		case o.Value == "":
			kept = append(kept, o)
		case n > 0 || o.Selected:
			o.Label = v.withCount(o.Label, n)
			kept = append(kept, o)
		}
	}
	return kept
}

// countedUnits are the units with counts; beside a chosen one the others, which
// were not looked at, are listed without.
func (v *visit) countedUnits(s sought) []ui.Option {
	options := v.unitChoices(s.units, s.form.Unit)
	if s.form.Unit != "" {
		return options
	}
	return v.counted(options, s.facet(resources.ByUnit))
}

// areaChoices are cities and postcodes where there are rooms.
func (v *visit) areaChoices(s sought) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any"), Selected: s.form.Area == ""}}
	counts := s.facet(resources.ByArea)
	if chosen := s.form.Area; chosen != "" && counts[chosen] == 0 {
		options = append(options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	for _, area := range slices.Sorted(maps.Keys(counts)) {
		options = append(options, ui.Option{Value: area, Label: v.withCount(area, counts[area]), Selected: area == s.form.Area})
	}
	return options
}

// accessChoices are the ways in which doors open.
func (v *visit) accessChoices(s sought) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any"), Selected: s.form.Access == ""}}
	counts := s.facet(resources.ByAccess)
	for _, word := range resources.AccessTypes {
		if counts[word.Key] > 0 || word.Key == s.form.Access {
			options = append(options, ui.Option{
				Value: word.Key, Label: v.withCount(v.named(word.Name), counts[word.Key]), Selected: word.Key == s.form.Access,
			})
		}
	}
	return options
}

func (v *visit) distanceChoices(chosen string) []ui.Option {
	options := []ui.Option{{Label: v.t("search.any_distance"), Selected: chosen == ""}}
	for _, metres := range []int{500, 1000, 2000, 5000, 10_000, 20_000} {
		value := strconv.Itoa(metres)
		options = append(options, ui.Option{Value: value, Label: v.say.Distance(float64(metres)), Selected: chosen == value})
	}
	return options
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
	for n := range page.Folds {
		fold := &page.Folds[n]
		for i := range fold.Fields {
			fold.Fields[i].Error = byName[fold.Fields[i].Name]
			fold.Open = fold.Open || fold.Fields[i].Error != ""
		}
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
	trait resources.Trait
	label string
	rest  searchForm
}

func (v *visit) filters(f searchForm, units []resources.Unit) []filter {
	f.Page = 0
	var list []filter
	add := func(on bool, trait resources.Trait, label string, drop func(*searchForm)) {
		if on {
			rest := f
			drop(&rest)
			list = append(list, filter{trait, label, rest})
		}
	}
	add(f.Text != "", resources.ByText, "”"+f.Text+"”", func(r *searchForm) { r.Text = "" })
	add(f.Now, booking.ByNow, v.t("home.now"), func(r *searchForm) { r.Now = false })
	add(f.Tonight, booking.ByTime, v.t("home.tonight"), func(r *searchForm) { r.Tonight = false })
	add(f.Weekend, booking.ByTime, v.t("home.weekend"), func(r *searchForm) { r.Weekend = false })
	add(f.Date != "", f.dateTrait(), v.dateChip(f.Date), func(r *searchForm) { r.Date = "" })
	add(f.Until != "", "until", v.t("search.chip_until", "day", v.dateChip(f.Until)), func(r *searchForm) { r.Until = "" })
	add(f.Persons != "", resources.ByPersons, v.personsChip(f.Persons), func(r *searchForm) { r.Persons = "" })
	add(f.From != "", booking.ByHours, v.t("search.chip_from", "time", f.From), func(r *searchForm) { r.From = "" })
	add(f.To != "", booking.ByHours, v.t("search.chip_to", "time", f.To), func(r *searchForm) { r.To = "" })
	add(f.Minutes != "", booking.ByLength, v.minutesChip(f.Minutes), func(r *searchForm) { r.Minutes = "" })
	add(f.Purpose != "", resources.ByPurpose, v.keyChip(resources.Purposes, f.Purpose), func(r *searchForm) { r.Purpose = "" })
	add(f.Type != "", resources.ByType, v.keyChip(resources.Types, f.Type), func(r *searchForm) { r.Type = "" })
	add(f.Unit != "", resources.ByUnit, v.unitChip(units, f.Unit), func(r *searchForm) { r.Unit = "" })
	add(f.Area != "", resources.ByArea, f.Area, func(r *searchForm) { r.Area = "" })
	add(f.Access != "", resources.ByAccess, v.keyChip(resources.AccessTypes, f.Access), func(r *searchForm) { r.Access = "" })
	add(f.Near != "", resources.ByDistance, v.nearChip(f), func(r *searchForm) { r.Near, r.Within = "", "" })
	for _, key := range f.Equipment {
		add(true, resources.ByEquipment, v.keyChip(resources.Equipment, key), func(r *searchForm) {
			r.Equipment = slices.DeleteFunc(slices.Clone(f.Equipment), func(other string) bool { return other == key })
		})
	}
	add(f.StepFree, resources.ByStepFree, v.t("search.stepfree"), func(r *searchForm) { r.StepFree = false })
	add(f.Free, resources.ByFree, v.t("search.free"), func(r *searchForm) { r.Free = false })
	add(f.NoApproval, resources.ByNoApproval, v.t("search.noapproval"), func(r *searchForm) { r.NoApproval = false })
	return list
}

// dateTrait: without its date a search that asks for no other time asks for none.
func (f searchForm) dateTrait() resources.Trait {
	if f.From == "" && f.To == "" && f.Minutes == "" && f.Until == "" {
		return booking.ByTime
	}
	return "date"
}

// nearChip names the place; of a point only that it is near.
func (v *visit) nearChip(f searchForm) string {
	where := f.Near
	if _, err := resources.ParsePoint(f.Near); err == nil {
		where = v.t("search.near_you")
	}
	metres, err := strconv.Atoi(f.Within)
	if err != nil {
		return v.t("search.chip_near", "where", where)
	}
	return v.t("search.chip_within", "distance", v.say.Distance(float64(metres)), "where", where)
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
	plain.Now, plain.Tonight, plain.Weekend, plain.Page = false, false, false, 0
	plain.Date, plain.Until, plain.From, plain.To = "", "", "", ""
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
	links[1].Current = f.View == viewTimeline || f.View == viewTable
	if v.server.MapTileURL != "" {
		links = append(links, link(viewMap, "search.map", "map"))
	}
	return links
}
