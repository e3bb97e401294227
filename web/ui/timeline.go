package ui

import (
	"slices"
	"strconv"
	"strings"
)

// Hours and positions the generated style sheet knows: a day with four hours of
// the next one, in quarters.
const (
	MaxHours    = 28
	MaxQuarters = MaxHours * 4
	MaxLanes    = 8
)

// Timeline is rooms by hours of one day. Templates "timeline" and
// "timeline-table". Columns are quarters of an hour on the wall clock of the
// room's zone; a position is never a difference of instants.
type Timeline struct {
	ID        string // prefix of element ids; "aikajana" when empty
	Title     string
	Day       string // "ma 23.11.2026"
	FromHour  int    // first hour shown
	ToHour    int    // hour after the last, up to 28; 0 = 24
	NowMinute int    // minutes since the day's midnight on the wall clock; 0 = another day
	Rows      []TimelineRow
	RowTitle  string // what the rows are, for the table; "" = rooms
	DST       DST
	TableHref string // the same as a table
	GridHref  string // back from the table
	Moving    *Moving
}

// Moving lets staff move items about on the picture, by mouse and by keys.
type Moving struct {
	Key   string // that begins a move at an item; "" = single keys are off
	Clock string // between hours and minutes
	Help  string // what the keys do then, read out
}

// TimelineRow is one room.
type TimelineRow struct {
	Name    string
	Lang    string // set when the name is in another language than the page
	Href    string
	Sub     string // "20 hlö"
	Items   []TimelineItem
	Longest string // the longest free gap in words, for the table

	// Where an item is put that is moved to this row; Room "" = nowhere.
	Room   string // slug
	Date   string
	Raster int // minutes
}

// TimelineItem is one span of a room's day.
type TimelineItem struct {
	StartQuarter int // since midnight, 0–111
	Quarters     int
	Kind         Kind
	Label        string // "17.00–19.00"
	Sub          string // "Kuorokerho"
	Href         string
	Accessible   string // "17.00–19.00 Kuorokerho, vahvistettu"; built from the rest when empty
	Season       Season // which pass of a doubled hour
	Move         *Movable
	Lane         int    // set by Arranged
	Class        string // set by Arranged
}

// Movable makes an item one that can be put elsewhere.
type Movable struct {
	Href    string // asks whether to move it; where to is added
	Start   int    // minutes since the row's midnight on the wall clock
	Minutes int    // nominal length
}

// DST says what the clock does on the day.
type DST string

// The two odd days of the year.
const (
	DSTNone   DST = ""
	DSTSpring DST = "spring" // an hour is missing
	DSTAutumn DST = "autumn" // an hour comes twice
)

// Season is which pass of a doubled hour an item begins in.
type Season string

// The passes; empty where the time is not doubled.
const (
	Summer Season = "summer"
	Winter Season = "winter"
)

// PlacedRow is a row with its items in time order and in lanes.
type PlacedRow struct {
	TimelineRow
	Index int
	Lanes int
}

// LabelStart is the label up to its dash, LabelEnd the rest with it: the end is
// hidden where the item is too narrow.
func (i TimelineItem) LabelStart() string {
	start, _, _ := strings.Cut(i.Label, "–")
	return start
}

// LabelEnd is what LabelStart leaves.
func (i TimelineItem) LabelEnd() string { return strings.TrimPrefix(i.Label, i.LabelStart()) }

// Short says that the item has no room for its words, which then stand in a title.
func (i TimelineItem) Short() bool { return i.Quarters <= 2 }

// Key is the id prefix.
func (t Timeline) Key() string {
	if t.ID == "" {
		return "aikajana"
	}
	return t.ID
}

func (t Timeline) to() int {
	if t.ToHour <= t.FromHour {
		return 24
	}
	return min(t.ToHour, MaxHours)
}

// HoursClass sets the number of columns.
func (t Timeline) HoursClass() string { return "h" + strconv.Itoa(t.to()-t.FromHour) }

// Hour is a mark of the scale.
type Hour struct {
	Label string
	Class string
}

