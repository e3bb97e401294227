package booking_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/db/dbtest"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/policies"
	"vuoro/resources"
)

// spoilt is a world whose database is reached through a proxy. What prepares
// and what looks at the result goes straight to the database.
type spoilt struct {
	*world               // through the proxy
	direct        *world // the same, straight
	proxy         *dbtest.Proxy
	aino, manager accounts.Actor
	turn          int // of the use case; each has a day of its own
}

// newSpoilt has the rooms of every use case: under each rule book, and one with
// a pool.
func newSpoilt(t *testing.T) *spoilt {
	dsn := dbtest.DSN(t)
	w := newWorldOn(t, dsn)
	w.Resources.Reseat = w.Reseat
	s := &spoilt{direct: w, proxy: dbtest.NewProxy(t, dsn)}
	w.room("avoin", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 30 })
	w.room("muu", []string{"b"}, nil)
	w.room("kilpa", []string{"c"}, func(r *resources.Resource) { r.RuleBook = "competing" })
	w.room("lupa", []string{"d"}, func(r *resources.Resource) { r.RuleBook = "approval" })
	w.device("kamera", 2, "kamera")
	w.seriesRoom("kuoro", []string{"kuoro"}, nil)
	s.aino, s.manager = w.person("aino"), w.manager()
	d, err := db.Open(ctx, dbtest.Patient(s.proxy.DSN()))
	w.must(err)
	t.Cleanup(d.Close)
	through := *w
	through.Service = &booking.Service{
		DB: d, Resources: &resources.Service{DB: d, Now: w.Now, Zone: helsinki}, Secrets: w.Secrets, Now: w.Now, Zone: helsinki,
		BaseURL: w.BaseURL, HoldsPerAddress: 100000,
	}
	through.Resources.Reseat = through.Reseat
	s.world = &through
	w.HoldsPerAddress = 100000
	return s
}

// day is the turn's own: nothing of another turn is on it.
func (s *spoilt) day(hour int) booking.Times {
	begin := at("2026-11-24 00:00").In(helsinki).AddDate(0, 0, s.turn)
	begin = time.Date(begin.Year(), begin.Month(), begin.Day(), hour, 0, 0, 0, helsinki).UTC()
	return booking.Times{Begin: begin, End: begin.Add(time.Hour)}
}

func (s *spoilt) request(room string, hour int) booking.Request {
	return booking.Request{
		Resource: s.rooms[room].UID, Times: s.day(hour), Form: policies.Form{Title: "Kerho", TermsAccepted: true},
		Key: ledger.Key{Actor: "aino", Route: "POST /reservations", Key: fmt.Sprint("turn ", s.turn)},
	}
}

// has makes what a use case begins with.
func (s *spoilt) has(room string, hour int) booking.Reservation {
	req := s.request(room, hour)
	req.Key = ledger.Key{}
	r, err := s.direct.Book(ctx, s.aino, req)
	s.direct.must(err)
	return r
}

// useCase is something that is done once, whatever happens. prepare gives the
// call, which can be repeated; again is how a repetition is answered after the
// first was done: the code of a conflict, or "" where a key makes it the same.
type useCase struct {
	name    string
	prepare func(s *spoilt) func() (result string, err error)
	again   string
}

// weekly is a series of three dates that no other turn has.
func (s *spoilt) weekly() booking.SeriesRequest {
	req := s.direct.series("kuoro", "2026-12-01 18:00-18:30", "FREQ=DAILY;COUNT=3")
	req.First = req.First.AddDays(6 * (s.turn % 100))
	req.Span.From, req.Span.To = req.Span.From-calendar.Minute(30*(s.turn/100)), req.Span.To-calendar.Minute(30*(s.turn/100))
	req.Key = s.request("kuoro", 18).Key
	return req
}

func number(r booking.Reservation, err error) (string, error) { return r.Number, err }

