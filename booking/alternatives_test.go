package booking_test

import (
	"errors"
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// In random towns with random rule books and limits, everything that a refused
// Book, Hold or Move offers is taken at once from the same actor with the same
// form.
func TestEveryWayOutIsOpen(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if before == "100" { // each case asks the engine some dozen times
		_ = checks.Value.Set("8")
		defer func() { _ = checks.Value.Set(before) }()
	}
	w := newWorld(t)
	g := &waysWorld{gapWorld: &gapWorld{world: w, hoitaja: w.person("hoitaja", accounts.Role{Role: accounts.CityAdmin})}}
	g.club, g.aino = w.association("Kerho", accounts.Booker)
	w.must(exec(w, "UPDATE associations SET registered = '1234'"))
	w.otherBooks()
	rapid.Check(t, g.check)
	if g.offered == 0 {
		t.Error("nothing was ever offered")
	}
}

// otherBooks are rule books by which not everybody may do everything always.
func (w *world) otherBooks() {
	w.t.Helper()
	allow := policies.Effects{Verdict: policies.Allow, Price: "free"}
	from := w.clock.AddDate(-5, 0, 0)
	for key, rules := range map[string][]policies.Rule{
		"clubs": {{ID: "clubs", Who: policies.WhoIs{Classes: []policies.Class{policies.Association}}, Effects: allow}},
		"quiet": {{ID: "loud", What: policies.What{Purposes: []string{"music"}}, Effects: policies.Effects{Verdict: policies.Refuse}}, {ID: "all", Effects: allow}},
		"quota": {{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free", Quotas: []policies.Quota{
			{Key: "day", Minutes: new(150), In: policies.InDay, Over: policies.Over{Book: true}},
			{Key: "open", Times: new(2), Per: policies.PerPerson, In: policies.InOpen},
		}}}},
		"here": {
			{ID: "holidays", When: policies.When{Holiday: new(true)}, Effects: policies.Effects{Verdict: policies.Refuse, Limits: &policies.Limits{MaxMinutes: new(60)}}},
			{ID: "parts", Where: policies.Where{Part: "part"}, Effects: policies.Effects{Verdict: policies.Approval, Limits: &policies.Limits{MaxMinutes: new(90), DaysAheadMin: new(1)}}},
			{ID: "all", Effects: allow},
		},
		"outside":  {{ID: "all", Effects: policies.Effects{Verdict: policies.Allow, Price: "free", OutsideHours: new(true)}}},
		"evenings": {{ID: "evenings", When: policies.When{From: "16:00", To: "24:00"}, Effects: allow}, {ID: "days", When: policies.When{From: "08:00", To: "16:00"}, Effects: policies.Effects{Verdict: policies.Approval, Price: "list"}}},
	} {
		w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
			_, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{
				Key: key, Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(policies.Rules{Version: 1, Rules: rules}),
			})
			return err
		}))
	}
}

type waysWorld struct {
	*gapWorld
	club    accounts.Association
	offered int
}

func (g *waysWorld) check(t *rapid.T) {
	g.clock = at(rapid.SampledFrom([]string{"2026-11-23 00:00", "2027-03-27 00:00", "2027-10-30 00:00"}).Draw(t, "day"))
	today := calendar.DateOf(g.clock, helsinki)
	names := g.town(t)
	for _, name := range names {
		g.bind(t, name)
	}
	g.must(exec(g.world, "UPDATE units SET one_place_at_once = ? WHERE id = ?", rapid.Bool().Draw(t, "one place"), g.unit.ID))
	for range rapid.IntRange(0, 8).Draw(t, "taken") {
		g.takeSome(t, names, today)
	}
	g.clock = g.clock.Add(time.Duration(rapid.IntRange(0, 18*60).Draw(t, "now")) * time.Minute)
	own := g.anyRequest(t, names, today)
	mine, ownErr := g.Book(ctx, g.aino, own) // what limits count, and what is moved
	for range 4 {
		req := g.anyRequest(t, names, today)
		_, err := g.Book(ctx, g.aino, req)
		g.bookable(t, req, err)
		_, err = g.Hold(ctx, g.aino, req.Resource, req.Times)
		g.holdable(t, err)
		if ownErr == nil {
			g.movable(t, mine, req)
		}
	}
}

