package catalogue

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/resources"
	"vuoro/web/locales"
)

// NewPicture is an upload with what it shows.
type NewPicture struct {
	Resource   uuid.UUID
	Body       []byte // JPEG or PNG as it was sent
	Alt        locales.Texts
	Decorative bool
}

// AddPicture takes a picture of a resource. The rights are asked before the
// file is looked at, because looking costs.
func (s *Service) AddPicture(ctx context.Context, actor accounts.Actor, sent NewPicture) (made resources.Picture, err error) {
	place, err := s.managed(ctx, s.DB, actor, sent.Resource)
	if err != nil {
		return made, err
	}
	upload, err := resources.ReadUpload(sent.Body)
	if err != nil {
		return made, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, place.Unit.ID, true); err != nil {
			return edit{}, err
		}
		made, err = s.Places.AddPicture(ctx, tx, resources.Picture{
			Resource: place.Resource.ID, Alt: sent.Alt, Decorative: sent.Decorative, Width: upload.Width, Height: upload.Height,
		}, upload.Files)
		return pictureEdit(place, "picture.added", nil, made), err
	})
	return made, err
}

func pictureEdit(place resources.Place, action string, before, after any) edit {
	return edit{place.Unit.ID, action, "resource:" + place.Resource.UID.String(), before, after}
}

// DescribePicture saves what a picture shows; picture carries its UID and the
// Revision that was read.
func (s *Service) DescribePicture(ctx context.Context, actor accounts.Actor, picture resources.Picture) error {
	return s.changePicture(ctx, actor, picture.UID, func(tx *db.DB, place resources.Place, now resources.Picture) (edit, error) {
		next := now
		next.Alt, next.Decorative, next.Revision = picture.Alt, picture.Decorative, picture.Revision
		saved, err := s.Places.DescribePicture(ctx, tx, next)
		return pictureEdit(place, "picture.described", now, saved), err
	})
}

// MovePicture shows a picture one place earlier (-1) or later (+1).
func (s *Service) MovePicture(ctx context.Context, actor accounts.Actor, uid uuid.UUID, by int) error {
	return s.changePicture(ctx, actor, uid, func(tx *db.DB, place resources.Place, now resources.Picture) (edit, error) {
		if err := s.Places.MovePicture(ctx, tx, now, by); err != nil {
			return edit{}, err
		}
		saved, err := s.Places.PictureByUID(ctx, tx, uid)
		return pictureEdit(place, "picture.moved", now, saved), err
	})
}

// RemovePicture deletes a picture.
func (s *Service) RemovePicture(ctx context.Context, actor accounts.Actor, uid uuid.UUID) error {
	return s.changePicture(ctx, actor, uid, func(tx *db.DB, place resources.Place, now resources.Picture) (edit, error) {
		return pictureEdit(place, "picture.removed", now, nil), s.Places.RemovePicture(ctx, tx, now)
	})
}

// PictureOf is a picture and its resource, for those who work for its unit.
func (s *Service) PictureOf(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (resources.Picture, resources.Place, error) {
	picture, err := s.Places.PictureByUID(ctx, s.DB, uid)
	if err != nil {
		return picture, resources.Place{}, err
	}
	place, err := s.Places.PlaceByID(ctx, s.DB, picture.Resource)
	if err == nil {
		_, err = s.managed(ctx, s.DB, actor, place.Resource.UID)
	}
	return picture, place, err
}

func (s *Service) changePicture(ctx context.Context, actor accounts.Actor, uid uuid.UUID,
	change func(tx *db.DB, place resources.Place, now resources.Picture) (edit, error),
) error {
	return s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		picture, err := s.Places.PictureByUID(ctx, tx, uid)
		if err != nil {
			return edit{}, err
		}
		place, err := s.Places.PlaceByID(ctx, tx, picture.Resource)
		if err != nil {
			return edit{}, err
		}
		if _, err := s.managed(ctx, tx, actor, place.Resource.UID); err != nil {
			return edit{}, err
		}
		if err := tx.LockUnit(ctx, place.Unit.ID, true); err != nil {
			return edit{}, err
		}
		if picture, err = s.Places.PictureByUID(ctx, tx, uid); err != nil {
			return edit{}, err
		}
		return change(tx, place, picture)
	})
}
