package calendar

import (
	"testing"
	"time"

	"vuoro/fault"
)

func FuzzParseRule(f *testing.F) {
	for _, text := range evil {
		f.Add(text)
	}
	f.Add("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1MO;BYMONTH=9,10;BYSETPOS=1;WKST=SU;UNTIL=20261130T215959Z")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseImportedRule(text)
		if err != nil {
			requireInvalid(t, text, err)
			return
		}
		if back, err := ParseImportedRule(r.String()); err != nil || !back.Equal(r) || r.IsZero() {
			t.Fatalf("%q is %s, read back %s, %v", text, r, back, err)
		}
		if booked, err := ParseRule(text); err == nil && !booked.Equal(r) {
			t.Fatalf("%q is %s imported and %s booked", text, r, booked)
		}
	})
}

func FuzzExpand(f *testing.F) {
	for _, text := range evil {
		f.Add(text, 739577, 1080, 120)
	}
	f.Add("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=24", 739700, 210, 90)
	f.Fuzz(func(t *testing.T, text string, day, from, minutes int) {
		rule, err := ParseImportedRule(text)
		if err != nil {
			return
		}
		const days = 9999 * 365
		first := Date{1, time.January, 1}.AddDays(min(max(day, 0), days))
		r := Recurrence{First: first, Span: Span{Minute(from), Minute(from + minutes)}, Rule: rule, Last: first.AddDays(730)}
		list, err := r.Expand()
		if err != nil {
			requireInvalid(t, text, err)
			return
		}
		for i, o := range list {
			if o.Date.Before(first) || o.Date.After(r.Last) || i > 0 && !o.Date.After(list[i-1].Date) {
				t.Fatalf("%s from %s yields %s", rule, first, o.Date)
			}
		}
		if len(list) == 0 || len(list) > MaxDates {
			t.Fatalf("%s from %s yields %d dates", rule, first, len(list))
		}
	})
}

func requireInvalid(t *testing.T, text string, err error) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fault.As(err).Err != nil {
		t.Fatalf("%q: %v", text, err)
	}
}
