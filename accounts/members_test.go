package accounts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
)

// somebody signs in and is the actor that the next request sees.
func (w *world) somebody(name string) accounts.SignedIn {
	w.t.Helper()
	return w.signIn(accounts.Actor{Address: name}, name+"@example.org")
}

// again is the same browser's next request.
func (w *world) again(in accounts.SignedIn) accounts.Actor { return w.authenticate(in.SessionToken) }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

var choir = accounts.AssociationForm{Name: " Kallion  kuoro ", Kind: "association", Municipality: "Helsinki", Registered: "12.345"}

func (w *world) register(in accounts.SignedIn) accounts.Association {
	w.t.Helper()
	made, err := w.RegisterAssociation(ctx, w.again(in), choir)
	w.ok(err)
	return made
}

// invite sends an invitation and gives the token of its mail.
func (w *world) invite(actor accounts.Actor, a accounts.Association, email, role string) (string, accounts.Pending) {
	w.t.Helper()
	sent, err := w.InviteMember(ctx, actor, a.UID, accounts.MemberInvitation{Email: email, Role: role, Language: "sv", ReturnTo: "/sv/mina"})
	w.ok(err)
	return w.lastLink(), sent
}

func (w *world) accept(actor accounts.Actor, a accounts.Association, name, role string) accounts.SignedIn {
	w.t.Helper()
	token, _ := w.invite(actor, a, name+"@example.org", role)
	in, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
	w.ok(err)
	return in
}

func (w *world) city() accounts.SignedIn {
	w.t.Helper()
	token, err := w.Invite(ctx, accounts.Actor{System: true}, accounts.Invitation{Email: "boss@example.org", Role: accounts.CityAdmin})
	w.ok(err)
	in, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
	w.ok(err)
	return in
}

// What somebody says of an association gives it no better terms until staff
// have looked; what its admin changes later is looked at again.
func TestAClaimGivesNoTerms(t *testing.T) {
	w := small(t, "production")
	aino, boss := w.somebody("aino"), w.city()
	made := w.register(aino)
	if made.Name != "Kallion kuoro" || made.Revision != 1 || !made.Unverified {
		t.Errorf("registered as %+v", made)
	}
	who := func() policies.Who {
		standing, err := w.Standing(ctx, w.again(aino), made.UID)
		w.ok(err)
		if standing.Role != accounts.Admin {
			t.Errorf("who registers is %q", standing.Role)
		}
		return w.again(aino).Who(accounts.Holder{Association: &standing.Association}, "Helsinki")
	}
	if got := who(); got.Class != policies.ResidentsGroup || got.Under18 || got.Local != nil {
		t.Errorf("a claim counts: %+v", got)
	}
	_, err := w.VerifyAssociation(ctx, w.again(aino), made.UID, 1, accounts.Verified{Under18: true})
	wantCode(t, err, fault.Forbidden, "forbidden")
	_, err = w.VerifyAssociation(ctx, w.again(boss), made.UID, 7, accounts.Verified{Under18: true})
	wantCode(t, err, fault.Stale, "stale")
	_, err = w.VerifyAssociation(ctx, w.again(boss), made.UID, 1, accounts.Verified{Under18: true})
	w.ok(err)
	if got := who(); got.Class != policies.Association || !got.Under18 || got.Local == nil || !*got.Local {
		t.Errorf("after staff have looked: %+v", got)
	}
	other := choir
	other.Registered = "99.999"
	changed, err := w.ChangeAssociation(ctx, w.again(aino), made.UID, 2, other)
	if err != nil || !changed.Unverified || changed.Revision != 3 || who().Class != policies.ResidentsGroup {
		t.Errorf("a new number counts at once: %+v, %v", changed, err)
	}
	changed, err = w.ChangeAssociation(ctx, w.again(aino), made.UID, 3, other)
	if err != nil || changed.Revision != 3 {
		t.Errorf("nothing changed, but it was written: %+v, %v", changed, err)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE object = ? AND action IN ('association.registered', 'association.verified', 'association.changed')", "association:"+made.UID.String()); n != 3 {
		t.Errorf("%d lines in the audit trail", n)
	}
}

