package web

import (
	"slices"
	"strings"

	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// fieldset is a group of fields that belong together. Template "editor-set".
type fieldset struct {
	Kind   string // "languages": three beside each other; "row"; "moments": day and time; "": below each other
	Legend string
	Hint   string
	Fields []ui.Field
}

// section is a part of the editor with its own save.
type section struct {
	name   string
	icon   string
	owns   []string // the fields of a resource whose mistakes are mended here
	fields func(v *visit, r resources.Resource) ([]fieldset, error)
	read   func(f *sectionForm)
}

// resourceSections are the parts of the editor in their order. Parts and
// pictures have pages of their own shape. It is filled at start because
// handlers refer to it.
var resourceSections []section

func init() {
	resourceSections = []section{
		{name: "texts", icon: "edit", owns: []string{"name", "description", "instructions", "terms", "slug"}, fields: (*visit).textFields, read: readTexts},
		{name: "facts", icon: "list", owns: []string{"type", "purposes", "equipment", "persons", "area_m2", "floor", "access", "contact_phone", "contact_email"}, fields: (*visit).factFields, read: readFacts},
		{name: "parts", icon: "door", owns: []string{"parts"}},
		{name: "pictures", icon: "palette", owns: []string{"picture"}},
		{name: "times", icon: "clock", owns: []string{"raster", "minutes", "buffers", "days_ahead"}, fields: (*visit).timeFields, read: readTimes},
		{name: "rules", icon: "clipboard-list", owns: []string{"rule_book", "groups", "active_limit", "cancel_minutes", "release_after_minutes"}, fields: (*visit).ruleFields, read: readRules},
		{name: "price", icon: "currency-euro", owns: []string{"price_cents", "price_unit", "price_note"}, fields: (*visit).priceFields, read: readPrice},
		{name: "publishing", icon: "eye", owns: []string{"state", "publish_from", "publish_to"}, fields: (*visit).windowFields, read: readWindows},
	}
}

// sectionOf is the section in which the mistake of a field is mended.
func sectionOf(field string) string {
	for _, s := range resourceSections {
		if slices.Contains(s.owns, field) {
			return s.name
		}
	}
	return resourceSections[0].name
}

// inputs are where a field is typed, when that has another name.
var inputs = map[string]string{
	"name": "name_fi", "description": "description_fi", "instructions": "instructions_fi", "terms": "terms_fi", "price_note": "price_note_fi",
	"persons": "persons_max", "minutes": "min_minutes", "buffers": "buffer_before", "days_ahead": "days_ahead_max",
}

// inputOf is the input of a mistake; a text that lacks in a language is typed
// in that language's.
func inputOf(field fault.Field) string {
	if lang, ok := field.Params["language"].(string); ok {
		return field.Name + "_" + lang
	}
	if input, ok := inputs[field.Name]; ok {
		return input
	}
	return field.Name
}

// atInputs names the fields of a mistake as the form does.
func atInputs(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	moved := *fault.As(err)
	moved.Fields = slices.Clone(moved.Fields)
	for i, field := range moved.Fields {
		moved.Fields[i].Name = inputOf(field)
	}
	return &moved
}

func (v *visit) sectionLinks(e editor) []sectionLink {
	var links []sectionLink
	for _, s := range resourceSections {
		link := sectionLink{
			Link: ui.Link{Href: v.path("resource-section", e.Resource.Slug, s.name), Label: v.t("editor.section." + s.name)}, Icon: s.icon,
			Sum: v.sectionSum(s.name, e), Current: v.param("section") == s.name,
		}
		for _, field := range e.Ready.Missing {
			if sectionOf(field.Name) == s.name {
				link.Missing++
			}
		}
		links = append(links, link)
	}
	return links
}

// stalePair is a field that somebody else changed meanwhile.
type stalePair struct{ Label, Saved, Typed string }

type sectionPage struct {
	editorFrame
	Heading string
	Lead    string
	Post    string
	Sets    []fieldset
	Stale   []stalePair
	Next    string // the section after this one
	Books   []bookText
	Tree    *partTree
	Gallery *pictureForm
}

func (v *visit) showResourceSection() error {
	e, s, err := v.editorSection()
	if err != nil {
		return err
	}
	if e.moved {
		return v.moved(v.path("resource-section", e.Resource.Slug, s.name))
	}
	return v.section(e, s, problems{})
}

func (v *visit) editorSection() (editor, section, error) {
	e, err := v.ownEditor()
	if err != nil {
		return e, section{}, err
	}
	at := slices.IndexFunc(resourceSections, func(s section) bool { return s.name == v.param("section") })
	if at < 0 {
		return e, section{}, fault.New(fault.NotFound, "not_found")
	}
	return e, resourceSections[at], nil
}

func (v *visit) section(e editor, s section, p problems) error {
	page := sectionPage{Heading: v.t("editor.section." + s.name), Lead: v.t("editor.lead." + s.name), Post: v.path("resource-save", e.Resource.Slug, s.name)}
	var err error
	if page.editorFrame, err = v.editorFrame(e, page.Heading); err != nil {
		return err
	}
	for i := range page.Sections {
		page.Sections[i].Current = resourceSections[i].name == s.name
		if page.Sections[i].Current && i+1 < len(page.Sections) {
			page.Next = page.Sections[i+1].Label
		}
	}
	page.Summary = p.Summary
	switch s.name {
	case "parts":
		page.Tree, err = v.partTree(e, p)
	case "pictures":
		page.Gallery, page.Next = v.pictureForm(e, p), ""
	default:
		page.Sets, err = s.fields(v, e.Resource)
	}
	if err != nil {
		return err
	}
	if p.Code == "stale" {
		page.Stale = v.staleFields(page.Sets)
	}
	v.fillSets(page.Sets, p)
	if s.name == "rules" {
		page.Books, err = v.bookTexts(e.Resource)
	}
	if err != nil {
		return err
	}
	return v.render("admin_resource_section", page)
}

// editorField is field for the editor's own kind too: boxes of which several
// can be ticked.
func (v *visit) editorField(f ui.Field, p problems) ui.Field {
	if f.Type != "checks" {
		return v.field(f, p)
	}
	f.Error = p.Fields[f.Name]
	if v.route.write() {
		for i := range f.Options {
			f.Options[i].Selected = slices.Contains(v.formAll(f.Name), f.Options[i].Value)
		}
	}
	return f
}

// staleFields are those of a form that are not what is saved by now.
func (v *visit) staleFields(sets []fieldset) []stalePair {
	var pairs []stalePair
	for _, set := range sets {
		for _, saved := range set.Fields {
			typed := saved
			typed.Options = slices.Clone(saved.Options)
			typed = v.editorField(typed, problems{})
			if a, b := v.shownValue(saved), v.shownValue(typed); a != b {
				label := saved.Label
				if set.Kind == "languages" {
					label = set.Legend + ", " + saved.Label
				}
				pairs = append(pairs, stalePair{label, a, b})
			}
		}
	}
	return pairs
}

// shownValue is what a field says, in words.
func (v *visit) shownValue(f ui.Field) string {
	if f.Type == "checkbox" {
		return v.t(map[bool]string{true: "word.yes", false: "word.no"}[f.Checked])
	}
	if len(f.Options) == 0 {
		return f.Value
	}
	var words []string
	for _, o := range f.Options {
		if o.Selected {
			words = append(words, o.Label)
		}
	}
	return strings.Join(words, ", ")
}

// saveResourceSection saves what one section asks. A mistake comes back at its
// field; when somebody else saved meanwhile, both versions are shown and the
// next press of the button takes the typed one.
func (v *visit) saveResourceSection() error {
	e, s, err := v.editorSection()
	if err != nil {
		return err
	}
	next := e.Resource
	var parts []resources.Part
	switch {
	case s.name == "parts":
		parts, err = v.readParts()
	case s.read == nil:
		return fault.New(fault.NotFound, "not_found")
	default:
		form := sectionForm{v: v, r: &next}
		s.read(&form)
		err = form.mistakes()
	}
	if err == nil {
		if next.Revision, err = v.revision(); err == nil {
			next, err = v.server.Catalogue.SaveResource(v.ctx, v.actor, next, parts)
		}
	}
	if p, ok := v.problems(atInputs(err)); ok {
		return v.section(e, s, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.saved", fault.Params{"section": v.t("editor.section." + s.name)})
	if v.form("then") == "next" {
		return v.redirect(v.path("resource-section", next.Slug, after(s.name)))
	}
	return v.redirect(v.path("resource-edit", next.Slug))
}

// after is the section behind another one.
func after(name string) string {
	for i, s := range resourceSections[:len(resourceSections)-1] {
		if s.name == name {
			return resourceSections[i+1].name
		}
	}
	return name
}
