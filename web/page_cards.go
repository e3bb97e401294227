package web

import (
	"net/url"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/resources"
	"vuoro/web/ui"
)

// startsOnCard is how many free times a card offers.
const startsOnCard = 3

// roomCard is a room of a search with its next free times.
func (v *visit) roomCard(room booking.FreeRoom, query booking.Query) ui.RoomCard {
	r := room.Place.Resource
	name, lang := v.text(r.Name)
	days := query.Until.After(query.Date)
	card := ui.RoomCard{
		Href: v.pathWith("room", url.Values{"date": {searchedDate(query)}}, r.Slug), Name: name, Lang: lang,
		Unit: v.named(room.Place.Unit.Name), Facts: v.cardFacts(room), Tag: v.cardTag(room),
	}
	card.Picture, card.PictureAlt = v.cardPicture(room.Place)
	times := room.FreeStarts
	if !days {
		times = v.ofFirstDay(times)
	}
	for _, start := range spread(times, startsOnCard) {
		link := v.startLink(r.Slug, start, days)
		if query.Date.DaysUntil(query.Until) >= 7 { // a weekday alone could be any
			link.Label = v.shortWhen(start.Begin)
		}
		card.Starts = append(card.Starts, link)
	}
	switch {
	case len(times) > 0 && days:
		card.StartsHead = v.t("search.free_days")
	case len(times) > 0:
		card.StartsHead = v.t("search.free_on", "day", v.say.Relative(times[0].Begin, v.now))
	case !room.Next.Begin.IsZero():
		card.StartsHead = v.t("search.first_free")
		card.Starts = []ui.Link{{Href: v.chosenHref(r.Slug, room.Next), Label: v.shortWhen(room.Next.Begin)}}
	default:
		card.Note = v.t("search.never_free")
	}
	return card
}

// shortWhen is "ke 25.11. 10.00".
func (v *visit) shortWhen(t time.Time) string {
	return v.say.ShortDate(t) + v.atWords(t) + v.say.Time(t)
}

// searchedDate is the day that a room's page opens on; none for who only looks
// around, since the page then finds the first free day itself.
func searchedDate(query booking.Query) string {
	if query.Any || query.Until.After(query.Date) {
		return ""
	}
	return query.Date.String()
}

// spread picks the first time and later ones that do not overlap it, so that
// three chips are three different choices.
func spread(times []calendar.Interval, n int) []calendar.Interval {
	var picked []calendar.Interval
	for _, t := range times {
		if len(picked) == n {
			return picked
		}
		if len(picked) == 0 || !t.Begin.Before(picked[len(picked)-1].End) {
			picked = append(picked, t)
		}
	}
	return picked
}

// ofFirstDay are the times on the day of the first one.
func (v *visit) ofFirstDay(times []calendar.Interval) []calendar.Interval {
	for i, t := range times {
		if v.dateOf(t.Begin) != v.dateOf(times[0].Begin) {
			return times[:i]
		}
	}
	return times
}

// startLink leads to a room with a time chosen.
func (v *visit) startLink(slug string, asked calendar.Interval, withDay bool) ui.Link {
	label := v.say.Time(asked.Begin)
	if withDay {
		label = v.say.ShortWeekday(asked.Begin.In(v.server.Zone).Weekday()) + " " + label
	}
	return ui.Link{Href: v.chosenHref(slug, asked), Label: label}
}

// chosenHref is a room's page with a time chosen.
func (v *visit) chosenHref(slug string, asked calendar.Interval) string {
	minutes := calendar.WallMinutes(asked.Begin, asked.End, v.server.Zone)
	return v.pathWith("room", url.Values{
		"date": {v.dateOf(asked.Begin).String()}, "start": {v.clockValue(asked.Begin)}, "minutes": {strconv.Itoa(minutes)},
	}, slug) + "#" + pickerID
}