// bind gives a room some of the rules that are asked at confirm.
func (g *waysWorld) bind(t *rapid.T, room string) {
	g.set(room, "rule_book", rapid.SampledFrom([]string{"open", "approval", "competing", "clubs", "quiet", "evenings", "quota", "here", "outside"}).Draw(t, "book"))
	g.set(room, "purposes", db.Strings{"meeting", "music"})
	if n := rapid.IntRange(0, 3).Draw(t, "limit"); n > 0 {
		g.set(room, "active_limit", n)
	}
	if n := rapid.IntRange(0, 3).Draw(t, "most"); n > 0 {
		g.set(room, "persons_max", n*10)
	}
	if rapid.Bool().Draw(t, "fields") {
		g.set(room, "required_fields", db.Strings{"title"})
	}
}

func (g *waysWorld) anyRequest(t *rapid.T, names []string, today calendar.Date) booking.Request {
	room := g.rooms[rapid.SampledFrom(names).Draw(t, "room")]
	date := today.AddDays(rapid.IntRange(0, 3).Draw(t, "date"))
	begin := calendar.Resolve(date, calendar.Minute(rapid.IntRange(0, 95).Draw(t, "begin")*15), helsinki).Instant
	req := booking.Request{Resource: room.UID, Form: policies.Form{TermsAccepted: true}}
	req.Times = booking.Times{Begin: begin, End: begin.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, "long")) * 15 * time.Minute)}
	req.Form.Purpose = rapid.SampledFrom([]string{"", "meeting", "music"}).Draw(t, "purpose")
	req.Form.Title = rapid.SampledFrom([]string{"", "Kokous"}).Draw(t, "title")
	if n := rapid.IntRange(0, 30).Draw(t, "persons"); n > 0 {
		req.Form.Persons = &n
	}
	if rapid.Bool().Draw(t, "for the club") {
		req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: g.club.UID}
	}
	return req
}

// waysOut are the alternatives of a refusal.
func (g *waysWorld) waysOut(err error) []booking.Alternative {
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	g.offered += len(refusal.Alternatives)
	return refusal.Alternatives
}

