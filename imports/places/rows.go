package places

import (
	"strings"

	"vuoro/fault"
	"vuoro/imports/files"
)

// cell is one value of a row. Empty text empties what is there.
type cell struct {
	text string
	at   Position
}

// row is one thing of a file: both spellings are read into rows, and everything
// after that is the same. Cells hold only what the file says.
type row struct {
	kind  string
	at    Position
	cells map[string]cell
}

// childrenSaid marks a unit or resource whose hours the file gives, even none.
const childrenSaid = HoursRow

func (r row) text(column string) string { return r.cells[column].text }

// where is the position of a cell, or of the row when it has none there.
func (r row) where(column string) Position {
	if c, ok := r.cells[column]; ok {
		return c.at
	}
	at := r.at
	if !strings.Contains(at.Name, "[") { // a CSV row has no name of its own
		at.Name = column
	} else {
		at.Name += "." + column
	}
	return at
}

// sheet is a file that was read.
type sheet struct {
	rows     []row
	mistakes *Mistakes
	broken   bool // it cannot be read to its end
}

// breaks keeps the mistake after which nothing can be read.
func (s *sheet) breaks(at Position, err *fault.Error) {
	s.mistakes.Add(at, err)
	s.broken = true
}

// sorted gives all mistakes in the order of the file.
func (s *sheet) sorted() *Mistakes { return s.mistakes.Sorted() }

// Read tells what is wrong with a file as far as it can be seen without the
// database, which is its form; nil if nothing is.
func Read(data []byte) *Mistakes {
	s := read(data)
	if len(s.mistakes.List) == 0 {
		return nil
	}
	return s.sorted()
}

// read reads either spelling, whichever it is.
func read(data []byte) *sheet {
	s := &sheet{mistakes: &Mistakes{}}
	text, at, err := files.Decode(data)
	switch {
	case err != nil:
		s.breaks(at, err)
	case strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{"):
		s.readJSON(text)
	default:
		s.readCSV(text)
	}
	return s
}
