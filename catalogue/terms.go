package catalogue

import (
	"context"
	"slices"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// TermsVersions are all versions of the terms that the actor may read: those of
// the city and of the units that it looks after.
func (s *Service) TermsVersions(ctx context.Context, actor accounts.Actor) ([]resources.Terms, error) {
	if units, all := actor.WorkUnits(accounts.Manager); !all && len(units) == 0 {
		return nil, mayManageCity(actor)
	}
	list, err := s.Places.AllTerms(ctx, s.DB)
	return slices.DeleteFunc(list, func(t resources.Terms) bool { return t.Unit != nil && mayManage(actor, *t.Unit) != nil }), err
}

// DraftTerms makes the next version of terms as a draft.
func (s *Service) DraftTerms(ctx context.Context, actor accounts.Actor, terms resources.Terms) (made resources.Terms, err error) {
	if err := mayRule(actor, terms.Unit); err != nil {
		return made, err
	}
	terms.State, terms.ValidFrom, terms.UID = "draft", nil, [16]byte{}
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		others, err := s.Places.AllTerms(ctx, tx)
		if err != nil {
			return edit{}, err
		}
		for _, other := range others {
			if other.Key == terms.Key && !sameUnit(other.Unit, terms.Unit) {
				return edit{}, fault.InvalidField("key", "rules.key_taken", fault.Params{"value": terms.Key})
			}
		}
		made, err = s.Places.AddTerms(ctx, tx, terms)
		return termsEdit("terms.drafted", made, nil, made), err
	})
	return made, err
}

// SaveTerms changes a draft in the revision that was read and, with from,
// publishes it: from then on it never changes.
func (s *Service) SaveTerms(ctx context.Context, actor accounts.Actor, terms resources.Terms, from *time.Time) (saved resources.Terms, err error) {
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		all, err := s.Places.AllTerms(ctx, tx)
		if err != nil {
			return edit{}, err
		}
		i := slices.IndexFunc(all, func(t resources.Terms) bool { return t.Key == terms.Key && t.Version == terms.Version })
		if i < 0 {
			return edit{}, fault.New(fault.NotFound, "terms.not_found")
		}
		before := all[i]
		if err := mayRule(actor, before.Unit); err != nil {
			return edit{}, err
		}
		if before.State != "draft" {
			return edit{}, fault.New(fault.Conflict, "rules.live_unchanged")
		}
		next, action := before, "terms.saved"
		next.Title, next.Body, next.Decision, next.Revision = terms.Title, terms.Body, terms.Decision, terms.Revision
		if from != nil {
			if err := s.termsMoment(all, next, *from); err != nil {
				return edit{}, err
			}
			next.State, next.ValidFrom, action = "live", from, "terms.published"
		}
		saved, err = s.Places.UpdateTerms(ctx, tx, next)
		return termsEdit(action, before, before, saved), err
	})
	return saved, err
}

// termsMoment refuses a moment in the past, or that of another version.
func (s *Service) termsMoment(all []resources.Terms, next resources.Terms, from time.Time) error {
	if from.Before(s.Now()) {
		return fault.InvalidField("valid_from", "rules.valid_from_past")
	}
	for _, other := range all {
		if other.Key == next.Key && other.State == "live" && other.ValidFrom.Equal(from) {
			return fault.InvalidField("valid_from", "rules.valid_from_taken", fault.Params{"version": other.Version})
		}
	}
	return nil
}

func termsEdit(action string, terms resources.Terms, before, after any) edit {
	unit := 0
	if terms.Unit != nil {
		unit = *terms.Unit
	}
	return edit{unit, action, "terms:" + terms.Key, before, after}
}