// One number in the register is one association.
func TestANumberIsConfirmedOnce(t *testing.T) {
	w := small(t, "production")
	first, second, boss := w.register(w.somebody("aino")), w.register(w.somebody("eino")), w.city()
	_, err := w.VerifyAssociation(ctx, w.again(boss), first.UID, 0, accounts.Verified{})
	w.ok(err)
	_, err = w.VerifyAssociation(ctx, w.again(boss), second.UID, 0, accounts.Verified{})
	wantCode(t, err, fault.Invalid, "association.number_taken")
	list, _, err := w.Associations(ctx, w.again(boss), accounts.AssociationFilter{Text: "2.34", Unverified: true})
	if err != nil || len(list) != 1 || list[0].Association.UID != second.UID || list[0].Members != 1 || list[0].Admins[0] != "eino@example.org" {
		t.Errorf("unconfirmed: %+v, %v", list, err)
	}
	if list, _, _ := w.Associations(ctx, w.again(boss), accounts.AssociationFilter{Text: "100%"}); len(list) != 0 {
		t.Errorf("a percent sign finds %d", len(list))
	}
	_, err = w.ArchiveAssociation(ctx, w.again(boss), second.UID, 1)
	w.ok(err)
	if _, err := w.Standing(ctx, w.again(boss), second.UID); !fault.Is(err, fault.NotFound) {
		t.Errorf("archived, but %v", err)
	}
	_, _, err = w.Associations(ctx, w.authenticate(""), accounts.AssociationFilter{})
	wantCode(t, err, fault.Forbidden, "forbidden")
}

func TestAssociationsAreReadInPages(t *testing.T) {
	w := small(t, "production")
	boss := w.city()
	w.must(w.DB.Exec(ctx, `INSERT INTO associations (uid, name, unverified, created_at)
		SELECT gen_random_uuid(), 'Seura ' || n, n % 2 = 0, ? FROM generate_series(1, 120) n`, w.now))
	seen, after, unverified := map[uuid.UUID]bool{}, "", 0
	for pages := 0; pages == 0 || after != ""; pages++ {
		list, next, err := w.Associations(ctx, w.again(boss), accounts.AssociationFilter{Text: "seura", After: after})
		w.ok(err)
		for _, card := range list {
			if seen[card.Association.UID] || card.Association.Unverified && unverified < len(seen) {
				t.Fatalf("%s comes twice, or after a confirmed one", card.Association.Name)
			}
			if seen[card.Association.UID] = true; card.Association.Unverified {
				unverified++
			}
		}
		after = next
	}
	if len(seen) != 120 || unverified != 60 {
		t.Errorf("%d seen, %d of them unconfirmed", len(seen), unverified)
	}
}

func TestBadForms(t *testing.T) {
	w := small(t, "production")
	aino := w.again(w.somebody("aino"))
	for code, form := range map[string]accounts.AssociationForm{
		"association.name_missing":   {Name: "  ", Kind: "association"},
		"association.bad_kind":       {Name: "Kuoro", Kind: "city_unit"},
		"association.bad_characters": {Name: "Kuoro\r\nBcc: a@b.example", Kind: "association"},
		"association.too_long":       {Name: "Kuoro", Kind: "association", Registered: fmt.Sprint(make([]int, 40))},
	} {
		_, err := w.RegisterAssociation(ctx, aino, form)
		wantCode(t, err, fault.Invalid, code)
	}
	_, err := w.RegisterAssociation(ctx, accounts.Actor{}, choir)
	wantCode(t, err, fault.Unauthenticated, "auth.sign_in")
	for range 5 {
		_, err = w.RegisterAssociation(ctx, aino, choir)
		w.ok(err)
	}
	_, err = w.RegisterAssociation(ctx, aino, choir)
	wantCode(t, err, fault.TooMany, "association.too_many")
}

