package catalogue

import (
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// Site is a unit with all that stands in it and all that is booked there, in
// every state. Lists are by id.
type Site struct {
	Unit      resources.Unit
	Tree      resources.Tree
	Resources []resources.Resource
	Parts     []resources.Part // of its resources
}

// Sites are the units that the actor looks after. Whoever looks after none is
// refused, but for a city's administrator, whose city may be empty.
func (s *Service) Sites(ctx context.Context, actor accounts.Actor) ([]Site, error) {
	units, err := s.Places.Units(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	units = slices.DeleteFunc(units, func(u resources.Unit) bool { return mayManage(actor, u.ID) != nil })
	if len(units) == 0 {
		return nil, mayManageCity(actor)
	}
	return s.fill(ctx, units)
}

// Site is one unit by its address.
func (s *Service) Site(ctx context.Context, actor accounts.Actor, slug string) (Site, error) {
	unit, err := s.Places.UnitBySlug(ctx, s.DB, slug)
	if err != nil {
		return Site{}, err
	}
	if err := mayManage(actor, unit.ID); err != nil {
		return Site{}, err
	}
	sites, err := s.fill(ctx, []resources.Unit{unit})
	if err != nil {
		return Site{}, err
	}
	return sites[0], nil
}

// fill reads what units have, by four queries however many they are.
func (s *Service) fill(ctx context.Context, units []resources.Unit) ([]Site, error) {
	sites, ids, at := make([]Site, len(units)), db.Ints{}, map[int]*Site{}
	for i, unit := range units {
		sites[i].Unit, ids, at[unit.ID] = unit, append(ids, int64(unit.ID)), &sites[i]
	}
	var spaces []resources.Space
	var devices []resources.Device
	var list []resources.Resource
	var parts []resources.Part
	for _, read := range []struct {
		rows any
		sql  string
	}{
		{&spaces, "SELECT * FROM spaces WHERE unit = ANY (CAST(? AS int[])) AND archived_at IS NULL ORDER BY id"},
		{&devices, "SELECT * FROM devices WHERE unit = ANY (CAST(? AS int[])) AND archived_at IS NULL ORDER BY id"},
		{&list, "SELECT * FROM resources WHERE unit = ANY (CAST(? AS int[])) ORDER BY id"},
		{&parts, "SELECT * FROM resource_parts WHERE unit = ANY (CAST(? AS int[])) ORDER BY id"},
	} {
		if err := s.DB.Query(ctx, read.rows, read.sql, ids); err != nil {
			return nil, err
		}
	}
	for _, row := range spaces {
		at[row.Unit].Tree.Spaces = append(at[row.Unit].Tree.Spaces, row)
	}
	for _, row := range devices {
		at[row.Unit].Tree.Devices = append(at[row.Unit].Tree.Devices, row)
	}
	for _, row := range list {
		at[row.Unit].Resources = append(at[row.Unit].Resources, row)
	}
	for _, row := range parts {
		at[row.Unit].Parts = append(at[row.Unit].Parts, row)
	}
	return sites, nil
}

// UsersOf are the resources that take a space or a device themselves.
func (s Site) UsersOf(use func(resources.Part) bool) []resources.Resource {
	var list []resources.Resource
	for _, r := range s.Resources {
		if slices.ContainsFunc(s.Parts, func(p resources.Part) bool { return p.Resource == r.ID && use(p) }) {
			list = append(list, r)
		}
	}
	return list
}

// Branch is a space with how deep it lies in the tree; 0 = at the top.
type Branch struct {
	resources.Space
	Depth int
}

// Branches are the spaces as people read a tree: each before those in it.
func (s Site) Branches() []Branch {
	children := map[int][]resources.Space{}
	for _, space := range s.Tree.Spaces {
		parent := 0
		if space.Parent != nil {
			parent = *space.Parent
		}
		children[parent] = append(children[parent], space)
	}
	var list []Branch
	var walk func(parent, depth int)
	walk = func(parent, depth int) {
		for _, space := range children[parent] {
			list = append(list, Branch{space, depth})
			walk(space.ID, depth+1)
		}
	}
	walk(0, 0)
	return list
}

func notThere() error { return fault.New(fault.NotFound, "space.not_found") }
