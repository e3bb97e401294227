package policies

import "time"

// Trial is an example with what came of it; without Differences it passes.
type Trial struct {
	Example     Example
	Question    Question
	Decision    Decision
	Differences []Difference
}

// Ground is where an example is tried: a place and its municipality.
type Ground struct {
	Place Place
	City  string
	Zone  *time.Location // of the installation
}

// PlainGround is the published place of examples that name no resource.
func PlainGround(zone *time.Location) Ground {
	const raster = 30
	return Ground{Place: Place{Published: true, Raster: raster, MinMinutes: raster, PriceUnit: PerHour}, Zone: zone}
}

// Try decides an example by a book. The error is that of a time that cannot be
// read.
func (e Example) Try(book Book, on Ground) (Trial, error) {
	q, err := e.Question(book, on.Place, on.Zone)
	if err != nil {
		return Trial{Example: e}, err
	}
	if q.City == "" {
		q.City = on.City
	}
	d := Decide(q)
	return Trial{Example: e, Question: q, Decision: d, Differences: e.Differences(q, d)}, nil
}
