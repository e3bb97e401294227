package booking_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
)

// feed reads a subscription as a calendar client does: by uid of its events.
func (w *world) feed(token string) (booking.Rendered, map[string]*ics.VEvent) {
	w.t.Helper()
	file, err := w.CalendarOf(ctx, token, booking.FeedOfDates)
	w.must(err)
	calendar, err := ics.ParseCalendar(bytes.NewReader(file.Body))
	w.must(err)
	events := map[string]*ics.VEvent{}
	for _, e := range calendar.Events() {
		events[e.Id()] = e
	}
	return file, events
}

// association makes one with a person of that role in it.
func (w *world) association(name, role string) (accounts.Association, accounts.Actor) {
	w.t.Helper()
	club := accounts.Association{Name: name, Kind: "association", CreatedAt: w.clock}
	w.must(accounts.AddAssociation(ctx, w.DB, &club))
	somebody := w.person(role + " of " + name)
	m := accounts.Membership{Association: club.ID, Person: somebody.ID(), Role: role, CreatedAt: w.clock}
	w.must(accounts.AddMembership(ctx, w.DB, m))
	somebody.Memberships = append(somebody.Memberships, m)
	return club, somebody
}

// takeFor books room "huone" on 24 November at noon for an association.
func (w *world) takeFor(club accounts.Association, booker accounts.Actor) booking.Reservation {
	w.t.Helper()
	req := w.request("huone", "2026-11-24 12:00", "2026-11-24 13:00")
	req.Holder = booking.Holder{Kind: booking.HeldByAssociation, UID: club.UID}
	r, err := w.Book(ctx, booker, req)
	w.must(err)
	return r
}

