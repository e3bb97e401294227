package catalogue

import (
	"context"
	"slices"
	"unicode/utf8"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// Rulebook is a key with all its versions.
type Rulebook struct {
	Key      string
	Unit     *int                 // nil = for the whole city
	Versions []resources.RuleBook // the newest first
	Users    int                  // resources that follow it
}

// Live is the version that is in force, or nil.
func (b Rulebook) Live(s *Service) *resources.RuleBook {
	var found *resources.RuleBook
	for i := range b.Versions {
		v := &b.Versions[i]
		if v.State == "live" && !v.ValidFrom.After(s.Now()) && (found == nil || v.ValidFrom.After(*found.ValidFrom)) {
			found = v
		}
	}
	return found
}

// Coming are the live versions that are not in force yet, the next first.
func (b Rulebook) Coming(s *Service) []resources.RuleBook {
	list := slices.DeleteFunc(slices.Clone(b.Versions), func(v resources.RuleBook) bool { return v.State != "live" || !v.ValidFrom.After(s.Now()) })
	slices.SortFunc(list, func(a, b resources.RuleBook) int { return a.ValidFrom.Compare(*b.ValidFrom) })
	return list
}

// Drafts are the versions that nobody has published.
func (b Rulebook) Drafts() []resources.RuleBook {
	return slices.DeleteFunc(slices.Clone(b.Versions), func(v resources.RuleBook) bool { return v.State != "draft" })
}

// Rulebooks are the books of the city and of the units that the actor looks
// after, by key.
func (s *Service) Rulebooks(ctx context.Context, actor accounts.Actor) ([]Rulebook, error) {
	if units, all := actor.WorkUnits(accounts.Manager); !all && len(units) == 0 {
		return nil, mayManageCity(actor)
	}
	versions, err := s.Places.Books(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	users, err := s.Places.BookUsers(ctx, s.DB)
	var books []Rulebook
	for _, version := range versions {
		if version.Unit != nil && mayManage(actor, *version.Unit) != nil {
			continue
		}
		if len(books) == 0 || books[len(books)-1].Key != version.Key {
			books = append(books, Rulebook{Key: version.Key, Unit: version.Unit, Users: users[version.Key]})
		}
		last := &books[len(books)-1]
		last.Versions = append(last.Versions, version)
	}
	return books, err
}

// Rulebook is one book; of a unit that the actor does not look after it is not
// found.
func (s *Service) Rulebook(ctx context.Context, actor accounts.Actor, key string) (Rulebook, error) {
	books, err := s.Rulebooks(ctx, actor)
	if err != nil {
		return Rulebook{}, err
	}
	i := slices.IndexFunc(books, func(b Rulebook) bool { return b.Key == key })
	if i < 0 {
		return Rulebook{}, fault.New(fault.NotFound, "rules.not_found")
	}
	return books[i], nil
}

// mayRule refuses whoever may not write a book: those of the city are its
// administrators', those of a unit its managers'.
func mayRule(actor accounts.Actor, unit *int) error {
	if unit == nil {
		return mayManageCity(actor)
	}
	return mayManage(actor, *unit)
}

// MayRule tells whether the actor writes the books of a unit, or of the city.
func (s *Service) MayRule(actor accounts.Actor, unit *int) bool { return mayRule(actor, unit) == nil }

// DraftBook makes the next version of a rule book as a draft; the first version
// makes the book. Invalid: the mistakes of the rules, rules.key_taken (a book of
// somebody else), rules.base_missing, rules.base_unknown, rules.base_on_base,
// rules.base_of_others, rules.id_in_base.
func (s *Service) DraftBook(ctx context.Context, actor accounts.Actor, draft resources.RuleBook) (made resources.RuleBook, err error) {
	if err := mayRule(actor, draft.Unit); err != nil {
		return made, err
	}
	now := s.Now()
	draft.State, draft.ValidFrom, draft.PublishedAt, draft.PublishedBy = "draft", nil, nil, nil
	draft.UID, draft.MadeAt, draft.MadeBy = [16]byte{}, &now, personOf(actor)
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		if err := s.fitsBook(ctx, tx, draft); err != nil {
			return edit{}, err
		}
		made, err = s.Places.AddRuleBook(ctx, tx, draft)
		return ruleEdit("rules.drafted", made, nil, made), err
	})
	return made, err
}

