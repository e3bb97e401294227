package booking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// join puts somebody into the line for a time.
func (w *world) join(actor accounts.Actor, room, begin, end string) (booking.Wait, error) {
	w.t.Helper()
	return w.JoinLine(ctx, actor, w.request(room, begin, end))
}

func (w *world) mustJoin(actor accounts.Actor, room, begin, end string) booking.Wait {
	w.t.Helper()
	wait, err := w.join(actor, room, begin, end)
	if err != nil {
		w.t.Fatalf("join the line for %s %s–%s: %v", room, begin, end, err)
	}
	return wait
}

func (w *world) waitOf(actor accounts.Actor, wait booking.Wait) booking.WaitCard {
	w.t.Helper()
	card, err := w.WaitOf(ctx, actor, wait.UID)
	w.must(err)
	return card
}

func (w *world) wantWait(actor accounts.Actor, wait booking.Wait, state booking.WaitState) {
	w.t.Helper()
	if got := w.waitOf(actor, wait).State; got != state {
		w.t.Errorf("the wish is %s, want %s", got, state)
	}
}

func (w *world) cancel(actor accounts.Actor, r booking.Reservation) {
	w.t.Helper()
	_, err := w.Cancel(ctx, actor, booking.Change{Ref: r.Number, ReasonCode: "given_back"})
	w.must(err)
}

// unserved lists the wishes whose whole time is free although nobody offers it:
// what must never be left after the job has run.
func (w *world) unserved() []int64 {
	w.t.Helper()
	var ids []int64
	w.must(w.DB.Query(ctx, &ids, `SELECT t.id FROM waiting t WHERE t.state = 'waiting' AND t.begin_at > ?
		AND NOT EXISTS (SELECT 1 FROM reservations r JOIN resource_atoms a ON a.resource = r.resource JOIN resource_atoms b ON b.atom = a.atom AND b.resource = t.resource
		    WHERE r.occupies AND r.begin_at < t.end_at AND r.end_at > t.begin_at) ORDER BY t.id`, w.clock))
	return ids
}

