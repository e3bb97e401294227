package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/db/cluster"
	"vuoro/ledger"
	"vuoro/migrations"
	"vuoro/reports"
	"vuoro/resources"
	"vuoro/web"
	"vuoro/web/locales"
)

// noon is when the towns live: a Monday.
var noon = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// place is a private PostgreSQL in a directory of its own.
type place struct {
	dir     string
	cluster *cluster.Cluster
}

func openPlace(ctx context.Context) (*place, error) {
	dir, err := os.MkdirTemp("", "vuoro-bench-")
	if err != nil {
		return nil, err
	}
	p := &place{dir: dir}
	if err = os.Chmod(dir, 0o755); err == nil {
		p.cluster, err = cluster.Start(ctx, cluster.Options{Dir: dir + "/postgres"})
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *place) close() {
	if p.cluster != nil {
		_ = p.cluster.Stop()
	}
	_ = os.RemoveAll(p.dir)
}

// town is an installation on a database of its own, with its services and its
// server behind a real listener.
type town struct {
	dsn     string
	db      *db.DB
	zone    *time.Location
	secrets *ledger.Secrets

	places   *resources.Service
	bookings *booking.Service
	accounts *accounts.Service
	address  string // of the server: host and port
	stop     func() error
}

// found makes a town without places; trace may be nil.
func (p *place) found(ctx context.Context, name string, trace func(sql string, params []any)) (*town, error) {
	if err := p.createDatabase(ctx, name); err != nil {
		return nil, err
	}
	t := &town{dsn: p.cluster.DSN(name)}
	if _, err := migrations.Up(ctx, t.dsn); err != nil {
		return nil, err
	}
	var err error
	t.db, err = db.Open(ctx, db.Config{URL: t.dsn, StatementTimeout: time.Minute, Trace: trace})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{t.settle, t.openFront} {
		if err := step(ctx); err != nil {
			t.close()
			return nil, err
		}
	}
	return t, nil
}

func (p *place) createDatabase(ctx context.Context, name string) error {
	root, err := db.Open(ctx, db.Config{URL: p.cluster.DSN("postgres")})
	if err != nil {
		return err
	}
	defer root.Close()
	_, err = root.Exec(ctx, "CREATE DATABASE "+name)
	return err
}

func (t *town) close() {
	if t.stop != nil {
		_ = t.stop()
	}
	t.db.Close()
}

// settle makes the installation and its services.
func (t *town) settle(ctx context.Context) (err error) {
	if t.zone, err = time.LoadLocation("Europe/Helsinki"); err != nil {
		return err
	}
	err = t.db.Tx(ctx, func(tx *db.DB) error {
		_, err := tx.Exec(ctx, "INSERT INTO installation (kind, zone, name, created_at) VALUES ('demo', 'Europe/Helsinki', ?, ?)", text("Bench"), noon)
		if err != nil {
			return err
		}
		return ledger.MakeSecrets(ctx, tx, noon)
	})
	if err != nil {
		return err
	}
	if t.secrets, err = ledger.LoadSecrets(ctx, t.db); err != nil {
		return err
	}
	now := func() time.Time { return noon }
	t.places = &resources.Service{DB: t.db, Now: now, Zone: t.zone}
	t.bookings = &booking.Service{DB: t.db, Resources: t.places, Secrets: t.secrets, Now: now, Zone: t.zone}
	t.accounts = &accounts.Service{DB: t.db, Now: now, Secrets: t.secrets}
	return nil
}

func (t *town) openFront(context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	t.address = listener.Addr().String()
	t.bookings.BaseURL = "http://" + t.address
	now := t.bookings.Now
	server, err := web.New(web.Server{
		Config: web.Config{BaseURL: t.bookings.BaseURL, Limits: web.Limits{PerAddress: 1000}},
		DB:     t.db, Booking: t.bookings, Accounts: t.accounts, Resources: t.places, Reports: &reports.Service{DB: t.db, Zone: t.zone},
		Catalogue: &catalogue.Service{DB: t.db, Places: t.places, Now: now},
		Secrets:   t.secrets, Name: text("Bench"), Now: now, Zone: t.zone, Log: slog.New(slog.DiscardHandler), Demo: true,
	})
	if err != nil {
		return err
	}
	app := server.App()
	go func() { _ = app.Listener(listener) }()
	t.stop = app.Shutdown
	return nil
}

func text(s string) locales.Texts { return locales.Texts{Fi: s, Sv: s, En: s} }
