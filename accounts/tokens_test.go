package accounts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/fault"
)

func day(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

func TestTokensOfTheAPI(t *testing.T) {
	w := small(t, "production")
	in := w.signIn(accounts.Actor{}, "aino@example.org")
	request := accounts.TokenRequest{Name: " skripti ", Scopes: []string{accounts.ScopeRead, accounts.ScopeBook, accounts.ScopeRead}, Lifetime: day(30)}
	plain, token, err := w.NewToken(ctx, in.Actor, request)
	if err != nil || !strings.HasPrefix(plain, "vuoro_") || len(plain) != 6+43 || token.Name != "skripti" {
		t.Fatal(plain, token, err)
	}
	actor, err := w.AuthenticateToken(ctx, plain, "192.0.2.1")
	if err != nil || actor.ID() != in.Person.ID || actor.Session != 0 || actor.Address != "192.0.2.1" ||
		!slices.Equal(actor.Scopes, []string{accounts.ScopeBook, accounts.ScopeRead}) {
		t.Fatalf("%+v, %v", actor, err)
	}
	list, err := w.Tokens(ctx, in.Actor, in.Person.ID)
	if err != nil || len(list) != 1 || list[0].UID != token.UID || !list[0].UsedAt.Equal(w.now) || len(list[0].Scopes) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	for _, bad := range []string{"", "vuoro_", plain[:48], plain + "A", plain[6:], strings.ToUpper(plain), "vuoro_" + strings.Repeat("A", 43), in.SessionToken} {
		_, err := w.AuthenticateToken(ctx, bad, "")
		wantCode(t, err, fault.Unauthenticated, "auth.bad_token")
	}
	if w.authenticate(plain).SignedIn() || w.authenticate(plain[6:]).SignedIn() {
		t.Error("an API token works as a cookie")
	}
	w.later(day(30))
	_, err = w.AuthenticateToken(ctx, plain, "")
	wantCode(t, err, fault.Unauthenticated, "auth.bad_token")
}

func TestRevokedTokensAreDead(t *testing.T) {
	w := small(t, "production")
	aino, eino := w.signIn(accounts.Actor{}, "aino@example.org"), w.signIn(accounts.Actor{}, "eino@example.org")
	plain, token, err := w.NewToken(ctx, aino.Actor, accounts.TokenRequest{Scopes: []string{accounts.ScopeRead}, Lifetime: day(1)})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.RevokeToken(ctx, eino.Actor, token.UID), fault.NotFound, "not_found")
	wantCode(t, w.RevokeToken(ctx, accounts.Actor{}, token.UID), fault.NotFound, "not_found")
	wantCode(t, w.RevokeToken(ctx, aino.Actor, uuid.New()), fault.NotFound, "not_found")
	if _, err := w.AuthenticateToken(ctx, plain, ""); err != nil {
		t.Errorf("revoked by a stranger: %v", err)
	}
	for range 2 {
		if err := w.RevokeToken(ctx, aino.Actor, token.UID); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.AuthenticateToken(ctx, plain, "")
	wantCode(t, err, fault.Unauthenticated, "auth.bad_token")
	if list, err := w.Tokens(ctx, aino.Actor, aino.Person.ID); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'token.revoked'"); n != 1 {
		t.Errorf("%d audit entries for one revocation", n)
	}
	_, err = w.Tokens(ctx, eino.Actor, aino.Person.ID)
	wantCode(t, err, fault.NotFound, "not_found")
}

