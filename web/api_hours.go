package web

import (
	"net/http"
	"strconv"
	"time"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/imports/hours"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

func (s *Server) addHoursOperations() {
	const format = "format is hauki, or another that hours can be written in."
	add := func(name, method, path, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: managers, tag: "Places", summary: summary, more: more}
	}
	const saved = "The body is all of them: what is left out is gone. Wants If-Match. With dry_run nothing changes and outside lists the coming " +
		"reservations that would lie outside; to leave them there, send their number as accepted. Needs the scope admin."
	serve(s, add("read-unit-hours", http.MethodGet, "/units/{id}/hours", "Read a site's own hours", "As they are kept, period by period."), readUnitHours)
	serve(s, add("save-unit-hours", http.MethodPut, "/units/{id}/hours", "Replace a site's own hours", saved), saveUnitHours)
	serve(s, add("write-unit-hours", http.MethodGet, "/units/{id}/hours/file", "Read a site's own hours as a file", format), unitHoursFile)
	serve(s, add("read-resource-hours", http.MethodGet, "/resources/{id}/hours", "Read a room's own hours", "Without those that it has from its site."), readResourceHours)
	serve(s, add("save-resource-hours", http.MethodPut, "/resources/{id}/hours", "Replace a room's own hours", saved), saveResourceHours)
	serve(s, add("write-resource-hours", http.MethodGet, "/resources/{id}/hours/file", "Read a room's own hours as a file", format), resourceHoursFile)
}

// PeriodBody is weekly hours for a time.
type PeriodBody struct {
	Name        locales.Texts  `json:"name,omitempty"`
	Description locales.Texts  `json:"description,omitempty"`
	From        *calendar.Date `json:"from,omitempty" format:"date" doc:"First day; left out: no first."`
	To          *calendar.Date `json:"to,omitempty" format:"date" doc:"Last day; left out: no last."`
	Override    bool           `json:"override,omitempty" doc:"Instead of other hours; of several the shortest counts."`
	Overlay     bool           `json:"overlay,omitempty" doc:"Core and closed times laid over the day's hours."`
	School      string         `json:"school,omitempty" enum:"term,break" doc:"Only then."`
	Origin      string         `json:"origin,omitempty" maxLength:"200" doc:"Where it was imported from, as \"kind:name\"."`
	Spans       []HoursSpan    `json:"spans" maxItems:"5000"`
}

// HoursSpan is one span of a week.
type HoursSpan struct {
	Weekdays []int              `json:"weekdays" minItems:"1" maxItems:"7" doc:"1 (Monday) to 7."`
	From     calendar.Minute    `json:"from" example:"08:00"`
	To       calendar.Minute    `json:"to" example:"26:00" doc:"Past 24:00 it ends on the next day."`
	Kind     policies.HoursKind `json:"kind" enum:"open,reservable,core,closed"`
	Only     []HoursTurn        `json:"only,omitempty" maxItems:"5" doc:"Only on days that all of them take."`
	State    string             `json:"state,omitempty" maxLength:"40" doc:"How the place is open, such as self_service."`
	Name     locales.Texts      `json:"name,omitempty"`
}

// HoursTurn takes the start-th subject of a context, from there every
// every-th; or the odd or even ones.
type HoursTurn struct {
	Context string `json:"context" enum:"period,year,month"`
	Subject string `json:"subject" enum:"day,week,month,monday,tuesday,wednesday,thursday,friday,saturday,sunday"`
	Start   int    `json:"start,omitempty" doc:"Negative: from the end."`
	Every   int    `json:"every,omitempty" minimum:"0"`
	Parity  string `json:"parity,omitempty" enum:"odd,even"`
}

func periodBodyOf(p resources.Period) PeriodBody {
	b := PeriodBody{p.Name, p.Description, p.ValidFrom, p.ValidTo, p.Override, p.Overlay, p.School, p.Origin, []HoursSpan{}}
	for _, span := range p.Spans.V {
		var only []HoursTurn
		for _, turn := range span.Only {
			only = append(only, HoursTurn(turn))
		}
		b.Spans = append(b.Spans, HoursSpan{span.Weekdays, span.From, span.To, span.Kind, only, span.State, span.Name})
	}
	return b
}

func (b PeriodBody) period() resources.Period {
	p := resources.Period{
		Name: b.Name, Description: b.Description, ValidFrom: b.From, ValidTo: b.To, Override: b.Override, Overlay: b.Overlay, School: b.School, Origin: b.Origin,
	}
	for _, span := range b.Spans {
		var only []resources.Turn
		for _, turn := range span.Only {
			only = append(only, resources.Turn(turn))
		}
		p.Spans.V = append(p.Spans.V, resources.WeekSpan{
			Weekdays: span.Weekdays, From: span.From, To: span.To, Kind: span.Kind, Only: only, State: span.State, Name: span.Name,
		})
	}
	return p
}

type ownHoursView struct {
	Version int            `json:"version" doc:"Send it as If-Match with a change."`
	Periods []PeriodBody   `json:"periods"`
	Outside []outsiderView `json:"outside,omitempty" doc:"Of a dry run."`
}

