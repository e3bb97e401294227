package booking_test

import (
	"errors"
	"testing"

	"vuoro/booking"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// changeTree gives a space another parent, as the editor does.
func (w *world) changeTree(space, parent string) error {
	return w.DB.Tx(ctx, func(tx *db.DB) error {
		tree, err := w.Resources.Tree(ctx, tx, w.unit.ID)
		if err != nil {
			return err
		}
		for _, s := range tree.Spaces {
			if s.ID == w.space[space] {
				id := w.space[parent]
				s.Parent = &id
				_, err := w.Resources.UpdateSpace(ctx, tx, s)
				return err
			}
		}
		return errors.New("no such space")
	})
}

func TestScenario26_MovingASpaceUnderBookings(t *testing.T) {
	w := newWorld(t)
	w.Resources.Reseat = w.Reseat
	w.room("sali", []string{"sali"}, nil)
	w.room("lohko", []string{"lohko"}, nil)
	aino := w.person("aino")
	whole := w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	part := w.mustTake(aino, "lohko", "2026-11-24 12:30", "2026-11-24 13:30")
	before := w.count("SELECT count(*) FROM occupancies")
	err := w.changeTree("lohko", "sali")
	problem := fault.As(err)
	if problem.Code != "resource.parts_collide" || len(problem.Fields) != 1 {
		t.Fatalf("got %v with %v, want the pair that collides", err, problem.Fields)
	}
	if p := problem.Fields[0].Params; p["number"] != whole.Number || p["other"] != part.Number {
		t.Errorf("named %v, want %s against %s", p, whole.Number, part.Number)
	}
	if n := w.count("SELECT count(*) FROM occupancies"); n != before {
		t.Errorf("%d occupancies after the refusal, want %d", n, before)
	}
	if _, err := w.Cancel(ctx, aino, booking.Change{Ref: part.Number, ReasonCode: "plans_changed"}); err != nil {
		t.Fatal(err)
	}
	w.must(w.changeTree("lohko", "sali"))
	w.refused(w.person("otso"), "lohko", "2026-11-24 12:30", "2026-11-24 13:30")
	w.mustTake(w.person("ville"), "lohko", "2026-11-24 13:00", "2026-11-24 14:00")
}

// A room that gets another part takes its bookings along; what has ended stays
// as it was.
func TestBookingsFollowNewParts(t *testing.T) {
	w := newWorld(t)
	w.Resources.Reseat = w.Reseat
	room := w.room("sali", []string{"sali"}, nil)
	w.room("keittio", []string{"keittio"}, nil)
	aino := w.person("aino")
	w.mustTake(aino, "sali", "2026-11-23 18:00", "2026-11-23 19:00")
	w.clock = at("2026-11-23 20:00")
	w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	hall, kitchen := w.space["sali"], w.space["keittio"]
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		_, err := w.Resources.UpdateResource(ctx, tx, room, []resources.Part{{Space: &hall}, {Space: &kitchen}})
		return err
	}))
	if n := w.count("SELECT count(*) FROM occupancies"); n != 3 {
		t.Errorf("%d occupancies, want one of yesterday and two of tomorrow", n)
	}
	w.refused(w.person("otso"), "keittio", "2026-11-24 12:30", "2026-11-24 13:30")
}
