package web

import (
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/notify"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

const currency = "EUR"

// reference is another thing by id, address and name.
type reference struct {
	ID   uuid.UUID     `json:"id"`
	Slug string        `json:"slug,omitempty"`
	Name locales.Texts `json:"name"`
}

type unitView struct {
	ID          uuid.UUID     `json:"id"`
	Slug        string        `json:"slug"`
	Name        locales.Texts `json:"name"`
	Description locales.Texts `json:"description"`
	Address     string        `json:"address"`
	Postcode    string        `json:"postcode"`
	City        string        `json:"city"`
	Latitude    *float64      `json:"latitude" doc:"WGS 84 degrees; null when not known."`
	Longitude   *float64      `json:"longitude"`
	Phone       string        `json:"phone"`
	Email       string        `json:"email"`
	Source      string        `json:"source" doc:"Where these facts were found."`
	Example     bool          `json:"example" doc:"Not a real place."`
	Holidays    string        `json:"holidays" enum:"closed,sunday,normal" doc:"What public holidays do to the hours."`
	OneAtOnce   bool          `json:"one_place_at_once" doc:"The same person cannot book two places at once."`
	Revision    int           `json:"revision"`
}

func unitViewOf(u resources.Unit) unitView {
	return unitView{
		ID: u.UID, Slug: u.Slug, Name: u.Name, Description: u.Description, Address: u.Address, Postcode: u.Postcode,
		City: u.City, Latitude: u.Latitude, Longitude: u.Longitude, Phone: u.Phone, Email: u.Email, Source: u.Source, Example: u.Example,
		Holidays: u.Holidays, OneAtOnce: u.OnePlaceAtOnce, Revision: u.Revision,
	}
}

type resourceView struct {
	ID             uuid.UUID     `json:"id"`
	Slug           string        `json:"slug"`
	Unit           reference     `json:"unit"`
	Name           locales.Texts `json:"name"`
	Description    locales.Texts `json:"description"`
	Type           string        `json:"type"`
	Purposes       []string      `json:"purposes"`
	Equipment      []string      `json:"equipment"`
	PersonsMin     *int          `json:"persons_min" doc:"null when not known; so are the others."`
	PersonsMax     *int          `json:"persons_max"`
	AreaM2         *float64      `json:"area_m2"`
	StepFree       *bool         `json:"step_free"`
	Access         string        `json:"access" doc:"How one gets in: open, code, key, card, reception, staff, agreed; empty when not known."`
	Raster         int           `json:"raster_minutes" doc:"Starts lie on this raster from the beginning of a reservable span."`
	MinMinutes     int           `json:"min_minutes"`
	MaxMinutes     *int          `json:"max_minutes"`
	BufferBefore   int           `json:"buffer_before_minutes"`
	BufferAfter    int           `json:"buffer_after_minutes"`
	DaysAheadMin   int           `json:"days_ahead_min"`
	DaysAheadMax   *int          `json:"days_ahead_max"`
	CancelMinutes  *int          `json:"cancel_minutes" doc:"A holder may cancel until so long before the begin; null = not at all."`
	ReleaseAfter   *int          `json:"release_after_minutes" doc:"So long after the begin a turn is released when nobody has checked in; null = nobody is asked to."`
	RequiredFields []string      `json:"required_fields"`
	Price          priceView     `json:"price"`
	Terms          locales.Texts `json:"terms"`
	Page           locales.Texts `json:"page" doc:"Address of its page in each language."`
	Picture        string        `json:"picture"`
	Pictures       []pictureView `json:"pictures" doc:"Photographs, the first one first; without any, picture is a drawing."`
	Source         string        `json:"source"`
	Example        bool          `json:"example"`
	Revision       int           `json:"revision"`
}

// priceView is what something costs; cents null = agreed with the unit.
type priceView struct {
	Cents    *int           `json:"cents" doc:"null = not known; the unit decides and tells."`
	Currency string         `json:"currency"`
	Unit     string         `json:"unit,omitempty" enum:"hour,started_hour,quarter,started_quarter,day,use" doc:"Of a resource: what cents are for."`
	Note     *locales.Texts `json:"note,omitempty"`
	Lines    []priceLine    `json:"lines,omitempty" doc:"How it comes about; the cents of base, factor, fee and vat add up to it."`
}

type priceLine struct {
	Kind    string `json:"kind" enum:"base,factor,fee,vat,included_vat,deposit"`
	Key     string `json:"key,omitempty"`
	Label   string `json:"label"`
	Percent int    `json:"percent,omitempty"`
	Cents   int    `json:"cents"`
}

func priceLineViews(say locales.Printer, lines []ledger.PriceLine) []priceLine {
	var views []priceLine
	for _, line := range lines {
		label, _ := notify.PriceWords(say, line)
		views = append(views, priceLine{line.Kind, line.Key, label, line.Percent, line.Cents})
	}
	return views
}

func (s *Server) resourceViewOf(place resources.Place) resourceView {
	r := place.Resource
	picture, _ := cardPictureOf(place)
	pictures := []pictureView{}
	for _, p := range place.Shown() {
		pictures = append(pictures, s.pictureViewOf(p))
	}
	return resourceView{
		ID: r.UID, Slug: r.Slug, Unit: reference{place.Unit.UID, place.Unit.Slug, place.Unit.Name}, Name: r.Name, Description: r.Description,
		Type: r.Type, Purposes: list(r.Purposes), Equipment: list(r.Equipment), PersonsMin: r.PersonsMin, PersonsMax: r.PersonsMax,
		AreaM2: r.AreaM2, StepFree: r.StepFree, Access: r.Access, Raster: r.Raster, MinMinutes: r.MinMinutes, MaxMinutes: r.MaxMinutes,
		BufferBefore: r.BufferBefore, BufferAfter: r.BufferAfter, DaysAheadMin: r.DaysAheadMin, DaysAheadMax: r.DaysAheadMax,
		CancelMinutes: r.CancelMinutes, ReleaseAfter: r.ReleaseAfterMinutes, RequiredFields: list(r.RequiredFields), Terms: r.Terms,
		Price: priceView{Cents: r.PriceCents, Currency: currency, Unit: r.PriceUnit, Note: &r.PriceNote},
		Page: locales.Texts{
			Fi: s.BaseURL + pathTo("room", "fi", r.Slug), Sv: s.BaseURL + pathTo("room", "sv", r.Slug), En: s.BaseURL + pathTo("room", "en", r.Slug),
		},
		Picture: s.BaseURL + picture, Pictures: pictures, Source: r.Source, Example: r.Example, Revision: r.Revision,
	}
}

// list is never null in JSON.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// SpanView is a time, in the installation's zone.
type SpanView struct {
	Begin time.Time `json:"begin"`
	End   time.Time `json:"end"`
}

func (s *Server) span(begin, end time.Time) SpanView {
	return SpanView{begin.In(s.Zone), end.In(s.Zone)}
}

func (s *Server) spans(intervals []calendar.Interval) []SpanView {
	views := make([]SpanView, len(intervals))
	for i, interval := range intervals {
		views[i] = s.span(interval.Begin, interval.End)
	}
	return views
}

type conflictView struct {
	Date  string    `json:"date"`
	Begin time.Time `json:"begin"`
	End   time.Time `json:"end"`
	Kind  string    `json:"kind" enum:"reservation,request,hold,offer,closure,buffer,series" doc:"series: another date of the same series."`
}

func conflictViews(say locales.Printer, conflicts []booking.Conflict) []conflictView {
	var views []conflictView
	for _, c := range conflicts {
		begin, end := inZone(say, c.Begin), inZone(say, c.End)
		views = append(views, conflictView{begin.Format(time.DateOnly), begin, end, c.Kind})
	}
	return views
}

func inZone(say locales.Printer, t time.Time) time.Time {
	if say.Zone == nil {
		return t.UTC()
	}
	return t.In(say.Zone)
}

type alternativeView struct {
	Resource reference `json:"resource"`
	Begin    time.Time `json:"begin"`
	End      time.Time `json:"end"`
	Why      string    `json:"why" enum:"same_room,same_time,next_week"`
	Approval bool      `json:"approval" doc:"Somebody would have to approve it first."`
	Message  string    `json:"message"`
}

func alternativeViews(say locales.Printer, alternatives []booking.Alternative) []alternativeView {
	var views []alternativeView
	for _, a := range alternatives {
		views = append(views, alternativeView{
			Resource: reference{a.Resource.UID, a.Resource.Slug, a.Resource.Name},
			Begin:    inZone(say, a.Begin), End: inZone(say, a.End), Why: a.Why, Approval: a.Approval, Message: say.Word("alternative", a.Why),
		})
	}
	return views
}

// decisionView is what the rules say.
type decisionView struct {
	Verdict    string          `json:"verdict" enum:"allow,approval,refuse"`
	Message    string          `json:"message"`
	Book       string          `json:"rule_book,omitempty" doc:"Key and version of the rule book."`
	Base       string          `json:"base_rule_book,omitempty" doc:"Key and version of the shared book beneath it."`
	Rules      []string        `json:"rules" doc:"Ids of its rules that decided."`
	Violations []violationView `json:"violations"`
	Approvals  []violationView `json:"approvals" doc:"Why an approval is needed."`
	Price      priceView       `json:"price"`
	Competes   bool            `json:"competes" doc:"A request does not hold the time."`
}

func decisionViewOf(say locales.Printer, d policies.Decision) decisionView {
	return decisionView{
		Verdict: string(d.Verdict), Message: verdictSentence(say, d.Verdict), Book: d.Book, Rules: list(d.Rules),
		Violations: list(violationViews(say, d.Violations)), Approvals: list(violationViews(say, d.Approvals)),
		Price: priceView{Cents: d.Price.Cents, Currency: currency, Unit: d.Price.Unit, Lines: priceLineViews(say, booking.PriceLines(d.Price))},
		Base:  d.Base, Competes: d.Competes,
	}
}

func verdictSentence(say locales.Printer, verdict policies.Verdict) string {
	if verdict == "" {
		return ""
	}
	return sentence(say, fault.Refused, "verdict."+string(verdict), nil)
}
