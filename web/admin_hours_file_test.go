package web

import (
	"strings"
	"testing"

	"vuoro/resources"
)

// Hours that are pasted come into the form, and nothing is saved before that is
// pressed; what cannot be read is told, and the form stays.
func TestHoursArePastedIntoTheForm(t *testing.T) {
	w := newTown(t)
	const at = "/admin/units/talo/hours"
	manager, owner := w.who["manager"], resources.Owner{Unit: w.units["talo"].ID}
	before := len(w.savedHours(owner))
	paste := func(format, text string) answer {
		return manager.post(at, manager.get(at).page().filled(at, "act", "read", "file_format", format, "file_text", text))
	}
	p := paste("text", "ma–to 8–20, pe 8–18, joskus la").want(422).page()
	p.says("div.error-summary", "joskus").says("textarea[name=file_text]", "joskus la").says("p[id=file_text-error]", "joskus")
	if n := len(w.savedHours(owner)); n != before {
		t.Fatalf("%d periods after a look, %d before", n, before)
	}
	p = paste("osm", "Mo-Fr 08:00-16:00; Sa[-1] 10:00-15:00; PH off").want(200).page()
	p.says("table.week", "8.00–16.00 Varattavissa")
	manager.follow(manager.post(at, p.filled(at, "act", "save"))).says("div[id=flash]", "Tallennettu")
	var words []string
	for _, period := range w.savedHours(owner) {
		words = append(words, resources.WriteSpans(period.Spans.V))
	}
	if got := strings.Join(words, " | "); !strings.Contains(got, "Mo-Fr 08:00-16:00") || !strings.Contains(got, "month/saturday/-1") {
		t.Errorf("saved %s", got)
	}
}
