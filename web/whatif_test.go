package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestWhatIfPages(t *testing.T) {
	w := newTown(t)
	draft := w.draft()
	manager, page := w.who["manager"], "/admin/rules/ryhmat/2/whatif"
	form := manager.get(page)
	for _, want := range []string{"Ryhmät, versio 2 (luonnos)", `value="1.1.2025"`, `value="31.12.2025"`, "Ryhmät, versio 1", "ryhma, talo"} {
		if !strings.Contains(form.text, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	if got := manager.post(page, url.Values{"from": {"31.12.2026"}, "to": {"1.1.2026"}, "against": {"1"}}); got.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(got.text, `value="31.12.2026"`) || !strings.Contains(got.text, `<option value="1" selected>`) || !strings.Contains(got.text, "Jakson loppu on ennen alkua") {
		t.Errorf("a period that ends before it begins: %d\n%.500s", got.StatusCode, got.text)
	}
	if got := manager.post(page, url.Values{"from": {"joskus"}, "to": {"1.1.2026"}}); got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.text, `value="joskus"`) {
		t.Errorf("a date that is none: %d", got.StatusCode)
	}

	before := w.count("SELECT (SELECT count(*) FROM change_log) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)")
	started := manager.post(page, url.Values{"from": {"1.1.2026"}, "to": {"31.12.2026"}})
	if started.StatusCode != http.StatusSeeOther {
		t.Fatalf("start: %d %s", started.StatusCode, started.text)
	}
	at := started.Header.Get("Location")
	answer := manager.get(at)
	for _, want := range []string{"1 pyyntö 1 pyynnöstä muuttuu (100 %).", "Tarvitsevat hyväksynnän: Yksityishenkilöt (1 varaaja, 2 t).", "resident", "sallittu, maksuton", `role="img"`} {
		if !strings.Contains(answer.text, want) {
			t.Errorf("the answer lacks %q", want)
		}
	}
	if strings.Contains(answer.text, "http-equiv") {
		t.Error("an answer that is ready loads itself again")
	}
	if csv := manager.get(at + "/groups.csv"); strings.Contains(csv.text, "resident") || strings.Contains(csv.text, "Yksityis") || !strings.HasPrefix(csv.text, "\ufeffRyhmä;Varaajia;") {
		t.Errorf("what may be published tells of one person: %q", csv.text)
	}
	if csv := manager.get(at + "/requests.csv"); strings.Contains(csv.text, "resident") || strings.Count(csv.text, "\r\n") != 2 {
		t.Errorf("requests: %q", csv.text)
	}
	run := w.replay(w.actor("manager"), draft)
	found, _ := run.Result()
	one := manager.get(at + "/requests/" + found.Changes[0].Number)
	for _, want := range []string{"ryhmat/1", "ryhmat/2", "sallittu, maksuton", "tarvitsee hyväksynnän, maksuton", "everybody: hyväksyntä, hinta"} {
		if !strings.Contains(one.text, want) {
			t.Errorf("the request lacks %q", want)
		}
	}
	var told struct {
		Over   bool
		Answer struct {
			Total   struct{ Tightened amountView }
			Changes []struct{ Resource string }
		}
	}
	asked := manager.call("POST", "/rule-books/ryhmat/2/what-if", map[string]any{"from": "2026-01-01", "to": "2026-12-31", "unit": "talo"})
	if err := json.Unmarshal([]byte(asked.text), &told); err != nil || asked.StatusCode != http.StatusOK || !told.Over || told.Answer.Total.Tightened != (amountView{1, 120}) || told.Answer.Changes[0].Resource != "ryhma" {
		t.Errorf("asked by the API: %d %s", asked.StatusCode, asked.text)
	}
	if after := w.count("SELECT (SELECT count(*) FROM change_log) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)"); after != before {
		t.Error("what-if wrote something")
	}
	if got := w.who["city"].get(at); got.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else's answer: %d", got.StatusCode)
	}
}

func TestWhatIfUnderWayLoadsItselfAgain(t *testing.T) {
	w := newTown(t)
	draft := w.draft()
	manager, page := w.who["manager"], "/admin/rules/ryhmat/2/whatif"
	_, err := w.DB.Exec(ctx, `INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_person, made_by, made_at, changed_at)
		SELECT gen_random_uuid(), resource, unit, begin_at, end_at, kind, 'denied', false, holder_kind, holder_person, made_by, made_at, changed_at
		FROM reservations, generate_series(1, 12000)`)
	w.must(err)
	run, err := w.whatIfs.Start(ctx, w.actor("manager"), in2026(draft))
	w.must(err)
	at := page + "/" + run.ID.String()
	under := manager.get(at)
	for _, want := range []string{" / 12\u00a0001 pyyntöä", `<noscript><meta http-equiv="refresh" content="3"></noscript>`, `hx-trigger="every 2s"`, "Keskeytä"} {
		if !strings.Contains(under.text, want) {
			t.Errorf("under way: %q is missing", want)
		}
	}
	if got := manager.post(page, url.Values{"from": {"1.1.2026"}, "to": {"31.12.2026"}}); got.StatusCode != http.StatusConflict || !strings.Contains(got.text, "Sinulla on jo yksi laskenta kesken") {
		t.Errorf("a second one: %d", got.StatusCode)
	}
	if asked := manager.call("GET", "/rule-books/ryhmat/2/what-if/"+run.ID.String(), nil); asked.StatusCode != http.StatusOK || !strings.Contains(asked.text, `"over":false`) {
		t.Errorf("under way by the API: %d %s", asked.StatusCode, asked.text)
	}
	if got := manager.post(at, nil); got.Header.Get("Location") != at {
		t.Errorf("stop: %d", got.StatusCode)
	}
	if got := manager.get(at); !strings.Contains(got.text, "Laskenta keskeytettiin") {
		t.Errorf("stopped: %s", got.text)
	}
}
