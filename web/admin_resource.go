package web

import (
	"slices"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// editor is a resource as those who look after it work on it.
type editor struct {
	resources.Place
	Parts []resources.Part
	Ready catalogue.Readiness
	moved bool // the address is an old one
}

// editor reads the resource of the address; who does not work for its unit is
// told that there is none.
func (v *visit) editor() (editor, error) {
	if err := v.requireSignIn(); err != nil {
		return editor{}, err
	}
	place, now, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, v.param("slug"))
	if err != nil {
		return editor{}, err
	}
	e := editor{moved: now != ""}
	if e.Place, e.Parts, err = v.server.Catalogue.Resource(v.ctx, v.actor, place.Resource.UID); err != nil {
		return e, err
	}
	e.Ready, err = v.server.Catalogue.Readiness(v.ctx, e.Resource, e.Parts)
	return e, err
}

// ownEditor is editor for those who may change the resource.
func (v *visit) ownEditor() (editor, error) {
	e, err := v.editor()
	if err == nil && !accounts.Can(v.actor, accounts.ManageUnit, accounts.Object{Unit: e.Unit.ID}) {
		err = fault.New(fault.Forbidden, "auth.forbidden")
	}
	return e, err
}

// sectionLink is a section in the list beside the form.
type sectionLink struct {
	ui.Link
	Icon    string
	Current bool
	Missing int    // how many things it lacks
	Sum     string // what is set there, in a few words
}

// editorFrame is what the pages of the editor share. Template "editor-head".
type editorFrame struct {
	ui.Frame
	Name, NameLang string
	UnitName       string
	State          ui.StatusTag
	StateText      string
	Sections       []sectionLink
	Home           string // the editor's first page
	Preview        string
	Public         string // the public page, while everybody sees it
	Revision       int
	Summary        ui.ErrorSummary
}

func (v *visit) editorFrame(e editor, title string) (editorFrame, error) {
	r := e.Resource
	f := editorFrame{
		UnitName: v.named(e.Unit.Name), Home: v.path("resource-edit", r.Slug), Preview: v.path("resource-preview", r.Slug), Revision: r.Revision,
		State: v.standingTag(r), StateText: v.standingText(r),
	}
	f.Name, f.NameLang = v.text(r.Name)
	crumbs := v.placeCrumbs(e.Unit)
	if title != "" {
		crumbs = append(crumbs, ui.Link{Href: f.Home, Label: f.Name})
	} else {
		title = f.Name
	}
	var err error
	if f.Frame, err = v.workFrame(title, crumbs...); err != nil {
		return f, err
	}
	if e.Visible(v.now) {
		f.Public = v.path("room", r.Slug)
	}
	f.Sections = v.sectionLinks(e)
	return f, nil
}

// placeCrumbs are the pages above a resource of a unit.
func (v *visit) placeCrumbs(unit resources.Unit) []ui.Link {
	return []ui.Link{{Href: v.path("admin-places"), Label: v.t("nav.places")}, {Href: v.path("admin-tree", unit.Slug), Label: v.named(unit.Name)}}
}

// standingTag is the state of a resource as a tag.
func (v *visit) standingTag(r resources.Resource) ui.StatusTag {
	standing := r.Standing(v.now)
	kinds := map[string]ui.Kind{
		resources.StateDraft: ui.KindHeld, resources.StateScheduled: ui.KindRequested, resources.StatePublished: ui.KindConfirmed,
		resources.StateHidden: ui.KindClosed, resources.StateArchived: ui.KindExpired,
	}
	return ui.StatusTag{Kind: kinds[standing], Label: v.t("editor.state." + standing)}
}

// standingText says what the state means for residents.
func (v *visit) standingText(r resources.Resource) string {
	switch standing := r.Standing(v.now); {
	case standing == resources.StateScheduled:
		return v.t("editor.state_text.scheduled", "from", v.say.DateTime(*r.PublishFrom))
	case standing == resources.StatePublished && r.PublishTo != nil && r.PublishTo.After(v.now):
		return v.t("editor.state_text.published_until", "to", v.say.DateTime(*r.PublishTo))
	default:
		return v.t("editor.state_text." + standing)
	}
}

