package places

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// Import brings the catalogue in line with a file, in one transaction that
// locks the units of the file. A file with mistakes gives them as *Mistakes and
// changes nothing.
func (s *Service) Import(ctx context.Context, order Order) (Summary, error) {
	file := read(order.Data)
	if file.broken {
		return Summary{}, file.sorted()
	}
	var summary Summary
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		im := newImporter(s, tx, order, file)
		if err := im.run(ctx); err != nil {
			return err
		}
		if len(im.mistakes.List) > 0 {
			return im.sorted()
		}
		summary = im.summary()
		if order.DryRun {
			return errDryRun
		}
		return im.record(ctx)
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return summary, err
}

// errDryRun rolls back what was only tried.
var errDryRun = errors.New("dry run")

// name is what a space, device or other thing is called inside what it is in.
type name struct{ kind, unit, key string }

// importer is one run over a file.
type importer struct {
	*Service
	*sheet
	tx      *db.DB
	order   Order
	now     time.Time
	here    *stock
	units   map[string]*unit
	rooms   map[string]*resource
	spaces  map[name]*space
	devices map[name]*device
	books   map[string]*book // of each key the one in force or, if none is, the next
	counts  map[string]*Count
	lines   map[name]Position // where each thing of the file is
	bad     map[name]bool     // things whose rows have mistakes
	settled map[name]bool     // spaces that were looked at
	entries []ledger.Entry
	done    int
}

func newImporter(s *Service, tx *db.DB, order Order, file *sheet) *importer {
	im := &importer{
		Service: s, tx: tx, order: order, now: s.Now(),
		sheet: &sheet{rows: file.rows, mistakes: &Mistakes{List: slices.Clone(file.mistakes.List)}},
		units: map[string]*unit{}, rooms: map[string]*resource{}, spaces: map[name]*space{}, devices: map[name]*device{},
		books: map[string]*book{}, counts: map[string]*Count{}, lines: map[name]Position{}, bad: map[name]bool{}, settled: map[name]bool{},
	}
	for _, kind := range Kinds {
		im.counts[kind] = &Count{Kind: kind}
	}
	return im
}

// run settles every row, what others point to first.
func (im *importer) run(ctx context.Context) error {
	slugs := map[string]bool{}
	for _, r := range im.rows {
		slugs[unitOf(r)] = true
	}
	if err := lockUnits(ctx, im.tx, slices.Collect(maps.Keys(slugs))); err != nil {
		return err
	}
	here, err := load(ctx, im.tx)
	if err != nil {
		return err
	}
	im.meet(here)
	for _, step := range []struct {
		kind   string
		settle func(context.Context, row) error
	}{
		{UnitRow, im.unit}, {RuleBookRow, im.book}, {SpaceRow, im.space}, {DeviceRow, im.device}, {ResourceRow, im.resource},
	} {
		for _, r := range im.unique(step.kind) {
			if err := step.settle(ctx, r); err != nil {
				return err
			}
			im.tell()
		}
	}
	return im.allHours(ctx)
}

func unitOf(r row) string {
	if r.kind == UnitRow {
		return strings.TrimSpace(r.text("slug"))
	}
	return strings.TrimSpace(r.text("unit"))
}

// meet finds everything that is here by its name.
func (im *importer) meet(here *stock) {
	im.here = here
	for _, u := range here.units {
		im.units[u.Slug] = u
	}
	for _, r := range here.resources {
		im.rooms[r.Slug] = r
	}
	for _, s := range here.spaces {
		im.spaces[name{SpaceRow, s.unit, s.key}] = s
	}
	for _, d := range here.devices {
		im.devices[name{DeviceRow, d.unit, d.key}] = d
	}
	for _, b := range here.books {
		im.books[b.Key] = inForce(here.books, b.Key, im.now)
	}
}

// tell reports progress.
func (im *importer) tell() {
	im.done++
	if im.order.Progress != nil {
		im.order.Progress(im.done, len(im.rows))
	}
}

// nameOfRow is what a row is about.
func nameOfRow(r row) name {
	trimmed := func(column string) string { return strings.TrimSpace(r.text(column)) }
	switch r.kind {
	case RuleBookRow:
		return name{RuleBookRow, trimmed("valid_from"), trimmed("key")}
	case UnitRow, ResourceRow:
		return name{r.kind, "", trimmed("slug")}
	}
	return name{r.kind, trimmed("unit"), trimmed("key")}
}

// identity is the column by which a row is found again.
func identity(kind string) string {
	if kind == UnitRow || kind == ResourceRow {
		return "slug"
	}
	return "key"
}

// unique lists the rows of a kind, without those that have no name, name a unit
// that nobody knows or say again what an earlier one says.
func (im *importer) unique(kind string) []row {
	var list []row
	for _, r := range im.rows {
		if r.kind != kind {
			continue
		}
		n := nameOfRow(r)
		first, twice := im.lines[n]
		switch {
		case n.key == "":
			im.refuse(r, identity(kind), "places.name_missing", fault.Params{"column": identity(kind)})
		case twice:
			im.refuse(r, identity(kind), "places.twice", fault.Params{"value": shortened(n.key), "line": first.Line})
		case (kind == SpaceRow || kind == DeviceRow) && !validKey(n.key):
			im.refuse(r, "key", "places.key", fault.Params{"value": shortened(n.key)})
			im.bad[n] = true
		default:
			im.lines[n] = r.where(identity(kind))
			list = append(list, r)
		}
	}
	return list
}

// refuse keeps a mistake of a row's column.
func (im *importer) refuse(r row, column, code string, params ...fault.Params) {
	im.mistakes.Add(r.where(column), invalid(code, params...))
}

