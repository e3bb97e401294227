package web

import (
	"cmp"
	"slices"

	"vuoro/booking"
	"vuoro/resources"
	"vuoro/web/ui"
)

// tellPrice says what this visitor pays where that is not the list price.
func (v *visit) tellPrice(page *roomPage, o booking.Outlook) {
	first := slices.IndexFunc(o.Starts, func(s booking.Start) bool { return s.Free })
	if first < 0 || o.Place.Book.ByTariff(o.Place.Policy()) { // a tariff depends on what is still to be asked
		return
	}
	list, yours := v.listPrice(o.Place.Resource), v.priceFor(o, o.Starts[first].Interval)
	for i := range page.Facts {
		switch {
		case page.Facts[i].Label != v.t("room.price") || yours == list:
		case o.Place.Resource.PriceCents == nil:
			page.Facts[i].Value = yours
		default:
			page.Facts[i].Value = v.t("room.price_for_you", "yours", yours, "list", list)
		}
	}
}

// roomFacts are what a room's page says about it whatever is chosen.
func (v *visit) roomFacts(place resources.Place) roomPage {
	r := place.Resource
	name, lang := v.text(r.Name)
	page := roomPage{
		Name: name, NameLang: lang, Unit: v.named(place.Unit.Name), Picture: v.picture(r.Slug), Gallery: v.gallery(place),
		Facts: v.facts(place), Equipment: v.vocabulary(resources.Equipment, r.Equipment),
		Rules: v.ruleLines(place), Source: r.Source, Example: r.Example,
	}
	page.UnitLine = page.Unit
	if r.Floor != "" {
		page.UnitLine += ", " + v.t("room.floor", "floor", r.Floor)
	}
	page.Frame = v.frame(name, ui.Link{Href: v.path("rooms"), Label: v.t("nav.search")})
	page.Description, page.TextLang = v.text(r.Description)
	page.Frame.Description = page.Description
	page.Terms, page.TermsLang = v.text(r.Terms)
	if place.Book.Decision != "" {
		page.RulesSource = v.t("room.rules_source", "decision", place.Book.Decision)
	}
	return page
}

func (v *visit) facts(place resources.Place) []ui.Fact {
	r := place.Resource
	facts := []ui.Fact{{Icon: "building", Label: v.t("field.type"), Value: v.keyChip(resources.Types, r.Type)}}
	add := func(icon, key, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Icon: icon, Label: v.t(key), Value: value})
		}
	}
	add("users", "room.people", v.crowd(r))
	if r.AreaM2 != nil {
		decimals := 0
		if *r.AreaM2 != float64(int(*r.AreaM2)) {
			decimals = 1
		}
		add("ruler-2", "room.area", v.say.Decimal(*r.AreaM2, decimals)+" m²")
	}
	price := v.usualPrice(place)
	if note := v.named(r.PriceNote); note != "" {
		price += " (" + note + ")"
	}
	add("currency-euro", "room.price", price)
	add("wheelchair", "room.access", v.stepFreeWord(r.StepFree))
	if r.Access != "" {
		add("key", "room.way_in", v.keyChip(resources.AccessTypes, r.Access))
	}
	add("map-pin", "room.address", addressLine(place.Unit))
	add("phone", "field.phone", cmp.Or(r.ContactPhone, place.Unit.Phone))
	add("mail", "field.email", cmp.Or(r.ContactEmail, place.Unit.Email))
	return facts
}

// addressLine is "Töölönlahdenkatu 4, 00100 Helsinki".
func addressLine(u resources.Unit) string {
	line := u.Address
	if town := joinWords(" ", u.Postcode, u.City); town != "" {
		line = joinWords(", ", line, town)
	}
	return line
}

func joinWords(with string, parts ...string) string {
	out := ""
	for _, part := range parts {
		switch {
		case part == "":
		case out == "":
			out = part
		default:
			out += with + part
		}
	}
	return out
}

func (v *visit) stepFreeWord(known *bool) string {
	switch {
	case known == nil:
		return v.t("word.unknown")
	case *known:
		return v.t("room.step_free")
	}
	return v.t("room.steps")
}
