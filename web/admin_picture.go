package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// pictureForm is the pictures of a resource and the way to a new one. Template
// "editor-pictures".
type pictureForm struct {
	Post   string
	Max    int // of a file, in megabytes
	Error  string
	Alts   fieldset // of the new one
	Plain  ui.Field // the new one is decorative
	Items  []pictureItem
	Full   bool // there is no room for more
	Return string
}

// pictureItem is one picture with its own form.
type pictureItem struct {
	Post        string
	Src         string
	Alt         string
	W, H        int
	Revision    int
	Name        string // "picture 2 of 3", for buttons
	First, Last bool
	Waits       bool // for a description
	Alts        fieldset
	Plain       ui.Field
}

// pictureHref is the address of a picture in one of resources.PictureWidths.
func pictureHref(uid uuid.UUID, width int) string {
	return pathTo("picture", "fi", uid.String()+"-"+strconv.Itoa(width)+".jpg")
}

func (v *visit) pictureForm(e editor, p problems) *pictureForm {
	form := &pictureForm{
		Post: v.path("resource-upload", e.Resource.Slug), Max: resources.MaxUpload >> 20, Error: p.Fields["picture"],
		Full: len(e.Pictures) >= resources.MaxPictures,
	}
	form.Alts = v.languageSet("alt", locales.Texts{}, ui.Field{MaxLength: 200, Autocomplete: "off"})
	form.Plain = ui.Field{Name: "decorative", Label: v.t("editor.field.decorative"), Type: "checkbox"}
	if v.route.upload {
		v.fillSets([]fieldset{form.Alts}, p)
		form.Plain = v.field(form.Plain, p)
	}
	for i, picture := range e.Pictures {
		w, h := picture.Size(400)
		item := pictureItem{
			Post: v.path("picture-act", picture.UID.String()), Src: pictureHref(picture.UID, 400), Alt: v.named(picture.Alt), W: w, H: h, Revision: picture.Revision,
			Name:  v.t("editor.picture_name", "n", i+1, "of", len(e.Pictures)),
			First: i == 0, Last: i == len(e.Pictures)-1, Waits: !picture.Described(),
			Alts:  v.languageSet("alt", picture.Alt, ui.Field{MaxLength: 200, Autocomplete: "off"}),
			Plain: ui.Field{ID: "decorative-" + strconv.Itoa(i), Name: "decorative", Label: v.t("editor.field.decorative"), Type: "checkbox", Checked: picture.Decorative},
		}
		for j := range item.Alts.Fields {
			item.Alts.Fields[j].ID = item.Alts.Fields[j].Name + "-" + strconv.Itoa(i)
		}
		form.Items = append(form.Items, item)
	}
	return form
}

func (v *visit) altTexts() locales.Texts { return (&sectionForm{v: v}).texts("alt") }

// uploadPicture takes a picture. What is wrong with it comes back on the page
// with the texts that were typed; the file must be chosen again, since browsers
// keep none.
func (v *visit) uploadPicture() error {
	e, err := v.ownEditor()
	if err != nil {
		return err
	}
	_, err = v.server.Catalogue.AddPicture(v.ctx, v.actor, catalogue.NewPicture{
		Resource: e.Resource.UID, Body: v.file, Alt: v.altTexts(), Decorative: v.form("decorative") != "",
	})
	if p, ok := v.problems(err); ok {
		return v.section(e, pictureSection(), p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.picture_added", nil)
	return v.redirect(v.path("resource-section", e.Resource.Slug, "pictures"))
}

func pictureSection() section {
	for _, s := range resourceSections {
		if s.name == "pictures" {
			return s
		}
	}
	return section{}
}

// actOnPicture describes, moves or removes a picture.
func (v *visit) actOnPicture() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return fault.New(fault.NotFound, "picture.not_found")
	}
	picture, place, err := v.server.Catalogue.PictureOf(v.ctx, v.actor, uid)
	if err != nil {
		return err
	}
	switch v.form("act") {
	case "up":
		err = v.server.Catalogue.MovePicture(v.ctx, v.actor, uid, -1)
	case "down":
		err = v.server.Catalogue.MovePicture(v.ctx, v.actor, uid, 1)
	case "remove":
		err = v.server.Catalogue.RemovePicture(v.ctx, v.actor, uid)
	default:
		picture.Alt, picture.Decorative = v.altTexts(), v.form("decorative") != ""
		if picture.Revision, err = v.revision(); err == nil {
			err = v.server.Catalogue.DescribePicture(v.ctx, v.actor, picture)
		}
	}
	if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "editor.picture_done", nil)
	return v.redirect(v.path("resource-section", place.Resource.Slug, "pictures") + "#pictures")
}

// sendPicture sends a photograph. What is behind an address never changes; the
// address of one that nobody may see yet is known only to those who look after
// it.
func (v *visit) sendPicture() error {
	name, isJPEG := strings.CutSuffix(v.param("file"), ".jpg")
	at := strings.LastIndexByte(name, '-')
	notFound := fault.New(fault.NotFound, "picture.not_found")
	if !isJPEG || at < 0 {
		return notFound
	}
	uid, err := uuid.Parse(name[:at])
	width, widthErr := strconv.Atoi(name[at+1:])
	if err != nil || widthErr != nil {
		return notFound
	}
	tag := `"` + name + `"`
	body, err := v.server.Resources.PictureFile(v.ctx, v.server.DB, uid, width)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderCacheControl, immutable)
	v.c.Set(fiber.HeaderETag, tag)
	if matchesTag(v.c.Get(fiber.HeaderIfNoneMatch), tag) {
		return v.c.SendStatus(fiber.StatusNotModified)
	}
	v.c.Set(fiber.HeaderContentType, "image/jpeg")
	return v.c.Send(body)
}
