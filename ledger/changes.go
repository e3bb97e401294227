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

// Record appends a change to the change log in the caller's transaction.
func Record(ctx context.Context, tx *db.DB, change Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO change_log (at, unit, resource, reservation, before, after) VALUES (?, ?, ?, ?, ?, ?)`,
		change.At, change.Unit, change.Resource, change.Reservation, nullable(change.Before), nullable(change.After))
	return err
}

func nullable(hours *Hours) any {
	if hours == nil {
		return nil
	}
	return db.AsJSON(hours)
}
