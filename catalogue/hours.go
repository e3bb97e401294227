package catalogue

import (
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
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
// Holidays is what a unit does on public holidays from now on, "" = as before.
type HoursChange struct {
	Owner    resources.Owner
	Periods  []resources.Period
	Version  int
	Accepted int
	Holidays string
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
// hours.reservations_outside; Outside names them. Those that were accepted stay
// valid and wait for a decision of staff.
func (s *Service) SetHours(ctx context.Context, actor accounts.Actor, change HoursChange) error {
	return s.SetAllHours(ctx, actor, []HoursChange{change})
}

// SetAllHours is SetHours for several owners: all or none. Each owner has its
// entry in the audit trail.
func (s *Service) SetAllHours(ctx context.Context, actor accounts.Actor, changes []HoursChange) error {
	owned := make([]Hours, len(changes))
	var units []int
	for i, change := range changes {
		var err error
		if owned[i], err = s.ownerOf(ctx, s.DB, change.Owner); err != nil {
			return err
		}
		if err := mayManage(actor, owned[i].Unit.ID); err != nil {
			return err
		}
		units = append(units, owned[i].Unit.ID)
	}
	slices.Sort(units)
	return s.doAll(ctx, actor, func(tx *db.DB) ([]edit, error) {
		for _, unit := range slices.Compact(units) {
			if err := tx.LockUnit(ctx, unit, true); err != nil {
				return nil, err
			}
		}
		var edits []edit
		for i, change := range changes {
			e, err := s.setHours(ctx, tx, actor, owned[i], change)
			if err != nil {
				return nil, err
			}
			edits = append(edits, e)
		}
		return edits, nil
	})
}

// setHours is one change, in a unit that is locked.
func (s *Service) setHours(ctx context.Context, tx *db.DB, actor accounts.Actor, owned Hours, change HoursChange) (edit, error) {
	before, err := s.Places.PeriodsOf(ctx, tx, change.Owner)
	if err != nil {
		return edit{}, err
	}
	if versionOf(before) != change.Version {
		return edit{}, fault.New(fault.Stale, "stale")
	}
	effect, err := s.effect(ctx, tx, owned.Unit.ID, change)
	if err != nil {
		return edit{}, err
	}
	n := len(effect.fallen)
	if n != change.Accepted && n > 0 {
		return edit{}, fault.New(fault.Conflict, "hours.reservations_outside", fault.Params{"n": n})
	}
	if err := s.Places.SetPeriods(ctx, tx, change.Owner, change.Periods); err != nil {
		return edit{}, err
	}
	was, is := hoursFacts{Hours: FactsOf(before)}, hoursFacts{Hours: FactsOf(change.Periods), Outside: n}
	if change.Holidays != "" && change.Owner.Resource == 0 {
		unit, err := s.Places.UnitByID(ctx, tx, owned.Unit.ID)
		if err != nil {
			return edit{}, err
		}
		was.Holidays, is.Holidays = unit.Holidays, change.Holidays
		if unit.Holidays = change.Holidays; was.Holidays != is.Holidays {
			if _, err := s.Places.UpdateUnit(ctx, tx, unit); err != nil {
				return edit{}, err
			}
		}
	}
	return edit{owned.Unit.ID, "hours.saved", owned.object(), was, is}, s.keepEffect(ctx, tx, actor, effect)
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
	effect, err := s.effect(ctx, s.DB, owned.Unit.ID, change)
	return effect.fallen, err
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
type hoursFacts struct {
	Hours    []PeriodFacts
	Holidays string
	Outside  int // reservations that the change left outside
}

// PeriodFacts is a period as the audit trail keeps it; dates are "2026-11-23",
// "" = open.
type PeriodFacts struct {
	Name     locales.Texts        `json:"name"`
	From     string               `json:"from,omitempty"`
	To       string               `json:"to,omitempty"`
	Override bool                 `json:"override,omitempty"`
	Overlay  bool                 `json:"overlay,omitempty"`
	School   string               `json:"school,omitempty"`
	Origin   string               `json:"origin,omitempty"`
	Spans    []resources.WeekSpan `json:"spans"`

	Description locales.Texts `json:"description,omitzero"`
}

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
		facts = append(facts, PeriodFacts{
			Name: p.Name, From: date(p.ValidFrom), To: date(p.ValidTo), Override: p.Override, Overlay: p.Overlay, School: p.School, Origin: p.Origin,
			Spans: p.Spans.V, Description: p.Description,
		})
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
