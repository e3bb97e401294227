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
	Wait        string        `json:"wait,omitempty"`         // of an offer: uid of the wish on the wait list
	AnswerBy    time.Time     `json:"answer_by,omitzero"`     // of an offer: until when it is kept
	FromLine    bool          `json:"from_line,omitempty"`    // it was offered from the wait list
	CancelTill  time.Time     `json:"cancel_till,omitzero"`   // when the holder can last cancel; zero = not at all, or not known

	PriceLines []PriceLine `json:"price_lines,omitempty"` // how the price comes about
	FeeCents   *int        `json:"fee_cents,omitempty"`   // what giving it up late, or not using it, costs
	FreeTill   time.Time   `json:"free_till,omitzero"`    // until when giving it up costs nothing; zero = always
	LateCents  int         `json:"late_cents,omitempty"`  // what it costs afterwards
	Answers    []Answer    `json:"answers,omitempty"`     // to the questions of the rules, for staff who decide

	CheckInFrom time.Time `json:"check_in_from,omitzero"`
	CheckInTill time.Time `json:"check_in_till,omitzero"` // when it is released unless somebody has checked in; zero = not asked
	NoShow      bool      `json:"no_show,omitempty"`
	GiveBack    uuid.UUID `json:"give_back,omitzero"` // who reads this and may give it back; whoever writes the address signs it
}

// PriceLine is a step of a price, or with a kind of included_vat or deposit what
// is said beside it.
type PriceLine struct {
	Kind     string        `json:"kind"` // base, factor, fee, vat, included_vat or deposit
	Key      string        `json:"key,omitempty"`
	Name     locales.Texts `json:"name,omitzero"`
	Percent  int           `json:"percent,omitempty"`
	Permille int           `json:"permille,omitempty"` // of VAT
	Cents    int           `json:"cents"`
}

// Answer is a question and what was answered, both in words.
type Answer struct {
	Label locales.Texts `json:"label"`
	Value locales.Texts `json:"value"`
}

// ManyFacts is the payload of one mail about several reservations of a person
// to which the same happened for the same reason.
type ManyFacts struct {
	ReasonText   string             `json:"reason_text,omitempty"`
	Reservations []ReservationFacts `json:"reservations"`
}

// SeriesFacts is the payload of the one mail about a series: what happened to
// which of its dates.
type SeriesFacts struct {
	Number     string            `json:"number"` // S-2026-0012
	UID        string            `json:"uid"`
	Resource   locales.Texts     `json:"resource"`
	Unit       locales.Texts     `json:"unit"`
	Address    string            `json:"address,omitempty"`
	Title      string            `json:"title,omitempty"`
	HolderName string            `json:"holder_name,omitempty"`
	State      string            `json:"state"` // of the dates
	Dates      []SeriesDateFacts `json:"dates"`
	Left       []SeriesDateFacts `json:"left,omitempty"` // dates that were not made, or that stay as they were
	ReasonCode string            `json:"reason_code,omitempty"`
	ReasonText string            `json:"reason_text,omitempty"`
	PriceCents *int              `json:"price_cents,omitempty"` // of all dates; nil = agreed with the unit
	ByStaff    bool              `json:"by_staff,omitempty"`
}

// SeriesDateFacts is one date of a series. Resource is set where it is not the
// series' own, Code and Params where a sentence says why it was not made.
type SeriesDateFacts struct {
	Begin    time.Time      `json:"begin"`
	End      time.Time      `json:"end"`
	Resource locales.Texts  `json:"resource,omitzero"`
	Code     string         `json:"code,omitempty"`
	Params   map[string]any `json:"params,omitempty"`
}
