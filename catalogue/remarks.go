package catalogue

import (
	"context"
	"slices"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
)

// Remarks says what is odd about a version, for the places that follow it. Of
// its rules it speaks by themselves: those of a shared book beneath may well
// stand before them. What concerns the whole is asked of both together.
func (s *Service) Remarks(ctx context.Context, d *db.DB, book resources.RuleBook) ([]policies.Remark, error) {
	composed, err := s.Places.Composed(ctx, d, book, s.momentOf(book))
	if err != nil {
		return nil, err
	}
	places, shared, err := s.followers(ctx, d, book.Key)
	if err != nil {
		return nil, err
	}
	own := book.Rules.V
	own.Questions = composed.Rules.Questions
	list := slices.DeleteFunc(own.Remarks(places), func(r policies.Remark) bool { return r.Rule == "" })
	for _, remark := range composed.Rules.Remarks(places) {
		switch {
		case remark.Rule != "":
		case shared && remark.Code != "rules.price_unknown": // the books above it may use its tariffs, and allow
		case remark.Code == "rules.unused_tariff" && !slices.ContainsFunc(own.Tariffs, func(t policies.Tariff) bool { return t.Key == remark.Params["value"] }):
		default:
			list = append(list, remark)
		}
	}
	return list, nil
}

// followers are the places that follow a book or one that stands on it; shared
// tells whether such a one is there.
func (s *Service) followers(ctx context.Context, d *db.DB, key string) (places []policies.Place, shared bool, err error) {
	books, err := s.Places.Books(ctx, d)
	if err != nil {
		return nil, false, err
	}
	keys := []string{key}
	for _, other := range books {
		if other.Base == key {
			keys, shared = append(keys, other.Key), true
		}
	}
	all, err := s.Places.Places(ctx, d, resources.Filter{IncludeUnpublished: true})
	for _, place := range all {
		if slices.Contains(keys, place.Resource.RuleBook) {
			places = append(places, place.Policy())
		}
	}
	return places, shared, err
}

// RemarkFault is what keeps a version from going live: the remarks that are
// errors, each at its rule; nil where there is none.
func RemarkFault(remarks []policies.Remark) error {
	refused := &fault.Error{Kind: fault.Invalid}
	for _, remark := range remarks {
		if remark.Severity == policies.SeverityError {
			refused.Fields = append(refused.Fields, fault.Field{Name: remark.Rule, Code: remark.Code, Params: remark.Params})
		}
	}
	if len(refused.Fields) == 0 {
		return nil
	}
	refused.Code, refused.Params = refused.Fields[0].Code, refused.Fields[0].Params
	return refused
}