func TestScenarioWait_FreedTimeGoesToTheFirstInLine(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	first := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	second := w.mustJoin(siiri, "huone", "2026-11-26 17:30", "2026-11-26 18:30")
	if n := w.waitOf(siiri, second).Place; n != 2 {
		t.Errorf("place %d, want 2", n)
	}
	w.cancel(aino, taken)

	card := w.waitOf(eino, first)
	if !card.Open(w.clock) || !card.AnswerBy.Equal(w.clock.Add(24*time.Hour)) {
		t.Fatalf("after the cancellation %s, to be answered by %v", card.State, card.AnswerBy)
	}
	w.wantWait(siiri, second, booking.InLine)
	if n := w.waitOf(siiri, second).Place; n != 1 {
		t.Errorf("place %d, want 1", n)
	}
	refusal := w.refused(aino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	if refusal.Conflicts[0].Kind != "offer" {
		t.Errorf("what is in the way is a %s", refusal.Conflicts[0].Kind)
	}

	made, err := w.AcceptOffer(ctx, eino, first.UID)
	w.must(err)
	if made.State != booking.Confirmed || made.Number != card.Number || made.Title != "Kerho" || made.HeldUntil != nil {
		t.Errorf("made %+v", made)
	}
	again, err := w.AcceptOffer(ctx, eino, first.UID)
	w.must(err)
	if again.ID != made.ID {
		t.Errorf("a second press made %s", again.Number)
	}
	w.wantWait(eino, first, booking.Served)
	w.wantMails("reservation.confirmed aino@demo.example", "reservation.cancelled aino@demo.example",
		"waiting.offer eino@demo.example", "reservation.confirmed eino@demo.example")
	w.wantSteps(first, "joined", "offered", "accepted")
	for _, v := range w.violations() {
		t.Error(v)
	}
}

// wantSteps compares the audit trail of a wish.
func (w *world) wantSteps(wait booking.Wait, want ...string) {
	w.t.Helper()
	var got []string
	w.must(w.DB.Query(ctx, &got, "SELECT substr(action, 9) FROM audit WHERE object = ? ORDER BY number", "waiting:"+wait.UID.String()))
	if !slices.Equal(got, want) {
		w.t.Errorf("audit %q, want %q", got, want)
	}
}

func TestScenarioWait_DecliningServesTheNextAtOnce(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	first := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	second := w.mustJoin(siiri, "huone", "2026-11-26 18:00", "2026-11-26 19:00")
	w.cancel(aino, taken)
	if _, err := w.DeclineOffer(ctx, siiri, second.UID); fault.Code(err) != "waiting.no_offer" {
		t.Errorf("declining nothing: %v", err)
	}
	_, err := w.DeclineOffer(ctx, eino, first.UID)
	w.must(err)
	w.wantWait(eino, first, booking.Left)
	w.wantWait(siiri, second, booking.Offered)
	if _, err := w.AcceptOffer(ctx, eino, first.UID); !fault.Is(err, fault.Gone) {
		t.Errorf("accepting what was declined: %v", err)
	}
	// a hold that was offered is also declined by giving it up as a hold
	w.must(w.Release(ctx, siiri, w.waitOf(siiri, second).Number))
	w.wantWait(siiri, second, booking.Left)
	w.wantMails("reservation.confirmed aino@demo.example", "reservation.cancelled aino@demo.example",
		"waiting.offer eino@demo.example", "waiting.offer siiri@demo.example")
	w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
}

func TestScenarioWait_AnOfferRunsOutAndTheNextIsServed(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	taken := w.mustTake(aino, "huone", "2026-11-23 17:00", "2026-11-23 18:00")
	first := w.mustJoin(eino, "huone", "2026-11-23 17:00", "2026-11-23 18:00")
	second := w.mustJoin(siiri, "huone", "2026-11-23 17:00", "2026-11-23 18:00")
	w.cancel(aino, taken)
	by := *w.waitOf(eino, first).AnswerBy
	if want := at("2026-11-23 14:30"); !by.Equal(want) { // half of the five hours that are left
		t.Errorf("to be answered by %v, want %v", by, want)
	}
	w.clock = by.Add(-time.Second)
	if n, err := w.RemoveExpiredHolds(ctx, 10); n != 0 || err != nil {
		t.Fatalf("before the deadline %d went, %v", n, err)
	}
	w.clock = by
	if _, err := w.AcceptOffer(ctx, eino, first.UID); fault.Code(err) != "waiting.offer_gone" {
		t.Errorf("accepting too late: %v", err)
	}
	if n, err := w.RemoveExpiredHolds(ctx, 10); n != 1 || err != nil {
		t.Fatalf("at the deadline %d went, %v", n, err)
	}
	w.wantWait(eino, first, booking.Left)
	w.wantSteps(first, "joined", "offered", "offer_expired")
	if got := w.waitOf(siiri, second); !got.Open(w.clock) || !got.AnswerBy.Equal(at("2026-11-23 15:45")) {
		t.Errorf("the next is %s, to be answered by %v", got.State, got.AnswerBy)
	}
	w.wantMails("reservation.confirmed aino@demo.example", "reservation.cancelled aino@demo.example",
		"waiting.offer eino@demo.example", "waiting.offer_expired eino@demo.example", "waiting.offer siiri@demo.example")
}

// Between the deadline and the broom nobody slips in: a booking that finds the
// offer run out yields to the next in line.
func TestBookingYieldsToWhoIsNextInLine(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("koko", []string{"a", "b"}, nil)
	aino, eino, siiri, outsider := w.person("aino"), w.person("eino"), w.person("siiri"), w.person("outo")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	first := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	second := w.mustJoin(siiri, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	w.cancel(aino, taken)
	w.clock = *w.waitOf(eino, first).AnswerBy
	refusal := w.refused(outsider, "koko", "2026-11-26 17:30", "2026-11-26 18:30")
	if got := refusal.Conflicts; len(got) != 1 || got[0].Kind != "offer" {
		t.Errorf("in the way: %+v", got)
	}
	w.wantWait(siiri, second, booking.Offered)
	w.wantWait(eino, first, booking.Left)
	_, err := w.Hold(ctx, w.visitor(), w.rooms["huone"].UID, times("2026-11-26 17:00", "2026-11-26 18:00"))
	w.wantCode(err, "booking.overlap")
	w.mustTake(outsider, "huone", "2026-11-26 18:00", "2026-11-26 19:00")
}

// Somebody's own ten minutes are not taken away because another waits for them.
func TestNobodyYieldsWhatTheyHold(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	_, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-26 17:00", "2026-11-26 19:00"))
	w.must(err)
	wait := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	held, err := w.Hold(ctx, aino, w.rooms["huone"].UID, times("2026-11-26 17:00", "2026-11-26 18:00"))
	w.must(err)
	req := w.request("huone", "2026-11-26 17:00", "2026-11-26 18:00")
	req.Hold = held.UID.String()
	made, err := w.Book(ctx, aino, req)
	w.must(err)
	_, err = w.Move(ctx, aino, booking.Change{Ref: made.Number}, times("2026-11-26 18:00", "2026-11-26 19:00"))
	w.must(err)
	w.wantWait(eino, wait, booking.Offered)
	// and another hold of one's own moves neither this offer nor is it moved by it
	_, err = w.Hold(ctx, eino, w.rooms["huone"].UID, times("2026-11-26 20:00", "2026-11-26 21:00"))
	w.must(err)
	_, err = w.Hold(ctx, eino, w.rooms["huone"].UID, times("2026-11-26 20:30", "2026-11-26 21:30"))
	w.must(err)
	w.wantWait(eino, wait, booking.Offered)
	_, err = w.ExtendHold(ctx, eino, w.waitOf(eino, wait).Number)
	w.wantCode(err, "booking.extended_already")
}

func TestJoiningTheLineIsRefusedWithAReason(t *testing.T) {
	w := newWorld(t)
	days := 14
	w.room("huone", []string{"a"}, func(r *resources.Resource) {
		r.DaysAheadMax, r.RequiredFields = &days, db.Strings{policies.FieldPersons}
	})
	aino, eino := w.person("aino"), w.person("eino")
	four := 4
	req := w.request("huone", "2026-11-26 17:00", "2026-11-26 19:00")
	req.Form.Persons = &four
	_, err := w.Book(ctx, aino, req)
	w.must(err)

	for code, change := range map[string]func(*booking.Request){
		"waiting.free":          func(r *booking.Request) { r.Times = times("2026-11-26 20:00", "2026-11-26 21:00") },
		"booking.closed":        func(r *booking.Request) { r.Times = times("2026-11-26 22:00", "2026-11-26 23:30") },
		"booking.past":          func(r *booking.Request) { r.Times = times("2026-11-22 17:00", "2026-11-22 18:00") },
		"booking.too_far_ahead": func(r *booking.Request) { r.Times = times("2026-12-24 17:00", "2026-12-24 18:00") },
		"booking.field_missing": func(r *booking.Request) { r.Form.Persons = nil },
		"booking.terms":         func(r *booking.Request) { r.Form.TermsAccepted = false },
		"resource.not_found":    func(r *booking.Request) { r.Resource = uuid.New() },
		"booking.bad_holder": func(r *booking.Request) {
			r.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: uuid.New()}
		},
	} {
		wish := req
		change(&wish)
		if _, err := w.JoinLine(ctx, eino, wish); fault.Code(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	_, err = w.JoinLine(ctx, accounts.Actor{}, req)
	w.wantCode(err, "auth.required")
	_, err = w.JoinLine(ctx, aino, req)
	w.wantCode(err, "waiting.yours")
	_, err = w.JoinLine(ctx, eino, req)
	w.must(err)
	req.Times = times("2026-11-26 18:00", "2026-11-26 19:00")
	_, err = w.JoinLine(ctx, eino, req)
	w.wantCode(err, "waiting.already")
	if n := w.count("SELECT count(*) FROM waiting"); n != 1 {
		t.Errorf("%d wishes", n)
	}
}

func TestTwentyWishesAreEnough(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	for day := range booking.WaitLimit + 1 {
		date := at("2026-11-24 17:00").AddDate(0, 0, day).In(helsinki).Format("2006-01-02")
		w.mustTake(aino, "huone", date+" 17:00", date+" 18:00")
		_, err := w.join(eino, "huone", date+" 17:00", date+" 18:00")
		if day < booking.WaitLimit {
			w.must(err)
		} else {
			w.wantCode(err, "waiting.limit")
		}
	}
}

func TestStrangersSeeNothingOfAWish(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	wait := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	w.cancel(aino, taken)
	manager := w.manager()
	for name, actor := range map[string]accounts.Actor{"another": aino, "staff": manager, "visitor": w.visitor()} {
		_, read := w.WaitOf(ctx, actor, wait.UID)
		_, accept := w.AcceptOffer(ctx, actor, wait.UID)
		_, leave := w.LeaveLine(ctx, actor, wait.UID)
		for _, err := range []error{read, accept, leave} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := w.Close(ctx, manager, booking.Closing{Resources: []uuid.UUID{w.rooms["huone"].UID}, Times: []booking.Times{times("2026-11-26 17:00", "2026-11-26 19:00")}, OnHit: booking.DenyHits, DenyReason: "remontti"}); fault.Code(err) != "booking.closing_kept" {
		t.Errorf("a closure displaces the offer: %v", err)
	}
	w.wantWait(eino, wait, booking.Offered)
	scoped := eino
	scoped.Scopes = []string{accounts.ScopeRead}
	_, err := w.AcceptOffer(ctx, scoped, wait.UID)
	w.wantCode(err, "auth.forbidden")
}

// Hours, closures and rooms change without anybody giving time back: the job
// finds out.
func TestServeLineCatchesUp(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("iso", []string{"b"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	w.mustTake(aino, "iso", "2026-11-26 17:00", "2026-11-26 19:00")
	first := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	second := w.mustJoin(siiri, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	archived := w.mustJoin(siiri, "iso", "2026-11-26 17:00", "2026-11-26 19:00")
	if n, err := w.ServeLine(ctx); n != 0 || err != nil {
		t.Fatalf("%d offers, %v", n, err)
	}
	// as after a crash between the commit and the serving
	w.must(exec(w, "DELETE FROM occupancies WHERE reservation = ?", taken.ID))
	w.must(exec(w, "UPDATE reservations SET state = 'cancelled', occupies = false WHERE id = ?", taken.ID))
	w.must(exec(w, "UPDATE resources SET state = 'archived' WHERE id = ?", w.rooms["iso"].ID))
	if n, err := w.ServeLine(ctx); n != 1 || err != nil {
		t.Fatalf("%d offers, %v", n, err)
	}
	w.wantWait(eino, first, booking.Offered)
	w.wantWait(siiri, second, booking.InLine)
	w.wantWait(siiri, archived, booking.Left)
	if n, err := w.ServeLine(ctx); n != 0 || err != nil {
		t.Fatalf("a second run makes %d offers, %v", n, err)
	}
	w.clock = at("2026-11-26 17:00")
	_, err := w.RemoveExpiredHolds(ctx, 10)
	w.must(err)
	_, err = w.ServeLine(ctx)
	w.must(err)
	w.wantWait(siiri, second, booking.Left) // the time has come
	w.clock = at("2027-11-27 12:00")
	if n, err := w.RemoveOldWaits(ctx); n != 3 || err != nil {
		t.Errorf("%d old wishes removed, %v", n, err)
	}
}

func TestWhoHasTheTimeWaitsNoMore(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino, siiri := w.person("aino"), w.person("eino"), w.person("siiri")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	wait := w.mustJoin(eino, "huone", "2026-11-26 17:30", "2026-11-26 18:30")
	gone := w.mustJoin(siiri, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	w.must(exec(w, "UPDATE waiting SET state = 'left' WHERE id = ?", gone.ID))
	// eino is first and may simply book, should he be quicker than the offer
	w.must(exec(w, "DELETE FROM occupancies WHERE reservation = ?", taken.ID))
	w.must(exec(w, "UPDATE reservations SET state = 'cancelled', occupies = false WHERE id = ?", taken.ID))
	w.mustTake(eino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	_, err := w.ServeLine(ctx)
	w.must(err)
	w.wantWait(eino, wait, booking.Served)
}

func TestAnOfferForAnAssociationNeedsTheRightStill(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, eino := w.person("aino"), w.person("eino")
	club := w.club(&eino)
	taken, err := w.take(aino, "huone", "2026-11-26 17:00", "2026-11-26 19:00")
	w.must(err)
	req := w.request("huone", "2026-11-26 17:00", "2026-11-26 19:00")
	req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: club}
	wait, err := w.JoinLine(ctx, eino, req)
	w.must(err)
	w.must(exec(w, "UPDATE memberships SET role = 'member' WHERE person = ?", eino.ID()))
	w.cancel(aino, taken) // withdrawn
	w.wantWait(eino, wait, booking.InLine)
	w.must(exec(w, "UPDATE memberships SET role = 'booker' WHERE person = ?", eino.ID()))
	_, err = w.ServeLine(ctx)
	w.must(err)
	made, err := w.AcceptOffer(ctx, eino, wait.UID)
	w.must(err)
	if made.State != booking.Requested || made.HolderKind != booking.HeldByAssociation {
		t.Errorf("made %s for %s", made.State, made.HolderKind)
	}
	w.cancel(eino, made)
}

// club is an association that somebody books for.
func (w *world) club(booker *accounts.Actor) uuid.UUID {
	w.t.Helper()
	uid := uuid.New()
	var id int64
	w.must(w.DB.Query(ctx, &id, "INSERT INTO associations (uid, name, kind, created_at) VALUES (?, 'Kerho', 'association', ?) RETURNING id", uid, w.clock))
	w.must(exec(w, "INSERT INTO memberships (association, person, role, created_at) VALUES (?, ?, 'booker', ?)", id, booker.ID(), w.clock))
	booker.Memberships = append(booker.Memberships, accounts.Membership{Association: id, Person: booker.ID(), Role: accounts.Booker})
	return uid
}

func TestAcceptingADateOfASeriesMakesIt(t *testing.T) {
	w := newWorld(t)
	room := w.seriesRoom("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	taken := w.mustTake(aino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	wait := w.mustJoin(eino, "huone", "2026-11-26 17:00", "2026-11-26 18:00")
	var series int64
	w.must(w.DB.Query(ctx, &series, `INSERT INTO series (uid, resource, unit, kind, rule, zone, holder_kind, holder_person, first_date, from_minute, to_minute, created_at, changed_at)
		VALUES (?, ?, ?, 'ordinary', 'FREQ=WEEKLY', 'Europe/Helsinki', 'person', ?, '2026-11-26', 1020, 1080, ?, ?) RETURNING id`,
		uuid.New(), room.ID, room.Unit, eino.ID(), w.clock, w.clock))
	w.must(exec(w, `INSERT INTO rejected_dates (series, series_date, begin_at, end_at, code, state, rejected_at)
		VALUES (?, '2026-11-26', ?, ?, 'booking.overlap', 'open', ?)`, series, taken.BeginAt, taken.EndAt, w.clock))
	w.must(exec(w, "UPDATE waiting SET series = ?, series_date = '2026-11-26' WHERE id = ?", series, wait.ID))
	w.cancel(aino, taken)
	made, err := w.AcceptOffer(ctx, eino, wait.UID)
	w.must(err)
	if n := w.count("SELECT count(*) FROM reservations WHERE id = ? AND series = ? AND series_date = '2026-11-26'", made.ID, series); n != 1 {
		t.Error("the reservation is not the date of the series")
	}
	if n := w.count("SELECT count(*) FROM rejected_dates WHERE state = 'made'"); n != 1 {
		t.Error("the rejected date is still open")
	}
}

func TestOfferDeadlines(t *testing.T) {
	for left, want := range map[time.Duration]time.Duration{
		30 * 24 * time.Hour: 24 * time.Hour, 48 * time.Hour: 24 * time.Hour, 10 * time.Hour: 5 * time.Hour,
		20 * time.Minute: 15 * time.Minute, 10 * time.Minute: 10 * time.Minute,
	} {
		now := at("2026-11-23 12:00")
		if got := booking.OfferDeadline(now, now.Add(left)).Sub(now); got != want {
			t.Errorf("%s before: an offer for %s, want %s", left, got, want)
		}
	}
}
