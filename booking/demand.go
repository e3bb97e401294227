package booking

import (
	"context"
	"slices"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
)

// Wish is a search that found nothing, as it is kept: keys, slugs and numbers of
// our own. Of a text only words of the vocabularies are kept, in our spelling,
// because they name things: a name or an address that somebody typed is none of
// them and leaves nothing but a count. A point is not kept at all.
type Wish struct {
	Words      []string        `json:"words,omitempty"`       // of the vocabularies
	OtherWords int             `json:"other_words,omitempty"` // how many more were typed
	Unit       string          `json:"unit,omitempty"`        // slug
	Purpose    string          `json:"purpose,omitempty"`
	Type       string          `json:"type,omitempty"`
	Equipment  []string        `json:"equipment,omitempty"`
	Area       string          `json:"area,omitempty"` // a city or a postcode in which there is a unit
	Persons    int             `json:"persons,omitempty"`
	Metres     int             `json:"metres,omitempty"` // distance from somewhere
	StepFree   bool            `json:"step_free,omitempty"`
	Free       bool            `json:"free,omitempty"`
	NoApproval bool            `json:"no_approval,omitempty"`
	Access     string          `json:"access,omitempty"`
	Now        bool            `json:"now,omitempty"`
	DaysAhead  int             `json:"days_ahead,omitempty"` // from the day of the search to the first asked date
	Days       int             `json:"days,omitempty"`       // how many dates were asked
	From       calendar.Minute `json:"from,omitempty"`       // "17:00"
	To         calendar.Minute `json:"to,omitempty"`
	Minutes    int             `json:"minutes,omitempty"`
}

// Unmet is how often a wish was searched for in vain on a local day.
type Unmet struct {
	Day      calendar.Date
	Language string
	Wish     Wish
	Times    int
}

// maxWishes bounds the different wishes kept of one day: more of them come from
// a machine that tries addresses.
const maxWishes = 2000

// RecordUnmet keeps what a search looked for in vain. It is called by whoever
// shows the empty answer to a person; the actor is not asked for.
func (s *Service) RecordUnmet(ctx context.Context, found Found) error {
	units, err := s.Resources.Units(ctx, s.DB)
	if err != nil {
		return err
	}
	today := calendar.DateOf(s.Now(), s.Zone)
	unmet := Unmet{Day: today, Language: "fi", Wish: found.query.wish(units, today)}
	if lang := found.query.Lang; lang == "sv" || lang == "en" {
		unmet.Language = lang
	}
	return s.addUnmet(ctx, unmet)
}

func (q Query) wish(units []resources.Unit, today calendar.Date) Wish {
	w := Wish{
		Purpose: q.Purpose, Type: q.Type, Persons: q.Persons, Metres: q.Within, StepFree: q.StepFree, Free: q.Free,
		NoApproval: q.NoApproval, Access: q.Access, Now: q.FreeNow, From: q.From, To: q.To, Minutes: q.Minutes,
		DaysAhead: today.DaysUntil(q.Date), Days: q.Date.DaysUntil(q.Until) + 1,
	}
	w.Words, w.OtherWords = resources.KnownWords(q.Text)
	w.Equipment = slices.Sorted(slices.Values(q.Equipment))
	for _, unit := range units {
		if unit.Slug == q.Unit {
			w.Unit = unit.Slug
		}
		if q.Area != "" && unit.In(q.Area) {
			w.Area = unit.AreaNamed(q.Area)
		}
	}
	return w
}

// Demand lists what was searched for in vain between two local dates, both
// included, the most frequent first. Staff of any unit may see it.
func (s *Service) Demand(ctx context.Context, actor accounts.Actor, from, to calendar.Date) ([]Unmet, error) {
	units, all := actor.WorkUnits(accounts.Viewer)
	if !actor.HasScope(accounts.ScopeRead) || !all && len(units) == 0 {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if from.IsZero() || to.Before(from) {
		return nil, fault.InvalidField("to", "search.range")
	}
	return s.unmet(ctx, from, to)
}
