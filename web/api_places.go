package web

import (
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/resources"
)

func (s *Server) addPlaceOperations() {
	serve(s, operation{name: "list-units", method: http.MethodGet, path: "/units", who: anyone, tag: "Places", summary: "List the sites"}, listUnits)
	serve(s, operation{name: "read-unit", method: http.MethodGet, path: "/units/{id}", who: anyone, tag: "Places", summary: "Read a site", more: "id may also be the slug."}, readUnit)
	serve(s, operation{
		name: "list-resources", method: http.MethodGet, path: "/resources", who: anyone, tag: "Places", summary: "Search rooms and equipment",
		more: "With free_from and free_to only what can be booked then for exactly that time.",
	}, listResources)
	serve(s, operation{name: "read-resource", method: http.MethodGet, path: "/resources/{id}", who: anyone, tag: "Places", summary: "Read a room", more: "id may also be the slug."}, readResource)
}

// body is an answer whose body is one value.
type body[T any] struct{ Body T }

// page is a slice of a list.
type pageView[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}

type Paging struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type ByID struct {
	ID string `path:"id" maxLength:"200"`
}

func listUnits(c *call, in *Paging) (*body[pageView[unitView]], error) {
	units, err := c.server.Resources.Units(c.ctx, c.server.DB)
	if err != nil {
		return nil, err
	}
	page, next, err := slicePage(units, *in, func(u resources.Unit) uuid.UUID { return u.UID })
	if err != nil {
		return nil, err
	}
	out := pageView[unitView]{Items: []unitView{}, Next: next}
	for _, u := range page {
		out.Items = append(out.Items, unitViewOf(u))
	}
	return &body[pageView[unitView]]{out}, nil
}

// slicePage cuts a page out of a list that was read whole; catalogues are some
// hundred rows.
func slicePage[T any](all []T, in Paging, uid func(T) uuid.UUID) (page []T, next string, err error) {
	start := 0
	if in.Cursor != "" {
		raw, decodeErr := base64.RawURLEncoding.DecodeString(in.Cursor)
		after, parseErr := uuid.FromBytes(raw)
		at := slices.IndexFunc(all, func(item T) bool { return uid(item) == after })
		if decodeErr != nil || parseErr != nil || at < 0 {
			return nil, "", fault.InvalidField("cursor", "invalid_cursor")
		}
		start = at + 1
	}
	end := min(len(all), start+in.Limit)
	if end < len(all) {
		last := uid(all[end-1])
		next = base64.RawURLEncoding.EncodeToString(last[:])
	}
	return all[start:end], next, nil
}

func readUnit(c *call, in *ByID) (*body[unitView], error) {
	unit, err := c.unit(in.ID)
	if err != nil {
		return nil, err
	}
	return &body[unitView]{unitViewOf(unit)}, nil
}

// unit finds a unit by id or slug.
func (c *call) unit(ref string) (resources.Unit, error) {
	uid, err := uuid.Parse(ref)
	if err != nil {
		return c.server.Resources.UnitBySlug(c.ctx, c.server.DB, ref)
	}
	units, err := c.server.Resources.Units(c.ctx, c.server.DB)
	if err != nil {
		return resources.Unit{}, err
	}
	for _, u := range units {
		if u.UID == uid {
			return u, nil
		}
	}
	return resources.Unit{}, fault.New(fault.NotFound, "unit.not_found")
}

type resourceQuery struct {
	Paging
	PlaceFilter
	FreeFrom time.Time `query:"free_from"`
	FreeTo   time.Time `query:"free_to"`
}

func listResources(c *call, in *resourceQuery) (*body[pageView[resourceView]], error) {
	places, err := c.places(in)
	if err != nil {
		return nil, err
	}
	page, next, err := slicePage(places, in.Paging, func(p resources.Place) uuid.UUID { return p.Resource.UID })
	if err != nil {
		return nil, err
	}
	out := pageView[resourceView]{Items: []resourceView{}, Next: next}
	for _, p := range page {
		out.Items = append(out.Items, c.server.resourceViewOf(p))
	}
	return &body[pageView[resourceView]]{out}, nil
}

func readResource(c *call, in *ByID) (*body[resourceView], error) {
	place, err := c.place(in.ID)
	if err != nil {
		return nil, err
	}
	return &body[resourceView]{c.server.resourceViewOf(place)}, nil
}

// place finds a resource by id or slug that the actor may see.
func (c *call) place(ref string) (place resources.Place, err error) {
	if uid, parseErr := uuid.Parse(ref); parseErr == nil {
		place, err = c.server.Resources.Place(c.ctx, c.server.DB, uid)
	} else {
		place, _, err = c.server.Resources.PlaceBySlug(c.ctx, c.server.DB, ref)
	}
	if err == nil && !place.Visible(c.now) && !accounts.Can(c.actor, accounts.ViewUnitWork, accounts.Object{Unit: place.Unit.ID}) {
		err = fault.New(fault.NotFound, "resource.not_found")
	}
	return place, err
}
