package respa

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"vuoro/web/locales"
)

// Bounds of what one import reads.
const (
	maxPlaces       = 50_000
	maxReservations = 1_000_000
)

// answers is all that was read: the places whole, of the reservations only what
// is taken over.
type answers struct {
	units        []unit
	resources    []resource
	reservations []booked
	names        map[ident]texts // of types and purposes, where resources have only ids
	notes        Notes

	seen    map[string]int    // where a reservation is, by source and id
	strings map[string]string // one copy of each word that comes often
	counts  map[kind]int      // of rows read
	said    map[kind]int      // that the service says it has
	called  string
}

// readAll reads a source to its end. Any row that cannot be used is an error.
func readAll(ctx context.Context, from source, order Order) (*answers, error) {
	a := &answers{
		names: map[ident]texts{}, seen: map[string]int{}, strings: map[string]string{},
		counts: map[kind]int{}, said: map[kind]int{}, called: order.Source,
	}
	for _, k := range kinds {
		err := from.each(ctx, k, func(page answer) (string, error) {
			next, err := a.page(k, page)
			if err != nil {
				return "", fmt.Errorf("%s: %w", page.name, err)
			}
			of := a.said[k]
			if of < a.counts[k] {
				of = 0 // each file says only what it has itself
			}
			order.Progress(string(k)+"s read", a.counts[k], of)
			return next, nil
		})
		if err != nil {
			return nil, err
		}
		if a.counts[k] < a.said[k] {
			a.notes.add(string(k)+"s", fmt.Sprintf("the source says that it has %d, %d came", a.said[k], a.counts[k]), string(k))
		}
	}
	a.seen = nil
	return a, nil
}

// page reads one answer.
func (a *answers) page(k kind, p answer) (next string, err error) {
	if k == wordRows {
		a.counts[k]++
		return "", a.words(p.body)
	}
	called := p.called
	if a.called != "" {
		called = a.called
	}
	read, err := readPage(p.body, func(raw []byte, _ int64) error {
		a.counts[k]++
		switch k {
		case unitRows:
			return a.unit(raw, called)
		case resourceRows:
			return a.resource(raw, called)
		}
		return a.reservation(raw, called)
	})
	a.said[k] = max(a.said[k], read.Count)
	return read.Next, err
}

func (a *answers) unit(raw []byte, called string) error {
	u, err := readUnit(raw, called)
	if err == nil && len(a.units) >= maxPlaces {
		err = fmt.Errorf("there are more than %d units", maxPlaces)
	}
	if err == nil && a.seen["unit/"+string(u.ID)] == 0 {
		a.seen["unit/"+string(u.ID)] = 1
		a.units = append(a.units, u)
	}
	return err
}

func (a *answers) resource(raw []byte, called string) error {
	r, err := readResource(raw, called)
	if err == nil && len(a.resources) >= maxPlaces {
		err = fmt.Errorf("there are more than %d resources", maxPlaces)
	}
	if err == nil && a.seen["resource/"+string(r.ID)] == 0 {
		a.seen["resource/"+string(r.ID)] = 1
		a.resources = append(a.resources, r)
	}
	return err
}

// reservation keeps a row. Pages of a service that is in use may show one
// twice; then the later one counts.
func (a *answers) reservation(raw []byte, called string) error {
	b, err := readReservation(raw, called)
	if err != nil {
		return err
	}
	b.Source, b.Resource, b.State, b.Type = a.one(b.Source), a.one(b.Resource), a.one(b.State), a.one(b.Type)
	key := b.Source + "/" + b.ID
	if i, again := a.seen[key]; again {
		a.reservations[i-1] = b
		a.counts[reservationRows]--
		return nil
	}
	if len(a.reservations) >= maxReservations {
		return fmt.Errorf("there are more than %d reservations", maxReservations)
	}
	a.reservations = append(a.reservations, b)
	a.seen[key] = len(a.reservations)
	return nil
}

func (a *answers) one(word string) string {
	if have, ok := a.strings[word]; ok {
		return have
	}
	a.strings[word] = word
	return word
}

// words reads names of types and purposes.
func (a *answers) words(body io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(body, maxRow))
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	var file struct{ Purposes, Types []named }
	if err := json.Unmarshal(raw, &file); err != nil {
		return fmt.Errorf("it has no lists of purposes and types: %w", err)
	}
	for _, word := range slices.Concat(file.Purposes, file.Types) {
		a.names[word.ID] = word.Name
	}
	return nil
}

// nameOf is the name of a type or purpose.
func (a *answers) nameOf(n named) locales.Texts {
	if n.Name == (texts{}) {
		return locales.Texts(a.names[n.ID])
	}
	return locales.Texts(n.Name)
}
