package resources

import (
	"context"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// Pictures are those of a resource in their order, also those that wait for a
// description.
func (s *Service) Pictures(ctx context.Context, d *db.DB, resource int) ([]Picture, error) {
	var list []Picture
	return list, db.Fault(d.Gorm(ctx).Where("resource = ?", resource).Order("position, id").Find(&list).Error)
}

// PictureByUID reads one picture; unknown is NotFound, picture.not_found.
func (s *Service) PictureByUID(ctx context.Context, d *db.DB, uid uuid.UUID) (Picture, error) {
	var list []Picture
	if err := d.Gorm(ctx).Where("uid = ?", uid).Limit(1).Find(&list).Error; err != nil {
		return Picture{}, db.Fault(err)
	}
	if len(list) == 0 {
		return Picture{}, pictureNotFound()
	}
	return list[0], nil
}

// PictureFile is the JPEG of a picture in one of PictureWidths; unknown is
// NotFound, picture.not_found.
func (s *Service) PictureFile(ctx context.Context, d *db.DB, uid uuid.UUID, width int) ([]byte, error) {
	var list []PictureFile
	err := d.Query(ctx, &list, `SELECT f.* FROM picture_files f JOIN pictures p ON p.id = f.picture WHERE p.uid = ? AND f.width = ?`, uid, width)
	if err == nil && len(list) == 0 {
		err = pictureNotFound()
	}
	if err != nil {
		return nil, err
	}
	return list[0].Body, nil
}

// AddPicture puts a picture behind those of its resource. Too many are Invalid,
// picture.too_many.
func (s *Service) AddPicture(ctx context.Context, tx *db.DB, picture Picture, files []PictureFile) (Picture, error) {
	picture.ID, picture.Revision, picture.AddedAt = 0, 1, s.Now()
	if err := picture.check(); err != nil {
		return Picture{}, err
	}
	if err := identify(&picture.UID); err != nil {
		return Picture{}, err
	}
	have, err := s.Pictures(ctx, tx, picture.Resource)
	if err != nil {
		return Picture{}, err
	}
	if len(have) >= MaxPictures {
		return Picture{}, fault.InvalidField("picture", "picture.too_many", fault.Params{"max": MaxPictures})
	}
	for _, p := range have {
		picture.Position = max(picture.Position, p.Position)
	}
	picture.Position++
	if err := create(ctx, tx, &picture, "duplicate"); err != nil {
		return Picture{}, err
	}
	for _, file := range files {
		_, err := tx.Exec(ctx, "INSERT INTO picture_files (picture, width, body) VALUES (?, ?, ?)", picture.ID, file.Width, file.Body)
		if err != nil {
			return Picture{}, err
		}
	}
	return picture, nil
}

// CopyPictures gives a resource the pictures of another.
func (s *Service) CopyPictures(ctx context.Context, tx *db.DB, from, to int) error {
	list, err := s.Pictures(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, picture := range list {
		var files []PictureFile
		if err := tx.Query(ctx, &files, "SELECT * FROM picture_files WHERE picture = ?", picture.ID); err != nil {
			return err
		}
		picture.UID, picture.Resource = uuid.Nil, to
		if _, err := s.AddPicture(ctx, tx, picture, files); err != nil {
			return err
		}
	}
	return nil
}

// DescribePicture saves what a picture shows.
func (s *Service) DescribePicture(ctx context.Context, tx *db.DB, picture Picture) (Picture, error) {
	if err := picture.check(); err != nil {
		return Picture{}, err
	}
	return picture, update(ctx, tx, &picture, stamp{picture.ID, &picture.Revision}, []string{"alt", "decorative"})
}

// MovePicture puts a picture one place earlier (-1) or later (+1) among those of
// its resource; at the end it stays.
func (s *Service) MovePicture(ctx context.Context, tx *db.DB, picture Picture, by int) error {
	list, err := s.Pictures(ctx, tx, picture.Resource)
	if err != nil {
		return err
	}
	for i, p := range list {
		if p.ID == picture.ID && i+by >= 0 && i+by < len(list) {
			list[i], list[i+by] = list[i+by], list[i]
			break
		}
	}
	for i, p := range list {
		if _, err := tx.Exec(ctx, "UPDATE pictures SET position = ? WHERE id = ? AND position <> ?", i+1, p.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// RemovePicture deletes a picture with its files.
func (s *Service) RemovePicture(ctx context.Context, tx *db.DB, picture Picture) error {
	_, err := tx.Exec(ctx, "DELETE FROM pictures WHERE id = ?", picture.ID)
	return err
}
