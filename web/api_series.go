package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

func (s *Server) addSeriesOperations() {
	add := func(name, method, path string, who audience, status int, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: who, tag: "Series", status: status, summary: summary, more: more}
	}
	serve(s, add("preview-series", http.MethodPost, "/series/preview", anyone, 0, "See a series date by date, without making it",
		"The same body as POST /series. Each date that cannot be had says why, and lists fixes; send those you choose back in fixes, each with its date."), previewSeries)
	serve(s, add("make-series", http.MethodPost, "/series", signedIn, http.StatusCreated, "Make a series",
		"All dates in one transaction. Dates that cannot be had and have no fix refuse the whole: 409 with dates. With lenient they are kept as rejected dates and the others are made. One approval and one mail for the whole series. Residents and associations make series where the rule book allows it, the site's managers everywhere, with kind staff for the site itself or behalf for others."), makeSeries)
	serve(s, add("read-series", http.MethodGet, "/series/{ref}", viewers, 0, "Read a series with its dates",
		"ref is the id or the number, S-2026-0001."), readSeries)
	serve(s, add("edit-series", http.MethodPost, "/series/{ref}/edit", holders, 0, "Change the dates of a series that are to come",
		"Time, room, rule, or what was filled in. What has begun, was denied or cancelled is never touched and never made again; dates keep their number and calendar id. Where dates stand before the change, the series is split and the answer is the new part. Bad dates without a fix refuse the whole: 409 with dates."), editSeries)
	serve(s, add("preview-series-edit", http.MethodPost, "/series/{ref}/preview-edit", holders, 0, "See a change date by date, without making it",
		"The same body as edit."), previewSeriesEdit)
	serve(s, add("cancel-series", http.MethodPost, "/series/{ref}/cancel", holders, 0, "Cancel dates of a series, or withdraw its request",
		"What has begun stays. Dates whose deadline has passed are left, for their holder; a holder gives reason_code, staff reason."), changesSeries((*booking.Service).CancelSeries))
	serve(s, add("approve-series", http.MethodPost, "/series/{ref}/approve", managers, 0, "Approve the requested dates of a series",
		"Dates that meet a conflict stay requests and are in left. Where free use was applied for, free says whether it is granted."), changesSeries((*booking.Service).ApproveSeries))
	serve(s, add("deny-series", http.MethodPost, "/series/{ref}/deny", managers, 0, "Deny the dates of a series that are to come",
		"reason is told to the holder. What is over or cancelled stays as it is."), changesSeries((*booking.Service).DenySeries))
	serve(s, add("add-series-date", http.MethodPost, "/series/{ref}/dates", holders, http.StatusCreated, "Add one date to a series, or make one that was rejected",
		"At the series' own time and room unless others are given."), addSeriesDate)
	serve(s, add("drop-series-date", http.MethodDelete, "/series/{ref}/dates/{date}", holders, http.StatusNoContent, "Take a rejected date off the list", ""), dropSeriesDate)
}

// SeriesAsking is what a series is asked with. Times are the clock's.
type SeriesAsking struct {
	Resource uuid.UUID `json:"resource" format:"uuid"`
	Hold     string    `json:"hold,omitempty" maxLength:"40" doc:"A hold of the caller's, given up for the series."`
	Start    string    `json:"start" maxLength:"40" doc:"Local time of the first date, without an offset: 2026-09-01T18:00:00. Counting begins on this day."`
	End      string    `json:"end" maxLength:"40" doc:"Local end of the first date, at most on the next day; every date has the same hours on the clock. 00:00 of the same day is the next midnight."`
	Zone     string    `json:"zone,omitempty" maxLength:"60" doc:"The service's own, if given at all: Europe/Helsinki."`
	Rule     string    `json:"rule,omitempty" doc:"RFC 5545 RRULE value: FREQ=DAILY, WEEKLY or MONTHLY with COUNT or UNTIL. At most 400 dates and 730 days."`
	Include  []string  `json:"include,omitempty" maxItems:"400" doc:"Further dates: 2026-12-08, or with the series' own start."`
	Exclude  []string  `json:"exclude,omitempty" maxItems:"400" doc:"Dates left out."`
	Skip     []string  `json:"skip,omitempty" maxItems:"10" doc:"holidays, school-breaks: dates on them are left out."`
	Kind     string    `json:"kind,omitempty" enum:"ordinary,behalf,staff" doc:"behalf and staff are for the site's managers."`
	Filling
	Reason     string     `json:"reason,omitempty" doc:"Of staff who override a rule."`
	Fixes      []fixInput `json:"fixes,omitempty" maxItems:"400" doc:"What was chosen for single dates."`
	Lenient    bool       `json:"lenient,omitempty" doc:"Make the dates that can be had and keep the others as rejected dates."`
	CheckHours bool       `json:"check_hours,omitempty" doc:"Of staff: dates outside the hours count as bad, as for anybody else."`
}

