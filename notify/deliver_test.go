package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

func TestAMailIsSentOnce(t *testing.T) {
	w := newWorld(t)
	w.post("a")
	w.post("a") // the same key is the same mail
	w.deliver(1)
	w.deliver(0)
	w.pass(24 * time.Hour)
	w.deliver(0)
	sent := w.office.messages(t)
	if len(sent) != 1 {
		t.Fatalf("%d mails", len(sent))
	}
	m := sent[0]
	if m.To != "aino@example.org" || m.Language != "fi" || !strings.Contains(m.Subject, "Kokoushuone 2") || !m.Date.Equal(noon) {
		t.Errorf("%+v", m)
	}
	if r := w.row("a"); r.Outcome != "sent" || r.Attempts != 1 || r.Leased || r.LastError != "" {
		t.Errorf("%+v", r)
	}
}

func TestAMailIsNotSentBeforeItIsDue(t *testing.T) {
	w := newWorld(t)
	w.post("later", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Due = noon.Add(10 * time.Second) })
	w.deliver(0)
	w.pass(10 * time.Second)
	w.deliver(1)
}

// Scenario 132: a mail that failed is tried every ten minutes until it expires.
func TestScenario132FailedMailIsRetriedEveryTenMinutesUntilItExpires(t *testing.T) {
	w := newWorld(t)
	w.office.set(func(p *postOffice) { p.down = true })
	w.post("a", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Expires = noon.Add(45 * time.Minute) })
	for try := 1; try <= 5; try++ {
		sent, err := w.worker.Deliver(ctx, 50)
		if sent != 0 || !errors.Is(err, ErrUnreachable) {
			t.Fatalf("try %d: %d %v", try, sent, err)
		}
		if r := w.row("a"); r.Attempts != try || !strings.Contains(r.LastError, "421") || !r.DueAt.Equal(w.clock().Add(10*time.Minute)) || r.Leased {
			t.Fatalf("try %d: %+v", try, r)
		}
		w.pass(9 * time.Minute)
		w.deliver(0) // not before ten minutes are over
		w.pass(time.Minute)
	}
	w.deliver(0) // 50 minutes: expired
	if r := w.row("a"); r.Outcome != "expired" || !r.Done || r.Attempts != 6 {
		t.Errorf("%+v", r)
	}
	w.office.set(func(p *postOffice) { p.down = false })
	w.pass(time.Hour)
	w.deliver(0)
}

func TestAMailGetsThroughOnceTheServerIsBack(t *testing.T) {
	w := newWorld(t)
	w.office.set(func(p *postOffice) { p.down = true })
	w.post("a")
	w.post("b")
	if sent, err := w.worker.Deliver(ctx, 50); sent != 0 || !errors.Is(err, ErrUnreachable) {
		t.Fatal(sent, err)
	}
	if a, b := w.row("a"), w.row("b"); a.Attempts+b.Attempts != 1 {
		t.Errorf("an unreachable server should end the batch: %+v %+v", a, b)
	}
	w.office.set(func(p *postOffice) { p.down = false })
	w.pass(10 * time.Minute)
	w.deliver(2)
	if sent := w.office.messages(t); sent[0].ID == sent[1].ID {
		t.Error("two mails under one Message-ID")
	}
}

// One mail that a server will not take does not stand in the way of others, and
// the error that travels up names nobody.
func TestOneRefusedMailDoesNotStopTheRest(t *testing.T) {
	w := newWorld(t)
	w.office.set(func(p *postOffice) { p.refuse = "gone" })
	w.post("gone", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Recipient = "gone@example.org" })
	w.post("topic", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Topic = "reservation.danced" })
	w.post("address", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Recipient = "x@example.org\r\nBcc: y@example.org" })
	w.post("empty", func(_ *ledger.Mail, f *ledger.ReservationFacts) { *f = ledger.ReservationFacts{} })
	w.post("fine")
	sent, err := w.worker.Deliver(ctx, 50)
	if sent != 1 || err == nil || strings.Contains(err.Error(), "gone@") {
		t.Fatalf("sent %d, %v", sent, err)
	}
	for key, want := range map[string]string{"gone": "550", "topic": "reservation.danced", "address": "not a plain address", "empty": "no number or time"} {
		if r := w.row(key); r.Done || !strings.Contains(r.LastError, want) {
			t.Errorf("%s: %+v", key, r)
		}
	}
}

func TestAMailThatNoLongerHoldsIsSuperseded(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"another state": func(w *world) { w.setState("cancelled") },
		"another time": func(w *world) {
			_, err := w.db.Exec(ctx, "UPDATE reservations SET begin_at = begin_at + interval '1 hour', end_at = end_at + interval '1 hour'")
			w.must(err)
		},
		"nobody came": func(w *world) {
			_, err := w.db.Exec(ctx, "UPDATE reservations SET no_show = true, occupies = false")
			w.must(err)
		},
		"removed": func(w *world) {
			_, err := w.db.Exec(ctx, "DELETE FROM reservations")
			w.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.post("a")
			change(w)
			w.deliver(0)
			if r := w.row("a"); r.Outcome != "superseded" || !r.Done || len(w.office.received()) != 0 {
				t.Errorf("%+v, %d sent", r, len(w.office.received()))
			}
		})
	}
	t.Run("only the revision is newer", func(t *testing.T) {
		w := newWorld(t)
		w.post("a")
		_, err := w.db.Exec(ctx, "UPDATE reservations SET revision = 7, title = 'new'")
		w.must(err)
		w.deliver(1)
	})
}

