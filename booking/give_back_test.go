package booking_test

import (
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
)

// link is the token that a person would be sent about a reservation.
func (w *world) link(r booking.Reservation, person accounts.Actor) string {
	return w.Secrets.GiveBackToken(r.UID, person.Person.UID)
}

func TestGivenBackInOneTap(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	token := w.link(r, aino)

	for range 100 { // link scanners look, and look again
		seen, err := w.LookToGiveBack(ctx, token)
		if err != nil || seen.Refusal != nil || seen.State != booking.Confirmed || seen.Revision != r.Revision {
			t.Fatalf("%+v, %v", seen, err)
		}
	}
	back, err := w.GiveBack(ctx, token, r.Revision, 0)
	w.must(err)
	if back.State != booking.Cancelled || back.ReasonCode != booking.ReasonGivenBack || back.Occupies {
		t.Errorf("given back: %+v", back)
	}
	w.mustTake(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.wantMails("reservation.confirmed aino@demo.example", "reservation.cancelled aino@demo.example", "reservation.confirmed eino@demo.example")
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.cancelled' AND actor = ?", aino.Person.UID.String()); n != 1 {
		t.Errorf("%d audit rows in her name", n)
	}

	_, err = w.GiveBack(ctx, token, 0, 0)
	w.wantCode(err, "booking.already_decided")
	seen, err := w.LookToGiveBack(ctx, token)
	if err != nil || fault.Code(seen.Refusal) != "booking.already_decided" {
		t.Errorf("after it was used: %v, %v", seen.Refusal, err)
	}
}

func TestOnlyTheGenuineLinkGivesBack(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	other := w.mustTake(eino, "huone", "2026-11-24 14:00", "2026-11-24 15:00")
	good, foreign := w.link(r, aino), w.link(other, eino)
	for name, token := range map[string]string{
		"none":                  "",
		"cut off":               good[:len(good)-1],
		"longer":                good + "A",
		"padded":                good + "=",
		"turned":                strings.ToUpper(good),
		"another's signature":   good[:43] + foreign[43:],
		"another's reservation": w.link(r, eino),
		"a sign-in link":        w.Secrets.SignID("sign-in", r.UID),
		"an event's signature":  w.EventSignature(booking.Card{Reservation: r}),
	} {
		if _, err := w.LookToGiveBack(ctx, token); fault.Code(err) != "give_back.unknown" || !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: looking gives %v", name, err)
		}
		if _, err := w.GiveBack(ctx, token, 0, 0); fault.Code(err) != "give_back.unknown" {
			t.Errorf("%s: giving back gives %v", name, err)
		}
	}
	if n := w.count("SELECT count(*) FROM reservations WHERE state = 'confirmed'"); n != 2 {
		t.Errorf("%d confirmed", n)
	}
}

func TestLinkFollowsTheReservation(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	token := w.link(r, aino)
	moved, err := w.Move(ctx, aino, booking.Change{Ref: r.Number}, times("2026-11-25 12:00", "2026-11-25 13:00"))
	w.must(err)

	seen, err := w.LookToGiveBack(ctx, token)
	if err != nil || !seen.BeginAt.Equal(at("2026-11-25 12:00")) {
		t.Fatalf("shows %v, %v", seen.BeginAt, err)
	}
	_, err = w.GiveBack(ctx, token, r.Revision, 0) // what was seen is not so any more
	w.wantCode(err, "stale")
	_, err = w.GiveBack(ctx, token, moved.Revision, 0)
	w.must(err)
}

func TestLinkEndsWithTheRight(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "huone", "2026-11-24 10:00", "2026-11-24 11:00")
	token := w.link(r, aino)
	w.must(exec(w, "UPDATE reservations SET holder_person = ? WHERE id = ?", eino.ID(), r.ID))
	_, err := w.GiveBack(ctx, token, 0, 0)
	w.wantCode(err, "give_back.unknown")

	club, booker := w.association("Kuoro", accounts.Booker)
	of := w.takeFor(club, booker)
	token = w.link(of, booker)
	_, err = w.LookToGiveBack(ctx, token)
	w.must(err)
	w.must(exec(w, "DELETE FROM memberships WHERE person = ?", booker.ID()))
	_, err = w.GiveBack(ctx, token, 0, 0)
	w.wantCode(err, "give_back.unknown")

	// a manager's link lends no rights of staff
	manager := w.manager()
	_, err = w.LookToGiveBack(ctx, w.link(of, manager))
	w.wantCode(err, "give_back.unknown")
}

