package web

import (
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/notify"
	"vuoro/web/ui"
)

// demoPerson is somebody of the demo town as whom a visitor can act.
type demoPerson struct {
	UID, Name, Note string
	Staff           bool
}

// demoPeople lists the demo town's people, those of residents first; at most n
// of the residents when n is set. Elsewhere there are none.
func (v *visit) demoPeople(n int) ([]demoPerson, error) {
	if !v.server.Demo {
		return nil, nil
	}
	list, err := v.server.Accounts.DemoPeople(v.ctx)
	if err != nil {
		return nil, err
	}
	var residents, staff []demoPerson
	for _, p := range list {
		one := demoPerson{UID: p.Person.UID.String(), Name: p.Person.Name, Note: v.demoNote(p), Staff: len(p.Roles) > 0}
		if one.Staff {
			staff = append(staff, one)
		} else {
			residents = append(residents, one)
		}
	}
	if n > 0 {
		return residents[:min(n, len(residents))], nil
	}
	return append(residents, staff...), nil
}

// demoNote says what a demo person can do: "yhdistyksen varaaja, Martat ry".
func (v *visit) demoNote(p accounts.DemoPerson) string {
	var notes []string
	for _, m := range p.Memberships {
		notes = append(notes, m.Name)
	}
	for _, r := range p.Roles {
		notes = append(notes, joinWords(", ", v.t("role."+r.Role), v.named(r.Name)))
	}
	switch {
	case len(notes) == 0:
		return v.t("demo.resident")
	case len(notes) > 2:
		return v.t("demo.and_more", "first", notes[0], "n", len(notes)-1)
	}
	return strings.Join(notes, "; ")
}

// signInAsDemo signs in as a person of the demo town, with a form that was
// being filled in.
func (v *visit) signInAsDemo() error {
	if !v.server.Demo {
		return fault.New(fault.NotFound, "not_found")
	}
	to := v.returnTo("/")
	if d := v.postedDraft(); d.Room != "" {
		v.keepDraft(d)
		to = v.draftHref(d)
	}
	in, err := v.server.Accounts.SignInAs(v.ctx, v.actor, v.form("person"))
	if err != nil {
		return err
	}
	v.enter(in)
	if to == "/" {
		to = v.path("home")
		if in.Actor.Staff() {
			to = v.path("work")
		}
	}
	return v.redirect(to)
}

// mailboxPage is the data of templates/mailbox.html.
type mailboxPage struct {
	ui.Frame
	Mails []ui.Mail
	Empty ui.Empty
}

const mailsShown = 50

// showMailbox shows what the demo town has sent to anybody.
func (v *visit) showMailbox() error {
	if !v.server.Demo {
		return fault.New(fault.NotFound, "not_found")
	}
	list, err := notify.Mailbox{DB: v.server.DB}.List(v.ctx, mailsShown)
	if err != nil {
		return err
	}
	page := mailboxPage{Frame: v.frame(v.t("nav.mailbox")), Empty: ui.Empty{Drawing: ui.DrawLake, Title: v.t("mailbox.empty"), Text: v.t("mailbox.empty_text")}}
	page.NoIndex = true
	for _, m := range list {
		page.Mails = append(page.Mails, ui.Mail{
			Href: v.path("mail", strconv.FormatInt(m.ID, 10)), To: m.Recipient, Subject: m.Subject,
			Sent: v.say.ShortDate(m.SentAt) + v.atWords(m.SentAt) + v.say.Time(m.SentAt), Preview: preview(m.Body),
		})
	}
	return v.render("mailbox", page)
}

// preview is the beginning of a mail after its greeting.
func preview(body string) string {
	text := strings.Join(strings.Fields(body), " ")
	if runes := []rune(text); len(runes) > 160 {
		return string(runes[:160]) + "…"
	}
	return text
}

// mailPage is the data of templates/mail.html.
type mailPage struct {
	ui.Frame
	To, Sent string
	Body     template.HTML
}

func (v *visit) showMail() error {
	if !v.server.Demo {
		return fault.New(fault.NotFound, "not_found")
	}
	id, err := strconv.ParseInt(v.param("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "not_found")
	}
	m, err := notify.Mailbox{DB: v.server.DB}.Get(v.ctx, id)
	if err != nil {
		return err
	}
	page := mailPage{Frame: v.frame(m.Subject, ui.Link{Href: v.path("mailbox"), Label: v.t("nav.mailbox")}), To: m.Recipient, Sent: v.say.DateTime(m.SentAt)}
	page.NoIndex, page.Body = true, linked(m.Body)
	return v.render("mail", page)
}

var inMail = regexp.MustCompile(`https?://[^\s<>"]+`)

// linked escapes a plain text and makes links of the addresses in it.
func linked(text string) template.HTML {
	var b strings.Builder
	rest := 0
	for _, at := range inMail.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[at[0]:at[1]], ".,;)")
		b.WriteString(template.HTMLEscapeString(text[rest:at[0]]))
		if _, err := url.Parse(address); err == nil {
			b.WriteString(`<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(address) + `</a>`)
		} else {
			b.WriteString(template.HTMLEscapeString(address))
		}
		rest = at[0] + len(address)
	}
	b.WriteString(template.HTMLEscapeString(text[rest:]))
	return template.HTML(b.String())
}
