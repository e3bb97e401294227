// Package reports reads what was booked: hours per resource and month, and
// later utilisation and demand. It promises elapsed hours, clipped to local
// periods, the same for page, CSV and JSON. It leaves out who held what.
package reports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/web/locales"
)

// Service answers questions about booked hours.
type Service struct {
	DB   *db.DB
	Zone *time.Location
}

// HoursQuestion asks for the local dates From to To, both inclusive. Unit 0 =
// all units that the actor may report on.
type HoursQuestion struct {
	From, To calendar.Date
	Unit     int
}

// maxYears bounds a period.
const maxYears = 10

// HoursRow is one resource in one month. All numbers are elapsed minutes
// without buffers. Closed are closures, Waiting requests, Missed no-shows;
// none of them is in Booked.
type HoursRow struct {
	ResourceUID  uuid.UUID
	ResourceSlug string
	Resource     locales.Texts
	UnitUID      uuid.UUID
	Unit         locales.Texts
	Month        string // "2026-11", local
	Booked       int
	Reservations int // that touch the month and are counted in Booked
	Closed       int
	Waiting      int
	Cancelled    int
	Missed       int
}

// Hours is the answer: a row for every resource and month with anything in it,
// by unit, resource and month.
type Hours struct {
	Question HoursQuestion
	Rows     []HoursRow
	Change   int64 // number of the change log that the answer is as of
}

// Booked is the sum of all rows, in minutes.
func (h Hours) Booked() int {
	sum := 0
	for _, row := range h.Rows {
		sum += row.Booked
	}
	return sum
}

// BookedHours counts hours per resource and month. An actor without reporting
// rights is refused; a unit's staff see their units.
func (s *Service) BookedHours(ctx context.Context, actor accounts.Actor, q HoursQuestion) (Hours, error) {
	if q.From.IsZero() || q.To.IsZero() || q.To.Before(q.From) || q.From.DaysUntil(q.To) > maxYears*366 {
		return Hours{}, fault.InvalidField("to", "report.bad_period", fault.Params{"years": maxYears})
	}
	units, all, err := scope(actor, q.Unit)
	if err != nil {
		return Hours{}, err
	}
	answer := Hours{Question: q}
	err = s.DB.Tx(ctx, func(tx *db.DB) error {
		// rows and change number are of one snapshot
		if _, err := tx.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"); err != nil {
			return err
		}
		if answer.Rows, err = bookedHours(ctx, tx, s.months(q), units, all); err != nil {
			return err
		}
		return tx.Query(ctx, &answer.Change, "SELECT COALESCE(max(number), 0) FROM change_log WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())")
	})
	return answer, err
}

// scope lists the units that an actor may report on.
func scope(actor accounts.Actor, unit int) (units db.Ints, all bool, err error) {
	for _, role := range actor.Roles {
		if role.Unit == nil {
			all = true
			continue
		}
		units = append(units, int64(*role.Unit))
	}
	if unit != 0 {
		if !accounts.Can(actor, accounts.ViewReports, accounts.Object{Unit: unit}) {
			return nil, false, fault.New(fault.Forbidden, "auth.forbidden")
		}
		return db.Ints{int64(unit)}, false, nil
	}
	if !all && len(units) == 0 || actor.Scopes != nil && !accounts.Can(actor, accounts.ViewReports, anyUnit(units)) {
		return nil, false, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return units, all, nil
}

func anyUnit(units db.Ints) accounts.Object {
	if len(units) == 0 {
		return accounts.Object{}
	}
	return accounts.Object{Unit: int(units[0])}
}

// month is one local month clipped to the asked dates.
type month struct {
	label string
	calendar.Interval
}

func (s *Service) months(q HoursQuestion) []month {
	var list []month
	end := calendar.DayBounds(q.To, s.Zone).End
	for first := q.From; !first.After(q.To); {
		next := calendar.Date{Year: first.Year, Month: first.Month + 1, Day: 1}
		if first.Month == 12 {
			next = calendar.Date{Year: first.Year + 1, Month: 1, Day: 1}
		}
		m := month{first.String()[:7], calendar.Interval{
			Begin: calendar.DayBounds(first, s.Zone).Begin, End: calendar.DayBounds(next, s.Zone).Begin,
		}}
		if m.End.After(end) {
			m.End = end
		}
		list = append(list, m)
		first = next
	}
	return list
}
