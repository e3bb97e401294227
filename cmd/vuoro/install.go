package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"text/tabwriter"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/demo"
	"vuoro/ledger"
	"vuoro/notify"
	"vuoro/web/locales"
)

// defaultZone is the zone of a new installation.
const defaultZone = "Europe/Helsinki"

// install makes an empty database an installation: a private one gets the demo
// town, one that somebody set up gets only what a real city starts with.
func install(ctx context.Context, p program, d *database, now func() time.Time) error {
	var kind string
	if err := d.Query(ctx, &kind, "SELECT kind FROM installation"); err != nil {
		return err
	}
	switch {
	case kind == "demo", kind == "" && d.private != nil:
		return loadTown(ctx, p, d, now)
	case kind != "":
		return nil
	}
	return d.Tx(ctx, func(tx *db.DB) error {
		_, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('production', ?, ?, ?)",
			defaultZone, locales.Texts{Fi: "Vuoro", Sv: "Vuoro", En: "Vuoro"}, now())
		if err != nil {
			return err
		}
		return ledger.MakeSecrets(ctx, tx, now())
	})
}

// loadTown loads the demo town, or adds to one that is there the evenings that
// have come near since. It tells its progress every second.
func loadTown(ctx context.Context, p program, d *database, now func() time.Time) error {
	told := time.Now()
	progress := func(done, of int) {
		if done < of && time.Since(told) < time.Second {
			return
		}
		told = time.Now()
		fmt.Fprintf(p.stdout, "Loading the demo town: %d of %d reservations\n", done, of)
	}
	return demo.Load(ctx, demo.Deps{DB: d.DB, Progress: progress}, now())
}

// newWorker sends mail by SMTP, or in the demo town into its mailbox page. A
// real installation without SMTP_URL keeps its mail in the outbox.
func (a *app) newWorker(d *db.DB, c Config) (*notify.Worker, error) {
	from, err := mail.ParseAddress(c.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("MAIL_FROM %q is not a mail address: %w", c.MailFrom, err)
	}
	w := &notify.Worker{DB: d, Now: a.now, Secrets: a.secrets, BaseURL: c.BaseURL, From: *from, Zone: a.zone, Site: a.Name}
	switch {
	case c.SMTPURL != "":
		w.Transport, err = notify.ParseSMTP(c.SMTPURL)
	case a.Kind == "demo":
		w.Transport = &notify.Mailbox{DB: d}
	default:
		w.Transport = unconfigured{}
	}
	return w, err
}

// unconfigured keeps mail waiting until SMTP_URL is set.
type unconfigured struct{}

func (unconfigured) Send(context.Context, notify.Message) error { return notify.ErrUnreachable }

// sweepKeys forgets idempotency keys after their seven days.
func (a *app) sweepKeys(ctx context.Context) (int, error) {
	return ledger.Forget(ctx, a.booking.DB, a.now().AddDate(0, 0, -7))
}

// greet says what to open and who can sign in.
func (a *app) greet(ctx context.Context, p program, c Config) {
	fmt.Fprintf(p.stdout, "\nVuoro is ready: open %s\n", c.BaseURL)
	if a.Kind != "demo" {
		return
	}
	people, err := a.accounts.DemoPeople(ctx)
	if err != nil {
		return
	}
	fmt.Fprintf(p.stdout, "This is the demo town. Anybody may sign in with one click at %s/fi/kirjaudu as:\n", c.BaseURL)
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	for _, person := range people {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", person.Person.Name, mailOf(person.Person), standing(person))
	}
	_ = table.Flush()
	fmt.Fprintf(p.stdout, "Mail that it sends is at %s/demo/mailbox. Stop with Ctrl-C.\n", c.BaseURL)
}

func mailOf(person accounts.Person) string {
	if person.Email == nil {
		return ""
	}
	return *person.Email
}

func standing(person accounts.DemoPerson) string {
	var words []string
	for _, r := range person.Roles {
		unit, _ := r.Name.In("en")
		words = append(words, strings.TrimSpace(strings.ReplaceAll(r.Role, "_", " ")+" "+unit))
	}
	for _, m := range person.Memberships {
		words = append(words, m.Role+" of "+m.Name)
	}
	if len(words) == 0 {
		return "resident"
	}
	return strings.Join(words, ", ")
}

func loadDemo(ctx context.Context, p program, args []string) error {
	if err := parse(p, newFlags(p, "demo"), args); err != nil {
		return unlessHelp(err)
	}
	return withDatabase(ctx, p, func(d *database, _ Config) error {
		var kind string
		if err := d.Query(ctx, &kind, "SELECT kind FROM installation"); err != nil {
			return err
		}
		switch kind {
		case "demo":
			_, err := fmt.Fprintln(p.stdout, "The demo town is there already.")
			return err
		case "":
			if err := loadTown(ctx, p, d, time.Now); err != nil {
				return err
			}
			_, err := fmt.Fprintln(p.stdout, "The demo town is loaded.")
			return err
		}
		return fmt.Errorf("this database is a real installation: the demo town needs an empty one")
	})
}

// demoPerson is one line of `demo people --json`.
type demoPerson struct {
	UID          string                    `json:"id"`
	Name         string                    `json:"name"`
	Email        string                    `json:"email"`
	Roles        []accounts.DemoRole       `json:"roles"`
	Associations []accounts.DemoMembership `json:"associations"`
	Token        string                    `json:"token"`
}

func demoPeople(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "demo people")
	asJSON := set.Bool("json", false, "print JSON")
	at := set.String("now", "", "the server's clock, when it was started with --now")
	if err := parse(p, set, args); err != nil {
		return unlessHelp(err)
	}
	now, err := clock(*at)
	if err != nil {
		return err
	}
	return withDatabase(ctx, p, func(d *database, c Config) error {
		a, err := newApp(ctx, d.DB, c, now)
		if err != nil {
			return err
		}
		people, err := a.tokensOfDemo(ctx)
		if err != nil {
			return err
		}
		if *asJSON {
			out := json.NewEncoder(p.stdout)
			out.SetIndent("", "  ")
			return out.Encode(people)
		}
		table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
		for _, person := range people {
			fmt.Fprintf(table, "%s\t%s\t%s\n", person.Name, person.Email, person.Token)
		}
		return table.Flush()
	})
}

func (a *app) tokensOfDemo(ctx context.Context) ([]demoPerson, error) {
	people, err := a.accounts.DemoPeople(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]demoPerson, 0, len(people))
	for _, person := range people {
		token, _, err := a.accounts.NewToken(ctx, accounts.Actor{System: true}, accounts.TokenRequest{
			Person: person.Person.ID, Name: "demo people", Scopes: person.Scopes(), Lifetime: accounts.MaxTokenAge,
		})
		if err != nil {
			return nil, err
		}
		list = append(list, demoPerson{
			UID: person.Person.UID.String(), Name: person.Person.Name, Email: mailOf(person.Person),
			Roles: append([]accounts.DemoRole{}, person.Roles...), Associations: append([]accounts.DemoMembership{}, person.Memberships...), Token: token,
		})
	}
	return list, nil
}
