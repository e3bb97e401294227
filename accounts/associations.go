package accounts

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
)

// Kinds of associations, as stored, in the order in which they are offered.
var Kinds = []string{"association", "residents_group", "company", "religious", "political"}

// The longest texts of an association, in characters.
const (
	MaxAssociationName = 100
	maxRegistered      = 30
	maxMunicipality    = 60
)

// AssociationForm is what an association says of itself.
type AssociationForm struct {
	Name         string
	Kind         string // one of Kinds
	Municipality string // "" = not said
	Registered   string // number in its register, "" = none
}

// RegisterAssociation makes an association with the actor as its first admin.
// Until staff confirm it, it has no terms of a registered or local one.
func (s *Service) RegisterAssociation(ctx context.Context, actor Actor, form AssociationForm) (Association, error) {
	switch {
	case !actor.SignedIn():
		return Association{}, unauthenticated()
	case !actor.HasScope(ScopeAdmin):
		return Association{}, forbidden()
	}
	if err := form.tidy(); err != nil {
		return Association{}, err
	}
	now := s.Now()
	var made Association
	err := s.DB.Tx(ctx, func(tx *db.DB) error {
		if err := associationsPerPerson.count(ctx, tx, actor.Person.UID.String(), now); err != nil {
			return err
		}
		made = Association{Unverified: true, Demo: actor.Person.Demo, CreatedAt: now}
		form.fill(&made)
		if err := AddAssociation(ctx, tx, &made); err != nil {
			return err
		}
		// one's own session goes on: to be admin of what one has just made is no right that could have been stolen
		if err := AddMembership(ctx, tx, Membership{Association: made.ID, Person: actor.ID(), Role: Admin, CreatedAt: now}); err != nil {
			return err
		}
		return ledger.Append(ctx, tx, entry(actor.Name(), "association.registered", associationObject(made), form).When(now))
	})
	return made, err
}

// ChangeAssociation stores what an admin of the association, or staff of the
// city, say of it. What an admin changes is to be confirmed anew.
func (s *Service) ChangeAssociation(ctx context.Context, actor Actor, uid uuid.UUID, revision int, form AssociationForm) (Association, error) {
	if err := form.tidy(); err != nil {
		return Association{}, err
	}
	return s.edit(ctx, actor, uid, revision, func(w *editing) error {
		before := formOf(w.association)
		if before == form {
			return nil
		}
		form.fill(&w.association)
		w.association.Unverified = w.association.Unverified || !Can(w.actor, ManageCity, Object{})
		return w.write(ctx, "association.changed", map[string]any{"before": before, "after": form})
	})
}

