package reports_test

import (
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/reports"
	"vuoro/resources"
)

// version stores the next version of a rule book; from "" = a draft.
func (w *town) version(key, from string, rules ...policies.Rule) resources.RuleBook {
	w.t.Helper()
	book := resources.RuleBook{Key: key, State: "draft", Rules: db.AsJSON(policies.Rules{Version: 1, Rules: rules})}
	if from != "" {
		since := w.at(from)
		book.State, book.ValidFrom = "live", &since
	}
	made, err := w.booking.Resources.AddRuleBook(ctx, w.db, book)
	w.must(err)
	return made
}

func rule(id string, verdict policies.Verdict, price string, quotas ...policies.Quota) policies.Rule {
	return policies.Rule{ID: id, Effects: policies.Effects{Verdict: verdict, Price: price, Quotas: quotas}}
}

// whatIfs replays on the town; year asks about 2024.
func (w *town) whatIfs() *reports.WhatIfs { return &reports.WhatIfs{Booking: w.booking} }

func year(book resources.RuleBook) reports.WhatIfQuestion {
	return reports.WhatIfQuestion{Book: book, From: calendar.Date{Year: 2024, Month: 1, Day: 1}, To: calendar.Date{Year: 2024, Month: 12, Day: 31}}
}

func (w *town) whatIf(q reports.WhatIfQuestion) reports.WhatIf {
	w.t.Helper()
	run, err := w.whatIfs().Start(ctx, w.admin, q)
	w.must(err)
	run.Wait(ctx)
	answer, err := run.Result()
	w.must(err)
	if answer.Total.Asked.Requests != run.Total || run.Done() != run.Total {
		w.t.Errorf("%d of %d requests, %d gone through", answer.Total.Asked.Requests, run.Total, run.Done())
	}
	return answer
}

func (w *town) count(sql string) (n int) {
	w.t.Helper()
	w.must(w.db.Query(ctx, &n, sql))
	return n
}

func TestScenario146_WhatTheDecisionOf2022ChangesOfThatOf2018(t *testing.T) {
	w := newTown(t)
	w.version("board", "2018-08-20 00:00", rule("free-2018", policies.Allow, "free"))
	short := 90
	brief := rule("brief-2022", policies.Allow, "cents:1000")
	brief.What.MinutesMax = &short
	from2022 := w.version("board", "2022-08-01 00:00", brief, rule("long-2022", policies.Refuse, "free"))
	_, err := w.db.Exec(ctx, "UPDATE resources SET rule_book = 'board', price_cents = 0")
	w.must(err)
	first, err := w.booking.Resources.BookVersion(ctx, w.db, "board", 1)
	w.must(err)

	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 11:00")
	w.book(policies.Ordinary, "sali", "2024-02-06 10:00", "2024-02-06 11:30")
	q := year(first)
	back := w.whatIf(q) // what 2018 would grant of what 2022 was asked
	if back.Total.Changed.Requests != 2 || back.Total.Cheaper.Minutes != 150 || back.Total.OldCents != 2500 || back.Total.NewCents != 0 {
		t.Errorf("2018 in place of 2022: %+v", back.Total)
	}
	q = year(from2022)
	q.Against = &first
	forth := w.whatIf(q)
	if forth.Total.Dearer.Minutes != 150 || forth.Total.NewCents != 2500 || forth.Changes[0].Old.By != "free-2018" || forth.Changes[0].New.By != "brief-2022" {
		t.Errorf("2022 in place of 2018: %+v", forth.Total)
	}
	w.ask("koulu") // nothing but the board's rooms is asked about
	if same := w.whatIf(year(from2022)); same.Total.Asked.Requests != 2 || same.Total.Changed.Requests != 0 || same.Total.Same != same.Total.Asked {
		t.Errorf("a version against itself: %+v", same.Total)
	}
}

