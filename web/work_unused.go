package web

import (
	"github.com/google/uuid"

	"vuoro/fault"
	"vuoro/web/ui"
)

// unusedRoutes are what staff decide about turns that nobody uses.
func unusedRoutes() []route {
	return []route{
		{name: "unused-dismiss", method: post, at: one("/work/unused/:uid"), who: managers, handle: (*visit).dismissUnused},
	}
}

// unusedItem is a series whose last two turns nobody came to.
type unusedItem struct {
	Href   string // its page
	Title  string
	Place  string
	Missed string
	Coming string
	Post   string // "" = not for this visitor to decide
}

func (v *visit) unusedItems() ([]unusedItem, error) {
	list, err := v.server.Booking.UnusedSeries(v.ctx, v.actor)
	var items []unusedItem
	for _, s := range list {
		item := unusedItem{
			Href: v.path("work-series", s.Number), Title: joinWords(", ", s.Title, s.HolderName), Place: v.named(s.ResourceName) + ", " + v.named(s.UnitName),
			Missed: v.t("unused.missed", "before", s.Before, "last", s.Last), Coming: v.t("unused.coming", "n", s.Coming),
		}
		if v.mayHandle(s.Unit) {
			item.Post = v.path("unused-dismiss", s.UID.String())
		}
		items = append(items, item)
	}
	return items, err
}

// dismissUnused keeps a series as it is.
func (v *visit) dismissUnused() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return fault.New(fault.NotFound, "series.not_found")
	}
	if err := v.server.Booking.DismissUnused(v.ctx, v.actor, uid); err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "unused.dismissed", nil)
	return v.redirect(v.path("work"))
}
