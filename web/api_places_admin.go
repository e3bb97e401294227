package web

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// The places as those write them who look after them.

func (s *Server) addPlaceEditing() {
	const unit, spaces, devices = "/units/{id}", "/units/{id}/spaces", "/units/{id}/devices"
	add := func(name, method, path, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: managers, tag: "Places", summary: summary, more: more}
	}
	made := func(op operation) operation { op.status = http.StatusCreated; return op }
	gone := func(op operation) operation { op.status = http.StatusNoContent; return op }
	ofCity := made(add("add-unit", http.MethodPost, "/units", "Add a site", "Without a slug it is made of the name."))
	ofCity.who = cityAdmins
	follow := "Reservations follow the change, or it is refused with 409 and errors that name each pair that would meet."
	serve(s, ofCity, addUnit)
	serve(s, add("save-unit", http.MethodPut, unit, "Change a site", "All fields are replaced."), saveUnit)
	serve(s, add("read-tree", http.MethodGet, spaces, "Read the spaces and devices of a site", ""), readTree)
	serve(s, made(add("add-space", http.MethodPost, spaces, "Add a space", follow)), addSpace)
	serve(s, add("save-space", http.MethodPut, spaces+"/{part}", "Change a space", follow), saveSpace)
	serve(s, gone(add("remove-space", http.MethodDelete, spaces+"/{part}", "Remove a space that nothing uses", "")), removeSpace)
	serve(s, made(add("add-device", http.MethodPost, devices, "Add a device or a pool", "")), addDevice)
	serve(s, add("save-device", http.MethodPut, devices+"/{part}", "Change a device", follow), saveDevice)
	serve(s, gone(add("remove-device", http.MethodDelete, devices+"/{part}", "Remove a device that nothing uses", "")), removeDevice)
}

// unitBody is a site as it is written.
type unitBody struct {
	Slug           string        `json:"slug,omitempty" maxLength:"200"`
	Name           locales.Texts `json:"name"`
	Description    locales.Texts `json:"description,omitempty"`
	Address        string        `json:"address,omitempty"`
	Postcode       string        `json:"postcode,omitempty"`
	City           string        `json:"city,omitempty"`
	Latitude       *float64      `json:"latitude,omitempty" doc:"WGS 84 degrees."`
	Longitude      *float64      `json:"longitude,omitempty"`
	Phone          string        `json:"phone,omitempty"`
	Email          string        `json:"email,omitempty"`
	Holidays       string        `json:"holidays" enum:"closed,sunday,normal" doc:"What public holidays do to the hours."`
	OnePlaceAtOnce bool          `json:"one_place_at_once,omitempty" doc:"The same person cannot book two places at once."`
}

func (b unitBody) unit(id, revision int) resources.Unit {
	return resources.Unit{
		ID: id, Revision: revision, Slug: b.Slug, Name: b.Name, Description: b.Description, Address: b.Address, Postcode: b.Postcode, City: b.City,
		Latitude: b.Latitude, Longitude: b.Longitude, Phone: b.Phone, Email: b.Email, Holidays: b.Holidays, OnePlaceAtOnce: b.OnePlaceAtOnce,
	}
}

func addUnit(c *call, in *body[unitBody]) (*body[unitView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	made, err := c.server.Catalogue.AddUnit(c.ctx, c.actor, in.Body.unit(0, 0))
	return &body[unitView]{unitViewOf(made)}, err
}

type unitChange struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on. Missing: 428, old: 412."`
	Body    unitBody
}

