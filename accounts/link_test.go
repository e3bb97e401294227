package accounts_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
)

func TestALinkIsLookedAtAndThenUsedOnce(t *testing.T) {
	w := small(t, "production")
	_, browser := w.anonymous("192.0.2.9")
	draft := json.RawMessage(`{"title": "Kuoroharjoitus", "persons": 15}`)
	request := accounts.LinkRequest{Email: " Aino@Example.org ", Language: "sv", ReturnTo: "/sv/boka?x=1", Draft: draft}
	if err := w.RequestLink(ctx, browser, request); err != nil {
		t.Fatal(err)
	}
	token := w.lastLink()
	for range 5 { // gateways look, too
		preview, err := w.Follow(ctx, token)
		if err != nil || preview.Email != "aino@example.org" || preview.ReturnTo != "/sv/boka?x=1" || preview.Language != "sv" || preview.Role != "" {
			t.Fatalf("%+v, %v", preview, err)
		}
	}
	if w.count("SELECT count(*) FROM people") != 0 || w.count("SELECT count(*) FROM sign_in_links WHERE used_at IS NOT NULL") != 0 {
		t.Fatal("looking changed something")
	}
	in, err := w.ConsumeLink(ctx, browser, token)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(in.Draft, &got); err != nil || got["title"] != "Kuoroharjoitus" || got["persons"] != 15.0 {
		t.Errorf("draft %s, %v", in.Draft, err)
	}
	if !in.New || in.ReturnTo != "/sv/boka?x=1" || *in.Person.Email != "aino@example.org" || in.Person.Name != "" || in.Person.Language != "sv" {
		t.Errorf("%+v", in)
	}
	_, err = w.ConsumeLink(ctx, browser, token)
	wantCode(t, err, fault.Gone, "sign_in.link_used")
	_, err = w.Follow(ctx, token)
	wantCode(t, err, fault.Gone, "sign_in.link_used")
	if again := w.signIn(accounts.Actor{}, "AINO@example.org"); again.New || again.Person.ID != in.Person.ID || again.Draft != nil || again.ReturnTo != "/" {
		t.Errorf("the second sign-in: %+v", again)
	}
}

// The mail may be opened on the telephone: what the desk computer holds goes
// along, and the desk computer is not signed in by it.
func TestALinkInAnotherBrowser(t *testing.T) {
	w := small(t, "production")
	deskToken, desk := w.anonymous("192.0.2.9")
	hold := w.hold(desk.Session, nil)
	token := w.link(desk, "aino@example.org")
	in, err := w.ConsumeLink(ctx, accounts.Actor{Address: "198.51.100.4"}, token)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.sessionOf(hold); got != in.Actor.Session {
		t.Errorf("the hold stayed in session %d", got)
	}
	if actor := w.authenticate(deskToken); actor.SignedIn() || actor.Session != desk.Session {
		t.Errorf("the desk computer is %+v", actor)
	}
}

func TestALinkSurvivesASignInMeanwhile(t *testing.T) {
	w := small(t, "demo")
	aino := w.person("aino@example.org", true)
	_, desk := w.anonymous("192.0.2.9")
	hold := w.hold(desk.Session, nil)
	token := w.link(desk, "aino@example.org")
	signedIn, err := w.SignInAs(ctx, desk, aino.UID.String())
	if err != nil {
		t.Fatal(err)
	}
	if w.sessionOf(hold) != signedIn.Actor.Session {
		t.Fatal("the hold did not travel")
	}
	in, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
	if err != nil || w.sessionOf(hold) != in.Actor.Session {
		t.Errorf("the hold is in session %d, want %d; %v", w.sessionOf(hold), in.Actor.Session, err)
	}
}

