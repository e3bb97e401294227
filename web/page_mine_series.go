package web

import (
	"slices"

	"github.com/google/uuid"

	"vuoro/booking"
)

// foldSeries takes the dates of series out of a list and puts each series, with
// them folded, at its head.
func (v *visit) foldSeries(page *minePage, list *booking.List) error {
	var order []uuid.UUID
	dates := map[uuid.UUID][]booking.Card{}
	list.Cards = slices.DeleteFunc(list.Cards, func(card booking.Card) bool {
		if card.SeriesUID == nil {
			return false
		}
		if dates[*card.SeriesUID] == nil {
			order = append(order, *card.SeriesUID)
		}
		dates[*card.SeriesUID] = append(dates[*card.SeriesUID], card)
		return true
	})
	if len(order) == 0 {
		return nil
	}
	heads, err := v.server.Booking.SeriesByUID(v.ctx, order)
	if err != nil {
		return err
	}
	group := mineGroup{ID: "series", Title: v.t("series.mine")}
	for _, uid := range order {
		head := heads[uid]
		one := mineSeries{Href: v.path("my-series", head.Number), Title: head.Title, Words: v.ruleWords(head.Plan(), head.UnitCity)}
		if one.Title == "" {
			one.Title = v.named(head.ResourceName)
		} else {
			one.Words = v.named(head.ResourceName) + ". " + one.Words
		}
		if head.Next != nil {
			one.Note = v.t("series.coming", "n", head.Coming, "next", v.midday(*head.Next))
		}
		for _, card := range dates[uid] {
			one.Items = append(one.Items, v.bookingItem(card))
		}
		group.Series = append(group.Series, one)
	}
	page.Groups = append(page.Groups, group)
	return nil
}