// tidy brings a form into what is stored, or tells what is wrong with it.
func (f *AssociationForm) tidy() error {
	var fields []fault.Field
	for _, check := range []struct {
		name  string
		value *string
		max   int
	}{{"name", &f.Name, MaxAssociationName}, {"municipality", &f.Municipality, maxMunicipality}, {"registered", &f.Registered, maxRegistered}} {
		if problem := tidyLine(check.value, check.max); problem != nil {
			fields = append(fields, fault.Field{Name: check.name, Code: problem.Code, Params: problem.Params})
		}
	}
	if f.Name == "" {
		fields = append(fields, fault.Field{Name: "name", Code: "association.name_missing"})
	}
	if !slices.Contains(Kinds, f.Kind) {
		fields = append(fields, fault.Field{Name: "kind", Code: "association.bad_kind"})
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
}

// tidyLine makes one line without needless blanks.
func tidyLine(text *string, longest int) *fault.Error {
	if !utf8.ValidString(*text) || strings.ContainsFunc(*text, unprintable) {
		return fault.New(fault.Invalid, "association.bad_characters")
	}
	*text = strings.Join(strings.Fields(*text), " ")
	if utf8.RuneCountInString(*text) > longest {
		return fault.New(fault.Invalid, "association.too_long", fault.Params{"max": longest})
	}
	return nil
}

func (f AssociationForm) fill(a *Association) {
	a.Name, a.Kind, a.Municipality, a.Registered = f.Name, f.Kind, f.Municipality, f.Registered
}

func formOf(a Association) AssociationForm {
	return AssociationForm{Name: a.Name, Kind: a.Kind, Municipality: a.Municipality, Registered: a.Registered}
}

func associationObject(a Association) string { return "association:" + a.UID.String() }

// editing is a change of an association under way: its row is locked, and the
// actor's rights were read after that.
type editing struct {
	tx          *db.DB
	actor       Actor
	association Association
	at          time.Time
	audit       *ledger.Entry // written last
}

// open runs a change of an association: locks it, reads the actor's rights
// again, refuses who may not see it as not found and who may not manage it as
// forbidden, and writes the audit entry last.
func (s *Service) open(ctx context.Context, actor Actor, uid uuid.UUID, action Action, change func(w *editing) error) error {
	if !actor.SignedIn() && !actor.System {
		return unauthenticated()
	}
	now := s.Now()
	return s.DB.Tx(ctx, func(tx *db.DB) error {
		if _, err := tx.Exec(ctx, "SELECT 1 FROM associations WHERE uid = ? FOR NO KEY UPDATE", uid); err != nil {
			return err
		}
		actor, err := Refresh(ctx, tx, actor)
		if err != nil {
			return err
		}
		w := &editing{tx: tx, actor: actor, at: now}
		if w.association, err = FindAssociation(ctx, tx, actor, uid); err != nil {
			return err
		}
		if !Can(actor, action, Object{HolderAssociation: w.association.ID}) {
			return forbidden()
		}
		if err := change(w); err != nil || w.audit == nil {
			return err
		}
		return ledger.Append(ctx, tx, *w.audit)
	})
}

// edit is open for a change of the association's own row, made from a revision;
// 0 = whatever it is.
func (s *Service) edit(ctx context.Context, actor Actor, uid uuid.UUID, revision int, change func(w *editing) error) (Association, error) {
	var after Association
	err := s.open(ctx, actor, uid, ManageAssociation, func(w *editing) error {
		if revision != 0 && revision != w.association.Revision {
			return fault.New(fault.Stale, "stale")
		}
		err := change(w)
		after = w.association
		return err
	})
	return after, err
}

// write stores the association's row and notes why.
func (w *editing) write(ctx context.Context, action string, values any) error {
	a := &w.association
	if err := w.onlyOne(ctx); err != nil {
		return err
	}
	written, err := w.tx.Exec(ctx, `UPDATE associations SET name = ?, kind = ?, municipality = ?, registered = ?, under_18 = ?, unverified = ?,
		archived_at = ?, under_18_share = ?, agreements = ?, revision = revision + 1 WHERE id = ? AND revision = ?`,
		a.Name, a.Kind, a.Municipality, a.Registered, a.Under18, a.Unverified, a.ArchivedAt, a.Under18Share, a.Agreements, a.ID, a.Revision)
	if err == nil && written != 1 {
		err = fault.New(fault.Stale, "stale")
	}
	a.Revision++
	w.note(action, associationObject(*a), values)
	return err
}

// onlyOne refuses a register number that is confirmed for another one: two of
// the same name would share terms and quota.
func (w *editing) onlyOne(ctx context.Context) error {
	a := w.association
	if a.Unverified || a.Registered == "" || a.ArchivedAt != nil {
		return nil
	}
	var other string
	err := w.tx.Query(ctx, &other, `SELECT name FROM associations
		WHERE registered = ? AND kind = ? AND NOT unverified AND archived_at IS NULL AND id <> ? LIMIT 1`, a.Registered, a.Kind, a.ID)
	if err == nil && other != "" {
		err = fault.InvalidField("registered", "association.number_taken", fault.Params{"number": a.Registered, "association": other})
	}
	return err
}

func (w *editing) note(action, object string, values any) {
	written := entry(w.actor.Name(), action, object, values).When(w.at)
	w.audit = &written
}
