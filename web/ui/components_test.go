package ui

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRoomPictures(t *testing.T) {
	if len(PictureKinds()) < 13 {
		t.Errorf("only %d kinds", len(PictureKinds()))
	}
	for _, kind := range PictureKinds() {
		one, again := RoomPicture("oodi-1", kind), RoomPicture("oodi-1", kind)
		if !bytes.Equal(one, again) {
			t.Errorf("%s is drawn differently the second time", kind)
		}
		different := 0
		for _, slug := range []string{"a", "b", "c", "d"} {
			if !bytes.Equal(one, RoomPicture(slug, kind)) {
				different++
			}
		}
		if different < 3 {
			t.Errorf("%s hardly depends on the room", kind)
		}
		if len(one) < 3000 || len(one) > 7500 {
			t.Errorf("%s is %d bytes", kind, len(one))
		}
		checkDrawing(t, kind, one)
	}
	if !bytes.Contains(RoomPicture("x", "no such kind"), []byte("<svg")) {
		t.Error("an unknown kind is not drawn")
	}
}

func checkDrawing(t *testing.T, kind string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range el.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "%!") {
				t.Errorf("%s: <%s %s=%q>", kind, el.Name.Local, a.Name.Local, a.Value)
			}
		}
	}
}

func TestMonthGridOfNovember2026(t *testing.T) {
	asked := 0
	m := NewMonthGrid(2026, time.November, func(d time.Time) MonthDay {
		asked++
		return MonthDay{Href: d.Format(time.DateOnly)}
	})
	var numbers []int
	for _, w := range m.Weeks {
		numbers = append(numbers, w.Number)
		if len(w.Days) != 7 {
			t.Errorf("week %d has %d days", w.Number, len(w.Days))
		}
	}
	if !slices.Equal(numbers, []int{44, 45, 46, 47, 48, 49}) || asked != 30 {
		t.Errorf("weeks %v, %d days asked", numbers, asked)
	}
	if d := m.Weeks[0].Days; !d[5].Blank || d[6].Day != 1 || d[6].Href != "2026-11-01" {
		t.Errorf("the first is not a Sunday: %+v", d)
	}
}

func TestPickerFoldsWhatDoesNotFit(t *testing.T) {
	p := samplePicker("aika")
	total, shown := 0, 0
	for _, g := range p.Groups {
		total += len(g.Starts)
	}
	for _, g := range p.Visible() {
		shown += len(g.Starts)
	}
	if shown > maxVisibleStarts || shown+p.FoldedCount() != total || shown == 0 {
		t.Errorf("%d shown, %d folded, %d in all", shown, p.FoldedCount(), total)
	}
	if s, ok := p.Chosen(); !ok || s.Value != "17:30" {
		t.Errorf("chosen %+v", s)
	}
	p.Groups = p.Groups[1:]
	if p.FoldedCount() != 0 {
		t.Error("six starts are folded")
	}
}

func TestLengthsThatDoNotFollowTheStartAreOff(t *testing.T) {
	chips := samplePicker("aika").LengthChips()
	var enabled []int
	for _, c := range chips {
		if c.Enabled {
			enabled = append(enabled, c.Minutes)
		}
	}
	if len(chips) != 4 || !slices.Equal(enabled, []int{30, 60, 90}) {
		t.Errorf("%d chips, enabled %v", len(chips), enabled)
	}
}

func TestBarsAreInProportion(t *testing.T) {
	c := BarChart{Bars: []Bar{{Value: 100}, {Value: 50}, {Value: 0}, {Value: 0.001}}}
	var widths []string
	for _, b := range c.Drawn() {
		widths = append(widths, b.Width)
	}
	if !slices.Equal(widths, []string{"76.0%", "38.0%", "0.0%", "0.4%"}) {
		t.Errorf("%v", widths)
	}
	empty := BarChart{Bars: []Bar{{}}}
	if w := empty.Drawn()[0].Width; w != "0.0%" {
		t.Errorf("nothing is drawn %s wide", w)
	}
}

func TestErrorsKeepPageOrder(t *testing.T) {
	s := Errors(Field{Name: "a", Error: "one"}, Field{Name: "b"}, Field{ID: "c-id", Name: "c", Error: "two"})
	if len(s.Items) != 2 || s.Items[0].FieldID != "a" || s.Items[1].FieldID != "c-id" {
		t.Errorf("%+v", s)
	}
}
