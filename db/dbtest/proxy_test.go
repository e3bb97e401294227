package dbtest_test

import (
	"testing"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
)

func TestProxySpoilsOneStatement(t *testing.T) {
	dsn := dbtest.DSN(t)
	direct, err := db.Open(t.Context(), dbtest.Patient(dsn))
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Close()
	if _, err := direct.Exec(t.Context(), "CREATE TABLE marks (n int)"); err != nil {
		t.Fatal(err)
	}
	proxy := dbtest.NewProxy(t, dsn)
	d, err := db.Open(t.Context(), dbtest.Patient(proxy.DSN()))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write := func() error {
		return d.Tx(t.Context(), func(tx *db.DB) error {
			for range 2 {
				if _, err := tx.Exec(t.Context(), "INSERT INTO marks VALUES (1)"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, test := range []struct {
		n       int
		fault   dbtest.Fault
		commit  bool
		written int
		kind    fault.Kind // of the error, 0 = none
	}{
		{0, "", false, 2, 0},
		{2, "40P01", false, 2, 0},                 // run again
		{4, "40001", true, 2, 0},                  // the commit says that nothing was written
		{3, "55P03", false, 0, fault.Unavailable}, // not tried again
		{1, dbtest.Drop, false, 2, 0},
		{3, dbtest.Drop, false, 2, 0},
		{3, dbtest.Lose, false, 2, 0},
		{4, dbtest.Drop, true, 0, fault.Unavailable}, // who knows?
		{4, dbtest.Lose, true, 2, fault.Unavailable},
	} {
		if _, err := direct.Exec(t.Context(), "TRUNCATE marks"); err != nil {
			t.Fatal(err)
		}
		proxy.Spoil(test.n, test.fault)
		err := write()
		seen := proxy.Seen()
		if seen.Spoilt != (test.n > 0) || seen.Commit != test.commit || seen.Statements < 4 && err == nil {
			t.Errorf("%d %s: %+v", test.n, test.fault, seen)
		}
		if (err == nil) != (test.kind == 0) || err != nil && fault.As(err).Kind != test.kind {
			t.Errorf("%d %s: %v", test.n, test.fault, err)
		}
		var written int
		if err := direct.Query(t.Context(), &written, "SELECT count(*) FROM marks"); err != nil || written != test.written {
			t.Errorf("%d %s: %d rows, %v", test.n, test.fault, written, err)
		}
	}
}
