package notify

import (
	_ "embed"
	"fmt"
	"html/template"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// width is the longest line of the text form (RFC 5322 §2.1.1 recommends 78).
const width = 72

//go:embed letter.html
var letterHTML string

var htmlForm = template.Must(template.New("letter").Parse(letterHTML))

// message makes the two forms of a letter.
func (w *Worker) message(m outboxMail, l letter, now time.Time) (Message, error) {
	to, err := mail.ParseAddress(m.Recipient)
	if err != nil || to.Address != m.Recipient {
		return Message{}, refused{fmt.Errorf("the recipient is not a plain address: %w", err)}
	}
	var html strings.Builder
	err = htmlForm.Execute(&html, struct {
		letter
		Lang string
	}{l, m.Language})
	return Message{
		ID: w.messageID(m), From: w.From, To: to.Address, Subject: oneLine(l.Subject, 160),
		Language: m.Language, Date: now, Text: l.text(), HTML: html.String(),
	}, err
}

// text is the plain form: short lines, addresses of pages on lines of their own.
func (l letter) text() string {
	var b strings.Builder
	paragraph := func(text string) { b.WriteString(wrapped(text, "", "") + "\n\n") }
	paragraph(l.Hello)
	paragraph(l.Lead)
	if len(l.Facts) > 0 {
		b.WriteString(l.factLines() + "\n")
	}
	for _, list := range l.Lists {
		b.WriteString(list.Title + "\n")
		for _, item := range list.Items {
			b.WriteString(wrapped(item, "  - ", "    ") + "\n")
		}
		b.WriteString("\n")
	}
	if len(l.Quote) > 0 {
		b.WriteString(l.QuoteTop + "\n")
		for _, line := range l.Quote {
			b.WriteString(wrapped(line, "> ", "> ") + "\n")
		}
		b.WriteString("\n")
	}
	paragraph(l.Button + ":\n" + l.URL)
	for _, text := range l.After {
		paragraph(text)
	}
	if l.Second != "" {
		paragraph(l.Second + ":\n" + l.SecondAt)
	}
	b.WriteString(l.Regards + "\n" + l.Site + "\n\n-- \n")
	for _, text := range l.Foot {
		b.WriteString(wrapped(text, "", "") + "\n")
	}
	return b.String()
}

func (l letter) factLines() string {
	longest := 0
	for _, f := range l.Facts {
		longest = max(longest, utf8.RuneCountInString(f.Label))
	}
	var b strings.Builder
	for _, f := range l.Facts {
		label := "  " + f.Label + ":" + strings.Repeat(" ", longest-utf8.RuneCountInString(f.Label)+2)
		b.WriteString(wrapped(f.Value, label, strings.Repeat(" ", utf8.RuneCountInString(label))) + "\n")
	}
	return b.String()
}

// wrapped breaks a text at spaces; words that are too long stay whole. The
// first line begins with first, the others with rest. Line breaks stay.
func wrapped(text, first, rest string) string {
	var out []string
	prefix := first
	for _, paragraph := range strings.Split(text, "\n") {
		line := prefix
		length := utf8.RuneCountInString(prefix)
		begun := false
		for _, word := range strings.Fields(paragraph) {
			n := utf8.RuneCountInString(word)
			if begun && length+1+n > width {
				out = append(out, line)
				line, length, begun = rest, utf8.RuneCountInString(rest), false
			}
			if begun {
				line, length = line+" ", length+1
			}
			line, length, begun = line+word, length+n, true
		}
		out = append(out, strings.TrimRight(line, " "))
		prefix = rest
	}
	return strings.Join(out, "\n")
}
