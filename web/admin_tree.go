package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// treePage is the data of templates/admin_tree.html.
type treePage struct {
	ui.Frame
	Head      unitHead
	Post      string
	Spaces    []treeRow
	Devices   []treeRow
	AddSpace  treeForm
	AddDevice treeForm
	Close     string // address without an open row
	Summary   ui.ErrorSummary
}

// treeRow is a space or a device.
type treeRow struct {
	UID     string
	Depth   int
	Name    string
	Lang    string
	Missing string
	Count   int    // of devices
	Place   string // where a device stands
	Uses    []ui.Link
	New     string // makes it bookable
	Href    string // opens it
	Open    *treePanel
}

// treePanel is all that can be done with a row.
type treePanel struct {
	Save   treeForm
	Add    *treeForm // only spaces have parts
	Divide *treeForm
}

// treeForm is one form; its fields are named alike in all of them, and their
// ids begin with Act.
type treeForm struct {
	Act       string
	UID       string
	Revision  int
	Texts     threeTexts
	Fields    []ui.Field
	Meanwhile []difference
}

func (v *visit) showTree() error {
	site, err := v.site()
	if err != nil {
		return err
	}
	return v.tree(site, problems{})
}

func (v *visit) tree(site catalogue.Site, p problems) (err error) {
	slug := site.Unit.Slug
	page := treePage{Post: v.path("admin-tree", slug), Close: v.path("admin-tree", slug) + "#spaces", Summary: v.atTree(p).Summary}
	if page.Frame, page.Head, err = v.unitPage(v.t("admin.tab.tree"), site.Unit); err != nil {
		return err
	}
	open := v.query("open")
	if v.route.write() {
		open = v.form("uid")
	}
	for _, branch := range site.Branches() {
		page.Spaces = append(page.Spaces, v.spaceRow(site, branch, open, p))
	}
	for _, device := range site.Tree.Devices {
		page.Devices = append(page.Devices, v.deviceRow(site, device, open, p))
	}
	page.AddSpace = v.treeForm("add-space", "", p)
	v.spaceFields(&page.AddSpace, site, resources.Space{}, p)
	page.AddDevice = v.treeForm("add-device", "", p)
	v.deviceFields(&page.AddDevice, site, resources.Device{Count: 1}, p)
	return v.render("admin_tree", page)
}

func (v *visit) openRow(slug, uid string) string {
	return v.pathWith("admin-tree", url.Values{"open": {uid}}, slug) + "#row-" + uid
}

func (v *visit) spaceRow(site catalogue.Site, branch catalogue.Branch, open string, p problems) treeRow {
	uid := branch.UID.String()
	row := treeRow{UID: uid, Depth: branch.Depth, Missing: v.missing(branch.Name), Href: v.openRow(site.Unit.Slug, uid)}
	row.Name, row.Lang = v.text(branch.Name)
	row.Uses = v.useLinks(site.UsersOf(func(part resources.Part) bool { return part.Space != nil && *part.Space == branch.ID }))
	row.New = "/admin/resources/new?" + url.Values{"unit": {site.Unit.Slug}, "space": {uid}}.Encode()
	if open == uid {
		panel := &treePanel{Save: v.treeForm("save-space", uid, p)}
		panel.Save.Revision = v.stillRevision(branch.Revision, p)
		v.spaceFields(&panel.Save, site, branch.Space, p)
		add := v.treeForm("add-part", uid, p)
		add.Texts = v.threeTexts(ui.Field{Name: "name", ID: "add-part-name", Label: v.t("admin.name"), MaxLength: 200}, locales.Texts{}, v.treeFill("add-part", p))
		divide := v.treeForm("divide-space", uid, p)
		divide.Fields = []ui.Field{v.treeFill("divide-space", p)(ui.Field{Name: "parts", ID: "divide-space-parts", Label: v.t("admin.parts"), Type: "select", Width: "s", Options: partOptions()})}
		panel.Add, panel.Divide = &add, &divide
		row.Open = panel
	}
	return row
}

func partOptions() []ui.Option {
	var options []ui.Option
	for n := 2; n <= 6; n++ {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Selected: n == 3})
	}
	return options
}

func (v *visit) useLinks(list []resources.Resource) []ui.Link {
	var links []ui.Link
	for _, r := range list {
		links = append(links, ui.Link{Href: "/admin/resources/" + url.PathEscape(r.Slug), Label: v.named(r.Name)})
	}
	return links
}

