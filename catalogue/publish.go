package catalogue

import (
	"context"
	"slices"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Publication is what makes a draft live.
type Publication struct {
	Key      string
	Version  int
	Revision int       // that was read; 0 = whatever is there
	From     time.Time // from when it is valid; zero = now
	Decision resources.Decision
	Accepted int // how many reservations the actor saw that it strands
}

// Publish makes a draft live from a moment on; from then on it never changes.
// Conflict: rulebook.see_stranded, where it strands another number of coming
// reservations than the actor has accepted. Those that it would refuse stay
// valid and wait for a decision of staff.
// Refused: rules.examples_fail with the names of those that do not come out as
// meant. Invalid: rules.valid_from_past, rules.valid_from_taken, what the rules
// name without there being one, and the errors among Remarks.
func (s *Service) Publish(ctx context.Context, actor accounts.Actor, p Publication) (live resources.RuleBook, err error) {
	strands, revision, err := s.accepted(ctx, actor, p)
	if err != nil {
		return live, err
	}
	err = s.changeDraft(ctx, actor, resources.RuleBook{Key: p.Key, Version: p.Version}, func(tx *db.DB, draft resources.RuleBook) (edit, error) {
		if err := tx.LockUnit(ctx, 0, true); err != nil { // the installation: one version after the other
			return edit{}, err
		}
		now := s.Now()
		if revision != draft.Revision {
			return edit{}, fault.New(fault.Stale, "stale")
		}
		from := p.From
		if from.IsZero() {
			from = now
		}
		draft.ValidFrom, draft.State, draft.PublishedAt, draft.PublishedBy = &from, "live", &now, personOf(actor)
		if p.Decision != (resources.Decision{}) {
			draft.Decision = db.AsJSON(p.Decision)
		}
		if err := s.ready(ctx, tx, draft); err != nil {
			return edit{}, err
		}
		before, err := s.Places.BookAlone(ctx, tx, draft.Key, from)
		if err != nil {
			return edit{}, err
		}
		if live, err = s.Places.UpdateRuleBook(ctx, tx, draft); err == nil {
			err = s.keepStrands(ctx, tx, strands)
		}
		if before.Key == "" {
			return ruleEdit("rules.published", draft, nil, live), err
		}
		return ruleEdit("rules.published", draft, before, live), err
	})
	return live, err
}

// ready asks everything of a version that is to go live.
func (s *Service) ready(ctx context.Context, tx *db.DB, book resources.RuleBook) error {
	if book.ValidFrom.Before(s.Now()) {
		return fault.InvalidField("valid_from", "rules.valid_from_past")
	}
	all, err := s.Places.Books(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Key == book.Key && other.State == "live" && other.ValidFrom.Equal(*book.ValidFrom) {
			return fault.InvalidField("valid_from", "rules.valid_from_taken", fault.Params{"version": other.Version})
		}
	}
	if err := s.fitsBook(ctx, tx, book); err != nil {
		return err
	}
	if err := s.BookMistakes(ctx, tx, book); err != nil {
		return err
	}
	remarks, err := s.Remarks(ctx, tx, book)
	if err != nil {
		return err
	}
	if err := RemarkFault(remarks); err != nil {
		return err
	}
	trials, err := s.tryExamples(ctx, tx, book)
	if err != nil {
		return err
	}
	var failing []string
	for _, trial := range trials {
		if len(trial.Differences) > 0 {
			failing = append(failing, trial.Example.Name)
		}
	}
	if len(failing) > 0 {
		return fault.New(fault.Refused, "rules.examples_fail", fault.Params{"n": len(failing), "names": strings.Join(failing, "; ")})
	}
	return nil
}

// BookMistakes are what a version and the shared book beneath both name, and
// what they name without there being one: tariffs, and terms that have no live version.
func (s *Service) BookMistakes(ctx context.Context, d *db.DB, book resources.RuleBook) error {
	composed, err := s.Places.Composed(ctx, d, book, s.momentOf(book))
	if err != nil {
		return err
	}
	if err := composed.Rules.Validate(); err != nil {
		return err
	}
	if err := composed.Rules.Unknown(); err != nil {
		return err
	}
	return s.unknownTerms(ctx, d, composed.Rules)
}

// unknownTerms names the rules that ask for terms of which no version is live.
func (s *Service) unknownTerms(ctx context.Context, d *db.DB, rules policies.Rules) error {
	all, err := s.Places.AllTerms(ctx, d)
	if err != nil {
		return err
	}
	for _, rule := range rules.Rules {
		for _, key := range rule.Effects.Terms {
			if !slices.ContainsFunc(all, func(t resources.Terms) bool { return t.Key == key && t.State == "live" }) {
				return fault.InvalidField(rule.ID+".effects.terms", "rules.unknown_key", fault.Params{"rule": rule.ID, "field": "effects.terms", "value": key})
			}
		}
	}
	return nil
}

// momentOf is when a version is looked at: from its first moment on.
func (s *Service) momentOf(book resources.RuleBook) time.Time {
	if book.ValidFrom != nil && book.ValidFrom.After(s.Now()) {
		return *book.ValidFrom
	}
	return s.Now()
}

// TryExamples decides the examples of a version, on the shared book beneath it.
func (s *Service) TryExamples(ctx context.Context, actor accounts.Actor, key string, version int) ([]policies.Trial, error) {
	if _, err := s.Rulebook(ctx, actor, key); err != nil {
		return nil, err
	}
	book, err := s.Places.BookVersion(ctx, s.DB, key, version)
	if err != nil {
		return nil, err
	}
	return s.tryExamples(ctx, s.DB, book)
}

func (s *Service) tryExamples(ctx context.Context, d *db.DB, book resources.RuleBook) ([]policies.Trial, error) {
	composed, err := s.Places.Composed(ctx, d, book, s.momentOf(book))
	if err != nil {
		return nil, err
	}
	var trials []policies.Trial
	for _, example := range book.Examples.V {
		ground := policies.PlainGround(s.Places.Zone)
		if example.Resource != "" {
			place, _, err := s.Places.PlaceBySlug(ctx, d, example.Resource)
			if err != nil {
				return nil, fault.InvalidField("examples", "rules.example_place", fault.Params{"name": example.Name, "value": example.Resource})
			}
			ground.Place, ground.City = place.Policy(), place.Unit.City
		}
		trial, err := example.Try(composed, ground)
		if err != nil {
			return nil, err
		}
		trials = append(trials, trial)
	}
	return trials, nil
}

// Withdraw makes a version that is not in force yet a draft again. Conflict:
// rules.in_force.
func (s *Service) Withdraw(ctx context.Context, actor accounts.Actor, key string, version int) (draft resources.RuleBook, err error) {
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.Places.BookVersion(ctx, tx, key, version)
		if err != nil {
			return edit{}, err
		}
		if err := mayRule(actor, before.Unit); err != nil {
			return edit{}, err
		}
		if before.State != "live" || !before.ValidFrom.After(s.Now()) {
			return edit{}, fault.New(fault.Conflict, "rules.in_force")
		}
		draft = before
		draft.State, draft.ValidFrom, draft.PublishedAt, draft.PublishedBy = "draft", nil, nil, nil
		if draft, err = s.Places.UpdateRuleBook(ctx, tx, draft); err == nil {
			err = s.dropStrands(ctx, tx, actor, before)
		}
		return ruleEdit("rules.withdrawn", before, before, draft), err
	})
	return draft, err
}
