package resources

import (
	"math"
	"strconv"
	"strings"

	"vuoro/fault"
)

// Point is a place on the earth, in WGS 84 degrees.
type Point struct{ Latitude, Longitude float64 }

// ParsePoint reads "60.17,24.94", latitude first. Invalid: search.bad_point.
func ParsePoint(text string) (Point, error) {
	north, east, found := strings.Cut(text, ",")
	lat, err := strconv.ParseFloat(strings.TrimSpace(north), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(east), 64)
	p := Point{lat, lon}
	if !found || err != nil || err2 != nil || !p.Valid() {
		return Point{}, fault.InvalidField("near", "search.bad_point")
	}
	return p, nil
}

// Valid tells whether the earth has the point.
func (p Point) Valid() bool { return math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180 }

// earthRadius is the mean one, in metres.
const earthRadius = 6_371_009

// MetresTo is the way as the crow flies, by the haversine formula.
func (p Point) MetresTo(o Point) float64 {
	half := func(degrees float64) float64 { return math.Pow(math.Sin(radians(degrees)/2), 2) }
	h := half(o.Latitude-p.Latitude) + math.Cos(radians(p.Latitude))*math.Cos(radians(o.Latitude))*half(o.Longitude-p.Longitude)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// Point is where the unit is; ok is false when that is not known.
func (u Unit) Point() (p Point, ok bool) {
	if u.Latitude == nil || u.Longitude == nil {
		return p, false
	}
	return Point{*u.Latitude, *u.Longitude}, true
}

func (u Unit) within(p Point, metres int) bool {
	at, known := u.Point()
	return known && p.MetresTo(at) <= float64(metres)
}

// Meets tells whether a text is the unit's postcode or stands in its name or
// address.
func (u Unit) Meets(text string) bool {
	all := fold(strings.Join([]string{u.Name.Fi, u.Name.Sv, u.Name.En, u.Address, u.Postcode, u.City}, "\n"))
	return strings.Contains(all, fold(strings.TrimSpace(text)))
}