// request reads the clock times of a series; everything else is the engine's to
// judge.
func (a SeriesAsking) request() (booking.SeriesRequest, error) {
	req := booking.SeriesRequest{
		Resource: a.Resource, Hold: a.Hold, Holder: a.holder(), Kind: policies.Kind(a.Kind), Form: a.form(), Reason: a.Reason, Terms: a.Shown,
		Lenient: a.Lenient, CheckHours: a.CheckHours,
	}
	req.Rule, req.Skip, req.Zone = a.Rule, a.Skip, a.Zone
	start, err := wallTimeOf("start", a.Start)
	if err != nil {
		return req, err
	}
	end, err := wallTimeOf("end", a.End)
	if err != nil {
		return req, err
	}
	if req.First, req.Span, err = start.until(end); err != nil {
		return req, err
	}
	if req.Include, err = start.dates("include", a.Include); err != nil {
		return req, err
	}
	if req.Exclude, err = start.dates("exclude", a.Exclude); err != nil {
		return req, err
	}
	req.Fixes = fixesOf(a.Fixes)
	return req, nil
}

func previewSeries(c *call, in *body[SeriesAsking]) (*body[seriesPreviewView], error) {
	req, err := in.Body.request()
	if err != nil {
		return nil, err
	}
	found, err := c.server.Booking.PreviewSeries(c.ctx, c.actor, req)
	if err != nil {
		return nil, err
	}
	return &body[seriesPreviewView]{seriesPreviewOf(c.say, found)}, nil
}

type makeSeriesInput struct {
	Key  string `header:"Idempotency-Key" doc:"Chosen by the client; the same key never makes two series."`
	Body SeriesAsking
}

func makeSeries(c *call, in *makeSeriesInput) (*versionedSeries, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	req, err := in.Body.request()
	if err != nil {
		return nil, err
	}
	if req.Key, err = c.key("POST /series", in.Key, in.Body); err != nil {
		return nil, err
	}
	made, err := c.server.Booking.BookSeries(c.ctx, c.actor, req)
	if err != nil {
		return nil, err
	}
	out, err := c.seriesFor(c.reader(), made.Series.UID.String())
	if err == nil {
		out.Location = c.server.BaseURL + apiPrefix + "/series/" + made.Series.UID.String()
	}
	return out, err
}

// versionedSeries is an answer with the series' revision as entity tag.
type versionedSeries struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     seriesView
}

func (c *call) seriesFor(actor accounts.Actor, ref string) (*versionedSeries, error) {
	card, err := c.server.Booking.GetSeries(c.ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	return &versionedSeries{ETag: seriesTag(card.Series), Body: c.series(card)}, nil
}

func seriesTag(s booking.Series) string { return `"` + strconv.Itoa(s.Revision) + `"` }

type SeriesRef struct {
	Ref string `path:"ref" maxLength:"40" doc:"Id or number."`
}

func readSeries(c *call, in *SeriesRef) (*versionedSeries, error) {
	return c.seriesFor(c.actor, in.Ref)
}

type addDateInput struct {
	SeriesRef
	Key  string `header:"Idempotency-Key" doc:"Chosen by the client; the same key never adds a date twice."`
	Body struct {
		Date calendar.Date `json:"date" doc:"Local day: a new one, or one that was rejected."`
		Elsewhere
	}
}

func addSeriesDate(c *call, in *addDateInput) (*versioned, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	add := booking.SeriesAdd{Date: in.Body.Date, Resource: in.Body.Resource}
	if !in.Body.Begin.IsZero() || !in.Body.End.IsZero() {
		add.Times = &booking.Times{Begin: in.Body.Begin, End: in.Body.End}
	}
	var err error
	if add.Key, err = c.key("POST /series/"+in.Ref+"/dates", in.Key, in.Body); err != nil {
		return nil, err
	}
	made, err := c.server.Booking.AddDate(c.ctx, c.actor, in.Ref, add)
	if err != nil {
		return nil, err
	}
	return c.made(made)
}

type dropDateInput struct {
	SeriesRef
	Date string `path:"date" maxLength:"10" doc:"Local day, 2026-11-23."`
}

func dropSeriesDate(c *call, in *dropDateInput) (*struct{}, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	date, err := calendar.ParseDate(in.Date)
	if err != nil {
		return nil, fault.InvalidField("date", "calendar.date", fault.Params{"value": in.Date})
	}
	return nil, c.server.Booking.DropRejected(c.ctx, c.actor, in.Ref, date)
}

// reader is the caller with the right to read: a token that may book but not
// read is still told what it booked.
func (c *call) reader() accounts.Actor {
	actor := c.actor
	if actor.Scopes != nil {
		actor.Scopes = append(slices.Clone(actor.Scopes), accounts.ScopeRead)
	}
	return actor
}
