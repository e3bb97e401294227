package booking_test

import (
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// behalf is a request of staff for somebody.
func (w *world) behalf(holder booking.Holder, begin, end, reason string) booking.Request {
	req := w.request("avoin", begin, end)
	req.Kind, req.Holder, req.Reason = policies.Behalf, holder, reason
	return req
}

func TestStaffBookForAnAssociation(t *testing.T) {
	w, aino, eino, manager, stranger := deskWorld(t)
	choir := accounts.Association{Name: "Kaiku ry", Kind: "association", CreatedAt: w.clock}
	w.must(accounts.AddAssociation(ctx, w.DB, &choir))
	w.must(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: choir.ID, Person: aino.ID(), Role: accounts.Booker, CreatedAt: w.clock}))
	w.must(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: choir.ID, Person: eino.ID(), Role: accounts.Member, CreatedAt: w.clock}))

	found, err := w.FindRecipients(ctx, manager, w.unit.ID, "kAi")
	if err != nil || len(found.Associations) != 1 || found.Associations[0].UID != choir.UID {
		t.Fatalf("%+v, %v", found, err)
	}
	holder := booking.Holder{Kind: booking.HeldByAssociation, UID: choir.UID}
	late := w.behalf(holder, "2026-11-24 23:00", "2026-11-25 00:00", "")
	_, err = w.Book(ctx, manager, late)
	w.wantCode(err, "booking.override_reason")
	late.Reason = "konsertti"
	made, err := w.Book(ctx, manager, late)
	w.must(err)
	if made.State != booking.Confirmed || made.Kind != policies.Behalf || *made.HolderAssociation != choir.ID || *made.MadeBy != manager.ID() || made.ReasonText != "konsertti" {
		t.Errorf("%+v", made)
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE topic = 'reservation.confirmed' AND recipient = 'aino@demo.example'"); n != 1 || w.count("SELECT count(*) FROM outbox") != 1 {
		t.Error("the mail did not go to the association's booker alone")
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'reservation.confirmed' AND actor = ?", manager.Name()); n != 1 {
		t.Error("the trail does not say who made it")
	}
	if list, err := w.Mine(ctx, manager, booking.MineFilter{}); err != nil || len(list.Cards) != 0 {
		t.Errorf("it stands among the manager's own: %v", err)
	}
	eino.Memberships = []accounts.Membership{{Association: choir.ID, Person: eino.ID(), Role: accounts.Member}}
	if list, err := w.Mine(ctx, eino, booking.MineFilter{}); err != nil || len(list.Cards) != 1 {
		t.Errorf("a member does not see it: %v", err)
	}
	for name, actor := range map[string]accounts.Actor{"a resident": eino, "another unit's manager": stranger} {
		if _, err := w.Book(ctx, actor, w.behalf(holder, "2026-11-25 12:00", "2026-11-25 13:00", "")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s books: %v", name, err)
		}
		if _, err := w.FindRecipients(ctx, actor, w.unit.ID, "kai"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s looks: %v", name, err)
		}
	}
}