func (v *visit) deviceRow(site catalogue.Site, device resources.Device, open string, p problems) treeRow {
	uid := device.UID.String()
	row := treeRow{UID: uid, Missing: v.missing(device.Name), Count: device.Count, Href: v.openRow(site.Unit.Slug, uid)}
	row.Name, row.Lang = v.text(device.Name)
	row.Uses = v.useLinks(site.UsersOf(func(part resources.Part) bool { return part.Device != nil && *part.Device == device.ID }))
	if at := slices.IndexFunc(site.Tree.Spaces, func(s resources.Space) bool { return device.Space != nil && s.ID == *device.Space }); at >= 0 {
		row.Place = v.named(site.Tree.Spaces[at].Name)
	}
	if open == uid {
		row.Open = &treePanel{Save: v.treeForm("save-device", uid, p)}
		row.Open.Save.Revision = v.stillRevision(device.Revision, p)
		v.deviceFields(&row.Open.Save, site, device, p)
	}
	return row
}

func (v *visit) treeForm(act, uid string, p problems) treeForm {
	return treeForm{Act: act, UID: uid}
}

// treeFill keeps what was typed in the form that was sent.
func (v *visit) treeFill(act string, p problems) func(ui.Field) ui.Field {
	return func(f ui.Field) ui.Field {
		if v.route.write() && v.form("act") == act {
			return v.field(f, p.at(map[string]string{"name": "name_fi", "parent": "parent", "space": "space", "count": "count", "parts": "parts"}))
		}
		return f
	}
}

func (v *visit) spaceFields(form *treeForm, site catalogue.Site, space resources.Space, p problems) {
	fill := v.treeFill(form.Act, p)
	keep := func(f ui.Field) ui.Field { return f }
	name := ui.Field{Name: "name", ID: form.Act + "-name", Label: v.t("admin.name"), MaxLength: 200}
	parent := ui.Field{Name: "parent", ID: form.Act + "-parent", Label: v.t("admin.parent"), Type: "select", Width: "m", Options: v.spaceOptions(site, space.Parent, v.t("admin.top"), space.ID)}
	if v.form("act") == form.Act && p.Code == "stale" {
		saved := v.threeTexts(name, space.Name, keep)
		form.Meanwhile = v.differences(append(saved.Fields, withChoices(parent)))
	}
	form.Texts = v.threeTexts(name, space.Name, fill)
	form.Fields = []ui.Field{fill(parent)}
}

// withChoices lets a field be filled in without changing the options of another.
func withChoices(f ui.Field) ui.Field {
	f.Options = slices.Clone(f.Options)
	return f
}

func (v *visit) deviceFields(form *treeForm, site catalogue.Site, device resources.Device, p problems) {
	fill := v.treeFill(form.Act, p)
	keep := func(f ui.Field) ui.Field { return f }
	name := ui.Field{Name: "name", ID: form.Act + "-name", Label: v.t("admin.name"), MaxLength: 200}
	fields := []ui.Field{
		{Name: "count", ID: form.Act + "-count", Label: v.t("admin.device_count"), Value: strconv.Itoa(device.Count), InputMode: "numeric", Width: "xs"},
		{Name: "space", ID: form.Act + "-space", Label: v.t("admin.device_space"), Type: "select", Width: "m", Options: v.spaceOptions(site, device.Space, v.t("admin.nowhere"), 0)},
	}
	if v.form("act") == form.Act && p.Code == "stale" {
		saved := v.threeTexts(name, device.Name, keep)
		form.Meanwhile = v.differences(append(saved.Fields, fields[0], withChoices(fields[1])))
	}
	form.Texts = v.threeTexts(name, device.Name, fill)
	for _, f := range fields {
		form.Fields = append(form.Fields, fill(f))
	}
}

// spaceOptions are the spaces as a tree; none is the label of no space, and
// without is left out.
func (v *visit) spaceOptions(site catalogue.Site, chosen *int, none string, without int) []ui.Option {
	options := []ui.Option{{Label: none, Selected: chosen == nil}}
	for _, branch := range site.Branches() {
		if branch.ID != without {
			options = append(options, ui.Option{
				Value: branch.UID.String(), Label: indent(branch.Depth) + v.named(branch.Name), Selected: chosen != nil && *chosen == branch.ID,
			})
		}
	}
	return options
}

