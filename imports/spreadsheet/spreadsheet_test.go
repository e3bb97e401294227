package spreadsheet_test

import (
	"testing"
	"unicode/utf8"

	"vuoro/imports/spreadsheet"
)

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Sali": "Sali", "-5.2": "-5.2", "=1+1": "'=1+1", "'=1": "''=1", "-a": "'-a", "@a": "'@a", "'s": "'s", "\tx": "'\tx",
	} {
		if got := spreadsheet.Guarded(text); got != want || spreadsheet.Unguarded(got) != text {
			t.Errorf("%q is guarded as %q and back %q", text, got, spreadsheet.Unguarded(got))
		}
	}
}

func TestTextAndSeparator(t *testing.T) {
	for data, want := range map[string]string{
		"ä;b": "ä;b", "\ufeffä": "ä", "\xff\xfeh\x00\xe4\x00": "hä", "\xfe\xff\x00h": "h", "\xff\xfeh\x00x": "h" + string(utf8.RuneError),
	} {
		if got := spreadsheet.Text([]byte(data)); got != want {
			t.Errorf("%q is %q, want %q", data, got, want)
		}
	}
	for text, want := range map[string]rune{"a,b;c;d\n,,,,": ';', "a\tb": '\t', "a": ','} {
		if got := spreadsheet.Separator(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
