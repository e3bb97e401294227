package main

import (
	"context"
	"fmt"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// Of goal 5: how many dates a series has, and how many series and single
// bookings a round makes.
const (
	seriesDates     = 40
	seriesPerRound  = 5
	singlesPerRound = 20
)

// seriesFrom is the Monday on which every series begins; single bookings beside
// them are on Tuesdays.
var seriesFrom = calendar.Date{Year: 2027, Month: time.April, Day: 5}

// series is goal 5: what a series costs in single bookings, both asked of the
// engine itself.
func (a *arena) series(ctx context.Context) (trial, error) {
	t := trial{
		name:  "series",
		goals: []goal{{5, fmt.Sprintf("a series of %d ÷ one booking", seriesDates), ratio, 7, false, "one booking"}},
	}
	actor, err := a.accounts.AuthenticateToken(ctx, a.people[0].token, "")
	if err != nil {
		return t, err
	}
	many, one := 0, 0
	t.round = func(ctx context.Context) ([]reading, error) {
		var series, single []float64
		for range seriesPerRound {
			took, err := timeOf(func() error { return a.bookSeries(ctx, actor, many) })
			if err != nil {
				return nil, err
			}
			series, many = append(series, took), many+1
			for range singlesPerRound / seriesPerRound {
				took, err := timeOf(func() error { return a.bookSingle(ctx, actor, one) })
				if err != nil {
					return nil, err
				}
				single, one = append(single, took), one+1
			}
		}
		return []reading{{median(series), median(single)}}, nil
	}
	return t, nil
}

func timeOf(do func() error) (float64, error) {
	begun := time.Now()
	err := do()
	return time.Since(begun).Seconds(), err
}

// wished is the room and the hours of the n-th series or booking; the first two
// rooms are others'.
func (a *arena) wished(n int) (booked, calendar.Span) {
	const free = allRooms - 2
	from := calendar.Minute((8 + n/free%12) * 60)
	return a.rooms[2+n%free], calendar.Span{From: from, To: from + 60}
}

var kerho = policies.Form{Title: "Kerhoilta", Purpose: "club", TermsAccepted: true}

func (a *arena) bookSeries(ctx context.Context, actor accounts.Actor, n int) error {
	room, span := a.wished(n)
	made, err := a.bookings.BookSeries(ctx, actor, booking.SeriesRequest{
		Resource: room.uid(), Form: kerho,
		Plan: booking.Plan{First: seriesFrom, Span: span, Rule: fmt.Sprintf("FREQ=WEEKLY;COUNT=%d", seriesDates)},
	})
	if err == nil && len(made.Dates) != seriesDates {
		err = fmt.Errorf("a series has %d dates", len(made.Dates))
	}
	return err
}

func (a *arena) bookSingle(ctx context.Context, actor accounts.Actor, n int) error {
	room, span := a.wished(n)
	during := span.On(seriesFrom.AddDays(1), a.zone)
	_, err := a.bookings.Book(ctx, actor, booking.Request{
		Resource: room.uid(), Form: kerho, Times: booking.Times{Begin: during.Begin, End: during.End},
	})
	return err
}
