package catalogue

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// Hours are the hours that a unit or a resource has of its own.
type Hours struct {
	Unit     resources.Unit
	Resource *resources.Resource // nil = the unit's
	Periods  []resources.Period
	Version  int // changes with every save
}

// HoursChange replaces the hours of a unit or a resource. Version is what was
// read. Accepted is how many reservations the actor agreed to leave outside.
type HoursChange struct {
	Owner    resources.Owner
	Periods  []resources.Period
	Version  int
	Accepted int
}

// Outsider is a coming reservation that lies in today's hours but would not lie
// in the new ones.
type Outsider struct {
	Number   string
	Resource locales.Texts
	Begin    time.Time
	End      time.Time
}

// HoursOf reads hours for those who may change them.
func (s *Service) HoursOf(ctx context.Context, actor accounts.Actor, owner resources.Owner) (Hours, error) {
	hours, err := s.ownerOf(ctx, s.DB, owner)
	if err != nil {
		return Hours{}, err
	}
	if err := mayManage(actor, hours.Unit.ID); err != nil {
		return Hours{}, err
	}
	hours.Periods, err = s.Places.PeriodsOf(ctx, s.DB, owner)
	hours.Version = versionOf(hours.Periods)
	return hours, err
}

// SetHours replaces hours. When coming reservations would fall outside and the
// actor has not accepted exactly so many, it is a Conflict,
// hours.reservations_outside; Outside names them.
func (s *Service) SetHours(ctx context.Context, actor accounts.Actor, change HoursChange) error {
	owned, err := s.ownerOf(ctx, s.DB, change.Owner)
	if err != nil {
		return err
	}
	if err := mayManage(actor, owned.Unit.ID); err != nil {
		return err
	}
	return s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, owned.Unit.ID, true); err != nil {
			return edit{}, err
		}
		before, err := s.Places.PeriodsOf(ctx, tx, change.Owner)
		if err != nil {
			return edit{}, err
		}
		if versionOf(before) != change.Version {
			return edit{}, fault.New(fault.Stale, "stale")
		}
		outside, err := s.outside(ctx, tx, owned, change)
		if err != nil {
			return edit{}, err
		}
		if len(outside) != change.Accepted && len(outside) > 0 {
			return edit{}, fault.New(fault.Conflict, "hours.reservations_outside", fault.Params{"n": len(outside)})
		}
		err = s.Places.SetPeriods(ctx, tx, change.Owner, change.Periods)
		return edit{owned.Unit.ID, "hours.saved", owned.object(), factsOfHours(before), factsOfHours(change.Periods)}, err
	})
}

// Outside lists the coming reservations that a change would leave outside the
// hours, by begin.
func (s *Service) Outside(ctx context.Context, actor accounts.Actor, change HoursChange) ([]Outsider, error) {
	owned, err := s.ownerOf(ctx, s.DB, change.Owner)
	if err != nil {
		return nil, err
	}
	if err := mayManage(actor, owned.Unit.ID); err != nil {
		return nil, err
	}
	return s.outside(ctx, s.DB, owned, change)
}

func (s *Service) ownerOf(ctx context.Context, d *db.DB, owner resources.Owner) (hours Hours, err error) {
	if owner.Resource != 0 {
		place, err := s.Places.PlaceByID(ctx, d, owner.Resource)
		return Hours{Unit: place.Unit, Resource: &place.Resource}, err
	}
	hours.Unit, err = s.Places.UnitByID(ctx, d, owner.Unit)
	return hours, err
}

func (h Hours) object() string {
	if h.Resource != nil {
		return "resource:" + h.Resource.UID.String()
	}
	return "unit:" + h.Unit.UID.String()
}

// versionOf is the newest key; every save writes new rows.
func versionOf(periods []resources.Period) int {
	version := 0
	for _, p := range periods {
		version = max(version, p.ID)
	}
	return version
}

type bookedSpan struct {
	Number   string
	Resource int
	BeginAt  time.Time
	EndAt    time.Time
	CityUnit bool
}

