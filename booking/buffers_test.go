package booking_test

import (
	"testing"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
)

// A confirmed 12–13 without buffers, and a new one whose own buffer would reach
// into it by a minute.
func TestScenario11_NewBuffersMeetTheExisting(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, nil)
	w.room("ennen", []string{"a"}, func(r *resources.Resource) { r.BufferBefore = 1 })
	w.room("jalkeen", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 1 })
	aino := w.person("aino")
	w.mustTake(w.person("eino"), "huone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.refused(aino, "ennen", "2026-11-24 13:00", "2026-11-24 14:00")
	w.refused(aino, "jalkeen", "2026-11-24 11:00", "2026-11-24 12:00")
	w.mustTake(aino, "jalkeen", "2026-11-24 13:00", "2026-11-24 14:00")
	w.mustTake(aino, "ennen", "2026-11-24 11:00", "2026-11-24 12:00")
}

func TestScenario12_BlocksNeitherHaveNorRespectBuffers(t *testing.T) {
	w := newWorld(t)
	w.room("huone", []string{"a"}, func(r *resources.Resource) { r.BufferBefore, r.BufferAfter = 60, 60 })
	w.room("ennen", []string{"a"}, func(r *resources.Resource) { r.BufferBefore = 1 })
	w.room("jalkeen", []string{"a"}, func(r *resources.Resource) { r.BufferAfter = 1 })
	aino, manager := w.person("aino"), w.manager()
	block := func(begin, end string) {
		t.Helper()
		req := w.request("huone", begin, end)
		req.Kind = policies.Closure
		made, err := w.Book(ctx, manager, req)
		if err != nil || made.BufferBefore+made.BufferAfter != 0 {
			t.Errorf("block %s: %+v, %v", begin, made, err)
		}
	}
	block("2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(aino, "ennen", "2026-11-24 13:00", "2026-11-24 14:00")
	w.mustTake(aino, "jalkeen", "2026-11-24 11:00", "2026-11-24 12:00")
	w.refused(aino, "huone", "2026-11-24 12:30", "2026-11-24 13:30")
	// and a block lies on the buffers of what is there
	w.mustTake(aino, "huone", "2026-11-25 12:00", "2026-11-25 13:00")
	block("2026-11-25 13:00", "2026-11-25 13:30")
	block("2026-11-25 11:30", "2026-11-25 12:00")
}

// wholeDays is a room that is booked by the day, on a night and day open unit.
func (w *world) wholeDays() {
	w.room("talo", []string{"a"}, func(r *resources.Resource) { r.WholeDay, r.BufferBefore, r.BufferAfter = true, 45, 45 })
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		return w.hours(tx, resources.Owner{Resource: w.rooms["talo"].ID}, "00:00", "24:00")
	}))
}

func TestScenario16_WholeDayTakesItsDay(t *testing.T) {
	w := newWorld(t)
	w.wholeDays()
	aino, eino := w.person("aino"), w.person("eino")
	r := w.mustTake(aino, "talo", "2026-11-24 12:00", "2026-11-24 13:00")
	if r.BufferBefore != 12*60 || r.BufferAfter != 11*60 {
		t.Errorf("buffers %d/%d minutes", r.BufferBefore, r.BufferAfter)
	}
	for _, other := range [][2]string{{"2026-11-24 00:00", "2026-11-24 01:00"}, {"2026-11-24 14:00", "2026-11-24 15:00"}, {"2026-11-23 23:00", "2026-11-24 01:00"}} {
		w.refused(eino, "talo", other[0], other[1])
	}
	w.mustTake(eino, "talo", "2026-11-25 00:00", "2026-11-25 01:00")
	w.mustTake(eino, "talo", "2026-11-23 23:00", "2026-11-24 00:00")
}

func TestScenario17_AWholeDayHasNoBuffers(t *testing.T) {
	w := newWorld(t)
	w.wholeDays()
	aino := w.person("aino")
	for _, day := range [][2]string{
		{"2026-11-24 00:00", "2026-11-25 00:00"},
		{"2026-11-25 00:00", "2026-11-26 00:00"}, // neighbours stay free
		{"2027-03-28 00:00", "2027-03-29 00:00"}, // 23 hours
		{"2027-10-31 00:00", "2027-11-01 00:00"}, // 25 hours
	} {
		if r := w.mustTake(aino, "talo", day[0], day[1]); r.BufferBefore != 0 || r.BufferAfter != 0 {
			t.Errorf("%s: buffers %d/%d", day[0], r.BufferBefore, r.BufferAfter)
		}
	}
	w.mustTake(aino, "talo", "2026-11-23 22:00", "2026-11-24 00:00")
}

