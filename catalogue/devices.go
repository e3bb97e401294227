package catalogue

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// AddDevice makes a thing, or a pool of equal things, in a unit.
func (s *Service) AddDevice(ctx context.Context, actor accounts.Actor, device resources.Device) (made resources.Device, err error) {
	if err := mayManage(actor, device.Unit); err != nil {
		return made, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		made, err = s.Places.AddDevice(ctx, tx, device)
		if err != nil {
			return edit{}, err
		}
		after, err := s.factsOfDevice(ctx, tx, made)
		return edit{made.Unit, "device.added", "device:" + made.UID.String(), nil, after}, err
	})
	return made, err
}

// SaveDevice renames a device, counts it anew or gives it another place.
func (s *Service) SaveDevice(ctx context.Context, actor accounts.Actor, device resources.Device) (saved resources.Device, err error) {
	if err := mayManage(actor, device.Unit); err != nil {
		return saved, err
	}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.device(ctx, tx, device.Unit, device.UID)
		if err != nil {
			return edit{}, err
		}
		device.ID, device.ExternalRef = before.ID, before.ExternalRef
		if device.Revision == 0 {
			device.Revision = before.Revision
		}
		was, err := s.factsOfDevice(ctx, tx, before)
		if err != nil {
			return edit{}, err
		}
		if saved, err = s.Places.UpdateDevice(ctx, tx, device); err != nil {
			return edit{}, err
		}
		is, err := s.factsOfDevice(ctx, tx, saved)
		return edit{saved.Unit, "device.saved", "device:" + saved.UID.String(), was, is}, err
	})
	return saved, err
}

// RemoveDevice archives a device that no resource uses.
func (s *Service) RemoveDevice(ctx context.Context, actor accounts.Actor, device resources.Device) error {
	if err := mayManage(actor, device.Unit); err != nil {
		return err
	}
	return s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := tx.LockUnit(ctx, device.Unit, true); err != nil {
			return edit{}, err
		}
		before, err := s.device(ctx, tx, device.Unit, device.UID)
		if err != nil {
			return edit{}, err
		}
		if device.Revision != 0 && device.Revision != before.Revision {
			return edit{}, fault.New(fault.Stale, "stale")
		}
		was, err := s.factsOfDevice(ctx, tx, before)
		if err != nil {
			return edit{}, err
		}
		err = s.Places.RemoveDevice(ctx, tx, before.Unit, before.ID)
		return edit{before.Unit, "device.removed", "device:" + before.UID.String(), was, nil}, err
	})
}

func (s *Service) device(ctx context.Context, tx *db.DB, unit int, uid uuid.UUID) (resources.Device, error) {
	var device resources.Device
	err := tx.Query(ctx, &device, "SELECT * FROM devices WHERE unit = ? AND uid = ? AND archived_at IS NULL", unit, uid)
	if err == nil && device.ID == 0 {
		err = notThere()
	}
	return device, err
}

func (s *Service) factsOfDevice(ctx context.Context, tx *db.DB, device resources.Device) (facts deviceFacts, err error) {
	facts.Name, facts.Count = device.Name, device.Count
	facts.Space, err = s.spaceName(ctx, tx, device.Space)
	return facts, err
}
