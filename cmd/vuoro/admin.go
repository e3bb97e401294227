package main

import (
	"context"
	"fmt"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
)

func adminInvite(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "admin invite EMAIL")
	role := set.String("role", accounts.CityAdmin, "city_admin, manager or viewer")
	unit := set.String("unit", "", "slug of the unit, for manager and viewer")
	language := set.String("language", "fi", "language of the mail: fi, sv or en")
	var email string
	if err := parse(p, set, args, &email); err != nil {
		return unlessHelp(err)
	}
	return withApp(ctx, p, func(a *app, c Config) error {
		invitation := accounts.Invitation{Email: email, Role: *role, Language: *language}
		if *unit != "" {
			found, err := a.resources.UnitBySlug(ctx, a.booking.DB, *unit)
			if err != nil {
				return fmt.Errorf("there is no unit %q", *unit)
			}
			invitation.Unit = &found.ID
		}
		token, err := a.accounts.Invite(ctx, accounts.Actor{System: true}, invitation)
		if err != nil {
			return sentence(err)
		}
		_, err = fmt.Fprintf(p.stdout, "An invitation for %s is on its way. It can also be opened here, once, within seven days:\n%s/sign-in/%s\n", email, c.BaseURL, token)
		return err
	})
}

func adminToken(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "admin token EMAIL")
	scopes := set.String("scopes", accounts.ScopeRead, "comma-separated: read, book, work, admin")
	days := set.Int("days", 90, "how many days it works, 365 at most")
	name := set.String("name", "command line", "what the token is for")
	var email string
	if err := parse(p, set, args, &email); err != nil {
		return unlessHelp(err)
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		person, err := accounts.PersonByEmail(ctx, a.booking.DB, email)
		if fault.Is(err, fault.NotFound) {
			return fmt.Errorf("nobody with the address %s has signed in yet: invite them with `vuoro admin invite %s`", email, email)
		}
		if err != nil {
			return sentence(err)
		}
		token, made, err := a.accounts.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{
			Person: person.ID, Name: *name, Scopes: fields(*scopes), Lifetime: time.Duration(*days) * 24 * time.Hour,
		})
		if err != nil {
			return sentence(err)
		}
		_, err = fmt.Fprintf(p.stdout, "%s\nIt works until %s and is shown this once.\n", token, made.ExpiresAt.Format("2006-01-02"))
		return err
	})
}

// withApp runs a short command with every service wired.
func withApp(ctx context.Context, p program, run func(a *app, c Config) error) error {
	return withDatabase(ctx, p, func(d *database, c Config) error {
		a, err := newApp(ctx, d.DB, c, time.Now)
		if err != nil {
			return err
		}
		return run(a, c)
	})
}
