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

// Placed are the examples of a file, each with the file's place where it says
// nothing of its own: so they come out the same without the file.
func (f File) Placed() []Example {
	examples := make([]Example, len(f.Examples))
	for i, e := range f.Examples {
		place := f.Place
		if e.Place != nil {
			place = e.Place.on(place)
		}
		e.Place = &place
		examples[i] = e
	}
	return examples
}

// on fills what is not said of a place from another.
func (p ExamplePlace) on(other ExamplePlace) ExamplePlace {
	p.PriceCents, p.PriceUnit = firstSet(p.PriceCents, other.PriceCents), firstText(p.PriceUnit, other.PriceUnit)
	p.Type, p.Unit, p.City = firstText(p.Type, other.Type), firstText(p.Unit, other.Unit), firstText(p.City, other.City)
	p.AreaM2, p.PersonsMax = firstSet(p.AreaM2, other.AreaM2), firstSet(p.PersonsMax, other.PersonsMax)
	p.Part, p.Parts = firstSet(p.Part, other.Part), firstSet(p.Parts, other.Parts)
	p.ActiveLimit, p.MaxMinutes = firstSet(p.ActiveLimit, other.ActiveLimit), firstSet(p.MaxMinutes, other.MaxMinutes)
	if len(p.Groups) == 0 {
		p.Groups = other.Groups
	}
	return p
}
