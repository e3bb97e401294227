package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"vuoro/web/static"
)

func TestPathLeadsToTheSameBytes(t *testing.T) {
	for _, name := range static.Names() {
		path := static.Path(name)
		file, ok := strings.CutPrefix(path, static.Prefix)
		if !ok {
			t.Fatalf("%s is not below %s", path, static.Prefix)
		}
		a, ok := static.Lookup(file)
		if !ok || a.Name != name || len(a.Body) == 0 {
			t.Errorf("%s is not found by its address", name)
		}
		if named, _ := static.Named(name); !bytes.Equal(named.Body, a.Body) {
			t.Errorf("%s has two bodies", name)
		}
	}
}

func TestOldHashIsNotFound(t *testing.T) {
	for _, file := range []string{"app.000000000000.css", "app.css", "", "../static.go"} {
		if _, ok := static.Lookup(file); ok {
			t.Errorf("%q was found", file)
		}
	}
}

func TestGzipUnpacksToTheBody(t *testing.T) {
	for _, name := range static.Names() {
		a, _ := static.Named(name)
		if a.Gzip == nil {
			if a.Type != "font/woff2" {
				t.Errorf("%s is not packed", name)
			}
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(a.Gzip))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(body, a.Body) {
			t.Errorf("%s unpacks to something else (%v)", name, err)
		}
	}
}

// A first view is style, behaviour, htmx and font; 100 KB in all leaves 30 KB
// for the page and its drawings.
func TestBudget(t *testing.T) {
	size := func(name string) int {
		a, _ := static.Named(name)
		if a.Gzip != nil {
			return len(a.Gzip)
		}
		return len(a.Body)
	}
	if n := size("app.css"); n > 25_000 {
		t.Errorf("app.css is %d bytes packed, at most 25 000", n)
	}
	if a, _ := static.Named("app.js"); len(a.Body) > 15_000 {
		t.Errorf("app.js is %d bytes, at most 15 000", len(a.Body))
	}
	if n := size("app.css") + size("app.js") + size("htmx.js") + size("source-sans-3.woff2"); n > 70_000 {
		t.Errorf("the first view's files are %d bytes, at most 70 000", n)
	}
}

func TestStyleSheetNamesOnlyFilesThatExist(t *testing.T) {
	for _, name := range []string{"app.css", "work.css"} {
		css, _ := static.Named(name)
		for _, m := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllSubmatch(css.Body, -1) {
			if _, ok := static.Lookup(string(m[1])); !ok {
				t.Errorf("%s asks for %s", name, m[1])
			}
		}
		if bytes.Count(css.Body, []byte("{")) != bytes.Count(css.Body, []byte("}")) {
			t.Errorf("%s has unbalanced braces", name)
		}
	}
}

func TestUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown name gave an address")
		}
	}()
	static.Path("nothing.css")
}

func TestIconsAreDrawings(t *testing.T) {
	inner, ok := static.Icon("search")
	if !ok || !strings.Contains(inner, "<path") || strings.Contains(inner, "<svg") {
		t.Errorf("icon search: %q", inner)
	}
	if _, ok := static.Icon("no-such-icon"); ok {
		t.Error("an unknown icon was found")
	}
}
