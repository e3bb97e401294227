package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// track is where the races are run: the town behind a listener, with a hall of
// two courts and a hall whose requests compete.
type track struct {
	*town
	t        *testing.T
	address  string
	tokens   map[string]string
	round    int
	answered map[int]int // by status, over all rounds
}

func newTrack(t *testing.T) *track {
	w := &track{town: newTown(t, patient), t: t, tokens: map[string]string{}, answered: map[int]int{}}
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		from, competes := w.clock.AddDate(-5, 0, 0), true
		if _, err := w.Resources.AddRuleBook(ctx, tx, resources.RuleBook{Key: "competing", Version: 1, State: "live", ValidFrom: &from, Rules: db.AsJSON(
			policies.Rules{Version: 1, Rules: []policies.Rule{{ID: "all", Effects: policies.Effects{Verdict: policies.Approval, Price: "free", Competes: &competes}}}})}); err != nil {
			return err
		}
		if err := w.town.room(tx, w.Resources, "iso", "talo", "open"); err != nil {
			return err
		}
		if err := w.town.room(tx, w.Resources, "kilpa", "talo", "competing"); err != nil {
			return err
		}
		return w.part(tx, "iso", "lohko")
	}))
	for _, name := range []string{"resident", "member", "admin", "other"} {
		w.tokens[name] = w.who[name].token("read", "book")
	}
	w.tokens["manager"] = w.who["manager"].token("read", "book", "work")
	address, stop := w.listen()
	w.address = address
	t.Cleanup(stop)
	return w
}

// part adds a room that is a part of another.
func (w *track) part(tx *db.DB, of, slug string) error {
	tree, err := w.Resources.Tree(ctx, tx, w.units["talo"].ID)
	if err != nil {
		return err
	}
	whole := slices.IndexFunc(tree.Spaces, func(s resources.Space) bool { return s.Name.Fi == of })
	space, err := w.Resources.AddSpace(ctx, tx, resources.Space{Unit: tree.Spaces[whole].Unit, Parent: &tree.Spaces[whole].ID, Name: all(slug)})
	if err != nil {
		return err
	}
	r := w.rooms[of]
	r.Slug, r.Name, r.UID = slug, all(slug), booking.Reservation{}.UID
	w.rooms[slug], err = w.Resources.AddResource(ctx, tx, r, []resources.Part{{Space: &space.ID, Count: 1}})
	return err
}

// entrant is one request of a race.
type entrant struct {
	who, path string
	body      map[string]any
	revision  int // 0 = no If-Match
}

// hour is a time of the round's own day.
func (w *track) hour(n int) map[string]any {
	begin := w.at("2026-12-01 08:00").AddDate(0, 0, w.round).Add(time.Duration(n) * time.Hour)
	return map[string]any{"begin": begin.Format(time.RFC3339), "end": begin.Add(time.Hour).Format(time.RFC3339)}
}

// asks is a booking of a room in the round's n-th hour.
func (w *track) asks(who, room string, n int, more ...any) entrant {
	body := w.hour(n)
	body["resource"], body["title"], body["persons"] = w.rooms[room].UID.String(), "Kisa", 5
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return entrant{who, "/reservations", body, 0}
}

func (w *track) moves(r reservationView, who string, n int) entrant {
	return entrant{who, "/reservations/" + r.Number + "/move", w.hour(n), r.Revision}
}

// made is a reservation before the race.
func (w *track) made(e entrant) reservationView {
	w.t.Helper()
	status, text := w.send(e)
	if status != http.StatusCreated {
		w.t.Fatalf("%s %s: %d %s", e.who, e.path, status, text)
	}
	var r reservationView
	w.must(json.Unmarshal(text, &r))
	return r
}

func (w *track) send(e entrant) (int, []byte) {
	raw, err := json.Marshal(e.body)
	if err != nil {
		return 0, []byte(err.Error())
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+w.address+"/api/v1"+e.path, bytes.NewReader(raw))
	if err != nil {
		return 0, []byte(err.Error())
	}
	req.Header.Set("Authorization", "Bearer "+w.tokens[e.who])
	req.Header.Set("Content-Type", "application/json")
	if e.revision > 0 {
		req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(e.revision)))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, []byte(err.Error())
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, []byte(err.Error())
	}
	return res.StatusCode, text
}

// race lets all go at once and wants so many winners; everybody else met a
// conflict or a newer revision.
func (w *track) race(winners int, entrants ...entrant) {
	w.t.Helper()
	start := make(chan struct{})
	status, texts := make([]int, len(entrants)), make([][]byte, len(entrants))
	var all sync.WaitGroup
	for i, e := range entrants {
		all.Go(func() {
			<-start
			status[i], texts[i] = w.send(e)
		})
	}
	close(start)
	all.Wait()
	won := 0
	for i, code := range status {
		w.answered[code]++
		switch code {
		case http.StatusOK, http.StatusCreated:
			won++
		case http.StatusConflict, http.StatusPreconditionFailed:
		default:
			w.t.Fatalf("round %d: %s %s: %d %s", w.round, entrants[i].who, entrants[i].path, code, texts[i])
		}
	}
	if won != winners {
		w.t.Fatalf("round %d: %d winners of %d, want %d", w.round, won, len(entrants), winners)
	}
}

