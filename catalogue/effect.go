package catalogue

import (
	"context"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// Outsider is a coming reservation that lies in today's hours but would not lie
// in the new ones.
type Outsider struct {
	Number   string
	Series   string // number of its series, "" = of none
	Resource locales.Texts
	Holder   string // name, "" = nobody's or unknown
	Begin    time.Time
	End      time.Time
	Outside  calendar.Interval // the first part of it that lies outside
	Minutes  int               // nominal, of all such parts

	booked bookedSpan
}

// Fallen is what a change leaves outside, summed up for one holder, and of a
// holder's series for each of them.
type Fallen struct {
	Holder  string
	Series  string // "" = single reservations
	Count   int
	Minutes int
}

// SumOutside sums up by holder and series, those with the most first.
func SumOutside(list []Outsider) []Fallen {
	var sums []Fallen
	at := map[[2]string]int{}
	for _, o := range list {
		key := [2]string{o.booked.HolderKey, o.Series}
		i, known := at[key]
		if !known {
			i = len(sums)
			at[key], sums = i, append(sums, Fallen{Holder: o.Holder, Series: o.Series})
		}
		sums[i].Count++
		sums[i].Minutes += o.Minutes
	}
	slices.SortStableFunc(sums, func(a, b Fallen) int { return b.Count - a.Count })
	return sums
}

// effect is what a change of hours does to coming reservations.
type effect struct {
	fallen []Outsider // inside now, outside then; by begin
	worse  []Outsider // outside since an earlier change, undecided, and still
	back   db.Ints    // rows of affected_reservations whose reservations lie inside again
}

// bookedSpan is a coming reservation. Open is the row by which it waits for a
// decision since an earlier change, 0 = none.
type bookedSpan struct {
	ID        int64
	Number    string
	Series    string
	Resource  int
	Unit      int
	BeginAt   time.Time
	EndAt     time.Time
	CityUnit  bool
	Holder    string
	HolderKey string
	Open      int64
}

const bookedSQL = `SELECT r.id, r.number, COALESCE(q.number, '') AS series, r.resource, r.unit, r.begin_at, r.end_at, r.holder_kind = 'unit' AS city_unit,
		COALESCE(a.name, NULLIF(h.name, ''), h.email, CASE WHEN r.holder_kind = 'unit' THEN u.name->>'fi' END, '') AS holder, concat_ws('-', r.holder_kind, r.holder_person, r.holder_association) AS holder_key,
		COALESCE(f.id, 0) AS open
	FROM reservations r JOIN units u ON u.id = r.unit LEFT JOIN series q ON q.id = r.series LEFT JOIN people h ON h.id = r.holder_person
	LEFT JOIN associations a ON a.id = r.holder_association
	LEFT JOIN affected_reservations f ON f.reservation = r.id AND f.state = 'open' AND f.cause = 'hours'
	WHERE r.unit = @unit AND (@resource = 0 OR r.resource = @resource ) AND r.end_at > @now AND r.kind <> 'closure'
	AND r.state IN ('requested', 'awaiting_payment', 'confirmed') AND NOT r.no_show ORDER BY r.begin_at, r.id`

// effect takes one statement and one for each resource that has reservations,
// however many there are.
func (s *Service) effect(ctx context.Context, d *db.DB, unit int, change HoursChange) (effect, error) {
	var rows []bookedSpan
	err := d.Query(ctx, &rows, bookedSQL, map[string]any{"unit": unit, "resource": change.Owner.Resource, "now": s.Now()})
	if err != nil || len(rows) == 0 {
		return effect{}, err
	}
	byResource, ids := map[int][]bookedSpan{}, []int{}
	for _, row := range rows {
		if len(byResource[row.Resource]) == 0 {
			ids = append(ids, row.Resource)
		}
		byResource[row.Resource] = append(byResource[row.Resource], row)
	}
	found := effect{}
	look := comparison{service: s, change: change, from: calendar.DateOf(rows[0].BeginAt, s.Places.Zone)}
	for _, row := range rows {
		if last := calendar.DateOf(row.EndAt, s.Places.Zone); last.After(look.to) {
			look.to = last
		}
	}
	for _, id := range ids {
		place, err := s.Places.PlaceByID(ctx, d, id)
		if err != nil {
			return effect{}, err
		}
		look.compare(place, byResource[id], &found)
	}
	slices.SortStableFunc(found.fallen, func(a, b Outsider) int { return a.Begin.Compare(b.Begin) })
	return found, nil
}

// comparison looks at the hours before and after a change over some dates.
type comparison struct {
	service  *Service
	change   HoursChange
	from, to calendar.Date
	shared   *hoursPair // of the resources that have no hours of their own
}

// hoursPair is what may be used before and after, by whether the city itself
// uses it.
type hoursPair struct{ now, then map[bool][]calendar.Interval }

func (c *comparison) compare(place resources.Place, rows []bookedSpan, found *effect) {
	hours := c.pairOf(place)
	for _, row := range rows {
		asked := calendar.Interval{Begin: row.BeginAt, End: row.EndAt}
		parts := outsideOf(hours.then[row.CityUnit], asked)
		if len(parts) == 0 {
			if row.Open != 0 {
				found.back = append(found.back, row.Open)
			}
			continue
		}
		o := Outsider{
			Number: row.Number, Series: row.Series, Resource: place.Resource.Name, Holder: row.Holder, Begin: row.BeginAt, End: row.EndAt,
			Outside: parts[0], booked: row,
		}
		for _, part := range parts {
			o.Minutes += calendar.WallMinutes(part.Begin, part.End, c.service.Places.Zone)
		}
		o.Minutes = max(o.Minutes, 0)
		switch {
		case row.Open != 0:
			found.worse = append(found.worse, o)
		case len(outsideOf(hours.now[row.CityUnit], asked)) == 0:
			found.fallen = append(found.fallen, o)
		}
	}
}

func (c *comparison) pairOf(place resources.Place) hoursPair {
	own := c.change.Owner.Resource != 0 || slices.ContainsFunc(place.Periods, func(p resources.Period) bool { return p.Resource != nil })
	if !own && c.shared != nil {
		return *c.shared
	}
	changed := place
	changed.Periods = c.change.Over(place.Periods)
	if c.change.Holidays != "" {
		changed.Unit.Holidays = c.change.Holidays
	}
	zone := c.service.Places.Zone
	pair := hoursPair{map[bool][]calendar.Interval{}, map[bool][]calendar.Interval{}}
	now, then := place.Hours(c.from, c.to, zone), changed.Hours(c.from, c.to, zone)
	for city, class := range map[bool]policies.Class{false: policies.Person, true: policies.CityUnit} {
		pair.now[city], pair.then[city] = policies.ReservableSpans(now, class), policies.ReservableSpans(then, class)
	}
	if !own {
		c.shared = &pair
	}
	return pair
}

// outsideOf are the parts of a time that lie in none of the spans, which are
// sorted and disjoint.
func outsideOf(spans []calendar.Interval, asked calendar.Interval) []calendar.Interval {
	first := sort.Search(len(spans), func(i int) bool { return spans[i].End.After(asked.Begin) })
	last := first
	for last < len(spans) && spans[last].Begin.Before(asked.End) {
		last++
	}
	return calendar.Subtract([]calendar.Interval{asked}, spans[first:last])
}

type affectedRow struct {
	UID         uuid.UUID `json:"uid"`
	Unit        int       `json:"unit"`
	Reservation int64     `json:"reservation"`
	BeginAt     time.Time `json:"begin_at"`
	EndAt       time.Time `json:"end_at"`
	Minutes     int       `json:"minutes"`
}

// keepEffect writes what waits for a decision from now on. What has waited since
// an earlier change goes on as one row; what lies inside again waits no more.
func (s *Service) keepEffect(ctx context.Context, tx *db.DB, actor accounts.Actor, found effect) error {
	if len(found.back) > 0 {
		_, err := tx.Exec(ctx, `UPDATE affected_reservations SET state = 'gone', decided_at = @now, decided_by = NULLIF(CAST(@actor AS bigint), 0)
			WHERE id = ANY(CAST(@ids AS bigint[])) AND state = 'open'`, map[string]any{"now": s.Now(), "actor": actor.ID(), "ids": found.back})
		if err != nil {
			return err
		}
	}
	var rows []affectedRow
	for _, o := range slices.Concat(found.fallen, found.worse) {
		uid, err := uuid.NewV7()
		if err != nil {
			return err
		}
		rows = append(rows, affectedRow{uid, o.booked.Unit, o.booked.ID, o.Outside.Begin, o.Outside.End, o.Minutes})
	}
	return s.keepAffected(ctx, tx, "hours", rows)
}

// keepAffected writes rows of one change, whose cause is hours or rules.
func (s *Service) keepAffected(ctx context.Context, tx *db.DB, cause string, rows []affectedRow) error {
	if len(rows) == 0 {
		return nil
	}
	change, err := uuid.NewV7()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO affected_reservations (uid, change, cause, unit, reservation, begin_at, end_at, minutes, found_at)
		SELECT uid, CAST(@change AS uuid), CAST(@cause AS text), unit, reservation, begin_at, end_at, minutes, @now
		FROM jsonb_to_recordset(CAST(@rows AS jsonb)) AS t(uid uuid, unit int, reservation bigint, begin_at timestamptz, end_at timestamptz, minutes int)
		ON CONFLICT (reservation) WHERE state = 'open' DO UPDATE
		SET change = excluded.change, cause = excluded.cause, begin_at = excluded.begin_at, end_at = excluded.end_at,
		    minutes = excluded.minutes, found_at = excluded.found_at
		WHERE (affected_reservations.cause, affected_reservations.begin_at, affected_reservations.end_at, affected_reservations.minutes)
		    <> (excluded.cause, excluded.begin_at, excluded.end_at, excluded.minutes)`,
		map[string]any{"change": change, "cause": cause, "now": s.Now(), "rows": db.AsJSON(rows)})
	return err
}
