package places

import (
	"context"
	"strings"

	"vuoro/fault"
)

// Formats of an export.
const (
	JSON = "json"
	CSV  = "csv"
)

// Choice is what to export: everything, or one unit by its slug with the rule
// books that it uses and the shared ones beneath them.
type Choice struct {
	Format string
	Unit   string
}

// Export writes the catalogue as a file that Import reads. The same catalogue
// gives the same bytes. An unknown unit is NotFound, unit.not_found.
func (s *Service) Export(ctx context.Context, choice Choice) ([]byte, error) {
	here, err := load(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	if choice.Unit != "" {
		if here = here.of(choice.Unit); len(here.units) == 0 {
			return nil, fault.New(fault.NotFound, "unit.not_found")
		}
	}
	things := s.written(here)
	if choice.Format == CSV {
		return writeCSV(flat(things))
	}
	return writeJSON(things), nil
}

// of is what belongs to one unit.
func (s *stock) of(slug string) *stock {
	own := &stock{spaces: s.spaces, devices: s.devices, hours: s.hours}
	used := map[string]bool{}
	for _, r := range s.resources {
		if r.unit == slug {
			own.resources = append(own.resources, r)
			used[r.RuleBook] = true
		}
	}
	for _, b := range s.books {
		if b.unit == slug || used[b.Key] {
			used[b.Base] = true // one step: a shared book stands on nothing
		}
	}
	for _, u := range s.units {
		if u.Slug == slug {
			own.units = append(own.units, u)
		}
	}
	for _, b := range s.books {
		if b.unit == slug || b.unit == "" && used[b.Key] {
			own.books = append(own.books, b)
		}
	}
	return own
}

// written puts everything where it belongs: what is in a unit below it, spaces
// below those they are in, hours below whose they are.
func (s *Service) written(here *stock) []written {
	var list []written
	for _, b := range standing(here.books, s.Now()) {
		list = append(list, s.one(RuleBookRow, b))
	}
	hoursOf, spacesOf, devicesOf, roomsOf := map[string][]written{}, map[string][]*space{}, map[string][]written{}, map[string][]written{}
	for _, h := range here.hours {
		whose := ownerOf(h.unit, h.resource)
		hoursOf[whose] = append(hoursOf[whose], s.one(HoursRow, h))
	}
	for _, sp := range here.spaces {
		spacesOf[sp.unit] = append(spacesOf[sp.unit], sp)
	}
	for _, d := range here.devices {
		devicesOf[d.unit] = append(devicesOf[d.unit], s.one(DeviceRow, d))
	}
	for _, r := range here.resources {
		room := s.one(ResourceRow, r)
		room.children = hoursOf[ownerOf("", r.Slug)]
		roomsOf[r.unit] = append(roomsOf[r.unit], room)
	}
	for _, u := range here.units {
		w := s.one(UnitRow, u)
		w.children = append(w.children, hoursOf[ownerOf(u.Slug, "")]...)
		w.children = append(w.children, s.tree(spacesOf[u.Slug], "")...)
		w.children = append(w.children, devicesOf[u.Slug]...)
		w.children = append(w.children, roomsOf[u.Slug]...)
		list = append(list, w)
	}
	return list
}

// ownerOf names a resource or else a unit.
func ownerOf(unit, resource string) string {
	if resource != "" {
		return "resource " + resource
	}
	return "unit " + unit
}

func (s *Service) tree(spaces []*space, parent string) []written {
	var list []written
	for _, sp := range spaces {
		if sp.parent == parent {
			w := s.one(SpaceRow, sp)
			w.children = s.tree(spaces, sp.key)
			list = append(list, w)
		}
	}
	return list
}

func (s *Service) one(kind string, t thing) written {
	w := written{kind: kind}
	for _, f := range t.fields(s.Zone) {
		if text := f.write(); strings.TrimSpace(text) != "" {
			w.values = append(w.values, value{f.column, f.shape, text})
		}
	}
	return w
}