// races are what people do to each other at one and the same moment.
var races = map[string]func(w *track){
	"parent against part": func(w *track) {
		w.race(1, w.asks("resident", "iso", 0), w.asks("member", "lohko", 0), w.asks("admin", "iso", 0), w.asks("other", "lohko", 0))
	},
	"approve against book": func(w *track) {
		var entrants []entrant
		for _, who := range []string{"resident", "member", "admin"} {
			r := w.made(w.asks(who, "kilpa", 0))
			entrants = append(entrants, entrant{"manager", "/reservations/" + r.Number + "/approve", map[string]any{}, r.Revision})
		}
		for range 2 {
			entrants = append(entrants, w.asks("manager", "kilpa", 0, "kind", "staff", "reason", "sovittu"))
		}
		w.race(1, entrants...)
	},
	"approve one request twice": func(w *track) {
		r := w.made(w.asks("resident", "sali", 0))
		approve := entrant{"manager", "/reservations/" + r.Number + "/approve", map[string]any{}, r.Revision}
		deny := entrant{"manager", "/reservations/" + r.Number + "/deny", map[string]any{"reason": "ei"}, r.Revision}
		withdraw := entrant{"resident", "/reservations/" + r.Number + "/withdraw", map[string]any{"reason_code": "other"}, r.Revision}
		w.race(1, approve, approve, deny, withdraw)
	},
	"move against book": func(w *track) {
		r := w.made(w.asks("resident", "kokous", 0))
		w.race(1, w.moves(r, "resident", 3), w.asks("member", "kokous", 3), w.asks("other", "kokous", 3))
	},
	"move against move": func(w *track) {
		a, b := w.made(w.asks("resident", "kokous", 0)), w.made(w.asks("member", "kokous", 1))
		w.race(1, w.moves(a, "resident", 4), w.moves(b, "member", 4))
	},
	"move to and fro": func(w *track) {
		r := w.made(w.asks("resident", "kokous", 0))
		w.race(1, w.moves(r, "resident", 2), w.moves(r, "resident", 4), w.moves(r, "manager", 6))
	},
	"swap": func(w *track) { // each would have to go first
		a, b := w.made(w.asks("resident", "kokous", 0)), w.made(w.asks("member", "kokous", 1))
		w.race(0, w.moves(a, "resident", 1), w.moves(b, "member", 0))
	},
	"close against book": func(w *track) {
		closing := w.hour(0)
		closing["resources"], closing["title"] = []string{w.rooms["iso"].UID.String(), w.rooms["kokous"].UID.String()}, "Huolto"
		w.race(1, entrant{"manager", "/closures", closing, 0}, w.asks("resident", "lohko", 0), w.asks("member", "lohko", 0))
	},
	"two repair towards one slot": func(w *track) { // both were refused and offered the same alternative
		w.made(w.asks("admin", "kokous", 0))
		var slot struct {
			Alternatives []struct{ Begin, End time.Time } `json:"alternatives"`
		}
		status, text := w.send(w.asks("resident", "kokous", 0))
		w.must(json.Unmarshal(text, &slot))
		if status != http.StatusConflict || len(slot.Alternatives) == 0 {
			w.t.Fatalf("%d %s", status, text)
		}
		instead := []any{"begin", slot.Alternatives[0].Begin, "end", slot.Alternatives[0].End}
		w.race(1, w.asks("resident", "kokous", 0, instead...), w.asks("member", "kokous", 0, instead...))
	},
}

// TestRacesHaveOneWinner: whoever meets whom at the same moment, one has it, the
// others are told so, nobody waits in a circle and nothing breaks.
func TestRacesHaveOneWinner(t *testing.T) {
	rounds := 5
	if os.Getenv("FULL") != "" {
		rounds = 60
	}
	w := newTrack(t)
	for name, race := range races {
		t.Run(name, func(t *testing.T) {
			w.t = t
			for range rounds {
				w.round++
				race(w)
			}
		})
	}
	w.t = t
	t.Logf("answers by status: %v", w.answered)
	if n := w.count(`SELECT count(*) FROM occupancies a JOIN occupancies b ON a.unit = b.unit AND a.atom = b.atom
		AND a.reservation < b.reservation AND a.side <> b.side AND a.during && b.during`); n != 0 {
		t.Errorf("%d double bookings", n)
	}
	time.Sleep(1100 * time.Millisecond) // the server's statistics are a second late
	if n := w.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
		t.Errorf("%d deadlocks", n)
	}
}