func property(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

func TestScenario127_PersonFeed(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("sali", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, eino, manager := w.person("aino"), w.person("eino"), w.manager()
	kept := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	cancelled := w.mustTake(aino, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
	denied := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	asked := w.mustTake(aino, "sali", "2026-11-25 12:00", "2026-11-25 13:00")
	w.mustTake(eino, "huone", "2026-11-26 12:00", "2026-11-26 13:00")
	_, err := w.Cancel(ctx, aino, booking.Change{Ref: cancelled.Number, ReasonCode: "other"})
	w.must(err)
	_, err = w.Deny(ctx, manager, booking.Change{Ref: denied.Number, ReasonText: "ei"})
	w.must(err)

	token, feed, err := w.MakeFeed(ctx, aino, booking.FeedRequest{Scope: booking.PersonScope, Language: "fi"})
	w.must(err)
	_, events := w.feed(token)
	if len(events) != 2 || events[kept.UID.String()+"@vuoro"] == nil {
		t.Fatalf("events %v", events)
	}
	if status := property(events[asked.UID.String()+"@vuoro"], ics.ComponentPropertyStatus); status != "TENTATIVE" {
		t.Errorf("a request is %s", status)
	}
	if start := property(events[kept.UID.String()+"@vuoro"], ics.ComponentPropertyDtStart); start != "20261124T120000" {
		t.Errorf("DTSTART %s", start)
	}

	_, err = w.CalendarOf(ctx, strings.Repeat("A", len(token)), booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
	if n := w.count("SELECT count(*) FROM feeds WHERE position(convert_to(?, 'UTF8') IN token_hash) > 0", token); n != 0 {
		t.Error("the token is stored in clear")
	}
	w.must(w.RevokeFeed(ctx, aino, feed.UID))
	_, err = w.CalendarOf(ctx, token, booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
	if err := w.RevokeFeed(ctx, eino, feed.UID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a foreign feed was revoked: %v", err)
	}
}

func TestScenario128_SingleFile(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	card, err := w.Get(ctx, aino, r.Number)
	w.must(err)
	signature := w.EventSignature(card)
	_, first, err := w.SignedEventFile(ctx, r.UID.String(), signature, "fi")
	w.must(err)
	_, second, err := w.SignedEventFile(ctx, r.UID.String(), signature, "fi")
	w.must(err)
	if !bytes.Equal(first, second) || !bytes.Contains(first, []byte("UID:"+r.UID.String())) {
		t.Errorf("two downloads differ or lack the UID:\n%s", first)
	}
	for _, bad := range []string{"", "AAAA", w.EventSignature(booking.Card{Reservation: booking.Reservation{UID: uuid.New()}})} {
		if _, _, err := w.SignedEventFile(ctx, r.UID.String(), bad, "fi"); !fault.Is(err, fault.Malformed) {
			t.Errorf("signature %q: %v", bad, err)
		}
	}
	unknown := booking.Card{Reservation: booking.Reservation{UID: uuid.New()}}
	if _, _, err := w.SignedEventFile(ctx, unknown.UID.String(), w.EventSignature(unknown), "fi"); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
}

func TestScenario129_ResourceFeeds(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, manager := w.person("aino"), w.manager()
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	ask := booking.FeedRequest{Scope: booking.ResourceScope, UID: w.rooms["huone"].UID, Language: "fi"}
	staffToken, feed, err := w.MakeFeed(ctx, manager, ask)
	w.must(err)
	publicToken, _, err := w.MakeFeed(ctx, w.person("eino"), ask)
	w.must(err)

	_, staff := w.feed(staffToken)
	uid := r.UID.String() + "@vuoro"
	if !strings.HasPrefix(property(staff[uid], ics.ComponentPropertySummary), "Kerho") {
		t.Errorf("staff read %v", staff)
	}
	file, public := w.feed(publicToken)
	if len(public) != 1 || public[uid] != nil || bytes.Contains(file.Body, []byte("Kerho")) || bytes.Contains(file.Body, []byte("aino")) {
		t.Errorf("the public feed tells too much:\n%s", file.Body)
	}

	w.clock = w.clock.Add(time.Minute)
	_, err = w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-24 14:00", "2026-11-24 15:00"))
	w.must(err)
	_, moved := w.feed(staffToken)
	if moved[uid] == nil || property(moved[uid], ics.ComponentPropertySequence) != "1" || property(moved[uid], ics.ComponentPropertyDtStart) != "20261124T140000" {
		t.Errorf("moved %v", moved[uid])
	}
	w.must(w.RevokeFeed(ctx, manager, feed.UID))
	_, err = w.CalendarOf(ctx, staffToken, booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
}

// Scenario 129 for a whole unit: its staff read what happens where, everybody
// else where something happens, and nothing of rooms that are not shown.
func TestScenario129_UnitFeeds(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("varasto", []string{"b"}, nil)
	manager := w.manager()
	r := w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	hidden := w.mustTake(w.person("olga"), "varasto", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(exec(w, "UPDATE resources SET state = 'draft' WHERE slug = 'varasto'"))
	ask := booking.FeedRequest{Scope: booking.UnitScope, UID: w.unit.UID, Language: "sv"}
	staffToken, made, err := w.MakeFeed(ctx, manager, ask)
	w.must(err)
	publicToken, _, err := w.MakeFeed(ctx, w.person("eino"), ask)
	w.must(err)
	_, staff := w.feed(staffToken)
	if len(staff) != 2 || made.Name == "" || !strings.HasPrefix(property(staff[hidden.UID.String()+"@vuoro"], ics.ComponentPropertySummary), "Kerho") {
		t.Errorf("staff read %v in %q", staff, made.Name)
	}
	file, public := w.feed(publicToken)
	for uid, event := range public {
		if uid == r.UID.String()+"@vuoro" || !strings.HasPrefix(property(event, ics.ComponentPropertySummary), "Bokad – ") {
			t.Errorf("the public reads %s %q", uid, property(event, ics.ComponentPropertySummary))
		}
	}
	if len(public) != 1 || bytes.Contains(file.Body, []byte("Kerho")) || bytes.Contains(file.Body, []byte("aino")) {
		t.Errorf("the public feed tells too much:\n%s", file.Body)
	}

	ask = booking.FeedRequest{Scope: booking.ResourceScope, UID: w.rooms["varasto"].UID}
	_, _, err = w.MakeFeed(ctx, w.person("liisa"), ask)
	w.wantCode(err, "resource.not_found")
	_, _, err = w.MakeFeed(ctx, manager, ask)
	w.must(err)
}

// A room that is not shown any more is gone from the calendars of those who do
// not work there.
func TestFeedOfARoomThatIsHidden(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	ask := booking.FeedRequest{Scope: booking.ResourceScope, UID: w.rooms["huone"].UID}
	staff, _, err := w.MakeFeed(ctx, w.manager(), ask)
	w.must(err)
	public, _, err := w.MakeFeed(ctx, w.person("eino"), ask)
	w.must(err)
	w.feed(public)
	w.must(exec(w, "UPDATE resources SET publish_to = ? WHERE slug = 'huone'", w.clock))
	_, err = w.CalendarOf(ctx, public, booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
	w.feed(staff)
}

// Scenario 129 for an association: all its members read what it has booked;
// who leaves finds the calendar gone, and its bookings gone from their own.
func TestScenario129_AssociationFeeds(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	club, booker := w.association("Kuoro", accounts.Booker)
	member := w.person("liisa")
	w.must(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: club.ID, Person: member.ID(), Role: accounts.Member, CreatedAt: w.clock}))
	member.Memberships = append(member.Memberships, accounts.Membership{Association: club.ID, Person: member.ID(), Role: accounts.Member})
	r := w.takeFor(club, booker)
	w.mustTake(booker, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
	ask := booking.FeedRequest{Scope: booking.AssociationScope, UID: club.UID, Language: "fi"}
	_, _, err := w.MakeFeed(ctx, w.person("eino"), ask)
	w.wantCode(err, "not_found")
	token, feed, err := w.MakeFeed(ctx, member, ask)
	w.must(err)
	uid := r.UID.String() + "@vuoro"
	if _, events := w.feed(token); len(events) != 1 || events[uid] == nil || feed.Name != "Kuoro" {
		t.Errorf("a member reads %v in %q", events, feed.Name)
	}
	own, _, err := w.MakeFeed(ctx, booker, booking.FeedRequest{Scope: booking.PersonScope})
	w.must(err)
	if _, events := w.feed(own); len(events) != 2 {
		t.Errorf("the booker's own calendar has %v", events)
	}
	w.must(exec(w, "DELETE FROM memberships WHERE association = ?", club.ID))
	_, err = w.CalendarOf(ctx, token, booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
	if _, events := w.feed(own); len(events) != 1 || events[uid] != nil {
		t.Errorf("after leaving the own calendar has %v", events)
	}
	booker.Memberships = nil
	list, err := w.Mine(ctx, booker, booking.MineFilter{})
	w.must(err)
	if len(list.Cards) != 1 || list.Cards[0].UID == r.UID {
		t.Errorf("after leaving the own list has %d", len(list.Cards))
	}
}

// One's own list is all, one's own alone, or those of one association.
func TestMineByHolder(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	club, booker := w.association("Kuoro", accounts.Booker)
	ofClub := booking.Holder{Kind: booking.HeldByAssociation, UID: club.UID}
	w.takeFor(club, booker)
	w.mustTake(booker, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
	w.mustTake(booker, "huone", "2026-11-26 12:00", "2026-11-26 13:00")
	eino := w.person("eino")
	for _, c := range []struct {
		who    accounts.Actor
		holder booking.Holder
		want   int
	}{
		{booker, booking.Holder{}, 3},
		{booker, booking.Holder{Kind: booking.HeldByPerson}, 2},
		{booker, ofClub, 1},
		{booker, booking.Holder{Kind: booking.HeldByAssociation, UID: uuid.New()}, 0},
		{eino, ofClub, 0},
	} {
		list, err := w.Mine(ctx, c.who, booking.MineFilter{Holder: c.holder})
		w.must(err)
		if len(list.Cards) != c.want {
			t.Errorf("%+v: %d, want %d", c.holder, len(list.Cards), c.want)
		}
	}
}

// A new address kills the old one at once and shows the same under the same
// UIDs, so that a calendar that is added again has nothing twice.
func TestFeedGetsANewAddress(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	eino := w.person("eino")
	old, feed, err := w.MakeFeed(ctx, eino, booking.FeedRequest{Scope: booking.ResourceScope, UID: w.rooms["huone"].UID})
	w.must(err)
	before, _ := w.feed(old)
	_, _, err = w.RotateFeed(ctx, w.person("olga"), feed.UID)
	w.wantCode(err, "feed.not_found")
	fresh, again, err := w.RotateFeed(ctx, eino, feed.UID)
	w.must(err)
	_, err = w.CalendarOf(ctx, old, booking.FeedOfDates)
	w.wantCode(err, "feed.not_found")
	after, _ := w.feed(fresh)
	if again.UID != feed.UID || !bytes.Equal(before.Body, after.Body) {
		t.Errorf("another calendar:\n%s", after.Body)
	}
	w.must(w.RevokeFeed(ctx, eino, feed.UID))
	_, _, err = w.RotateFeed(ctx, eino, feed.UID)
	w.wantCode(err, "feed.not_found")
}

// F5: a calendar that would be too big ends earlier and says so.
func TestFeedIsCut(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	manager := w.manager()
	r := w.mustTake(manager, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(exec(w, `INSERT INTO reservations (uid, resource, unit, begin_at, end_at, kind, state, occupies, holder_kind, holder_person, made_by, made_at, changed_at, title)
		SELECT gen_random_uuid(), resource, unit, begin_at + n * interval '1 hour', end_at + n * interval '1 hour', kind, 'requested', false, holder_kind, holder_person,
			made_by, made_at, changed_at, repeat('pitkä nimi ', 15) FROM reservations, generate_series(1, 2500) n WHERE id = ?`, r.ID))
	token, _, err := w.MakeFeed(ctx, manager, booking.FeedRequest{Scope: booking.UnitScope, UID: w.unit.UID, Language: "en"})
	w.must(err)
	file, events := w.feed(token)
	if len(file.Body) > 900_000 || len(events) < 1000 || !bytes.Contains(file.Body, []byte("X-WR-CALDESC:This calendar has the bookings until")) {
		t.Errorf("%d bytes, %d events\n%.600s", len(file.Body), len(events), file.Body)
	}
}

func TestFeedsAreCounted(t *testing.T) {
	w := newWorld(t)
	aino := w.person("aino")
	w.must(exec(w, `INSERT INTO feeds (uid, token_hash, scope, person, made_by, created_at, changed_at)
		SELECT gen_random_uuid(), sha256(n::text::bytea), 'person', ?, ?, ?, ? FROM generate_series(1, 100) n`, aino.ID(), aino.ID(), w.clock, w.clock))
	_, _, err := w.MakeFeed(ctx, aino, booking.FeedRequest{Scope: booking.PersonScope})
	w.wantCode(err, "feed.too_many_feeds")
}

// A feed's maker who leaves the unit reads no names from the next fetch on.
func TestFeedFollowsRights(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	manager := w.manager()
	w.mustTake(w.person("aino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	token, _, err := w.MakeFeed(ctx, manager, booking.FeedRequest{Scope: booking.UnitScope, UID: w.unit.UID, Language: "fi"})
	w.must(err)
	before, _ := w.feed(token)
	w.must(exec(w, "DELETE FROM roles WHERE person = ?", manager.ID()))
	after, _ := w.feed(token)
	if !bytes.Contains(before.Body, []byte("Kerho")) || bytes.Contains(after.Body, []byte("Kerho")) {
		t.Errorf("before:\n%s\nafter:\n%s", before.Body, after.Body)
	}
}

// F4: same data, same bytes, whenever it is read; every change moves the ETag
// and never takes Last-Modified back.
func TestFeedIsByteStable(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	token, _, err := w.MakeFeed(ctx, aino, booking.FeedRequest{Scope: booking.PersonScope, Language: "sv"})
	w.must(err)
	first, _ := w.feed(token)
	w.clock = w.clock.Add(time.Hour)
	second, _ := w.feed(token)
	if first.ETag != second.ETag || !bytes.Equal(first.Body, second.Body) || !first.LastModified.Equal(second.LastModified) {
		t.Error("two fetches without a change differ")
	}
	_, err = w.Cancel(ctx, aino, booking.Change{Ref: r.Number, ReasonCode: "other"})
	w.must(err)
	third, events := w.feed(token)
	if len(events) != 0 || third.ETag == first.ETag || !third.LastModified.After(first.LastModified) {
		t.Errorf("after the cancellation: %d events, %s", len(events), third.LastModified)
	}
	if !bytes.Contains(third.Body, []byte("BEGIN:VTIMEZONE")) {
		t.Error("an empty feed has no zone")
	}
}

func TestFeedMovesOutOfItsWindow(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	token, _, err := w.MakeFeed(ctx, aino, booking.FeedRequest{Scope: booking.PersonScope})
	w.must(err)
	w.clock = at("2026-12-24 12:59")
	before, events := w.feed(token)
	if len(events) != 1 {
		t.Fatalf("%d events on the 30th day", len(events))
	}
	w.clock = at("2026-12-24 13:00")
	after, events := w.feed(token)
	if len(events) != 0 || !after.LastModified.After(before.LastModified) {
		t.Errorf("%d events, Last-Modified %v then %v", len(events), before.LastModified, after.LastModified)
	}
}

func TestFeedsNeedRights(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.MakeFeed(ctx, accounts.Actor{}, booking.FeedRequest{Scope: booking.PersonScope})
	w.wantCode(err, "auth.required")
	_, _, err = w.MakeFeed(ctx, w.person("aino"), booking.FeedRequest{Scope: "town"})
	w.wantCode(err, "feed.bad_scope")
}
