package web

import (
	"slices"

	"github.com/google/uuid"

	"vuoro/booking"
)

// foldSeries takes the dates of series out of a list; its first page begins with
// the series, each with those of its dates that were to be listed inside a fold.
func (v *visit) foldSeries(page *minePage, list *booking.List, holder booking.Holder) error {
	dates := map[uuid.UUID][]booking.Card{}
	list.Cards = slices.DeleteFunc(list.Cards, func(card booking.Card) bool {
		if card.SeriesUID != nil {
			dates[*card.SeriesUID] = append(dates[*card.SeriesUID], card)
		}
		return card.SeriesUID != nil
	})
	if v.query("after") != "" {
		return nil
	}
	heads, err := v.server.Booking.MySeries(v.ctx, v.actor, holder)
	if err != nil || len(heads) == 0 {
		return err
	}
	group := mineGroup{ID: "series", Title: v.t("series.mine")}
	for _, head := range heads {
		one := mineSeries{Href: v.path("my-series", head.Number), Title: head.Title, Words: v.ruleWords(head.Plan(), head.UnitCity)}
		if one.Title == "" {
			one.Title = v.named(head.ResourceName)
		} else {
			one.Words = v.named(head.ResourceName) + ". " + one.Words
		}
		if head.Next != nil {
			one.Note = v.t("series.coming", "n", head.Coming, "next", v.midday(*head.Next))
		}
		for _, card := range dates[head.UID] {
			one.Items = append(one.Items, v.bookingItem(card))
		}
		group.Series = append(group.Series, one)
	}
	page.Groups = append(page.Groups, group)
	return nil
}
