package web

import (
	"net/url"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// signInPage is the data of templates/sign-in.html.
type signInPage struct {
	ui.Frame
	Summary ui.ErrorSummary
	Email   ui.Field
	Return  string
	Sent    bool
	Mailbox string // of the demo town
	People  []demoPerson
}

func (v *visit) showSignIn() error {
	back := v.returnTo(v.path("home"))
	if v.actor.SignedIn() && v.query("sent") == "" {
		return v.redirect(back)
	}
	return v.signInForm(back, problems{})
}

func (v *visit) signInForm(back string, p problems) error {
	page := signInPage{Frame: v.frame(v.t("sign_in.title")), Return: back, Sent: v.query("sent") != "" && !v.route.write(), Summary: p.Summary}
	page.NoIndex = true
	page.Email = v.field(ui.Field{
		Name: "email", Label: v.t("field.email"), Type: "email", Autocomplete: "email", Required: true, MaxLength: 254, Hint: v.t("sign_in.hint"),
	}, p)
	if page.Sent {
		page.Title = v.t("sign_in.sent_title")
	}
	if v.server.Demo {
		page.Mailbox = v.path("mailbox")
	}
	var err error
	if page.People, err = v.demoPeople(0); err != nil {
		return err
	}
	return v.render("sign-in", page)
}

// askForLink mails a link. The answer is the same whether the address is known
// or not.
func (v *visit) askForLink() error {
	back := v.returnTo(v.path("home"))
	err := v.server.Accounts.RequestLink(v.ctx, v.actor, accounts.LinkRequest{Email: v.form("email"), Language: v.lang, ReturnTo: back})
	if p, ok := v.problems(err); ok {
		return v.signInForm(back, p)
	}
	if err != nil {
		return err
	}
	return v.redirect(v.pathWith("sign-in", url.Values{"sent": {"1"}, "return": {back}}))
}

// linkPage is the data of templates/sign-in-link.html.
type linkPage struct {
	ui.Frame
	Text  string
	Post  string
	Renew string // instead of Post, when the link has ended
	Note  string

	SignIn string // instead of both, when an invitation has ended
}

// showLink shows a button: following a link changes nothing, since mail
// gateways follow links too.
func (v *visit) showLink() error {
	v.hideAddress()
	token := v.param("token")
	preview, err := v.server.Accounts.Follow(v.ctx, token)
	if fault.Is(err, fault.Gone) {
		v.c.Status(410)
		page := linkPage{Frame: v.frame(v.t("sign_in.ended_title")), Text: v.say.Fault(err), Renew: v.path("sign-in-renew", token)}
		if fault.Code(err) == "sign_in.invitation_ended" { // only who invited can send another
			page.Renew, page.SignIn = "", v.path("sign-in")
		}
		page.Path = v.path("home")
		return v.render("sign-in-link", page)
	}
	if err != nil {
		return err
	}
	v.lang, v.say = preview.Language, locales.New(preview.Language, v.server.Zone)
	page := linkPage{
		Frame: v.frame(v.t("sign_in.title")), Text: v.t("sign_in.as", "email", preview.Email), Post: v.path("sign-in-follow", token),
		Note: v.t("mail.sign_in.valid", "till", preview.ExpiresAt),
	}
	switch {
	case preview.Association != "":
		page.Text += " " + v.t("sign_in.membership", "association", preview.Association, "role", preview.Role)
	case preview.Role != "":
		page.Text += " " + v.t("sign_in.role", "role", preview.Role)
	}
	page.Path = v.path("home") // the secret address is not one to come back to
	return v.render("sign-in-link", page)
}

// followLink signs in this browser, with the hold and the form that waited.
func (v *visit) followLink() error {
	v.hideAddress()
	in, err := v.server.Accounts.ConsumeLink(v.ctx, v.actor, v.param("token"))
	if err != nil {
		return err
	}
	v.enter(in)
	to := in.ReturnTo
	if to == "/" {
		to = pathTo("home", locales.Known(in.Person.Language))
	}
	return v.redirect(to)
}

// enter gives the browser its new session and what waited for the sign-in.
func (v *visit) enter(in accounts.SignedIn) {
	v.setSession(in.SessionToken)
	v.takeDraft(in)
	v.actor = in.Actor
}

// renewLink mails a new link in the place of one that ended.
func (v *visit) renewLink() error {
	v.hideAddress()
	err := v.server.Accounts.RenewLink(v.ctx, v.actor, v.param("token"))
	if err != nil {
		return err
	}
	return v.redirect(v.path("sign-in") + "?sent=1")
}

func (v *visit) signOut() error {
	if err := v.server.Accounts.SignOut(v.ctx, v.actor); err != nil {
		return err
	}
	v.dropSession()
	v.dropDraft()
	v.flash(ui.AlertInfo, "sign_in.signed_out", nil)
	return v.redirect(v.path("home"))
}

// profilePage is the data of templates/profile.html.
type profilePage struct {
	ui.Frame
	Summary      ui.ErrorSummary
	Fields       []ui.Field
	Email        string
	Wishes       []ui.Field // of staff: which mail they want, a field per role
	Associations []ui.Fact
}

func (v *visit) showProfile() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.profileForm(problems{})
}

func (v *visit) profileForm(p problems) error {
	person := v.actor.Person
	page := profilePage{Frame: v.frame(v.t("nav.account")), Summary: p.Summary}
	if person.Email != nil {
		page.Email = *person.Email
	}
	language := ui.Field{Name: "language", Label: v.t("profile.language"), Type: "radio", Hint: v.t("profile.language_hint")}
	for _, lang := range locales.Languages {
		language.Options = append(language.Options, ui.Option{Value: lang, Label: capital(v.t("word.language." + lang)), Selected: lang == person.Language})
	}
	page.Fields = []ui.Field{
		v.field(ui.Field{Name: "name", Label: v.t("field.name"), Hint: v.t("profile.name_hint"), Value: person.Name, Autocomplete: "name", Required: true, MaxLength: accounts.MaxName}, p),
		v.field(ui.Field{Name: "phone", Label: v.t("field.phone"), Type: "tel", Value: person.Phone, Autocomplete: "tel", Optional: true, MaxLength: accounts.MaxPhone}, p),
		v.field(language, p),
	}
	standings, err := v.server.Accounts.Standings(v.ctx, v.actor)
	if err != nil {
		return err
	}
	for _, s := range standings {
		page.Associations = append(page.Associations, ui.Fact{
			Icon: "users", Label: s.Association.Name, Value: v.t("role." + s.Role), Href: v.path("association", s.Association.UID.String()),
		})
	}
	page.Wishes, err = v.mailFields(p)
	if err != nil {
		return err
	}
	return v.render("profile", page)
}

func (v *visit) saveProfile() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	person, err := v.server.Accounts.UpdateProfile(v.ctx, v.actor, accounts.Profile{
		Name: v.form("name"), Phone: v.form("phone"), Language: v.form("language"), Wishes: v.mailWishes(),
	})
	if p, ok := v.problems(err); ok {
		return v.profileForm(p)
	}
	if err != nil {
		return err
	}
	v.setCookie(langCookie, person.Language, aYear)
	v.flash(ui.AlertSuccess, "profile.saved", nil)
	return v.redirect(pathTo("profile", locales.Known(person.Language)))
}
