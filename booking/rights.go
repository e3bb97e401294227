package booking

import (
	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/policies"
)

// object is a reservation as accounts.Can sees it.
func (r Reservation) object() accounts.Object {
	o := accounts.Object{Unit: r.Unit}
	if r.HolderPerson != nil {
		o.HolderPerson = *r.HolderPerson
	}
	if r.HolderAssociation != nil {
		o.HolderAssociation = *r.HolderAssociation
	}
	if r.MadeBy != nil {
		o.MadeBy = *r.MadeBy
	}
	if r.State == Held && r.Session != nil {
		o.Session = *r.Session
	}
	return o
}

func (s *Service) mayView(actor accounts.Actor, r Reservation) bool {
	return actor.System || accounts.Can(actor, accounts.ViewReservation, r.object())
}

func (s *Service) mayEdit(actor accounts.Actor, r Reservation) bool {
	return accounts.Can(actor, accounts.EditReservation, r.object())
}

func (s *Service) mayHandle(actor accounts.Actor, r Reservation) bool {
	return accounts.Can(actor, accounts.HandleReservation, r.object())
}

// mustBook refuses a token whose scopes do not let it book for its person.
// Staff's own kinds ask for a right of their own, with a scope of its own.
func (w *work) mustBook(kind policies.Kind) error {
	if kind == policies.Ordinary && !w.actor.HasScope(accounts.ScopeBook) {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return nil
}
