package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/ledger"
	"vuoro/notify"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web/locales"
)

// installation is the row that says what the database is.
type installation struct {
	Kind string
	Zone string
	Name locales.Texts
}

// app is every service, wired.
type app struct {
	installation
	zone      *time.Location
	now       func() time.Time
	secrets   *ledger.Secrets
	accounts  *accounts.Service
	resources *resources.Service
	booking   *booking.Service
	catalogue *catalogue.Service
	reports   *reports.Service
	notify    *notify.Worker
}

// newApp wires the services over a database that is an installation.
func newApp(ctx context.Context, d *db.DB, c Config, now func() time.Time) (*app, error) {
	a := &app{now: now}
	if err := d.Query(ctx, &a.installation, "SELECT kind, zone, name FROM installation"); err != nil {
		return nil, err
	}
	if a.Kind == "" {
		return nil, fmt.Errorf("the database is empty: start it with `vuoro serve`, or load the demo town with `vuoro demo`")
	}
	var err error
	if a.zone, err = time.LoadLocation(a.Zone); err != nil {
		return nil, fmt.Errorf("the installation's zone %q is unknown: %w", a.Zone, err)
	}
	if a.secrets, err = ledger.LoadSecrets(ctx, d); err != nil {
		return nil, err
	}
	a.accounts = &accounts.Service{DB: d, Now: now, Secrets: a.secrets}
	a.resources = &resources.Service{DB: d, Now: now, Zone: a.zone}
	a.booking = &booking.Service{DB: d, Resources: a.resources, Secrets: a.secrets, Now: now, Zone: a.zone, BaseURL: c.BaseURL}
	a.resources.Reseat = a.booking.Reseat
	a.catalogue = &catalogue.Service{DB: d, Places: a.resources, Now: now}
	a.reports = &reports.Service{DB: d, Zone: a.zone}
	a.notify, err = a.newWorker(d, c)
	return a, err
}

// checkDemo refuses to show the demo town, where anybody may be anybody, to the
// world.
func (a *app) checkDemo(c Config) error {
	base, err := url.Parse(c.BaseURL)
	if err != nil || a.Kind == "demo" && !loopback(base.Hostname()) {
		return fmt.Errorf("this database is a demo, where everybody may sign in as anybody: BASE_URL %s must be a loopback address", c.BaseURL)
	}
	return nil
}

func newLog(p program) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, nil))
}