func TestGivingBackHoldsToTheRuleOfTheRoom(t *testing.T) {
	w := newWorld(t)
	day := 24 * 60
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.CancelMinutes = &day })
	w.room("tiukka", []string{"b"}, func(r *resources.Resource) { r.CancelMinutes = nil })
	w.room("pyydettava", []string{"c"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino := w.person("aino")
	late := w.link(w.mustTake(aino, "huone", "2026-11-24 11:30", "2026-11-24 13:00"), aino)
	never := w.link(w.mustTake(aino, "tiukka", "2026-11-25 12:00", "2026-11-25 13:00"), aino)
	asked := w.link(w.mustTake(aino, "pyydettava", "2026-11-25 12:00", "2026-11-25 13:00"), aino)
	_, err := w.GiveBack(ctx, late, 0, 0)
	w.wantCode(err, "booking.cancel_too_late")
	if seen, err := w.LookToGiveBack(ctx, late); err != nil || !fault.As(seen.Refusal).Params["deadline"].(time.Time).Equal(at("2026-11-23 11:30")) {
		t.Errorf("the page says %v, %v", seen.Refusal, err)
	}
	_, err = w.GiveBack(ctx, never, 0, 0)
	w.wantCode(err, "booking.cancel_not_possible")
	w.clock = at("2026-11-24 11:30")
	_, err = w.GiveBack(ctx, late, 0, 0)
	w.wantCode(err, "booking.has_begun")
	if r, err := w.GiveBack(ctx, asked, 0, 0); err != nil || r.State != booking.Cancelled {
		t.Errorf("a request: %s, %v", r.State, err)
	}
}

func TestOwnFeedsOfferToGiveBack(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	aino := w.person("aino")
	r := w.mustTake(aino, "huone", "2026-11-24 16:00", "2026-11-24 17:00")
	club, booker := w.association("Kuoro", accounts.Booker)
	_, member := w.association("Muu", accounts.Member)
	w.must(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: club.ID, Person: member.ID(), Role: accounts.Member, CreatedAt: w.clock}))
	member.Memberships = append(member.Memberships, accounts.Membership{Association: club.ID, Person: member.ID(), Role: accounts.Member})
	of := w.takeFor(club, booker)
	manager := w.manager()

	for _, c := range []struct {
		name  string
		who   accounts.Actor
		ask   booking.FeedRequest
		offer booking.Reservation // the zero one = nothing is offered
	}{
		{"own", aino, booking.FeedRequest{Scope: booking.PersonScope}, r},
		{"association's booker", booker, booking.FeedRequest{Scope: booking.AssociationScope, UID: club.UID}, of},
		{"association's member", member, booking.FeedRequest{Scope: booking.AssociationScope, UID: club.UID}, booking.Reservation{}},
		{"staff", manager, booking.FeedRequest{Scope: booking.UnitScope, UID: w.unit.UID}, booking.Reservation{}},
		{"holder's of a room", aino, booking.FeedRequest{Scope: booking.ResourceScope, UID: w.rooms["huone"].UID}, booking.Reservation{}},
	} {
		token, _, err := w.MakeFeed(ctx, c.who, c.ask)
		w.must(err)
		file, events := w.feed(token)
		body := strings.ReplaceAll(string(file.Body), "\r\n ", "")
		if c.offer.ID == 0 {
			if len(events) == 0 || strings.Contains(body, "/give-back/") {
				t.Errorf("%s: %d events, a link among them: %v", c.name, len(events), strings.Contains(body, "/give-back/"))
			}
			continue
		}
		_, link, _ := strings.Cut(property(events[c.offer.UID.String()+"@vuoro"], "DESCRIPTION"), "/give-back/")
		seen, err := w.LookToGiveBack(ctx, link)
		if err != nil || seen.ID != c.offer.ID {
			t.Errorf("%s: %q leads to %v, %v", c.name, link, seen.Number, err)
		}
		w.clock = w.clock.Add(7 * time.Minute)
		if again, _ := w.feed(token); again.ETag != file.ETag || string(again.Body) != string(file.Body) {
			t.Errorf("%s: other bytes without a change", c.name)
		}
	}
}

// Whatever happens at the same moment, one of them comes first and the books
// stay right.
func TestGivingBackRaces(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.ReleaseAfterMinutes = new(15) })
	w.room("pyydettava", []string{"b"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	aino, manager := w.person("aino"), w.manager()
	for round := range 6 {
		day := at("2026-11-24 12:00").AddDate(0, 0, round)
		w.clock = day.Add(-time.Hour)
		take := func(room string) (booking.Reservation, string) {
			r, err := w.Book(ctx, aino, booking.Request{
				Resource: w.rooms[room].UID, Times: booking.Times{Begin: day, End: day.Add(time.Hour)}, Form: w.request(room, "2026-11-24 12:00", "2026-11-24 13:00").Form,
			})
			w.must(err)
			return r, w.link(r, aino)
		}
		confirmed, link := take("huone")
		request, asked := take("pyydettava")
		if round%2 == 1 {
			w.clock = day.Add(20 * time.Minute) // now the job wants it too
		}
		race([]accounts.Actor{aino, manager, {}, {Session: 1}}, func(who accounts.Actor) (err error) {
			switch {
			case who.ID() == aino.ID():
				_, err = w.GiveBack(ctx, link, 0, 0)
			case who.ID() == manager.ID():
				_, err = w.Move(ctx, manager, booking.Change{Ref: confirmed.Number, ReasonText: "vaihto"}, booking.Times{Begin: day.Add(3 * time.Hour), End: day.Add(4 * time.Hour)})
			case who.Session == 1:
				if _, err = w.GiveBack(ctx, asked, 0, 0); err == nil {
					_, err = w.Approve(ctx, manager, booking.Change{Ref: request.Number})
				}
			default:
				_, err = w.ReleaseUnused(ctx, 10)
				_, _ = w.Approve(ctx, manager, booking.Change{Ref: request.Number})
			}
			return err
		})
		for _, v := range w.violations() {
			t.Errorf("round %d: %s", round, v)
		}
	}
}
