package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// writtenTerms are terms as the town's file has them.
type writtenTerms struct {
	Key       string        `json:"key"`
	ValidFrom time.Time     `json:"valid_from"`
	Decision  string        `json:"decision"`
	Title     locales.Texts `json:"title"`
	Body      locales.Texts `json:"body"`
}

// terms publishes the terms that the city's rule book asks for.
func (b *builder) terms(ctx context.Context, rooms *resources.Service) error {
	var file struct {
		Terms []writtenTerms `json:"terms"`
	}
	if err := read("town/terms.json", &file); err != nil {
		return err
	}
	for _, t := range file.Terms {
		_, err := rooms.AddTerms(ctx, b.tx, resources.Terms{
			Key: t.Key, State: "live", ValidFrom: &t.ValidFrom, Title: t.Title, Body: t.Body, Decision: db.AsJSON(resources.Decision{Reference: t.Decision}),
		})
		if err != nil {
			return fmt.Errorf("terms %s: %w", t.Key, err)
		}
	}
	return nil
}

// waitingDraft is a version of the city's book that somebody is still writing:
// it asks more of events than one of its examples allows.
func (b *builder) waitingDraft(ctx context.Context, rooms *resources.Service) error {
	draft, err := rooms.BookVersion(ctx, b.tx, "city", 1)
	if err != nil {
		return err
	}
	const crowd, guests = 150, 180
	rules := slices.Clone(draft.Rules.V.Rules)
	i := slices.IndexFunc(rules, func(r policies.Rule) bool { return r.ID == "large-event" })
	rules[i].What.PersonsMin, rules[i].Note = new(crowd), policies.Note{}
	draft.Rules.V.Rules = rules
	draft.Examples.V = append(slices.Clone(draft.Examples.V), policies.Example{
		Name: "180 hengen konsertista ei tarvitse sopia", Class: policies.Association, Purpose: "event", Persons: new(guests),
		Want: policies.Want{Verdict: policies.Allow, Cents: new(0)},
	})
	draft.State, draft.ValidFrom, draft.MadeAt, draft.UID = "draft", nil, &b.now, [16]byte{}
	draft.Decision = db.AsJSON(resources.Decision{})
	_, err = rooms.AddRuleBook(ctx, b.tx, draft)
	return err
}
