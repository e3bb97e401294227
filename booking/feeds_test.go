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
	file, err := w.CalendarOf(ctx, token)
	w.must(err)
	calendar, err := ics.ParseCalendar(bytes.NewReader(file.Body))
	w.must(err)
	events := map[string]*ics.VEvent{}
	for _, e := range calendar.Events() {
		events[e.Id()] = e
	}
	return file, events
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

	_, err = w.CalendarOf(ctx, strings.Repeat("A", len(token)))
	w.wantCode(err, "feed.not_found")
	if n := w.count("SELECT count(*) FROM feeds WHERE position(convert_to(?, 'UTF8') IN token_hash) > 0", token); n != 0 {
		t.Error("the token is stored in clear")
	}
	w.must(w.RevokeFeed(ctx, aino, feed.UID))
	_, err = w.CalendarOf(ctx, token)
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
	_, err = w.CalendarOf(ctx, staffToken)
	w.wantCode(err, "feed.not_found")
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
