package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/policies"
)

// step is something that somebody does. Which is worked out from the numbers
// when its turn comes, so every part of a list of steps is a list of steps.
type step struct{ What, Who, Room, Day, Slot, Length, Which int }

// verbs are what can happen, as often as they stand here.
var verbs = []func(*site, step) (got, want string){
	(*site).stepBook, (*site).stepBook, (*site).stepBook, (*site).stepBook, (*site).stepBook, (*site).stepBook,
	(*site).stepHold, (*site).stepHold, (*site).stepBookHold, (*site).stepBookHold, (*site).stepRelease,
	(*site).stepStaffBook, (*site).stepStaffBook, (*site).stepClosure, (*site).stepClose,
	(*site).stepApprove, (*site).stepApprove, (*site).stepDeny, (*site).stepReturn, (*site).stepReturn,
	(*site).stepCancel, (*site).stepCancel, (*site).stepStaffCancel, (*site).stepStranger,
	(*site).stepMove, (*site).stepMove, (*site).stepStaffMove, (*site).stepStaffMove,
	(*site).stepWait, (*site).stepWait, (*site).stepJobs, (*site).stepSeries, (*site).stepSeries, (*site).stepCancelSeries,
	(*site).stepReparent, (*site).stepSplit, (*site).stepReequip, (*site).stepResize, (*site).stepBuffers, (*site).stepBuffers,
}

// take does one step on both sides; what differs comes back in words.
func (s *site) take(st step) string {
	s.told = append(s.told, "")
	got, want := verbs[st.What%len(verbs)](s, st)
	s.tell("%s", got)
	if got != nothing {
		s.done++
	}
	if differs(got, want) {
		return fmt.Sprintf("%s: want %s", s.told[len(s.told)-1], want)
	}
	return ""
}

func (s *site) tell(format string, values ...any) {
	last := &s.told[len(s.told)-1]
	if *last != "" {
		*last += " · "
	}
	*last += fmt.Sprintf(format, values...)
}

func (st step) resident(s *site) string { return s.residents[st.Who%len(s.residents)] }

// roomNames are what is chosen from; those with pools are chosen oftener.
var roomNames = []string{"a", "b", "molemmat", "paja", "pyora", "pyora", "pyorat", "sali", "studio", "studio", "valot", "valot", "verstas"}

func (st step) room() string { return roomNames[st.Room%len(roomNames)] }

// plainRoom is a room without devices: which of several equal things a closure
// took is not told to anybody.
func (st step) plainRoom(s *site) string {
	for i := range roomNames {
		name := roomNames[(st.Room+i)%len(roomNames)]
		if len(s.model.rooms[name].devices) == 0 {
			return name
		}
	}
	panic("every room has devices")
}

// times are half hours of a day from today on, often the same ones, or now and
// then the day.
func (st step) times(s *site) booking.Times {
	date := calendar.DateOf(s.clock, helsinki).AddDays([]int{0, 1, 1, 1, 2}[st.Day%5])
	slots := []int{6, 12, 20}[st.Which%3]
	if day := calendar.DayBounds(date, helsinki); st.Length%12 == 5 {
		return booking.Times{Begin: day.Begin, End: day.End}
	}
	begin := time.Date(date.Year, date.Month, date.Day, 8, 30*(st.Slot%slots), 0, 0, helsinki).UTC()
	return booking.Times{Begin: begin, End: begin.Add(time.Duration(1+st.Length%5) * 30 * time.Minute)}
}

func pick(list []*entry, n int) *entry {
	if len(list) == 0 {
		return nil
	}
	return list[n%len(list)]
}

// some is a reservation of which a property holds; nil = there is none.
func (s *site) some(st step, which func(*entry) bool) *entry { return pick(s.live(which), st.Which) }

func any1(*entry) bool { return true }

const nothing = "nothing to do"

func (s *site) draft(kind policies.Kind, owner, room string, t booking.Times) *entry {
	e := &entry{kind: kind, owner: owner, occupies: true, state: booking.Confirmed}
	s.setTime(e, room, t)
	return e
}

// allows is the model's answer to taking a time.
func (s *site) allows(e *entry, without ...*entry) string {
	earliest := s.clock
	whole := calendar.DayBounds(calendar.DateOf(e.begin, helsinki), helsinki)
	if e.kind != policies.Ordinary || e.wholeDay && whole == (calendar.Interval{Begin: e.begin, End: e.end}) {
		earliest = s.today()
	}
	switch {
	case e.begin.Before(earliest):
		return no
	case !s.free(e, without...):
		return "conflict"
	}
	return "ok"
}

// decided is what becomes of what a resident asks for.
func (s *site) settle(e *entry) {
	e.state, e.until, e.anonymous = booking.Confirmed, time.Time{}, false
	if book := s.model.rooms[e.room].book; book != "open" {
		e.state, e.occupies = booking.Requested, book != "competing"
	}
}

func (s *site) drop(gone *entry) {
	s.list = slices.DeleteFunc(s.list, func(e *entry) bool { return e == gone })
}

func (s *site) request(e *entry) booking.Request {
	return booking.Request{
		Resource: s.world.rooms[e.room].UID, Times: booking.Times{Begin: e.begin, End: e.end}, Kind: e.kind,
		Form: policies.Form{Title: "Kerho", TermsAccepted: true}, Reason: "sovittu",
	}
}

func (s *site) stepBook(st step) (got, want string) {
	who, room, t := st.resident(s), st.room(), st.times(s)
	e := s.draft(policies.Ordinary, who, room, t)
	if s.unknowable(e) && !e.begin.Before(s.clock) {
		return nothing, nothing
	}
	s.tell("%s books %s", who, e.row())
	want = s.allows(e)
	r, err := s.Book(ctx, s.people[who], s.request(e))
	if err == nil {
		s.settle(e)
		e.number = r.Number
		s.list = append(s.list, e)
	}
	return answer(err), want
}

