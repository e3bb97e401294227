package accounts

import (
	"context"
	"time"

	"vuoro/db"
)

func insertPerson(ctx context.Context, tx *db.DB, p *Person) error {
	return tx.Query(ctx, &p.ID, `
		INSERT INTO people (uid, email, name, phone, language, adult, adult_source, municipality, municipality_source,
			strong_at, strong_source, demo, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		p.UID, p.Email, p.Name, p.Phone, p.Language, p.Adult, p.AdultSource, p.Municipality, p.MunicipalitySource,
		p.StrongAt, p.StrongSource, p.Demo, p.CreatedAt)
}

func insertAssociation(ctx context.Context, tx *db.DB, a *Association) error {
	return tx.Query(ctx, &a.ID, `
		INSERT INTO associations (uid, name, kind, municipality, registered, under_18, unverified, demo, created_at, archived_at,
			under_18_share, agreements, revision)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		a.UID, a.Name, a.Kind, a.Municipality, a.Registered, a.Under18, a.Unverified, a.Demo, a.CreatedAt, a.ArchivedAt,
		a.Under18Share, a.Agreements, a.Revision)
}

// insertLink forgets a session that ended meanwhile.
func insertLink(ctx context.Context, tx *db.DB, l link) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO sign_in_links (id, email, session, return_to, draft, invited, language, created_at, expires_at)
		VALUES (?, ?, (SELECT s.id FROM sessions s WHERE s.id = ?), ?, ?, ?, ?, ?, ?)`,
		l.ID, l.Email, l.Session, l.ReturnTo, l.Draft, l.Invited, l.Language, l.CreatedAt, l.ExpiresAt)
	return err
}

func lockPerson(ctx context.Context, tx *db.DB, id int64) (Person, error) {
	var person Person
	err := tx.Query(ctx, &person, "SELECT * FROM people WHERE id = ? AND erased_at IS NULL FOR NO KEY UPDATE", id)
	if err == nil && person.ID == 0 {
		err = unauthenticated()
	}
	return person, err
}

func insertToken(ctx context.Context, tx *db.DB, t Token, hash []byte) (int64, error) {
	var id int64
	err := tx.Query(ctx, &id, `
		INSERT INTO api_tokens (uid, person, name, token_hash, scopes, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?::text[], ?, ?) RETURNING id`,
		t.UID, t.Person, t.Name, hash, t.Scopes, t.CreatedAt, t.ExpiresAt)
	return id, err
}

// tokenRow is a token with its person's rights.
type tokenRow struct {
	Rights rightsRow `gorm:"embedded"`
	Token  int64
	Scopes db.Strings
	UsedAt *time.Time
}

func findToken(ctx context.Context, d *db.DB, hash []byte, now time.Time) (tokenRow, error) {
	var row tokenRow
	err := d.Query(ctx, &row, `SELECT t.id AS token, t.scopes, t.used_at,`+rightsColumns+`
		FROM api_tokens t JOIN people p ON p.id = t.person
		WHERE t.token_hash = ? AND t.expires_at > ? AND t.revoked_at IS NULL AND p.erased_at IS NULL`, hash, now)
	return row, err
}

func listTokens(ctx context.Context, d *db.DB, person int64, now time.Time) ([]Token, error) {
	var tokens []Token
	err := d.Query(ctx, &tokens, `SELECT id, uid, person, name, scopes, created_at, expires_at, used_at, revoked_at
		FROM api_tokens WHERE person = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY id DESC`, person, now)
	return tokens, err
}
