package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

func (s *Server) addResourceAdminOperations() {
	serve(s, operation{
		name: "make-resource", method: http.MethodPost, path: "/resources", who: managers, tag: "Places", status: http.StatusCreated, summary: "Make a room",
		more: "It begins as a draft of the site. Needs the scope admin.",
	}, makeResourceCall)
	serve(s, operation{
		name: "read-settings", method: http.MethodGet, path: "/resources/{id}/settings", who: unitStaff, tag: "Places", summary: "Read all that a room's editor shows",
		more: "Drafts too. missing lists what it lacks to be published.",
	}, readSettings)
	serve(s, operation{
		name: "save-settings", method: http.MethodPut, path: "/resources/{id}", who: managers, tag: "Places", summary: "Change a room",
		more: "The body is the whole of its settings: what is left out is emptied, but parts, which stay. Wants If-Match. Needs the scope admin.",
	}, saveSettings)
	serve(s, operation{
		name: "step-resource", method: http.MethodPost, path: "/resources/{id}/state", who: managers, tag: "Places", summary: "Publish, hide or archive a room", more: "Wants If-Match.",
	}, stepResourceCall)
	serve(s, operation{
		name: "add-picture", method: http.MethodPost, path: "/resources/{id}/pictures", who: managers, tag: "Places", status: http.StatusCreated, upload: true,
		summary: "Add a picture", more: "multipart/form-data: file (JPEG or PNG, at most 12 MB), alt_fi, alt_sv, alt_en, decorative. What the camera wrote beside the pixels is not kept.",
	}, addPictureCall)
	serve(s, operation{
		name: "remove-picture", method: http.MethodDelete, path: "/resources/{id}/pictures/{picture}", who: managers, tag: "Places", status: http.StatusNoContent, summary: "Remove a picture",
	}, removePictureCall)
}

// PartView is a space, or count lanes of a device.
type PartView struct {
	Space  *uuid.UUID `json:"space,omitempty"`
	Device *uuid.UUID `json:"device,omitempty"`
	Count  int        `json:"count,omitempty" minimum:"0" maximum:"1000" doc:"Of a device; 0 = 1."`
}

// ResourceSettings is what can be changed of a resource.
type ResourceSettings struct {
	Slug           string        `json:"slug,omitempty" maxLength:"200" doc:"Left out: made of the name."`
	Name           locales.Texts `json:"name"`
	Description    locales.Texts `json:"description,omitempty"`
	Instructions   locales.Texts `json:"instructions,omitempty"`
	Terms          locales.Texts `json:"terms,omitempty"`
	Type           string        `json:"type,omitempty" maxLength:"100"`
	Purposes       []string      `json:"purposes,omitempty" maxItems:"50"`
	Equipment      []string      `json:"equipment,omitempty" maxItems:"50"`
	PersonsMin     *int          `json:"persons_min,omitempty"`
	PersonsMax     *int          `json:"persons_max,omitempty"`
	AreaM2         *float64      `json:"area_m2,omitempty" minimum:"0" maximum:"9999999"`
	Floor          string        `json:"floor,omitempty" maxLength:"200"`
	StepFree       *bool         `json:"step_free,omitempty"`
	Access         string        `json:"access,omitempty" maxLength:"100"`
	PublishFrom    *time.Time    `json:"publish_from,omitempty"`
	PublishTo      *time.Time    `json:"publish_to,omitempty"`
	BookingFrom    *time.Time    `json:"booking_from,omitempty"`
	BookingTo      *time.Time    `json:"booking_to,omitempty"`
	SeasonOnly     bool          `json:"season_only,omitempty"`
	WholeDay       bool          `json:"whole_day,omitempty"`
	Raster         int           `json:"raster_minutes,omitempty" doc:"Left out: 30."`
	MinMinutes     int           `json:"min_minutes,omitempty" doc:"Left out: 30."`
	MaxMinutes     *int          `json:"max_minutes,omitempty"`
	BufferBefore   int           `json:"buffer_before_minutes,omitempty"`
	BufferAfter    int           `json:"buffer_after_minutes,omitempty"`
	DaysAheadMin   int           `json:"days_ahead_min,omitempty"`
	DaysAheadMax   *int          `json:"days_ahead_max,omitempty"`
	ActiveLimit    *int          `json:"active_limit,omitempty"`
	AdultOnly      bool          `json:"adult_only,omitempty"`
	StrongSignIn   bool          `json:"strong_sign_in,omitempty"`
	CancelMinutes  *int          `json:"cancel_minutes,omitempty"`
	ReleaseAfter   *int          `json:"release_after_minutes,omitempty" doc:"When nobody has checked in; left out: nobody is asked to."`
	RequiredFields []string      `json:"required_fields,omitempty" maxItems:"20"`
	RuleBook       string        `json:"rule_book" maxLength:"200"`
	PriceCents     *int          `json:"price_cents,omitempty"`
	PriceUnit      string        `json:"price_unit,omitempty" enum:"hour,started_hour,quarter,started_quarter,day,use" doc:"Left out: hour."`
	PriceNote      locales.Texts `json:"price_note,omitempty"`
	ContactPhone   string        `json:"contact_phone,omitempty" maxLength:"200"`
	ContactEmail   string        `json:"contact_email,omitempty" maxLength:"200"`
	Parts          []PartView    `json:"parts,omitempty" maxItems:"200"`
}