// An invitation makes a member when its link is used, also of somebody who was
// not known; until then it is shown, can be taken back, and gives nothing.
func TestMembersAreInvited(t *testing.T) {
	w := small(t, "production")
	aino := w.somebody("aino")
	club := w.register(aino)
	token, sent := w.invite(w.again(aino), club, "Eino@Example.org", accounts.Booker)
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'sign_in.membership' AND recipient = 'eino@example.org' AND language = 'sv' AND payload ->> 'association' = 'Kallion kuoro'") != 1 {
		t.Error("no mail names the association")
	}
	preview, err := w.Follow(ctx, token)
	if err != nil || preview.Association != "Kallion kuoro" || preview.Role != accounts.Booker || w.count("SELECT count(*) FROM memberships") != 1 {
		t.Errorf("%+v, %v", preview, err)
	}
	open, err := w.MemberInvitations(ctx, w.again(aino), club.UID)
	if err != nil || len(open) != 1 || open[0].UID != sent.UID || sent.Email != "eino@example.org" || sent.Role != accounts.Booker {
		t.Errorf("open: %+v, sent %+v, %v", open, sent, err)
	}
	in, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
	if err != nil || len(in.Actor.Memberships) != 1 || in.Actor.Memberships[0].Role != accounts.Booker || in.ReturnTo != "/sv/mina" || !in.New {
		t.Fatalf("%+v, %v", in, err)
	}
	if open, _ := w.MemberInvitations(ctx, w.again(aino), club.UID); len(open) != 0 {
		t.Errorf("still invited: %+v", open)
	}
	members, err := w.Members(ctx, w.again(aino), club.UID)
	if err != nil || len(members) != 2 || members[1].Email != "eino@example.org" || members[1].Role != accounts.Booker {
		t.Errorf("members %+v, %v", members, err)
	}
	_, err = w.InviteMember(ctx, w.again(aino), club.UID, accounts.MemberInvitation{Email: "eino@example.org", Role: accounts.Admin})
	wantCode(t, err, fault.Invalid, "association.already_member")
	_, err = w.Members(ctx, w.again(in), club.UID)
	wantCode(t, err, fault.Forbidden, "forbidden")
	_, err = w.Members(ctx, w.again(w.somebody("olga")), club.UID)
	wantCode(t, err, fault.NotFound, "not_found")

	older, _ := w.invite(w.again(aino), club, "olga@example.org", accounts.Member)
	newer, last := w.invite(w.again(aino), club, "olga@example.org", accounts.Booker)
	_, err = w.ConsumeLink(ctx, accounts.Actor{}, older)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
	wantCode(t, w.WithdrawInvitation(ctx, w.again(in), last.UID), fault.NotFound, "not_found")
	w.ok(w.WithdrawInvitation(ctx, w.again(aino), last.UID))
	_, err = w.Follow(ctx, newer)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
	wantCode(t, w.WithdrawInvitation(ctx, w.again(aino), last.UID), fault.NotFound, "not_found")
	wantCode(t, w.WithdrawInvitation(ctx, w.again(aino), sent.UID), fault.NotFound, "not_found")
}

func TestAnInvitationEndsWithItsAssociation(t *testing.T) {
	w := small(t, "production")
	aino, boss := w.somebody("aino"), w.city()
	club := w.register(aino)
	token, _ := w.invite(w.again(aino), club, "eino@example.org", accounts.Booker)
	_, err := w.ArchiveAssociation(ctx, w.again(boss), club.UID, 0)
	w.ok(err)
	_, err = w.Follow(ctx, token)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
	_, err = w.ConsumeLink(ctx, accounts.Actor{}, token)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
}

func TestInvitationsAreCounted(t *testing.T) {
	w := small(t, "production")
	aino := w.somebody("aino")
	club := w.register(aino)
	for range 5 {
		w.invite(w.again(aino), club, "eino@example.org", accounts.Member)
	}
	_, err := w.InviteMember(ctx, w.again(aino), club.UID, accounts.MemberInvitation{Email: "eino@example.org", Role: accounts.Member})
	wantCode(t, err, fault.TooMany, "invitation.too_many_to_one")
	for i := range 25 {
		w.invite(w.again(aino), club, fmt.Sprintf("a%d@example.org", i), accounts.Member)
	}
	_, err = w.InviteMember(ctx, w.again(aino), club.UID, accounts.MemberInvitation{Email: "olga@example.org", Role: accounts.Member})
	wantCode(t, err, fault.TooMany, "invitation.too_many")
}

