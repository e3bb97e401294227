package web

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// The fields of each section, filled with what is saved.

// languageSet is one text in three languages beside each other. A language that
// lacks is marked where another one is there, and in a description, without
// which nothing is published. What is there says how long it is.
func (v *visit) languageSet(name string, texts locales.Texts, field ui.Field) fieldset {
	set := fieldset{Kind: "languages", Legend: v.t("editor.field." + name), Hint: v.t("editor.hint." + name)}
	field.Optional = texts == (locales.Texts{}) && name != "description"
	for _, lang := range locales.Languages {
		f := field
		f.Name, f.Label, f.Value = name+"_"+lang, v.t("editor.in."+lang), texts.Exact(lang)
		if n := utf8.RuneCountInString(f.Value); n > 0 && f.Type == "textarea" {
			f.Hint = v.t("editor.characters", "n", n)
		}
		set.Fields = append(set.Fields, f)
	}
	return set
}

func (v *visit) textFields(r resources.Resource) ([]fieldset, error) {
	long := ui.Field{Type: "textarea", Rows: 7, MaxLength: 10_000}
	short := ui.Field{Type: "textarea", Rows: 4, MaxLength: 10_000}
	return []fieldset{
		v.languageSet("name", r.Name, ui.Field{MaxLength: 200, Autocomplete: "off"}),
		v.languageSet("description", r.Description, long),
		v.languageSet("instructions", r.Instructions, short),
		v.languageSet("terms", r.Terms, short),
		{Legend: v.t("editor.field.slug"), Fields: []ui.Field{{
			Name: "slug", Label: v.t("editor.field.slug_label"), Value: r.Slug, Hint: v.t("editor.hint.slug"), Width: "m", MaxLength: 200, Autocomplete: "off",
		}}},
	}, nil
}

// ticks are the words of a vocabulary as boxes.
func (v *visit) ticks(words []resources.Word, chosen []string) []ui.Option {
	var options []ui.Option
	for _, w := range words {
		options = append(options, ui.Option{Value: w.Key, Label: v.named(w.Name), Selected: slices.Contains(chosen, w.Key)})
	}
	return options
}

func (v *visit) number(name string, n *int, suffix string) ui.Field {
	f := ui.Field{Name: name, Label: v.t("editor.field." + name), Width: "xs", InputMode: "numeric", Suffix: suffix, Autocomplete: "off"}
	if n != nil {
		f.Value = strconv.Itoa(*n)
	}
	return f
}

// span is a length of time, typed as people write it.
func (v *visit) span(name string, minutes *int) ui.Field {
	f := ui.Field{Name: name, Label: v.t("editor.field." + name), Width: "s", Autocomplete: "off"}
	if minutes != nil {
		f.Value = v.spanTyped(*minutes)
	}
	return f
}

