package ledger

import (
	"context"
	"time"

	"vuoro/db"
)

// Hours are the values of a reservation that booked hours depend on.
type Hours struct {
	Resource int       `json:"resource"`
	Begin    time.Time `json:"begin"`
	End      time.Time `json:"end"`
	Kind     string    `json:"kind"`
	State    string    `json:"state"`
	NoShow   bool      `json:"no_show"`
}

// Change is one step of a reservation: Before nil = made, After nil = removed.
type Change struct {
	At          time.Time
	Unit        int
	Resource    int
	Reservation int64
	Before      *Hours
	After       *Hours
}

// Record appends changes to the change log, in the order given, in the caller's
// transaction.
func Record(ctx context.Context, tx *db.DB, changes ...Change) error {
	rows := make([]changeRow, len(changes))
	for i, c := range changes {
		rows[i] = changeRow{i, c.At, c.Unit, c.Resource, c.Reservation, c.Before, c.After}
	}
	_, err := tx.Exec(ctx, `INSERT INTO change_log (at, unit, resource, reservation, before, after)
		SELECT at, unit, resource, reservation, before, after
		FROM jsonb_to_recordset(CAST(? AS jsonb))
		     AS t(ord int, at timestamptz, unit int, resource int, reservation bigint, before jsonb, after jsonb)
		ORDER BY ord`, db.AsJSON(rows))
	return err
}

// changeRow is a Change as the statement reads it; a missing side stays NULL.
type changeRow struct {
	Ord         int       `json:"ord"`
	At          time.Time `json:"at"`
	Unit        int       `json:"unit"`
	Resource    int       `json:"resource"`
	Reservation int64     `json:"reservation"`
	Before      *Hours    `json:"before,omitempty"`
	After       *Hours    `json:"after,omitempty"`
}
