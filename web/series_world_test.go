package web

import (
	"net/http"
	"time"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// withSeries adds rooms where residents make series: "studio", where they are
// confirmed, and "lava", where they are asked for.
func (w *town) withSeries() *town {
	w.t.Helper()
	from := w.clock.AddDate(-5, 0, 0)
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		for _, r := range []struct {
			slug    string
			verdict policies.Verdict
		}{{"studio", policies.Allow}, {"lava", policies.Approval}} {
			_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{Key: r.slug, Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(
				policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{
					Verdict: r.verdict, Price: "free", Limits: &policies.Limits{SeriesDays: new(730)},
				}}}})})
			if err != nil {
				return err
			}
			if err := w.room(tx, w.Resources, r.slug, "talo", r.slug); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

// weekly is the body of a series: "2026-12-01T18:00" to "2026-12-01T20:00" and a
// rule; more pairs of name and value may follow.
func (w *town) weekly(room, start, end, rule string, more ...any) map[string]any {
	body := map[string]any{
		"resource": w.rooms[room].UID.String(), "start": start, "end": end, "rule": rule, "title": "Harjoitus", "persons": 5,
	}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// series makes a series through the API.
func (g *guest) series(body map[string]any) seriesView {
	g.town.t.Helper()
	return decode[seriesView](g.call(http.MethodPost, "/series", body).want(http.StatusCreated))
}

// choirs is a series of the choir that staff made. It has one date, so that others
// may have the weeks after it.
func (w *town) choirs(room string, start time.Time) seriesView {
	w.t.Helper()
	text := start.In(w.Zone).Format("2006-01-02T15:04")
	return w.who["manager"].series(w.weekly(room, text, start.In(w.Zone).Add(30*time.Minute).Format("2006-01-02T15:04"), "FREQ=WEEKLY;COUNT=1",
		"kind", "behalf", "holder", map[string]any{"kind": "association", "id": w.choir.UID}, "reason", "Sovittu"))
}

// rowsOf counts what a series that is not made must not leave behind.
func (w *town) rowsOf() int {
	return w.count(`SELECT (SELECT count(*) FROM series) + (SELECT count(*) FROM reservations) + (SELECT count(*) FROM rejected_dates)
		+ (SELECT count(*) FROM occupancies) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM change_log)
		+ (SELECT count(*) FROM idempotency_keys)`)
}