// Holes 3 and 13: who can do more signs in again, who can do less can at the
// next request.
func TestRolesOfMembers(t *testing.T) {
	w := small(t, "production")
	aino := w.somebody("aino")
	club := w.register(aino)
	eino := w.accept(w.again(aino), club, "eino", accounts.Member)
	object := accounts.Object{HolderAssociation: club.ID}
	may := func(action accounts.Action) bool { return accounts.Can(w.again(eino), action, object) }

	wantCode(t, w.ChangeMember(ctx, w.again(eino), club.UID, eino.Person.UID, accounts.Admin), fault.Forbidden, "forbidden")
	w.ok(w.ChangeMember(ctx, w.again(aino), club.UID, eino.Person.UID, accounts.Booker))
	if w.again(eino).SignedIn() {
		t.Error("the old session has the new right")
	}
	eino = w.somebody("eino")
	if !may(accounts.BookFor) || may(accounts.ManageAssociation) {
		t.Error("a booker books and does not manage")
	}
	before := w.again(eino)
	w.ok(w.ChangeMember(ctx, w.again(aino), club.UID, eino.Person.UID, accounts.Member))
	if !w.again(eino).SignedIn() || may(accounts.BookFor) || !may(accounts.ViewReservation) {
		t.Error("the right is there at the next request")
	}
	w.ok(w.RemoveMember(ctx, w.again(aino), club.UID, eino.Person.UID))
	if may(accounts.ViewReservation) {
		t.Error("a former member sees its bookings")
	}
	// a request that began before the removal: the rights are read again
	if err := w.RemoveMember(ctx, before, club.UID, eino.Person.UID); !fault.Is(err, fault.NotFound) {
		t.Errorf("left after having been removed: %v", err)
	}
	wantCode(t, w.ChangeMember(ctx, w.again(aino), club.UID, eino.Person.UID, accounts.Booker), fault.NotFound, "association.no_member")
	wantCode(t, w.ChangeMember(ctx, w.again(aino), club.UID, eino.Person.UID, "owner"), fault.Invalid, "role.unknown")
}

func TestTheLastAdminStays(t *testing.T) {
	w := small(t, "production")
	aino, boss := w.somebody("aino"), w.city()
	club := w.register(aino)
	wantCode(t, w.RemoveMember(ctx, w.again(aino), club.UID, aino.Person.UID), fault.Refused, "association.last_admin")
	wantCode(t, w.ChangeMember(ctx, w.again(aino), club.UID, aino.Person.UID, accounts.Booker), fault.Refused, "association.last_admin")
	wantCode(t, w.RemoveMember(ctx, w.again(boss), club.UID, aino.Person.UID), fault.Refused, "association.last_admin")
	eino := w.accept(w.again(aino), club, "eino", accounts.Admin)
	w.ok(w.RemoveMember(ctx, w.again(aino), club.UID, aino.Person.UID))
	wantCode(t, w.RemoveMember(ctx, w.again(eino), club.UID, eino.Person.UID), fault.Refused, "association.last_admin")
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'member.left' AND actor = ?", aino.Person.UID.String()); n != 1 {
		t.Errorf("%d lines about leaving", n)
	}
}

// Two admins who remove each other at the same moment: one of them stays.
func TestTwoAdminsRemoveEachOther(t *testing.T) {
	w := newWorld(t, dbtest.New(t), "production")
	for round := range 5 {
		aino, eino := w.somebody(fmt.Sprint("aino", round)), w.somebody(fmt.Sprint("eino", round))
		club := w.register(aino)
		w.ok(accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: club.ID, Person: eino.Person.ID, Role: accounts.Admin, CreatedAt: w.now}))
		one, two := w.again(aino), w.again(eino)
		var both sync.WaitGroup
		for _, pair := range [][2]accounts.Actor{{one, two}, {two, one}} {
			both.Go(func() { _ = w.RemoveMember(ctx, pair[0], club.UID, pair[1].Person.UID) })
		}
		both.Wait()
		if n := w.count("SELECT count(*) FROM memberships WHERE association = ? AND role = 'admin'", club.ID); n != 1 {
			t.Fatalf("%d admins are left", n)
		}
	}
}

