package booking

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// SeriesAdd is one more date of a series, or one that could not be made
// before. Times and Resource are those of the series where they are not given.
type SeriesAdd struct {
	Date     calendar.Date
	Resource uuid.UUID
	Times    *Times
	Reason   string // of staff who override a rule; empty = that of the series
	Key      ledger.Key
}

// AddDate makes one more date of a series, or a rejected one that has become
// free, with what was filled in for the series. It needs an approval of its own
// where the rule book asks for one. A no is a *Refusal with alternatives; a
// date that the series has already is series.has_date.
func (s *Service) AddDate(ctx context.Context, actor accounts.Actor, ref string, add SeriesAdd) (Reservation, error) {
	var made Reservation
	var tried SeriesDate
	err := s.do(ctx, actor, func(w *work) error {
		out, _, err := ledger.Once(ctx, w.tx, add.Key, w.now, func() (ledger.Outcome, error) {
			d, err := w.addDate(ctx, ref, add)
			tried = d
			return ledger.Outcome{Status: http.StatusCreated, Result: d.draft.UID.String()}, err
		})
		if err == nil {
			made, err = find(ctx, w.tx, out.Result)
		}
		return err
	})
	return made, s.withAlternatives(ctx, actor, err, tried.Times, func(*work) (wish, error) { return tried.wish, nil })
}

func (w *work) addDate(ctx context.Context, ref string, add SeriesAdd) (SeriesDate, error) {
	var more []target
	if add.Resource != uuid.Nil {
		t, err := w.target(ctx, add.Resource)
		if err != nil {
			return SeriesDate{}, err
		}
		more = append(more, t)
	}
	e, err := w.openSeriesEdit(ctx, SeriesChange{Ref: ref}, more...)
	if err != nil {
		return SeriesDate{}, err
	}
	if !w.maySeries(w.actor, e.series, accounts.EditReservation) && !w.maySeries(w.actor, e.series, accounts.HandleReservation) {
		return SeriesDate{}, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if slices.ContainsFunc(e.dates, func(r Reservation) bool { return r.SeriesDate == add.Date }) {
		return SeriesDate{}, fault.New(fault.Conflict, "series.has_date", fault.Params{"date": add.Date})
	}
	place := e.place
	if len(more) > 0 {
		place = e.places[more[0].ID]
	}
	sk, err := w.oneDate(ctx, e.series, place, add)
	if err != nil {
		return SeriesDate{}, err
	}
	preview, err := w.judge(ctx, sk)
	if err != nil {
		return SeriesDate{}, err
	}
	d := sk.dates[0]
	d.wish = sk.wish(d.place)
	if d.Verdict != DateFree {
		return d, d.refusal()
	}
	if err := preview.refuse(sk.req); err != nil {
		return d, err
	}
	return w.makeOne(ctx, e, sk, preview)
}

// refusal is the date's no as that of a single booking.
func (d SeriesDate) refusal() error {
	if d.Verdict == DateNoTime {
		code, params := d.Code()
		return fault.New(fault.Refused, code, params)
	}
	return newRefusal(d.Decision, d.Conflicts)
}

// makeOne stores the one date of a sketch and tells its people.
func (w *work) makeOne(ctx context.Context, e *seriesEdit, sk *sketch, preview SeriesPreview) (SeriesDate, error) {
	d := sk.dates[0]
	made, err := w.makeDates(ctx, sk, preview, e.series)
	if err != nil {
		return d, err
	}
	d.draft = made[0]
	if _, err := w.tx.Exec(ctx, "UPDATE rejected_dates SET state = 'made' WHERE series = ? AND series_date = ?", e.series.ID, d.Date); err != nil {
		return d, err
	}
	if err := w.includeDate(ctx, e, d.Date); err != nil {
		return d, err
	}
	topic := "reservation." + string(EventConfirm)
	if d.draft.State == Requested {
		topic = "reservation." + string(EventRequest)
	}
	if err := w.mailHolder(ctx, d.place, d.draft, topic); err != nil {
		return d, err
	}
	if err := w.mailStaff(ctx, d.place, d.draft); err != nil {
		return d, err
	}
	w.audit(d.draft, topic[len("reservation."):], map[string]any{
		"number": d.draft.Number, "begin": d.draft.BeginAt, "end": d.draft.EndAt, "series": e.series.Number,
	})
	return d, nil
}

// includeDate makes the date one of the plan's where the rule does not give it.
func (w *work) includeDate(ctx context.Context, e *seriesEdit, date calendar.Date) error {
	plan := e.series.Plan()
	plan.Exclude = slices.DeleteFunc(slices.Clone(plan.Exclude), func(d calendar.Date) bool { return d == date })
	rule, occurrences, err := w.expand(plan, e.place.Unit.City)
	if err != nil {
		return err
	}
	given := slices.ContainsFunc(occurrences, func(o calendar.Occurrence) bool { return o.Date == date })
	if !given {
		plan.Include = append(plan.Include, date)
	}
	e.series.setPlan(plan, rule)
	return w.countSeries(ctx, &e.series)
}

// oneDate is the sketch of a single date of a series, asked for by the actor
// with what was filled in for the series.
func (w *work) oneDate(ctx context.Context, s Series, place resources.Place, add SeriesAdd) (*sketch, error) {
	if !add.Date.Valid() {
		return nil, fault.InvalidField("date", "series.first")
	}
	h, err := w.holderOf(ctx, s.object(), place.Unit)
	if err != nil {
		return nil, err
	}
	sk := &sketch{
		place: place, places: map[uuid.UUID]resources.Place{place.Resource.UID: place}, holders: map[int]holder{place.Unit.ID: h},
		req:     SeriesRequest{Resource: place.Resource.UID, Kind: s.Kind, Form: s.Form(), Reason: cmp.Or(strings.TrimSpace(add.Reason), s.ReasonText)},
		editing: &s,
	}
	if s.Kind == policies.Ordinary && w.maySeries(w.actor, s, accounts.HandleReservation) && !w.maySeries(w.actor, s, accounts.EditReservation) {
		sk.req.Kind = policies.Behalf
	}
	d := SeriesDate{Date: add.Date, Resource: place.Resource, place: place}
	if add.Times != nil {
		d.Times = add.Times.truncated()
		if err := d.check(w.now); err != nil {
			return nil, err
		}
	} else {
		d.stand(calendar.Resolve(add.Date, s.FromMinute, w.Zone), calendar.Resolve(add.Date, s.ToMinute, w.Zone))
	}
	sk.dates = []SeriesDate{d}
	return sk, nil
}

// DropRejected takes a date that was not made off the list: nobody wants it any
// more.
func (s *Service) DropRejected(ctx context.Context, actor accounts.Actor, ref string, date calendar.Date) error {
	return s.do(ctx, actor, func(w *work) error {
		e, err := w.openSeriesEdit(ctx, SeriesChange{Ref: ref})
		if err != nil {
			return err
		}
		if !w.maySeries(actor, e.series, accounts.EditReservation) && !w.maySeries(actor, e.series, accounts.HandleReservation) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		dropped, err := w.tx.Exec(ctx, "UPDATE rejected_dates SET state = 'dropped' WHERE series = ? AND series_date = ? AND state = 'open'",
			e.series.ID, date)
		if err == nil && dropped == 0 {
			err = fault.InvalidField("date", "series.no_such_date", fault.Params{"date": date})
		}
		w.auditSeries(seriesNews{series: e.series}, "date_dropped", map[string]any{"number": e.series.Number, "date": date})
		return err
	})
}
