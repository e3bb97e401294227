package places

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"vuoro/fault"
	"vuoro/imports/files"
)

// kindColumn is the column that says what a row is.
const kindColumn = "row"

// header is what the first line of a CSV file says.
type header struct {
	names  []string
	fields map[string]map[string]bool // kind → its columns
}

// readCSV reads rows until the first that cannot be read at all.
func (s *sheet) readCSV(text string) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = files.Separator(text)
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	var head *header
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.breaks(files.Unreadable(err))
			return
		}
		if head == nil {
			if head = s.readHeader(cells, reader.FieldPos); head == nil {
				return
			}
			continue
		}
		s.readRow(head, cells, reader.FieldPos)
	}
}

// maxColumns is more than all columns that there are.
const maxColumns = 200

// Columns are the names of all columns, sorted.
func Columns() []string {
	all := []string{kindColumn}
	for _, kind := range Kinds {
		for _, f := range columnsOf(kind) {
			all = append(all, f.column)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *sheet) readHeader(names []string, pos func(int) (line, column int)) *header {
	head, all := &header{fields: map[string]map[string]bool{}}, Columns()
	for _, kind := range Kinds {
		head.fields[kind] = map[string]bool{}
		for _, f := range columnsOf(kind) {
			head.fields[kind][f.column] = true
		}
	}
	if len(names) > maxColumns {
		s.breaks(Position{Line: 1, Column: 1}, invalid("places.too_many_columns", fault.Params{"n": len(names), "max": maxColumns}))
		return nil
	}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		at := position(pos, i, name)
		switch {
		case name == "":
		case !slices.Contains(all, name):
			s.mistakes.Add(at, invalid("places.unknown_column", fault.Params{"value": shortened(name), "known": nearest(all, name)}))
			name = ""
		case slices.Contains(head.names, name):
			s.mistakes.Add(at, invalid("places.column_twice", fault.Params{"value": name}))
			name = ""
		}
		head.names = append(head.names, name)
	}
	if !slices.Contains(head.names, kindColumn) {
		s.breaks(Position{Line: 1, Column: 1}, invalid("places.no_kind_column"))
		return nil
	}
	return head
}

func position(pos func(int) (line, column int), i int, name string) Position {
	line, column := pos(i)
	return Position{Line: line, Column: column, Name: name}
}

func (s *sheet) readRow(head *header, cells []string, pos func(int) (line, column int)) {
	r := row{at: position(pos, 0, ""), cells: map[string]cell{}}
	r.at.Column = 1
	if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return
	}
	kindAt := slices.Index(head.names, kindColumn)
	if kindAt < len(cells) {
		r.kind = strings.ToLower(strings.TrimSpace(cells[kindAt]))
		r.at = position(pos, kindAt, "")
	}
	own, known := head.fields[r.kind]
	if !known {
		s.mistakes.Add(r.at, invalid("places.unknown_kind", fault.Params{"value": shortened(r.kind), "known": strings.Join(Kinds, ", ")}))
		return
	}
	for i, text := range cells {
		empty := strings.TrimSpace(text) == ""
		if i >= len(head.names) || head.names[i] == "" {
			if !empty && i >= len(head.names) {
				s.mistakes.Add(position(pos, i, ""), invalid("places.too_many_cells", fault.Params{"n": len(cells), "max": len(head.names)}))
				return
			}
			continue
		}
		name := head.names[i]
		at := position(pos, i, name)
		switch {
		case i == kindAt:
		case own[name]:
			r.cells[name] = cell{text: strings.Clone(files.WithoutGuard(text)), at: at}
		case !empty:
			s.mistakes.Add(at, invalid("places.column_of_others", fault.Params{"column": name, "kind": r.kind}))
		}
	}
	s.rows = append(s.rows, r)
}

// writeCSV writes rows with the columns that some row uses. It begins with the
// mark by which spreadsheets know UTF-8, and separates with ";", which those of
// Finland and Sweden expect.
func writeCSV(rows []written) ([]byte, error) {
	used := map[string]bool{}
	for _, r := range rows {
		for _, v := range r.values {
			used[v.column] = true
		}
	}
	names := []string{kindColumn}
	for _, kind := range []string{ResourceRow, UnitRow, HoursRow, DeviceRow, SpaceRow, RuleBookRow} {
		for _, f := range columnsOf(kind) {
			if used[f.column] && !slices.Contains(names, f.column) {
				names = append(names, f.column)
			}
		}
	}
	var out strings.Builder
	out.WriteString(files.Mark)
	writer := csv.NewWriter(&out)
	writer.Comma = ';'
	_ = writer.Write(names) // a strings.Builder takes everything
	cells := make([]string, len(names))
	for _, r := range rows {
		clear(cells)
		cells[0] = r.kind
		for _, v := range r.values {
			cells[slices.Index(names, v.column)] = files.WithGuard(v.text)
		}
		if err := writer.Write(cells); err != nil {
			return nil, err
		}
	}
	writer.Flush()
	return []byte(out.String()), writer.Error()
}
