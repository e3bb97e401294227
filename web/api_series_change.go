package web

import (
	"context"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"

	"github.com/google/uuid"
)

// SeriesScopeInput says which dates of a series a change is about.
type SeriesScopeInput struct {
	Scope string        `json:"scope,omitempty" enum:"this,following,all" doc:"One date, that date and all after it, or all to come; all by default. What has begun is never changed."`
	From  calendar.Date `json:"from,omitempty" doc:"Of this and following: the local day that the series' rule gave."`
}

type changeSeriesInput struct {
	SeriesRef
	IfMatch string `header:"If-Match" doc:"The series' revision that the change is based on. Missing: 428, old: 412."`
	Body    *struct {
		SeriesScopeInput
		ReasonCode string `json:"reason_code,omitempty" maxLength:"50" doc:"Of holders: plans_changed, given_back, found_other or other."`
		Reason     string `json:"reason,omitempty" doc:"In words."`
		Free       *bool  `json:"free,omitempty" doc:"Of an approval: whether free use is granted; only and always where it was applied for."`
	}
}

func (in *changeSeriesInput) change() (booking.SeriesChange, error) {
	revision, err := revisionOf(in.IfMatch)
	change := booking.SeriesChange{Ref: in.Ref, Revision: revision}
	if b := in.Body; b != nil {
		change.Scope, change.From, change.Free = booking.SeriesScope(b.Scope), b.From, b.Free
		change.ReasonCode, change.ReasonText = b.ReasonCode, b.Reason
	}
	return change, err
}

// changedSeries is what a change did.
type changedSeries struct {
	ETag string `header:"ETag"`
	Body changedSeriesView
}

type changedSeriesView struct {
	Series seriesView     `json:"series" doc:"As it is now. A running series whose hours or rule change from a date on is split: then the new part."`
	Done   []TurnView     `json:"done" doc:"The dates that changed."`
	Left   []leftTurnView `json:"left" doc:"Dates in the scope that stayed as they were, with why."`
}

type leftTurnView struct {
	TurnView
	Code    string `json:"code"`
	Message string `json:"message"`
}

type changingSeries func(*booking.Service, context.Context, accounts.Actor, booking.SeriesChange) (booking.SeriesReport, error)

// changesSeries is a handler of a use case that changes states of dates.
func changesSeries(use changingSeries) func(c *call, in *changeSeriesInput) (*changedSeries, error) {
	return func(c *call, in *changeSeriesInput) (*changedSeries, error) {
		if err := c.requireSignIn(); err != nil {
			return nil, err
		}
		change, err := in.change()
		if err != nil {
			return nil, c.seriesVisibleOr(in.Ref, err)
		}
		report, err := use(c.server.Booking, c.ctx, c.actor, change)
		return c.changed(report, err)
	}
}

// seriesVisibleOr keeps a missing precondition from telling that a foreign
// series exists.
func (c *call) seriesVisibleOr(ref string, err error) error {
	if _, notSeen := c.server.Booking.GetSeries(c.ctx, c.actor, ref); notSeen != nil {
		return notSeen
	}
	return err
}

// changed tells of a change and reads the series anew.
func (c *call) changed(report booking.SeriesReport, err error) (*changedSeries, error) {
	if err != nil {
		return nil, err
	}
	card, err := c.server.Booking.GetSeries(c.ctx, c.reader(), report.Series.UID.String())
	if err != nil {
		return nil, err
	}
	byID := map[int64]TurnView{}
	for i, view := range c.turns(card.Dates) {
		byID[card.Dates[i].ID] = view
	}
	out := &changedSeries{ETag: seriesTag(card.Series), Body: changedSeriesView{Series: c.series(card), Done: []TurnView{}, Left: []leftTurnView{}}}
	for _, r := range report.Done {
		out.Body.Done = append(out.Body.Done, byID[r.ID])
	}
	for _, left := range report.Left {
		out.Body.Left = append(out.Body.Left, leftTurnView{byID[left.ID], left.Code, sentence(c.say, fault.Refused, left.Code, left.Params)})
	}
	return out, nil
}

