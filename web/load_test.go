package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// client calls a listening town with a token.
type client struct {
	t       testing.TB
	address string
	token   string
}

// book comes back when the server asks for it, as clients should.
func (c client) book(body map[string]any) (status int, code string) {
	for range 20 {
		if status, code = c.try(body); status != http.StatusServiceUnavailable {
			break
		}
	}
	return status, code
}

func (c client) try(body map[string]any) (status int, code string) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err.Error()
	}
	req, err := http.NewRequest("POST", "http://"+c.address+"/api/v1/reservations", strings.NewReader(string(raw)))
	if err != nil {
		return 0, err.Error()
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	var p struct{ Code string }
	text, _ := io.ReadAll(res.Body)
	_ = json.Unmarshal(text, &p)
	return res.StatusCode, p.Code
}

// patient is for tests whose machine may be slow: nobody is sent away.
func patient(s *Server) {
	s.Limits.Writes, s.Limits.Wait, s.Limits.Deadline = 8, time.Minute, time.Minute
}

// TestOneWinnerPerSlot lets many clients want the same half hour over HTTP,
// round after round: one gets it, all others are told so.
func TestOneWinnerPerSlot(t *testing.T) {
	const clients, rounds = 30, 8
	w := newTown(t, patient)
	address, stop := w.listen()
	defer stop()
	var tokens []string
	for i := range clients {
		tokens = append(tokens, w.person(fmt.Sprintf("asukas%d", i)).token("book"))
	}
	for round := range rounds {
		begin := w.at("2026-12-01 10:00").Add(time.Duration(round) * 30 * time.Minute)
		body := w.times("kokous", begin.Format("2006-01-02 15:04"), begin.Add(30*time.Minute).Format("2006-01-02 15:04"))
		answers := map[string]int{}
		var mu sync.Mutex
		var wait sync.WaitGroup
		for _, token := range tokens {
			wait.Go(func() {
				status, code := client{t, address, token}.book(body)
				mu.Lock()
				defer mu.Unlock()
				answers[fmt.Sprint(status, " ", code)]++
			})
		}
		wait.Wait()
		if answers["201 "] != 1 || answers["409 booking.overlap"] != clients-1 {
			t.Fatalf("round %d: %v", round, answers)
		}
	}
	if n := w.count("SELECT count(*) FROM reservations"); n != rounds {
		t.Fatalf("%d reservations after %d rounds", n, rounds)
	}
}

// TestTextsOfOneRequestStayItsOwn: buffers of the HTTP layer are used again, so
// what is kept must be copies.
func TestTextsOfOneRequestStayItsOwn(t *testing.T) {
	w := newTown(t, patient)
	address, stop := w.listen()
	defer stop()
	token := w.who["resident"].token("book")
	var wait sync.WaitGroup
	for i := range 100 {
		room := []string{"kokous", "ryhma", "sali", "muu"}[i%4]
		begin := w.at("2026-12-01 08:00").Add(time.Duration(i/4) * 30 * time.Minute)
		body := w.times(room, begin.Format("2006-01-02 15:04"), begin.Add(30*time.Minute).Format("2006-01-02 15:04"), "title", fmt.Sprintf("%s %s", room, begin.UTC().Format("15:04")))
		wait.Go(func() {
			if status, code := (client{t, address, token}).book(body); status != 201 {
				t.Errorf("%d %s", status, code)
			}
		})
	}
	wait.Wait()
	mixed := w.count(`SELECT count(*) FROM reservations r JOIN resources x ON x.id = r.resource
		WHERE r.title <> x.slug || ' ' || to_char(r.begin_at AT TIME ZONE 'UTC', 'HH24:MI')`)
	sent := w.count(`SELECT count(*) FROM outbox o JOIN reservations r ON o.reservation = r.id WHERE o.payload->>'title' = r.title AND o.recipient = 'resident@demo.example'`)
	if mixed != 0 || sent != 100 {
		t.Fatalf("%d reservations have the text of another request; %d of 100 mails have their own", mixed, sent)
	}
}

// TestColumnsAreNotFields sends the name of every column of every table as a
// field of every body that makes something.
func TestColumnsAreNotFields(t *testing.T) {
	w := newTown(t)
	var columns []string
	w.must(w.DB.Query(ctx, &columns, `SELECT DISTINCT column_name::text FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`))
	if len(columns) < 100 {
		t.Fatalf("%d columns", len(columns))
	}
	bodies := map[string]map[string]any{
		"/reservations": w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00"),
		"/closures":     {"resources": []any{w.rooms["kokous"].UID}, "begin": w.at("2026-11-24 12:00"), "end": w.at("2026-11-24 13:00")},
		"/tokens":       {"scopes": []string{"read"}},
		"/feeds":        {"scope": "person"},
	}
	before, tried := w.written(), 0
	for target, body := range bodies {
		for _, column := range columns {
			if _, own := body[column]; own || isField(target, column) {
				continue
			}
			tried++
			extra := map[string]any{column: 1}
			for name, value := range body {
				extra[name] = value
			}
			w.who["manager"].call("POST", target, extra).problem(422, "invalid")
		}
	}
	if tried < 400 || w.written() != before {
		t.Fatalf("%d tries, %d rows more", tried, w.written()-before)
	}
}

// isField: the column is also the name of a field that the body may have.
func isField(target, name string) bool {
	return map[string]map[string]bool{
		"/reservations": {"kind": true, "answers": true, "oldest_age": true, "purpose": true, "reason": true},
		"/closures":     {"title": true, "reason": true},
		"/tokens":       {"name": true},
		"/feeds":        {"name": true, "language": true, "id": true},
	}[target][name]
}
