package resources

import (
	"regexp"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/policies"
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
