package web

import (
	"slices"
	"strings"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
)

// PlaceFilter is what every search for rooms can be narrowed by.
type PlaceFilter struct {
	Q          string   `query:"q" maxLength:"1000" doc:"Words in Finnish, Swedish or English; every word must be found."`
	Unit       string   `query:"unit" maxLength:"200" doc:"Slug of a site."`
	Type       string   `query:"type" maxLength:"100"`
	Purpose    string   `query:"purpose" maxLength:"100"`
	Persons    int      `query:"persons" minimum:"0" maximum:"100000" doc:"Fits so many."`
	Equipment  []string `query:"equipment,explode" maxItems:"20" doc:"All of them."`
	Access     string   `query:"access" maxLength:"100" doc:"Way of access."`
	Area       string   `query:"area" maxLength:"100" doc:"A city, or the beginning of a postcode."`
	Near       string   `query:"near" maxLength:"60" doc:"Latitude and longitude: 60.17,24.94. Gives distances and, with within, narrows."`
	Within     int      `query:"within" minimum:"0" maximum:"100000" doc:"Metres from near."`
	StepFree   bool     `query:"step_free"`
	Free       bool     `query:"free" doc:"Free of charge for a resident."`
	NoApproval bool     `query:"no_approval" doc:"Confirmed at once for a resident."`
}

func (q PlaceFilter) filter() (resources.Filter, error) {
	f := resources.Filter{
		Text: strings.TrimSpace(q.Q), Unit: q.Unit, Type: q.Type, Purpose: q.Purpose, Persons: q.Persons,
		Equipment: q.Equipment, Access: q.Access, Area: strings.TrimSpace(q.Area), Within: q.Within,
		StepFree: q.StepFree, Free: q.Free, NoApproval: q.NoApproval,
	}
	if q.Near != "" {
		point, err := resources.ParsePoint(q.Near)
		if err != nil {
			return f, err
		}
		f.Near = &point
	}
	return f, nil
}

// clockBound is a time of day in a query.
type clockBound struct {
	name, typed string
	minute      *calendar.Minute
}

func readBounds(bounds ...clockBound) error {
	for _, bound := range bounds {
		if bound.typed == "" {
			continue
		}
		minute, err := calendar.ParseMinute(bound.typed)
		if err != nil {
			return fault.InvalidField(bound.name, "search.bad_time", fault.Params{"value": bound.typed})
		}
		*bound.minute = minute
	}
	return nil
}

type availableQuery struct {
	PlaceFilter
	Date    calendar.Date `query:"date" doc:"Local date; today by default."`
	Until   calendar.Date `query:"until" doc:"Last local date, when any day from date on will do."`
	Begin   string        `query:"begin" pattern:"^\\d\\d:\\d\\d$" doc:"Earliest begin, 17:00."`
	End     string        `query:"end" pattern:"^\\d\\d:\\d\\d$" doc:"Latest end."`
	Minutes int           `query:"minutes" minimum:"0" maximum:"1440" doc:"Length; each room's shortest by default."`
	Now     bool          `query:"now" doc:"Only rooms that can be had at once."`
	Sort    string        `query:"sort" enum:"soonest,nearest,name" default:"soonest"`
}

type availableView struct {
	Resource  reference  `json:"resource"`
	Unit      reference  `json:"unit"`
	Minutes   int        `json:"minutes"`
	Starts    []SpanView `json:"starts" doc:"Free times of that length."`
	FreeUntil *time.Time `json:"free_until,omitempty" doc:"When it is free now: until when."`
	Metres    *int       `json:"metres,omitempty" doc:"Distance from near."`
}

func (q availableQuery) query() (booking.Query, error) {
	filter, err := q.filter()
	if err != nil {
		return booking.Query{}, err
	}
	query := booking.Query{Date: q.Date, Until: q.Until, Minutes: q.Minutes, FreeNow: q.Now, Sort: booking.Sort(q.Sort), Filter: filter}
	return query, readBounds(clockBound{"begin", q.Begin, &query.From}, clockBound{"end", q.End, &query.To})
}

