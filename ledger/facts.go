package ledger

import (
	"time"

	"github.com/google/uuid"

	"vuoro/web/locales"
)

// ReservationFacts is the payload of all mails about a reservation: what it was
// when the mail was written. The mail is sent only while the reservation is
// still in this State and at this time.
type ReservationFacts struct {
	Number      string        `json:"number"` // V-2026-001000
	UID         string        `json:"uid"`
	Resource    locales.Texts `json:"resource"`
	ResourceID  int           `json:"resource_id,omitempty"`
	Unit        locales.Texts `json:"unit"`
	Address     string        `json:"address,omitempty"` // of the unit, one line
	Begin       time.Time     `json:"begin"`
	End         time.Time     `json:"end"`
	State       string        `json:"state"`
	Revision    int           `json:"revision"`
	Title       string        `json:"title,omitempty"`
	HolderName  string        `json:"holder_name,omitempty"`
	ReasonCode  string        `json:"reason_code,omitempty"` // key after "reason."
	ReasonText  string        `json:"reason_text,omitempty"` // in the words of who decided
	PriceCents  *int          `json:"price_cents,omitempty"` // nil = agreed with the unit
	Persons     *int          `json:"persons,omitempty"`
	ByStaff     bool          `json:"by_staff,omitempty"` // staff did it, not the holder
	OldBegin    time.Time     `json:"old_begin,omitzero"` // of a move: from where
	OldEnd      time.Time     `json:"old_end,omitzero"`
	OldResource locales.Texts `json:"old_resource,omitzero"`  // of a move to another place
	FreeReason  string        `json:"free_reason,omitempty"`  // why it should be free of charge; "" = not asked
	FreeGranted *bool         `json:"free_granted,omitempty"` // what staff said; nil = not decided
	CancelTill  time.Time     `json:"cancel_till,omitzero"`   // when the holder can last cancel; zero = not at all, or not known

	CheckInFrom time.Time `json:"check_in_from,omitzero"`
	CheckInTill time.Time `json:"check_in_till,omitzero"` // when it is released unless somebody has checked in; zero = not asked
	NoShow      bool      `json:"no_show,omitempty"`
	GiveBack    uuid.UUID `json:"give_back,omitzero"` // who reads this and may give it back; whoever writes the address signs it
}

// ManyFacts is the payload of one mail about several reservations of a person
// to which the same happened for the same reason.
type ManyFacts struct {
	ReasonText   string             `json:"reason_text,omitempty"`
	Reservations []ReservationFacts `json:"reservations"`
}