// hold is the one that somebody has, or nil.
func (s *site) holdOf(who string) *entry {
	return pick(s.live(func(e *entry) bool { return e.state == booking.Held && e.owner == who }), 0)
}

func (s *site) stepHold(st step) (got, want string) {
	who := append([]string{"kulkija"}, s.residents...)[st.Who%(1+len(s.residents))]
	e := s.draft(policies.Ordinary, who, st.room(), st.times(s))
	e.state, e.until, e.anonymous = booking.Held, s.clock.Add(10*time.Minute), who == "kulkija"
	if s.unknowable(e) && !e.begin.Before(s.clock) {
		return nothing, nothing
	}
	s.tell("%s holds %s", who, e.row())
	old := s.holdOf(who)
	want = s.allows(e, old)
	r, err := s.Hold(ctx, s.people[who], s.world.rooms[e.room].UID, booking.Times{Begin: e.begin, End: e.end})
	if err == nil {
		s.drop(old)
		e.number = r.Number
		s.list = append(s.list, e)
	}
	return answer(err), want
}

// stepBookHold confirms a hold, at its time or at another.
func (s *site) stepBookHold(st step) (got, want string) {
	who := st.resident(s)
	hold := s.holdOf(who)
	if hold == nil {
		return nothing, nothing
	}
	room, t := hold.room, booking.Times{Begin: hold.begin, End: hold.end}
	if st.Slot%4 == 0 {
		room, t = st.room(), st.times(s)
	}
	e := s.draft(policies.Ordinary, who, room, t)
	if s.unknowable(e) && !e.begin.Before(s.clock) {
		return nothing, nothing
	}
	s.tell("%s confirms %s as %s", who, hold.number, e.row())
	want = s.allows(e, hold)
	req := s.request(e)
	req.Hold = hold.number
	r, err := s.Book(ctx, s.people[who], req)
	if err == nil {
		s.drop(hold)
		s.settle(e)
		e.number = r.Number
		s.list = append(s.list, e)
	}
	return answer(err), want
}

func (s *site) stepRelease(st step) (got, want string) {
	hold := s.some(st, func(e *entry) bool { return e.state == booking.Held })
	if hold == nil {
		return nothing, nothing
	}
	s.tell("%s releases %s", hold.owner, hold.number)
	err := s.Release(ctx, s.people[hold.owner], hold.number)
	if err == nil {
		s.drop(hold)
	}
	return answer(err), "ok"
}

// stepStaffBook books for the house or for a resident.
func (s *site) stepStaffBook(st step) (got, want string) {
	kind, owner := policies.Staff, "talo"
	holder := booking.Holder{Kind: booking.HeldByUnit}
	if st.Who%2 == 0 {
		kind, owner = policies.Behalf, st.resident(s)
		holder = booking.Holder{Kind: booking.HeldByPerson, UID: s.people[owner].Person.UID}
	}
	e := s.draft(kind, owner, st.room(), st.times(s))
	if s.unknowable(e) {
		return nothing, nothing
	}
	s.tell("staff book for %s %s", owner, e.row())
	want = s.allows(e)
	req := s.request(e)
	req.Holder = holder
	r, err := s.Book(ctx, s.people["hoitaja"], req)
	if err == nil {
		e.number = r.Number
		s.list = append(s.list, e)
	}
	return answer(err), want
}

func (s *site) stepClosure(st step) (got, want string) {
	e := s.draft(policies.Closure, "", st.plainRoom(s), st.times(s))
	s.tell("staff close %s", e.row())
	want = s.allows(e, s.anonymousHolds()...)
	r, err := s.Book(ctx, s.people["hoitaja"], s.request(e))
	if err == nil {
		s.displace(e)
		e.number = r.Number
		s.list = append(s.list, e)
	}
	return answer(err), want
}

func (s *site) stepWait(st step) (got, want string) {
	wait := []time.Duration{time.Minute, 5 * time.Minute, 11 * time.Minute, 30 * time.Minute, 3 * time.Hour, 14 * time.Hour}[st.Length%6]
	s.clock = s.clock.Add(wait)
	s.now = s.clock
	s.tell("it is %s", s.clock.In(helsinki).Format("2.1. 15:04"))
	return "ok", "ok"
}

func (s *site) stepJobs(step) (got, want string) {
	s.tell("the jobs run")
	if _, err := s.RemoveExpiredHolds(ctx, 1000); err != nil {
		return answer(err), "ok"
	}
	_, err := s.ExpireRequests(ctx, 1000)
	for _, e := range s.live(any1) {
		if e.state == booking.Requested && !e.begin.After(s.clock) {
			e.state, e.occupies = booking.Expired, false
		}
	}
	s.list = slices.DeleteFunc(s.list, func(e *entry) bool { return e.state == booking.Held && !s.stands(e) })
	return answer(err), "ok"
}

// stepStranger lets somebody try what only others may.
func (s *site) stepStranger(st step) (got, want string) {
	e := s.some(st, func(e *entry) bool { return e.state != booking.Held })
	if e == nil {
		return nothing, nothing
	}
	who, want := st.resident(s), "not found"
	if who == e.owner {
		want = "forbidden"
	}
	s.tell("%s decides about %s", who, e.number)
	_, err := s.Approve(ctx, s.people[who], booking.Change{Ref: e.number})
	if other := (accounts.Actor{}); answer(err) == want {
		_, hidden := s.Cancel(ctx, other, booking.Change{Ref: e.number, ReasonCode: "other"})
		if answer(hidden) != "not found" {
			err = errors.Join(errors.New("nobody could cancel"), hidden)
		}
	}
	return answer(err), want
}
