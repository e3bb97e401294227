package ui

import "strings"

// Field is a form control with label, hint and error. Template "field".
type Field struct {
	ID           string // defaults to Name
	Name         string
	Label        string
	Hint         string
	Error        string
	Value        string
	Type         string // "text" (default), "email", "tel", "search", "textarea", "select", "radio", "several", "checkbox", "chips"
	Options      []Option
	Checked      bool // checkbox
	Required     bool
	Optional     bool // adds the word "optional" to the label
	InputMode    string
	Autocomplete string
	MaxLength    int
	Rows         int
	Width        string // "xs", "s", "m"; empty = full
	Suffix       string // "hlö"
	Autofocus    bool
	Shortcut     string // a single key that moves the focus here ("/")
}

// Option is a choice of a select, a radio group or chips.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Selected bool
}

// Key is the element's id.
func (f Field) Key() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

// Kind is the input's type attribute.
func (f Field) Kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// Lines is the height of a textarea.
func (f Field) Lines() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 4
}

// DescribedBy lists the ids of hint and error.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Key()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.Key()+"-error")
	}
	return strings.Join(ids, " ")
}

// OptionKey is the id of option i: the first one has the field's own id, so that
// a link in the error summary reaches it.
func (f Field) OptionKey(i int) string {
	if i == 0 {
		return f.Key()
	}
	return f.Key() + "-" + itoa(i)
}

// ErrorSummary lists what must be mended, with links to the fields. Template
// "error-summary". Focus is moved to it.
type ErrorSummary struct {
	Title string // empty = the usual sentence
	Items []ErrorItem
}

// ErrorItem is one message; an empty FieldID is a message about the whole form.
type ErrorItem struct {
	FieldID string
	Message string
}

// Errors collects a summary from fields that carry an error, in page order.
func Errors(fields ...Field) ErrorSummary {
	var s ErrorSummary
	for _, f := range fields {
		if f.Error != "" {
			s.Items = append(s.Items, ErrorItem{FieldID: f.Key(), Message: f.Error})
		}
	}
	return s
}