// Hours are the marks of the scale; hours of the next day begin at 0 again.
func (t Timeline) Hours() []Hour {
	var hours []Hour
	for h := t.FromHour; h < t.to(); h++ {
		hours = append(hours, Hour{Label: strconv.Itoa(h % 24), Class: "s" + strconv.Itoa((h-t.FromHour)*4)})
	}
	return hours
}

// NowClass places the line of the present minute; empty when it is not on the
// picture.
func (t Timeline) NowClass() string {
	if t.NowMinute <= t.FromHour*60 || t.NowMinute >= t.to()*60 {
		return ""
	}
	return "s" + strconv.Itoa((t.NowMinute-t.FromHour*60)/15) + " m" + strconv.Itoa(t.NowMinute%15)
}

// Arranged sorts each row by start, clips it to the hours shown, puts what
// overlaps into lanes and names the position classes. Items wholly outside the
// hours are left out.
func (t Timeline) Arranged() []PlacedRow {
	rows := make([]PlacedRow, len(t.Rows))
	for i, row := range t.Rows {
		placed := PlacedRow{TimelineRow: row, Index: i, Lanes: 1}
		placed.Items = t.clipped(row.Items)
		placed.Lanes = assignLanes(placed.Items)
		for j := range placed.Items {
			placed.Items[j].Class = classOf(placed.Items[j])
		}
		rows[i] = placed
	}
	return rows
}

func (t Timeline) clipped(items []TimelineItem) []TimelineItem {
	from, to := t.FromHour*4, t.to()*4
	var kept []TimelineItem
	for _, item := range items {
		begin := max(item.StartQuarter, from)
		end := min(item.StartQuarter+max(item.Quarters, 1), to)
		if begin >= end {
			continue
		}
		item.StartQuarter, item.Quarters = begin-from, end-begin
		kept = append(kept, item)
	}
	slices.SortStableFunc(kept, func(a, b TimelineItem) int {
		if a.StartQuarter != b.StartQuarter {
			return a.StartQuarter - b.StartQuarter
		}
		return b.Quarters - a.Quarters
	})
	return kept
}

// assignLanes gives each item the first lane that is free at its start. Items
// must be sorted by start.
func assignLanes(items []TimelineItem) int {
	var ends []int
	for i := range items {
		lane := slices.IndexFunc(ends, func(end int) bool { return end <= items[i].StartQuarter })
		if lane < 0 && len(ends) < MaxLanes {
			ends = append(ends, 0)
			lane = len(ends) - 1
		}
		lane = max(lane, 0)
		ends[lane] = items[i].StartQuarter + items[i].Quarters
		items[i].Lane = lane + 1
	}
	return max(len(ends), 1)
}

func classOf(i TimelineItem) string {
	class := "s" + strconv.Itoa(i.StartQuarter) + " l" + strconv.Itoa(i.Quarters) + " k-" + string(i.Kind)
	if i.Lane > 1 {
		class += " ln" + strconv.Itoa(i.Lane)
	}
	return class
}

// Legend lists the kinds that occur, in a fixed order.
func (t Timeline) Legend() []Kind {
	var legend []Kind
	for _, kind := range []Kind{
		KindFree, KindConfirmed, KindRequested, KindOwn, KindHeld, KindStaff, KindClosure, KindClosed,
	} {
		if t.has(kind) {
			legend = append(legend, kind)
		}
	}
	return legend
}

func (t Timeline) has(kind Kind) bool {
	return slices.ContainsFunc(t.Rows, func(r TimelineRow) bool {
		return slices.ContainsFunc(r.Items, func(i TimelineItem) bool { return i.Kind == kind })
	})
}

// Free are the row's free items, for the table.
func (r PlacedRow) Free() []TimelineItem { return r.only(true) }

// Taken are the row's other items but closed hours, for the table.
func (r PlacedRow) Taken() []TimelineItem { return r.only(false) }

func (r PlacedRow) only(free bool) []TimelineItem {
	var items []TimelineItem
	for _, i := range r.Items {
		if i.Kind != KindClosed && (i.Kind == KindFree) == free {
			items = append(items, i)
		}
	}
	return items
}
