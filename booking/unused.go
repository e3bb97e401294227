package booking

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// Unused is a series whose last two turns nobody came to and nobody gave back.
// Whether it is withdrawn is for staff to decide.
type Unused struct {
	UID          uuid.UUID
	Number       string
	Unit         int
	Title        string
	HolderName   string
	ResourceName locales.Texts
	UnitName     locales.Texts
	Last         time.Time // begin of the newest of the two turns
	Before       time.Time // begin of the other
	Coming       int       // turns that are still to come
}

// UnusedSeries lists the series of the actor's units that have turns to come
// and whose last two past turns are no-shows, by the newest. A turn that was
// given back or cancelled in between was said, so it breaks the row; one that
// staff took away says nothing. What staff have dismissed needs two new ones.
func (s *Service) UnusedSeries(ctx context.Context, actor accounts.Actor) ([]Unused, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return nil, err
	}
	params["now"], params["limit"] = s.Now(), maxPage
	return s.unusedSeries(ctx, where, params)
}

// DismissUnused takes a series off the list of UnusedSeries, for managers of its
// unit: they have looked at it and it stays as it is.
func (s *Service) DismissUnused(ctx context.Context, actor accounts.Actor, series uuid.UUID) error {
	return s.do(ctx, actor, func(w *work) error {
		unit, err := w.unitOfSeries(ctx, series)
		if err != nil {
			return err
		}
		if unit == 0 || !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: unit}) {
			return fault.New(fault.NotFound, "series.not_found")
		}
		if !accounts.Can(actor, accounts.HandleReservation, accounts.Object{Unit: unit}) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		w.audits = append(w.audits, ledger.Entry{
			Stream: unit, At: w.now, Actor: actor.Name(), Action: "series.unused_dismissed", Object: "series:" + series.String(),
		})
		return w.dismissUnused(ctx, series)
	})
}
