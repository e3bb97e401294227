package accounts

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// The longest name and telephone number, in characters.
const (
	MaxName  = 100
	MaxPhone = 30
)

// Profile is what people say about themselves.
type Profile struct {
	Name     string
	Phone    string // "" = none
	Language string // fi, sv or en
	// Wishes are which new reservations staff are mailed about, by id of the
	// role; roles that are not in it stay as they are.
	Wishes map[int64]string
}

// UpdateProfile stores the actor's profile and returns the person as it is
// then. Blanks around and in rows are tidied; every field that breaks a rule
// is reported.
func (s *Service) UpdateProfile(ctx context.Context, actor Actor, profile Profile) (Person, error) {
	switch {
	case !actor.SignedIn():
		return Person{}, unauthenticated()
	case !actor.HasScope(ScopeBook):
		return Person{}, forbidden()
	}
	if err := profile.tidy(); err != nil {
		return Person{}, err
	}
	now := s.Now()
	var person Person
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		var err error
		if person, err = lockPerson(ctx, tx, actor.ID()); err != nil {
			return err
		}
		changed := profile.changes(person)
		wished, err := storeWishes(ctx, tx, person.ID, profile.Wishes)
		if err != nil {
			return err
		}
		if wished {
			changed = append(changed, "mail")
		}
		if len(changed) == 0 {
			return nil
		}
		person.Name, person.Phone, person.Language = profile.Name, profile.Phone, profile.Language
		if _, err = tx.Exec(ctx, "UPDATE people SET name = ?, phone = ?, language = ? WHERE id = ?",
			person.Name, person.Phone, person.Language, person.ID); err != nil {
			return err
		}
		// which, not what: the trail needs no second copy of names and numbers
		return ledger.Append(ctx, tx, entry(actor.Name(), "person.changed", personObject(person), map[string]any{"changed": changed}).When(now))
	})
	return person, err
}

// tidy brings a profile into the form that is stored, or tells what is wrong.
func (p *Profile) tidy() error {
	var fields []fault.Field
	for _, check := range []struct {
		name string
		err  error
	}{
		{"name", tidyName(&p.Name)},
		{"phone", tidyPhone(&p.Phone)},
		{"language", checkLanguage(p.Language)},
		{"mail", checkWishes(p.Wishes)},
	} {
		if check.err != nil {
			f := fault.As(check.err)
			fields = append(fields, fault.Field{Name: check.name, Code: f.Code, Params: f.Params})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
}

func (p Profile) changes(person Person) []string {
	var changed []string
	for _, field := range []struct {
		name     string
		was, now string
	}{{"name", person.Name, p.Name}, {"phone", person.Phone, p.Phone}, {"language", person.Language, p.Language}} {
		if field.was != field.now {
			changed = append(changed, field.name)
		}
	}
	return changed
}

func tidyName(name *string) error {
	if !utf8.ValidString(*name) || strings.ContainsFunc(*name, unprintable) {
		return fault.New(fault.Invalid, "profile.name_bad_characters")
	}
	*name = strings.Join(strings.Fields(*name), " ")
	switch {
	case *name == "":
		return fault.New(fault.Invalid, "profile.name_missing")
	case utf8.RuneCountInString(*name) > MaxName:
		return fault.New(fault.Invalid, "profile.name_too_long", fault.Params{"max": MaxName})
	}
	return nil
}

func tidyPhone(phone *string) error {
	*phone = strings.Trim(*phone, " ")
	digits := 0
	for _, r := range *phone {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() ", r):
			return fault.New(fault.Invalid, "profile.phone_bad")
		}
	}
	switch {
	case len(*phone) > MaxPhone:
		return fault.New(fault.Invalid, "profile.phone_too_long", fault.Params{"max": MaxPhone})
	case *phone != "" && digits < 5:
		return fault.New(fault.Invalid, "profile.phone_bad")
	}
	return nil
}

func checkLanguage(language string) error {
	if !knownLanguage(language) {
		return fault.New(fault.Invalid, "profile.language_unknown")
	}
	return nil
}

func checkWishes(wishes map[int64]string) error {
	for _, wish := range wishes {
		if !slices.Contains(MailWishes, wish) {
			return fault.New(fault.Invalid, "profile.mail_unknown")
		}
	}
	return nil
}

func knownLanguage(language string) bool { return slices.Contains(locales.Languages, language) }

// unprintable are control characters, line and paragraph separators, and the
// marks that turn the direction of the text after a name.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}
