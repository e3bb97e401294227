package locales

import (
	"encoding/json"
	"testing"
)

func TestTextsStandInForEachOther(t *testing.T) {
	texts := Texts{Sv: "Grupprum", En: "Group room"}
	if text, in := texts.In("fi"); text != "Grupprum" || in != "sv" {
		t.Error(text, in)
	}
	if text, in := texts.In("en"); text != "Group room" || in != "en" {
		t.Error(text, in)
	}
	if text, in := (Texts{}).In("sv"); text != "" || in != "sv" {
		t.Error(text, in)
	}
	if texts.String() != "Grupprum" || texts.Exact("de") != "" {
		t.Error(texts.String())
	}
}

func TestTextsTravelAsJSON(t *testing.T) {
	texts := Texts{Fi: "Sali \"A\"", En: "Hall"}
	value, err := texts.Value()
	if err != nil || value != `{"fi":"Sali \"A\"","en":"Hall"}` {
		t.Fatal(value, err)
	}
	for _, src := range []any{value, []byte(value.(string))} {
		var back Texts
		if err := back.Scan(src); err != nil || back != texts {
			t.Error(back, err)
		}
	}
	back := texts
	if err := back.Scan(nil); err != nil || back != (Texts{}) {
		t.Error(back, err)
	}
	if err := back.Scan(7); err == nil {
		t.Error("a number is no text")
	}
	if b, err := json.Marshal(Texts{}); err != nil || string(b) != "{}" {
		t.Error(string(b), err)
	}
}
