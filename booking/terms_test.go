package booking_test

import (
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// terms adds a live version of terms.
func (w *world) terms(key, body string) resources.Terms {
	w.t.Helper()
	from := w.clock
	made, err := w.Resources.AddTerms(ctx, w.DB, resources.Terms{Key: key, State: "live", ValidFrom: &from, Title: text(key), Body: text(body)})
	w.must(err)
	return made
}

func TestWhichTermsWereAcceptedIsKept(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	w.rules("with-terms", policies.Rules{Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
		Verdict: policies.Allow, Price: "free", Terms: []string{"sali", "yleiset"}, Limits: &policies.Limits{SeriesDays: new(365)},
	}}}}, "sali")
	w.terms("yleiset", "Siivotkaa.")
	w.terms("sali", "Sisäkengät.")
	aino, manager := w.person("aino"), w.manager()
	names := func(r booking.Reservation) (list string) {
		t.Helper()
		accepted, err := w.Accepted(ctx, aino, r.Number)
		w.must(err)
		for _, a := range accepted {
			list += a.Title.Fi + string(rune('0'+a.Version)) + " " + a.By + ";"
		}
		return list
	}
	req := w.request("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Form.TermsAccepted = false
	_, err := w.Book(ctx, aino, req)
	w.wantCode(err, policies.CodeTerms)
	old := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")

	w.clock = w.clock.Add(time.Minute)
	w.terms("yleiset", "Siivotkaa hyvin.")
	req = w.request("sali", "2026-11-24 14:00", "2026-11-24 15:00")
	req.Terms = []string{"yleiset/1", "sali/1"}
	_, err = w.Book(ctx, aino, req)
	if w.wantCode(err, "booking.terms_changed"); fault.As(err).Fields[0].Name != policies.FieldTerms {
		t.Errorf("%+v", fault.As(err).Fields)
	}
	req.Terms[0] = "yleiset/2"
	fresh, err := w.Book(ctx, aino, req)
	w.must(err)
	if got := names(old); got != "sali1 aino;yleiset1 aino;" {
		t.Errorf("of the old one: %s", got)
	}
	if got := names(fresh); got != "sali1 aino;yleiset2 aino;" {
		t.Errorf("of the new one: %s", got)
	}
	if _, err = w.Accepted(ctx, w.person("eino"), old.Number); !fault.Is(err, fault.NotFound) {
		t.Errorf("to a stranger: %v", err)
	}
	// staff accept for nobody
	byStaff, err := w.asStaff(manager, policies.Behalf, "sali", "2026-11-25 12:00", "2026-11-25 13:00", "")
	w.must(err)
	w.mustSeries(aino, w.series("sali", "2026-12-01 18:00-20:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=3"))
	if n := w.count("SELECT count(*) FROM accepted_terms WHERE reservation = ?", byStaff.ID); n != 0 {
		t.Errorf("staff accepted %d", n)
	}
	if n := w.count("SELECT count(*) FROM accepted_terms a JOIN reservations r ON r.id = a.reservation WHERE r.series IS NOT NULL"); n != 6 {
		t.Errorf("with the dates of a series: %d", n)
	}
}

func TestAnswersMustFitTheirQuestions(t *testing.T) {
	w := newWorld(t)
	w.room("sali", []string{"a"}, nil)
	label := policies.Note{Fi: "Jotain"}
	options := []policies.Option{{Value: "chairs", Label: label}, {Value: "stage", Label: label}}
	w.rules("asking", policies.Rules{
		Questions: []policies.FormField{
			{Key: "public", Label: label, Kind: "yes_no"},
			{Key: "layout", Label: label, Kind: "choice", Options: options},
			{Key: "gear", Label: label, Kind: "several", Options: options},
			{Key: "cars", Label: label, Kind: "number"},
			{Key: "wish", Label: label, Kind: "text"},
		},
		Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}},
	}, "sali")
	aino := w.person("aino")
	for key, answers := range map[string][]string{
		"public": {"maybe"}, "layout": {"sofa", "chairs,stage"}, "gear": {"sofa", "chairs,,stage"}, "cars": {"many", "1.5"},
	} {
		for _, answer := range answers {
			req := w.request("sali", "2026-11-24 12:00", "2026-11-24 13:00")
			req.Form.Answers = map[string]string{key: answer}
			_, err := w.Book(ctx, aino, req)
			if f := fault.As(err); f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != key {
				t.Errorf("%s %q: %v", key, answer, err)
			}
		}
	}
	req := w.request("sali", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Form.Answers = map[string]string{"public": "no", "layout": "stage", "gear": "chairs,stage", "cars": " 12 ", "wish": "valoa", "else": "kept"}
	r, err := w.Book(ctx, aino, req)
	w.must(err)

	// a move may answer what the new place asks
	change := booking.Change{Ref: r.Number, Form: &policies.Form{Purpose: "meeting", Answers: map[string]string{"cars": "none"}}}
	_, err = w.Move(ctx, aino, change, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.wantCode(err, "booking.answer_number")
	change.Form.Answers["cars"] = "3"
	moved, err := w.Move(ctx, aino, change, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	if moved.Answers.V["cars"] != "3" || moved.Purpose != "meeting" {
		t.Errorf("after the move: %+v", moved)
	}
}
