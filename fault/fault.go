// Package fault gives every error of Vuoro a kind, which decides how it is
// answered, and a code, which decides what is said. It promises that the two
// are enough: no other package looks into error texts. It leaves out the
// sentences themselves (web/locales) and the answers (web).
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says how an error is answered. There are few kinds and many codes.
type Kind int

// The kinds, with the HTTP status that the web floor gives them.
const (
	Internal        Kind = iota // 500: our own mistake
	Invalid                     // 422: a value breaks a rule of form
	Malformed                   // 400: the request cannot be read at all
	Unauthenticated             // 401: nobody is signed in
	Forbidden                   // 403: signed in, seen, but not allowed
	NotFound                    // 404: unknown, or hidden from this actor
	Conflict                    // 409: somebody else has the time, or did it first
	Stale                       // 412 (forms: 409): the page is older than the row
	Precondition                // 428: an edit came without its revision
	Refused                     // 422: a rule of the place says no
	Gone                        // 410: it was there and has ended
	TooMany                     // 429: slow down
	Unavailable                 // 503: try again in a moment
)

// Params are the values that a sentence names: numbers, times, names.
type Params map[string]any

// Field is one mistake in one named input.
type Field struct {
	Name   string
	Code   string
	Params Params
}

// Error is the one error type that crosses floors.
type Error struct {
	Kind       Kind
	Code       string        // also the key of the sentence, e.g. "booking.overlap"
	Params     Params        // values for the sentence
	Fields     []Field       // per-input mistakes, in the order of the form
	RetryAfter time.Duration // for Unavailable, TooMany and a key in progress
	Err        error         // the cause, for the log only
}

// New returns an error of a kind with a code and, optionally, params.
func New(kind Kind, code string, params ...Params) *Error {
	e := &Error{Kind: kind, Code: code}
	for _, p := range params {
		e.Params = p
	}
	return e
}

// Wrap keeps the cause of an error behind a kind and a code.
func Wrap(err error, kind Kind, code string) *Error {
	return &Error{Kind: kind, Code: code, Err: err}
}

// InvalidField is an Invalid error about a single input.
func InvalidField(name, code string, params ...Params) *Error {
	e := New(Invalid, code, params...)
	e.Fields = []Field{{Name: name, Code: code, Params: e.Params}}
	return e
}

// Error is for logs; people get the sentence of the code.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.Err)
	}
	if len(e.Params) > 0 {
		return fmt.Sprintf("%s %v", e.Code, map[string]any(e.Params))
	}
	return e.Code
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// As finds the fault in a chain; an error without one is Internal.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Code: "internal", Err: err}
}

// Is tells whether the chain holds a fault of this kind.
func Is(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// Code is the code of the chain's fault, or "" when err is nil.
func Code(err error) string {
	if err == nil {
		return ""
	}
	return As(err).Code
}
