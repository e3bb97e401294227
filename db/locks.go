package db

import (
	"context"
	"slices"
	"strconv"
)

// Advisory locks live in two key spaces: pairs of ints (class, object) for
// units, atoms and keys, and one bigint for (atom, local day).
const (
	classUnit = 1
	classAtom = 2
	classKey  = 3
)

// LockUnit takes a unit, shared for bookings, exclusive for changes of its
// tree, parts, hours or rules. First in the order of locks.
func (d *DB) LockUnit(ctx context.Context, unit int, exclusive bool) error {
	_, err := d.Exec(ctx, "SELECT "+advisory(exclusive)+"(?::int, ?::int)", classUnit, unit)
	return err
}

// UnitLock is LockUnit, shared, as an expression over a column, for a statement
// that finds out which unit it is.
func UnitLock(column string) string {
	return advisory(false) + "(" + strconv.Itoa(classUnit) + ", " + column + ")"
}

// LockAtoms takes atoms in ascending order, shared for one reservation,
// exclusive for series, long closures and re-packing.
func (d *DB) LockAtoms(ctx context.Context, atoms []int, exclusive bool) error {
	_, err := d.Exec(ctx, "SELECT "+advisory(exclusive)+"(?::int, k::int) FROM (SELECT k FROM unnest(?::bigint[]) k ORDER BY k) ordered",
		classAtom, atomKeys(atoms))
	return err
}

// AtomDay is one atom on one local date, counted in days from 1970-01-01.
type AtomDay struct{ Atom, Day int }

// LockAtomsAndDays is LockAtoms, shared, and then every pair of atom and day,
// exclusively and in ascending order, in one statement: an Append runs its parts
// one after the other, as they are written.
func (d *DB) LockAtomsAndDays(ctx context.Context, atoms []int, pairs []AtomDay) error {
	_, err := d.Exec(ctx, "SELECT "+advisory(false)+"(?::int, k::int) FROM (SELECT k FROM unnest(?::bigint[]) k ORDER BY k) atoms"+
		" UNION ALL SELECT "+advisory(true)+"(k) FROM (SELECT k FROM unnest(?::bigint[]) k ORDER BY k) days",
		classAtom, atomKeys(atoms), dayKeys(pairs))
	return err
}

func atomKeys(atoms []int) Ints {
	keys := make(Ints, len(atoms))
	for i, a := range atoms {
		keys[i] = int64(a)
	}
	return sorted(keys)
}

func dayKeys(pairs []AtomDay) Ints {
	keys := make(Ints, len(pairs))
	for i, p := range pairs {
		keys[i] = int64(p.Atom)<<32 | int64(uint32(p.Day))
	}
	return sorted(keys)
}

// TryLockKey takes a named lock to the end of the transaction, or tells at
// once that somebody else has it.
func (d *DB) TryLockKey(ctx context.Context, name string) (bool, error) {
	var got bool
	err := d.Query(ctx, &got, "SELECT pg_try_advisory_xact_lock(?::int, hashtext(?))", classKey, name)
	return got, err
}

func advisory(exclusive bool) string {
	if exclusive {
		return "pg_advisory_xact_lock"
	}
	return "pg_advisory_xact_lock_shared"
}

func sorted(keys Ints) Ints {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}
