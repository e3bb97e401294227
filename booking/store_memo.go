package booking

import (
	"context"

	"vuoro/db"
)

func readMemo(ctx context.Context, d *db.DB, reservation int64) (Memo, error) {
	var memo Memo
	err := d.Query(ctx, &memo, `SELECT m.text, m.written_at, m.revision, COALESCE(NULLIF(p.name, ''), p.email, '') AS author
		FROM memos m LEFT JOIN people p ON p.id = m.written_by WHERE m.reservation = ?`, reservation)
	return memo, err
}

// storeMemo is called with the reservation's row locked.
func (w *work) storeMemo(ctx context.Context, reservation int64, text string) error {
	if text == "" {
		_, err := w.tx.Exec(ctx, "DELETE FROM memos WHERE reservation = ?", reservation)
		return err
	}
	var author *int64
	if id := w.actor.ID(); id != 0 {
		author = &id
	}
	_, err := w.tx.Exec(ctx, `INSERT INTO memos (reservation, text, written_by, written_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (reservation) DO UPDATE SET text = excluded.text, written_by = excluded.written_by,
			written_at = excluded.written_at, revision = memos.revision + 1`, reservation, text, author, w.now)
	return err
}