// The staff of a unit is chosen by its managers, that of the city by the city's.
func TestStaffIsChosenByManagers(t *testing.T) {
	w := small(t, "production")
	boss := w.city()
	here, there := w.unit(), w.unit()
	hire := func(by accounts.SignedIn, name, role string, unit int) (accounts.SignedIn, error) {
		token, err := w.Invite(ctx, w.again(by), accounts.Invitation{Email: name + "@example.org", Role: role, Unit: &unit})
		if err != nil {
			return accounts.SignedIn{}, err
		}
		return w.ConsumeLink(ctx, accounts.Actor{}, token)
	}
	mari, err := hire(boss, "mari", accounts.Manager, here)
	w.ok(err)
	timo, err := hire(boss, "timo", accounts.Manager, there)
	w.ok(err)
	veli, err := hire(mari, "veli", accounts.Viewer, here)
	w.ok(err)
	_, err = hire(mari, "olga", accounts.Viewer, there)
	wantCode(t, err, fault.Forbidden, "forbidden")
	_, err = w.Invite(ctx, w.again(mari), accounts.Invitation{Email: "olga@example.org", Role: accounts.CityAdmin})
	wantCode(t, err, fault.Forbidden, "forbidden")
	_, err = w.Staff(ctx, w.again(veli))
	wantCode(t, err, fault.Forbidden, "forbidden")

	_, err = w.Invite(ctx, w.again(mari), accounts.Invitation{Email: "olga@example.org", Role: accounts.Viewer, Unit: &here})
	w.ok(err)
	waiting, err := w.StaffInvitations(ctx, w.again(mari))
	if err != nil || len(waiting) != 1 || waiting[0].Email != "olga@example.org" || *waiting[0].Unit != here {
		t.Errorf("waiting %+v, %v", waiting, err)
	}
	if others, err := w.StaffInvitations(ctx, w.again(timo)); err != nil || len(others) != 0 {
		t.Errorf("another unit's invitations: %+v, %v", others, err)
	}
	wantCode(t, w.WithdrawInvitation(ctx, w.again(timo), waiting[0].UID), fault.NotFound, "not_found")

	staff, err := w.Staff(ctx, w.again(mari))
	if err != nil || len(staff) != 2 || staff[0].Email != "mari@example.org" || staff[1].Role != accounts.Viewer {
		t.Fatalf("staff %+v, %v", staff, err)
	}
	wantCode(t, w.WithdrawRole(ctx, w.again(timo), staff[1].UID), fault.NotFound, "not_found")
	w.ok(w.WithdrawRole(ctx, w.again(mari), staff[1].UID))
	if w.again(veli).Staff() {
		t.Error("a right is there at the next request")
	}
	all, err := w.Staff(ctx, w.again(boss))
	if err != nil || len(all) != 3 || all[0].Role != accounts.CityAdmin {
		t.Fatalf("all staff %+v, %v", all, err)
	}
	wantCode(t, w.WithdrawRole(ctx, w.again(boss), all[0].UID), fault.Refused, "role.last_city_admin")
	wantCode(t, w.WithdrawRole(ctx, w.again(mari), all[0].UID), fault.NotFound, "not_found")
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'role.withdrawn' AND object = ?", "person:"+veli.Person.UID.String()); n != 1 {
		t.Errorf("%d lines about the role", n)
	}
}

// A token without the scope for it changes no members.
func TestTokensAndAssociations(t *testing.T) {
	w := small(t, "production")
	aino := w.somebody("aino")
	club := w.register(aino)
	token := func(scopes ...string) accounts.Actor {
		plain, _, err := w.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{Person: aino.Person.ID, Scopes: scopes, Lifetime: time.Hour})
		w.ok(err)
		actor, err := w.AuthenticateToken(ctx, plain, "")
		w.ok(err)
		return actor
	}
	_, err := w.Members(ctx, token(accounts.ScopeRead, accounts.ScopeBook, accounts.ScopeWork), club.UID)
	wantCode(t, err, fault.Forbidden, "forbidden")
	_, err = w.Members(ctx, token(accounts.ScopeAdmin), club.UID)
	w.ok(err)
	_, err = w.RegisterAssociation(ctx, token(accounts.ScopeBook), choir)
	wantCode(t, err, fault.Forbidden, "forbidden")
}

// The trail of the installation is whole after all of that.
func TestMembersTrailIsWhole(t *testing.T) {
	w := small(t, "production")
	aino := w.somebody("aino")
	club := w.register(aino)
	eino := w.accept(w.again(aino), club, "eino", accounts.Booker)
	w.ok(w.ChangeMember(ctx, w.again(aino), club.UID, eino.Person.UID, accounts.Admin))
	w.ok(w.RemoveMember(ctx, w.again(aino), club.UID, eino.Person.UID))
	if n, err := ledger.Verify(ctx, w.DB, 0); err != nil || n < 6 {
		t.Errorf("%d entries, %v", n, err)
	}
}
