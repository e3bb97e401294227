package web

import (
	"slices"
	"strconv"
	"strings"

	"vuoro/fault"
	"vuoro/resources"
)

// partTree is the form of the parts. Template "editor-parts".
type partTree struct {
	Rows    []partRow
	Error   string
	Says    []string // what a booking of the resource means for others
	Nothing bool     // the unit has neither spaces nor devices
	Places  string   // where they are made
}

// partRow is a space or a device as a box; of a pool, also how many.
type partRow struct {
	Name    string // of the input
	Value   string
	Label   string
	Lang    string
	Hint    string
	Depth   int
	Checked bool
	Counted string // name of the input for the number, "" = there is one
	Count   string
	Have    int
}

func (v *visit) partTree(e editor, p problems) (*partTree, error) {
	tree, err := v.server.Resources.Tree(v.ctx, v.server.DB, e.Unit.ID)
	if err != nil {
		return nil, err
	}
	form := &partTree{Error: p.Fields["parts"], Says: v.sharingWords(e), Nothing: len(tree.Spaces)+len(tree.Devices) == 0}
	form.Rows = v.partRows(tree, e.Parts)
	return form, nil
}

// partRows lists the spaces as the tree has them, each followed by what is
// below it, and then the devices.
func (v *visit) partRows(tree resources.Tree, parts []resources.Part) []partRow {
	var rows []partRow
	var walk func(parent, depth int)
	walk = func(parent, depth int) {
		for _, space := range tree.Spaces {
			if orZero(space.Parent) != parent {
				continue
			}
			row := partRow{Name: "space", Value: strconv.Itoa(space.ID), Depth: min(depth, 5)}
			row.Label, row.Lang = v.text(space.Name)
			row.Checked = v.ticked(row, slices.ContainsFunc(parts, func(p resources.Part) bool { return orZero(p.Space) == space.ID }))
			rows = append(rows, row)
			walk(space.ID, depth+1)
		}
	}
	walk(0, 0)
	for _, device := range tree.Devices {
		row := partRow{Name: "device", Value: strconv.Itoa(device.ID), Count: "1", Have: device.Count}
		row.Label, row.Lang = v.text(device.Name)
		at := slices.IndexFunc(parts, func(p resources.Part) bool { return orZero(p.Device) == device.ID })
		if at >= 0 {
			row.Count = strconv.Itoa(parts[at].Count)
		}
		row.Checked = v.ticked(row, at >= 0)
		if device.Count > 1 {
			row.Counted, row.Hint = "count_"+row.Value, v.t("editor.pool", "n", device.Count)
			if typed := v.form(row.Counted); typed != "" {
				row.Count = typed
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// ticked is whether a box is ticked: as it was posted, else as saved.
func (v *visit) ticked(row partRow, saved bool) bool {
	if !v.route.write() {
		return saved
	}
	return slices.Contains(v.formAll(row.Name), row.Value)
}

// sharingWords say in plain words what the parts mean for other resources.
func (v *visit) sharingWords(e editor) []string {
	if len(e.Parts) == 0 {
		return nil
	}
	if len(e.Ready.Sharing) == 0 {
		return []string{v.t("editor.shares_nothing")}
	}
	var names []string
	for _, r := range e.Ready.Sharing {
		names = append(names, v.named(r.Name))
	}
	return []string{v.t("editor.shares", "rooms", strings.Join(names, ", ")), v.t("editor.shares_siblings")}
}

// readParts reads the ticked boxes; none is an empty list, which a draft may
// have.
func (v *visit) readParts() ([]resources.Part, error) {
	parts := []resources.Part{}
	for _, value := range v.formAll("space") {
		id, err := strconv.Atoi(value)
		if err != nil {
			return nil, fault.InvalidField("parts", "resource.bad_part")
		}
		parts = append(parts, resources.Part{Space: &id, Count: 1})
	}
	for _, value := range v.formAll("device") {
		id, err := strconv.Atoi(value)
		if err != nil {
			return nil, fault.InvalidField("parts", "resource.bad_part")
		}
		count := 1
		if typed := v.form("count_" + value); typed != "" {
			if count, err = strconv.Atoi(typed); err != nil || count < 1 {
				return nil, fault.InvalidField("parts", "editor.bad_number")
			}
		}
		parts = append(parts, resources.Part{Device: &id, Count: count})
	}
	return parts, nil
}