func (s *Service) outside(ctx context.Context, d *db.DB, owned Hours, change HoursChange) ([]Outsider, error) {
	var rows []bookedSpan
	err := d.Query(ctx, &rows, `SELECT number, resource, begin_at, end_at, holder_kind = 'unit' AS city_unit FROM reservations
		WHERE unit = @unit AND (@resource = 0 OR resource = @resource ) AND end_at > @now AND kind <> 'closure'
		AND state IN ('requested', 'awaiting_payment', 'confirmed') ORDER BY begin_at, id`,
		map[string]any{"unit": owned.Unit.ID, "resource": change.Owner.Resource, "now": s.Now()})
	if err != nil {
		return nil, err
	}
	byResource, places := map[int][]bookedSpan{}, []int{}
	for _, row := range rows {
		if len(byResource[row.Resource]) == 0 {
			places = append(places, row.Resource)
		}
		byResource[row.Resource] = append(byResource[row.Resource], row)
	}
	var list []Outsider
	for _, id := range places {
		place, err := s.Places.PlaceByID(ctx, d, id)
		if err != nil {
			return nil, err
		}
		list = append(list, s.fallOut(place, change, byResource[id])...)
	}
	slices.SortStableFunc(list, func(a, b Outsider) int { return a.Begin.Compare(b.Begin) })
	return list, nil
}

// fallOut lists the rows, sorted by begin, that lie in a place's present hours
// but not in those of the change.
func (s *Service) fallOut(place resources.Place, change HoursChange, rows []bookedSpan) (list []Outsider) {
	from, to := calendar.DateOf(rows[0].BeginAt, s.Places.Zone), calendar.DateOf(rows[len(rows)-1].EndAt, s.Places.Zone)
	for _, row := range rows {
		if last := calendar.DateOf(row.EndAt, s.Places.Zone); last.After(to) {
			to = last
		}
	}
	changed := place
	changed.Periods = change.Over(place.Periods)
	now, then := place.Hours(from, to, s.Places.Zone), changed.Hours(from, to, s.Places.Zone)
	inside := func(hours []policies.Hours, row bookedSpan) bool {
		class := policies.Person
		if row.CityUnit {
			class = policies.CityUnit
		}
		asked := calendar.Interval{Begin: row.BeginAt, End: row.EndAt}
		return slices.ContainsFunc(policies.ReservableSpans(hours, class), func(span calendar.Interval) bool { return span.Contains(asked) })
	}
	for _, row := range rows {
		if inside(now, row) && !inside(then, row) {
			list = append(list, Outsider{row.Number, place.Resource.Name, row.BeginAt, row.EndAt})
		}
	}
	return list
}

// Over gives the periods of a place after the change: the others stay.
func (c HoursChange) Over(periods []resources.Period) []resources.Period {
	own := c.Owner.Resource != 0
	list := slices.DeleteFunc(slices.Clone(periods), func(p resources.Period) bool { return (p.Resource != nil) == own })
	for _, p := range c.Periods {
		p.Unit, p.Resource = nil, nil
		if own {
			p.Resource = &c.Owner.Resource
		} else {
			p.Unit = &c.Owner.Unit
		}
		list = append(list, p)
	}
	return list
}

// hoursFacts are what the audit trail keeps of hours.
type hoursFacts struct{ Hours []PeriodFacts }

// PeriodFacts is a period as the audit trail keeps it; dates are "2026-11-23",
// "" = open.
type PeriodFacts struct {
	Name     locales.Texts        `json:"name"`
	From     string               `json:"from,omitempty"`
	To       string               `json:"to,omitempty"`
	Override bool                 `json:"override,omitempty"`
	Spans    []resources.WeekSpan `json:"spans"`
}

func factsOfHours(periods []resources.Period) hoursFacts { return hoursFacts{FactsOf(periods)} }

// FactsOf are periods as the audit trail keeps them.
func FactsOf(periods []resources.Period) []PeriodFacts {
	facts := []PeriodFacts{}
	date := func(d *calendar.Date) string {
		if d == nil || d.IsZero() {
			return ""
		}
		return d.String()
	}
	for _, p := range periods {
		facts = append(facts, PeriodFacts{p.Name, date(p.ValidFrom), date(p.ValidTo), p.Override, p.Spans.V})
	}
	return facts
}

// OwnerBySlug finds whose hours are meant by the address of a unit or, when
// that is empty, of a resource. Rights are asked by those who use it.
func (s *Service) OwnerBySlug(ctx context.Context, unit, resource string) (resources.Owner, error) {
	if unit != "" {
		found, err := s.Places.UnitBySlug(ctx, s.DB, unit)
		return resources.Owner{Unit: found.ID}, err
	}
	place, _, err := s.Places.PlaceBySlug(ctx, s.DB, resource)
	return resources.Owner{Resource: place.Resource.ID}, err
}
