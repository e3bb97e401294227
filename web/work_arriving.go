package web

import (
	"vuoro/booking"
	"vuoro/policies"
)

// arriving are the buttons of staff about a turn: who came and who did not.
// Template "arriving".
type arriving struct {
	Post     string
	Revision int
	Return   string
	CSRF     string
	Text     string // "Saapui klo 17.32"
	Acts     []actButton
}

type actButton struct{ Value, Label, Class string }

// arriving says what staff can note about a turn now; nil = nothing. All = also
// what takes a note back, and where nobody is asked to check in.
func (v *visit) arriving(card booking.Card, all bool) *arriving {
	a := &arriving{Post: v.path("work-act", card.Number), Revision: card.Revision, CSRF: v.server.Accounts.CSRF(v.actor.Session)}
	act := func(value, class string) {
		a.Acts = append(a.Acts, actButton{value, v.t("work.act." + value), class})
	}
	till := card.ReleaseAt(card.ResourceRelease)
	switch {
	case !all && till.IsZero() && !card.NoShow:
		return nil
	case card.State != booking.Confirmed, card.Kind == policies.Closure, card.Kind == policies.Staff, v.now.Before(card.BeginAt.Add(-booking.CheckInOpens)):
		return nil
	case card.NoShow:
		a.Text = v.t("work.no_show_text")
		act("no-show-undo", "secondary")
	case card.CheckedInAt != nil:
		a.Text = v.t("check_in.at", "at", *card.CheckedInAt)
		if all {
			act("check-in-undo", "secondary")
		}
	default:
		if till.After(v.now) {
			a.Text = v.t("work.released_at", "till", till)
		}
		act("check-in", "primary")
		if !v.now.Before(card.BeginAt) {
			act("no-show", "secondary")
		}
	}
	if !v.mayHandle(card.Unit) {
		a.Acts = nil
	}
	if a.Acts == nil && a.Text == "" {
		return nil
	}
	return a
}
