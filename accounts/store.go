package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/db"
)

// rightsColumns are a person with roles and memberships (of associations that
// are not archived) in one row.
const rightsColumns = `
	p.id AS person_id, p.uid AS person_uid, p.email AS person_email, p.name AS person_name, p.phone AS person_phone,
	p.language AS person_language, p.adult AS person_adult, p.adult_source AS person_adult_source,
	p.municipality AS person_municipality, p.municipality_source AS person_municipality_source,
	p.strong_at AS person_strong_at, p.strong_source AS person_strong_source, p.demo AS person_demo,
	p.created_at AS person_created_at,
	(SELECT jsonb_agg(jsonb_build_object('ID', r.id, 'Person', r.person, 'Unit', r.unit, 'Role', r.role, 'Mail', r.mail, 'CreatedAt', r.created_at) ORDER BY r.id)
	 FROM roles r WHERE r.person = p.id) AS roles,
	(SELECT jsonb_agg(jsonb_build_object('Association', m.association, 'Person', m.person, 'Role', m.role, 'CreatedAt', m.created_at) ORDER BY m.association)
	 FROM memberships m JOIN associations a ON a.id = m.association AND a.archived_at IS NULL
	 WHERE m.person = p.id) AS memberships`

// rightsRow is what those columns are read into.
type rightsRow struct {
	Session     int64
	SeenAt      time.Time
	Person      Person `gorm:"embedded;embeddedPrefix:person_"`
	Roles       db.JSON[[]Role]
	Memberships db.JSON[[]Membership]
}

func (r rightsRow) actor() Actor {
	if r.Person.ID == 0 {
		return Actor{}
	}
	return Actor{Person: &r.Person, Roles: r.Roles.V, Memberships: r.Memberships.V}
}

func findSession(ctx context.Context, d *db.DB, hash []byte, now time.Time) (rightsRow, error) {
	var row rightsRow
	err := d.Query(ctx, &row, `SELECT s.id AS session, s.seen_at,`+rightsColumns+`
		FROM sessions s LEFT JOIN people p ON p.id = s.person
		WHERE s.token_hash = ? AND s.expires_at > ? AND s.seen_at > ? AND p.erased_at IS NULL`,
		hash, now, now.Add(-SessionIdle))
	return row, err
}

func findPersonWithRights(ctx context.Context, d *db.DB, id int64) (rightsRow, error) {
	var row rightsRow
	err := d.Query(ctx, &row, `SELECT`+rightsColumns+` FROM people p WHERE p.id = ? AND p.erased_at IS NULL`, id)
	return row, err
}

func touchSession(ctx context.Context, d *db.DB, id int64, address string, now time.Time) error {
	_, err := d.Exec(ctx, "UPDATE sessions SET seen_at = ?, address = ? WHERE id = ? AND seen_at < ?", now, address, id, now)
	return err
}

type sessionRow struct {
	hash    []byte
	person  *int64
	address string
	at      time.Time
}

func insertSession(ctx context.Context, d *db.DB, row sessionRow) (int64, error) {
	var id int64
	err := d.Query(ctx, &id, `
		INSERT INTO sessions (person, token_hash, address, created_at, seen_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		row.person, row.hash, row.address, row.at, row.at, row.at.Add(SessionAge))
	return id, err
}

// carryOver gives holds and unused links of sessions to another one.
func carryOver(ctx context.Context, tx *db.DB, from db.Ints, to, person int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE reservations SET session = ?
		WHERE session = ANY(?::bigint[]) AND state = 'held'
		  AND (made_by IS NULL OR made_by = ?) AND (holder_person IS NULL OR holder_person = ?)`,
		to, from, person, person)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE sign_in_links SET session = ? WHERE session = ? AND used_at IS NULL", to, from[0])
	return err
}

// findPerson finds somebody by uid; an erased or unknown one is not found.
func findPerson(ctx context.Context, d *db.DB, uid string) (Person, error) {
	id, err := uuid.Parse(uid)
	if err != nil {
		return Person{}, notFound()
	}
	return onePerson(ctx, d, "uid = ?", id)
}

func onePerson(ctx context.Context, d *db.DB, where string, param any) (Person, error) {
	var person Person
	err := d.Query(ctx, &person, "SELECT * FROM people WHERE erased_at IS NULL AND "+where, param)
	if err == nil && person.ID == 0 {
		err = notFound()
	}
	return person, err
}

// storeWishes writes the mail wishes of a person's own roles and tells whether
// one of them is new.
func storeWishes(ctx context.Context, tx *db.DB, person int64, wishes map[int64]string) (bool, error) {
	changed := int64(0)
	for role, wish := range wishes {
		n, err := tx.Exec(ctx, "UPDATE roles SET mail = ? WHERE id = ? AND person = ? AND mail IS DISTINCT FROM ?", wish, role, person, wish)
		if err != nil {
			return false, err
		}
		changed += n
	}
	return changed > 0, nil
}
