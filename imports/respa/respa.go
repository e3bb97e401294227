// Package respa takes over what a Respa service (the old Varaamo) answers: its
// units, resources and reservations, out of a folder of its answers or from its
// address. It promises that nothing is half taken over and nothing is invented,
// that everything left out is named with its reason, that a second run changes
// nothing, and that an address can lead nowhere but to the service. It leaves
// out pictures, who holds a reservation, and everything a visitor is not told.
package respa

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/ledger"
	"vuoro/resources"
)

// Service takes a Respa service over. Import owns its transaction.
type Service struct {
	DB      *db.DB
	Places  *resources.Service
	Booking *booking.Service
	Now     func() time.Time
	Zone    *time.Location // of the installation
}

// Order says what to take over and how.
type Order struct {
	From          string // a folder, or the address that ends in /v1/
	Source        string // what the service is called where its rows do not say; "" = its host, or the name of the folder
	CreateMissing bool   // make hidden resources for reservations whose resource is not known
	DryRun        bool   // do everything and take it back
	AllowLoopback bool   // also read http:// from this machine

	Progress func(what string, done, of int) // of = 0: not known; may be nil
}

// errDryRun takes everything back that a dry run has done.
var errDryRun = errors.New("dry run")

// Import reads everything first and then writes all of it in one transaction.
// What cannot be read is an error that says where, and nothing is written; what
// can be read but not taken over is in the report.
func (s *Service) Import(ctx context.Context, order Order) (Report, error) {
	if order.Progress == nil {
		order.Progress = func(string, int, int) {}
	}
	from, err := s.open(order)
	if err != nil {
		return Report{}, err
	}
	read, err := readAll(ctx, from, order)
	if err != nil {
		return Report{}, err
	}
	var report Report
	err = s.DB.Tx(ctx, func(tx *db.DB) error {
		t := &takeover{Service: s, tx: tx, order: order, read: read, now: s.Now(), known: map[string]int{}}
		t.report = Report{DryRun: order.DryRun, Notes: read.notes.clone()}
		if err := t.run(ctx); err != nil {
			return err
		}
		if report = t.report; order.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return report, err
}

// open finds out where to read from.
func (s *Service) open(order Order) (source, error) {
	if !strings.Contains(order.From, "://") {
		return newFolder(order.From)
	}
	base, err := url.Parse(order.From)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address", order.From)
	}
	return newService(base, newClient(order.AllowLoopback), s.Now())
}

// takeover is one import under way, in its transaction.
type takeover struct {
	*Service
	tx     *db.DB
	order  Order
	read   *answers
	now    time.Time
	known  map[string]int // keys of resources by their id there
	report Report
	audits []ledger.Entry
}

func (t *takeover) run(ctx context.Context) error {
	alone, err := t.tx.TryLockKey(ctx, "import respa")
	if err == nil && !alone {
		err = errors.New("another import is running")
	}
	if err != nil {
		return err
	}
	if err := t.takePlaces(ctx); err != nil {
		return err
	}
	rows, err := t.foreign(ctx)
	if err != nil {
		return err
	}
	adopted, err := t.Booking.Adopt(ctx, t.tx, rows, func(done int) { t.order.Progress("reservations", done, len(rows)) })
	if err != nil {
		return err
	}
	t.tell(adopted)
	for _, entry := range t.audits {
		if err := ledger.Append(ctx, t.tx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (t *takeover) audit(unit int, action, object string, values any) {
	t.audits = append(t.audits, ledger.Entry{
		Stream: unit, At: t.now, Actor: "system", Action: action, Object: object, Values: values,
	})
}
