package web

import (
	"net/url"
	"slices"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/ui"
)

// homePage is the data of templates/home.html.
type homePage struct {
	ui.Frame
	Fields  []ui.Field
	Quick   []quickButton
	Next    *ui.BookingItem
	Tiles   []ui.Tile
	Head    string // "Vapaana tänä iltana"
	Rooms   []ui.RoomCard
	AllHref string
	Empty   *ui.Empty
}

// quickButton sends the form with another time than the one that stands in it.
type quickButton struct{ Value, Label, Icon string }

// roomsAtHome is how many rooms the home page shows.
const roomsAtHome = 4

func (v *visit) showHome() error {
	page := homePage{Frame: v.frame("")}
	page.Description = v.t("home.lead")
	page.Fields = []ui.Field{
		{Name: "q", Label: v.t("search.what"), Type: "search", MaxLength: 1000},
		{Name: "date", Label: v.t("search.date"), Value: capital(v.say.Relative(v.now, v.now)), Autocomplete: "off"},
		{Name: "persons", Label: v.t("search.people"), InputMode: "numeric", Autocomplete: "off"},
	}
	page.Quick = []quickButton{
		{"now", v.t("home.now"), "bolt"}, {"tonight", v.t("home.tonight"), "moon"}, {"weekend", v.t("home.weekend"), "sun"},
	}
	rooms, evening, err := v.evening()
	if err != nil {
		return err
	}
	if len(rooms) == 0 {
		page.Empty = &ui.Empty{Drawing: ui.DrawPine, Title: v.t("home.no_rooms"), Text: v.t("home.no_rooms_text")}
	}
	page.Tiles = v.purposeTiles(rooms)
	v.fillEvening(&page, rooms, evening)
	if page.Next, err = v.nextBooking(); err != nil {
		return err
	}
	return v.render("home", page)
}

// evening is every room with its free times of this evening; when hardly
// anything is left of it, of tomorrow's.
func (v *visit) evening() ([]booking.FreeRoom, booking.Query, error) {
	query := booking.Query{
		Filter: resources.Filter{Lang: v.lang}, Date: v.today(), From: booking.TonightFrom, To: booking.TonightTo, Any: true,
	}
	rooms, err := v.server.Booking.Search(v.ctx, v.actor, query)
	if err != nil || countFree(rooms) >= min(roomsAtHome, len(rooms)) {
		return rooms, query, err
	}
	query.Date = query.Date.AddDays(1)
	rooms, err = v.server.Booking.Search(v.ctx, v.actor, query)
	return rooms, query, err
}

func countFree(rooms []booking.FreeRoom) int {
	n := 0
	for _, room := range rooms {
		if len(room.FreeStarts) > 0 {
			n++
		}
	}
	return n
}

// fillEvening shows a few rooms that are free, from different sites as far as
// there are, and rather those that can be had at once.
func (v *visit) fillEvening(page *homePage, rooms []booking.FreeRoom, query booking.Query) {
	page.Head, page.AllHref = v.t("home.free_tonight"), v.path("rooms")+"?tonight=1"
	if query.Date != v.today() {
		page.Head = v.t("home.free_tomorrow")
		page.AllHref = v.pathWith("rooms", url.Values{"date": {query.Date.String()}, "from": {"17:00"}, "to": {"22:00"}})
	}
	query.Any = false
	for _, room := range pick(v.atOnceFirst(rooms), roomsAtHome) {
		page.Rooms = append(page.Rooms, v.roomCard(room, query))
	}
}

func (v *visit) atOnceFirst(rooms []booking.FreeRoom) []booking.FreeRoom {
	var now, asked []booking.FreeRoom
	for _, room := range rooms {
		switch {
		case len(room.FreeStarts) == 0:
		case v.quoteOf(room.Outlook, room.FreeStarts[0]).Request:
			asked = append(asked, room)
		default:
			now = append(now, room)
		}
	}
	return append(now, asked...)
}

// pick takes n rooms, one of each site before the second of any.
func pick(rooms []booking.FreeRoom, n int) []booking.FreeRoom {
	var first, rest []booking.FreeRoom
	seen := map[int]bool{}
	for _, room := range rooms {
		if seen[room.Place.Unit.ID] {
			rest = append(rest, room)
			continue
		}
		seen[room.Place.Unit.ID] = true
		first = append(first, room)
	}
	all := append(first, rest...)
	return all[:min(n, len(all))]
}

// purposeScenes are the drawings that stand for purposes.
var purposeScenes = map[string]string{
	"meeting": "meeting", "study": "group", "club": "youth", "sports": "gym", "music": "music",
	"event": "hall", "party": "sauna", "cooking": "kitchen", "craft": "workshop",
}

// purposeTiles lead to the rooms of each purpose that has any.
func (v *visit) purposeTiles(rooms []booking.FreeRoom) []ui.Tile {
	var tiles []ui.Tile
	for _, purpose := range resources.Purposes {
		n := 0
		picture := ""
		for _, room := range rooms {
			if !slices.Contains(room.Place.Resource.Purposes, purpose.Key) {
				continue
			}
			n++
			if picture == "" || pictureKind(room.Place.Resource) == purposeScenes[purpose.Key] {
				picture = room.Place.Resource.Slug
			}
		}
		if n > 0 {
			tiles = append(tiles, ui.Tile{
				Href:  v.pathWith("rooms", url.Values{"purpose": {purpose.Key}}),
				Label: v.named(purpose.Name), Sub: v.t("count.rooms", "n", n), Picture: v.picture(picture),
			})
		}
	}
	return tiles[:min(8, len(tiles))]
}

// nextBooking is the visitor's next reservation or request.
func (v *visit) nextBooking() (*ui.BookingItem, error) {
	if !v.actor.SignedIn() {
		return nil, nil
	}
	list, err := v.server.Booking.Mine(v.ctx, v.actor, booking.MineFilter{
		From: v.now, States: []booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment}, Page: booking.Page{Limit: 1},
	})
	if err != nil || len(list.Cards) == 0 {
		return nil, err
	}
	item := v.bookingItem(list.Cards[0])
	return &item, nil
}

// bookingItem is a reservation in a list.
func (v *visit) bookingItem(card booking.Card) ui.BookingItem {
	item := ui.BookingItem{
		Href: v.path("reservation", card.Number), Date: v.dateBlock(card.BeginAt), Time: v.say.Hours(card.BeginAt, card.EndAt),
		Title: v.named(card.ResourceName), Place: v.named(card.UnitName), Tag: v.stateTag(card.Reservation), Number: card.Number,
	}
	switch {
	case card.AssociationName != "" && card.Title != "":
		item.Note = card.Title + " · " + card.AssociationName
	case card.AssociationName != "":
		item.Note = card.AssociationName
	default:
		item.Note = card.Title
	}
	return item
}

// weekEnd is the first instant of the next week.
func (v *visit) weekEnd() time.Time {
	today := v.today()
	return calendar.DayBounds(today.AddDays(7-int(today.Weekday())), v.server.Zone).End
}
