package catalogue_test

import (
	"errors"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// draft is a book that allows everybody, free of charge, with an example.
func draft(key string, unit *int) resources.RuleBook {
	return resources.RuleBook{
		Key: key, Unit: unit, Name: locales.Texts{Fi: "Säännöt"},
		Rules:    db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all-" + key, Effects: policies.Effects{Verdict: policies.Allow, Price: "free"}}}}),
		Examples: db.AsJSON([]policies.Example{{Name: "kuka tahansa", Want: policies.Want{Verdict: policies.Allow, Cents: new(0)}}}),
	}
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if f := fault.As(err); f.Code != code && (len(f.Fields) == 0 || f.Fields[0].Code != code) {
		t.Errorf("%v, want %s", err, code)
	}
}

func TestAVersionGoesLiveWhenItsExamplesPass(t *testing.T) {
	w := newCity(t)
	city := w.actors["city"]
	made, err := w.DraftBook(ctx, city, draft("iltavuorot", nil))
	w.must(err)
	broken := made
	broken.Examples = db.AsJSON([]policies.Example{
		{Name: "yritys", Class: policies.Company, Want: policies.Want{Verdict: policies.Refuse}},
		{Name: "maksaa", Want: policies.Want{Verdict: policies.Allow, Cents: new(2400)}},
	})
	saved, err := w.SaveDraft(ctx, city, broken)
	w.must(err)
	_, err = w.SaveDraft(ctx, city, made)
	wantCode(t, err, "stale")

	publication := catalogue.Publication{Key: made.Key, Version: made.Version, Revision: saved.Revision}
	_, err = w.Publish(ctx, city, publication)
	wantCode(t, err, "rules.examples_fail")
	var refusal *fault.Error
	if errors.As(err, &refusal); refusal.Params["names"] != "yritys; maksaa" || refusal.Params["n"] != 2 {
		t.Errorf("%v", refusal.Params)
	}
	trials, err := w.TryExamples(ctx, city, made.Key, made.Version)
	w.must(err)
	if len(trials) != 2 || len(trials[0].Differences) == 0 {
		t.Errorf("%+v", trials)
	}
	saved.Examples = draft("x", nil).Examples
	saved, err = w.SaveDraft(ctx, city, saved)
	w.must(err)

	publication.Revision = saved.Revision
	termless := saved
	termless.Rules.V.Rules = []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free", Terms: []string{"missing"}}}}
	termless, err = w.SaveDraft(ctx, city, termless)
	w.must(err)
	publication.Revision = termless.Revision
	_, err = w.Publish(ctx, city, publication)
	wantCode(t, err, "rules.unknown_key")
	saved.Revision = termless.Revision
	saved, err = w.SaveDraft(ctx, city, saved)
	w.must(err)
	publication.Revision = saved.Revision
	publication.From = w.clock.Add(-time.Hour)
	_, err = w.Publish(ctx, city, publication)
	wantCode(t, err, "rules.valid_from_past")
	publication.From = w.clock.AddDate(0, 1, 0)
	live, err := w.Publish(ctx, city, publication)
	w.must(err)
	if live.State != "live" || live.PublishedBy == nil || !live.ValidFrom.Equal(publication.From) {
		t.Errorf("%+v", live)
	}
	_, err = w.SaveDraft(ctx, city, live)
	wantCode(t, err, "rules.live_unchanged")
	next, err := w.DraftBook(ctx, city, draft("iltavuorot", nil))
	w.must(err)
	publication.Version, publication.Revision = next.Version, next.Revision
	_, err = w.Publish(ctx, city, publication)
	wantCode(t, err, "rules.valid_from_taken")

	back, err := w.Withdraw(ctx, city, live.Key, live.Version)
	w.must(err)
	if back.State != "draft" || back.ValidFrom != nil {
		t.Errorf("%+v", back)
	}
	publication.From = time.Time{}
	_, err = w.Publish(ctx, city, publication)
	w.must(err)
	_, err = w.Withdraw(ctx, city, next.Key, next.Version)
	wantCode(t, err, "rules.in_force")
	w.must(w.DiscardDraft(ctx, city, back))
}

func TestWhoWritesRules(t *testing.T) {
	w := newCity(t)
	city, manager := w.actors["city"], w.actors["manager"]
	shared, err := w.DraftBook(ctx, city, draft("yhteinen", nil))
	w.must(err)
	_, err = w.Publish(ctx, city, catalogue.Publication{Key: shared.Key, Version: shared.Version})
	w.must(err)
	_, err = w.DraftBook(ctx, manager, draft("omat", nil))
	wantCode(t, err, "auth.forbidden")
	_, err = w.DraftBook(ctx, accounts.Actor{}, draft("omat", nil))
	wantCode(t, err, "auth.required")

	unit := w.units["talo"].ID
	own := draft("omat", &unit)
	_, err = w.DraftBook(ctx, manager, own)
	wantCode(t, err, "rules.base_missing")
	own.Base = "puuttuu"
	_, err = w.DraftBook(ctx, manager, own)
	wantCode(t, err, "rules.base_unknown")
	own.Base = "yhteinen"
	made, err := w.DraftBook(ctx, manager, own)
	w.must(err)
	own.Key = "yhteinen"
	_, err = w.DraftBook(ctx, manager, own)
	wantCode(t, err, "rules.key_taken")

	twice := made
	twice.Rules = shared.Rules
	_, err = w.SaveDraft(ctx, manager, twice)
	wantCode(t, err, "rules.id_in_base")
	_, err = w.Publish(ctx, manager, catalogue.Publication{Key: made.Key, Version: made.Version})
	w.must(err)
	_, err = w.Publish(ctx, manager, catalogue.Publication{Key: shared.Key, Version: shared.Version})
	wantCode(t, err, "auth.forbidden")

	onOwn := draft("kolmas", &unit)
	onOwn.Base = "omat"
	_, err = w.DraftBook(ctx, manager, onOwn)
	wantCode(t, err, "rules.base_unknown")
	circle := draft("yhteinen", nil)
	circle.Base = "iltavuorot"
	_, err = w.DraftBook(ctx, city, circle)
	wantCode(t, err, "rules.base_of_others")
}
