package ui

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the generated style sheet anew")

// positions is the style sheet that places items by class, because the content
// security policy forbids style attributes.
func positions() []byte {
	var b bytes.Buffer
	b.WriteString("/* Made by go test ./web/ui -update. */\n@layer components {\n@media (min-width: 641px) {\n")
	for i := range MaxQuarters {
		fmt.Fprintf(&b, ".s%d{grid-column-start:%d}\n", i, i+1)
	}
	for i := 1; i <= MaxQuarters; i++ {
		fmt.Fprintf(&b, ".l%d{grid-column-end:span %d}\n", i, i)
	}
	for i := 2; i <= MaxLanes; i++ {
		fmt.Fprintf(&b, ".ln%d{grid-row:%d}\n", i, i)
	}
	for i := 1; i <= MaxHours; i++ {
		fmt.Fprintf(&b, ".h%d{--hours:%d;--quarters:%d}\n", i, i, i*4)
	}
	for i := 1; i < 15; i++ {
		fmt.Fprintf(&b, ".m%d{--part:%.1f%%}\n", i, float64(i)/15*100)
	}
	b.WriteString("}\n}\n")
	return b.Bytes()
}

func TestPositionsSheetIsCurrent(t *testing.T) {
	const file = "../static/css/positions.css"
	if *update {
		if err := os.WriteFile(file, positions(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, positions()) {
		t.Error("positions.css is not what the generator writes; run go test ./web/ui -update")
	}
}
