package web

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/web/ui"
)

// startsOnCard is how many free times a card offers.
const startsOnCard = 3

// roomCard is a room of a search with its next free times.
func (v *visit) roomCard(room foundRoom, queries []booking.Query, f searchForm) ui.RoomCard {
	r := room.Place.Resource
	name, lang := v.text(r.Name)
	card := ui.RoomCard{
		Href: v.pathWith("room", url.Values{"date": {searchedDate(f, queries)}}, r.Slug), Name: name, Lang: lang,
		Unit: v.named(room.Place.Unit.Name), Facts: v.cardFacts(room), Tag: v.cardTag(room),
	}
	card.Picture, card.PictureAlt = v.cardPicture(room.Place)
	times := room.Times
	if !f.Weekend {
		times = v.ofFirstDay(times)
	}
	for _, start := range spread(times, startsOnCard) {
		card.Starts = append(card.Starts, v.startLink(room.Place.Resource.Slug, start, f.Weekend && len(queries) > 1))
	}
	switch {
	case len(card.Starts) == 0:
		card.Note = v.t("search.none_that_day", "day", v.say.Relative(v.midday(queries[0].Date), v.now))
	case f.Weekend && len(queries) > 1:
		card.StartsHead = v.t("search.free_weekend")
	default:
		card.StartsHead = v.t("search.free_on", "day", v.say.Relative(room.Times[0].Begin, v.now))
	}
	return card
}

// searchedDate is the day that a room's page opens on; none for who only looks
// around, since the page then finds the first free day itself.
func searchedDate(f searchForm, queries []booking.Query) string {
	if !f.asksTime() || len(queries) != 1 {
		return ""
	}
	return queries[0].Date.String()
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

func (v *visit) cardFacts(room foundRoom) []ui.Fact {
	r := room.Place.Resource
	price := v.listPrice(r)
	if len(room.Times) > 0 {
		price = v.priceFor(room.Outlook, room.Times[0])
	}
	var facts []ui.Fact
	if crowd := v.people(r); crowd != "" {
		facts = append(facts, ui.Fact{Icon: "users", Label: v.t("room.people"), Value: crowd})
	}
	facts = append(facts, ui.Fact{Icon: "currency-euro", Label: v.t("room.price"), Value: price})
	if r.StepFree != nil && *r.StepFree {
		facts = append(facts, ui.Fact{Icon: "wheelchair", Label: v.t("room.access"), Value: v.t("search.stepfree")})
	}
	return facts
}

// cardTag says how long a room is free from now on, or that the site decides.
func (v *visit) cardTag(room foundRoom) ui.StatusTag {
	switch {
	case room.FreeUntil.After(v.now):
		return ui.StatusTag{Kind: ui.KindFree, Label: v.t("search.free_now", "minutes", wholeMinutes(room.FreeUntil.Sub(v.now)))}
	case len(room.Times) > 0 && v.quoteOf(room.Outlook, room.Times[0]).Request:
		return ui.StatusTag{Kind: ui.KindRequested, Label: v.t("room.needs_approval")}
	}
	return ui.StatusTag{}
}

func wholeMinutes(d time.Duration) int { return int(d / time.Minute) }

// emptySearch says which filter takes most away, what there is without it, and
// the nearest days with room.
func (v *visit) emptySearch(f searchForm, queries []booking.Query) (*ui.Empty, error) {
	empty := &ui.Empty{Drawing: ui.DrawLake, Title: v.t("search.nothing"), Text: v.t("search.nothing_text")}
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	if err != nil {
		return nil, err
	}
	best, link := 0, ui.Link{}
	for _, part := range v.filters(f, units) {
		others, bad := v.searchQueries(part.rest)
		if len(bad) > 0 {
			continue
		}
		found, err := v.search(others)
		if err != nil {
			continue // the filter itself is refused; its sentence is at the field
		}
		if len(found) > best {
			best = len(found)
			empty.Text = v.t("search.without", "filter", part.label, "n", best)
			link = ui.Link{Href: v.pathWith("rooms", part.rest.values()), Label: v.t("search.show_rooms", "n", best)}
		}
	}
	if best > 0 {
		empty.Actions = append(empty.Actions, link)
	}
	if err := v.nearestDays(empty, f, queries); err != nil {
		return nil, err
	}
	if len(v.filters(f, units)) > 0 {
		empty.Actions = append(empty.Actions, ui.Link{Href: v.path("rooms"), Label: v.t("search.clear")})
	}
	return empty, nil
}

// How far the nearest days with room are looked for, and how many are offered.
const (
	nearDays    = 10
	nearOffered = 3
)

func (v *visit) nearestDays(empty *ui.Empty, f searchForm, queries []booking.Query) error {
	if !f.asksTime() {
		return nil
	}
	query := queries[0]
	query.FreeNow, query.Any = false, false
	for range nearDays {
		query.Date = query.Date.AddDays(1)
		found, err := v.search([]booking.Query{query})
		if err != nil {
			return fmt.Errorf("nearest days: %w", err)
		}
		if len(found) == 0 {
			continue
		}
		to := f
		to.Now, to.Tonight, to.Weekend, to.Page = false, false, false, 0
		to.Date = query.Date.String()
		if f.Tonight {
			to.From, to.To = booking.TonightFrom.String(), booking.TonightTo.String()
		}
		empty.Actions = append(empty.Actions, ui.Link{
			Href:  v.pathWith("rooms", to.values()),
			Label: v.t("search.on_day", "day", capital(v.say.Relative(v.midday(query.Date), v.now)), "n", len(found)),
		})
		if len(empty.Actions) > nearOffered {
			return nil
		}
	}
	return nil
}
