package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// text gives a text in the page's language; lang is set only where it had to be
// another language's, for the lang attribute.
func (v *visit) text(t locales.Texts) (text, lang string) {
	text, in := t.In(v.lang)
	if in == v.lang {
		return text, ""
	}
	return text, in
}

// named is text without the language, for sentences and links.
func (v *visit) named(t locales.Texts) string {
	text, _ := t.In(v.lang)
	return text
}

// listPrice is a place's own price: "16,00 € / tunti", "maksuton".
func (v *visit) listPrice(r resources.Resource) string {
	switch {
	case r.PriceCents == nil:
		return v.t("price.unknown")
	case *r.PriceCents == 0:
		return v.t("price.free")
	}
	unit := r.PriceUnit
	if unit == "" {
		unit = policies.PerHour
	}
	return v.t("price."+unit, "cents", *r.PriceCents)
}

// usualPrice is what a place costs before anybody has said what they want: its
// list price or, where the rule book has tariffs for it, the lowest of them that
// a resident may get, or that it depends on who books.
func (v *visit) usualPrice(place resources.Place) string {
	asked := place.Policy()
	if !place.Book.ByTariff(asked) {
		return v.listPrice(place.Resource)
	}
	rate, known := place.Book.From(asked)
	if !known {
		return v.t("price.depends")
	}
	price := v.t("price."+rate.Unit, "cents", rate.Cents)
	if rate.Only {
		return price
	}
	return v.t("price.from", "price", price)
}

// sum is what one booking costs: "24 €", "maksuton", or "" where it is agreed.
func (v *visit) sum(cents *int) string {
	switch {
	case cents == nil:
		return ""
	case *cents == 0:
		return v.t("price.free")
	}
	return v.say.Price(*cents)
}

// sumOrAgreed is sum with words for a price that is not known.
func (v *visit) sumOrAgreed(cents *int) string {
	if cents == nil {
		return v.t("price.unknown")
	}
	return v.sum(cents)
}

// crowd is how many people fit: "2–6", "30", or "".
func (v *visit) crowd(r resources.Resource) string {
	switch {
	case r.PersonsMax == nil:
		return ""
	case r.PersonsMin == nil || *r.PersonsMin <= 1 || *r.PersonsMin == *r.PersonsMax:
		return v.say.Number(int64(*r.PersonsMax))
	}
	return strconv.Itoa(*r.PersonsMin) + "–" + v.say.Number(int64(*r.PersonsMax))
}

// people is crowd with its word: "2–6 people", "1 person".
func (v *visit) people(r resources.Resource) string {
	crowd := v.crowd(r)
	switch crowd {
	case "":
		return ""
	case "1":
		return v.t("count.persons", "n", 1)
	}
	return v.t("room.crowd", "crowd", crowd)
}

func (v *visit) picture(slug string) string { return pathTo("room-picture", v.lang, slug) }

// capital makes the first letter a capital, for words at the head of a line.
func capital(text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return ""
	}
	return strings.ToUpper(string(runes[0])) + string(runes[1:])
}

// midday of a date stands for the whole date where a formatter wants an instant.
func (v *visit) midday(date calendar.Date) time.Time {
	return calendar.FirstFrom(date, 12*60, v.server.Zone)
}

func (v *visit) today() calendar.Date { return calendar.DateOf(v.now, v.server.Zone) }

func (v *visit) dateOf(t time.Time) calendar.Date { return calendar.DateOf(t, v.server.Zone) }

// clockValue is a time of day as addresses and forms carry it: "17:30".
func (v *visit) clockValue(t time.Time) string { return t.In(v.server.Zone).Format("15:04") }

// atWords is what stands between a date and a time of day: " klo ", ", ".
func (v *visit) atWords(t time.Time) string {
	return strings.TrimPrefix(strings.TrimSuffix(v.say.DateTime(t), v.say.Time(t)), v.say.Date(t))
}

// stateTag shows the state of a reservation.
func (v *visit) stateTag(r booking.Reservation) ui.StatusTag {
	label := v.t("state." + string(r.State))
	if r.NoShow {
		return ui.StatusTag{Kind: ui.KindExpired, Label: v.t("state.no_show")}
	}
	switch r.State {
	case booking.Confirmed:
		return ui.StatusTag{Kind: ui.KindConfirmed, Label: label}
	case booking.Requested, booking.AwaitingPayment:
		return ui.StatusTag{Kind: ui.KindRequested, Label: label}
	case booking.Held:
		return ui.StatusTag{Kind: ui.KindHeld, Label: label}
	case booking.Denied:
		return ui.StatusTag{Kind: ui.KindDenied, Label: label}
	case booking.Cancelled:
		return ui.StatusTag{Kind: ui.KindCancelled, Label: label}
	}
	return ui.StatusTag{Kind: ui.KindExpired, Label: label}
}

// dateBlock is the day of an instant as a sheet of a tear-off calendar.
func (v *visit) dateBlock(t time.Time) ui.DateBlock {
	local := t.In(v.server.Zone)
	return ui.DateBlock{
		Datetime: local.Format(time.DateOnly), Weekday: v.say.ShortWeekday(local.Weekday()),
		Day: strconv.Itoa(local.Day()), Month: v.say.ShortMonth(local.Month()),
	}
}

// vocabulary names the keys of a list that are known.
func (v *visit) vocabulary(words []resources.Word, keys []string) []string {
	var names []string
	for _, key := range keys {
		if name := v.named(resources.Name(words, key)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// choices are the words of a vocabulary as options, with an empty first one.
func (v *visit) choices(words []resources.Word, none, chosen string) []ui.Option {
	options := []ui.Option{{Label: none, Selected: chosen == ""}}
	for _, word := range words {
		options = append(options, ui.Option{Value: word.Key, Label: v.named(word.Name), Selected: word.Key == chosen})
	}
	return options
}

// weekdaySpan is "ma–pe" or "la".
func (v *visit) weekdaySpan(first, last calendar.Weekday) string {
	from := v.say.ShortWeekday(time.Weekday(int(first) % 7))
	if first == last {
		return from
	}
	return from + "–" + v.say.ShortWeekday(time.Weekday(int(last)%7))
}

// clockSpan is "8.00–21.00" of minutes since midnight; past midnight the end is
// that of the next day.
func (v *visit) clockSpan(from, to calendar.Minute) string {
	end := int(to)
	if end > calendarDay {
		end -= calendarDay
	}
	return v.say.Clock(int(from)) + "–" + v.say.Clock(end)
}

const calendarDay = 24 * 60

// pictureKinds are the drawings of ui.RoomPicture for the types of places.
var pictureKinds = map[string]string{
	"meeting_room": "meeting", "group_room": "group", "event_hall": "hall", "auditorium": "auditorium",
	"youth_room": "youth", "gym": "gym", "sports_court": "court", "outdoor_place": "outdoor",
	"kitchen": "kitchen", "workshop": "workshop", "sauna": "sauna", "equipment": "workshop",
}

// pictureKind is the drawing that suits a place: by its type, and rooms for
// music by their purpose.
func pictureKind(r resources.Resource) string {
	if r.Type != "event_hall" && r.Type != "auditorium" && slices.Contains(r.Purposes, "music") {
		return "music"
	}
	return pictureKinds[r.Type]
}
