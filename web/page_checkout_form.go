package web

import (
	"slices"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/ui"
)

// fillCheckout makes the fields that this room needs, for whom one can book,
// the terms, and what the button will do.
func (v *visit) fillCheckout(page *checkoutPage, place resources.Place, d draft, p problems) error {
	standings, err := v.bookable()
	if err != nil {
		return err
	}
	asked, _ := d.times()
	hours := place.Hours(v.dateOf(asked.Begin).AddDays(-1), v.dateOf(asked.End).AddDays(1), v.server.Zone)
	charged, repeats := false, false
	var wanted []string // fields that rules want of whom they match
	var terms []string  // of all for whom one can book: one of them is chosen later
	ask := func(who policies.Who) quote {
		q := v.wonder(place, hours, asked)
		q.Who, q.Form = who, d.form()
		repeats = repeats || seriesAllowed(q)
		found := v.quoteFor(q)
		terms = append(terms, found.Terms...)
		wanted = append(wanted, wantedFields(q)...)
		charged = charged || found.Cents == nil || *found.Cents > 0
		return found
	}
	mine := ask(v.whoAlone(place.Unit))
	chosen := mine
	if len(standings) > 0 {
		page.Holders, chosen = v.holderField(standings, place, d, ask)
		page.Holders.Error = p.Fields["holder"]
	}
	page.Fields = v.checkoutFields(asking{place, d, p, wanted})
	if repeats {
		rule := v.repeatFields(d.Repeat, v.dateOf(asked.Begin), p)
		rule.Every.Options = append([]ui.Option{{Label: v.t("series.not_repeated"), Selected: d.Repeat == nil}}, rule.Every.Options...)
		page.Series = &rule
	}
	if charged {
		page.Free, page.FreeOpen = v.freeFields(d, p), d.Free || d.FreeWhy != ""
	}
	if page.Terms = v.cancellationLines(chosen.Price, place.Resource); page.Terms == nil {
		page.Terms = []string{v.cancelLine(place.Resource)}
	}
	if page.Texts, err = v.termsToAccept(terms); err != nil {
		return err
	}
	states, err := v.server.Booking.QuotasOf(v.ctx, v.actor, place.Resource.UID, booking.Times(asked))
	if err != nil {
		return err
	}
	page.Quotas = v.quotaLines(states)
	page.FullTerms, page.TermsLang = v.text(place.Resource.Terms)
	page.TermsBox = ui.Field{Name: "terms", Label: v.t("checkout.accept"), Type: "checkbox", Checked: d.Terms, Required: true, Error: p.Fields["terms"]}
	page.Email = ui.Field{
		Name: "email", Label: v.t("field.email"), Type: "email", Value: d.Email, Autocomplete: "email", MaxLength: 254,
		Hint: v.t("sign_in.hint"), Error: p.Fields["email"],
	}
	page.Ticket.Facts = append(page.Ticket.Facts, ui.Fact{Icon: "currency-euro", Label: v.t("room.price"), Value: capital(v.sumOrAgreed(chosen.Cents))})
	page.Ticket.Facts = append(page.Ticket.Facts, v.priceFacts(booking.PriceLines(chosen.Price))...)
	v.fillVerdict(page, chosen)
	if !page.SignedIn {
		page.People, err = v.demoPeople(4)
	}
	return err
}

// seriesAllowed tells whether who is asked about may make a series.
func seriesAllowed(q policies.Question) bool {
	q.Series = true
	return !slices.ContainsFunc(policies.Decide(q).Violations, func(v policies.Violation) bool { return v.Code == policies.CodeNoSeries })
}

// wantedFields are the fields that are missing as long as nothing is filled in.
func wantedFields(q policies.Question) []string {
	q.Stage = policies.AtConfirm
	q.Form.Answers, q.Form.OldestAge = nil, nil
	var fields []string
	for _, v := range policies.Decide(q).Violations {
		if v.Code == policies.CodeFieldMissing {
			fields = append(fields, v.Field())
		}
	}
	return fields
}

// freeFields ask for free use of a place that charges.
func (v *visit) freeFields(d draft, p problems) []ui.Field {
	return []ui.Field{
		{Name: "free", Label: v.t("checkout.free_ask"), Type: "checkbox", Checked: d.Free},
		{
			Name: policies.FieldFree, Label: v.t("checkout.free_why"), Hint: v.t("checkout.free_hint"), Type: "textarea", Rows: 3, MaxLength: 2000,
			Value: d.FreeWhy, Error: p.Fields[policies.FieldFree],
		},
	}
}

