package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
)

var ctx = context.Background()

func TestSessionSettings(t *testing.T) {
	d, err := db.Open(ctx, db.Config{URL: dbtest.DSN(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, want := range map[string]string{
		"timezone": "UTC", "application_name": "vuoro", "statement_timeout": "3s", "lock_timeout": "1s",
		"idle_in_transaction_session_timeout": "10s",
	} {
		var got string
		if err := d.Query(ctx, &got, "SELECT current_setting(?)", name); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestFaults(t *testing.T) {
	state := func(code string) error { return &pgconn.PgError{Code: code} }
	for _, test := range []struct {
		err  error
		kind fault.Kind
		code string
	}{
		{state("23P01"), fault.Conflict, "booking.overlap"},
		{state("55P03"), fault.Unavailable, "busy"},
		{state("57P01"), fault.Unavailable, "database_down"},
		{gorm.ErrRecordNotFound, fault.NotFound, "not_found"},
		{context.DeadlineExceeded, fault.Unavailable, "database_down"},
		{fault.New(fault.Gone, "gone"), fault.Gone, "gone"},
		{state("42601"), fault.Internal, "internal"},
	} {
		got := fault.As(db.Fault(test.err))
		if got.Kind != test.kind || got.Code != test.code {
			t.Errorf("%v: %v %s", test.err, got.Kind, got.Code)
		}
		if got.Kind == fault.Unavailable && got.RetryAfter == 0 {
			t.Errorf("%v: no hint when to come back", test.err)
		}
	}
	if db.Fault(nil) != nil {
		t.Error("nil is not a fault")
	}
}

func TestTxRollsBackAndSavepoints(t *testing.T) {
	tx := dbtest.Tx(t)
	count := func() (n int) {
		if err := tx.Query(ctx, &n, "SELECT count(*) FROM attempts"); err != nil {
			t.Fatal(err)
		}
		return n
	}
	add := func(d *db.DB) error {
		_, err := d.Exec(ctx, "INSERT INTO attempts (kind, subject, at) VALUES ('t', 's', ?)", time.Unix(0, 0))
		return err
	}
	sorry := errors.New("sorry")
	if err := tx.Tx(ctx, func(inner *db.DB) error { return errors.Join(add(inner), sorry) }); !errors.Is(err, sorry) {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d rows survive an error", n)
	}
	// a statement that fails inside does not poison what is outside
	err := tx.Tx(ctx, func(inner *db.DB) error {
		_, err := inner.Exec(ctx, "SELECT 1/0")
		return err
	})
	if err == nil || add(tx) != nil || count() != 1 {
		t.Errorf("after %v: %d rows", err, count())
	}
}

// Two transactions that wait for each other's row: PostgreSQL ends one, Tx runs
// it again, and both go through.
func TestDeadlockIsRetried(t *testing.T) {
	d := dbtest.New(t)
	if _, err := d.Exec(ctx, "INSERT INTO attempts (kind, subject, at) VALUES ('a', '', ?), ('b', '', ?)", time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	var meet sync.WaitGroup
	meet.Add(2)
	cross := func(first, second string) (runs int, err error) {
		err = d.Tx(ctx, func(tx *db.DB) error {
			runs++
			// found before anybody's lock timeout, which would be a 503
			if _, err := tx.Exec(ctx, "SET LOCAL deadlock_timeout = '50ms'; SET LOCAL lock_timeout = '10s'"); err != nil {
				return err
			}
			for i, kind := range []string{first, second} {
				if i == 1 && runs == 1 {
					meet.Done()
					meet.Wait()
				}
				if _, err := tx.Exec(ctx, "UPDATE attempts SET subject = subject || 'x' WHERE kind = ?", kind); err != nil {
					return err
				}
			}
			return nil
		})
		return runs, err
	}
	total := make(chan int, 2)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			runs, err := cross(order[0], order[1])
			if err != nil {
				t.Error(err)
			}
			total <- runs
		}()
	}
	if runs := <-total + <-total; runs != 3 {
		t.Errorf("%d runs, want one retry", runs)
	}
	var done int
	if err := d.Query(ctx, &done, "SELECT count(*) FROM attempts WHERE subject = 'xx'"); err != nil || done != 2 {
		t.Errorf("%d rows updated twice, %v", done, err)
	}
}

func TestValues(t *testing.T) {
	d := dbtest.Tx(t)
	list := db.Strings{`a`, `b "c"`, `d,e`, `\`, ``, `{}`, "ä\nö"}
	var strings db.Strings
	row := struct {
		S db.Strings
		N db.Ints
		J db.JSON[map[string]int]
		B []byte
	}{}
	err := d.Query(ctx, &row, "SELECT CAST(@s AS text[]) AS s, CAST(@n AS bigint[]) AS n, CAST(@j AS jsonb) AS j, CAST(@b AS bytea) AS b",
		map[string]any{"s": list, "n": db.Ints{3, -1, 1 << 40}, "j": db.AsJSON(map[string]int{"x": 1}), "b": db.Bytes{0, 255}})
	if err != nil {
		t.Fatal(err)
	}
	if len(row.S) != len(list) || row.N[2] != 1<<40 || row.J.V["x"] != 1 || len(row.B) != 2 {
		t.Errorf("%+v", row)
	}
	for i := range list {
		if row.S[i] != list[i] {
			t.Errorf("%q came back as %q", list[i], row.S[i])
		}
	}
	if err := d.Query(ctx, &row, "SELECT CAST(@s AS text[]) AS s", map[string]any{"s": strings}); err != nil || len(row.S) != 0 {
		t.Errorf("%v %q", err, row.S)
	}
}

func TestLocksExclude(t *testing.T) {
	d := dbtest.New(t)
	held, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = d.Tx(ctx, func(tx *db.DB) error {
			if err := errors.Join(tx.LockUnit(ctx, 1, false),
				tx.LockAtomsAndDays(ctx, []int{7, 5}, []db.AtomDay{{Atom: 5, Day: 20000}})); err != nil {
				t.Error(err)
			}
			if got, err := tx.TryLockKey(ctx, "k"); !got || err != nil {
				t.Error(got, err)
			}
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	defer close(release)
	attempt := func(lock func(tx *db.DB) error) error {
		return d.Tx(ctx, func(tx *db.DB) error {
			if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '50ms'"); err != nil {
				return err
			}
			return lock(tx)
		})
	}
	for name, test := range map[string]struct {
		lock  func(tx *db.DB) error
		waits bool
	}{
		"unit shared":     {func(tx *db.DB) error { return tx.LockUnit(ctx, 1, false) }, false},
		"unit exclusive":  {func(tx *db.DB) error { return tx.LockUnit(ctx, 1, true) }, true},
		"another unit":    {func(tx *db.DB) error { return tx.LockUnit(ctx, 2, true) }, false},
		"atoms shared":    {func(tx *db.DB) error { return tx.LockAtoms(ctx, []int{5, 7}, false) }, false},
		"atoms exclusive": {func(tx *db.DB) error { return tx.LockAtoms(ctx, []int{7}, true) }, true},
		"same day":        {func(tx *db.DB) error { return tx.LockAtomsAndDays(ctx, nil, []db.AtomDay{{5, 20000}}) }, true},
		"next day":        {func(tx *db.DB) error { return tx.LockAtomsAndDays(ctx, nil, []db.AtomDay{{5, 20001}}) }, false},
		"other atom":      {func(tx *db.DB) error { return tx.LockAtomsAndDays(ctx, nil, []db.AtomDay{{6, 20000}}) }, false},
	} {
		if err := attempt(test.lock); (err != nil) != test.waits || err != nil && fault.Code(err) != "busy" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_ = d.Tx(ctx, func(tx *db.DB) error {
		if got, err := tx.TryLockKey(ctx, "k"); got || err != nil {
			t.Error("a key was locked twice", err)
		}
		return nil
	})
}

func TestOneLeader(t *testing.T) {
	dsn := dbtest.DSN(t)
	a, b := &db.Leader{DSN: dsn}, &db.Leader{DSN: dsn}
	if err := a.IsLeader(ctx); err != nil {
		t.Fatal(err)
	}
	if err := b.IsLeader(ctx); !errors.Is(err, db.ErrNotLeader) {
		t.Errorf("two leaders: %v", err)
	}
	if err := a.IsLeader(ctx); err != nil {
		t.Errorf("the leader forgot: %v", err)
	}
	a.Resign(ctx)
	if err := b.IsLeader(ctx); err != nil {
		t.Errorf("nobody follows: %v", err)
	}
	b.Resign(ctx)
}

func TestUnreachableDatabaseSaysSo(t *testing.T) {
	if _, err := db.Open(ctx, db.Config{URL: "postgres://nobody@127.0.0.1:1/none"}); err == nil {
		t.Error("opened a database that is not there")
	}
	if _, err := db.Open(ctx, db.Config{URL: "://"}); err == nil {
		t.Error("opened a bad address")
	}
}

func TestEachAndTrace(t *testing.T) {
	var asked []string
	var params []any
	d, err := db.Open(ctx, db.Config{URL: dbtest.DSN(t), Trace: func(sql string, p []any) { asked, params = append(asked, sql), p }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	asked = nil
	sum := 0
	add := func(scan func(...any) error) error {
		var n int
		err := scan(&n)
		sum += n
		return err
	}
	if err := d.Each(ctx, add, "SELECT generate_series(1, CAST(? AS int))", 4); err != nil || sum != 10 {
		t.Errorf("the sum is %d: %v", sum, err)
	}
	if len(asked) != 1 || asked[0] != "SELECT generate_series(1, CAST($1 AS int))" || len(params) != 1 {
		t.Errorf("the trace is %q with %v", asked, params)
	}
	if err := d.Each(ctx, add, "SELECT 1 / 0"); err == nil {
		t.Error("a failing statement gives no error")
	}
}
