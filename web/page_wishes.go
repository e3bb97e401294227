package web

import (
	"strconv"

	"vuoro/accounts"
	"vuoro/web/ui"
)

// mailField begins the names of the fields for mail wishes; the role's id
// follows.
const mailField = "mail_"

// mailFields ask staff which new reservations they want mail about, a question
// for each of their roles.
func (v *visit) mailFields(p problems) ([]ui.Field, error) {
	var fields []ui.Field
	for _, role := range v.actor.Roles {
		where := v.t("profile.mail_city")
		if role.Unit != nil {
			unit, err := v.server.Resources.UnitByID(v.ctx, v.server.DB, *role.Unit)
			if err != nil {
				return nil, err
			}
			where = v.named(unit.Name)
		}
		field := ui.Field{Name: mailField + strconv.FormatInt(role.ID, 10), Label: where, Type: "radio"}
		for _, wish := range accounts.MailWishes {
			field.Options = append(field.Options, ui.Option{Value: wish, Label: v.t("profile.mail." + wish), Selected: wish == role.MailWish()})
		}
		field = v.field(field, p)
		field.Error = p.Fields["mail"]
		fields = append(fields, field)
	}
	return fields, nil
}

// mailWishes are the posted wishes of the visitor's own roles.
func (v *visit) mailWishes() map[int64]string {
	wishes := map[int64]string{}
	for _, role := range v.actor.Roles {
		if wish := v.form(mailField + strconv.FormatInt(role.ID, 10)); wish != "" {
			wishes[role.ID] = wish
		}
	}
	return wishes
}
