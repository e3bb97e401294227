package ui

import (
	"fmt"
	"strconv"
)

const (
	stackStep   = 76 // pixels from bar to bar: label, bar, and what its parts are
	stackBottom = 4
)

// StackedChart is a set of horizontal bars, each of up to four parts, as SVG:
// parts differ by pattern as well as by colour, and each bar says in words what
// it is made of. Template "stacked-chart". Its width follows the page, its text
// does not shrink. The page gives the numbers as a table after it.
type StackedChart struct {
	ID      string
	Title   string
	Message string   // what the picture says, in one sentence
	Parts   []string // names, for the legend
	Bars    []StackedBar
}

// StackedBar is a bar with the values of its parts. Negative values are drawn as
// nothing.
type StackedBar struct {
	Label  string
	Text   string // what its parts are: "20 h gained, 4 h lost"
	Values []float64
}

// DrawnStack is a bar with its place in the picture.
type DrawnStack struct {
	StackedBar
	LabelY, BarY, TextY int
	Drawn               []DrawnPart
}

// DrawnPart is a part of a bar; its pattern has the number of the part.
type DrawnPart struct {
	Number   int
	X, Width string // percent
}

// Height is the picture's height in pixels.
func (c StackedChart) Height() int { return len(c.Bars)*stackStep + stackBottom }

// Legend are the parts with their numbers.
func (c StackedChart) Legend() []DrawnPart {
	list := make([]DrawnPart, len(c.Parts))
	for i := range list {
		list[i].Number = i
	}
	return list
}

// Name is what a part is called.
func (c StackedChart) Name(part int) string { return c.Parts[part] }

// Drawn places the bars; the longest takes all of the width.
func (c StackedChart) Drawn() []DrawnStack {
	longest := 0.0
	for _, b := range c.Bars {
		longest = max(longest, b.sum())
	}
	drawn := make([]DrawnStack, len(c.Bars))
	for i, b := range c.Bars {
		y := i * stackStep
		drawn[i] = DrawnStack{StackedBar: b, LabelY: y + 17, BarY: y + barTop, TextY: y + barTop + 42}
		at := 0.0
		for part, value := range b.Values {
			if value <= 0 {
				continue
			}
			width := value / longest * 100
			drawn[i].Drawn = append(drawn[i].Drawn, DrawnPart{part, percent(at), percent(width)})
			at += width
		}
	}
	return drawn
}

// Pattern is the id of a part's pattern.
func (c StackedChart) Pattern(part int) string { return c.ID + "-p" + strconv.Itoa(part) }

func (b StackedBar) sum() float64 {
	sum := 0.0
	for _, value := range b.Values {
		sum += max(value, 0)
	}
	return sum
}

func percent(p float64) string { return fmt.Sprintf("%.1f%%", p) }
