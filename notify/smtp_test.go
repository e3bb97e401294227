package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"
)

func aMessage() Message {
	return Message{
		ID: "outbox.7.abc@town.example", From: mail.Address{Name: "Vuoro – tilat", Address: "vuoro@town.example"}, To: "aino@example.org",
		Subject: "Varaus vahvistettu: Töölö, ma 23.11. klo 17.30–19.00", Language: "fi", Date: noon,
		Text: "Hei!\n\nÄä €\n.\n.piste\nFrom tässä\n", HTML: "<!doctype html>\n<p>Hei Ääkköset</p>\n",
	}
}

func TestSMTPCarriesTheWholeMessage(t *testing.T) {
	office := openOffice(t, nil, false)
	if err := transport(t, "smtp://"+office.address).Send(ctx, aMessage()); err != nil {
		t.Fatal(err)
	}
	got := office.received()
	if len(got) != 1 || got[0].from != "vuoro@town.example" || got[0].to != "aino@example.org" {
		t.Fatalf("%+v", got)
	}
	header, parts := parse(t, got[0].data)
	for name, want := range map[string]string{
		"Message-Id": "<outbox.7.abc@town.example>", "Subject": aMessage().Subject, "From": "Vuoro – tilat <vuoro@town.example>",
		"To": "<aino@example.org>", "Date": "Mon, 23 Nov 2026 10:00:00 +0000", "Auto-Submitted": "auto-generated", "Content-Language": "fi",
	} {
		if got := decoded(t, header.Get(name)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if parts["text/plain"] != aMessage().Text || parts["text/html"] != aMessage().HTML {
		t.Errorf("%q", parts)
	}
}

func TestSMTPSignsInOverTLSOnly(t *testing.T) {
	certificate, trust := certify(t)
	for name, c := range map[string]struct {
		implicit bool
		url      func(address string) string
		secure   bool
	}{
		"starttls, optional": {false, func(a string) string { return "smtp://" + a }, true},
		"starttls, required": {false, func(a string) string { return "smtp://" + a + "?starttls=required" }, true},
		"starttls, never":    {false, func(a string) string { return "smtp://" + a + "?starttls=never" }, false},
		"password":           {false, func(a string) string { return "smtp://vuoro%40town.example:p%40ss%3Aword%2F1@" + a }, true},
		"smtps":              {true, func(a string) string { return "smtps://" + a }, true},
		"smtps, password":    {true, func(a string) string { return "smtps://vuoro%40town.example:p%40ss%3Aword%2F1@" + a }, true},
	} {
		t.Run(name, func(t *testing.T) {
			office := openOffice(t, certificate, c.implicit)
			s := transport(t, c.url(office.address))
			s.TLS = &tls.Config{RootCAs: trust, ServerName: "localhost"}
			if err := s.Send(ctx, aMessage()); err != nil {
				t.Fatal(err)
			}
			got := office.received()[0]
			wantUser := ""
			if strings.Contains(name, "password") {
				wantUser = "vuoro@town.example"
			}
			if got.user != wantUser || !c.implicit && got.secure != c.secure {
				t.Errorf("user %q, secure %v", got.user, got.secure)
			}
		})
	}
}

func TestSMTPFailuresAreToldApart(t *testing.T) {
	certificate, _ := certify(t)
	office := openOffice(t, nil, false)
	office.refuse = "gone"
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()

	for name, url := range map[string]string{
		"closed port":     "smtp://" + closed.Addr().String(),
		"silent server":   "smtp://" + silent.Addr().String(),
		"no starttls":     "smtp://" + office.address + "?starttls=required",
		"untrusted":       "smtp://" + openOffice(t, certificate, false).address + "?starttls=required",
		"wrong password":  "smtps://someone:hunter2@" + openOffice(t, certificate, true).address,
		"no auth offered": "smtp://someone:hunter2@" + office.address,
	} {
		s := transport(t, url)
		s.Timeout = time.Second
		if err := s.Send(ctx, aMessage()); !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := aMessage()
	gone.To = "gone@example.org"
	if err := transport(t, "smtp://"+office.address).Send(ctx, gone); err == nil || errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "550") {
		t.Errorf("refused: %v", err)
	}
	if len(office.received()) != 0 {
		t.Error("something was taken all the same")
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if err := transport(t, "smtp://"+office.address).Send(stopped, aMessage()); err == nil {
		t.Error("a stopped program should not send")
	}
}

func TestParseSMTP(t *testing.T) {
	for url, want := range map[string]string{
		"smtp://mail.example": "mail.example:25", "smtp://u:p@mail.example": "mail.example:587", "smtps://mail.example/": "mail.example:465",
		"smtp://[::1]:2525": "::1:2525", "smtp://127.0.0.1:1025?starttls=never": "127.0.0.1:1025",
	} {
		if s, err := ParseSMTP(url); err != nil || s.String() != want {
			t.Errorf("%s: %v %v", url, s, err)
		}
	}
	for _, url := range []string{
		"", "mail.example:25", "http://mail.example", "smtp://", "smtp://mail.example:0", "smtp://mail.example:99999", "smtp://mail.example/path",
		"smtp://mail.example?tls=1", "smtp://mail.example?starttls=maybe", "smtps://mail.example?starttls=required", "smtp://u:secret@mail.example?starttls=never",
		"smtp://u:secret@mail.example?starttls=optional", "smtp://u:secret@mail example", "smtp://u:secret%zz@mail.example", "smtp://mail.example#x",
	} {
		if _, err := ParseSMTP(url); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// F10 of the fault list: a server that takes the mail and then drops the line
// gets it again later, under the same Message-ID, so that people see one.
func TestAcceptThenDropRepeatsTheMessageID(t *testing.T) {
	w := newWorld(t)
	w.office.set(func(p *postOffice) { p.dropData = true })
	w.post("a")
	if sent, err := w.worker.Deliver(ctx, 50); sent != 0 || err == nil {
		t.Fatal(sent, err)
	}
	w.office.set(func(p *postOffice) { p.dropData = false })
	w.pass(retryAfter)
	w.deliver(1)
	got := w.office.messages(t)
	if len(got) != 2 || got[0].ID == "" || got[0].ID != got[1].ID {
		t.Errorf("%+v", got)
	}
}

// The line from the outbox to a real server, once down and then up.
func TestOutboxToServer(t *testing.T) {
	w := newWorld(t)
	up := w.worker.Transport
	w.worker.Transport = transport(t, "smtp://127.0.0.1:1")
	w.post("a")
	if _, err := w.worker.Deliver(ctx, 50); !errors.Is(err, ErrUnreachable) {
		t.Fatal(err)
	}
	w.worker.Transport = up
	w.pass(retryAfter)
	w.deliver(1)
	got := w.office.messages(t)[0]
	if !strings.Contains(got.Text, "ti 24.11.2026 klo 17.30–19.00") || !strings.Contains(got.HTML, "24,00 €") {
		t.Error(got.Text)
	}
}

// Whatever people type, a mail has the same headers and the same two parts.
func FuzzHeaders(f *testing.F) {
	for _, seed := range []string{
		"Kuoro", "x\r\nBcc: victim@example.org", "x\nContent-Type: text/html\n\n<b>", "\x00\x7f", "=?utf-8?q?=0D=0ABcc:_v@example.org?=", "\u2028Bcc: x",
		strings.Repeat("å", 5000), "--boundary--\r\n.\r\n", "\xff\xfe", "<aino@example.org>, evil@example.org", "\u202Egpj.exe", "{room}", "{{.}}",
	} {
		f.Add(seed, seed)
	}
	w := pureWorker(f)
	names := "Auto-Submitted Content-Language Content-Type Date From Message-Id Mime-Version Subject To"
	f.Fuzz(func(t *testing.T, title, name string) {
		facts := facts()
		facts.Title, facts.ReasonText, facts.State = title, name, "denied"
		facts.Resource.Fi, facts.Unit.Fi, facts.Address, facts.HolderName = name, title, name, title
		w.From.Name = name
		m, err := compose(render(t, w, "reservation.denied", "fi", facts))
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		if _, err := m.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		header, parts := parse(t, raw.Bytes())
		for key, values := range header {
			if !strings.Contains(" "+names+" ", " "+key+" ") || len(values) != 1 {
				t.Fatalf("header %q: %q", key, values)
			}
		}
		from, err := mail.ParseAddressList(header.Get("From"))
		if err != nil || len(from) != 1 || from[0].Address != "vuoro@town.example" {
			t.Fatal(from, err)
		}
		if to := header.Get("To"); to != "<aino@example.org>" || len(header) != 9 || len(parts) != 2 {
			t.Fatal(to, len(header), len(parts))
		}
	})
}
