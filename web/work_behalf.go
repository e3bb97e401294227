package web

import (
	"strings"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// recipientForm asks for whom staff book: a text to look for, then who was
// found. Template "work-recipient".
type recipientForm struct {
	Who    ui.Field
	Chosen *ui.Field // radio buttons; nil = nobody was looked for yet
	None   string    // nobody was found
	Name   *ui.Field // of somebody new
}

// The values of a chosen holder.
const (
	byAssociation = "association:"
	byEmail       = "email:"
)

func (v *visit) recipientForm(found *booking.Recipients, p problems) *recipientForm {
	form := &recipientForm{Who: v.field(ui.Field{
		Name: "who", Label: v.t("work.who"), Hint: v.t("work.who_hint"), Width: "m", MaxLength: 254, Autocomplete: "off", Required: true,
	}, p)}
	options := v.recipientOptions(found)
	if len(options) == 0 {
		if found != nil {
			form.None = v.t("work.nobody_found")
		}
		return form
	}
	options[0].Selected = len(options) == 1
	chosen := v.field(ui.Field{Name: "holder", Label: v.t("work.whom"), Type: "radio", Required: true}, p)
	chosen.Options = options
	for i := range options {
		options[i].Selected = options[i].Selected || options[i].Value == chosen.Value
	}
	form.Chosen = &chosen
	unknown := found != nil && found.Email != "" && found.Person == nil
	if unknown || v.form("name") != "" || p.Fields["name"] != "" {
		name := v.field(ui.Field{Name: "name", Label: v.t("work.their_name"), Hint: v.t("work.their_name_hint"), Width: "m", MaxLength: 200, Autocomplete: "off"}, p)
		form.Name = &name
	}
	return form
}

// recipientOptions are who was found, or who was chosen before.
func (v *visit) recipientOptions(found *booking.Recipients) []ui.Option {
	if found == nil {
		return v.chosenRecipient()
	}
	if found.Email != "" {
		option := ui.Option{Value: byEmail + found.Email, Label: found.Email, Hint: v.t("work.somebody_new")}
		if found.Person != nil {
			option.Hint = ""
			if found.Person.Name != "" {
				option.Label = found.Person.Name + ", " + found.Email
			}
		}
		return []ui.Option{option}
	}
	var options []ui.Option
	for _, a := range found.Associations {
		options = append(options, ui.Option{Value: byAssociation + a.UID.String(), Label: a.Name, Hint: v.t("class." + string(a.Class()))})
	}
	return options
}

// chosenRecipient keeps the choice of a form that comes back. It asks nobody
// who an address belongs to.
func (v *visit) chosenRecipient() []ui.Option {
	value := v.form("holder")
	if email, ok := strings.CutPrefix(value, byEmail); ok {
		return []ui.Option{{Value: value, Label: email}}
	}
	uid, err := uuid.Parse(strings.TrimPrefix(value, byAssociation))
	if err != nil {
		return nil
	}
	a, err := accounts.AssociationChosen(v.ctx, v.server.DB, v.actor, uid)
	if err != nil {
		return nil
	}
	return []ui.Option{{Value: value, Label: a.Name}}
}

// findRecipients answers the button beside the text.
func (v *visit) findRecipients(unit resources.Unit) error {
	found, err := v.server.Booking.FindRecipients(v.ctx, v.actor, unit.ID, v.form("who"))
	if p, ok := v.problems(err); ok {
		return v.workNew(p, newAnswers{})
	} else if err != nil {
		return err
	}
	return v.workNew(problems{}, newAnswers{found: &found})
}

// recipient reads for whom the form books.
func (v *visit) recipient() (booking.Holder, error) {
	value := v.form("holder")
	if email, ok := strings.CutPrefix(value, byEmail); ok {
		return booking.Holder{Kind: booking.HeldByPerson, Email: email, Name: v.form("name")}, nil
	}
	uid, err := uuid.Parse(strings.TrimPrefix(value, byAssociation))
	if err != nil {
		return booking.Holder{}, fault.InvalidField("who", "work.no_recipient")
	}
	return booking.Holder{Kind: booking.HeldByAssociation, UID: uid}, nil
}
