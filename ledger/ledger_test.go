package ledger_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 23, 10, 0, 0, 123456000, time.UTC)
)

func TestAuditIsGaplessUnderConcurrency(t *testing.T) {
	d := dbtest.New(t)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			err := d.Tx(ctx, func(tx *db.DB) error {
				err := ledger.Append(ctx, tx, ledger.Entry{Stream: 7, At: noon, Actor: "system", Action: "test", Object: "o|ä", Values: map[string]int{"i": i}})
				if i%4 == 0 {
					return errors.Join(err, errors.New("rolled back"))
				}
				return err
			})
			if i%4 != 0 && err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, err := ledger.Verify(ctx, d, 7); n != 30 || err != nil {
		t.Errorf("%d entries, %v", n, err)
	}
}

func TestVerifyNamesTheFirstBadEntry(t *testing.T) {
	for name, spoil := range map[string]string{
		"action": "UPDATE audit SET action = 'x' WHERE number = 2",
		"values": "UPDATE audit SET values = '{}' WHERE number = 2",
		"number": "UPDATE audit SET number = 9 WHERE number = 2",
		"time":   "UPDATE audit SET at = at + interval '1 second' WHERE number = 2",
	} {
		t.Run(name, func(t *testing.T) {
			tx := dbtest.Tx(t)
			for i := range 3 {
				entry := ledger.Entry{At: noon, Actor: "system", Action: "test", Object: "o", Values: i}
				if err := ledger.Append(ctx, tx, entry); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := tx.Exec(ctx, spoil); err != nil {
				t.Fatal(err)
			}
			if n, err := ledger.Verify(ctx, tx, 0); n != 1 || err == nil {
				t.Errorf("%d entries hold, %v", n, err)
			}
		})
	}
}

func TestAuditAndChangeLogAreAppendOnly(t *testing.T) {
	tx := dbtest.Tx(t)
	if err := ledger.Append(ctx, tx, ledger.Entry{At: noon, Actor: "system", Action: "test", Object: "o"}); err != nil {
		t.Fatal(err)
	}
	err := ledger.Record(ctx, tx, ledger.Change{At: noon, Unit: 1, Resource: 1, Reservation: 1000, After: &ledger.Hours{State: "confirmed"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"DELETE FROM audit", "DELETE FROM change_log", "UPDATE change_log SET unit = 2"} {
		err := tx.Tx(ctx, func(inner *db.DB) error { _, err := inner.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

func TestOnce(t *testing.T) {
	d := dbtest.New(t)
	key := ledger.Key{Actor: "a", Route: "r", Key: "k", Request: []byte("one")}
	once := func(key ledger.Key, result error) (out ledger.Outcome, replayed bool, err error) {
		err = d.Tx(ctx, func(tx *db.DB) (err error) {
			out, replayed, err = ledger.Once(ctx, tx, key, noon, func() (ledger.Outcome, error) {
				return ledger.Outcome{Status: 201, Result: "first"}, result
			})
			return err
		})
		return out, replayed, err
	}
	if _, _, err := once(key, errors.New("refused")); err == nil {
		t.Fatal("no error")
	}
	if out, replayed, err := once(key, nil); replayed || err != nil || out.Result != "first" {
		t.Errorf("after a refusal: %v %v %v", out, replayed, err)
	}
	if out, replayed, err := once(key, errors.New("must not run")); !replayed || err != nil || out.Status != 201 {
		t.Errorf("replay: %v %v %v", out, replayed, err)
	}
	other := key
	other.Request = []byte("two")
	if _, _, err := once(other, nil); fault.Code(err) != "idempotency.reused" {
		t.Errorf("another request: %v", err)
	}
	other.Actor = "b"
	if _, replayed, err := once(other, nil); replayed || err != nil {
		t.Errorf("another actor: %v %v", replayed, err)
	}
	if _, replayed, err := once(ledger.Key{}, nil); replayed || err != nil {
		t.Errorf("no key: %v %v", replayed, err)
	}
	if n, err := ledger.Forget(ctx, d, noon.Add(time.Second)); n != 2 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
}

func TestKeyInProgress(t *testing.T) {
	d := dbtest.New(t)
	key := ledger.Key{Actor: "a", Route: "r", Key: "k"}
	inside, leave := make(chan struct{}), make(chan struct{})
	go func() {
		_ = d.Tx(ctx, func(tx *db.DB) error {
			_, _, err := ledger.Once(ctx, tx, key, noon, func() (ledger.Outcome, error) {
				close(inside)
				<-leave
				return ledger.Outcome{}, nil
			})
			return err
		})
	}()
	<-inside
	err := d.Tx(ctx, func(tx *db.DB) error {
		_, _, err := ledger.Once(ctx, tx, key, noon, func() (ledger.Outcome, error) { return ledger.Outcome{}, nil })
		return err
	})
	close(leave)
	if fault.Code(err) != "idempotency.in_progress" || fault.As(err).RetryAfter == 0 {
		t.Errorf("%v", err)
	}
}

func TestPostOncePerKey(t *testing.T) {
	tx := dbtest.Tx(t)
	for range 2 {
		err := ledger.Post(ctx, tx, ledger.Mail{Topic: "t", Recipient: "a@b.example", Language: "sv", Payload: map[string]int{"n": 1}, DedupKey: "k", At: noon})
		if err != nil {
			t.Fatal(err)
		}
	}
	var row struct {
		N          int
		Due        time.Time
		ExpiresAt  time.Time
		Expiration string
	}
	if err := tx.Query(ctx, &row, "SELECT count(*) AS n, min(due_at) AS due, min(expires_at) AS expires_at FROM outbox"); err != nil {
		t.Fatal(err)
	}
	if row.N != 1 || !row.Due.Equal(noon) || !row.ExpiresAt.Equal(noon.Add(48*time.Hour)) {
		t.Errorf("%+v", row)
	}
}