var useCases = []useCase{
	{"book", func(s *spoilt) func() (string, error) {
		return func() (string, error) { return number(s.Book(ctx, s.aino, s.request("avoin", 12))) }
	}, ""},
	{"book re-packs", func(s *spoilt) func() (string, error) {
		s.has("kamera", 10)
		s.has("kamera", 13)
		long := s.request("kamera", 11)
		long.Begin, long.Key = long.Begin.Add(-30*time.Minute), ledger.Key{}
		_, err := s.direct.Book(ctx, s.aino, long)
		s.direct.must(err)
		return func() (string, error) {
			req := s.request("kamera", 11)
			req.End = req.End.Add(90 * time.Minute)
			return number(s.Book(ctx, s.aino, req))
		}
	}, ""},
	{"book a hold", func(s *spoilt) func() (string, error) {
		held, err := s.direct.Hold(ctx, s.aino, s.rooms["avoin"].UID, s.day(12))
		s.direct.must(err)
		req := s.request("avoin", 12)
		req.Hold = held.Number
		return func() (string, error) { return number(s.Book(ctx, s.aino, req)) }
	}, ""},
	{"ask", func(s *spoilt) func() (string, error) {
		return func() (string, error) { return number(s.Book(ctx, s.aino, s.request("lupa", 12))) }
	}, ""},
	{"hold", func(s *spoilt) func() (string, error) {
		return func() (string, error) {
			_, err := s.Hold(ctx, s.aino, s.rooms["avoin"].UID, s.day(12))
			return "held", err // another hold of the same time takes the first one's place
		}
	}, ""},
	{"extend", func(s *spoilt) func() (string, error) {
		held, err := s.direct.Hold(ctx, s.aino, s.rooms["avoin"].UID, s.day(12))
		s.direct.must(err)
		s.direct.clock = s.direct.clock.Add(time.Minute)
		return func() (string, error) { return number(s.ExtendHold(ctx, s.aino, held.Number)) }
	}, "booking.extended_already"},
	{"release", func(s *spoilt) func() (string, error) {
		held, err := s.direct.Hold(ctx, s.aino, s.rooms["avoin"].UID, s.day(12))
		s.direct.must(err)
		return func() (string, error) { return held.Number, s.Release(ctx, s.aino, held.Number) }
	}, "booking.not_found"},
	{"move", func(s *spoilt) func() (string, error) {
		r := s.has("avoin", 12)
		return func() (string, error) {
			return number(s.Move(ctx, s.aino, booking.Change{Ref: r.Number, Revision: r.Revision, Resource: s.rooms["muu"].UID}, s.day(13)))
		}
	}, "stale"},
	{"cancel", func(s *spoilt) func() (string, error) {
		r := s.has("avoin", 12)
		return func() (string, error) {
			return number(s.Cancel(ctx, s.aino, booking.Change{Ref: r.Number, ReasonCode: "plans_changed"}))
		}
	}, "booking.already_decided"},
	{"approve", func(s *spoilt) func() (string, error) {
		r := s.has("kilpa", 12)
		return func() (string, error) { return number(s.Approve(ctx, s.manager, booking.Change{Ref: r.Number})) }
	}, "booking.already_decided"},
	{"deny", func(s *spoilt) func() (string, error) {
		r := s.has("avoin", 12)
		return func() (string, error) {
			return number(s.Deny(ctx, s.manager, booking.Change{Ref: r.Number, ReasonText: "remontti"}))
		}
	}, "booking.already_decided"},
	{"return", func(s *spoilt) func() (string, error) {
		r := s.has("lupa", 12)
		_, err := s.direct.Deny(ctx, s.manager, booking.Change{Ref: r.Number, ReasonText: "remontti"})
		s.direct.must(err)
		return func() (string, error) { return number(s.Return(ctx, s.manager, booking.Change{Ref: r.Number})) }
	}, "booking.already_decided"},
	{"close", func(s *spoilt) func() (string, error) {
		s.has("avoin", 12)
		return func() (string, error) {
			report, err := s.Close(ctx, s.manager, booking.Closing{
				Resources: []uuid.UUID{s.rooms["avoin"].UID, s.rooms["muu"].UID}, Times: []booking.Times{s.day(12), s.day(14)},
				Title: "Remontti", OnHit: booking.DenyHits, DenyReason: "remontti", Key: s.request("avoin", 12).Key,
			})
			numbers := ""
			for _, r := range report.Closed {
				numbers += " " + r.Number
			}
			return numbers, err
		}
	}, ""},
	{"book a series", func(s *spoilt) func() (string, error) {
		return func() (string, error) {
			made, err := s.BookSeries(ctx, s.aino, s.weekly())
			return made.Series.Number, err
		}
	}, ""},
	{"cancel a series", func(s *spoilt) func() (string, error) {
		made := s.direct.mustSeries(s.aino, s.weekly())
		return func() (string, error) {
			_, err := s.CancelSeries(ctx, s.aino, booking.SeriesChange{Ref: made.Series.Number, ReasonCode: "plans_changed"})
			return made.Series.Number, err
		}
	}, "series.nothing_to_change"},
	{"edit a series", func(s *spoilt) func() (string, error) {
		made := s.direct.mustSeries(s.aino, s.weekly())
		later := made.Series.Plan().Span
		later.From, later.To = later.From+60, later.To+60
		return func() (string, error) {
			_, err := s.EditSeries(ctx, s.aino, booking.SeriesEdit{Ref: made.Series.Number, Revision: made.Series.Revision, Span: &later})
			return made.Series.Number, err
		}
	}, "stale"},
	{"add a date", func(s *spoilt) func() (string, error) {
		made := s.direct.mustSeries(s.aino, s.weekly())
		date := made.Series.FirstDate.AddDays(4)
		return func() (string, error) {
			key := s.request("kuoro", 18).Key
			key.Route = "POST /dates"
			return number(s.AddDate(ctx, s.aino, made.Series.Number, booking.SeriesAdd{Date: date, Key: key}))
		}
	}, ""},
	{"split a space", func(s *spoilt) func() (string, error) {
		room := fmt.Sprint("jaettava-", s.turn)
		s.direct.room(room, []string{room}, nil)
		r, id := s.has(room, 12), s.space[room]
		return func() (string, error) {
			return r.Number, s.DB.Tx(ctx, func(tx *db.DB) error {
				_, err := s.Resources.AddSpace(ctx, tx, resources.Space{Unit: s.unit.ID, Parent: &id, Name: text("Osa"), ExternalRef: room})
				return err
			})
		}
	}, "duplicate"},
}

