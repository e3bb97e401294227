package booking

import (
	"context"
	"fmt"

	"vuoro/accounts"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// Topics of mails about a series.
const (
	seriesConfirmed = "series.confirmed"
	seriesRequested = "series.requested"
	seriesChanged   = "series.changed"
	seriesDenied    = "series.denied"
	seriesCancelled = "series.cancelled"
	seriesReceived  = "series.request_received" // to staff
	seriesBooked    = "series.booked"           // to staff
)

// announceSeries tells the people of a new series once, and writes its audit
// entries.
func (w *work) announceSeries(ctx context.Context, sk *sketch, made SeriesMade) error {
	topic, toStaff := seriesConfirmed, seriesBooked
	if made.Dates[0].State == Requested {
		topic, toStaff = seriesRequested, seriesReceived
	}
	about := seriesNews{place: sk.place, series: made.Series, dates: made.Dates, rejected: made.Rejected}
	if err := w.mailSeries(ctx, about, topic, toStaff); err != nil {
		return err
	}
	w.auditSeries(about, "made", map[string]any{
		"number": made.Series.Number, "rule": made.Series.Rule, "first": made.Series.FirstDate,
		"from": made.Series.FromMinute, "to": made.Series.ToMinute, "title": made.Series.Title,
		"dates": spansOf(made.Dates), "rejected": len(made.Rejected), "reason": made.Series.ReasonText, "state": made.Dates[0].State,
	})
	return nil
}

// seriesNews is what happened to which dates of a series.
type seriesNews struct {
	place    resources.Place
	series   Series
	dates    []Reservation
	rejected []Rejected
	change   Change
}

// mailSeries writes one mail to each of the holder's people and, where toStaff
// names a topic, to the staff of the series' unit who wish it.
func (w *work) mailSeries(ctx context.Context, about seriesNews, topic, toStaff string) error {
	if len(about.dates) == 0 || !about.dates[len(about.dates)-1].EndAt.After(w.now) {
		return nil
	}
	first := about.dates[0]
	people, err := w.holderAddresses(ctx, first)
	if err != nil {
		return err
	}
	if err := w.postSeries(ctx, about, topic, people); err != nil {
		return err
	}
	if toStaff == "" || about.series.Kind != policies.Ordinary {
		return nil
	}
	if people, err = w.staffAddresses(ctx, first); err != nil {
		return err
	}
	return w.postSeries(ctx, about, toStaff, people)
}

func (w *work) postSeries(ctx context.Context, about seriesNews, topic string, people []address) error {
	if len(people) == 0 {
		return nil
	}
	facts, err := w.seriesFacts(ctx, about)
	if err != nil {
		return err
	}
	first := about.dates[0]
	for _, person := range people {
		err := ledger.Post(ctx, w.tx, ledger.Mail{
			Topic: topic, Recipient: person.Email, Language: person.Language, Payload: facts,
			DedupKey: fmt.Sprintf("%s:%s:%d:%s:%d:%s", topic, about.series.UID, about.series.Revision, first.UID, first.Revision, person.Email),
			At:       w.now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) seriesFacts(ctx context.Context, about seriesNews) (ledger.SeriesFacts, error) {
	s, first := about.series, about.dates[0]
	name, err := w.holderName(ctx, first)
	f := ledger.SeriesFacts{
		Number: s.Number, UID: s.UID.String(), Resource: about.place.Resource.Name, Unit: about.place.Unit.Name,
		Address: about.place.Unit.Address, Title: s.Title, HolderName: name, State: string(first.State),
		ReasonCode: about.change.ReasonCode, ReasonText: about.change.ReasonText,
		ByStaff: w.mayHandle(w.actor, first) && !w.mayEdit(w.actor, first),
	}
	sum, known := 0, true
	others := map[int]resources.Place{}
	for _, r := range about.dates {
		d := ledger.SeriesDateFacts{Begin: r.BeginAt, End: r.EndAt}
		if r.Resource != s.Resource {
			other, read := others[r.Resource]
			if !read {
				if other, err = w.Resources.PlaceByID(ctx, w.tx, r.Resource); err != nil {
					return f, err
				}
				others[r.Resource] = other
			}
			d.Resource = other.Resource.Name
		}
		if known = known && r.PriceCents != nil; known {
			sum += *r.PriceCents
		}
		f.Dates = append(f.Dates, d)
	}
	if known {
		f.PriceCents = &sum
	}
	for _, r := range about.rejected {
		if r.State == "open" {
			f.Left = append(f.Left, ledger.SeriesDateFacts{Begin: r.BeginAt, End: r.EndAt, Code: r.Code, Params: r.Reason.V.Params})
		}
	}
	return f, err
}

// auditSeries writes one entry to the trail of every unit that a change of a
// series touches.
func (w *work) auditSeries(about seriesNews, action string, values map[string]any) {
	units := []int{about.series.Unit}
	for _, r := range about.dates {
		units = append(units, r.Unit)
	}
	for _, unit := range ascending(units) {
		w.audits = append(w.audits, ledger.Entry{
			Stream: unit, At: w.now, Actor: w.actor.Name(), Action: "series." + action,
			Object: "series:" + about.series.UID.String(), Values: values,
		})
	}
}

// spansOf are numbers and times of dates, for the audit trail.
func spansOf(dates []Reservation) []map[string]any {
	list := make([]map[string]any, len(dates))
	for i, r := range dates {
		list[i] = map[string]any{"number": r.Number, "begin": r.BeginAt, "end": r.EndAt}
	}
	return list
}

// maySeries asks whether the actor may do something to a series as to a
// reservation of its holder.
func (s *Service) maySeries(actor accounts.Actor, q Series, action accounts.Action) bool {
	return actor.System || accounts.Can(actor, action, q.object().object())
}
