package resources

import (
	"regexp"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/policies"
	"vuoro/web/locales"
)

// RuleBook is a row of a version of a rule book. Unit nil = for the whole city.
type RuleBook struct {
	ID        int `gorm:"primaryKey"`
	UID       uuid.UUID
	Key       string
	Unit      *int
	Version   int
	State     string // draft or live
	ValidFrom *time.Time
	Decision  db.JSON[Decision]
	Rules     db.JSON[policies.Rules]
	Revision  int

	Name        locales.Texts
	Base        string // key of the shared book whose rules follow its own; "" = none
	BaseFirst   bool   // they come before its own: the shared ones prevail
	Examples    db.JSON[[]policies.Example]
	MadeAt      *time.Time
	MadeBy      *int64
	PublishedAt *time.Time
	PublishedBy *int64
}

// Decision is the decision of the city that a rule book carries out.
type Decision struct {
	Reference string `json:"reference,omitempty"` // e.g. "City board 20.8.2018 § 505"
	Address   string `json:"address,omitempty"`   // where it can be read
}

// Book is the version as the checks see it.
func (b RuleBook) Book() policies.Book {
	return policies.Book{ID: b.ID, Key: b.Key, Version: b.Version, Decision: b.Decision.V.Reference, Rules: b.Rules.V}
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// check refuses a book that could not be followed; mistakes in its rules are
// those of policies.Rules.Validate.
func (b RuleBook) check() error {
	var f form
	f.refuse(!keyForm.MatchString(b.Key) || len(b.Key) > maxName, "key", "rules.bad_key")
	f.refuse(b.State != "draft" && b.State != "live", "state", "rules.bad_state")
	f.refuse(b.State == "live" && b.ValidFrom == nil, "valid_from", "rules.valid_from_missing")
	if err := invalid(f.fields); err != nil {
		return err
	}
	return b.Rules.V.Validate()
}

// dated is a book as it is from a moment on.
type dated struct {
	from time.Time
	book policies.Book
}

// inForce is what a book comes to over time, the newest first: one step for each
// of its own versions and of those of the shared book beneath it. Versions are
// all live, the newest first; shared are those of all keys.
func inForce(versions []RuleBook, shared map[string][]RuleBook) []dated {
	var steps []dated
	until := time.Time{} // from when the version above counts; zero = for ever
	for _, own := range versions {
		later := func(t time.Time) bool { return !until.IsZero() && !t.Before(until) }
		for _, base := range shared[own.Base] {
			if own.Base != "" && base.ValidFrom.After(*own.ValidFrom) && !later(*base.ValidFrom) {
				steps = append(steps, dated{*base.ValidFrom, own.on(base)})
			}
		}
		if !later(*own.ValidFrom) {
			steps = append(steps, dated{*own.ValidFrom, own.on(at(shared[own.Base], *own.ValidFrom))})
			until = *own.ValidFrom
		}
	}
	return steps
}

// on is the book on a version of the shared one; none has no key.
func (b RuleBook) on(base RuleBook) policies.Book {
	if base.Key == "" {
		return b.Book()
	}
	return b.Book().Over(base.Book(), b.BaseFirst)
}

// at is the version in force at a moment, of versions with the newest first.
func at(versions []RuleBook, moment time.Time) RuleBook {
	for _, version := range versions {
		if !version.ValidFrom.After(moment) {
			return version
		}
	}
	return RuleBook{}
}

func bookAt(steps []dated, now time.Time) policies.Book {
	for _, step := range steps {
		if !step.from.After(now) {
			return step.book
		}
	}
	return policies.Book{}
}