func (v *visit) factFields(r resources.Resource) ([]fieldset, error) {
	area := ui.Field{Name: "area_m2", Label: v.t("editor.field.area_m2"), Suffix: "m²", Width: "xs", InputMode: "decimal", Autocomplete: "off"}
	if r.AreaM2 != nil {
		area.Value = v.decimal(*r.AreaM2)
	}
	stepFree := map[bool]string{true: "yes", false: "no"}
	chosen := "unknown"
	if r.StepFree != nil {
		chosen = stepFree[*r.StepFree]
	}
	var steps []ui.Option
	for _, value := range []string{"yes", "no", "unknown"} {
		steps = append(steps, ui.Option{Value: value, Label: v.t("word." + value), Selected: value == chosen})
	}
	people := v.t("editor.people_short")
	return []fieldset{
		{Fields: []ui.Field{{Name: "type", Label: v.t("field.type"), Type: "select", Width: "m", Options: v.choices(resources.Types, v.t("editor.choose"), r.Type)}}},
		{Fields: []ui.Field{{Name: "purposes", Label: v.t("editor.field.purposes"), Hint: v.t("editor.hint.purposes"), Type: "checks", Options: v.ticks(resources.Purposes, r.Purposes)}}},
		{Fields: []ui.Field{{Name: "equipment", Label: v.t("field.equipment"), Type: "checks", Options: v.ticks(resources.Equipment, r.Equipment)}}},
		{Kind: "row", Legend: v.t("editor.field.size"), Fields: []ui.Field{
			v.number("persons_min", r.PersonsMin, people), v.number("persons_max", r.PersonsMax, people), area,
			{Name: "floor", Label: v.t("editor.field.floor"), Value: r.Floor, Width: "xs", MaxLength: 200, Autocomplete: "off"},
		}},
		{Fields: []ui.Field{{Name: "step_free", Label: v.t("room.step_free"), Type: "chips", Options: steps}}},
		{Fields: []ui.Field{{Name: "access", Label: v.t("room.way_in"), Hint: v.t("editor.hint.access"), Type: "select", Width: "m", Options: v.choices(resources.AccessTypes, v.t("editor.choose"), r.Access)}}},
		{Kind: "row", Legend: v.t("editor.field.contact"), Hint: v.t("editor.hint.contact"), Fields: []ui.Field{
			{Name: "contact_phone", Label: v.t("field.phone"), Value: r.ContactPhone, InputMode: "tel", MaxLength: 200, Autocomplete: "off"},
			{Name: "contact_email", Label: v.t("field.email"), Value: r.ContactEmail, InputMode: "email", MaxLength: 200, Autocomplete: "off"},
		}},
	}, nil
}

// decimal is a number as it is typed: one decimal where it has one.
func (v *visit) decimal(n float64) string {
	decimals := 0
	if n != float64(int(n)) {
		decimals = 1
	}
	return v.say.Decimal(n, decimals)
}

// rasters are the usual distances between starts.
var rasters = []int{15, 30, 45, 60, 90, 120, 180, 240, 300, 360, 420}

func (v *visit) timeFields(r resources.Resource) ([]fieldset, error) {
	raster := ui.Field{Name: "raster", Label: v.t("editor.field.raster"), Hint: v.t("editor.hint.raster"), Type: "select", Width: "s"}
	choices := rasters
	if !slices.Contains(choices, r.Raster) {
		choices = slices.Sorted(slices.Values(append(slices.Clone(rasters), r.Raster)))
	}
	for _, minutes := range choices {
		raster.Options = append(raster.Options, ui.Option{Value: strconv.Itoa(minutes), Label: v.say.Duration(minutes), Selected: minutes == r.Raster})
	}
	days := v.t("editor.days_short")
	return []fieldset{
		{Fields: []ui.Field{raster}},
		{Kind: "row", Legend: v.t("editor.field.length"), Hint: v.t("editor.hint.length"), Fields: []ui.Field{v.span("min_minutes", &r.MinMinutes), v.span("max_minutes", r.MaxMinutes)}},
		{Kind: "row", Legend: v.t("editor.field.buffers"), Hint: v.t("editor.hint.buffers"), Fields: []ui.Field{v.span("buffer_before", &r.BufferBefore), v.span("buffer_after", &r.BufferAfter)}},
		{Kind: "row", Legend: v.t("editor.field.ahead"), Hint: v.t("editor.hint.ahead"), Fields: []ui.Field{v.number("days_ahead_max", r.DaysAheadMax, days), v.number("days_ahead_min", &r.DaysAheadMin, days)}},
		{Legend: v.t("editor.field.ways"), Fields: []ui.Field{
			{Name: "whole_day", Label: v.t("editor.field.whole_day"), Type: "checkbox", Checked: r.WholeDay},
			{Name: "season_only", Label: v.t("editor.field.season_only"), Type: "checkbox", Checked: r.SeasonOnly},
		}},
	}, nil
}

// askable are the questions of the booking form that a place may insist on.
var askable = []string{policies.FieldTitle, policies.FieldPurpose, policies.FieldPersons}

