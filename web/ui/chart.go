package ui

import "fmt"

const (
	barStep    = 56   // pixels from bar to bar
	barTop     = 24   // room for the label above the bar
	barWidest  = 76.0 // percent of the width; the rest is for the value
	barVisible = 0.4  // percent: a value above nothing stays visible
)

// BarChart is a set of horizontal bars as SVG with the numbers as a table
// below it. Template "bar-chart". Its width follows the page, its text does not
// shrink.
type BarChart struct {
	ID        string
	Title     string
	Message   string // what the picture says, in one sentence
	LabelHead string // column heads of the table
	ValueHead string
	Bars      []Bar
	Downloads []Link // CSV, XLSX
}

// Bar is one value. Negative values are drawn as nothing.
type Bar struct {
	Label  string
	Value  float64
	Text   string // "62 %", "12,5 h"
	Second bool   // the other pattern, for a comparison
}

// DrawnBar is a bar with its place in the picture.
type DrawnBar struct {
	Bar
	LabelY, BarY, TextY int
	Width               string // percent
}

// Height is the picture's height in pixels.
func (c BarChart) Height() int { return len(c.Bars)*barStep + 4 }

// Drawn places the bars; the largest takes 76 % of the width.
func (c BarChart) Drawn() []DrawnBar {
	largest := 0.0
	for _, b := range c.Bars {
		largest = max(largest, b.Value)
	}
	drawn := make([]DrawnBar, len(c.Bars))
	for i, b := range c.Bars {
		width := 0.0
		if b.Value > 0 {
			width = max(barVisible, b.Value/largest*barWidest)
		}
		y := i * barStep
		drawn[i] = DrawnBar{
			Bar: b, LabelY: y + 17, BarY: y + barTop, TextY: y + barTop + 17,
			Width: fmt.Sprintf("%.1f%%", width),
		}
	}
	return drawn
}
