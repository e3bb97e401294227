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
	"fmt"
	"time"

	"vuoro/db"
	"vuoro/fault"
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

// Position is a place in a file, counted from 1. Name is the column of a CSV
// file, or the path of a JSON file ("units[2].resources[0].price").
type Position struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Name   string `json:"name,omitempty"`
}

// Mistake is one thing that is wrong in a file; its sentence is that of the
// fault's code.
type Mistake struct {
	Position
	Fault *fault.Error `json:"-"`
}

// Mistakes is the error of a file that cannot be imported: the first of them in
// the order of the file, and how many more there are.
type Mistakes struct {
	List []Mistake
	More int
}

// maxMistakes is how many mistakes are told at once.
const maxMistakes = 100

// Error is for logs; people get the sentences.
func (m *Mistakes) Error() string {
	first := m.List[0]
	return fmt.Sprintf("%d mistakes, the first in line %d, column %d (%s): %v", len(m.List)+m.More, first.Line, first.Column, first.Name, first.Fault)
}

// add keeps a mistake.
func (m *Mistakes) add(at Position, err *fault.Error) {
	m.List = append(m.List, Mistake{Position: at, Fault: err})
}

func invalid(code string, params ...fault.Params) *fault.Error {
	e := &fault.Error{Kind: fault.Invalid, Code: code}
	for _, p := range params {
		e.Params = p
	}
	return e
}
