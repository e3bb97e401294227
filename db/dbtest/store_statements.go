package dbtest

import (
	"testing"

	"gorm.io/gorm"

	"vuoro/db"
)

// Statements counts what is asked of a database from now on: each call gives
// the number of queries since the one before.
func Statements(t testing.TB, d *db.DB) func() int {
	t.Helper()
	asked := 0
	count := func(*gorm.DB) { asked++ }
	callbacks := d.Gorm(t.Context()).Callback()
	if err := callbacks.Query().Before("gorm:query").Register("count", count); err != nil {
		t.Fatal(err)
	}
	if err := callbacks.Row().Before("gorm:row").Register("count", count); err != nil {
		t.Fatal(err)
	}
	return func() int {
		since := asked
		asked = 0
		return since
	}
}
