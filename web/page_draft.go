package web

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
)

// draft is a checkout form as it was typed. It travels with a sign-in link, and
// in a cookie from page to page of the same browser, so that choosing another
// time, asking for more time or signing in loses nothing.
type draft struct {
	Room    string            `json:"room"`
	Begin   string            `json:"begin"` // as in stamp
	End     string            `json:"end"`
	Holder  string            `json:"holder,omitempty"` // "" or an association's uid
	Name    string            `json:"name,omitempty"`
	Title   string            `json:"title,omitempty"`
	Purpose string            `json:"purpose,omitempty"`
	Persons string            `json:"persons,omitempty"`
	Oldest  string            `json:"oldest_age,omitempty"`
	Answers map[string]string `json:"answers,omitempty"`
	Free    bool              `json:"free,omitempty"` // asks for free use
	FreeWhy string            `json:"free_why,omitempty"`
	Terms   bool              `json:"terms,omitempty"`
	// Versions are those of the terms that were shown, as "key/version"
	Versions []string `json:"versions,omitempty"`
	Email    string   `json:"email,omitempty"`
	Key      string   `json:"key,omitempty"` // of the one booking that this form may make
	Repeat   *repeat  `json:"repeat,omitempty"`
}

const (
	draftCookie = "vuoro-draft"
	draftAge    = time.Hour
	maxCookie   = 3500 // bytes that every browser keeps
	answerField = "answer_"
)

// postedDraft is the form that was just sent.
func (v *visit) postedDraft() draft {
	d := draft{
		Room: v.form("room"), Begin: v.form("begin"), End: v.form("end"), Holder: v.form("holder"), Name: v.form("name"),
		Title: v.form("title"), Purpose: v.form("purpose"), Persons: v.form("persons"), Oldest: v.form(policies.FieldOldest), Terms: v.form("terms") != "",
		Email: v.form("email"), Key: v.form("key"), Free: v.form("free") != "", FreeWhy: v.form(policies.FieldFree),
		Repeat: v.postedRepeat(), Versions: v.formAll("terms_shown"),
	}
	d.Answers = v.postedAnswers()
	return d
}

// postedAnswers are the answers of the form; several ticks of one question are
// joined by commas.
func (v *visit) postedAnswers() map[string]string {
	var answers map[string]string
	for key, value := range v.c.Request().PostArgs().All() {
		name, found := strings.CutPrefix(string(key), answerField)
		if !found || len(answers) >= 50 {
			continue
		}
		if answers == nil {
			answers = map[string]string{}
		}
		text := strings.TrimSpace(string(value))
		if before := answers[name]; before != "" {
			text = before + "," + text
		}
		answers[name] = text
	}
	return answers
}

// times are the begin and end of a draft; ok is false when they cannot be read.
func (d draft) times() (asked calendar.Interval, ok bool) {
	begin, err := time.Parse(stampForm, d.Begin)
	if err != nil {
		return asked, false
	}
	end, err := time.Parse(stampForm, d.End)
	return calendar.Interval{Begin: begin, End: end}, err == nil
}

// numbers refuses what should be a number and is not.
func (d draft) numbers() error {
	for _, typed := range []struct{ value, field, code string }{
		{d.Persons, policies.FieldPersons, "booking.persons_text"}, {d.Oldest, policies.FieldOldest, "booking.age_text"},
	} {
		if _, err := strconv.Atoi(typed.value); typed.value != "" && err != nil {
			return fault.InvalidField(typed.field, typed.code)
		}
	}
	return nil
}

// form is what the rules are asked about. A number of people that is not one is
// left out here and named at its field.
func (d draft) form() policies.Form {
	form := policies.Form{
		Title: d.Title, Purpose: d.Purpose, Answers: d.Answers, TermsAccepted: d.Terms, FreeOfCharge: d.Free, FreeReason: d.FreeWhy,
	}
	if n, err := strconv.Atoi(d.Persons); err == nil {
		form.Persons = &n
	}
	if n, err := strconv.Atoi(d.Oldest); err == nil {
		form.OldestAge = &n
	}
	return form
}

// sameTime tells whether two drafts are about the same room and time.
func (d draft) sameTime(o draft) bool {
	return d.Room == o.Room && d.Begin == o.Begin && d.End == o.End
}

func (d draft) json() json.RawMessage {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil
	}
	return raw
}

// keepDraft puts a form into the browser's cookie. Very long answers do not fit
// and are left out there; the page that was posted still shows them.
func (v *visit) keepDraft(d draft) {
	text := packDraft(d)
	if len(text) > maxCookie {
		d = d.shortened()
		text = packDraft(d)
	}
	if len(text) <= maxCookie {
		v.setCookie(draftCookie, text, draftAge)
	}
}

// shortened is a form without what may be long.
func (d draft) shortened() draft {
	d.Answers, d.FreeWhy = nil, ""
	if d.Repeat != nil {
		r := *d.Repeat
		r.Fixes, d.Repeat = nil, &r
	}
	return d
}

func (v *visit) dropDraft() {
	if v.c.Cookies(draftCookie) != "" {
		v.setCookie(draftCookie, "", -time.Second)
	}
}

// keptDraft is the form in the browser's cookie, or an empty one.
func (v *visit) keptDraft() draft {
	var d draft
	raw, err := base64.RawURLEncoding.DecodeString(v.c.Cookies(draftCookie))
	if err != nil || len(raw) == 0 {
		return d
	}
	// a bound, since a few bytes can unpack to very many
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), 64<<10))
	if err != nil || json.Unmarshal(text, &d) != nil {
		return draft{}
	}
	return d
}

// continued is the kept form for the room and time of d.
func (v *visit) continued(d draft) draft {
	kept := v.keptDraft()
	same := kept.sameTime(d)
	kept.Room, kept.Begin, kept.End = d.Room, d.Begin, d.End
	if !same { // the terms are another room's, and it is another booking
		kept.Terms, kept.Versions, kept.Key, kept.Repeat = false, nil, "", nil
	}
	return kept
}

func packDraft(d draft) string {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return ""
	}
	if _, err := w.Write(d.json()); err != nil || w.Close() != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(out.Bytes())
}

// takeDraft keeps what travelled with a sign-in link for the checkout that
// follows. What cannot be read is left.
func (v *visit) takeDraft(in accounts.SignedIn) {
	var d draft
	if len(in.Draft) > 0 && json.Unmarshal(in.Draft, &d) == nil && d.Room != "" {
		v.keepDraft(d)
	}
}
