// Package static holds the files a browser loads: style, behaviour, font, drawings.
//
// It promises that every file has one address that changes with its content, so
// that it can be cached for ever, and that its gzip form is made once at start.
// The style sheets are joined in a fixed order into app.css and the behaviours
// into app.js, what only pages of staff need into work.css and work.js, what only
// the map needs into map.css and map.js, and what the pages of series need into
// series.css and series.js; there is no other bundling. It leaves serving to
// package web.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Prefix is the path under which all files are served.
const Prefix = "/static/"

//go:embed css js fonts icons img licences
var files embed.FS

var (
	styles = []string{
		"tokens", "base", "layout", "components", "forms", "booking",
		"timeline", "positions", "pages", "utilities", "print", "forced",
	}
	workStyles = []string{"charts", "work", "work-desk", "work-admin", "work-resource", "work-moves", "work-arrivals", "work-hours", "work-rules"}
	scripts    = []string{
		"theme", "menu", "focus", "busy", "roving", "picker", "countdown", "dialog", "copy", "shortcuts", "near",
	}
	workScripts = []string{"moves"}
)

// Asset is one file as it is sent.
type Asset struct {
	Name string // without hash: "app.css"
	File string // with hash: "app.4f1d2a3b9c0e.css"
	Type string // media type
	ETag string // strong, quoted
	Body []byte
	Gzip []byte // nil where packing gains nothing (fonts)
}

type table struct {
	byName map[string]Asset
	byFile map[string]Asset
	icons  map[string]string
}

var assets = sync.OnceValue(build)

// Path gives the address of a file ("app.css" → "/static/app.<hash>.css").
// An unknown name panics: names are written in templates, so a test finds it.
func Path(name string) string {
	a, ok := assets().byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + a.File
}

// Lookup finds an asset by the last part of its address, hash included. What it
// returns may be cached as immutable; an old hash is not found.
func Lookup(file string) (Asset, bool) {
	a, ok := assets().byFile[file]
	return a, ok
}

// Named finds an asset by its plain name, for addresses that must not change
// ("favicon.svg" behind /favicon.ico).
func Named(name string) (Asset, bool) {
	a, ok := assets().byName[name]
	return a, ok
}

// Names lists the plain names of all assets.
func Names() []string {
	var names []string
	for name := range assets().byName {
		names = append(names, name)
	}
	return names
}

// Icon gives the inner SVG of an outline icon (24 × 24, stroke 2).
func Icon(name string) (string, bool) {
	inner, ok := assets().icons[name]
	return inner, ok
}

func build() table {
	t := table{byName: map[string]Asset{}, byFile: map[string]Asset{}, icons: map[string]string{}}
	for _, dir := range []string{"fonts", "img"} {
		for _, name := range list(dir) {
			t.add(name, read(dir+"/"+name))
		}
	}
	t.add("htmx.js", read("js/htmx.min.js"))
	t.add("app.js", join("js", scripts, ".js"))
	t.add("work.js", join("js", workScripts, ".js"))
	t.add("map.js", join("js", []string{"leaflet.min", "map"}, ".js"))
	t.add("map.css", join("css", []string{"leaflet", "map"}, ".css"))
	t.add("series.js", read("js/series.js"))
	t.add("series.css", read("css/series.css"))
	t.add("app.css", t.link(join("css", styles, ".css")))
	t.add("work.css", t.link(join("css", workStyles, ".css")))
	for _, name := range list("icons") {
		t.icons[strings.TrimSuffix(name, ".svg")] = inner(string(read("icons/" + name)))
	}
	return t
}

func (t *table) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	a := Asset{
		Name: name,
		File: strings.TrimSuffix(name, ext) + "." + hash + ext,
		Type: mediaTypes[ext],
		ETag: `"` + hash + `"`,
		Body: body,
	}
	if a.Type == "" {
		panic("static: no media type for " + name)
	}
	if ext != ".woff2" {
		a.Gzip = pack(body)
	}
	t.byName[a.Name], t.byFile[a.File] = a, a
}

var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// link puts the hashed names of fonts and drawings into the style sheet.
func (t *table) link(css []byte) []byte {
	for name, a := range t.byName {
		css = bytes.ReplaceAll(css, []byte("url("+name+")"), []byte("url("+a.File+")"))
	}
	return css
}

func join(dir string, names []string, ext string) []byte {
	var out bytes.Buffer
	for _, name := range names {
		out.Write(read(dir + "/" + name + ext))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func pack(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
}

func inner(svg string) string {
	start, end := strings.Index(svg, ">"), strings.LastIndex(svg, "</svg>")
	body := strings.ReplaceAll(svg[start+1:end], `<path stroke="none" d="M0 0h24v24H0z" fill="none" />`, "")
	return strings.Join(strings.Fields(body), " ")
}

func list(dir string) []string {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func read(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return body
}