// unitFor finds the unit that a row names; ok is false when the row is to be
// left because of that, or of mistakes in the unit itself.
func (im *importer) unitFor(r row) (*unit, bool) {
	slug := unitOf(r)
	if im.bad[name{UnitRow, "", slug}] {
		return nil, false
	}
	u := im.units[slug]
	switch {
	case slug == "":
		im.refuse(r, "unit", "places.name_missing", fault.Params{"column": "unit"})
	case u == nil:
		im.refuse(r, "unit", "places.unknown_unit", fault.Params{"value": shortened(slug), "known": nearest(slugsOf(im.units), slug)})
	}
	return u, u != nil
}

func slugsOf[T any](things map[string]T) []string {
	return slices.Sorted(maps.Keys(things))
}

// outcome is what laying a row over a thing came to.
type outcome int

const (
	refused outcome = iota
	unchanged
	changed
	added
)

// lay puts the cells of a row into a thing and tells what came of it. What
// changed is noted for the audit trail.
func (im *importer) lay(r row, t thing, have bool) outcome {
	fields := t.fields(im.Zone)
	before := spelled(fields)
	sound := true
	for _, f := range fields {
		c, said := r.cells[f.column]
		if !said {
			continue
		}
		text := c.text
		if strings.TrimSpace(text) == "" {
			text = ""
		}
		if err := f.read(text); err != nil {
			im.mistakes.Add(c.at, err)
			sound = false
		}
	}
	after := spelled(fields)
	n := nameOfRow(r)
	switch {
	case !sound:
		im.bad[n] = true
		return refused
	case !have:
		im.counts[r.kind].New++
		im.note(r.kind+".added", differences(fields, make([]string, len(fields)), after))
		return added
	case slices.Equal(before, after):
		im.counts[r.kind].Unchanged++
		return unchanged
	}
	im.counts[r.kind].Changed++
	im.note(r.kind+".saved", differences(fields, before, after))
	return changed
}

// differences are the values of the columns that differ, before and after.
func differences(fields []field, before, after []string) map[string][2]string {
	values := map[string][2]string{}
	for i, f := range fields {
		if before[i] != after[i] {
			values[f.column] = [2]string{before[i], after[i]}
		}
	}
	return values
}

// note keeps what changed for the audit trail; filed says of what.
func (im *importer) note(action string, values any) {
	actor := im.order.Actor
	if actor == "" {
		actor = "system"
	}
	im.entries = append(im.entries, ledger.Entry{At: im.now, Actor: actor, Action: action, Values: values})
}

// filed puts the last entry into the audit stream of a unit, 0 = none.
func (im *importer) filed(stream int, kind string, uid uuid.UUID) {
	last := &im.entries[len(im.entries)-1]
	last.Stream, last.Object = stream, kind+":"+uid.String()
}

// record writes the audit trail, stream by stream.
func (im *importer) record(ctx context.Context) error {
	slices.SortStableFunc(im.entries, func(a, b ledger.Entry) int { return cmp.Compare(a.Stream, b.Stream) })
	for _, entry := range im.entries {
		if err := ledger.Append(ctx, im.tx, entry); err != nil {
			return err
		}
	}
	return nil
}

// write changes the database for a row; what is refused becomes mistakes of the
// row, and the rest of the file is still looked at.
func (im *importer) write(ctx context.Context, r row, change func(tx *db.DB) error) (bool, error) {
	err := im.tx.Tx(ctx, change)
	if err == nil {
		return true, nil
	}
	f := fault.As(err)
	if f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Refused {
		return false, err
	}
	im.bad[nameOfRow(r)] = true
	if f.Kind != fault.Invalid || len(f.Fields) == 0 {
		im.mistakes.Add(r.at, &fault.Error{Kind: f.Kind, Code: f.Code, Params: f.Params})
	}
	for _, field := range f.Fields {
		im.mistakes.Add(r.where(columnFor(r, field)), &fault.Error{Kind: f.Kind, Code: field.Code, Params: field.Params})
	}
	return false, nil
}

// columnNames are the columns of inputs that are called something else.
var columnNames = map[string]string{
	"persons": "persons_max", "minutes": "max_minutes", "buffers": "buffer_after", "days_ahead": "days_ahead_max", "price_cents": "price",
	"contact_phone": "phone", "contact_email": "email", "periods": HoursRow,
}

func columnFor(r row, f fault.Field) string {
	column, _, _ := strings.Cut(f.Name, "[")
	if other, ok := columnNames[column]; ok {
		column = other
	}
	lang, _ := f.Params["language"].(string)
	for _, suffix := range []string{"_" + lang, "_fi"} {
		if slices.ContainsFunc(columnsOf(r.kind), func(own field) bool { return own.column == column+suffix }) {
			return column + suffix
		}
	}
	return column
}

func (im *importer) summary() Summary {
	named := map[string]int{}
	for kind, c := range im.counts {
		named[kind] = c.Changed + c.Unchanged
	}
	keys := map[string]bool{}
	for _, b := range im.here.books {
		keys[b.Key] = true
	}
	for n := range im.lines {
		if n.kind == RuleBookRow {
			delete(keys, n.key)
		}
	}
	im.counts[RuleBookRow].Unnamed = len(keys)
	for kind, here := range map[string]int{
		UnitRow: len(im.here.units), SpaceRow: len(im.here.spaces), DeviceRow: len(im.here.devices), ResourceRow: len(im.here.resources),
	} {
		im.counts[kind].Unnamed = here - named[kind]
	}
	summary := Summary{DryRun: im.order.DryRun}
	for _, kind := range Kinds {
		summary.Counts = append(summary.Counts, *im.counts[kind])
	}
	return summary
}