// settingsView is ResourceSettings with what the editor says beside it.
type settingsView struct {
	ID       uuid.UUID        `json:"id"`
	State    string           `json:"state" enum:"draft,scheduled,published,hidden,archived"`
	Revision int              `json:"revision" doc:"Send it as If-Match with every change."`
	Settings ResourceSettings `json:"settings"`
	Pictures []pictureView    `json:"pictures"`
	Missing  []string         `json:"missing" doc:"What lacks for publishing, in sentences."`
}

type pictureView struct {
	ID         uuid.UUID     `json:"id"`
	Alt        locales.Texts `json:"alt"`
	Decorative bool          `json:"decorative"`
	Small      string        `json:"small" doc:"At most 400 pixels wide."`
	Medium     string        `json:"medium" doc:"800."`
	Large      string        `json:"large" doc:"1600."`
	Width      int           `json:"width" doc:"Of the largest, in pixels."`
	Height     int           `json:"height"`
}

func (s *Server) pictureViewOf(p resources.Picture) pictureView {
	return pictureView{
		ID: p.UID, Alt: p.Alt, Decorative: p.Decorative, Width: p.Width, Height: p.Height,
		Small: s.BaseURL + pictureHref(p.UID, 400), Medium: s.BaseURL + pictureHref(p.UID, 800), Large: s.BaseURL + pictureHref(p.UID, 1600),
	}
}

// into puts settings on a resource; what is not among them stays.
func (b ResourceSettings) into(r resources.Resource) resources.Resource {
	r.Slug, r.Name, r.Description, r.Instructions, r.Terms = b.Slug, b.Name, b.Description, b.Instructions, b.Terms
	r.Type, r.Purposes, r.Equipment = b.Type, append(db.Strings{}, b.Purposes...), append(db.Strings{}, b.Equipment...)
	r.PersonsMin, r.PersonsMax, r.AreaM2, r.Floor, r.StepFree, r.Access = b.PersonsMin, b.PersonsMax, b.AreaM2, b.Floor, b.StepFree, b.Access
	r.PublishFrom, r.PublishTo, r.BookingFrom, r.BookingTo = b.PublishFrom, b.PublishTo, b.BookingFrom, b.BookingTo
	r.SeasonOnly, r.WholeDay, r.Raster, r.MinMinutes, r.MaxMinutes = b.SeasonOnly, b.WholeDay, cmp.Or(b.Raster, 30), cmp.Or(b.MinMinutes, 30), b.MaxMinutes
	r.BufferBefore, r.BufferAfter, r.DaysAheadMin, r.DaysAheadMax = b.BufferBefore, b.BufferAfter, b.DaysAheadMin, b.DaysAheadMax
	r.ActiveLimit, r.AdultOnly, r.StrongSignIn, r.CancelMinutes = b.ActiveLimit, b.AdultOnly, b.StrongSignIn, b.CancelMinutes
	r.ReleaseAfterMinutes = b.ReleaseAfter
	r.RequiredFields, r.RuleBook = append(db.Strings{}, b.RequiredFields...), b.RuleBook
	r.PriceCents, r.PriceUnit, r.PriceNote = b.PriceCents, cmp.Or(b.PriceUnit, "hour"), b.PriceNote
	r.ContactPhone, r.ContactEmail = b.ContactPhone, b.ContactEmail
	return r
}