type outsiderView struct {
	Number   string        `json:"number"`
	Resource locales.Texts `json:"resource"`
	Begin    time.Time     `json:"begin"`
	End      time.Time     `json:"end"`
}

type hoursAnswer struct {
	ETag string `header:"ETag"`
	Body ownHoursView
}

func (c *call) unitOwner(id string) (resources.Owner, error) {
	if err := c.requireSignIn(); err != nil {
		return resources.Owner{}, err
	}
	unit, err := c.unit(id)
	return resources.Owner{Unit: unit.ID}, err
}

func (c *call) resourceOwner(id string) (resources.Owner, error) {
	if err := c.requireSignIn(); err != nil {
		return resources.Owner{}, err
	}
	place, err := c.place(id)
	return resources.Owner{Resource: place.Resource.ID}, err
}

func readUnitHours(c *call, in *ByID) (*hoursAnswer, error) {
	owner, err := c.unitOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.hours(owner)
}

func readResourceHours(c *call, in *ByID) (*hoursAnswer, error) {
	owner, err := c.resourceOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.hours(owner)
}

func (c *call) hours(owner resources.Owner) (*hoursAnswer, error) {
	now, err := c.server.Catalogue.HoursOf(c.ctx, c.actor, owner)
	if err != nil {
		return nil, err
	}
	view := ownHoursView{Version: now.Version, Periods: []PeriodBody{}}
	for _, p := range now.Periods {
		view.Periods = append(view.Periods, periodBodyOf(p))
	}
	return &hoursAnswer{ETag: strconv.Quote(strconv.Itoa(now.Version)), Body: view}, nil
}

type hoursChangeInput struct {
	ByID
	IfMatch string `header:"If-Match" maxLength:"50" doc:"The version that the change is based on. Missing: 428, old: 412."`
	DryRun  bool   `query:"dry_run"`
	Body    struct {
		Periods  []PeriodBody `json:"periods" maxItems:"2000"`
		Accepted int          `json:"accepted,omitempty" minimum:"0" doc:"How many reservations may stay outside."`
	}
}

func saveUnitHours(c *call, in *hoursChangeInput) (*hoursAnswer, error) {
	owner, err := c.unitOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.saveHours(owner, in)
}

func saveResourceHours(c *call, in *hoursChangeInput) (*hoursAnswer, error) {
	owner, err := c.resourceOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.saveHours(owner, in)
}

func (c *call) saveHours(owner resources.Owner, in *hoursChangeInput) (*hoursAnswer, error) {
	now, err := c.hours(owner)
	if err != nil {
		return nil, err
	}
	change := catalogue.HoursChange{Owner: owner, Version: now.Body.Version, Accepted: in.Body.Accepted}
	if trimQuotes(in.IfMatch) != "0" || change.Version != 0 { // 0: there are none yet
		revision, err := revisionOf(in.IfMatch)
		if err != nil {
			return nil, err
		}
		if revision != 0 {
			change.Version = revision
		}
	}
	for _, p := range in.Body.Periods {
		change.Periods = append(change.Periods, p.period())
	}
	if err := resources.CheckPeriods(change.Periods); err != nil {
		return nil, err
	}
	if in.DryRun {
		return c.hoursTried(now, change)
	}
	if err := c.server.Catalogue.SetHours(c.ctx, c.actor, change); err != nil {
		return nil, err
	}
	return c.hours(owner)
}

// hoursTried answers what a change would give, with whom it would leave outside.
func (c *call) hoursTried(now *hoursAnswer, change catalogue.HoursChange) (*hoursAnswer, error) {
	outside, err := c.server.Catalogue.Outside(c.ctx, c.actor, change)
	if err != nil {
		return nil, err
	}
	now.Body.Periods, now.Body.Outside = []PeriodBody{}, []outsiderView{}
	for _, p := range change.Periods {
		now.Body.Periods = append(now.Body.Periods, periodBodyOf(p))
	}
	for _, o := range outside {
		now.Body.Outside = append(now.Body.Outside, outsiderView{o.Number, o.Resource, o.Begin.In(c.server.Zone), o.End.In(c.server.Zone)})
	}
	return now, nil
}

type hoursFileInput struct {
	ByID
	Format string `query:"format" default:"hauki" maxLength:"50"`
}

type hoursFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func unitHoursFile(c *call, in *hoursFileInput) (*hoursFile, error) {
	owner, err := c.unitOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.hoursFile(owner, in.Format)
}

func resourceHoursFile(c *call, in *hoursFileInput) (*hoursFile, error) {
	owner, err := c.resourceOwner(in.ID)
	if err != nil {
		return nil, err
	}
	return c.hoursFile(owner, in.Format)
}

func (c *call) hoursFile(owner resources.Owner, name string) (*hoursFile, error) {
	now, err := c.server.Catalogue.HoursOf(c.ctx, c.actor, owner)
	if err != nil {
		return nil, err
	}
	format, err := hours.WritableFormat(name)
	if err != nil {
		return nil, err
	}
	data, err := format.Write(hours.ScheduleOf(now.Periods, now.Resource == nil, now.Unit.Holidays))
	return &hoursFile{format.MediaType, `attachment; filename="hours` + format.Extension + `"`, data}, err
}