// indent shows depth where there is only text.
func indent(depth int) string {
	text := ""
	for range depth {
		text += "\u2003"
	}
	return text
}

// atTree points problems to the fields of the form that was sent.
func (v *visit) atTree(p problems) problems {
	act := v.form("act")
	ids := map[string]string{"name": act + "-name_fi"}
	for _, name := range []string{"parent", "count", "space"} {
		ids[name] = act + "-" + name
	}
	if act == "divide-space" {
		ids["parts"] = act + "-parts"
	}
	summary := ui.ErrorSummary{Title: p.Summary.Title, Items: slices.Clone(p.Summary.Items)}
	p.Summary = summary
	return p.at(ids)
}

// changeTree is every form of the page.
func (v *visit) changeTree() error {
	site, err := v.site()
	if err != nil {
		return err
	}
	done, err := v.changeIn(site)
	if p, ok := v.problems(err); ok {
		if fault.Is(err, fault.Conflict) { // the fields only name what is in the way
			p.Summary.Title = v.say.Fault(err)
		}
		return v.tree(site, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "admin.done."+v.form("act"), fault.Params{})
	to := v.path("admin-tree", site.Unit.Slug)
	if done != uuid.Nil {
		to += "#row-" + done.String()
	}
	return v.redirect(to)
}

// changeIn does what the form says; the row to look at next, if there is one.
func (v *visit) changeIn(site catalogue.Site) (row uuid.UUID, err error) {
	use, unit := v.server.Catalogue, site.Unit.ID
	uid, _ := uuid.Parse(v.form("uid"))
	act := v.form("act")
	switch act {
	case "add-space", "add-part":
		parent := v.form("parent")
		if act == "add-part" {
			parent = v.form("uid")
		}
		space := resources.Space{Unit: unit, Name: v.formTexts("name")}
		if space.Parent, err = spaceID(site, parent, "parent"); err != nil {
			return row, err
		}
		space, err = use.AddSpace(v.ctx, v.actor, space)
		return space.UID, err
	case "divide-space":
		parts, _ := strconv.Atoi(v.form("parts")) // what is no number is refused like 0
		_, err = use.DivideSpace(v.ctx, v.actor, resources.Space{Unit: unit, UID: uid}, parts)
		return uid, err
	case "add-device":
		device := resources.Device{Unit: unit, Name: v.formTexts("name")}
		if err = v.readDevice(site, &device); err == nil {
			device, err = use.AddDevice(v.ctx, v.actor, device)
		}
		return device.UID, err
	}
	return uid, v.changeRow(site, act, uid)
}

// changeRow saves or removes what stands; it wants the revision of the form.
func (v *visit) changeRow(site catalogue.Site, act string, uid uuid.UUID) error {
	use, unit := v.server.Catalogue, site.Unit.ID
	revision, err := v.revision()
	if err != nil {
		return err
	}
	space := resources.Space{Unit: unit, UID: uid, Name: v.formTexts("name"), Revision: revision}
	device := resources.Device{Unit: unit, UID: uid, Name: v.formTexts("name"), Revision: revision}
	switch act {
	case "save-space":
		if space.Parent, err = spaceID(site, v.form("parent"), "parent"); err == nil {
			_, err = use.SaveSpace(v.ctx, v.actor, space)
		}
	case "remove-space":
		err = use.RemoveSpace(v.ctx, v.actor, space)
	case "save-device":
		if err = v.readDevice(site, &device); err == nil {
			_, err = use.SaveDevice(v.ctx, v.actor, device)
		}
	case "remove-device":
		err = use.RemoveDevice(v.ctx, v.actor, device)
	default:
		err = fault.New(fault.Malformed, "malformed")
	}
	return err
}

func (v *visit) readDevice(site catalogue.Site, device *resources.Device) error {
	count, err := v.formInt("count")
	if err != nil {
		return err
	}
	if count != nil {
		device.Count = *count
	}
	device.Space, err = spaceID(site, v.form("space"), "space")
	return err
}

// spaceID finds a space of a unit by uid; no uid is no space.
func spaceID(site catalogue.Site, uid, field string) (*int, error) {
	if uid == "" {
		return nil, nil
	}
	at := slices.IndexFunc(site.Tree.Spaces, func(s resources.Space) bool { return s.UID.String() == uid })
	if at < 0 {
		return nil, fault.InvalidField(field, "space.not_found")
	}
	return &site.Tree.Spaces[at].ID, nil
}