// bookable are the associations that the visitor may book for.
func (v *visit) bookable() ([]accounts.Standing, error) {
	all, err := v.server.Accounts.Standings(v.ctx, v.actor)
	return slices.DeleteFunc(all, func(s accounts.Standing) bool { return s.Role == accounts.Member }), err
}

// holderField offers oneself and one's associations, each with what it would
// come to; the second result is that of the chosen one.
func (v *visit) holderField(standings []accounts.Standing, place resources.Place, d draft, ask func(policies.Who) quote) (*ui.Field, quote) {
	chosen := ask(v.whoAlone(place.Unit))
	field := &ui.Field{Name: "holder", Label: v.t("checkout.who"), Type: "radio"}
	field.Options = append(field.Options, ui.Option{
		Label: v.t("checkout.myself"), Hint: v.quoteWords(chosen), Selected: d.Holder == "",
	})
	for _, s := range standings {
		q := ask(v.actor.Who(accounts.Holder{Association: &s.Association}, place.Unit.City))
		option := ui.Option{
			Value: s.Association.UID.String(), Label: s.Association.Name, Hint: v.quoteWords(q),
			Selected: d.Holder == s.Association.UID.String(),
		}
		if option.Selected {
			chosen = q
		}
		field.Options = append(field.Options, option)
	}
	return field, chosen
}

// quoteWords is what a holder's booking comes to: "maksuton, vahvistuu heti".
func (v *visit) quoteWords(q quote) string {
	verdict := "checkout.at_once"
	if q.Request {
		verdict = "checkout.decided"
	}
	return capital(v.sumOrAgreed(q.Cents)) + ", " + v.t(verdict)
}

func (v *visit) fillVerdict(page *checkoutPage, q quote) {
	page.Button = v.t("action.confirm")
	if q.Request {
		page.Button = v.t("action.request")
		page.Verdict = &ui.Alert{Kind: ui.AlertInfo, Title: v.t("checkout.request_title"), Text: v.t("checkout.request_text")}
	}
}

// checkoutFields are the fields of the form: what the room needs is required,
// the name of the booking is offered, nothing else is asked.
func (v *visit) checkoutFields(a asking) []ui.Field {
	var fields []ui.Field
	if person := v.actor.Person; person != nil && person.Name == "" {
		fields = append(fields, ui.Field{Name: "name", Label: v.t("checkout.your_name"), Value: a.typed.Name, Autocomplete: "name", Required: true, MaxLength: accounts.MaxName})
	}
	fields = append(fields, ui.Field{
		Name: "title", Label: v.t("field.title"), Hint: v.t("checkout.title_hint"), Value: a.typed.Title, MaxLength: 200, Autocomplete: "off",
		Required: a.must(policies.FieldTitle), Optional: !a.must(policies.FieldTitle),
	})
	return withErrors(append(fields, v.useFields(a)...), a.problems)
}

func (v *visit) purposeField(place resources.Place, d draft, must bool) ui.Field {
	field := ui.Field{Name: "purpose", Label: v.t("field.purpose"), Type: "select", Width: "m", Required: must, Optional: !must}
	field.Options = []ui.Option{{Label: v.t("checkout.choose"), Selected: d.Purpose == ""}}
	keys := place.Resource.Purposes
	if len(keys) == 0 { // nobody has said what it is for: anything
		for _, word := range resources.Purposes {
			keys = append(keys, word.Key)
		}
	}
	for _, key := range keys {
		field.Options = append(field.Options, ui.Option{Value: key, Label: v.keyChip(resources.Purposes, key), Selected: key == d.Purpose})
	}
	return field
}

func (v *visit) crowdHint(r resources.Resource) string {
	if r.PersonsMax == nil {
		return ""
	}
	return v.t("checkout.crowd", "crowd", v.crowd(r))
}

// extraField is a field that only some rooms have; those with two answers are
// a choice.
func (v *visit) extraField(name string, d draft) ui.Field {
	field := ui.Field{Name: answerField + name, Label: v.say.Word("field", name), Value: d.Answers[name], Required: true}
	switch name {
	case "open_to_all", "entrance_fee":
		field.Type = "chips"
		for _, answer := range []string{"yes", "no"} {
			field.Options = append(field.Options, ui.Option{Value: answer, Label: v.t("word." + answer), Selected: d.Answers[name] == answer})
		}
	case "description":
		field.Type, field.Rows, field.MaxLength = "textarea", 4, 2000
	}
	return field
}
