package web

import (
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/locales"
)

// seriesPreviewView is a series date by date before it is made.
type seriesPreviewView struct {
	Rule       string           `json:"rule" doc:"In normal form."`
	Dates      []seriesDateView `json:"dates"`
	Free       int              `json:"free" doc:"How many dates can be had, fixes counted in."`
	Bad        int              `json:"bad" doc:"How many cannot be had and have no fix."`
	Waits      int              `json:"waits" doc:"How many are waited for."`
	LeftOut    int              `json:"left_out" doc:"How many are left out, by skip or by a fix."`
	Approval   bool             `json:"approval" doc:"The site decides about the whole series."`
	Price      priceView        `json:"price" doc:"Of all dates that can be had."`
	Violations []violationView  `json:"violations" doc:"What says no to every date: who asks, or what was filled in."`
}

func seriesPreviewOf(say locales.Printer, p booking.SeriesPreview) seriesPreviewView {
	return seriesPreviewView{
		Rule: p.Rule.String(), Dates: seriesDates(say, p.Dates), Free: p.Count(booking.DateFree), Bad: p.Bad(),
		Waits: p.Count(booking.DateWaits), LeftOut: p.Count(booking.DateLeftOut), Approval: p.Approval,
		Price: priceView{Cents: p.Cents, Currency: currency}, Violations: list(violationViews(say, p.Whole)),
	}
}

// seriesDateView is one date of a series that is not made yet.
type seriesDateView struct {
	Date      calendar.Date   `json:"date" doc:"Local day that the rule gives: the date's identity."`
	Begin     time.Time       `json:"begin" doc:"In the hour that the clocks show twice, its first pass."`
	End       time.Time       `json:"end"`
	Resource  reference       `json:"resource"`
	Verdict   string          `json:"verdict" enum:"free,conflict,closed,rule,no-such-time,left-out,waits,kept"`
	Doubled   bool            `json:"doubled,omitempty" doc:"Begin or end lies in the hour that the clocks show twice."`
	Code      string          `json:"code,omitempty" doc:"Why it cannot be had, or why it is left out."`
	Message   string          `json:"message,omitempty"`
	Reasons   []violationView `json:"reasons,omitempty" doc:"Every rule that says no."`
	Conflicts []conflictView  `json:"conflicts,omitempty" doc:"What occupies the time; never whose it is."`
	Fixes     []fixView       `json:"fixes,omitempty" doc:"Ways out, best first; send the chosen one with its date."`
}

// fixView is a way out for one date.
type fixView struct {
	Do       string     `json:"do" enum:"skip,wait,instead"`
	Resource *reference `json:"resource,omitempty" doc:"Of instead."`
	Begin    *time.Time `json:"begin,omitempty"`
	End      *time.Time `json:"end,omitempty"`
	Why      string     `json:"why,omitempty" enum:"same_room,same_time,next_week"`
	Message  string     `json:"message,omitempty"`
}

func seriesDates(say locales.Printer, dates []booking.SeriesDate) []seriesDateView {
	views := []seriesDateView{}
	for _, d := range dates {
		views = append(views, seriesDateOf(say, d))
	}
	return views
}

// badDates are those that a refused series names.
func badDates(say locales.Printer, dates []booking.SeriesDate) []seriesDateView {
	var views []seriesDateView
	for _, d := range dates {
		if d.Bad() {
			views = append(views, seriesDateOf(say, d))
		}
	}
	return views
}

func seriesDateOf(say locales.Printer, d booking.SeriesDate) seriesDateView {
	view := seriesDateView{
		Date: d.Date, Begin: inZone(say, d.Begin), End: inZone(say, d.End),
		Resource: reference{d.Resource.UID, d.Resource.Slug, d.Resource.Name}, Verdict: string(d.Verdict), Doubled: d.Doubled,
		Reasons: violationViews(say, d.Decision.Violations), Conflicts: conflictViews(say, d.Conflicts),
	}
	code, params := d.Code()
	if d.Verdict == booking.DateLeftOut {
		code = leftOutCode(d.LeftOut)
	}
	if view.Code = code; code != "" {
		view.Message = sentence(say, fault.Refused, code, params)
	}
	if d.Bad() {
		view.Fixes = seriesFixes(say, d)
	}
	return view
}

// leftOutCode is the sentence of why a date is left out: a holiday's or school
// break's name, or that somebody chose so.
func leftOutCode(why string) string {
	if locales.Has(why) {
		return why
	}
	return "series.left_out"
}

func seriesFixes(say locales.Printer, d booking.SeriesDate) []fixView {
	var views []fixView
	for _, a := range alternativeViews(say, d.Ways) {
		views = append(views, fixView{
			Do: string(booking.FixInstead), Resource: &a.Resource, Begin: &a.Begin, End: &a.End, Why: a.Why, Message: a.Message,
		})
	}
	if d.Verdict == booking.DateConflict {
		views = append(views, fixView{Do: string(booking.FixWait)})
	}
	return append(views, fixView{Do: string(booking.FixSkip)})
}

