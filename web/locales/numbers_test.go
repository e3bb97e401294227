package locales_test

import (
	"testing"

	"vuoro/web/locales"
)

func TestDistance(t *testing.T) {
	for metres, want := range map[float64]string{0: "0\u00a0m", 4: "0\u00a0m", 347: "350\u00a0m", 994: "990\u00a0m", 996: "1\u00a0km", 1240: "1,2\u00a0km", 2000: "2\u00a0km", 9960: "10\u00a0km", 12_400: "12\u00a0km"} {
		if got := (locales.Printer{Lang: "fi"}).Distance(metres); got != want {
			t.Errorf("%v metres are %q, want %q", metres, got, want)
		}
	}
}
