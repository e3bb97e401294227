package booking

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"vuoro/accounts"
	"vuoro/fault"
)

// MaxMemo is the longest working memo, in characters.
const MaxMemo = 4000

// Memo is what a unit's staff note on a reservation for each other. Its holder
// never sees it: it is in a table of its own, and no card carries it.
type Memo struct {
	Text      string    // "" = nobody has written one
	Author    string    // who wrote it last: name, or address
	WrittenAt time.Time // zero = never
	Revision  int       // 0 = nobody has written one
}

// Memo reads the working memo of a reservation, for staff of its unit; to
// others the reservation is not found.
func (s *Service) Memo(ctx context.Context, actor accounts.Actor, ref string) (Memo, error) {
	r, err := s.findForStaff(ctx, actor, ref)
	if err != nil {
		return Memo{}, err
	}
	return readMemo(ctx, s.DB, r.ID)
}

// WriteMemo replaces the working memo; an empty text removes it. revision is
// that of the memo that was read, 0 for the first; an old one is stale. The
// audit trail says that it was changed, not what it says.
func (s *Service) WriteMemo(ctx context.Context, actor accounts.Actor, ref, text string, revision int) (Memo, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if problems := checkText("memo", text, MaxMemo, true); len(problems) > 0 {
		return Memo{}, fault.InvalidField("memo", problems[0].Code, problems[0].Params)
	}
	var memo Memo
	err := s.do(ctx, actor, func(w *work) error {
		r, err := s.findForStaff(ctx, actor, ref)
		if err != nil {
			return err
		}
		if !s.mayHandle(actor, r) {
			return fault.New(fault.Forbidden, "auth.forbidden")
		}
		if r, err = w.reread(ctx, r.ID); err != nil {
			return err
		}
		before, err := readMemo(ctx, w.tx, r.ID)
		if err != nil {
			return err
		}
		if before.Revision != revision {
			return fault.New(fault.Stale, "stale")
		}
		if before.Text == text {
			memo = before
			return nil
		}
		if err := w.storeMemo(ctx, r.ID, text); err != nil {
			return err
		}
		memo, err = readMemo(ctx, w.tx, r.ID)
		w.audit(r, "memo", map[string]any{"characters": utf8.RuneCountInString(text)})
		return err
	})
	return memo, err
}