// state counts all that a use case may write.
func (s *spoilt) state() string {
	var text string
	s.direct.must(s.direct.DB.Query(ctx, &text, `SELECT concat_ws(' ',
		(SELECT count(*) FROM reservations), (SELECT coalesce(sum(revision), 0) FROM reservations), (SELECT string_agg(n::text || state, ',') FROM
			(SELECT state, count(*) AS n FROM reservations GROUP BY state ORDER BY state) s),
		(SELECT count(*) FROM occupancies), (SELECT count(*) FROM outbox), (SELECT count(*) FROM change_log),
		(SELECT count(*) FROM audit), (SELECT count(*) FROM idempotency_keys), (SELECT count(*) FROM spaces),
		(SELECT count(*) FROM series), (SELECT coalesce(sum(revision), 0) FROM series), (SELECT count(*) FROM rejected_dates))`))
	return text
}

// TestAnyStatementMayFail fails each statement of each use case in each way: the
// server says no, the connection is gone before it, or after it. Whatever the
// caller is told, all is done or nothing, and asking again does it once.
func TestAnyStatementMayFail(t *testing.T) {
	s := newSpoilt(t)
	faults := []dbtest.Fault{"53100", "40P01", dbtest.Drop, dbtest.Lose}
	for _, use := range useCases {
		t.Run(use.name, func(t *testing.T) {
			s.direct.t = t
			statements := s.statements(use)
			for n := 1; n <= statements; n++ {
				for i, how := range faults {
					if os.Getenv("FULL") == "" && n < statements && (n%3 > 0 || n/3%len(faults) != i) {
						continue // the last one is the commit, or comes after it
					}
					s.turn++
					s.spoil(t, use, n, how)
				}
			}
			for _, wrong := range s.direct.violations() {
				t.Error(wrong)
			}
		})
	}
}

// statements counts those of a use case whose places are known already.
func (s *spoilt) statements(use useCase) (n int) {
	for range 2 {
		s.turn++
		call := use.prepare(s)
		s.proxy.Spoil(0, "")
		_, err := call()
		s.direct.must(err)
		n = s.proxy.Seen().Statements
	}
	return n
}

func (s *spoilt) spoil(t *testing.T, use useCase, n int, how dbtest.Fault) {
	t.Helper()
	call := use.prepare(s)
	before := s.state()
	s.proxy.Spoil(n, how)
	first, err := call()
	if err != nil {
		first = ""
	}
	seen := s.proxy.Seen()
	s.proxy.Spoil(0, "")
	after := s.state()
	told := fmt.Sprintf("statement %d, %s: %q, %v", n, how, first, err)
	unknown := seen.Commit && (how == dbtest.Drop || how == dbtest.Lose)
	switch {
	case !seen.Spoilt:
		t.Fatalf("%s: there is no such statement", told)
	case seen.Commits > 0 && (err != nil || after == before):
		t.Fatalf("%s: it was done already", told)
	case seen.Commits > 0: // what comes after the commit may fail: a job does it again
	case err == nil && (unknown || how == "53100"):
		t.Fatalf("%s: want an error", told)
	case err != nil && !unknown && how != "53100":
		t.Fatalf("%s: want it to be run again", told)
	case err != nil && !fault.Is(err, fault.Unavailable):
		t.Fatalf("%s: want Unavailable", told)
	case err == nil && after == before:
		t.Fatalf("%s: nothing was written", told)
	case err != nil && after != before && !(seen.Commit && how == dbtest.Lose):
		t.Fatalf("%s: something half-made stays: %s, before it was %s", told, after, before)
	}
	again, err := call()
	for tries := 0; fault.Code(err) == "idempotency.in_progress" && tries < 200; tries++ {
		time.Sleep(10 * time.Millisecond) // the server has not noticed yet that nobody is there any more
		again, err = call()
	}
	done := s.state()
	switch {
	case after != before && use.again != "":
		if fault.Code(err) != use.again || done != after {
			t.Fatalf("%s: asked again: %q, %v; %s, before it was %s", told, again, err, done, after)
		}
	case err != nil:
		t.Fatalf("%s: asked again: %v", told, err)
	case first != "" && first != again:
		t.Fatalf("%s: asked again: %q", told, again)
	case after != before && done != after && use.name != "hold":
		t.Fatalf("%s: asked again it was done twice: %s, before it was %s", told, done, after)
	case done == before:
		t.Fatalf("%s: asked again nothing was written", told)
	}
}
