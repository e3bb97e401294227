package catalogue

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
)

// Strand is a coming reservation that a version of a rule book would refuse or
// price differently.
type Strand struct {
	Reservation int64
	Unit        int
	Begin       time.Time
	End         time.Time
	Refused     bool
}

// accepted finds what a publication strands and refuses where the actor has seen
// another number. It is asked before the transaction, which could otherwise wait
// for a connection of its own; revision is that of the draft it was asked of.
func (s *Service) accepted(ctx context.Context, actor accounts.Actor, p Publication) (strands []Strand, revision int, err error) {
	draft, err := s.Places.BookVersion(ctx, s.DB, p.Key, p.Version)
	if err != nil {
		return nil, 0, err
	}
	if err := mayRule(actor, draft.Unit); err != nil {
		return nil, 0, err
	}
	if p.Revision != 0 && p.Revision != draft.Revision {
		return nil, 0, fault.New(fault.Stale, "stale")
	}
	if s.Strands == nil {
		return nil, draft.Revision, nil
	}
	if draft.ValidFrom = nil; !p.From.IsZero() {
		draft.ValidFrom = &p.From
	}
	if strands, err = s.Strands(ctx, actor, draft); err == nil && len(strands) != p.Accepted && len(strands) > 0 {
		err = fault.New(fault.Conflict, "rulebook.see_stranded", fault.Params{"n": len(strands)})
	}
	return strands, draft.Revision, err
}

// keepStrands lets staff decide about what a version would refuse; what it only
// prices differently keeps its price.
func (s *Service) keepStrands(ctx context.Context, tx *db.DB, strands []Strand) error {
	var rows []affectedRow
	for _, strand := range strands {
		if !strand.Refused {
			continue
		}
		uid, err := uuid.NewV7()
		if err != nil {
			return err
		}
		minutes := calendar.WallMinutes(strand.Begin, strand.End, s.Places.Zone)
		rows = append(rows, affectedRow{uid, strand.Unit, strand.Reservation, strand.Begin, strand.End, max(minutes, 0)})
	}
	return s.keepAffected(ctx, tx, "rules", rows)
}

// dropStrands ends the wait of what a version stranded that is withdrawn: it was
// found when the version was published.
func (s *Service) dropStrands(ctx context.Context, tx *db.DB, actor accounts.Actor, version resources.RuleBook) error {
	_, err := tx.Exec(ctx, `UPDATE affected_reservations SET state = 'gone', decided_at = @now, decided_by = NULLIF(CAST(@actor AS bigint), 0)
		WHERE cause = 'rules' AND state = 'open' AND found_at = @found`, map[string]any{"now": s.Now(), "actor": actor.ID(), "found": version.PublishedAt})
	return err
}
