package main

import (
	"context"
	"fmt"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/web/static"
)

// goals are what is measured, by the numbers of the design.
func (c *city) goals(ctx context.Context) ([]goal, error) {
	day := calendar.DateOf(noon, c.zone).AddDays(1)
	public := fmt.Sprintf("/fi/tilat?view=timeline&unit=talo-1&date=%s", day)
	desk := fmt.Sprintf("/work/schedule?unit=talo-1&date=%s", day)
	weight, err := c.front.firstView(ctx, public)
	if err != nil {
		return nil, err
	}
	page := func(path string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.front.get(ctx, path)
			return err
		}
	}
	return []goal{
		{
			number: 7, what: fmt.Sprintf("day search over all %d rooms, in the server", c.rooms), most: 10 * time.Millisecond,
			probe:   func(ctx context.Context) error { return c.search(ctx, day) },
			against: "two round trips to the database", reference: c.roundTrips,
		},
		{
			number: 11, what: "day page of 20 rooms for visitors, whole request", most: 5 * time.Millisecond, probe: page(public),
			against: "a file of the same server", reference: page(static.Path("app.css")),
			note: fmt.Sprintf("first view over the wire %.1f KB of 100 KB.", float64(weight)/1024),
		},
		{
			number: 11, what: "day page of 20 rooms for staff, whole request", most: 5 * time.Millisecond, probe: page(desk),
			against: "a file of the same server", reference: page(static.Path("app.css")),
		},
	}, nil
}

// search is a visitor's search for a room for an evening hour of a day.
func (c *city) search(ctx context.Context, day calendar.Date) error {
	found, err := c.bookings.Search(ctx, accounts.Actor{}, booking.Query{Date: day, From: booking.TonightFrom, To: booking.TonightTo, Minutes: 60})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("no room is free on %s", day)
	}
	return err
}

func (c *city) roundTrips(ctx context.Context) error {
	for range 2 {
		var one int
		if err := c.db.Query(ctx, &one, "SELECT 1"); err != nil {
			return err
		}
	}
	return nil
}