func (v *visit) ruleFields(r resources.Resource) ([]fieldset, error) {
	books, err := v.booksFor(r)
	if err != nil {
		return nil, err
	}
	var options, fields []ui.Option
	for _, book := range books {
		options = append(options, ui.Option{Value: book.Key, Label: v.bookName(book), Selected: book.Key == r.RuleBook})
	}
	for _, name := range askable {
		fields = append(fields, ui.Option{Value: name, Label: v.t("field." + name), Selected: slices.Contains(r.RequiredFields, name)})
	}
	cancel := v.span("cancel_minutes", r.CancelMinutes)
	cancel.Hint = v.t("editor.hint.cancel_minutes")
	release := v.span("release_after_minutes", r.ReleaseAfterMinutes)
	release.Hint = v.t("editor.hint.release_after_minutes")
	limit := v.number("active_limit", r.ActiveLimit, v.t("editor.bookings_short"))
	limit.Hint = v.t("editor.hint.active_limit")
	return []fieldset{
		{Fields: []ui.Field{{Name: "rule_book", Label: v.t("editor.field.rule_book"), Hint: v.t("editor.hint.rule_book"), Type: "select", Width: "m", Options: options}}},
		{Fields: []ui.Field{{Name: "groups", Label: v.t("editor.field.groups"), Hint: v.t("editor.hint.groups"), Value: strings.Join(r.Groups, ", "), MaxLength: 500, Autocomplete: "off"}}},
		{Fields: []ui.Field{cancel}},
		{Fields: []ui.Field{release}},
		{Fields: []ui.Field{limit}},
		{Legend: v.t("editor.field.who"), Fields: []ui.Field{
			{Name: "adult_only", Label: v.t("editor.field.adult_only"), Type: "checkbox", Checked: r.AdultOnly},
			{Name: "strong_sign_in", Label: v.t("editor.field.strong_sign_in"), Type: "checkbox", Checked: r.StrongSignIn},
		}},
		{Fields: []ui.Field{{Name: "required_fields", Label: v.t("editor.field.required_fields"), Type: "checks", Options: fields}}},
	}, nil
}

func (v *visit) priceFields(r resources.Resource) ([]fieldset, error) {
	price := ui.Field{Name: "price_cents", Label: v.t("editor.field.price_cents"), Hint: v.t("editor.hint.price_cents"), Suffix: "€", Width: "s", InputMode: "decimal", Autocomplete: "off"}
	if r.PriceCents != nil {
		price.Value = v.say.Decimal(float64(*r.PriceCents)/100, 2)
	}
	unit := ui.Field{Name: "price_unit", Label: v.t("editor.field.price_unit"), Type: "chips"}
	for _, value := range policies.Units {
		unit.Options = append(unit.Options, ui.Option{Value: value, Label: v.t("editor.per." + value), Selected: value == r.PriceUnit})
	}
	return []fieldset{
		{Fields: []ui.Field{price}},
		{Fields: []ui.Field{unit}},
		v.languageSet("price_note", r.PriceNote, ui.Field{MaxLength: 200, Autocomplete: "off"}),
	}, nil
}

func (v *visit) windowFields(r resources.Resource) ([]fieldset, error) {
	moment := func(name string, at *time.Time) []ui.Field {
		day := ui.Field{Name: name, Label: v.t("editor.field." + name), Hint: v.t("date.hint"), Width: "s", Autocomplete: "off"}
		clock := ui.Field{Name: name + "_time", Label: v.t("editor.field.clock"), Width: "xs", Autocomplete: "off"}
		if at != nil {
			day.Value, clock.Value = v.say.Date(*at), v.say.Time(*at)
		}
		return []ui.Field{day, clock}
	}
	return []fieldset{
		{Kind: "moments", Legend: v.t("editor.field.publish"), Hint: v.t("editor.hint.publish"), Fields: slices.Concat(moment("publish_from", r.PublishFrom), moment("publish_to", r.PublishTo))},
		{Kind: "moments", Legend: v.t("editor.field.booking"), Hint: v.t("editor.hint.booking"), Fields: slices.Concat(moment("booking_from", r.BookingFrom), moment("booking_to", r.BookingTo))},
	}, nil
}