func (v *visit) cardFacts(room booking.FreeRoom) []ui.Fact {
	r := room.Place.Resource
	price := v.usualPrice(room.Place)
	if len(room.FreeStarts) > 0 && !room.Place.Book.ByTariff(room.Place.Policy()) {
		price = v.priceFor(room.Outlook, room.FreeStarts[0])
	}
	var facts []ui.Fact
	if crowd := v.people(r); crowd != "" {
		facts = append(facts, ui.Fact{Icon: "users", Label: v.t("room.people"), Value: crowd})
	}
	facts = append(facts, ui.Fact{Icon: "currency-euro", Label: v.t("room.price"), Value: price})
	if r.StepFree != nil && *r.StepFree {
		facts = append(facts, ui.Fact{Icon: "wheelchair", Label: v.t("room.access"), Value: v.t("search.stepfree")})
	}
	if room.Metres >= 0 {
		facts = append(facts, ui.Fact{Icon: "map-pin", Label: v.t("search.distance"), Value: v.say.Distance(room.Metres)})
	}
	return facts
}

// cardTag says how long a room is free from now on, or that the site decides.
func (v *visit) cardTag(room booking.FreeRoom) ui.StatusTag {
	switch {
	case room.FreeUntil.After(v.now):
		return ui.StatusTag{Kind: ui.KindFree, Label: v.t("search.free_now", "minutes", wholeMinutes(room.FreeUntil.Sub(v.now)))}
	case len(room.FreeStarts) > 0 && v.quoteOf(room.Outlook, room.FreeStarts[0]).Request:
		return ui.StatusTag{Kind: ui.KindRequested, Label: v.t("room.needs_approval")}
	}
	return ui.StatusTag{}
}

func wholeMinutes(d time.Duration) int { return int(d / time.Minute) }

// emptySearch says which filter takes most away and what there is without each,
// and the nearest days with room.
func (v *visit) emptySearch(s sought) *ui.Empty {
	empty := &ui.Empty{Drawing: ui.DrawLake, Title: v.t("search.nothing"), Text: v.t("search.nothing_text")}
	filters := v.filters(s.form, s.units)
	for _, relaxed := range s.found.Relax {
		part, on := without(relaxed.Without, filters)
		if !on || len(empty.Actions) == relaxOffered {
			continue
		}
		link := ui.Link{Href: v.pathWith("rooms", part.rest.values()), Label: v.t("search.relax", "filter", part.label, "n", relaxed.Rooms)}
		if len(empty.Actions) == 0 {
			empty.Text = v.t("search.without", "filter", part.label, "n", relaxed.Rooms)
			link.Label = v.t("search.show_rooms", "n", relaxed.Rooms)
		}
		empty.Actions = append(empty.Actions, link)
	}
	for _, day := range s.found.Days {
		to := s.form
		to.Now, to.Tonight, to.Weekend, to.Page, to.Until = false, false, false, 0, ""
		to.Date = day.Date.String()
		if s.form.Tonight {
			to.From, to.To = booking.TonightFrom.String(), booking.TonightTo.String()
		}
		empty.Actions = append(empty.Actions, ui.Link{
			Href:  v.pathWith("rooms", to.values()),
			Label: v.t("search.on_day", "day", capital(v.say.Relative(v.midday(day.Date), v.now)), "n", day.Rooms),
		})
	}
	if len(filters) > 0 {
		empty.Actions = append(empty.Actions, ui.Link{Href: v.path("rooms"), Label: v.t("search.clear")})
	}
	return empty
}

// relaxOffered is how many conditions an empty search offers to drop.
const relaxOffered = 3

// without is the search without all that is chosen of a trait.
func without(trait resources.Trait, filters []filter) (all filter, on bool) {
	for _, part := range filters {
		switch {
		case part.trait != trait:
		case !on:
			all, on = part, true
		case trait == resources.ByEquipment:
			all.label += ", " + part.label
			all.rest.Equipment = nil
		case trait == booking.ByHours:
			all.label += " " + part.label
			all.rest.From, all.rest.To = "", ""
		}
	}
	return all, on
}
