package booking

import (
	"context"
	"iter"
	"slices"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// RequestScope chooses stored reservations to be asked about again: those of some
// resources that begin in a stretch of time. Without states or kinds it is
// those that somebody asked for: RealRequests and RequestKinds.
type RequestScope struct {
	Resources []int
	Begin     calendar.Interval
	States    []State
	Kinds     []policies.Kind
}

// RealRequests are the states of what somebody asked for, whatever became of
// it; holds are not asked for yet.
var RealRequests = []State{Requested, AwaitingPayment, Confirmed, Denied, Cancelled, Expired}

// RequestKinds are the kinds that rule books decide about.
var RequestKinds = []policies.Kind{policies.Ordinary, policies.Behalf}

// Asked is a stored reservation with its question: made when it was made, with
// the form as it was filled in; place, hours and holder are as they are today,
// and so is the book, that of the place in force now. What quotas and limits
// count (Who.Active, Elsewhere and Used) is left to the caller.
type Asked struct {
	Reservation Reservation // without Verdict and Price
	Place       resources.Place
	Holder      string // name; "" = nobody is known
	Question    policies.Question
}

// maxQuestions bounds one scope, and questionBatch what is read at a time.
const (
	maxQuestions  = 1_000_000
	questionBatch = 1000
)

// Questions are the reservations of a scope, to be gone through in the order in
// which they were made.
type Questions struct {
	ids    []int64
	recall *recall
}

// Questions finds the reservations of a scope in the units that the actor
// manages. Forbidden: who manages none. Invalid: booking.too_many_questions.
func (s *Service) Questions(ctx context.Context, actor accounts.Actor, scope RequestScope) (*Questions, error) {
	units, all := actor.WorkUnits(accounts.Manager)
	if !all && len(units) == 0 || !actor.HasScope(accounts.ScopeAdmin) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	if scope.States == nil {
		scope.States = RealRequests
	}
	if scope.Kinds == nil {
		scope.Kinds = RequestKinds
	}
	q := &Questions{recall: newRecall(s)}
	var err error
	if q.ids, err = s.scoped(ctx, scope, units, all); err == nil && len(q.ids) > maxQuestions {
		err = fault.InvalidField("to", "booking.too_many_questions", fault.Params{"max": maxQuestions})
	}
	return q, err
}

// Total is how many there are.
func (q *Questions) Total() int { return len(q.ids) }

// All gives them in the order in which they were made. It reads some at a time,
// each time in a transaction that cannot write, and ends with the first error;
// what was deleted meanwhile is left out.
func (q *Questions) All(ctx context.Context) iter.Seq2[Asked, error] {
	return func(yield func(Asked, error) bool) {
		for ids := range slices.Chunk(q.ids, questionBatch) {
			batch, err := q.recall.batch(ctx, ids)
			if err != nil {
				yield(Asked{}, err)
				return
			}
			for _, asked := range batch {
				if !yield(asked, nil) {
					return
				}
			}
		}
	}
}

// recall puts the questions of stored reservations together. It keeps what many
// have in common: places, holders, and the hours of a place's day.
type recall struct {
	*Service
	places       map[int]resources.Place
	people       map[int64]accounts.Person
	associations map[int64]accounts.Association
	hours        map[hoursKey][]policies.Hours
}

type hoursKey struct {
	resource int
	from, to calendar.Date
}

// mostKept bounds how many people and days are kept; beyond, they are read anew.
const mostKept = 20_000

func newRecall(s *Service) *recall {
	return &recall{
		Service: s, places: map[int]resources.Place{}, people: map[int64]accounts.Person{},
		associations: map[int64]accounts.Association{}, hours: map[hoursKey][]policies.Hours{},
	}
}

func (c *recall) ask(r Reservation) Asked {
	place := c.places[r.Resource]
	who, name := c.who(r, place.Unit.City)
	q := place.Question(r.MadeAt, c.Zone)
	q.Kind, q.Asked, q.Hours = r.Kind, r.Interval(), c.hoursAround(place, r.Interval())
	q.Who, q.Form, q.Series = who, r.Form(), r.Series != nil
	return Asked{Reservation: r, Place: place, Holder: name, Question: q}
}

// who is the holder as it is known today; the acting person is who made it.
// Whoever asked was signed in, also where the person has been erased since.
func (c *recall) who(r Reservation, city string) (who policies.Who, name string) {
	actor, held := accounts.Actor{}, accounts.Holder{}
	if r.MadeBy != nil {
		if maker, known := c.people[*r.MadeBy]; known {
			actor.Person = &maker
		}
	}
	switch r.HolderKind {
	case HeldByPerson:
		if person, known := c.people[*r.HolderPerson]; known {
			held.Person, name = &person, person.Name
		}
	case HeldByAssociation:
		if association, known := c.associations[*r.HolderAssociation]; known {
			held.Association, name = &association, association.Name
		}
	case HeldByUnit:
		held.CityUnit = true
	default:
		return policies.Who{Known: true}, ""
	}
	who = actor.Who(held, city)
	who.Known = true
	return who, name
}

func (c *recall) hoursAround(place resources.Place, asked calendar.Interval) []policies.Hours {
	key := hoursKey{place.Resource.ID, calendar.DateOf(asked.Begin, c.Zone), calendar.DateOf(asked.End, c.Zone)}
	hours, known := c.hours[key]
	if !known {
		if len(c.hours) >= mostKept {
			clear(c.hours)
		}
		hours = hoursAround(place, asked, c.Zone)
		c.hours[key] = hours
	}
	return hours
}

// wanted lists what is not kept yet of what some reservations name.
func (c *recall) wanted(rows []Reservation) (places, people, associations []int64) {
	want := func(list *[]int64, id *int64, known bool) {
		if id != nil && !known {
			*list = append(*list, *id)
		}
	}
	for _, r := range rows {
		resource := int64(r.Resource)
		_, known := c.places[r.Resource]
		want(&places, &resource, known)
		for _, person := range []*int64{r.MadeBy, r.HolderPerson} {
			if person != nil {
				_, known = c.people[*person]
				want(&people, person, known)
			}
		}
		if r.HolderAssociation != nil {
			_, known = c.associations[*r.HolderAssociation]
			want(&associations, r.HolderAssociation, known)
		}
	}
	for _, list := range []*[]int64{&places, &people, &associations} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return places, people, associations
}
