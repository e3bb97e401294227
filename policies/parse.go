package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"vuoro/fault"
)

// envelopeVersion is the one shape of rules that this program reads.
const envelopeVersion = 1

// ParseRules reads the stored envelope strictly: unknown fields, values out of
// range and rules that say nothing are refused. The error is Invalid; its
// Fields name every mistake as "rule-id.what.persons_min" (a rule without an id
// as "#3", counted from 1) with a code "rules.…" and params rule, field and
// what the code needs (see RuleCodes); code and params of the error itself are
// those of the first.
func ParseRules(text []byte) (Rules, error) {
	var envelope struct {
		Version   *int              `json:"version"`
		Questions []FormField       `json:"questions"`
		Tariffs   []Tariff          `json:"tariffs"`
		VAT       []VATRate         `json:"vat"`
		Rules     []json.RawMessage `json:"rules"`
	}
	found := &mistakes{}
	if len(text) > maxBytes {
		found.add("", "rules.too_large", fault.Params{"max": maxBytes >> 20})
		return Rules{}, found.err()
	}
	if !found.decode(text, &envelope) {
		return Rules{}, found.err()
	}
	if key, doubled := doubledKey(json.NewDecoder(bytes.NewReader(text))); doubled {
		found.add("", "rules.doubled", fault.Params{"value": cut(key)})
	}
	found.inEnvelope(envelope.Version, len(envelope.Rules))
	if len(envelope.Rules) > maxRules {
		return Rules{}, found.err()
	}
	book := Rules{
		Version: envelopeVersion, Questions: envelope.Questions, Tariffs: envelope.Tariffs, VAT: envelope.VAT,
		Rules: make([]Rule, len(envelope.Rules)),
	}
	found.inHead(&book)
	for i, raw := range envelope.Rules {
		found.rule = ruleName(idOf(raw), i)
		if found.decode(raw, &book.Rules[i]) {
			found.inRule(&book.Rules[i], book.Rules[:i])
		}
	}
	if err := found.err(); err != nil {
		return Rules{}, err
	}
	return book, nil
}

// UnmarshalJSON is ParseRules, so that no way into the program is laxer.
func (r *Rules) UnmarshalJSON(text []byte) (err error) {
	*r, err = ParseRules(text)
	return err
}

// mistakes collects what is wrong, so that an author sees all of it at once.
type mistakes struct {
	rule   string // name of the rule being read, "" = the envelope
	fields []fault.Field
}

func (m *mistakes) add(field, code string, p fault.Params) {
	if p == nil {
		p = fault.Params{}
	}
	p["rule"], p["field"] = m.rule, field
	name := field
	if m.rule != "" {
		name = strings.Trim(m.rule+"."+field, ".")
	}
	m.fields = append(m.fields, fault.Field{Name: name, Code: code, Params: p})
}

func (m *mistakes) err() error {
	if len(m.fields) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, m.fields[0].Code, m.fields[0].Params)
	e.Fields = m.fields
	return e
}

// decode reads one JSON value and nothing after it, without unknown fields.
func (m *mistakes) decode(text []byte, into any) bool {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return true
		}
		err = errTrailing
	}
	m.addUnread(err)
	return false
}

var errTrailing = errors.New("something follows the rules")

func (m *mistakes) addUnread(err error) {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		m.add(wrongType.Field, "rules.wrong_type", fault.Params{"value": wrongType.Value})
		return
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		m.add(strings.Trim(name, `"`), "rules.unknown_field", nil)
		return
	}
	m.add("", "rules.unreadable", nil)
}

// idOf is the id of a rule that may not be readable otherwise.
func idOf(raw json.RawMessage) string {
	var named struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &named) // what is wrong is told when the rule itself is read
	return named.ID
}

// doubledKey finds a key that one object has twice, of which JSON keeps the last
// without a word. The text is JSON.
func doubledKey(decoder *json.Decoder) (key string, doubled bool) {
	token, err := decoder.Token()
	if err != nil {
		return "", false
	}
	inObject := token == json.Delim('{')
	if !inObject && token != json.Delim('[') {
		return "", false
	}
	seen := map[string]bool{}
	for decoder.More() {
		if inObject {
			token, _ := decoder.Token()
			name, _ := token.(string)
			if seen[name] {
				return name, true
			}
			seen[name] = true
		}
		if key, doubled := doubledKey(decoder); doubled {
			return key, true
		}
	}
	_, _ = decoder.Token() // the bracket that closes
	return "", false
}

// cut keeps what a message quotes short.
func cut(text string) string {
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText]) + "…"
	}
	return text
}
