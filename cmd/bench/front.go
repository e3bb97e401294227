package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"vuoro/accounts"
	"vuoro/web"
	"vuoro/web/static"
)

// front is the city's server behind a real listener, and a client that keeps
// its connection and takes what is packed.
type front struct {
	base   string
	client *http.Client
	stop   func() error
	cookie string // of somebody who works at the first unit
}

func (c *city) openFront(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	base := "http://" + listener.Addr().String()
	c.bookings.BaseURL = base
	server, err := web.New(web.Server{
		Config: web.Config{BaseURL: base, Limits: web.Limits{PerAddress: 1000}},
		DB:     c.db, Booking: c.bookings, Catalogue: c.keeper, Accounts: c.accounts, Resources: c.places, Reports: c.reports,
		Secrets: c.secrets, Name: text("Bench"), Now: c.bookings.Now, Zone: c.zone, Log: slog.New(slog.DiscardHandler), Demo: true,
	})
	if err != nil {
		return err
	}
	app := server.App()
	go func() { _ = app.Listener(listener) }()
	c.front = &front{base: base, client: &http.Client{Timeout: 10 * time.Second}, stop: app.Shutdown}
	return c.signIn(ctx)
}

// signIn gives the front a manager of the first unit.
func (c *city) signIn(ctx context.Context) error {
	email, unit := "keeper@demo.example", 0
	person := accounts.Person{Email: &email, Name: "Keeper", Language: "fi", Demo: true, CreatedAt: noon}
	if err := accounts.AddPerson(ctx, c.db, &person); err != nil {
		return err
	}
	if err := c.db.Query(ctx, &unit, "SELECT min(id) FROM units"); err != nil {
		return err
	}
	if err := accounts.GrantRole(ctx, c.db, accounts.Role{Person: person.ID, Unit: &unit, Role: accounts.Manager, CreatedAt: noon}); err != nil {
		return err
	}
	in, err := c.accounts.SignInAs(ctx, accounts.Actor{}, person.UID.String())
	c.front.cookie = "vuoro=" + in.SessionToken
	return err
}

func (f *front) close() { _ = f.stop() }

// get asks for a page and reads all of it; the number of packed bytes comes back.
func (f *front) get(ctx context.Context, path string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.base+path, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("Cookie", f.cookie)
	answer, err := f.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.Copy(io.Discard, answer.Body)
}

// firstView is what a browser loads for a page: itself, styles, behaviour, font.
func (f *front) firstView(ctx context.Context, path string) (int64, error) {
	sum, err := f.get(ctx, path)
	for _, name := range []string{"app.css", "app.js", "htmx.js", "source-sans-3.woff2"} {
		asset, _ := static.Named(name)
		if asset.Gzip != nil {
			sum += int64(len(asset.Gzip))
		} else {
			sum += int64(len(asset.Body))
		}
	}
	return sum, err
}