func TestTokensThatAreRefused(t *testing.T) {
	w := small(t, "production")
	aino, eino := w.signIn(accounts.Actor{}, "aino@example.org"), w.signIn(accounts.Actor{}, "eino@example.org")
	good := accounts.TokenRequest{Scopes: accounts.Scopes, Lifetime: day(365)}
	for code, change := range map[string]func(*accounts.TokenRequest){
		"token.no_scope":            func(r *accounts.TokenRequest) { r.Scopes = nil },
		"token.unknown_scope":       func(r *accounts.TokenRequest) { r.Scopes = []string{"read", "*"} },
		"token.bad_lifetime":        func(r *accounts.TokenRequest) { r.Lifetime = day(365) + 1 },
		"token.name_too_long":       func(r *accounts.TokenRequest) { r.Name = strings.Repeat("ä", 101) },
		"token.name_bad_characters": func(r *accounts.TokenRequest) { r.Name = "a\x00" },
	} {
		bad := good
		change(&bad)
		_, _, err := w.NewToken(ctx, aino.Actor, bad)
		wantCode(t, err, fault.Invalid, code)
	}
	foreign := good
	foreign.Person = eino.Person.ID
	_, _, err := w.NewToken(ctx, aino.Actor, foreign)
	wantCode(t, err, fault.NotFound, "not_found")
	_, _, err = w.NewToken(ctx, accounts.Actor{}, good)
	wantCode(t, err, fault.Unauthenticated, "auth.sign_in")
	plain, _, err := w.NewToken(ctx, accounts.Actor{System: true}, foreign)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := w.AuthenticateToken(ctx, plain, "")
	if err != nil || actor.ID() != eino.Person.ID {
		t.Fatal(actor, err)
	}
	_, _, err = w.NewToken(ctx, actor, good)
	wantCode(t, err, fault.Forbidden, "token.from_token")
	ghost := good
	ghost.Person = 1_000_000
	_, _, err = w.NewToken(ctx, accounts.Actor{System: true}, ghost)
	wantCode(t, err, fault.NotFound, "not_found")
}

// An empty list of scopes in the database means nothing, never everything.
func TestATokenWithoutScopesCanNothing(t *testing.T) {
	w := small(t, "production")
	in := w.signIn(accounts.Actor{}, "aino@example.org")
	plain, _, err := w.NewToken(ctx, in.Actor, accounts.TokenRequest{Scopes: []string{accounts.ScopeRead}, Lifetime: day(1)})
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.DB.Exec(ctx, "UPDATE api_tokens SET scopes = '{}'"))
	actor, err := w.AuthenticateToken(ctx, plain, "")
	if err != nil || actor.Scopes == nil {
		t.Fatalf("%+v, %v", actor, err)
	}
	if accounts.Can(actor, accounts.ViewReservation, accounts.Object{HolderPerson: actor.ID()}) {
		t.Error("it can read")
	}
}

func TestProfiles(t *testing.T) {
	w := small(t, "production")
	in := w.signIn(accounts.Actor{}, "aino@example.org")
	person, err := w.UpdateProfile(ctx, in.Actor, accounts.Profile{Name: " Aino  Virtanen ", Phone: "040 123 4567", Language: "sv"})
	if err != nil || person.Name != "Aino Virtanen" {
		t.Fatal(person, err)
	}
	if actor := w.authenticate(in.SessionToken); actor.Person.Name != "Aino Virtanen" || actor.Person.Phone != "040 123 4567" || actor.Person.Language != "sv" {
		t.Errorf("%+v", actor.Person)
	}
	if _, err := w.UpdateProfile(ctx, in.Actor, accounts.Profile{Name: "Aino Virtanen", Phone: "040 123 4567", Language: "sv"}); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'person.changed'"); n != 1 {
		t.Errorf("%d audit entries for one change", n)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE values LIKE '%Virtanen%'"); n != 0 {
		t.Error("the name is in the audit trail")
	}
	_, err = w.UpdateProfile(ctx, in.Actor, accounts.Profile{Name: strings.Repeat("a", 10_000), Language: "fi"})
	wantCode(t, err, fault.Invalid, "profile.name_too_long")
	_, err = w.UpdateProfile(ctx, accounts.Actor{}, accounts.Profile{Name: "Aino", Language: "fi"})
	wantCode(t, err, fault.Unauthenticated, "auth.sign_in")
	reader := in.Actor
	reader.Scopes = []string{accounts.ScopeRead}
	_, err = w.UpdateProfile(ctx, reader, accounts.Profile{Name: "Aino", Language: "fi"})
	wantCode(t, err, fault.Forbidden, "forbidden")
}

