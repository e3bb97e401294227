package resources

import (
	"context"

	"vuoro/db"
	"vuoro/fault"
)

// checkParts gives the parts as rows of a unit.
func checkParts(ctx context.Context, tx *db.DB, unit int, parts []Part) ([]Part, error) {
	seen := map[key]bool{}
	rows := make([]Part, len(parts))
	for i, part := range parts {
		part.ID, part.Unit, part.Count = 0, unit, max(part.Count, 1)
		rows[i] = part
		if (part.Space == nil) == (part.Device == nil) {
			return nil, fault.InvalidField("parts", "resource.bad_part")
		}
		k := key{space: orZero(part.Space), device: orZero(part.Device)}
		if seen[k] {
			return nil, fault.InvalidField("parts", "resource.part_twice")
		}
		seen[k] = true
		if err := belongs(ctx, tx, part, "parts", "resource.part_elsewhere"); err != nil {
			return nil, err
		}
		if err := enough(ctx, tx, part); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// belongs refuses a part whose space or device is not in its unit.
func belongs(ctx context.Context, tx *db.DB, part Part, field, code string) error {
	table, id := part.row()
	if id == 0 {
		return nil
	}
	var there int
	err := tx.Query(ctx, &there, "SELECT count(*) FROM "+table+" WHERE unit = ? AND id = ? AND archived_at IS NULL", part.Unit, id)
	if err == nil && there == 0 {
		return fault.InvalidField(field, code)
	}
	return err
}

// row is where a part's space or device is stored; id 0 = it has neither.
func (p Part) row() (table string, id int) {
	if p.Device != nil {
		return "devices", *p.Device
	}
	return "spaces", orZero(p.Space)
}

func enough(ctx context.Context, tx *db.DB, part Part) error {
	have := 1
	if part.Device != nil {
		if err := tx.Query(ctx, &have, "SELECT count FROM devices WHERE id = ?", *part.Device); err != nil {
			return err
		}
	}
	if part.Count > have {
		return fault.InvalidField("parts", "resource.part_count", fault.Params{"max": have})
	}
	return nil
}

func orZero(id *int) int {
	if id == nil {
		return 0
	}
	return *id
}
