package main

import (
	"net/http"
	"testing"
	"time"

	"vuoro/db/dbtest"
)

// TestPeopleOfTheDemoTownThroughTheAPI goes the way of a request as a script
// would: the demo's people, their tokens, JSON.
func TestPeopleOfTheDemoTownThroughTheAPI(t *testing.T) {
	w := newTown(t, dbtest.DSN(t), 10)
	begin := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	asked := object{"resource": w.rooms["oodi-kuutio"], "begin": begin, "end": begin.Add(2 * time.Hour), "title": "Näyttely", "purpose": "event", "persons": 30}
	var made struct {
		ID, State, Number string
		Revision          int
	}
	w.as("", http.MethodPost, "/reservations", asked, "Origin", w.base).want(http.StatusUnauthorized, "auth.required")
	w.as("otso", http.MethodPost, "/reservations", asked, "Idempotency-Key", "one").want(http.StatusCreated, "").into(&made)
	if made.State != "requested" {
		t.Errorf("without a known price the site decides: %s", made.State)
	}
	var again struct{ ID string }
	w.as("otso", http.MethodPost, "/reservations", asked, "Idempotency-Key", "one").want(http.StatusCreated, "").into(&again)
	if again.ID != made.ID {
		t.Errorf("the same key made %s after %s", again.ID, made.ID)
	}
	at := "/reservations/" + made.ID
	w.as("aino", http.MethodGet, at, nil).want(http.StatusNotFound, "booking.not_found")
	w.as("kaarlo", http.MethodPost, at+"/approve", nil, "If-Match", `"1"`).want(http.StatusNotFound, "booking.not_found")
	w.as("leena", http.MethodPost, at+"/approve", nil).want(http.StatusPreconditionRequired, "precondition_missing")
	w.as("leena", http.MethodPost, at+"/approve", nil, "If-Match", `"7"`).want(http.StatusPreconditionFailed, "stale")
	w.as("leena", http.MethodPost, at+"/approve", nil, "If-Match", `"1"`).want(http.StatusOK, "").into(&made)
	if made.State != "confirmed" {
		t.Errorf("approved: %s", made.State)
	}
	w.as("ebba", http.MethodPost, "/reservations", asked).want(http.StatusConflict, "booking.overlap")
}

func TestEveryPersonReadsTheirOwn(t *testing.T) {
	w := newTown(t, dbtest.DSN(t), 10)
	for name, person := range w.people {
		var me struct {
			Name  string
			Email string
		}
		w.as(name, http.MethodGet, "/me", nil).want(http.StatusOK, "").into(&me)
		if me.Name != person.Name || me.Email != person.Email {
			t.Errorf("%s is told to be %s, %s", name, me.Name, me.Email)
		}
		status := http.StatusOK
		if len(person.Roles) == 0 {
			status = http.StatusForbidden
		}
		if a := w.as(name, http.MethodGet, "/reports/hours?from=2026-11-01&to=2026-12-01", nil); a.status != status {
			t.Errorf("%s asks for the hours: %d, want %d", name, a.status, status)
		}
	}
}