// Buffers are the resource's, never a caller's; on a whole-day resource the
// settings do not count, for staff neither.
func TestScenario18_BuffersOfAWholeDayAreIgnored(t *testing.T) {
	w := newWorld(t)
	w.wholeDays()
	w.set("talo", "buffer_before", 30)
	w.set("talo", "buffer_after", 30)
	manager := w.manager()
	own := w.request("talo", "2026-11-24 00:00", "2026-11-25 00:00")
	own.Kind, own.Holder = policies.Staff, booking.Holder{Kind: booking.HeldByUnit}
	r, err := w.Book(ctx, manager, own)
	if err != nil || r.BufferBefore != 0 || r.BufferAfter != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	w.mustTake(w.person("aino"), "talo", "2026-11-25 00:00", "2026-11-26 00:00")
}

// device adds things to the unit and rooms that use them beside a space of
// their own; a room without a space is the thing alone.
func (w *world) device(name string, count int, rooms ...string) {
	w.t.Helper()
	w.must(w.DB.Tx(ctx, func(tx *db.DB) error {
		device, err := w.Resources.AddDevice(ctx, tx, resources.Device{Unit: w.unit.ID, Name: text(name), Count: count})
		if err != nil {
			return err
		}
		for _, room := range rooms {
			parts := []resources.Part{{Device: &device.ID, Count: 1}}
			if room != name {
				if err := w.addSpace(tx, room, ""); err != nil {
					return err
				}
				id := w.space[room]
				parts = append(parts, resources.Part{Space: &id, Count: 1})
			}
			if err := w.addRoom(tx, room, parts, nil); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestScenario23_ASharedPiano(t *testing.T) {
	w := newWorld(t)
	w.device("piano", 1, "sali", "luokka")
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "sali", "2026-11-24 12:00", "2026-11-24 13:00")
	w.refused(eino, "luokka", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(eino, "luokka", "2026-11-24 13:00", "2026-11-24 14:00")
	// moved from one room to the other, the piano comes along without meeting itself
	r := w.mustTake(aino, "sali", "2026-11-25 12:00", "2026-11-25 13:00")
	_, err := w.moveTo(aino, r, "luokka", "2026-11-25 12:30", "2026-11-25 13:30")
	w.must(err)
	w.refused(eino, "sali", "2026-11-25 13:00", "2026-11-25 14:00")
}

// Two sewing machines: each of two residents gets one, the third none; who
// moves gives theirs back.
func TestAPoolIsBookedAndMoved(t *testing.T) {
	w := newWorld(t)
	w.device("kone", 2, "kone")
	people := []accounts.Actor{w.person("aino"), w.person("eino"), w.person("oona")}
	first := w.mustTake(people[0], "kone", "2026-11-24 12:00", "2026-11-24 13:00")
	w.mustTake(people[1], "kone", "2026-11-24 12:30", "2026-11-24 13:30")
	w.refused(people[2], "kone", "2026-11-24 12:30", "2026-11-24 13:00")
	_, err := w.Move(ctx, people[0], booking.Change{Ref: first.Number}, times("2026-11-24 13:30", "2026-11-24 14:30"))
	w.must(err)
	w.mustTake(people[2], "kone", "2026-11-24 12:30", "2026-11-24 13:30")
}

// A place that is booked by the day shares its space with one that is booked by
// the hour: an hour in the evening takes the whole day, and is not offered.
func TestAnHourTakesTheDayOfAWholeDayPlace(t *testing.T) {
	w := newWorld(t)
	w.wholeDays()
	w.room("huone", []string{"a"}, nil)
	aino, eino := w.person("aino"), w.person("eino")
	w.mustTake(aino, "huone", "2026-11-24 20:00", "2026-11-24 21:00")
	o, err := w.Outlook(ctx, eino, w.rooms["talo"].UID, booking.Window{From: dateOf("2026-11-24"), To: dateOf("2026-11-25"), Minutes: 60})
	w.must(err)
	for _, start := range o.On(dateOf("2026-11-24"), helsinki) {
		if start.Free {
			t.Errorf("%v is offered", start.Begin)
		}
	}
	w.refused(eino, "talo", "2026-11-24 08:00", "2026-11-24 12:00")
	free := 0
	for _, start := range o.On(dateOf("2026-11-25"), helsinki) {
		if start.Free {
			free++
		}
	}
	if free == 0 {
		t.Error("nothing is offered the day after")
	}
	w.mustTake(eino, "talo", "2026-11-25 08:00", "2026-11-25 12:00")
}