// A worker that dies between sending and marking sends again after its lease,
// under the same Message-ID; a live one is not disturbed before that.
func TestACrashAfterSendingRepeatsTheSameMessageID(t *testing.T) {
	w := newWorld(t)
	w.post("a")
	m, err := w.worker.claim(ctx)
	w.must(err)
	if outcome, err := w.worker.deliver(ctx, m); outcome != outcomeSent || err != nil {
		t.Fatal(outcome, err)
	}
	// the crash: nothing is marked
	w.deliver(0)
	w.pass(lease)
	w.deliver(1)
	sent := w.office.messages(t)
	if len(sent) != 2 || sent[0].ID != sent[1].ID || sent[0].Text != sent[1].Text {
		t.Fatalf("%d sent", len(sent))
	}
	if !strings.HasSuffix(sent[0].ID, "@town.example") {
		t.Error(sent[0].ID)
	}
}

func TestWorkersSideBySideSendEachMailOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.post(fmt.Sprint(i))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := w.worker.Deliver(ctx, 40); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	ids := map[string]bool{}
	sent := w.office.messages(t)
	for _, m := range sent {
		ids[m.ID] = true
	}
	if len(sent) != 40 || len(ids) != 40 {
		t.Errorf("%d mails, %d Message-IDs", len(sent), len(ids))
	}
}

// Nothing is locked while a server thinks: the same mail's row can be read and
// other mails be posted.
func TestNothingIsLockedWhileSending(t *testing.T) {
	w := newWorld(t)
	w.office.set(func(p *postOffice) {
		p.onData = func() error {
			return w.db.Tx(ctx, func(tx *db.DB) error {
				_, err := tx.Exec(ctx, "UPDATE outbox SET attempts = attempts")
				return err
			})
		}
	})
	w.post("a")
	w.deliver(1)
}

func TestAStopWhileSendingGivesTheMailBackAtOnce(t *testing.T) {
	w := newWorld(t)
	w.post("a")
	w.post("b")
	stopping, stop := context.WithCancel(ctx)
	w.office.set(func(p *postOffice) {
		p.onData = func() error { stop(); return errors.New("closing") }
	})
	if sent, err := w.worker.Deliver(stopping, 50); sent != 0 || err == nil {
		t.Fatal(sent, err)
	}
	if a := w.row("a"); a.Leased || a.Done || !a.DueAt.Equal(noon) {
		t.Errorf("%+v", a)
	}
	w.office.set(func(p *postOffice) { p.onData = nil })
	w.deliver(2)
}

func TestASignInLinkIsMadeOnlyForItsMail(t *testing.T) {
	w := newWorld(t)
	id := uuid.Must(uuid.NewV7())
	w.postLink(id)
	w.deliver(1)
	token := w.worker.Secrets.SignID(ledger.ForSignIn, id)
	if text := w.office.messages(t)[0].Text; !strings.Contains(text, "\nhttps://vuoro.example/sign-in/"+token+"\n") {
		t.Errorf("the link has no line of its own:\n%s", text)
	}
	var rows int
	w.must(w.db.Query(ctx, &rows, "SELECT count(*) FROM outbox WHERE outbox::text LIKE ?", "%"+token+"%"))
	if rows != 0 {
		t.Error("the outbox holds the secret address")
	}
}

func TestDoneMailsAreRemovedAfterNinetyDays(t *testing.T) {
	w := newWorld(t)
	w.post("done")
	w.deliver(1)
	w.post("waiting", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Due = noon.AddDate(1, 0, 0) })
	for _, c := range []struct {
		after time.Duration
		want  int64
	}{{89 * 24 * time.Hour, 0}, {2 * 24 * time.Hour, 1}, {0, 0}} {
		w.pass(c.after)
		if n, err := w.worker.Tidy(ctx); err != nil || n != c.want {
			t.Errorf("%d removed (%v), want %d", n, err, c.want)
		}
	}
}

func TestTheDemoMailboxKeepsEachMailOnce(t *testing.T) {
	w := newWorld(t)
	box := Mailbox{DB: w.db}
	w.worker.Transport = box
	w.post("a")
	w.post("b", func(m *ledger.Mail, _ *ledger.ReservationFacts) { m.Language = "en" })
	w.deliver(2)
	list, err := box.List(ctx, 10)
	if err != nil || len(list) != 2 || !strings.HasPrefix(list[0].Subject, "Booking confirmed") || !list[0].SentAt.Equal(noon) {
		t.Fatalf("%+v %v", list, err)
	}
	w.must(box.Send(ctx, Message{ID: list[0].MessageID, To: "x@example.org", Subject: "again", Text: "again", Date: noon}))
	if one, err := box.Get(ctx, list[0].ID); err != nil || one != list[0] {
		t.Errorf("%+v %v", one, err)
	}
	if _, err := box.Get(ctx, 999999); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if short, err := box.List(ctx, 1); err != nil || len(short) != 1 {
		t.Errorf("%+v %v", short, err)
	}
}
