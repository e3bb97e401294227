package web

import (
	"regexp"
	"strconv"
	"strings"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// unitEditor is the data of templates/admin_unit.html.
type unitEditor struct {
	ui.Frame
	Head     unitHead
	Post     string
	Sections []unitSection
	Steps    []unitStep
	Summary  ui.ErrorSummary
}

// unitSection is a form of its own.
type unitSection struct {
	Name      string
	Title     string
	Revision  int
	Texts     []threeTexts
	Fields    []ui.Field
	Row       bool         // short fields stand side by side
	Meanwhile []difference // what others saved since the form was made
}

// unitStep is what is left to do until the unit can be booked.
type unitStep struct {
	Label string
	Href  string
	Done  bool
}

func (v *visit) showUnit() error {
	site, err := v.site()
	if err != nil {
		return err
	}
	return v.unitEditor(site, problems{})
}

func (v *visit) unitEditor(site catalogue.Site, p problems) (err error) {
	page := unitEditor{Post: v.path("admin-unit", site.Unit.Slug), Summary: p.Summary}
	if page.Frame, page.Head, err = v.unitPage(v.t("admin.tab.unit"), site.Unit); err != nil {
		return err
	}
	for _, name := range []string{"texts", "place", "use", "address"} {
		section := v.unitSection(name, site.Unit, p)
		if p.Code == "stale" && v.form("section") == name {
			section.Meanwhile = v.differences(v.savedFields(name, site.Unit))
		}
		page.Sections = append(page.Sections, section)
	}
	if page.Steps, err = v.unitSteps(site); err != nil {
		return err
	}
	return v.render("admin_unit", page)
}

// unitSteps are the way to the first booking; none when all is done.
func (v *visit) unitSteps(site catalogue.Site) ([]unitStep, error) {
	periods, err := v.server.Resources.PeriodsOf(v.ctx, v.server.DB, resources.Owner{Unit: site.Unit.ID})
	if err != nil {
		return nil, err
	}
	slug := site.Unit.Slug
	steps := []unitStep{
		{v.t("admin.step.tree"), v.path("admin-tree", slug), len(site.Tree.Spaces)+len(site.Tree.Devices) > 0},
		{v.t("admin.step.hours"), v.path("admin-unit-hours", slug), len(periods) > 0},
		{v.t("admin.step.resource"), "/admin/resources/new?unit=" + slug, len(site.Resources) > 0},
	}
	for _, step := range steps {
		if !step.Done {
			return steps, nil
		}
	}
	return nil, nil
}

// unitSection makes a form; the one that was sent keeps what was typed.
func (v *visit) unitSection(name string, unit resources.Unit, p problems) unitSection {
	fill := func(f ui.Field) ui.Field {
		if v.route.write() && v.form("section") == name {
			return v.field(f, p)
		}
		return f
	}
	section := unitSection{Name: name, Title: v.t("admin.unit." + name), Row: name == "place", Revision: unit.Revision}
	if v.form("section") == name {
		section.Revision = v.stillRevision(unit.Revision, p)
	}
	if name == "texts" {
		section.Texts = []threeTexts{
			v.threeTexts(ui.Field{Name: "name", Label: v.t("admin.name"), MaxLength: 200}, unit.Name, fill),
			v.threeTexts(ui.Field{Name: "description", Label: v.t("admin.description"), Type: "textarea", Rows: 5, MaxLength: 10_000}, unit.Description, fill),
		}
		return section
	}
	for _, f := range v.unitFields(name, unit) {
		section.Fields = append(section.Fields, fill(f))
	}
	return section
}

// unitFields are the fields of a section, with what is saved.
func (v *visit) unitFields(section string, unit resources.Unit) []ui.Field {
	switch section {
	case "place":
		return []ui.Field{
			{Name: "address", Label: v.t("admin.street"), Value: unit.Address, MaxLength: 200},
			{Name: "postcode", Label: v.t("admin.postcode"), Value: unit.Postcode, MaxLength: 200, InputMode: "numeric"},
			{Name: "city", Label: v.t("admin.city"), Value: unit.City, MaxLength: 200},
			{Name: "coordinates", Label: v.t("admin.coordinates"), Hint: v.t("admin.coordinates_hint"), Value: coordinates(unit), MaxLength: 200, Optional: true},
			{Name: "phone", Label: v.t("admin.phone"), Value: unit.Phone, Type: "tel", MaxLength: 200, Optional: true},
			{Name: "email", Label: v.t("admin.email"), Value: unit.Email, Type: "email", MaxLength: 200, Optional: true},
		}
	case "use":
		var options []ui.Option
		for _, key := range []string{"closed", "sunday", "normal"} {
			options = append(options, ui.Option{Value: key, Label: v.t("admin.holidays." + key), Selected: unit.Holidays == key})
		}
		return []ui.Field{
			{Name: "holidays", Label: v.t("admin.holidays"), Type: "radio", Options: options, Value: unit.Holidays},
			{Name: "one_place", Label: v.t("admin.one_place"), Type: "checkbox", Checked: unit.OnePlaceAtOnce},
		}
	case "address":
		return []ui.Field{{Name: "slug", Label: v.t("admin.slug"), Hint: v.t("admin.slug_hint", "example", catalogue.SlugOf(unit.Name.String())), Value: unit.Slug, Width: "m", MaxLength: 200}}
	}
	return nil
}

// savedFields are a section's fields with what is saved now.
func (v *visit) savedFields(section string, unit resources.Unit) []ui.Field {
	if section != "texts" {
		return v.unitFields(section, unit)
	}
	keep := func(f ui.Field) ui.Field { return f }
	var fields []ui.Field
	for _, text := range []threeTexts{
		v.threeTexts(ui.Field{Name: "name", Label: v.t("admin.name")}, unit.Name, keep),
		v.threeTexts(ui.Field{Name: "description", Label: v.t("admin.description")}, unit.Description, keep),
	} {
		for _, f := range text.Fields {
			f.Label = joined(text.Legend, strings.ToLower(f.Label))
			fields = append(fields, f)
		}
	}
	return fields
}

// unitProblemsAt are the fields of the page by those of the use case.
var unitProblemsAt = map[string]string{
	"name": "name_fi", "description": "description_fi", "slug": "slug", "address": "address", "postcode": "postcode", "city": "city",
	"latitude": "coordinates", "longitude": "coordinates", "coordinates": "coordinates", "phone": "phone", "email": "email", "holidays": "holidays",
}

func (v *visit) saveUnit() error {
	site, err := v.site()
	if err != nil {
		return err
	}
	changed := site.Unit
	if changed.Revision, err = v.revision(); err == nil {
		if err = v.readUnit(v.form("section"), &changed); err == nil {
			changed, err = v.server.Catalogue.SaveUnit(v.ctx, v.actor, changed)
		}
	}
	if p, ok := v.problems(err); ok {
		return v.unitEditor(site, p.at(unitProblemsAt))
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "admin.saved", fault.Params{})
	return v.redirect(v.path("admin-unit", changed.Slug))
}

// readUnit puts what a section's form says into a unit.
func (v *visit) readUnit(section string, unit *resources.Unit) (err error) {
	switch section {
	case "texts":
		unit.Name, unit.Description = v.formTexts("name"), v.formTexts("description")
	case "place":
		unit.Address, unit.Postcode, unit.City = v.form("address"), v.form("postcode"), v.form("city")
		unit.Phone, unit.Email = v.form("phone"), v.form("email")
		unit.Latitude, unit.Longitude, err = readCoordinates(v.form("coordinates"))
	case "use":
		unit.Holidays, unit.OnePlaceAtOnce = v.form("holidays"), v.form("one_place") != ""
	case "address":
		unit.Slug = v.form("slug")
	default:
		return fault.New(fault.Malformed, "malformed")
	}
	return err
}

func coordinates(unit resources.Unit) string {
	if unit.Latitude == nil || unit.Longitude == nil {
		return ""
	}
	return strconv.FormatFloat(*unit.Latitude, 'f', -1, 64) + ", " + strconv.FormatFloat(*unit.Longitude, 'f', -1, 64)
}

// coordinateForm is two numbers with a point or a comma, and between and after
// them blanks, commas, semicolons, degree signs and the letters of the compass.
var coordinateForm = regexp.MustCompile(`^\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[NPnp]?\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[EIÖeiö]?\s*$`)

// readCoordinates reads a place as maps and people write it: "60,17397
// 24,93816", "60.17397, 24.93816", "60.17397° N, 24.93816° E". Nothing is no
// place.
func readCoordinates(text string) (latitude, longitude *float64, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil, nil
	}
	m := coordinateForm.FindStringSubmatch(text)
	if m == nil {
		return nil, nil, fault.InvalidField("coordinates", "unit.bad_place")
	}
	var numbers [2]float64
	for i, part := range m[1:] {
		if numbers[i], err = strconv.ParseFloat(strings.Replace(part, ",", ".", 1), 64); err != nil {
			return nil, nil, fault.InvalidField("coordinates", "unit.bad_place")
		}
	}
	return &numbers[0], &numbers[1], nil
}