func findAvailable(c *call, in *availableQuery) (*body[pageView[availableView]], error) {
	query, err := in.query()
	if err != nil {
		return nil, err
	}
	rooms, err := c.server.Booking.Search(c.ctx, c.actor, query)
	if err != nil {
		return nil, err
	}
	out := pageView[availableView]{Items: []availableView{}}
	for _, room := range rooms {
		place := room.Place
		view := availableView{
			Resource: resourceReference(place), Unit: unitReference(place.Unit),
			Minutes: room.Minutes, Starts: c.server.spans(room.FreeStarts),
		}
		if !room.FreeUntil.IsZero() {
			until := room.FreeUntil.In(c.server.Zone)
			view.FreeUntil = &until
		}
		if room.Metres >= 0 {
			metres := int(room.Metres)
			view.Metres = &metres
		}
		out.Items = append(out.Items, view)
	}
	return &body[pageView[availableView]]{out}, nil
}

func resourceReference(place resources.Place) reference {
	return reference{place.Resource.UID, place.Resource.Slug, place.Resource.Name}
}

func unitReference(unit resources.Unit) reference { return reference{unit.UID, unit.Slug, unit.Name} }

type firstQuery struct {
	PlaceFilter
	Resource string        `query:"resource" maxLength:"200" doc:"Id or slug of one room; all that match by default."`
	From     calendar.Date `query:"from" doc:"First local date; today by default."`
	To       calendar.Date `query:"to" doc:"Last local date, at most two years ahead."`
	TimeFrom string        `query:"time_from" pattern:"^\\d\\d:\\d\\d$" doc:"Earliest begin on each day, 17:00."`
	TimeTo   string        `query:"time_to" pattern:"^\\d\\d:\\d\\d$" doc:"Latest end on each day."`
	Minutes  int           `query:"minutes" minimum:"15" maximum:"1440" doc:"Length; each room's shortest by default."`
}

type firstView struct {
	Resource reference  `json:"resource"`
	Unit     reference  `json:"unit"`
	Begin    *time.Time `json:"begin,omitempty"`
	End      *time.Time `json:"end,omitempty"`
	Closed   bool       `json:"closed" doc:"Nothing on the asked dates is open for booking."`
}

func (q firstQuery) query() (booking.FirstQuery, error) {
	query := booking.FirstQuery{From: q.From, To: q.To}
	if q.Minutes > 0 {
		query.Minutes = &q.Minutes
	}
	return query, readBounds(clockBound{"time_from", q.TimeFrom, &query.TimeFrom}, clockBound{"time_to", q.TimeTo, &query.TimeTo})
}

func findFirst(c *call, in *firstQuery) (*body[pageView[firstView]], error) {
	query, err := in.query()
	if err != nil {
		return nil, err
	}
	firsts, err := c.firsts(in, query)
	if err != nil {
		return nil, err
	}
	out := pageView[firstView]{Items: []firstView{}}
	for _, first := range firsts {
		view := firstView{Resource: resourceReference(first.Place), Unit: unitReference(first.Place.Unit), Closed: first.Closed}
		if !first.Begin.IsZero() {
			begin, end := first.Begin.In(c.server.Zone), first.End.In(c.server.Zone)
			view.Begin, view.End = &begin, &end
		}
		out.Items = append(out.Items, view)
	}
	return &body[pageView[firstView]]{out}, nil
}

func (c *call) firsts(in *firstQuery, query booking.FirstQuery) ([]booking.First, error) {
	if in.Resource != "" {
		place, err := c.place(in.Resource)
		if err != nil {
			return nil, err
		}
		return c.server.Booking.FirstFreeOf(c.ctx, c.actor, []resources.Place{place}, query)
	}
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	return c.server.Booking.FirstFree(c.ctx, c.actor, filter, query)
}

// places are those of a list of resources: all that match, or those that can be
// booked for exactly the asked time.
func (c *call) places(in *resourceQuery) ([]resources.Place, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	if in.FreeFrom.IsZero() && in.FreeTo.IsZero() {
		return c.server.Resources.Places(c.ctx, c.server.DB, filter)
	}
	if !in.FreeFrom.Before(in.FreeTo) || in.FreeTo.Sub(in.FreeFrom) > 24*time.Hour {
		return nil, fault.InvalidField("free_to", "search.range")
	}
	query := booking.Query{
		Filter: filter, Date: calendar.DateOf(in.FreeFrom, c.server.Zone),
		Minutes: calendar.WallMinutes(in.FreeFrom, in.FreeTo, c.server.Zone),
	}
	rooms, err := c.server.Booking.Search(c.ctx, c.actor, query)
	var places []resources.Place
	for _, room := range rooms {
		if slices.ContainsFunc(room.FreeStarts, func(i calendar.Interval) bool {
			return i.Begin.Equal(in.FreeFrom) && i.End.Equal(in.FreeTo)
		}) {
			places = append(places, room.Place)
		}
	}
	return places, err
}
