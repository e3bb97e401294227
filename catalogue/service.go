// Package catalogue has the use cases of those who look after places: units,
// their spaces and devices, resources, hours and pictures. It promises that
// only managers of a unit change it, that every change is in the audit trail
// with what it was before, and that reservations follow or the change is
// refused. It leaves out what a place is (resources) and who books it (booking).
package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/resources"
)

// Service has the use cases. Each owns its transaction.
type Service struct {
	DB     *db.DB
	Places *resources.Service
	Now    func() time.Time

	// Strands finds the coming reservations that a version would refuse or price
	// differently; its ValidFrom nil is now. nil = nobody books here.
	Strands func(ctx context.Context, actor accounts.Actor, version resources.RuleBook) ([]Strand, error)
}

// edit is one change of something in a unit: what it is called in the audit
// trail, and what it was and is.
type edit struct {
	unit          int
	action        string // e.g. "unit.saved"
	object        string // e.g. "unit:<uid>"
	before, after any    // structs of one type; before nil = it is new, after nil = it is gone
}

// do runs a change in a transaction and writes its audit entry last. A save
// that changes nothing leaves no entry.
func (s *Service) do(ctx context.Context, actor accounts.Actor, change func(tx *db.DB) (edit, error)) error {
	return s.doAll(ctx, actor, func(tx *db.DB) ([]edit, error) {
		e, err := change(tx)
		return []edit{e}, err
	})
}

// doAll is do for changes of several things.
func (s *Service) doAll(ctx context.Context, actor accounts.Actor, change func(tx *db.DB) ([]edit, error)) error {
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		edits, err := change(tx)
		if err != nil {
			return err
		}
		slices.SortStableFunc(edits, func(a, b edit) int { return a.unit - b.unit }) // streams lock in one order for everybody
		for _, e := range edits {
			if err := s.audit(ctx, tx, actor, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) audit(ctx context.Context, tx *db.DB, actor accounts.Actor, e edit) error {
	values, err := differences(e.before, e.after)
	if err != nil || len(values) == 0 {
		return err
	}
	return ledger.Append(ctx, tx, ledger.Entry{
		Stream: e.unit, At: s.Now(), Actor: actor.Name(), Action: e.action, Object: e.object, Values: values,
	})
}

// mayManage refuses whoever does not look after a unit; to those who do not
// work there it does not exist.
func mayManage(actor accounts.Actor, unit int) error {
	object := accounts.Object{Unit: unit}
	switch {
	case accounts.Can(actor, accounts.ManageUnit, object):
		return nil
	case !actor.SignedIn():
		return fault.New(fault.Unauthenticated, "auth.required")
	case accounts.Can(actor, accounts.ViewUnitWork, object):
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return fault.New(fault.NotFound, "unit.not_found")
}

// differences are the fields that two values of one type do not share, each
// with what it was and what it is. Keys of the database and revisions are left
// out.
func differences(before, after any) (map[string][2]any, error) {
	was, err := fields(before)
	if err != nil {
		return nil, err
	}
	is, err := fields(after)
	if err != nil {
		return nil, err
	}
	values := map[string][2]any{}
	for _, side := range []map[string]any{was, is} {
		for name := range side {
			if !reflect.DeepEqual(was[name], is[name]) && name != "Revision" && name != "ID" {
				values[name] = [2]any{was[name], is[name]}
			}
		}
	}
	return values, nil
}

func fields(value any) (map[string]any, error) {
	if value == nil {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("audit values: %w", err)
	}
	var byName map[string]any
	if err := json.Unmarshal(text, &byName); err != nil {
		return nil, fmt.Errorf("audit values: %w", err)
	}
	return byName, nil
}
