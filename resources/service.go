package resources

import (
	"time"

	"vuoro/db"
)

// Service reads and changes places. Every method takes the handle to work on,
// which may be a transaction; DB is the one to pass where there is none.
type Service struct {
	DB   *db.DB
	Now  func() time.Time // decides which version of a rule book is in force
	Zone *time.Location   // of the installation
}