func settingsOf(r resources.Resource) ResourceSettings {
	return ResourceSettings{
		Slug: r.Slug, Name: r.Name, Description: r.Description, Instructions: r.Instructions, Terms: r.Terms, Type: r.Type, Purposes: r.Purposes, Equipment: r.Equipment,
		PersonsMin: r.PersonsMin, PersonsMax: r.PersonsMax, AreaM2: r.AreaM2, Floor: r.Floor, StepFree: r.StepFree, Access: r.Access,
		PublishFrom: r.PublishFrom, PublishTo: r.PublishTo, BookingFrom: r.BookingFrom, BookingTo: r.BookingTo, SeasonOnly: r.SeasonOnly, WholeDay: r.WholeDay,
		Raster: r.Raster, MinMinutes: r.MinMinutes, MaxMinutes: r.MaxMinutes, BufferBefore: r.BufferBefore, BufferAfter: r.BufferAfter,
		DaysAheadMin: r.DaysAheadMin, DaysAheadMax: r.DaysAheadMax, ActiveLimit: r.ActiveLimit, AdultOnly: r.AdultOnly, StrongSignIn: r.StrongSignIn,
		CancelMinutes: r.CancelMinutes, ReleaseAfter: r.ReleaseAfterMinutes, RequiredFields: r.RequiredFields, RuleBook: r.RuleBook, PriceCents: r.PriceCents, PriceUnit: r.PriceUnit, PriceNote: r.PriceNote,
		ContactPhone: r.ContactPhone, ContactEmail: r.ContactEmail,
	}
}

// parts finds the spaces and devices of a unit; nil stays nil.
func (c *call) parts(unit int, wanted []PartView) ([]resources.Part, error) {
	if wanted == nil {
		return nil, nil
	}
	tree, err := c.server.Resources.Tree(c.ctx, c.server.DB, unit)
	if err != nil {
		return nil, err
	}
	parts := []resources.Part{}
	for _, p := range wanted {
		part := resources.Part{Count: max(p.Count, 1)}
		if p.Space != nil {
			if at := slices.IndexFunc(tree.Spaces, func(s resources.Space) bool { return s.UID == *p.Space }); at >= 0 {
				part.Space = &tree.Spaces[at].ID
			}
		}
		if p.Device != nil {
			if at := slices.IndexFunc(tree.Devices, func(d resources.Device) bool { return d.UID == *p.Device }); at >= 0 {
				part.Device = &tree.Devices[at].ID
			}
		}
		if (part.Space == nil) != (p.Space == nil) || (part.Device == nil) != (p.Device == nil) {
			return nil, fault.InvalidField("parts", "resource.part_elsewhere")
		}
		parts = append(parts, part)
	}
	return parts, nil
}

type makeResourceInput struct {
	Body struct {
		Unit     string           `json:"unit" maxLength:"200" doc:"Id or slug of the site."`
		Settings ResourceSettings `json:"settings"`
	}
}