func TestWhatIfCountsQuotasFromWhatItGrants(t *testing.T) {
	w := newTown(t)
	for _, day := range []string{"05", "06", "07", "13"} {
		w.book(policies.Ordinary, "sali", "2024-02-"+day+" 10:00", "2024-02-"+day+" 11:00")
	}
	gone := w.book(policies.Ordinary, "sali", "2024-02-14 10:00", "2024-02-14 11:00")
	_, err := w.booking.Cancel(ctx, w.admin, booking.Change{Ref: gone.Number, ReasonCode: "plans_changed", ReasonText: "peruttu"})
	w.must(err)
	w.clock = w.clock.Add(time.Hour)
	w.book(policies.Ordinary, "sali", "2024-02-15 10:00", "2024-02-15 11:00")
	two := 120
	draft := w.version("open", "", rule("all", policies.Allow, "free", policies.Quota{Key: "week", Minutes: &two, In: policies.InWeek}))

	before := w.count("SELECT (SELECT count(*) FROM change_log) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM reservations)")
	answer := w.whatIf(year(draft))
	if after := w.count("SELECT (SELECT count(*) FROM change_log) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM reservations)"); after != before {
		t.Error("the question wrote something")
	}
	// the third of the first week; in the second the cancelled one gave its hour back
	if answer.Total.Asked.Requests != 6 || answer.Total.Lost != (reports.Amount{Requests: 1, Minutes: 60}) || answer.Changes[0].New.By != "check:quota" {
		t.Fatalf("got %+v, %+v", answer.Total, answer.Changes)
	}
	if len(answer.Affected) != 1 || answer.Affected[0].Name != "paula" || len(answer.Groups) != 1 || answer.Groups[0].Key != "person" {
		t.Errorf("affected %+v, groups %+v", answer.Affected, answer.Groups)
	}

	runs := w.whatIfs()
	run, err := runs.Start(ctx, w.admin, year(draft))
	w.must(err)
	run.Wait(ctx)
	both, err := runs.Reopen(ctx, w.admin, run, answer.Changes[0].Number)
	w.must(err)
	if old, now := policies.Decide(both.Old), policies.Decide(both.New); old.Verdict != policies.Allow || now.Fault() == nil || now.Violations[0].Code != policies.CodeQuota || now.Book != "open/2" {
		t.Errorf("opened again: %+v and %+v", old, now)
	}
	_, err = runs.Reopen(ctx, w.admin, run, gone.Number)
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("what did not change can be opened: %v", err)
	}
}

func TestWhatIfOfASharedBookReachesThoseOnIt(t *testing.T) {
	w := newTown(t)
	w.version("city", "2020-01-01 00:00", rule("shared", policies.Allow, "free"))
	since := w.at("2020-01-01 00:00")
	weekend := rule("weekend", policies.Refuse, "free")
	weekend.When.Weekdays = []int{6, 7}
	_, err := w.booking.Resources.AddRuleBook(ctx, w.db, resources.RuleBook{
		Key: "school", State: "live", ValidFrom: &since, Base: "city", Rules: db.AsJSON(policies.Rules{Version: 1, Rules: []policies.Rule{weekend}}),
	})
	w.must(err)
	_, err = w.db.Exec(ctx, "UPDATE resources SET rule_book = 'school' WHERE slug = 'liikuntasali'")
	w.must(err)
	w.book(policies.Ordinary, "liikuntasali", "2024-02-05 10:00", "2024-02-05 12:00")
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")

	answer := w.whatIf(year(w.version("city", "", rule("asked", policies.Approval, "free"))))
	if answer.Total.Asked.Requests != 1 || answer.Total.Tightened.Minutes != 120 {
		t.Errorf("got %+v", answer.Total)
	}
}