// SeriesEditInput is what may change; what is absent stays.
type SeriesEditInput struct {
	SeriesScopeInput
	Resource   *uuid.UUID        `json:"resource,omitempty" format:"uuid" doc:"Another room."`
	First      *calendar.Date    `json:"first,omitempty" doc:"Another first day; only while nothing has begun."`
	Hours      *hoursInput       `json:"hours,omitempty"`
	Rule       *string           `json:"rule,omitempty" doc:"RFC 5545 RRULE value."`
	Skip       *[]string         `json:"skip,omitempty" maxItems:"10" doc:"holidays, school-breaks."`
	Title      *string           `json:"title,omitempty"`
	Purpose    *string           `json:"purpose,omitempty"`
	Persons    *int              `json:"persons,omitempty"`
	Answers    map[string]string `json:"answers,omitempty"`
	Keep       []calendar.Date   `json:"keep,omitempty" maxItems:"400" doc:"Dates in the scope that stay as they are."`
	Fixes      []fixInput        `json:"fixes,omitempty" maxItems:"400" doc:"What was chosen for single dates."`
	Lenient    bool              `json:"lenient,omitempty" doc:"Dates that cannot be changed stay as they are."`
	CheckHours bool              `json:"check_hours,omitempty" doc:"Of staff: dates outside the hours count as bad."`
	Reason     string            `json:"reason,omitempty" doc:"Of staff who override a rule."`
}

type hoursInput struct {
	From calendar.Minute `json:"from" pattern:"^\\d\\d:\\d\\d$" doc:"Time of day, 18:00."`
	To   calendar.Minute `json:"to" pattern:"^\\d\\d:\\d\\d$" doc:"26:00 is two in the next night."`
}

type editSeriesInput struct {
	SeriesRef
	IfMatch string `header:"If-Match" doc:"The series' revision that the change is based on. Missing: 428, old: 412."`
	Body    SeriesEditInput
}

// seriesEdit fills what stays of the form in from the series.
func (c *call) seriesEdit(ref string, in SeriesEditInput) (booking.SeriesEdit, error) {
	edit := booking.SeriesEdit{
		Ref: ref, Scope: booking.SeriesScope(in.Scope), From: in.From, Resource: in.Resource, First: in.First, Rule: in.Rule, Skip: in.Skip,
		Keep: in.Keep, Fixes: fixesOf(in.Fixes), Lenient: in.Lenient, CheckHours: in.CheckHours, Reason: in.Reason,
	}
	card, err := c.server.Booking.GetSeries(c.ctx, c.actor, ref)
	if err != nil {
		return edit, err
	}
	if in.Hours != nil {
		edit.Span = &calendar.Span{From: in.Hours.From, To: in.Hours.To}
	}
	if in.Title != nil || in.Purpose != nil || in.Persons != nil || in.Answers != nil {
		form := card.Form()
		if in.Title != nil {
			form.Title = *in.Title
		}
		if in.Purpose != nil {
			form.Purpose = *in.Purpose
		}
		if in.Persons != nil {
			form.Persons = in.Persons
		}
		if in.Answers != nil {
			form.Answers = in.Answers
		}
		edit.Form = &form
	}
	return edit, nil
}

func editSeries(c *call, in *editSeriesInput) (*changedSeries, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	edit, err := c.seriesEdit(in.Ref, in.Body)
	if err != nil {
		return nil, err
	}
	if edit.Revision, err = revisionOf(in.IfMatch); err != nil {
		return nil, err
	}
	return c.changed(c.server.Booking.EditSeries(c.ctx, c.actor, edit))
}

type previewEditInput struct {
	SeriesRef
	Body SeriesEditInput
}

func previewSeriesEdit(c *call, in *previewEditInput) (*body[seriesPreviewView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	edit, err := c.seriesEdit(in.Ref, in.Body)
	if err != nil {
		return nil, err
	}
	found, err := c.server.Booking.PreviewSeriesEdit(c.ctx, c.actor, edit)
	if err != nil {
		return nil, err
	}
	return &body[seriesPreviewView]{seriesPreviewOf(c.say, found)}, nil
}
