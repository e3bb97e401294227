// Package files is what every imported file goes through: its text whatever
// wrote it, and mistakes with the place that each has in it. It leaves out what
// a file says.
package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vuoro/fault"
)

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

// Add keeps a mistake.
func (m *Mistakes) Add(at Position, err *fault.Error) {
	m.List = append(m.List, Mistake{Position: at, Fault: err})
}

// Sorted gives all mistakes in the order of the file, the first hundred at most.
func (m *Mistakes) Sorted() *Mistakes {
	list := slices.Clone(m.List)
	slices.SortStableFunc(list, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	told := &Mistakes{List: list}
	if len(list) > maxMistakes {
		told.List, told.More = list[:maxMistakes], len(list)-maxMistakes
	}
	return told
}

// Invalid is the fault of a mistake.
func Invalid(code string, params ...fault.Params) *fault.Error {
	e := &fault.Error{Kind: fault.Invalid, Code: code}
	for _, p := range params {
		e.Params = p
	}
	return e
}

// Shortened keeps what is quoted in a sentence short.
func Shortened(text string) string {
	const longest = 60
	runes := []rune(strings.TrimSpace(text))
	if len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return string(runes)
}
