// Package places reads and writes the catalogue of a city's rooms as one file
// that people can edit: units with their spaces, devices, resources and hours,
// and rule books in short (docs/places.md). The file is JSON or CSV; both say
// the same.
//
// It promises that every mistake is told with its line and column, that nothing
// is half-imported, that importing a file again changes nothing, and that what
// a file does not say stays as it is. It leaves out reservations, people and
// pictures, and it never removes anything.
package places

import (
	"time"

	"vuoro/db"
	"vuoro/imports/files"
	"vuoro/resources"
)

// Kinds of rows, in the order in which a summary tells them.
const (
	RuleBookRow = "rule_book"
	UnitRow     = "unit"
	HoursRow    = "hours"
	SpaceRow    = "space"
	DeviceRow   = "device"
	ResourceRow = "resource"
)

// Kinds are all kinds of rows.
var Kinds = []string{RuleBookRow, UnitRow, HoursRow, SpaceRow, DeviceRow, ResourceRow}

// Service imports and exports. Resources is what writes; Zone is that of the
// dates in a file.
type Service struct {
	DB        *db.DB
	Resources *resources.Service
	Now       func() time.Time
	Zone      *time.Location
}

// Order is what to import. Progress, which may be nil, is told how many rows
// are done.
type Order struct {
	Data     []byte // the file, see Read
	DryRun   bool   // checks everything and keeps nothing
	Actor    string // of the audit trail; "" = system
	Progress func(done, of int)
}

// Count is what became of the rows of a kind. Hours are counted by whose they
// are. Unnamed are those that are here but not in the file; they stay.
type Count struct {
	Kind      string `json:"kind"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	Unnamed   int    `json:"unnamed"`
}

// Summary is what an import did, or would do.
type Summary struct {
	DryRun bool    `json:"dry_run"`
	Counts []Count `json:"counts"` // one of each kind, as in Kinds
}

// What a file gets wrong is told as every imported file tells it.
type (
	Position = files.Position
	Mistake  = files.Mistake
	Mistakes = files.Mistakes
)

// MaxSize is how large a file may be, in bytes.
const MaxSize = files.MaxSize

var invalid = files.Invalid
