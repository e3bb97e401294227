package resources

import (
	"context"
	"sync/atomic"
	"time"

	"vuoro/db"
)

// Service reads and changes places; it keeps what it has read while it holds. Every method takes the handle to work on,
// which may be a transaction; DB is the one to pass where there is none.
type Service struct {
	DB   *db.DB
	Now  func() time.Time // decides which version of a rule book is in force
	Zone *time.Location   // of the installation

	// Reseat gives reservations (ids, by begin) the atoms that their resources
	// have now, in the transaction that changed them, or refuses and says which
	// would collide. It is booking's; without it resources that are booked keep
	// their parts.
	Reseat func(ctx context.Context, tx *db.DB, reservations []int64) error

	kept atomic.Pointer[stock] // the last one that was read
}
