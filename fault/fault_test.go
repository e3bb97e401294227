package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"vuoro/fault"
)

func TestAsFindsTheFaultInAChain(t *testing.T) {
	inner := fault.New(fault.Conflict, "booking.overlap", fault.Params{"n": 1})
	chain := fmt.Errorf("book: %w", inner)
	if got := fault.As(chain); got != inner || !fault.Is(chain, fault.Conflict) || fault.Code(chain) != "booking.overlap" {
		t.Errorf("%+v", got)
	}
}

func TestUnknownErrorsAreInternal(t *testing.T) {
	cause := errors.New("disk full")
	got := fault.As(cause)
	if got.Kind != fault.Internal || !errors.Is(got, cause) || fault.Is(cause, fault.Internal) {
		t.Errorf("%+v", got)
	}
	if fault.Code(nil) != "" {
		t.Error("nil has a code")
	}
}

func TestInvalidFieldNamesItsField(t *testing.T) {
	e := fault.InvalidField("end", "booking.end_before_begin", fault.Params{"begin": 1})
	if e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "end" || e.Fields[0].Params["begin"] != 1 {
		t.Errorf("%+v", e)
	}
	if text := fault.Wrap(errors.New("x"), fault.Gone, "gone").Error(); text != "gone: x" {
		t.Error(text)
	}
}
