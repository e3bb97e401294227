package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// form is a posted value without blanks around it, or "". The query string is
// not looked at.
func (v *visit) form(name string) string {
	return strings.TrimSpace(string(v.c.Request().PostArgs().Peek(name)))
}

// formAll are all posted values of a name, such as ticked boxes.
func (v *visit) formAll(name string) []string {
	var values []string
	for _, raw := range v.c.Request().PostArgs().PeekMulti(name) {
		values = append(values, strings.TrimSpace(string(raw)))
	}
	return values
}

// formInt is a posted whole number, or nil when nothing was typed. What is not
// a number is an error at the field.
func (v *visit) formInt(name string) (*int, error) {
	typed := v.form(name)
	if typed == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return nil, fault.InvalidField(name, "invalid")
	}
	return &n, nil
}

// revision is the version of what a form was made from; a form without one is
// stale.
func (v *visit) revision() (int, error) {
	n, err := strconv.Atoi(v.form("revision"))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Stale, "stale")
	}
	return n, nil
}

// problems is what a visitor can mend: a summary for the top of the form and
// the sentences at its fields, in the visitor's language.
type problems struct {
	Summary ui.ErrorSummary
	Fields  map[string]string // by name of the field
	Refusal *booking.Refusal  // with conflicts and alternatives, or nil
	Code    string
}

// problems reads an error of a use case. ok is true when it belongs on the form
// that was posted; then the answer's status is set (422, or 409 when somebody
// was faster). A nil error and errors of other kinds are not ok.
func (v *visit) problems(err error) (p problems, ok bool) {
	if err == nil {
		return p, false
	}
	f := fault.As(err)
	switch f.Kind {
	case fault.Invalid, fault.Refused:
		v.c.Status(fiber.StatusUnprocessableEntity)
	case fault.Conflict, fault.Stale, fault.Gone:
		v.c.Status(fiber.StatusConflict)
	case fault.TooMany:
		v.c.Status(fiber.StatusTooManyRequests)
		v.retryAfter(f.RetryAfter)
	default:
		return p, false
	}
	p = problems{Fields: map[string]string{}, Code: f.Code}
	if errors.As(err, &p.Refusal) {
		p.addViolations(v.say)
	}
	for _, field := range f.Fields {
		p.add(field.Name, sentence(v.say, f.Kind, field.Code, field.Params))
	}
	if len(p.Summary.Items) == 0 {
		p.add("", sentence(v.say, f.Kind, f.Code, f.Params))
	}
	return p, true
}

func (p *problems) add(field, message string) {
	if field != "" && p.Fields[field] == "" {
		p.Fields[field] = message
	}
	p.Summary.Items = append(p.Summary.Items, ui.ErrorItem{FieldID: field, Message: message})
}

// renamed moves what is wrong with a field that the form has not to one that it
// has.
func (p problems) renamed(from, to string) problems {
	if message, found := p.Fields[from]; found {
		p.Fields[to] = message
		for i := range p.Summary.Items {
			if p.Summary.Items[i].FieldID == from {
				p.Summary.Items[i].FieldID = to
			}
		}
	}
	return p
}

// addViolations lists every rule that says no, and first the taken time.
func (p *problems) addViolations(say locales.Printer) {
	if len(p.Refusal.Conflicts) > 0 {
		p.add("", sentence(say, fault.Conflict, "booking.overlap", nil))
	}
	for _, violation := range p.Refusal.Decision.Violations {
		if !violation.Overridden {
			p.add(violation.Field(), sentence(say, fault.Refused, violation.Code, violation.Params))
		}
	}
}

// field completes a form field with what was posted and with its problem.
func (v *visit) field(f ui.Field, p problems) ui.Field {
	f.Error = p.Fields[f.Name]
	if !v.route.write() {
		return f
	}
	if f.Type == "checkbox" {
		f.Checked = v.form(f.Name) != ""
		return f
	}
	f.Value = v.form(f.Name)
	for i := range f.Options {
		f.Options[i].Selected = f.Options[i].Value == f.Value
	}
	return f
}

// withFields is an Invalid error whose fields are named as a form names its
// inputs; any other error stays as it is.
func withFields(err error, name func(fault.Field) string) error {
	var found *fault.Error
	if !errors.As(err, &found) || found.Kind != fault.Invalid {
		return err
	}
	moved := *found
	moved.Fields = slices.Clone(found.Fields)
	for i, field := range moved.Fields {
		moved.Fields[i].Name = name(field)
	}
	return &moved
}
