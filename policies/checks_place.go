package policies

import (
	"time"

	"vuoro/fault"
)

// adultAge is the age from which a person is adult; fixed by law.
const adultAge = 18

// VisibleAt tells whether residents see the place: published, and within its
// publish window.
func (p Place) VisibleAt(now time.Time) bool {
	return p.Published && inWindow(p.PublishFrom, p.PublishTo, now)
}

// inWindow tells whether now lies in [from, to), zero being no bound. A window
// that ends before it begins is a pause: open before its end and from its
// begin on. One that ends where it begins is never open.
func inWindow(from, to, now time.Time) bool {
	begun := from.IsZero() || !now.Before(from)
	running := to.IsZero() || now.Before(to)
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return begun || running
	}
	return begun && running
}

func checkPublished(q *inquiry) []Violation {
	if q.Place.VisibleAt(q.Now) {
		return nil
	}
	return q.violates(CodeNotOpen, nil, q.Now, nil)
}

func checkBookingWindow(q *inquiry) []Violation {
	from, to := q.Place.BookingFrom, q.Place.BookingTo
	if inWindow(from, to, q.Now) {
		return nil
	}
	if opensLater := q.Now.Before(from) && !from.Equal(to); opensLater {
		return q.violates(CodeWindowOpens, from, q.Now, fault.Params{"opens": from})
	}
	return q.violates(CodeWindow, to, q.Now, fault.Params{"ended": to})
}

// checkSeries asks whether residents and associations may make series here.
// How far one reaches is asked like any time that is too far ahead.
func checkSeries(q *inquiry) []Violation {
	if !q.Series || q.Place.SeriesDays != nil && *q.Place.SeriesDays > 0 {
		return nil
	}
	return q.violates(CodeNoSeries, nil, nil, nil)
}

func checkSeasonOnly(q *inquiry) []Violation {
	if !q.Place.SeasonOnly {
		return nil
	}
	return q.violates(CodeSeasonOnly, nil, nil, nil)
}

func checkAdult(q *inquiry) []Violation {
	if !q.Place.AdultOnly || (q.Who.Adult != nil && *q.Who.Adult) {
		return nil
	}
	return q.violates(CodeAdultsOnly, adultAge, nil, fault.Params{"age": adultAge})
}

func checkStrongSignIn(q *inquiry) []Violation {
	if !q.Place.StrongSignIn || q.Who.Strong {
		return nil
	}
	return q.violates(CodeStrongSignIn, nil, nil, nil)
}