func saveUnit(c *call, in *unitChange) (*body[unitView], error) {
	site, revision, err := c.siteAt(in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	saved, err := c.server.Catalogue.SaveUnit(c.ctx, c.actor, in.Body.unit(site.Unit.ID, revision))
	return &body[unitView]{unitViewOf(saved)}, err
}

// siteAt is the site of a write with the revision of its If-Match, for those
// who look after it.
func (c *call) siteAt(id, ifMatch string) (catalogue.Site, int, error) {
	site, err := c.site(id)
	if err != nil {
		return site, 0, err
	}
	revision, err := revisionOf(ifMatch)
	return site, revision, err
}

func (c *call) site(id string) (catalogue.Site, error) {
	if err := c.requireSignIn(); err != nil {
		return catalogue.Site{}, err
	}
	unit, err := c.unit(id)
	if err != nil {
		return catalogue.Site{}, err
	}
	return c.server.Catalogue.Site(c.ctx, c.actor, unit.Slug)
}

// spaceView is a node of a site's tree.
type spaceView struct {
	ID       uuid.UUID     `json:"id"`
	Parent   *uuid.UUID    `json:"parent" doc:"The space that it is a part of; null at the top."`
	Name     locales.Texts `json:"name"`
	Revision int           `json:"revision"`
}

// deviceView is a thing, or a pool of equal things.
type deviceView struct {
	ID       uuid.UUID     `json:"id"`
	Space    *uuid.UUID    `json:"space" doc:"Where it usually stands."`
	Name     locales.Texts `json:"name"`
	Count    int           `json:"count"`
	Revision int           `json:"revision"`
}

type treeView struct {
	Spaces  []spaceView  `json:"spaces"`
	Devices []deviceView `json:"devices"`
}

func spaceViewOf(site catalogue.Site, space resources.Space) spaceView {
	return spaceView{space.UID, uidOf(site, space.Parent), space.Name, space.Revision}
}

func deviceViewOf(site catalogue.Site, device resources.Device) deviceView {
	return deviceView{device.UID, uidOf(site, device.Space), device.Name, device.Count, device.Revision}
}

func uidOf(site catalogue.Site, space *int) *uuid.UUID {
	if space != nil {
		for _, s := range site.Tree.Spaces {
			if s.ID == *space {
				return &s.UID
			}
		}
	}
	return nil
}

func readTree(c *call, in *ByID) (*body[treeView], error) {
	site, err := c.site(in.ID)
	if err != nil {
		return nil, err
	}
	out := treeView{Spaces: []spaceView{}, Devices: []deviceView{}}
	for _, space := range site.Tree.Spaces {
		out.Spaces = append(out.Spaces, spaceViewOf(site, space))
	}
	for _, device := range site.Tree.Devices {
		out.Devices = append(out.Devices, deviceViewOf(site, device))
	}
	return &body[treeView]{out}, nil
}

// spaceBody is a space as it is written.
type spaceBody struct {
	Parent *uuid.UUID    `json:"parent,omitempty" doc:"A space of the same site; absent at the top."`
	Name   locales.Texts `json:"name"`
}

type newSpace struct {
	ByID
	Body spaceBody
}

// PartRef names a space or device of a site.
type PartRef struct {
	ByID
	Part    string `path:"part" maxLength:"200"`
	IfMatch string `header:"If-Match" doc:"The revision that the change is based on. Missing: 428, old: 412."`
}

type spaceChange struct {
	PartRef
	Body spaceBody
}

func (b spaceBody) space(site catalogue.Site) (resources.Space, error) {
	parent, err := spaceOf(site, b.Parent, "parent")
	return resources.Space{Unit: site.Unit.ID, Parent: parent, Name: b.Name}, err
}

func spaceOf(site catalogue.Site, uid *uuid.UUID, field string) (*int, error) {
	if uid == nil {
		return nil, nil
	}
	return spaceID(site, uid.String(), field)
}

func addSpace(c *call, in *newSpace) (*body[spaceView], error) {
	site, err := c.site(in.ID)
	if err != nil {
		return nil, err
	}
	space, err := in.Body.space(site)
	if err == nil {
		space, err = c.server.Catalogue.AddSpace(c.ctx, c.actor, space)
	}
	return &body[spaceView]{spaceViewOf(site, space)}, err
}

// part finds what a write is about: its site, its uid, and the revision.
func (c *call) part(in PartRef) (catalogue.Site, uuid.UUID, int, error) {
	site, err := c.site(in.ID)
	if err != nil {
		return site, uuid.Nil, 0, err
	}
	uid, err := uuid.Parse(in.Part)
	known := slices.ContainsFunc(site.Tree.Spaces, func(s resources.Space) bool { return s.UID == uid }) ||
		slices.ContainsFunc(site.Tree.Devices, func(d resources.Device) bool { return d.UID == uid })
	if err != nil || !known {
		return site, uid, 0, fault.New(fault.NotFound, "space.not_found")
	}
	revision, err := revisionOf(in.IfMatch)
	return site, uid, revision, err
}

func saveSpace(c *call, in *spaceChange) (*body[spaceView], error) {
	site, uid, revision, err := c.part(in.PartRef)
	if err != nil {
		return nil, err
	}
	space, err := in.Body.space(site)
	if err == nil {
		space.UID, space.Revision = uid, revision
		space, err = c.server.Catalogue.SaveSpace(c.ctx, c.actor, space)
	}
	return &body[spaceView]{spaceViewOf(site, space)}, err
}

func removeSpace(c *call, in *PartRef) (*struct{}, error) {
	site, uid, revision, err := c.part(*in)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Catalogue.RemoveSpace(c.ctx, c.actor, resources.Space{Unit: site.Unit.ID, UID: uid, Revision: revision})
}

// deviceBody is a device as it is written.
type deviceBody struct {
	Space *uuid.UUID    `json:"space,omitempty" doc:"A space of the same site."`
	Name  locales.Texts `json:"name"`
	Count int           `json:"count" doc:"How many equal ones there are."`
}

type newDevice struct {
	ByID
	Body deviceBody
}

type deviceChange struct {
	PartRef
	Body deviceBody
}

func (b deviceBody) device(site catalogue.Site) (resources.Device, error) {
	space, err := spaceOf(site, b.Space, "space")
	return resources.Device{Unit: site.Unit.ID, Space: space, Name: b.Name, Count: b.Count}, err
}

func addDevice(c *call, in *newDevice) (*body[deviceView], error) {
	site, err := c.site(in.ID)
	if err != nil {
		return nil, err
	}
	device, err := in.Body.device(site)
	if err == nil {
		device, err = c.server.Catalogue.AddDevice(c.ctx, c.actor, device)
	}
	return &body[deviceView]{deviceViewOf(site, device)}, err
}

func saveDevice(c *call, in *deviceChange) (*body[deviceView], error) {
	site, uid, revision, err := c.part(in.PartRef)
	if err != nil {
		return nil, err
	}
	device, err := in.Body.device(site)
	if err == nil {
		device.UID, device.Revision = uid, revision
		device, err = c.server.Catalogue.SaveDevice(c.ctx, c.actor, device)
	}
	return &body[deviceView]{deviceViewOf(site, device)}, err
}

func removeDevice(c *call, in *PartRef) (*struct{}, error) {
	site, uid, revision, err := c.part(*in)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Catalogue.RemoveDevice(c.ctx, c.actor, resources.Device{Unit: site.Unit.ID, UID: uid, Revision: revision})
}
