package notify

import (
	"encoding/json"
	"flag"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/ledger"
	"vuoro/web/locales"
)

var update = flag.Bool("update", false, "rewrite the golden mails")

// pureWorker needs no database: letters are pure.
func pureWorker(t testing.TB) *Worker {
	t.Helper()
	return &Worker{
		Now: func() time.Time { return noon }, BaseURL: "https://vuoro.example", Zone: helsinki(t), Secrets: &ledger.Secrets{},
		From: mail.Address{Name: "Vuoro", Address: "vuoro@town.example"},
	}
}

func render(t testing.TB, w *Worker, topic, lang string, payload any) Message {
	t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	m := outboxMail{ID: 7, Topic: topic, Recipient: "aino@example.org", Language: lang, Payload: db.AsJSON(json.RawMessage(raw)), DedupKey: "k", ExpiresAt: noon.Add(30 * time.Minute)}
	l, _, err := w.letter(m)
	if err != nil {
		t.Fatal(err)
	}
	message, err := w.message(m, l, noon)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// letters are the facts of each topic as the engine gives them.
var letters = map[string]func(*ledger.ReservationFacts){
	"confirmed":        func(f *ledger.ReservationFacts) { f.CancelTill = evening.AddDate(0, 0, -1) },
	"requested":        func(f *ledger.ReservationFacts) { f.State, f.PriceCents = "requested", nil },
	"request_received": func(f *ledger.ReservationFacts) { f.State = "requested"; n := 15; f.Persons = &n },
	"denied": func(f *ledger.ReservationFacts) {
		f.State, f.ReasonCode, f.ReasonText = "denied", "own_use", "Sali on koulun juhlassa.\nKysy aikaa joulukuulle: p. 09 310 1234."
	},
	"cancelled": func(f *ledger.ReservationFacts) { f.State, f.ReasonCode = "cancelled", "plans_changed" },
	"cancelled.staff": func(f *ledger.ReservationFacts) {
		f.State, f.ReasonCode, f.ReasonText, f.ByStaff = "cancelled", "maintenance", "Vesivahinko.", true
	},
	"moved": func(f *ledger.ReservationFacts) {
		f.OldBegin, f.OldEnd = evening.Add(-24*time.Hour), evening.Add(-22*time.Hour)
		zero := 0
		f.PriceCents = &zero
	},
	"moved.room": func(f *ledger.ReservationFacts) {
		f.State, f.OldBegin, f.OldEnd = "requested", evening.Add(-24*time.Hour), evening.Add(-22*time.Hour)
		f.OldResource = locales.Texts{Fi: "Pieni sali", Sv: "Lilla salen", En: "Small hall"}
	},
	"confirmed.free": func(f *ledger.ReservationFacts) {
		f.FreeReason, f.FreeGranted, f.PriceCents = "Lasten kerho.", new(true), new(0)
	},
	"request_received.free": func(f *ledger.ReservationFacts) {
		f.State, f.FreeReason = "requested", "Lasten kerho.\nEi pääsymaksua."
	},
	"confirmed.line": func(f *ledger.ReservationFacts) { f.FromLine = true },
	"confirmed.check_in": func(f *ledger.ReservationFacts) {
		f.CheckInFrom, f.CheckInTill = evening.Add(-15*time.Minute), evening.Add(15*time.Minute)
	},
	"no_show":        func(f *ledger.ReservationFacts) { f.NoShow = true },
	"no_show.staff":  func(f *ledger.ReservationFacts) { f.NoShow, f.ByStaff = true, true },
	"no_show_undone": func(f *ledger.ReservationFacts) {},

	"booked":  func(f *ledger.ReservationFacts) {},
	"expired": func(f *ledger.ReservationFacts) { f.State = "expired" },
}

func TestMails(t *testing.T) {
	w := pureWorker(t)
	for name, change := range letters {
		f := facts()
		change(&f)
		event, _, _ := strings.Cut(name, ".")
		for _, lang := range locales.Languages {
			m := render(t, w, "reservation."+event, lang, f)
			compare(t, "testdata/"+name+"."+lang+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			checkForm(t, name+"."+lang, m)
			for _, must := range []string{f.Number, "Töölönlahdenkatu 4", "https://vuoro.example/"} {
				if !strings.Contains(m.Text, must) || !strings.Contains(m.HTML, must) {
					t.Errorf("%s.%s does not say %q", name, lang, must)
				}
			}
		}
	}
	compare(t, "testdata/denied.fi.html", render(t, w, "reservation.denied", "fi", func() ledger.ReservationFacts {
		f := facts()
		letters["denied"](&f)
		return f
	}()).HTML)
}

// Offers from the wait list are about a hold, whose number is nobody's business.
func TestOfferMails(t *testing.T) {
	w := pureWorker(t)
	for _, event := range []string{"offer", "offer_expired"} {
		f := facts()
		f.State, f.Wait, f.AnswerBy = "held", "0193b0c1-0000-7000-8000-000000000001", evening.Add(-5*time.Hour)
		for _, lang := range locales.Languages {
			m := render(t, w, "waiting."+event, lang, f)
			compare(t, "testdata/"+event+"."+lang+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			checkForm(t, event+"."+lang, m)
			if !strings.Contains(m.Text, w.BaseURL+"/w/"+f.Wait) || strings.Contains(m.Text, f.Number) {
				t.Errorf("%s.%s:\n%s", event, lang, m.Text)
			}
		}
	}
}

// token stands for the secret of a link, which is another one in each run.
var token = regexp.MustCompile(`/sign-in/[A-Za-z0-9_-]{64}\b`)

func TestSignInMails(t *testing.T) {
	w := newWorld(t).worker
	id := uuid.MustParse("0192c5a0-0000-7000-8000-000000000002")
	for _, lang := range locales.Languages {
		for topic, payload := range map[string]any{
			"sign_in.link":       map[string]any{"link": id, "minutes": 30},
			"sign_in.invitation": map[string]any{"link": id, "minutes": 10080, "role": "manager", "unit": 3},
			"sign_in.membership": map[string]any{"link": id, "role": "booker", "association": "Kallion <kuoro>\r\nBcc: a@b.example"},
		} {
			m := render(t, w, topic, lang, payload)
			if len(token.FindAllString(m.Text, -1)) != 1 || len(token.FindAllString(m.HTML, -1)) != 2 {
				t.Errorf("%s.%s: the link is not there\n%s", topic, lang, m.Text)
			}
			compare(t, "testdata/"+topic+"."+lang+".txt", "Subject: "+m.Subject+"\n\n"+token.ReplaceAllString(m.Text, "/sign-in/TOKEN"))
			checkForm(t, topic+"."+lang, m)
		}
	}
}

// The address that gives a reservation back is in the mails to those who may,
// and in no others.
func TestMailsOfferToGiveBack(t *testing.T) {
	w := newWorld(t).worker
	f := facts()
	f.GiveBack, f.CancelTill = uuid.MustParse("0192c5a0-0000-7000-8000-000000000003"), evening
	for _, topic := range []string{"confirmed", "moved", "cancelled", "requested"} {
		m := render(t, w, "reservation."+topic, "fi", f)
		_, link, found := strings.Cut(m.Text, "https://vuoro.example/give-back/")
		if offered := topic == "confirmed" || topic == "moved"; found != offered || strings.Contains(m.HTML, "/give-back/") != offered {
			t.Errorf("%s: offered %v", topic, found)
			continue
		} else if !offered {
			continue
		}
		link, _, _ = strings.Cut(link, "\n")
		reservation, person, ok := w.Secrets.OpenGiveBack(link)
		if !ok || reservation.String() != f.UID || person != f.GiveBack {
			t.Errorf("%s: %q is of %s and %s, %v", topic, link, reservation, person, ok)
		}
		checkForm(t, topic, m)
	}
	without := facts() // the room's rule does not let its holder
	without.GiveBack = f.GiveBack
	if m := render(t, w, "reservation.confirmed", "fi", without); strings.Contains(m.Text, "/give-back/") {
		t.Error(m.Text)
	}
}

func checkForm(t *testing.T, name string, m Message) {
	t.Helper()
	for _, line := range strings.Split(m.Text, "\n") {
		if utf8.RuneCountInString(line) > 76 && !strings.HasPrefix(line, "https://") {
			t.Errorf("%s: a long line: %q", name, line)
		}
	}
	if strings.Contains(m.Text, "{") || strings.Contains(m.Text, "<no value>") || strings.ContainsAny(m.Subject, "\r\n") {
		t.Errorf("%s: something was not filled in:\n%s", name, m.Text)
	}
	note := map[string]string{"fi": "Ajat ovat Suomen aikaa", "sv": "Tiderna är i finsk tid", "en": "Times are in Finnish time"}
	if !strings.Contains(m.Text, note[m.Language]) || !strings.Contains(m.HTML, note[m.Language]) {
		t.Errorf("%s does not name the zone", name)
	}
	if !strings.HasPrefix(m.HTML, "<!doctype html>\n<html lang=\""+m.Language+"\">") {
		t.Errorf("%s: the HTML has no language", name)
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}

func TestOtherZonesAreNamed(t *testing.T) {
	w := pureWorker(t)
	zone, err := time.LoadLocation("Atlantic/Reykjavik")
	if err != nil {
		t.Fatal(err)
	}
	w.Zone, w.Site = zone, locales.Texts{Fi: "Kaupungin tilat"}
	m := render(t, w, "reservation.confirmed", "fi", facts())
	if !strings.Contains(m.Text, "aikavyöhykkeellä Atlantic/Reykjavik") || !strings.Contains(m.Text, "klo 15.30–17.00") || !strings.Contains(m.Text, "Kaupungin tilat") {
		t.Error(m.Text)
	}
}

// The HTML form escapes what people typed.
func TestTypedTextsStayTexts(t *testing.T) {
	f := facts()
	f.Title = `<img src=x onerror=alert(1)>"'&`
	f.State, f.ReasonText = "denied", "<script>alert(1)</script>"
	m := render(t, pureWorker(t), "reservation.denied", "en", f)
	if strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "<script") || !strings.Contains(m.HTML, "&lt;script&gt;") {
		t.Error(m.HTML)
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nBcc: b@example.org": "a Bcc: b@example.org", "  a\t b\x00 ": "a b", "x\u2028y": "x y", "\u202Eabc": "abc",
		"\xff": "\uFFFD", "Åland": "Åland", "\u0085x": "x", "a\u200Bb": "a\u200Bb",
	} {
		if got := oneLine(in, 100); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := oneLine(strings.Repeat("ä", 300), 10); utf8.RuneCountInString(got) != 10 || !strings.HasSuffix(got, "…") {
		t.Error(got)
	}
}

func TestWrapped(t *testing.T) {
	text := wrapped(strings.Repeat("sana ", 40), "> ", "> ")
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "> sana") || utf8.RuneCountInString(line) > width {
			t.Errorf("%q", line)
		}
	}
	if strings.Count(text, "sana") != 40 {
		t.Error("words were lost")
	}
	if got := wrapped(strings.Repeat("x", 200), "", ""); strings.Contains(got, "\n") {
		t.Error("a long word should stay whole")
	}
}
