package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/booking"
)

// roomMap is the map view: a pin for each site whose place is known. The same
// rooms stand in the list below it.
type roomMap struct {
	Tiles string // address with {z}, {x} and {y}
	From  string // whose map it is
	Pins  []mapPin
}

// mapPin leads to the rooms of one site, or to its only room.
type mapPin struct {
	Href, Label string
	At          string // "60.17,24.94"
	Rooms       int
}

// searchMap puts the found rooms on a map and lets this page, and no other,
// load pictures from its server.
func (v *visit) searchMap(f searchForm, rooms []booking.FreeRoom) *roomMap {
	tiles, err := url.Parse(v.server.MapTileURL)
	if err != nil {
		return nil // New has refused it
	}
	m := &roomMap{Tiles: v.server.MapTileURL, From: tiles.Hostname()}
	at := map[int]int{}
	for _, room := range rooms {
		unit := room.Place.Unit
		point, known := unit.Point()
		if !known {
			continue
		}
		i, seen := at[unit.ID]
		if !seen {
			i = len(m.Pins)
			at[unit.ID] = i
			m.Pins = append(m.Pins, mapPin{
				Href: v.path("room", room.Place.Resource.Slug), Label: v.named(room.Place.Resource.Name) + ", " + v.named(unit.Name),
				At: degrees(point.Latitude) + "," + degrees(point.Longitude),
			})
		}
		pin := &m.Pins[i]
		if pin.Rooms++; pin.Rooms > 1 {
			there := f
			there.Unit, there.View, there.Page = unit.Slug, viewList, 0
			pin.Href = v.pathWith("rooms", there.values())
			pin.Label = v.named(unit.Name) + ", " + v.t("count.rooms", "n", pin.Rooms)
		}
	}
	policy := strings.Replace(contentPolicy, "img-src 'self' data:", "img-src 'self' data: "+tiles.Scheme+"://"+tiles.Host, 1)
	v.c.Set(fiber.HeaderContentSecurityPolicy, policy)
	return m
}

func degrees(angle float64) string { return strconv.FormatFloat(angle, 'f', 5, 64) }
