package ui

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func sampleStack() StackedChart {
	return StackedChart{
		ID: "ryhmat", Title: "Mikä muuttuu, tunteina", Message: "Yhdistykset saavat eniten.", Parts: []string{"Lisää", "Ei enää hyväksyntää", "Tarvitsee hyväksynnän", "Pois"},
		Bars: []StackedBar{
			{Label: `Yhdistykset <"nuoret"> & muut`, Text: "30 t lisää · 10 t pois", Values: []float64{30, 0, 0, 10}},
			{Label: "Yritykset", Text: "5 t hyväksyttäväksi", Values: []float64{0, -3, 5, 0}},
			{Label: "Muut", Text: "ei muutu", Values: []float64{0, 0, 0, 0}},
		},
	}
}

func TestStackedChart(t *testing.T) {
	var out bytes.Buffer
	if err := parts(t, "fi", "staff").ExecuteTemplate(&out, "stacked-chart", sampleStack()); err != nil {
		t.Fatal(err)
	}
	golden := "testdata/stacked-chart.html"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("got\n%s", out.String())
	}
	if strings.Contains(out.String(), "style=") || strings.Contains(out.String(), `<"nuoret">`) {
		t.Error("the chart has inline style, or text that is not escaped")
	}
	first := sampleStack().Drawn()[0].Drawn
	if len(first) != 2 || first[0] != (DrawnPart{0, "0.0%", "75.0%"}) || first[1] != (DrawnPart{3, "75.0%", "25.0%"}) {
		t.Errorf("parts %+v", first)
	}
	if short := sampleStack().Drawn()[1].Drawn; len(short) != 1 || short[0].Width != "12.5%" {
		t.Errorf("a bar of another length: %+v", short)
	}
}