func TestWhatIfIsForThoseWhoLookAfterTheBook(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
	w.book(policies.Ordinary, "liikuntasali", "2024-02-05 10:00", "2024-02-05 12:00")
	unit := w.units["kirjasto"].ID
	manager, viewer := w.person("mia", accounts.Role{Unit: &unit, Role: accounts.Manager}), w.person("veli", accounts.Role{Unit: &unit, Role: accounts.Viewer})
	city := w.version("open", "", rule("all", policies.Refuse, "free"))
	own := city
	own.Unit = &unit
	runs := w.whatIfs()
	for _, actor := range []accounts.Actor{{}, viewer, manager, w.person("bo")} {
		if _, err := runs.Start(ctx, actor, year(city)); fault.Code(err) != "auth.forbidden" {
			t.Errorf("%s: got %v", actor.Name(), err)
		}
	}
	run, err := runs.Start(ctx, manager, year(own))
	w.must(err)
	run.Wait(ctx)
	if answer, err := run.Result(); err != nil || answer.Total.Lost.Requests != 1 || answer.Changes[0].Resource != w.rooms["sali"].ID {
		t.Errorf("a manager sees more than the own unit: %+v %v", answer.Total, err)
	}
	if _, err := runs.Find(w.admin, run.ID); fault.Code(err) != "whatif.gone" {
		t.Errorf("somebody else's answer: %v", err)
	}
	if found, err := runs.Find(manager, run.ID); err != nil || found != run {
		t.Errorf("the own answer: %v", err)
	}
	stripped := manager
	stripped.Roles = nil
	if _, err := runs.Find(stripped, run.ID); fault.Code(err) != "whatif.gone" {
		t.Errorf("without the right any more: %v", err)
	}
}

func TestWhatIfOfEvilPeriods(t *testing.T) {
	w := newTown(t)
	draft := w.version("open", "", rule("all", policies.Refuse, "free"))
	day := func(year int) calendar.Date { return calendar.Date{Year: year, Month: 1, Day: 1} }
	for _, period := range [][2]calendar.Date{{day(2024), day(2023)}, {day(1950), day(2050)}, {{}, day(2024)}, {day(2024), {}}} {
		q := reports.WhatIfQuestion{Book: draft, From: period[0], To: period[1]}
		if _, err := w.whatIfs().Start(ctx, w.admin, q); fault.Code(err) != "report.bad_period" {
			t.Errorf("%v: got %v", period, err)
		}
	}
	if nothing := w.whatIf(year(draft)); nothing.Total.Asked.Requests != 0 || len(nothing.Groups) != 0 {
		t.Errorf("a year without requests: %+v", nothing)
	}
}

func TestWhatIfCanBeStopped(t *testing.T) {
	w := newTown(t)
	w.book(policies.Ordinary, "sali", "2024-02-05 10:00", "2024-02-05 12:00")
	draft := w.version("open", "", rule("all", policies.Refuse, "free"))
	runs := w.whatIfs()
	lock, rollback, err := w.db.Begin(ctx) // the replay waits for the lock until it is stopped
	w.must(err)
	questions := func() *reports.WhatIfRun {
		t.Helper()
		run, err := runs.Start(ctx, w.admin, year(draft))
		w.must(err)
		return run
	}
	run := questions()
	run.Wait(ctx)
	_, err = lock.Exec(ctx, "LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
	w.must(err)
	run = questions()
	if _, err := runs.Start(ctx, w.admin, year(draft)); fault.Code(err) != "whatif.running" {
		t.Errorf("a second one at a time: %v", err)
	}
	if run.Over() || run.Done() != 0 || run.Total != 1 {
		t.Errorf("%d of %d, over %v", run.Done(), run.Total, run.Over())
	}
	run.Cancel()
	rollback()
	if _, err := run.Result(); fault.Code(err) != "whatif.cancelled" {
		t.Errorf("stopped: %v", err)
	}
	again := questions()
	again.Wait(ctx)
	if answer, err := again.Result(); err != nil || answer.Total.Lost.Requests != 1 {
		t.Errorf("after it was stopped: %+v %v", answer.Total, err)
	}
}