func TestLinksExpireAndAreRenewed(t *testing.T) {
	w := small(t, "production")
	_, browser := w.anonymous("192.0.2.9")
	request := accounts.LinkRequest{Email: "aino@example.org", ReturnTo: "/fi/varaa", Draft: json.RawMessage(`{"title":"Kuoro"}`)}
	if err := w.RequestLink(ctx, browser, request); err != nil {
		t.Fatal(err)
	}
	token := w.lastLink()
	w.later(accounts.LinkAge - time.Second)
	if _, err := w.Follow(ctx, token); err != nil {
		t.Errorf("before its end: %v", err)
	}
	w.later(time.Second)
	_, err := w.Follow(ctx, token)
	wantCode(t, err, fault.Gone, "sign_in.link_expired")
	_, err = w.ConsumeLink(ctx, browser, token)
	wantCode(t, err, fault.Gone, "sign_in.link_expired")
	if err := w.RenewLink(ctx, accounts.Actor{Address: "198.51.100.4"}, token); err != nil {
		t.Fatal(err)
	}
	renewed := w.lastLink()
	in, err := w.ConsumeLink(ctx, browser, renewed)
	if err != nil || renewed == token || in.ReturnTo != "/fi/varaa" || !strings.Contains(string(in.Draft), "Kuoro") {
		t.Errorf("renewed: %+v, %v", in, err)
	}
	if err := w.RenewLink(ctx, browser, renewed); err != nil { // used: a new one, but the draft is not given twice
		t.Fatal(err)
	}
	if in, err := w.ConsumeLink(ctx, in.Actor, w.lastLink()); err != nil || in.Draft != nil || in.ReturnTo != "/fi/varaa" {
		t.Errorf("renewed after use: %+v, %v", in, err)
	}
}

func TestForgedLinks(t *testing.T) {
	w := small(t, "production")
	token := w.link(accounts.Actor{}, "aino@example.org")
	other := w.Secrets.SignID(ledger.ForSignedLink, mustOpen(t, w, token))
	ghost := w.Secrets.SignID(ledger.ForSignIn, uuid.UUID{1, 2, 3})
	for _, forged := range []string{"", "x", token[:63], token + "A", "z" + token[1:], strings.Repeat("A", 64), mustOpen(t, w, token).String(), other, ghost} {
		_, err := w.Follow(ctx, forged)
		wantCode(t, err, fault.NotFound, "sign_in.link_unknown")
		_, err = w.ConsumeLink(ctx, accounts.Actor{}, forged)
		wantCode(t, err, fault.NotFound, "sign_in.link_unknown")
		wantCode(t, w.RenewLink(ctx, accounts.Actor{}, forged), fault.NotFound, "sign_in.link_unknown")
	}
	if w.count("SELECT count(*) FROM sessions") != 0 {
		t.Error("a forged link opened a session")
	}
}

func mustOpen(t *testing.T, w *world, token string) uuid.UUID {
	t.Helper()
	id, ok := w.Secrets.OpenID(ledger.ForSignIn, token)
	if !ok {
		t.Fatal("not our token")
	}
	return id
}

// Twenty browsers post one link at once: exactly one is signed in.
func TestALinkIsUsedOnceInParallel(t *testing.T) {
	w := newWorld(t, dbtest.New(t), "production")
	for round := range 5 {
		token := w.link(accounts.Actor{}, fmt.Sprintf("aino%d@example.org", round))
		var won, used atomic.Int32
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				_, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
				switch {
				case err == nil:
					won.Add(1)
				case fault.Is(err, fault.Gone) && fault.Code(err) == "sign_in.link_used":
					used.Add(1)
				default:
					t.Errorf("neither won nor used: %v", err)
				}
			})
		}
		wait.Wait()
		if won.Load() != 1 || used.Load() != 19 {
			t.Errorf("%d won, %d were told that it was used", won.Load(), used.Load())
		}
	}
	if people, sessions := w.count("SELECT count(*) FROM people"), w.count("SELECT count(*) FROM sessions"); people != 5 || sessions != 5 {
		t.Errorf("%d people, %d sessions", people, sessions)
	}
}

// Hole 14: whether somebody is known cannot be told from what happens.
func TestKnownAndUnknownPeopleAreTheSame(t *testing.T) {
	w := small(t, "production")
	w.person("known@example.org", false)
	trace := func(email string) string {
		before := w.counts()
		err := w.RequestLink(ctx, accounts.Actor{Address: "192.0.2.1"}, accounts.LinkRequest{Email: email, Language: "en"})
		after := w.counts()
		var mail struct {
			Topic, Language string
			Payload         db.JSON[map[string]any]
		}
		if err := w.DB.Query(ctx, &mail, "SELECT topic, language, payload FROM outbox WHERE recipient = ?", email); err != nil {
			t.Fatal(err)
		}
		delete(mail.Payload.V, "link")
		return fmt.Sprint(err, after[0]-before[0], after[1]-before[1], after[2]-before[2], after[3]-before[3], mail)
	}
	known, unknown := trace("known@example.org"), trace("nobody@example.org")
	if known != unknown {
		t.Errorf("known %s\nunknown %s", known, unknown)
	}
	if !strings.HasPrefix(known, "<nil> 1 1 1 2") {
		t.Errorf("one link, mail and audit entry and two counted tries are expected: %s", known)
	}
}

