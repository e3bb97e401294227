package respa

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"time"
)

// unit is a row of /unit/.
type unit struct {
	ID           ident
	Name         texts
	Description  texts
	Address      texts
	Postcode     string
	Municipality string
	Phone        string
	Longitude    *float64
	Latitude     *float64
	Source       string          // host that it says it is at, or what the service is called
	Said         map[string]bool // keys that had something
}

func readUnit(raw []byte, called string) (u unit, err error) {
	r := openRow(raw)
	r.must("id", &u.ID)
	r.read("name", &u.Name)
	r.read("description", &u.Description)
	r.read("street_address", &u.Address)
	r.read("address_zip", &u.Postcode)
	r.read("municipality", &u.Municipality)
	r.read("phone", &u.Phone)
	var point struct{ Coordinates []float64 }
	if r.read("location", &point) && len(point.Coordinates) >= 2 {
		u.Longitude, u.Latitude = &point.Coordinates[0], &point.Coordinates[1]
	}
	u.Source, u.Said = r.host(called), r.said()
	return u, r.err
}

// resource is a row of /resource/.
type resource struct {
	ID             ident
	Unit           ident
	Name           texts
	Description    texts
	Type           named
	Purposes       []named
	Equipment      []named
	Persons        number
	Area           number
	Slot           length
	Shortest       length
	Longest        length
	DaysAheadMax   number
	DaysAheadMin   number
	PerPerson      number
	Approval       *bool
	Authentication string
	PriceMin       number
	PriceMax       number
	PriceType      string
	Terms          []texts // generic, specific, payment
	Instructions   texts
	Required       []string
	Days           []openDay
	Bookable       *bool
	Public         *bool
	Elsewhere      string // address where it is booked instead
	Source         string
	Said           map[string]bool
}

// openDay is the hours of one date; Opens zero = closed.
type openDay struct {
	Date   string
	Opens  moment
	Closes moment
}

func readResource(raw []byte, called string) (x resource, err error) {
	r := openRow(raw)
	r.must("id", &x.ID)
	r.read("unit", &x.Unit)
	r.read("name", &x.Name)
	r.read("description", &x.Description)
	r.read("type", &x.Type)
	r.read("purposes", &x.Purposes)
	r.read("equipment", &x.Equipment)
	r.read("people_capacity", &x.Persons)
	r.read("area", &x.Area)
	r.read("slot_size", &x.Slot)
	r.read("min_period", &x.Shortest)
	r.read("max_period", &x.Longest)
	r.read("reservable_max_days_in_advance", &x.DaysAheadMax)
	r.read("reservable_min_days_in_advance", &x.DaysAheadMin)
	r.read("max_reservations_per_user", &x.PerPerson)
	r.read("need_manual_confirmation", &x.Approval)
	r.read("authentication", &x.Authentication)
	r.price(&x)
	for _, name := range []string{"generic_terms", "specific_terms", "payment_terms"} {
		var terms texts
		if r.read(name, &terms) {
			x.Terms = append(x.Terms, terms)
		}
	}
	r.read("reservation_info", &x.Instructions)
	r.read("required_reservation_extra_fields", &x.Required)
	r.read("opening_hours", &x.Days)
	r.read("reservable", &x.Bookable)
	r.read("public", &x.Public)
	r.read("external_reservation_url", &x.Elsewhere)
	x.Source, x.Said = r.host(called), r.said()
	return x, r.err
}

// price reads the fields of today or, where there are none, the older ones,
// which are by the hour.
func (r *row) price(x *resource) {
	least, most := r.read("min_price", &x.PriceMin), r.read("max_price", &x.PriceMax)
	r.read("price_type", &x.PriceType)
	if least || most {
		return
	}
	if r.read("min_price_per_hour", &x.PriceMin) || r.read("max_price_per_hour", &x.PriceMax) {
		r.read("max_price_per_hour", &x.PriceMax)
		x.PriceType = "hourly"
	}
}

// booked is a row of /reservation/, kept small: there may be very many.
type booked struct {
	ID       string
	Source   string
	Resource string
	Begin    time.Time
	End      time.Time
	Made     time.Time
	State    string // "" = not said
	Type     string
	Staff    bool
	Persons  *int
	Cents    *int
}

func readReservation(raw []byte, called string) (b booked, err error) {
	r := openRow(raw)
	var id, resource ident
	var begin, end, made moment
	var persons number
	r.must("id", &id)
	r.must("resource", &resource)
	r.must("begin", &begin)
	r.must("end", &end)
	r.read("created_at", &made)
	r.read("state", &b.State)
	r.read("type", &b.Type)
	r.read("staff_event", &b.Staff)
	r.read("number_of_participants", &persons)
	if n, ok := persons.whole(1, 100_000); ok {
		b.Persons = &n
	}
	b.Cents = r.paid()
	b.ID, b.Resource, b.Source = string(id), string(resource), r.host(called)
	b.Begin, b.End, b.Made = begin.Time, end.Time, made.Time
	return b, r.err
}

// paid is the price of a reservation's order, where the answer has it.
func (r *row) paid() *int {
	if raw := r.raw["order"]; len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	var order struct{ Price number }
	r.read("order", &order)
	if cents, ok := order.Price.cents(); ok {
		return &cents
	}
	return nil
}

// host is the service that a row says it belongs to, else what it is called.
func (r *row) host(called string) string {
	var address string
	if raw := r.raw["url"]; json.Unmarshal(raw, &address) == nil {
		if u, err := url.Parse(address); err == nil && identForm.MatchString(u.Hostname()) {
			return u.Hostname()
		}
	}
	return called
}

// mark is another one when anything of a reservation has changed.
func (b booked) mark() string {
	hash := fnv.New128a()
	fmt.Fprint(hash, b.Resource, "|", b.Begin.Unix(), "|", b.End.Unix(), "|", b.State, "|", b.Type, "|", b.Staff)
	for _, n := range []*int{b.Persons, b.Cents} {
		if n != nil {
			fmt.Fprint(hash, "|", *n)
		} else {
			fmt.Fprint(hash, "|-")
		}
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

// said are the keys that have something.
func (r *row) said() map[string]bool {
	keys := map[string]bool{}
	for key, raw := range r.raw {
		switch string(raw) {
		case "null", `""`, "[]", "{}", "false":
		default:
			keys[key] = true
		}
	}
	return keys
}
