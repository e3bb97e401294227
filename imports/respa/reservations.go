package respa

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"vuoro/booking"
	"vuoro/policies"
)

// states are those of a Respa service, also of its later offshoots.
var states = map[string]booking.State{
	"":                         booking.Requested, // not said: somebody must look at it
	"confirmed":                booking.Confirmed,
	"requested":                booking.Requested,
	"cancelled":                booking.Cancelled,
	"denied":                   booking.Denied,
	"waiting_for_payment":      booking.AwaitingPayment,
	"ready_for_payment":        booking.AwaitingPayment,
	"waiting_for_cash_payment": booking.AwaitingPayment,
}

// types likewise. What staff made for a customer is on behalf of somebody.
var types = map[string]policies.Kind{
	"":             policies.Ordinary,
	"normal":       policies.Ordinary,
	"blocked":      policies.Closure,
	"internal_use": policies.Staff,
	"for_customer": policies.Behalf,
}

// foreign are the reservations that can be taken over, those that weigh more
// first and then in the order in which they were made there: of two that want
// the same time the first has it.
func (t *takeover) foreign(ctx context.Context) ([]booking.Foreign, error) {
	var rows []booking.Foreign
	unknown := map[string]*Unknown{}
	for i, b := range t.read.reservations {
		if i%10_000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t.report.Reservations.Read++
		row, reason := t.convert(b)
		key := t.known[refOf(b.Resource)]
		switch {
		case reason != "":
			t.report.Reservations.Unusable++
			t.report.Notes.add("reservation", reason, b.ID)
			continue
		case key == 0:
			t.report.Reservations.Unknown++
			u := unknown[b.Source+"/"+b.Resource]
			if u == nil {
				u = &Unknown{Resource: b.Resource, Source: b.Source}
				unknown[b.Source+"/"+b.Resource] = u
			}
			u.Reservations = append(u.Reservations, b.ID)
			continue
		}
		if b.State == "" {
			t.report.Notes.add("state", "it is not said: the reservation is a request that somebody must look at", b.ID)
		}
		row.Resource = key
		rows = append(rows, row)
	}
	for _, u := range unknown {
		t.report.Unknown = append(t.report.Unknown, *u)
	}
	slices.SortFunc(t.report.Unknown, func(a, b Unknown) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Resource, b.Resource))
	})
	slices.SortStableFunc(rows, firstCome)
	return rows, nil
}

// convert gives a row as a reservation of ours, or why it is none.
func (t *takeover) convert(b booked) (row booking.Foreign, reason string) {
	state, known := states[b.State]
	kind, sort := types[b.Type]
	switch {
	case b.State == "created":
		return row, "it was never finished there"
	case !known:
		return row, fmt.Sprintf("the state %q is not known", b.State)
	case !sort:
		return row, fmt.Sprintf("the type %q is not known", b.Type)
	case !b.Begin.Before(b.End):
		return row, "it ends before it begins"
	}
	if state == booking.Requested && !b.Begin.After(t.now) {
		state = booking.Expired // nobody has decided before it began
	}
	if kind == policies.Ordinary && b.Staff {
		kind = policies.Staff
	}
	return booking.Foreign{
		Source: b.Source, Ref: b.ID, Mark: b.mark(), BeginAt: b.Begin, EndAt: b.End, Kind: kind, State: state,
		Persons: b.Persons, PriceCents: b.Cents, MadeAt: b.Made,
	}, ""
}

// firstCome orders by how settled a reservation is and then by its number.
func firstCome(a, b booking.Foreign) int {
	return cmp.Or(cmp.Compare(heft(a), heft(b)), cmp.Compare(a.Source, b.Source), compareNumbers(a.Ref, b.Ref))
}

// heft is lighter for what is more settled.
func heft(f booking.Foreign) int {
	switch f.State {
	case booking.Confirmed:
		return 0
	case booking.AwaitingPayment:
		return 1
	}
	return 2
}

// compareNumbers compares ids by value where they are numbers.
func compareNumbers(a, b string) int {
	x, err1 := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err1 != nil || err2 != nil {
		return cmp.Compare(a, b)
	}
	return cmp.Compare(x, y)
}
