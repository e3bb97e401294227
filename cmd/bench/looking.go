package main

import (
	"context"
	"fmt"
	"net/http"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/web/static"
)

// looking are the goals of those who look for a room: 7 and 11.
func looking(ctx context.Context, place *place) ([]trial, func(), error) {
	c, err := buildCity(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	browser, err := dial(c.address)
	if err != nil {
		c.close()
		return nil, nil, err
	}
	day := calendar.DateOf(noon, c.zone).AddDays(1)
	visitors := fmt.Sprintf("/fi/tilat?view=timeline&unit=talo-1&date=%s", day)
	staff := fmt.Sprintf("/work/schedule?unit=talo-1&date=%s", day)
	weight, err := c.firstView(browser, visitors)
	if err != nil {
		return nil, nil, err
	}
	file := browser.fetching(static.Path("app.css"), "")
	day11 := func(who string, open func(context.Context) error) trial {
		return trial{
			name: "day page for " + who, round: timed(open, file),
			goals: []goal{{11, "day page of 20 rooms for " + who + ", whole request", duration, 0.005, false, "a file of the same server"}},
		}
	}
	pages := day11("visitors", browser.fetching(visitors, ""))
	pages.note = func() string {
		return fmt.Sprintf("11: the first view takes %.1f KB of 100 KB over the wire.", float64(weight)/1024)
	}
	return []trial{
		{
			name: "day search", round: timed(func(ctx context.Context) error { return c.search(ctx, day) }, c.roundTrips),
			goals: []goal{{7, fmt.Sprintf("day search over all %d rooms, in the server", c.rooms), duration, 0.010, false, "two round trips to the database"}},
			note: func() string {
				return fmt.Sprintf("7 and 11: %d rooms in %d units, %d reservations within two weeks around the day.", c.rooms, c.units, c.reservations)
			},
		},
		pages, day11("staff", browser.fetching(staff, c.cookie)),
	}, func() { browser.close(); c.close() }, nil
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

// fetching asks for one page again and again.
func (w *wire) fetching(path, cookie string) func(context.Context) error {
	request := page(path, cookie)
	return func(context.Context) error {
		_, err := w.fetch(path, request)
		return err
	}
}

func (w *wire) fetch(path string, request []byte) (int64, error) {
	status, length, err := w.ask(request)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answers %d", path, status)
	}
	return length, err
}

// firstView is what a browser loads for a page: itself, styles, behaviour, font.
func (c *city) firstView(w *wire, path string) (int64, error) {
	sum, err := w.fetch(path, page(path, ""))
	for _, name := range []string{"app.css", "app.js", "htmx.js", "source-sans-3.woff2"} {
		asset, _ := static.Named(name)
		if asset.Gzip != nil {
			sum += int64(len(asset.Gzip))
		} else {
			sum += int64(len(asset.Body))
		}
	}
	return sum, err
}