func TestStaffBookForSomebodyByAddress(t *testing.T) {
	w, aino, _, manager, _ := deskWorld(t)
	looked := func() int { return w.count("SELECT count(*) FROM audit WHERE action = 'person.looked_up'") }
	found, err := w.FindRecipients(ctx, manager, w.unit.ID, " AINO@demo.example ")
	if err != nil || found.Person == nil || found.Person.UID != aino.Person.UID || looked() != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if found, err = w.FindRecipients(ctx, manager, w.unit.ID, "uusi@demo.example"); err != nil || found.Person != nil || found.Email != "uusi@demo.example" || looked() != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	if found, err = w.FindRecipients(ctx, manager, w.unit.ID, "aino"); err != nil || found.Person != nil || len(found.Associations) != 0 {
		t.Errorf("a part of an address finds %+v, %v", found, err)
	}
	_, err = w.FindRecipients(ctx, manager, w.unit.ID, "a")
	w.wantCode(err, "booking.recipient_text")
	_, err = w.FindRecipients(ctx, manager, w.unit.ID, "a@b")
	w.wantCode(err, "sign_in.bad_address")

	made, err := w.Book(ctx, manager, w.behalf(booking.Holder{Kind: booking.HeldByPerson, Email: "Aino@demo.example", Name: "Joku muu"}, "2026-11-24 12:00", "2026-11-24 13:00", ""))
	if err != nil || *made.HolderPerson != aino.ID() {
		t.Fatalf("%+v, %v", made, err)
	}
	people := func() int { return w.count("SELECT count(*) FROM people") }
	before := people()
	newcomer := booking.Holder{Kind: booking.HeldByPerson, Email: "uusi@demo.example"}
	req := w.behalf(newcomer, "2026-11-24 14:00", "2026-11-24 15:00", "")
	if _, err := w.Explain(ctx, manager, req); err != nil || people() != before {
		t.Errorf("to ask makes a person: %v", err)
	}
	_, err = w.Book(ctx, manager, req)
	w.wantCode(err, "booking.recipient_name")
	req.Holder.Name = "Uusi Ihminen"
	req.Times = times("2026-11-24 12:30", "2026-11-24 13:30")
	if _, err = w.Book(ctx, manager, req); !fault.Is(err, fault.Conflict) || people() != before {
		t.Errorf("a refused booking makes a person: %v", err)
	}
	req.Times = times("2026-11-24 14:00", "2026-11-24 15:00")
	made, err = w.Book(ctx, manager, req)
	w.must(err)
	if n := w.count("SELECT count(*) FROM people WHERE id = ? AND name = 'Uusi Ihminen' AND email = 'uusi@demo.example'", *made.HolderPerson); n != 1 || people() != before+1 {
		t.Error("the new person is not there")
	}
	if n := w.count("SELECT count(*) FROM outbox WHERE recipient = 'uusi@demo.example'"); n != 1 {
		t.Errorf("%d mails to the new person", n)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'person.added'"); n != 1 {
		t.Error("the trail does not say who added the person")
	}
	req.Kind = policies.Ordinary
	if _, err := w.Book(ctx, aino, req); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a resident books for an address: %v", err)
	}
}

func TestScenario88_WhatStaffMayTake(t *testing.T) {
	w, aino, _, manager, _ := deskWorld(t)
	w.room("tarkka", []string{"d"}, func(r *resources.Resource) { r.Raster = 15 })
	own := func(room, begin, end string) error {
		req := w.request(room, begin, end)
		req.Kind, req.Holder = policies.Staff, booking.Holder{Kind: booking.HeldByUnit}
		req.Reason = "avataan erikseen"
		_, err := w.Book(ctx, manager, req)
		return err
	}
	w.mustTake(aino, "avoin", "2026-11-24 12:00", "2026-11-24 13:00")
	w.must(own("avoin", "2026-11-24 23:00", "2026-11-25 01:00"))
	w.must(own("avoin", "2026-11-23 08:00", "2026-11-23 09:00"))
	w.must(own("tarkka", "2026-11-24 12:15", "2026-11-24 12:45"))
	w.wantCode(own("avoin", "2026-11-24 12:30", "2026-11-24 13:30"), "booking.overlap")
	w.wantCode(own("avoin", "2026-11-22 12:00", "2026-11-22 13:00"), policies.CodePast)
	req := w.request("tarkka", "2026-11-24 14:10", "2026-11-24 15:10")
	req.Kind, req.Holder = policies.Staff, booking.Holder{Kind: booking.HeldByUnit}
	_, err := w.Book(ctx, manager, req) // off the raster only with a reason
	w.wantCode(err, "booking.override_reason")
	req.Kind = policies.Ordinary
	if _, err := w.Book(ctx, manager, req); err == nil {
		t.Error("the unit holds an ordinary booking")
	}
}
