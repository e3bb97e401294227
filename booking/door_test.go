package booking_test

import (
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/resources"
)

func TestAtTheDoor(t *testing.T) {
	w := newWorld(t)
	w.checkedRoom()
	w.room("luonnos", []string{"b"}, func(r *resources.Resource) { r.State = "draft" })
	aino, manager := w.person("aino"), w.manager()
	w.mustTake(aino, "huone", "2026-11-23 13:00", "2026-11-23 14:00")
	for _, c := range []struct {
		clock       string
		who         accounts.Actor
		free, taken string
		turns       int
	}{
		{"12:30", aino, "13:00", "", 0},
		{"12:50", aino, "13:00", "", 1}, // check-in is open
		{"13:05", aino, "", "14:00", 1},
		{"13:05", manager, "", "14:00", 1},
		{"13:05", w.person("eino"), "", "14:00", 0}, // and nobody learns whose it is
		{"13:05", accounts.Actor{}, "", "14:00", 0},
		{"14:00", aino, "23:00", "", 0},
		{"23:30", aino, "", "", 0},
	} {
		w.clock = at("2026-11-23 " + c.clock)
		door, err := w.AtDoor(ctx, c.who, w.rooms["huone"].UID)
		w.must(err)
		for _, e := range []struct {
			name, want string
			got        bool
		}{
			{"free", c.free, c.free == "" && door.FreeTill.IsZero() || c.free != "" && door.FreeTill.Equal(at("2026-11-23 "+c.free))},
			{"taken", c.taken, c.taken == "" && door.TakenTill.IsZero() || c.taken != "" && door.TakenTill.Equal(at("2026-11-23 "+c.taken))},
		} {
			if !e.got {
				t.Errorf("%s: %s till %q: %v, %v", c.clock, e.name, e.want, door.FreeTill, door.TakenTill)
			}
		}
		if len(door.Turns) != c.turns {
			t.Errorf("%s %s: %d turns", c.clock, c.who.Name(), len(door.Turns))
		}
	}
	_, err := w.AtDoor(ctx, aino, w.rooms["luonnos"].UID)
	w.wantCode(err, "resource.not_found")

	// what was released is free at once, and its holder still sees why
	w.clock = at("2026-11-23 13:15")
	w.mustTake(aino, "huone", "2026-11-25 13:00", "2026-11-25 14:00")
	w.clock = at("2026-11-25 13:15")
	if n, err := w.ReleaseUnused(ctx, 10); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	door, err := w.AtDoor(ctx, aino, w.rooms["huone"].UID)
	if err != nil || door.FreeTill.IsZero() || len(door.Turns) != 1 || !door.Turns[0].NoShow || door.Turns[0].State != booking.Confirmed {
		t.Errorf("%+v, %v", door, err)
	}
}
