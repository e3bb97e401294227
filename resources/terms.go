package resources

import (
	"cmp"
	"context"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/web/locales"
)

// Terms is one version of a text that bookers accept; rules name it by its key.
// Unit nil = for the whole city. A live version is never changed.
type Terms struct {
	ID        int `gorm:"primaryKey"`
	UID       uuid.UUID
	Key       string
	Unit      *int
	Version   int
	State     string // draft or live
	ValidFrom *time.Time
	Title     locales.Texts
	Body      locales.Texts
	Decision  db.JSON[Decision]
	Revision  int
}

// TableName is the table of all versions of all terms.
func (Terms) TableName() string { return "terms" }

const maxTermsBody = 50_000 // characters

func (t Terms) check() error {
	var f form
	f.refuse(!keyForm.MatchString(t.Key) || len(t.Key) > maxName, "key", "rules.bad_key")
	f.refuse(t.State != "draft" && t.State != "live", "state", "rules.bad_state")
	f.refuse(t.State == "live" && t.ValidFrom == nil, "valid_from", "rules.valid_from_missing")
	f.refuseText(t.Title, "title", maxName)
	f.refuseText(t.Body, "body", maxTermsBody)
	return invalid(f.fields)
}

// refuseText wants a text of at most so many characters in each language.
func (f *form) refuseText(text locales.Texts, name string, most int) {
	longest := max(utf8.RuneCountInString(text.Fi), utf8.RuneCountInString(text.Sv), utf8.RuneCountInString(text.En))
	f.refuse(longest == 0, name, "terms.text_missing")
	f.refuse(longest > most, name, "too_long")
}

// AddTerms stores the next version of terms, counted from 1. A live version
// must say from when it is valid.
func (s *Service) AddTerms(ctx context.Context, tx *db.DB, terms Terms) (Terms, error) {
	terms.ID, terms.Revision = 0, 1
	if err := cmp.Or(terms.check(), identify(&terms.UID)); err != nil {
		return Terms{}, err
	}
	if terms.Unit != nil {
		if err := s.lockUnit(ctx, tx, *terms.Unit); err != nil {
			return Terms{}, err
		}
	}
	latest, err := s.latestTerms(ctx, tx, terms.Key)
	if err != nil {
		return Terms{}, err
	}
	terms.Version = latest + 1
	if err := create(ctx, tx, &terms, "rules.version_taken"); err != nil {
		return Terms{}, err
	}
	return terms, nil
}

func termsNotFound() error { return fault.New(fault.NotFound, "terms.not_found") }