// undone runs a use case and undoes what it did.
func (g *waysWorld) undone(t *rapid.T, do func(*booking.Service) error) error {
	undo := errors.New("undo")
	var done error
	err := g.DB.Tx(ctx, func(tx *db.DB) error {
		inside := *g.Service
		inside.DB = tx
		done = do(&inside)
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	return done
}

func (g *waysWorld) bookable(t *rapid.T, req booking.Request, err error) {
	var refusal *booking.Refusal
	if errors.As(err, &refusal) {
		for _, v := range refusal.Decision.Violations {
			if v.Code == policies.CodeFieldMissing {
				req.Form.Title, req.Form.Purpose = max(req.Form.Title, "x"), max(req.Form.Purpose, "meeting")
				req.Form.Persons = cmpOr(req.Form.Persons, 1)
				_, err = g.Book(ctx, g.aino, req) // asked again with the form filled in
				break
			}
		}
	}
	for _, a := range g.waysOut(err) {
		req.Resource, req.Times = a.Resource.UID, booking.Times{Begin: a.Begin, End: a.End}
		var made booking.Reservation
		err := g.undone(t, func(s *booking.Service) (err error) {
			made, err = s.Book(ctx, g.aino, req)
			return err
		})
		if err != nil || a.Approval != (made.State == booking.Requested) {
			t.Fatalf("%+v is offered; Book says %v %v", a, made.State, err)
		}
	}
}

func cmpOr(n *int, other int) *int {
	if n == nil {
		return &other
	}
	return n
}

func (g *waysWorld) holdable(t *rapid.T, err error) {
	for _, a := range g.waysOut(err) {
		var booked []error
		err := g.undone(t, func(s *booking.Service) error {
			held, err := s.Hold(ctx, g.aino, a.Resource.UID, booking.Times{Begin: a.Begin, End: a.End})
			for _, holder := range []booking.Holder{{}, {Kind: booking.HeldByAssociation, UID: g.club.UID}} {
				persons := 1
				req := booking.Request{Resource: a.Resource.UID, Hold: held.Number, Times: booking.Times{Begin: a.Begin, End: a.End}, Holder: holder}
				req.Form = policies.Form{TermsAccepted: true, Title: "x", Purpose: "meeting", Persons: &persons}
				_, bookErr := s.Book(ctx, g.aino, req)
				booked = append(booked, bookErr)
			}
			return err
		})
		if err != nil || booked[0] != nil && booked[1] != nil {
			t.Fatalf("%+v is offered to be held: %v, then booked: %v", a, err, booked)
		}
	}
}

func (g *waysWorld) movable(t *rapid.T, mine booking.Reservation, to booking.Request) {
	for _, actor := range []accounts.Actor{g.aino, g.hoitaja} {
		change := booking.Change{Ref: mine.Number, Resource: to.Resource, ReasonText: "koe"}
		var done booking.Reservation
		err := g.undone(t, func(s *booking.Service) (err error) {
			done, err = s.Move(ctx, actor, change, to.Times)
			return err
		})
		preview, previewErr := g.PreviewMove(ctx, actor, change, to.Times)
		if previewErr == nil && preview.Possible() && (err != nil || done.State != preview.After.State || *done.PriceCents != *preview.After.PriceCents) {
			t.Fatalf("the preview says %+v, Move %v", preview, err)
		}
		change.ReasonText = ""
		for _, a := range g.waysOut(err) {
			change.Resource = a.Resource.UID
			var moved booking.Reservation
			err := g.undone(t, func(s *booking.Service) (err error) {
				moved, err = s.Move(ctx, actor, change, booking.Times{Begin: a.Begin, End: a.End})
				return err
			})
			if err != nil || a.Approval && moved.State != booking.Requested {
				t.Fatalf("%+v is offered; Move says %v %v", a, moved.State, err)
			}
		}
	}
}

func TestAMovedReservationIsNotInItsOwnWay(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	mine := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 14:00")
	w.mustTake(eino, "huone", "2026-11-24 14:00", "2026-11-24 20:00")
	w.mustTake(eino, "huone", "2026-11-24 06:00", "2026-11-24 11:00")
	_, err := w.moveTo(aino, mine, "huone", "2026-11-24 12:30", "2026-11-24 14:30")
	var refusal *booking.Refusal
	if !errors.As(err, &refusal) || len(refusal.Alternatives) == 0 {
		t.Fatalf("%v", err)
	}
	first := refusal.Alternatives[0]
	if want := times("2026-11-24 12:00", "2026-11-24 14:00"); !first.Begin.Equal(want.Begin) || !first.End.Equal(want.End) {
		t.Errorf("the nearest way out is %s–%s, want its own time", first.Begin.In(helsinki), first.End.In(helsinki))
	}
}

// A bad date of a series has its ways out on the same day, by three queries for
// all dates.
func TestWaysOutOfManyDates(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("toinen", []string{"b"}, nil)
	w.room("iso", []string{"c"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.hours(tx, resources.Owner{Resource: w.rooms["huone"].ID}, "11:00", "14:00")
	}))
	eino := w.person("eino")
	var bad []booking.Times
	for week := range 40 {
		begin := calendar.Resolve(dateOf("2026-11-24").AddDays(7*week), 12*60, helsinki).Instant
		bad = append(bad, booking.Times{Begin: begin, End: begin.Add(time.Hour)})
		_, err := w.Book(ctx, eino, booking.Request{Resource: w.rooms["huone"].UID, Times: bad[week], Form: policies.Form{TermsAccepted: true}})
		w.must(err)
	}
	req := booking.Request{Resource: w.rooms["huone"].UID, Kind: policies.Ordinary, Form: policies.Form{TermsAccepted: true}}
	found, err := w.WaysOut(ctx, w.person("aino"), req, bad)
	if err != nil || len(found) != len(bad) {
		t.Fatal(len(found), err)
	}
	for i, ways := range found {
		var said []string
		for _, a := range ways {
			said = append(said, fmt.Sprint(a.Resource.Slug, a.Begin.In(helsinki).Format(" 15:04"), a.Approval))
			if calendar.DateOf(a.Begin, helsinki) != calendar.DateOf(bad[i].Begin, helsinki) {
				t.Errorf("%v is offered for %v", a.Begin, bad[i].Begin)
			}
		}
		if want := "[huone 11:00false huone 13:00false toinen 12:00false iso 12:00true]"; fmt.Sprint(said) != want {
			t.Fatalf("%v: %v, want %v", bad[i].Begin.In(helsinki), said, want)
		}
	}
}

// BenchmarkWaysOut is a refusal in a town of 254 rooms, and the worst series.
func BenchmarkWaysOut(b *testing.B) {
	w := newWorld(b)
	w.crowd(254)
	aino := w.person("aino")
	req := booking.Request{Resource: w.rooms["huone-1"].UID, Kind: policies.Ordinary, Form: policies.Form{TermsAccepted: true}}
	for _, dates := range []int{1, 400} {
		bad := make([]booking.Times, dates)
		for i := range bad {
			begin := at("2026-11-24 12:00").AddDate(0, 0, i)
			bad[i] = booking.Times{Begin: begin, End: begin.Add(time.Hour)}
		}
		b.Run(fmt.Sprint(dates), func(b *testing.B) {
			for b.Loop() {
				if found, err := w.WaysOut(ctx, aino, req, bad); err != nil || len(found[0]) == 0 {
					b.Fatal(len(found), err)
				}
			}
		})
	}
}

// Another room is offered only to those who may have it, and one that has to be
// asked for comes last and says so.
func TestAlternativesAreForThisPerson(t *testing.T) {
	w := newWorld(t)
	w.otherBooks()
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.hours(tx, resources.Owner{Unit: w.unit.ID}, "12:00", "13:00")
	}))
	most := func(n int) func(*resources.Resource) {
		return func(r *resources.Resource) { r.PersonsMax = &n }
	}
	w.room("huone", []string{"a"}, most(10))
	w.room("kysyttava", []string{"b"}, func(r *resources.Resource) { most(10)(r); r.RuleBook = "approval" })
	w.room("seuroille", []string{"c"}, most(10))
	w.set("seuroille", "rule_book", "clubs")
	w.room("kerran", []string{"d"}, func(r *resources.Resource) { most(10)(r); r.ActiveLimit = new(1) })
	w.room("iso", []string{"e"}, most(50))
	club, aino := w.association("Kerho", accounts.Booker)
	w.must(exec(w, "UPDATE associations SET registered = '1234'"))
	w.mustTake(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(aino, "kerran", "2026-11-25 12:00", "2026-11-25 13:00")
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	offered := func() (list []string) {
		_, err := w.Book(ctx, aino, req)
		var refusal *booking.Refusal
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		for _, a := range refusal.Alternatives {
			if a.Why == "same_time" {
				list = append(list, fmt.Sprint(a.Resource.Slug, a.Approval))
			}
		}
		return list
	}
	if got := fmt.Sprint(offered()); got != "[isofalse kysyttavatrue]" {
		t.Errorf("in person: %s", got)
	}
	req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: club.UID}
	if got := fmt.Sprint(offered()); got != "[seuroillefalse isofalse]" {
		t.Errorf("for the association: %s", got)
	}
	req.Form.Persons = new(30) // only another room helps
	if got := fmt.Sprint(offered()); got != "[isofalse]" {
		t.Errorf("for thirty: %s", got)
	}
}