// seriesView is a series that was made.
type seriesView struct {
	ID        uuid.UUID         `json:"id"`
	Number    string            `json:"number"`
	Revision  int               `json:"revision" doc:"Send it as If-Match with every change."`
	Resource  reference         `json:"resource"`
	Unit      reference         `json:"unit"`
	Start     string            `json:"start" doc:"Local time of the first day, without an offset."`
	End       string            `json:"end"`
	Zone      string            `json:"zone"`
	Rule      string            `json:"rule" doc:"RFC 5545 RRULE value in normal form; empty = only include."`
	Include   []calendar.Date   `json:"include"`
	Exclude   []calendar.Date   `json:"exclude"`
	Skip      []string          `json:"skip"`
	Kind      string            `json:"kind" enum:"ordinary,behalf,staff,closure,seasonal"`
	Holder    holderView        `json:"holder"`
	Title     string            `json:"title"`
	Purpose   string            `json:"purpose"`
	Persons   *int              `json:"persons"`
	Answers   map[string]string `json:"answers"`
	Requested int               `json:"requested" doc:"How many dates wait for a decision."`
	Coming    int               `json:"coming" doc:"How many dates that stand have not begun."`
	Dates     []TurnView        `json:"dates" doc:"By begin, in all states."`
	Rejected  []rejectedView    `json:"rejected" doc:"Dates that were not made and are still wanted."`
	MadeAt    time.Time         `json:"made_at"`
	ChangedAt time.Time         `json:"changed_at"`
}

// TurnView is one date of a series in short; GET /reservations has all of it.
type TurnView struct {
	ID       uuid.UUID     `json:"id"`
	Number   string        `json:"number"`
	Date     calendar.Date `json:"date" doc:"Local day that the rule gave; it stays when the date is moved."`
	Begin    time.Time     `json:"begin"`
	End      time.Time     `json:"end"`
	Resource reference     `json:"resource"`
	State    string        `json:"state" enum:"requested,awaiting_payment,confirmed,denied,cancelled,expired"`
	Revision int           `json:"revision"`
	Price    priceView     `json:"price"`
}

// rejectedView is a date that was not made.
type rejectedView struct {
	Date      calendar.Date  `json:"date"`
	Begin     time.Time      `json:"begin"`
	End       time.Time      `json:"end"`
	Verdict   string         `json:"verdict" enum:"conflict,closed,rule,no-such-time,left-out"`
	Code      string         `json:"code" doc:"Why it was not made."`
	Message   string         `json:"message"`
	Conflicts []conflictView `json:"conflicts,omitempty" doc:"What occupied the time then."`
	Free      bool           `json:"free" doc:"It could be made now: POST /series/{ref}/dates."`
}

func (c *call) series(card booking.SeriesCard) seriesView {
	s := card.Series
	view := seriesView{
		ID: s.UID, Number: s.Number, Revision: s.Revision,
		Resource: reference{card.ResourceUID, card.ResourceSlug, card.ResourceName}, Unit: reference{card.UnitUID, card.UnitSlug, card.UnitName},
		Start: wallText(s.FirstDate, s.FromMinute), End: wallText(s.FirstDate, s.ToMinute), Zone: s.Zone,
		Rule: s.Rule, Include: list(s.Include.V), Exclude: list(s.Exclude.V), Skip: list(s.Skip.V), Kind: string(s.Kind),
		Holder: holderView{string(s.HolderKind), card.HolderName}, Title: s.Title, Purpose: s.Purpose, Persons: s.Persons, Answers: s.Answers.V,
		Requested: card.Requested, Coming: card.Coming, Dates: c.turns(card.Dates), Rejected: []rejectedView{},
		MadeAt: s.CreatedAt.In(c.server.Zone), ChangedAt: s.ChangedAt.In(c.server.Zone),
	}
	for _, r := range card.Rejected {
		view.Rejected = append(view.Rejected, c.rejected(r))
	}
	return view
}

// wallText writes a time as the clock shows it: 26:00 is two in the next night.
func wallText(date calendar.Date, at calendar.Minute) string {
	return date.AddDays(int(at/calendar.DayMinutes)).String() + "T" + (at % calendar.DayMinutes).String() + ":00"
}

func (c *call) turns(cards []booking.Card) []TurnView {
	views := []TurnView{}
	for _, card := range cards {
		span := c.server.span(card.BeginAt, card.EndAt)
		views = append(views, TurnView{
			ID: card.UID, Number: card.Number, Date: card.SeriesDate, Begin: span.Begin, End: span.End,
			Resource: reference{card.ResourceUID, card.ResourceSlug, card.ResourceName}, State: string(card.State), Revision: card.Revision,
			Price: priceView{Cents: card.PriceCents, Currency: currency},
		})
	}
	return views
}

func (c *call) rejected(r booking.RejectedDate) rejectedView {
	span, why := c.server.span(r.BeginAt, r.EndAt), r.Reason.V
	return rejectedView{
		Date: r.SeriesDate, Begin: span.Begin, End: span.End, Verdict: string(why.Verdict), Code: r.Code,
		Message: sentence(c.say, fault.Refused, r.Code, fault.Params(why.Params)), Conflicts: conflictViews(c.say, why.Conflicts), Free: r.Free,
	}
}
