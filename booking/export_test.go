package booking

import (
	"context"

	"vuoro/accounts"
)

// WaysOut is waysOut of what Book is asked for, on the days of the bad times.
func (s *Service) WaysOut(ctx context.Context, actor accounts.Actor, req Request, bad []Times) ([][]Alternative, error) {
	w := s.reading(actor)
	want, err := w.wishOf(ctx, req)
	if err != nil {
		return nil, err
	}
	want.sameDay = true
	return w.waysOut(ctx, want, bad)
}