type resourcePage struct {
	editorFrame
	Missing []ui.Link // what publishing lacks, and where to mend it
	Waiting string    // pictures that wait for a description
	Steps   []stepButton
	Coming  string
	Copy    string
	Poster  string
}

// stepButton publishes, hides or archives.
type stepButton struct {
	Value, Label, Icon, Class, Hint string
}

func (v *visit) showResource() error {
	e, err := v.ownEditor()
	if err != nil {
		return err
	}
	if e.moved {
		return v.moved(v.path("resource-edit", e.Resource.Slug))
	}
	return v.resource(e, problems{})
}

func (v *visit) resource(e editor, p problems) error {
	frame, err := v.editorFrame(e, "")
	if err != nil {
		return err
	}
	page := resourcePage{editorFrame: frame, Copy: v.path("resource-copy", e.Resource.Slug), Poster: v.path("resource-poster", e.Resource.Slug), Steps: v.stepButtons(e)}
	page.Summary = p.Summary
	if e.Resource.Standing(v.now) != resources.StateArchived {
		for _, field := range e.Ready.Missing {
			page.Missing = append(page.Missing, ui.Link{
				Href:  v.path("resource-section", e.Resource.Slug, sectionOf(field.Name)) + "#" + inputOf(field),
				Label: v.missingText(field),
			})
		}
	}
	if waiting := len(e.Pictures) - len(e.Shown()); waiting > 0 {
		page.Waiting = v.t("editor.pictures_waiting", "n", waiting)
	}
	if e.Ready.Coming > 0 {
		page.Coming = v.t("editor.coming", "n", e.Ready.Coming)
	}
	return v.render("admin_resource", page)
}

// missingText is what lacks, without the explanation that stands at the field.
func (v *visit) missingText(field fault.Field) string {
	text, _ := firstSentence(sentence(v.say, fault.Invalid, field.Code, field.Params))
	return text
}

// stepButtons are what can be done with the state as it is.
func (v *visit) stepButtons(e editor) []stepButton {
	button := func(step catalogue.Step, label, icon, class string) stepButton {
		return stepButton{Value: string(step), Label: v.t("editor.step." + label), Icon: icon, Class: class}
	}
	publish := button(catalogue.Publish, "publish", "eye", "primary")
	archive := button(catalogue.Archive, "archive", "inbox", "tertiary")
	if e.Ready.Coming > 0 {
		archive.Hint = v.t("editor.archive_coming", "n", e.Ready.Coming)
	}
	hide := button(catalogue.Hide, "hide", "lock", "secondary")
	switch e.Resource.Standing(v.now) {
	case resources.StateArchived:
		return []stepButton{button(catalogue.Redraft, "redraft", "arrow-back-up", "secondary")}
	case resources.StatePublished:
		return []stepButton{hide, archive}
	case resources.StateScheduled:
		return []stepButton{button(catalogue.Publish, "publish_now", "eye", "primary"), hide, archive}
	case resources.StateHidden:
		return []stepButton{publish, archive}
	}
	if len(e.Ready.Missing) > 0 {
		return []stepButton{archive}
	}
	if e.Resource.PublishFrom != nil && e.Resource.PublishFrom.After(v.now) {
		publish.Label = v.t("editor.step.schedule")
	}
	return []stepButton{publish, archive}
}

// stepResource publishes, hides, archives or takes back what the form says.
func (v *visit) stepResource() error {
	e, err := v.ownEditor()
	if err != nil {
		return err
	}
	revision, err := v.revision()
	if err != nil {
		return err
	}
	step := catalogue.Step(v.form("act"))
	saved, err := v.server.Catalogue.TakeStep(v.ctx, v.actor, e.Resource.UID, revision, step)
	if p, ok := v.problems(err); ok {
		p.Summary.Items = slices.DeleteFunc(p.Summary.Items, func(item ui.ErrorItem) bool { return p.Code == "resource.incomplete" })
		if len(p.Summary.Items) == 0 {
			p.Summary.Items = []ui.ErrorItem{{Message: v.t("resource.incomplete")}}
		}
		return v.resource(e, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.done."+saved.Standing(v.now), nil)
	return v.redirect(v.path("resource-edit", saved.Slug))
}