func (w *world) counts() (n [4]int) {
	for i, table := range []string{"sign_in_links", "outbox", "audit", "attempts"} {
		n[i] = w.count("SELECT count(*) FROM " + table)
	}
	return n
}

func TestLinksPerAddressAreLimited(t *testing.T) {
	w := small(t, "production")
	ask := func(address, email string) error {
		return w.RequestLink(ctx, accounts.Actor{Address: address}, accounts.LinkRequest{Email: email})
	}
	for i := range 5 {
		w.later(time.Minute)
		if err := ask(fmt.Sprintf("192.0.2.%d", i), "aino@example.org"); err != nil {
			t.Fatalf("link %d: %v", i+1, err)
		}
	}
	for range 1000 { // hammering neither helps nor costs more
		err := ask("192.0.2.99", "Aino@example.org")
		wantCode(t, err, fault.TooMany, "sign_in.too_many")
		if f := fault.As(err); f.RetryAfter != 11*time.Minute || f.Params["minutes"] != 11 {
			t.Fatalf("retry after %v, %v", f.RetryAfter, f.Params)
		}
	}
	if n := w.count("SELECT count(*) FROM sign_in_links"); n != 5 {
		t.Errorf("%d links", n)
	}
	if err := ask("192.0.2.1", "eino@example.org"); err != nil {
		t.Errorf("somebody else is refused: %v", err)
	}
	w.later(11 * time.Minute)
	if err := ask("192.0.2.1", "aino@example.org"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	wantCode(t, ask("192.0.2.1", "aino@example.org"), fault.TooMany, "sign_in.too_many")
}

func TestLinksPerNetworkAreLimited(t *testing.T) {
	w := small(t, "production")
	for i := range 21 {
		actor := accounts.Actor{Address: fmt.Sprintf("2001:db8:1:2::%x", i+1)}
		err := w.RequestLink(ctx, actor, accounts.LinkRequest{Email: fmt.Sprintf("a%d@example.org", i)})
		if i < 20 && err != nil {
			t.Fatalf("link %d: %v", i+1, err)
		}
		if i == 20 {
			wantCode(t, err, fault.TooMany, "sign_in.too_many")
		}
	}
	if err := w.RequestLink(ctx, accounts.Actor{Address: "2001:db8:1:3::1"}, accounts.LinkRequest{Email: "b@example.org"}); err != nil {
		t.Errorf("another network: %v", err)
	}
}

func TestLimitsHoldInParallel(t *testing.T) {
	w := newWorld(t, dbtest.New(t), "production")
	var sent, refused atomic.Int32
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			err := w.RequestLink(ctx, accounts.Actor{Address: fmt.Sprintf("192.0.2.%d", i)}, accounts.LinkRequest{Email: "aino@example.org"})
			switch {
			case err == nil:
				sent.Add(1)
			case fault.Is(err, fault.TooMany):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if sent.Load() != 5 || refused.Load() != 35 || w.count("SELECT count(*) FROM outbox") != 5 {
		t.Errorf("%d sent, %d refused", sent.Load(), refused.Load())
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	w := small(t, "production")
	for name, c := range map[string]struct {
		request accounts.LinkRequest
		code    string
	}{
		"no address":   {accounts.LinkRequest{}, "sign_in.no_address"},
		"bad address":  {accounts.LinkRequest{Email: "a@b.example\r\nBcc: c@d.example"}, "sign_in.bad_address"},
		"long draft":   {accounts.LinkRequest{Email: "a@b.example", Draft: json.RawMessage(`{"t":"` + strings.Repeat("x", 17_000) + `"}`)}, "sign_in.draft_too_long"},
		"broken draft": {accounts.LinkRequest{Email: "a@b.example", Draft: json.RawMessage(`{"t":`)}, "sign_in.bad_draft"},
		"list draft":   {accounts.LinkRequest{Email: "a@b.example", Draft: json.RawMessage(`[]`)}, "sign_in.bad_draft"},
		"null draft":   {accounts.LinkRequest{Email: "a@b.example", Draft: json.RawMessage(`null`)}, "sign_in.bad_draft"},
		"NUL in draft": {accounts.LinkRequest{Email: "a@b.example", Draft: json.RawMessage(`{"t":"\u0000"}`)}, "bad_characters"},
	} {
		if err := w.RequestLink(ctx, accounts.Actor{}, c.request); fault.Code(err) != c.code || fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.counts(); n != [4]int{} {
		t.Errorf("written: %v", n)
	}
	evil := accounts.LinkRequest{Email: "a@b.example", Language: "de", ReturnTo: "//evil.example"}
	if err := w.RequestLink(ctx, accounts.Actor{}, evil); err != nil {
		t.Fatal(err)
	}
	if preview, err := w.Follow(ctx, w.lastLink()); err != nil || preview.ReturnTo != "/" || preview.Language != "fi" {
		t.Errorf("%+v, %v", preview, err)
	}
}

func TestInvitations(t *testing.T) {
	w := small(t, "production")
	unit := w.unit()
	system := accounts.Actor{System: true}
	token, err := w.Invite(ctx, system, accounts.Invitation{Email: "aino@example.org", Role: accounts.Manager, Unit: &unit, Language: "sv"})
	if err != nil || token != w.lastLink() {
		t.Fatal(token, err)
	}
	if w.count("SELECT count(*) FROM outbox WHERE topic = 'sign_in.invitation' AND payload->>'role' = 'manager' AND payload->'unit'->>'fi' = 'Kirjasto'") != 1 {
		t.Error("the mail does not say to what one is invited")
	}
	if w.count("SELECT count(*) FROM roles") != 0 {
		t.Error("the role is there before the invitation is used")
	}
	w.later(6 * 24 * time.Hour)
	if preview, err := w.Follow(ctx, token); err != nil || preview.Role != accounts.Manager {
		t.Errorf("%+v, %v", preview, err)
	}
	in, err := w.ConsumeLink(ctx, accounts.Actor{}, token)
	if err != nil || len(in.Actor.Roles) != 1 || *in.Actor.Roles[0].Unit != unit || in.Actor.Roles[0].Role != accounts.Manager {
		t.Fatalf("%+v, %v", in.Actor, err)
	}
	if w.count("SELECT count(*) FROM audit WHERE action = 'role.granted' AND actor = 'system' AND object = ?", "person:"+in.Person.UID.String()) != 1 {
		t.Error("who granted the role is not in the audit trail")
	}
	_, err = w.ConsumeLink(ctx, accounts.Actor{}, token)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
	late, err := w.Invite(ctx, system, accounts.Invitation{Email: "aino@example.org", Role: accounts.CityAdmin})
	if err != nil {
		t.Fatal(err)
	}
	w.later(accounts.InvitationAge)
	_, err = w.ConsumeLink(ctx, accounts.Actor{}, late)
	wantCode(t, err, fault.Gone, "sign_in.invitation_ended")
	wantCode(t, w.RenewLink(ctx, accounts.Actor{}, late), fault.Gone, "sign_in.invitation_ended")
}

func TestInvitationsThatAreRefused(t *testing.T) {
	w := small(t, "production")
	unit, nowhere := w.unit(), 1_000_000
	system := accounts.Actor{System: true}
	for code, i := range map[string]accounts.Invitation{
		"sign_in.bad_address": {Email: "aino", Role: accounts.CityAdmin},
		"role.unknown":        {Email: "a@b.example", Role: "owner"},
		"role.no_unit":        {Email: "a@b.example", Role: accounts.CityAdmin, Unit: &unit},
		"role.needs_unit":     {Email: "a@b.example", Role: accounts.Manager},
		"role.unknown_unit":   {Email: "a@b.example", Role: accounts.Manager, Unit: &nowhere},
	} {
		_, err := w.Invite(ctx, system, i)
		wantCode(t, err, fault.Invalid, code)
	}
	in := w.signIn(accounts.Actor{}, "eino@example.org")
	_, err := w.Invite(ctx, in.Actor, accounts.Invitation{Email: "eino@example.org", Role: accounts.CityAdmin})
	wantCode(t, err, fault.Forbidden, "forbidden")
}
