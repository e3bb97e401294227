package accounts_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/ledger"
)

func TestAnonymousSessions(t *testing.T) {
	w := small(t, "production")
	if actor := w.authenticate(""); actor.Session != 0 || actor.SignedIn() || actor.Address != "192.0.2.1" {
		t.Errorf("no cookie: %+v", actor)
	}
	token, started := w.anonymous("192.0.2.9")
	if again, same, err := w.StartSession(ctx, started); err != nil || again != "" || same.Session != started.Session {
		t.Errorf("a second start gave %q, %+v, %v", again, same, err)
	}
	if actor := w.authenticate(token); actor.Session != started.Session || actor.SignedIn() || actor.Name() != "anonymous" {
		t.Errorf("the session's cookie: %+v", actor)
	}
	for _, forged := range []string{token + "A", token[:42], strings.ToUpper(token), strings.Repeat("A", 43), "' OR true --", "\x00", strings.Repeat("x", 100_000)} {
		if actor := w.authenticate(forged); actor.Session != 0 || actor.SignedIn() {
			t.Errorf("%.20q gives session %d", forged, actor.Session)
		}
	}
}

func TestSessionsEndByIdlenessAndByAge(t *testing.T) {
	w := small(t, "production")
	token := w.signIn(accounts.Actor{}, "aino@example.org").SessionToken
	for range 5 { // a visit every six days keeps it alive …
		w.later(6*24*time.Hour - time.Second)
		if !w.authenticate(token).SignedIn() {
			if age := w.now.Sub(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)); age < accounts.SessionAge {
				t.Fatalf("ended after %v in spite of visits", age)
			}
		}
	}
	w.later(6 * time.Second) // … until it is 30 days old
	if w.authenticate(token).SignedIn() {
		t.Error("lives on after 30 days")
	}
	idle := w.signIn(accounts.Actor{}, "aino@example.org").SessionToken
	w.later(accounts.SessionIdle - time.Second)
	if !w.authenticate(idle).SignedIn() {
		t.Error("ended before it was idle for 7 days")
	}
	w.later(accounts.SessionIdle + time.Hour)
	if w.authenticate(idle).SignedIn() {
		t.Error("lives on after 7 idle days")
	}
	if n, err := w.Sweep(ctx); err != nil || n < 2 || w.count("SELECT count(*) FROM sessions") != 0 {
		t.Errorf("sweeping removed %d, %v", n, err)
	}
}

func TestLastVisitIsWrittenOnceAMinute(t *testing.T) {
	w := small(t, "production")
	in := w.signIn(accounts.Actor{}, "aino@example.org")
	seen := func() time.Time {
		var at time.Time
		if err := w.DB.Query(ctx, &at, "SELECT seen_at FROM sessions WHERE id = ?", in.Actor.Session); err != nil {
			t.Fatal(err)
		}
		return at
	}
	start := w.now
	w.later(59 * time.Second)
	w.authenticate(in.SessionToken)
	if !seen().Equal(start) {
		t.Error("written within the minute")
	}
	w.later(time.Second)
	w.authenticate(in.SessionToken)
	if !seen().Equal(w.now) {
		t.Error("not written after a minute")
	}
}

