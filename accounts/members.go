package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
)

// MemberRoles are the roles in an association, from mild to strong.
var MemberRoles = []string{Member, Booker, Admin}

// MemberCard is somebody who belongs to an association, as its admins see them.
type MemberCard struct {
	UID       uuid.UUID
	Name      string // "" = not told
	Email     string
	Role      string
	CreatedAt time.Time
}

// Members lists who belongs to an association, by name: for its admins and the
// city's.
func (s *Service) Members(ctx context.Context, actor Actor, uid uuid.UUID) ([]MemberCard, error) {
	association, err := s.managed(ctx, actor, uid)
	if err != nil {
		return nil, err
	}
	var members []MemberCard
	err = s.DB.Query(ctx, &members, `SELECT p.uid, p.name, COALESCE(p.email, '') AS email, m.role, m.created_at
		FROM memberships m JOIN people p ON p.id = m.person
		WHERE m.association = ? AND p.erased_at IS NULL ORDER BY lower(p.name), p.email, p.id`, association.ID)
	return members, err
}

// managed finds an association that the actor manages.
func (s *Service) managed(ctx context.Context, actor Actor, uid uuid.UUID) (Association, error) {
	association, err := FindAssociation(ctx, s.DB, actor, uid)
	if err == nil && !Can(actor, ManageAssociation, Object{HolderAssociation: association.ID}) {
		err = forbidden()
	}
	return association, err
}

// ChangeMember gives a member another role. Who can do more from now on signs
// in again; who can do less can at the next request.
func (s *Service) ChangeMember(ctx context.Context, actor Actor, uid, person uuid.UUID, role string) error {
	if err := checkMemberRole(role); err != nil {
		return err
	}
	return s.open(ctx, actor, uid, ManageAssociation, func(w *editing) error {
		m, err := w.member(ctx, person)
		if err != nil || m.Role == role {
			return err
		}
		if err := w.spareLastAdmin(ctx, m); err != nil {
			return err
		}
		if _, err := w.tx.Exec(ctx, "UPDATE memberships SET role = ? WHERE association = ? AND person = ?", role, w.association.ID, m.Person); err != nil {
			return err
		}
		w.note("member.changed", "person:"+person.String(), w.right(role, m.Role))
		if slices.Index(MemberRoles, role) < slices.Index(MemberRoles, m.Role) {
			return touchFeeds(ctx, w.tx, m.Person, w.at)
		}
		return raised(ctx, w.tx, m.Person, w.ownSession(m.Person), w.at)
	})
}

// ownSession is the session to keep when it is the actor who rises.
func (w *editing) ownSession(person int64) int64 {
	if person == w.actor.ID() {
		return w.actor.Session
	}
	return 0
}

// RemoveMember ends a membership at once: an admin's doing, or one's own.
func (s *Service) RemoveMember(ctx context.Context, actor Actor, uid, person uuid.UUID) error {
	action, audit := ManageAssociation, "member.removed"
	if actor.SignedIn() && actor.Person.UID == person {
		action, audit = LeaveAssociation, "member.left"
	}
	return s.open(ctx, actor, uid, action, func(w *editing) error {
		m, err := w.member(ctx, person)
		if err != nil {
			return err
		}
		if err := w.spareLastAdmin(ctx, m); err != nil {
			return err
		}
		if _, err := w.tx.Exec(ctx, "DELETE FROM memberships WHERE association = ? AND person = ?", w.association.ID, m.Person); err != nil {
			return err
		}
		w.note(audit, "person:"+person.String(), w.right("", m.Role))
		return touchFeeds(ctx, w.tx, m.Person, w.at)
	})
}

func (w *editing) right(role, before string) map[string]any {
	return map[string]any{"association": w.association.UID, "role": role, "before": before}
}

func (w *editing) member(ctx context.Context, person uuid.UUID) (Membership, error) {
	var m Membership
	err := w.tx.Query(ctx, &m, `SELECT m.* FROM memberships m JOIN people p ON p.id = m.person
		WHERE m.association = ? AND p.uid = ?`, w.association.ID, person)
	if err == nil && m.Person == 0 {
		err = fault.New(fault.NotFound, "association.no_member")
	}
	return m, err
}

// spareLastAdmin keeps an association from being left to nobody. The row of the
// association is locked, so two admins cannot remove each other at once.
func (w *editing) spareLastAdmin(ctx context.Context, m Membership) error {
	if m.Role != Admin {
		return nil
	}
	var admins int
	err := w.tx.Query(ctx, &admins, "SELECT count(*) FROM memberships WHERE association = ? AND role = 'admin'", w.association.ID)
	if err == nil && admins < 2 {
		err = fault.New(fault.Refused, "association.last_admin", fault.Params{"association": w.association.Name})
	}
	return err
}

// join makes a person a member by an invitation. Who became one on another way
// meanwhile stays what they are.
func join(ctx context.Context, tx *db.DB, m Membership, keep int64) error {
	added, err := tx.Exec(ctx, "INSERT INTO memberships (association, person, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		m.Association, m.Person, m.Role, m.CreatedAt)
	if err != nil || added == 0 {
		return err
	}
	return raised(ctx, tx, m.Person, keep, m.CreatedAt)
}

func checkMemberRole(role string) error {
	if !slices.Contains(MemberRoles, role) {
		return fault.InvalidField("role", "role.unknown", fault.Params{"role": role})
	}
	return nil
}
