package places

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vuoro/resources"
)

// stock is all that is in the database, as things of a file.
type stock struct {
	books     []*book // live versions, the newest of each valid_from, by key and valid_from
	units     []*unit // these and the others by id, which is the order of entry
	spaces    []*space
	devices   []*device
	resources []*resource
	hours     []*hours
}

// stored are the rows of the database as they are.
type stored struct {
	books     []resources.RuleBook
	units     []resources.Unit
	spaces    []resources.Space
	devices   []resources.Device
	resources []resources.Resource
	parts     []resources.Part
	periods   []resources.Period
}

// stock names everything as a file does.
func (s stored) stock() *stock {
	all := &stock{}
	units, spaces, devices, rooms := map[int]string{}, map[int]string{}, map[int]string{}, map[int]*resource{}
	for _, u := range s.units {
		units[u.ID] = u.Slug
		all.units = append(all.units, &unit{u})
	}
	for _, b := range s.books {
		of := ""
		if b.Unit != nil {
			of = units[*b.Unit]
		}
		all.books = append(all.books, &book{b, of})
	}
	for _, sp := range s.spaces {
		spaces[sp.ID] = keyFor(sp.ExternalRef, sp.UID.String())
	}
	for _, sp := range s.spaces {
		all.spaces = append(all.spaces, &space{Space: sp, unit: units[sp.Unit], key: spaces[sp.ID], parent: nameOf(spaces, sp.Parent)})
	}
	for _, d := range s.devices {
		devices[d.ID] = keyFor(d.ExternalRef, d.UID.String())
		all.devices = append(all.devices, &device{Device: d, unit: units[d.Unit], key: devices[d.ID], space: nameOf(spaces, d.Space)})
	}
	for _, r := range s.resources {
		rooms[r.ID] = &resource{Resource: r, unit: units[r.Unit]}
		all.resources = append(all.resources, rooms[r.ID])
	}
	for _, p := range s.parts {
		if room := rooms[p.Resource]; room != nil {
			named := part{key: nameOf(spaces, p.Space) + nameOf(devices, p.Device), device: p.Device != nil, count: p.Count}
			room.parts = strings.TrimPrefix(room.parts+", "+named.String(), ", ")
		}
	}
	for _, p := range s.periods {
		h := &hours{Period: p}
		if p.Resource == nil {
			h.unit = nameOf(units, p.Unit)
		} else if room := rooms[*p.Resource]; room != nil {
			h.resource = room.Slug
		}
		all.hours = append(all.hours, h)
	}
	return all
}

func nameOf(names map[int]string, id *int) string {
	if id == nil {
		return ""
	}
	return names[*id]
}

const maxKey = 100

// keyFor is what a file calls a space or device: its key in the file that it
// came from, or its uid.
func keyFor(ref, uid string) string {
	if validKey(ref) {
		return ref
	}
	return uid
}

// validKey tells whether a key can stand in a list of parts.
func validKey(key string) bool {
	return key != "" && len(key) <= maxKey && !strings.HasPrefix(key, devicePrefix) &&
		!strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || strings.ContainsRune(",;*'\"", r) })
}

// standing drops the versions of rule books that a later one has replaced.
func standing(books []*book, now time.Time) []*book {
	var list []*book
	for i, b := range books {
		replaced := i+1 < len(books) && books[i+1].Key == b.Key && !books[i+1].ValidFrom.After(now)
		if !replaced {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b *book) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// inForce is the version of a book that holds now, or else the first that will.
func inForce(books []*book, key string, now time.Time) *book {
	var found *book
	for _, b := range books {
		if b.Key == key && (found == nil || !b.ValidFrom.After(now)) {
			found = b
		}
	}
	return found
}