func TestPeopleOfTheDemoTown(t *testing.T) {
	w := small(t, "demo")
	unit := w.unit()
	resident, booker, manager, admin := w.person("a@example.org", true), w.person("b@example.org", true), w.person("c@example.org", true), w.person("d@example.org", true)
	w.person("visitor@example.org", false)
	club := accounts.Association{Name: "Kuoro ry", Registered: "1", Municipality: "Helsinki", Under18: true, Demo: true, CreatedAt: w.now}
	for _, err := range []error{
		accounts.AddAssociation(ctx, w.DB, &club),
		accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: club.ID, Person: booker.ID, Role: accounts.Member, CreatedAt: w.now}),
		accounts.AddMembership(ctx, w.DB, accounts.Membership{Association: club.ID, Person: booker.ID, Role: accounts.Booker, CreatedAt: w.now}),
		accounts.GrantRole(ctx, w.DB, accounts.Role{Person: manager.ID, Unit: &unit, Role: accounts.Manager, CreatedAt: w.now}),
		accounts.GrantRole(ctx, w.DB, accounts.Role{Person: manager.ID, Unit: &unit, Role: accounts.Manager, CreatedAt: w.now}),
		accounts.GrantRole(ctx, w.DB, accounts.Role{Person: admin.ID, Role: accounts.CityAdmin, CreatedAt: w.now}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	people, err := w.DemoPeople(ctx)
	if err != nil || len(people) != 4 || people[0].Person.UID != resident.UID {
		t.Fatalf("%+v, %v", people, err)
	}
	b, c, d := people[1], people[2], people[3]
	if len(b.Memberships) != 1 || b.Memberships[0].Role != accounts.Booker || b.Memberships[0].Association != club.UID || b.Memberships[0].Name != "Kuoro ry" {
		t.Errorf("booker %+v", b)
	}
	if len(c.Roles) != 1 || c.Roles[0].Name.Fi != "Kirjasto" || c.Roles[0].Unit == "" || d.Roles[0].Role != accounts.CityAdmin || d.Roles[0].Unit != "" {
		t.Errorf("manager %+v, admin %+v", c.Roles, d.Roles)
	}
	for i, want := range []string{"read book", "read book", "read book work admin", "read book work admin"} {
		if got := strings.Join(people[i].Scopes(), " "); got != want {
			t.Errorf("scopes of %d: %q, want %q", i, got, want)
		}
	}
	in, err := w.SignInAs(ctx, accounts.Actor{}, booker.UID.String())
	if err != nil {
		t.Fatal(err)
	}
	standings, err := w.Standings(ctx, in.Actor)
	if err != nil || len(standings) != 1 || standings[0].Role != accounts.Booker || standings[0].Association.Name != "Kuoro ry" || !standings[0].Association.Under18 {
		t.Errorf("%+v, %v", standings, err)
	}
	if got, err := accounts.FindAssociation(ctx, w.DB, in.Actor, club.UID); err != nil || got.ID != club.ID || got.Class() != "association" {
		t.Errorf("%+v, %v", got, err)
	}
	other, err := w.SignInAs(ctx, accounts.Actor{}, resident.UID.String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = accounts.FindAssociation(ctx, w.DB, other.Actor, club.UID)
	wantCode(t, err, fault.NotFound, "not_found")
}

func TestEveryColumnOfAPersonComesBack(t *testing.T) {
	w := small(t, "production")
	adult, strong, email := true, w.now.Add(-time.Hour), "Aino@Example.org"
	p := accounts.Person{
		Email: &email, Name: "Aino", Phone: "040", Language: "sv", Adult: &adult, AdultSource: "desk", Municipality: "Helsinki",
		MunicipalitySource: "register", StrongAt: &strong, StrongSource: "bank", Demo: true, CreatedAt: w.now,
	}
	if err := accounts.AddPerson(ctx, w.DB, &p); err != nil {
		t.Fatal(err)
	}
	for name, find := range map[string]func() (accounts.Person, error){
		"by id":      func() (accounts.Person, error) { return accounts.PersonByID(ctx, w.DB, p.ID) },
		"by address": func() (accounts.Person, error) { return accounts.PersonByEmail(ctx, w.DB, "AINO@example.ORG") },
		"by session": func() (accounts.Person, error) {
			return *w.authenticate(w.signIn(accounts.Actor{}, "aino@example.org").SessionToken).Person, nil
		},
	} {
		got, err := find()
		if err != nil {
			t.Fatal(name, err)
		}
		if *got.Email != "aino@example.org" || !*got.Adult || !got.StrongAt.Equal(strong) || !got.CreatedAt.Equal(w.now) {
			t.Errorf("%s: %+v", name, got)
		}
		got.Email, got.Adult, got.StrongAt, got.CreatedAt = p.Email, p.Adult, p.StrongAt, p.CreatedAt
		if got != p {
			t.Errorf("%s: %+v, want %+v", name, got, p)
		}
	}
	again := p
	if err := accounts.AddPerson(ctx, w.DB, &again); fault.Code(err) != "duplicate" {
		t.Errorf("the same person twice: %v", err)
	}
}
