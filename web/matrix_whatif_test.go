package web

import (
	"net/url"
	"strconv"
	"strings"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
)

// whatIf is the specimen of the routes that replay requests: a draft of a rule
// book of unit "talo", and an answer of its manager with a request that changes.
func (m *matrix) whatIf(r route, args []string, form url.Values, body any) ([]string, any) {
	if !strings.HasPrefix(r.name, "whatif") {
		return args, body
	}
	body = map[string]any{"from": "2026-01-01", "to": "2026-12-31"}
	draft := m.draft()
	args = append(args, draft.Key, strconv.Itoa(draft.Version))
	form.Set("from", "2026-01-01")
	form.Set("to", "2026-12-31")
	if r.who != asker {
		return args, body
	}
	run := m.replay(m.actor("manager"), draft)
	args = append(args, run.ID.String())
	if r.name == "whatif-request" {
		answer, err := run.Result()
		m.must(err)
		args = append(args, answer.Changes[0].Number)
	}
	return args, body
}

// draft is a version of a rule book of unit "talo" by which everybody must ask.
// The room "ryhma" follows the book, by which everybody may today, and is booked
// once.
func (w *town) draft() resources.RuleBook {
	w.t.Helper()
	draft, err := w.Resources.BookVersion(ctx, w.DB, "ryhmat", 2)
	if err == nil {
		return draft
	}
	unit, since := w.units["talo"].ID, w.clock.AddDate(-5, 0, 0)
	book := func(verdict policies.Verdict, state string) resources.RuleBook {
		made, err := w.Resources.AddRuleBook(ctx, w.DB, resources.RuleBook{
			Key: "ryhmat", State: state, ValidFrom: &since, Unit: &unit, Name: all("Ryhmät"),
			Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "everybody", Effects: policies.Effects{Verdict: verdict, Price: "free"}}}}),
		})
		w.must(err)
		return made
	}
	book(policies.Allow, "live")
	_, err = w.DB.Exec(ctx, "UPDATE resources SET rule_book = 'ryhmat' WHERE slug = 'ryhma'")
	w.must(err)
	w.who["resident"].book("ryhma", "2026-11-30 10:00", "2026-11-30 12:00")
	return book(policies.Approval, "draft")
}

// replay asks what a draft would have done in 2026.
func (w *town) replay(actor accounts.Actor, draft resources.RuleBook) *reports.WhatIfRun {
	w.t.Helper()
	run, err := w.whatIfs.Start(ctx, actor, in2026(draft))
	w.must(err)
	run.Wait(ctx)
	return run
}

func in2026(draft resources.RuleBook) reports.WhatIfQuestion {
	return reports.WhatIfQuestion{Book: draft, From: calendar.Date{Year: 2026, Month: 1, Day: 1}, To: calendar.Date{Year: 2026, Month: 12, Day: 31}}
}