func TestRightsAreReadAtEachRequest(t *testing.T) {
	w := small(t, "production")
	unit := w.unit()
	in := w.signIn(accounts.Actor{}, "aino@example.org")
	club := accounts.Association{Name: "Kuoro ry", CreatedAt: w.now}
	if err := accounts.AddAssociation(ctx, w.DB, &club); err != nil {
		t.Fatal(err)
	}
	member := accounts.Membership{Association: club.ID, Person: in.Person.ID, Role: accounts.Booker, CreatedAt: w.now}
	if err := accounts.AddMembership(ctx, w.DB, member); err != nil {
		t.Fatal(err)
	}
	if err := accounts.GrantRole(ctx, w.DB, accounts.Role{Person: in.Person.ID, Unit: &unit, Role: accounts.Manager, CreatedAt: w.now}); err != nil {
		t.Fatal(err)
	}
	if w.authenticate(in.SessionToken).SignedIn() {
		t.Error("the old session survived a new right")
	}
	actor := w.authenticate(w.signIn(accounts.Actor{}, "aino@example.org").SessionToken)
	if len(actor.Roles) != 1 || *actor.Roles[0].Unit != unit || actor.Roles[0].Role != accounts.Manager || !actor.Roles[0].CreatedAt.Equal(w.now) {
		t.Errorf("roles %+v", actor.Roles)
	}
	if len(actor.Memberships) != 1 || actor.Memberships[0].Association != club.ID || actor.Memberships[0].Role != accounts.Booker {
		t.Errorf("memberships %+v", actor.Memberships)
	}
	if *actor.Person.Email != "aino@example.org" || actor.Person.UID != in.Person.UID || !actor.Person.CreatedAt.Equal(in.Person.CreatedAt) {
		t.Errorf("person %+v", actor.Person)
	}
	w.must(w.DB.Exec(ctx, "DELETE FROM roles WHERE person = ?", actor.ID()))
	w.must(w.DB.Exec(ctx, "UPDATE associations SET archived_at = ? WHERE id = ?", w.now, club.ID))
	fresh, err := accounts.Refresh(ctx, w.DB, actor)
	if err != nil || len(fresh.Roles) != 0 || len(fresh.Memberships) != 0 || fresh.Session != actor.Session || !fresh.SignedIn() {
		t.Errorf("after the rights went: %+v, %v", fresh, err)
	}
	w.must(w.DB.Exec(ctx, "UPDATE people SET email = NULL, erased_at = ? WHERE id = ?", w.now, actor.ID()))
	if fresh, err := accounts.Refresh(ctx, w.DB, actor); err != nil || fresh.SignedIn() {
		t.Errorf("an erased person acts: %+v, %v", fresh, err)
	}
}

// Hole 13: the id from before the sign-in is worth nothing after it.
func TestSignInChangesTheSession(t *testing.T) {
	w := small(t, "production")
	preset, before := w.anonymous("192.0.2.9")
	hold := w.hold(before.Session, nil)
	in := w.signIn(before, "aino@example.org")
	if in.SessionToken == preset || in.Actor.Session == before.Session {
		t.Error("the session kept its id")
	}
	if actor := w.authenticate(preset); actor.Session != 0 || actor.SignedIn() {
		t.Errorf("the old id still lives: %+v", actor)
	}
	if got := w.sessionOf(hold); got != in.Actor.Session {
		t.Errorf("the hold is in session %d, want %d", got, in.Actor.Session)
	}
	again := w.signIn(in.Actor, "eino@example.org")
	if w.authenticate(in.SessionToken).SignedIn() || again.Person.ID == in.Person.ID {
		t.Error("signing in as another left the first signed in")
	}
	if again.SessionToken == in.SessionToken {
		t.Error("the same token twice")
	}
}

func TestForeignHoldsDoNotTravel(t *testing.T) {
	w := small(t, "production")
	aino := w.signIn(accounts.Actor{}, "aino@example.org")
	hold := w.hold(aino.Actor.Session, &aino.Person.ID)
	eino, err := w.ConsumeLink(ctx, accounts.Actor{Address: "192.0.2.8"}, w.link(aino.Actor, "eino@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	if got := w.sessionOf(hold); got == eino.Actor.Session || got != aino.Actor.Session {
		t.Errorf("aino's hold went to session %d", got)
	}
}

func TestSigningOut(t *testing.T) {
	w := small(t, "production")
	first := w.signIn(accounts.Actor{}, "aino@example.org")
	second := w.signIn(accounts.Actor{}, "aino@example.org")
	third := w.signIn(accounts.Actor{}, "aino@example.org")
	other := w.signIn(accounts.Actor{}, "eino@example.org")
	if err := w.SignOut(ctx, first.Actor); err != nil {
		t.Fatal(err)
	}
	if w.authenticate(first.SessionToken).SignedIn() || !w.authenticate(second.SessionToken).SignedIn() {
		t.Error("signing out ended the wrong sessions")
	}
	if err := w.SignOut(ctx, first.Actor); err != nil {
		t.Errorf("signing out twice: %v", err)
	}
	if err := w.SignOut(ctx, accounts.Actor{}); err != nil {
		t.Errorf("signing out without a session: %v", err)
	}
	if err := w.SignOutEverywhere(ctx, second.Actor); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"second": second.SessionToken, "third": third.SessionToken} {
		if w.authenticate(token).SignedIn() {
			t.Errorf("the %s session lives", name)
		}
	}
	if !w.authenticate(other.SessionToken).SignedIn() {
		t.Error("somebody else was signed out")
	}
	wantCode(t, w.SignOutEverywhere(ctx, accounts.Actor{}), fault.Unauthenticated, "auth.sign_in")
}

