package locales

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"vuoro/fault"
)

// Printer speaks one language in one zone. The zero value speaks Finnish in UTC.
type Printer struct {
	Lang string
	Zone *time.Location
}

// New gives the printer of a language and the installation's zone; an unknown
// language becomes Finnish.
func New(lang string, zone *time.Location) Printer {
	return Printer{Lang: Known(lang), Zone: zone}
}

func (p Printer) lang() string { return Known(p.Lang) }

func (p Printer) in(t time.Time) time.Time {
	if p.Zone == nil {
		return t.UTC()
	}
	return t.In(p.Zone)
}

// T is the sentence of a key. Params are one map (fault.Params or
// map[string]any) or pairs of name and value. An unknown key and a missing
// param panic in tests; in service the key or the placeholder itself is shown.
func (p Printer) T(key string, params ...any) string {
	s, ok := catalogues[p.lang()][key]
	if !ok {
		unknown("no sentence for the key " + key)
		return key
	}
	values := collect(key, params)
	segments := s.other
	if n, ok := number(values["n"]); s.one != nil && ok && n == 1 {
		segments = s.one
	}
	var b strings.Builder
	for _, seg := range segments {
		b.WriteString(p.segment(key, seg, values))
	}
	return b.String()
}

// Fault is the sentence of an error's code; the cause is never shown.
func (p Printer) Fault(err error) string {
	f := fault.As(err)
	if !Has(f.Code) {
		unknown("no sentence for the code " + f.Code)
		return p.T("internal")
	}
	return p.T(f.Code, f.Params)
}

// Word is the sentence of prefix.value, or the value itself when there is none:
// for lists that a town may extend (equipment, purposes, types).
func (p Printer) Word(prefix, value string) string {
	if key := prefix + "." + value; Has(key) {
		return p.T(key)
	}
	return value
}

func (p Printer) segment(key string, s segment, values map[string]any) string {
	if s.name == "" {
		return s.text
	}
	value, ok := values[s.name]
	second, alsoOK := values[s.other]
	if !ok || s.other != "" && !alsoOK {
		unknown("the sentence " + key + " needs the params " + s.name + " " + s.other)
		return "{" + s.name + "}"
	}
	return p.format(s, plain(value), plain(second))
}

func collect(key string, params []any) map[string]any {
	if len(params) == 1 {
		switch m := params[0].(type) {
		case fault.Params:
			return m
		case map[string]any:
			return m
		}
	}
	if len(params)%2 != 0 {
		unknown("the params of " + key + " are neither a map nor pairs")
		params = params[:len(params)-1]
	}
	values := make(map[string]any, len(params)/2)
	for i := 0; i < len(params); i += 2 {
		values[fmt.Sprint(params[i])] = params[i+1]
	}
	return values
}

// plain follows pointers and named types to what can be printed.
func plain(value any) any {
	r := reflect.ValueOf(value)
	for r.Kind() == reflect.Pointer {
		r = r.Elem()
	}
	if !r.IsValid() {
		return nil
	}
	switch v := r.Interface().(type) {
	case time.Time, fmt.Stringer, []string:
		return v
	}
	switch {
	case r.CanInt():
		return r.Int()
	case r.CanUint():
		return int64(r.Uint())
	case r.CanFloat():
		return r.Float()
	case r.Kind() == reflect.String:
		return r.String()
	case r.CanConvert(reflect.TypeFor[Texts]()): // any struct of Fi, Sv and En
		return r.Convert(reflect.TypeFor[Texts]()).Interface()
	}
	return r.Interface()
}

func number(value any) (int64, bool) {
	switch n := plain(value).(type) {
	case int64:
		return n, true
	case float64:
		return int64(n), n == float64(int64(n))
	}
	return 0, false
}

// unknown stops a test at a sentence that is not there; people see the key.
func unknown(what string) {
	if testing.Testing() {
		panic("locales: " + what)
	}
}
