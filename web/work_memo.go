package web

import (
	"strconv"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// memoAct is the value of the button that saves the working memo.
const memoAct = "memo"

// memoForm is the working memo of a reservation: read by the unit's staff,
// written by its managers.
type memoForm struct {
	Post     string
	CSRF     string
	Field    ui.Field
	Revision int
	Written  string
	May      bool
	Now      *ui.Alert // what others wrote meanwhile
}

func (v *visit) memoForm(card booking.Card, p problems) (memoForm, error) {
	memo, err := v.server.Booking.Memo(v.ctx, v.actor, card.Number)
	if err != nil {
		return memoForm{}, err
	}
	form := memoForm{
		Post: v.path("work-reservation", card.Number), CSRF: v.server.Accounts.CSRF(v.actor.Session),
		Revision: memo.Revision, May: v.mayHandle(card.Unit),
		Field: ui.Field{Name: "memo", Label: v.t("work.memo_label"), Type: "textarea", Rows: 3, MaxLength: booking.MaxMemo, Value: memo.Text},
	}
	if memo.Text != "" {
		form.Written = v.t("work.memo_written", "who", memo.Author, "at", memo.WrittenAt)
	}
	if v.form("act") != memoAct {
		return form, nil
	}
	form.Field = v.field(form.Field, p)
	if p.Code == "stale" {
		form.Now = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("work.memo_now"), Text: memo.Text}
	}
	return form, nil
}

func (v *visit) saveMemo() error {
	ref := v.param("ref")
	revision, err := strconv.Atoi(v.form("memo_revision"))
	if err != nil {
		err = fault.New(fault.Stale, "stale")
		if _, notSeen := v.server.Booking.Memo(v.ctx, v.actor, ref); notSeen != nil {
			err = notSeen
		}
	} else {
		_, err = v.server.Booking.WriteMemo(v.ctx, v.actor, ref, v.form("memo"), revision)
	}
	if p, ok := v.problems(err); ok {
		return v.workReservation(p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.memo_saved", nil)
	return v.redirect(v.path("work-reservation", ref))
}