func TestOneClickPeopleExistInADemoOnly(t *testing.T) {
	real := small(t, "production")
	someone := real.person("aino@example.org", true)
	_, err := real.SignInAs(ctx, accounts.Actor{}, someone.UID.String())
	wantCode(t, err, fault.NotFound, "not_found")
	if real.count("SELECT count(*) FROM sessions") != 0 {
		t.Error("a session was made")
	}
	if _, err := real.DemoPeople(ctx); !fault.Is(err, fault.NotFound) {
		t.Errorf("people are listed: %v", err)
	}
}

func TestSignInAsADemoPerson(t *testing.T) {
	w := small(t, "demo")
	aino, eino := w.person("aino@example.org", true), w.person("eino@example.org", false)
	preset, browser := w.anonymous("192.0.2.9")
	hold := w.hold(browser.Session, nil)
	in, err := w.SignInAs(ctx, browser, aino.UID.String())
	if err != nil {
		t.Fatal(err)
	}
	if actor := w.authenticate(in.SessionToken); actor.ID() != aino.ID || w.sessionOf(hold) != actor.Session || w.authenticate(preset).Session != 0 {
		t.Errorf("signed in as %+v", actor)
	}
	for _, uid := range []string{eino.UID.String(), "", "1", "x", "0192a000-0000-7000-8000-000000000000"} {
		_, err := w.SignInAs(ctx, browser, uid)
		wantCode(t, err, fault.NotFound, "not_found")
	}
}

func TestFormTokensBelongToASession(t *testing.T) {
	w := small(t, "production")
	token := w.CSRF(7)
	if err := w.CheckCSRF(7, token); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		session int64
		token   string
	}{{8, token}, {7, ""}, {7, token[1:]}, {0, ""}, {0, token}, {7, w.Secrets.Sign(ledger.ForSignedLink, "session:7")}} {
		wantCode(t, w.CheckCSRF(c.session, c.token), fault.Forbidden, "auth.csrf")
	}
	if w.CSRF(0) != "" {
		t.Error("a visitor without a session has a token")
	}
}

// Holes 2 and 13: what a browser, a mail or a script carries is nowhere in the
// database, in no spelling, and the audit trail holds together.
func TestNoSecretIsStored(t *testing.T) {
	w := small(t, "production")
	preset, browser := w.anonymous("192.0.2.9")
	link := w.link(browser, "aino@example.org")
	in, err := w.ConsumeLink(ctx, browser, link)
	if err != nil {
		t.Fatal(err)
	}
	api, _, err := w.NewToken(ctx, in.Actor, accounts.TokenRequest{Name: "skripti", Scopes: []string{accounts.ScopeRead}, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	invitation, err := w.Invite(ctx, accounts.Actor{System: true}, accounts.Invitation{Email: "eino@example.org", Role: accounts.CityAdmin})
	if err != nil {
		t.Fatal(err)
	}
	dump := w.dump()
	if !strings.Contains(dump, "aino@example.org") || !strings.Contains(dump, "skripti") {
		t.Fatal("the dump is not a dump")
	}
	for name, secret := range map[string]string{
		"old session": preset, "session": in.SessionToken, "API token": strings.TrimPrefix(api, accounts.TokenPrefix),
		"link": link, "invitation": invitation, "link's signature": link[22:], "CSRF token": w.CSRF(in.Actor.Session),
	} {
		if strings.Contains(dump, secret) {
			t.Errorf("%s: in the database as it is", name)
		}
		if raw, err := base64.RawURLEncoding.DecodeString(secret); err == nil && strings.Contains(dump, hex.EncodeToString(raw[len(raw)-16:])) {
			t.Errorf("%s: in the database as hex", name)
		}
	}
	if n, err := ledger.Verify(ctx, w.DB, 0); err != nil || n < 4 {
		t.Errorf("audit trail of %d entries: %v", n, err)
	}
}