// SaveDraft changes a draft in the revision that was read; a version that is
// live is refused, rules.live_unchanged.
func (s *Service) SaveDraft(ctx context.Context, actor accounts.Actor, draft resources.RuleBook) (saved resources.RuleBook, err error) {
	err = s.changeDraft(ctx, actor, draft, func(tx *db.DB, before resources.RuleBook) (edit, error) {
		draft.UID, draft.ID, draft.Unit, draft.State, draft.ValidFrom = before.UID, before.ID, before.Unit, before.State, nil
		draft.MadeAt, draft.MadeBy, draft.PublishedAt, draft.PublishedBy = before.MadeAt, before.MadeBy, nil, nil
		if err := s.fitsBook(ctx, tx, draft); err != nil {
			return edit{}, err
		}
		saved, err = s.Places.UpdateRuleBook(ctx, tx, draft)
		return ruleEdit("rules.draft_saved", before, before, saved), err
	})
	return saved, err
}

// DiscardDraft deletes a draft.
func (s *Service) DiscardDraft(ctx context.Context, actor accounts.Actor, draft resources.RuleBook) error {
	return s.changeDraft(ctx, actor, draft, func(tx *db.DB, before resources.RuleBook) (edit, error) {
		if draft.Revision != before.Revision {
			return edit{}, fault.New(fault.Stale, "stale")
		}
		return ruleEdit("rules.draft_discarded", before, before, nil), s.Places.RemoveRuleBook(ctx, tx, before.ID)
	})
}

func (s *Service) changeDraft(ctx context.Context, actor accounts.Actor, draft resources.RuleBook, change func(tx *db.DB, before resources.RuleBook) (edit, error)) error {
	return s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		before, err := s.Places.BookVersion(ctx, tx, draft.Key, draft.Version)
		if err != nil {
			return edit{}, err
		}
		if err := mayRule(actor, before.Unit); err != nil {
			return edit{}, err
		}
		if before.State != "draft" {
			return edit{}, fault.New(fault.Conflict, "rules.live_unchanged")
		}
		return change(tx, before)
	})
}

func ruleEdit(action string, book resources.RuleBook, before, after any) edit {
	unit := 0
	if book.Unit != nil {
		unit = *book.Unit
	}
	return edit{unit, action, "rule_book:" + book.Key, before, after}
}

func personOf(actor accounts.Actor) *int64 {
	if actor.Person == nil {
		return nil
	}
	return &actor.Person.ID
}

// fitsBook asks of a draft what only the other books know.
func (s *Service) fitsBook(ctx context.Context, tx *db.DB, draft resources.RuleBook) error {
	if utf8.RuneCountInString(draft.Decision.V.Reference) > longestReference || utf8.RuneCountInString(draft.Decision.V.Address) > 2*longestReference {
		return fault.InvalidField("reference", "too_long", fault.Params{"max": longestReference})
	}
	if draft.Name == (locales.Texts{}) {
		return fault.InvalidField("name_fi", "rules.name_missing")
	}
	all, err := s.Places.Books(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Key == draft.Key && !sameUnit(other.Unit, draft.Unit) {
			return fault.InvalidField("key", "rules.key_taken", fault.Params{"value": draft.Key})
		}
	}
	return s.fitsBase(draft, all)
}

func sameUnit(a, b *int) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// fitsBase wants a base of the whole city that stands on nothing, and rules
// whose ids the base does not have. A unit's own book stands on one.
func (s *Service) fitsBase(draft resources.RuleBook, all []resources.RuleBook) error {
	if draft.Base == "" {
		if draft.Unit != nil {
			return fault.InvalidField("base", "rules.base_missing")
		}
		return nil
	}
	if slices.ContainsFunc(all, func(b resources.RuleBook) bool { return b.Base == draft.Key }) || draft.Base == draft.Key {
		return fault.InvalidField("base", "rules.base_of_others")
	}
	base := Rulebook{Versions: slices.DeleteFunc(slices.Clone(all), func(b resources.RuleBook) bool { return b.Key != draft.Base || b.Unit != nil })}
	if len(base.Versions) == 0 {
		return fault.InvalidField("base", "rules.base_unknown", fault.Params{"value": draft.Base})
	}
	if slices.ContainsFunc(base.Versions, func(b resources.RuleBook) bool { return b.State == "live" && b.Base != "" }) {
		return fault.InvalidField("base", "rules.base_on_base", fault.Params{"value": draft.Base})
	}
	if live := base.Live(s); live != nil {
		return idsInBase(draft.Rules.V, live.Rules.V)
	}
	return nil
}

// idsInBase names the rules that have the id of one of the shared book.
func idsInBase(own, shared policies.Rules) error {
	var fields []fault.Field
	for _, rule := range own.Rules {
		if slices.ContainsFunc(shared.Rules, func(r policies.Rule) bool { return r.ID == rule.ID }) {
			fields = append(fields, fault.Field{Name: rule.ID + ".id", Code: "rules.id_in_base", Params: fault.Params{"rule": rule.ID, "field": "id"}})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
}