func makeResourceCall(c *call, in *makeResourceInput) (*body[settingsView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	unit, err := c.unit(in.Body.Unit)
	if err == nil && !accounts.Can(c.actor, accounts.ManageUnit, accounts.Object{Unit: unit.ID}) {
		err = fault.New(fault.Forbidden, "auth.forbidden")
	}
	if err != nil {
		return nil, err
	}
	r := in.Body.Settings.into(resources.Resource{Unit: unit.ID})
	if r.Slug == "" {
		if r.Slug, err = c.server.Catalogue.FreeSlug(c.ctx, r.Name.String()); err != nil {
			return nil, err
		}
	}
	parts, err := c.parts(unit.ID, in.Body.Settings.Parts)
	if err != nil {
		return nil, err
	}
	made, err := c.server.Catalogue.AddResource(c.ctx, c.actor, r, parts)
	if err != nil {
		return nil, err
	}
	return c.settings(made.UID)
}

// settings is the answer about a resource that staff look at.
func (c *call) settings(uid uuid.UUID) (*body[settingsView], error) {
	place, parts, err := c.server.Catalogue.Resource(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	ready, err := c.server.Catalogue.Readiness(c.ctx, place.Resource, parts)
	if err != nil {
		return nil, err
	}
	tree, err := c.server.Resources.Tree(c.ctx, c.server.DB, place.Unit.ID)
	if err != nil {
		return nil, err
	}
	view := settingsView{
		ID: uid, State: place.Resource.Standing(c.now), Revision: place.Resource.Revision, Settings: settingsOf(place.Resource),
		Pictures: []pictureView{}, Missing: []string{},
	}
	view.Settings.Parts = partViews(tree, parts)
	for _, p := range place.Pictures {
		view.Pictures = append(view.Pictures, c.server.pictureViewOf(p))
	}
	for _, field := range ready.Missing {
		view.Missing = append(view.Missing, sentence(c.say, fault.Invalid, field.Code, field.Params))
	}
	return &body[settingsView]{view}, nil
}

func partViews(tree resources.Tree, parts []resources.Part) []PartView {
	list := []PartView{}
	for _, p := range parts {
		for i, space := range tree.Spaces {
			if space.ID == orZero(p.Space) {
				list = append(list, PartView{Space: &tree.Spaces[i].UID})
			}
		}
		for i, device := range tree.Devices {
			if device.ID == orZero(p.Device) {
				list = append(list, PartView{Device: &tree.Devices[i].UID, Count: p.Count})
			}
		}
	}
	return list
}

func readSettings(c *call, in *ByID) (*body[settingsView], error) {
	place, err := c.place(in.ID)
	if err == nil {
		err = c.requireSignIn()
	}
	if err != nil {
		return nil, err
	}
	return c.settings(place.Resource.UID)
}

type saveSettingsInput struct {
	ByID
	IfMatch string `header:"If-Match" maxLength:"50"`
	Body    ResourceSettings
}

// based is the resource of an id in the revision of If-Match.
func (c *call) based(id, ifMatch string) (resources.Resource, error) {
	if err := c.requireSignIn(); err != nil {
		return resources.Resource{}, err
	}
	place, err := c.place(id)
	if err == nil {
		place, _, err = c.server.Catalogue.Resource(c.ctx, c.actor, place.Resource.UID)
	}
	if err != nil {
		return resources.Resource{}, err
	}
	revision, err := revisionOf(ifMatch)
	place.Resource.Revision = cmp.Or(revision, place.Resource.Revision)
	return place.Resource, err
}

func saveSettings(c *call, in *saveSettingsInput) (*body[settingsView], error) {
	r, err := c.based(in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	parts, err := c.parts(r.Unit, in.Body.Parts)
	if err != nil {
		return nil, err
	}
	in.Body.Slug = cmp.Or(in.Body.Slug, r.Slug)
	if _, err = c.server.Catalogue.SaveResource(c.ctx, c.actor, in.Body.into(r), parts); err != nil {
		return nil, err
	}
	return c.settings(r.UID)
}

type stepInput struct {
	ByID
	IfMatch string `header:"If-Match" maxLength:"50"`
	Body    struct {
		Step string `json:"step" enum:"publish,hide,archive,draft"`
	}
}

func stepResourceCall(c *call, in *stepInput) (*body[settingsView], error) {
	r, err := c.based(in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := c.server.Catalogue.TakeStep(c.ctx, c.actor, r.UID, r.Revision, catalogue.Step(in.Body.Step)); err != nil {
		return nil, err
	}
	return c.settings(r.UID)
}

type addPictureInput struct {
	ByID
	ContentType string `header:"Content-Type" maxLength:"200"`
	RawBody     []byte `contentType:"multipart/form-data"`
}

func addPictureCall(c *call, in *addPictureInput) (*body[pictureView], error) {
	r, err := c.based(in.ID, "*")
	if err != nil {
		return nil, err
	}
	fields, file, err := readMultipart(in.ContentType, in.RawBody)
	if err != nil {
		return nil, err
	}
	made, err := c.server.Catalogue.AddPicture(c.ctx, c.actor, catalogue.NewPicture{
		Resource: r.UID, Body: file, Decorative: fields["decorative"] != "",
		Alt: locales.Texts{Fi: fields["alt_fi"], Sv: fields["alt_sv"], En: fields["alt_en"]},
	})
	if err != nil {
		return nil, err
	}
	return &body[pictureView]{c.server.pictureViewOf(made)}, nil
}

type removePictureInput struct {
	ByID
	Picture string `path:"picture" maxLength:"50"`
}

func removePictureCall(c *call, in *removePictureInput) (*struct{}, error) {
	r, err := c.based(in.ID, "*")
	if err != nil {
		return nil, err
	}
	uid, err := uuid.Parse(in.Picture)
	if err != nil {
		return nil, fault.New(fault.NotFound, "picture.not_found")
	}
	picture, _, err := c.server.Catalogue.PictureOf(c.ctx, c.actor, uid)
	if err == nil && picture.Resource != r.ID {
		err = fault.New(fault.NotFound, "picture.not_found")
	}
	if err != nil {
		return nil, err
	}
	return nil, c.server.Catalogue.RemovePicture(c.ctx, c.actor, uid)
}
