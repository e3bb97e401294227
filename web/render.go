package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/web/locales"
	"vuoro/web/ui"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates of every page in every language, parsed once.
type pages struct {
	byLang map[string]map[string]*template.Template
}

func parsePages(zone *time.Location) (*pages, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	p := &pages{byLang: map[string]map[string]*template.Template{}}
	for _, lang := range locales.Languages {
		frame, err := template.New("").Funcs(ui.Funcs()).Funcs(funcs(locales.New(lang, zone))).
			ParseFS(templateFiles, "templates/base.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		p.byLang[lang] = map[string]*template.Template{}
		for _, name := range names {
			if err := p.add(lang, name, frame); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func (p *pages) add(lang, file string, frame *template.Template) error {
	name := strings.TrimSuffix(path.Base(file), ".html")
	page, err := frame.Clone()
	if err == nil {
		page, err = page.ParseFS(templateFiles, file)
	}
	if err != nil {
		return fmt.Errorf("web: template %s: %w", name, err)
	}
	p.byLang[lang][name] = page
	return nil
}

// funcs are the template functions that speak a language.
func funcs(say locales.Printer) template.FuncMap {
	return template.FuncMap{
		"t":     say.T,
		"word":  func(prefix string, value any) string { return say.Word(prefix, fmt.Sprint(value)) },
		"text":  func(t locales.Texts) string { text, _ := t.In(say.Lang); return text },
		"date":  say.Date,
		"day":   say.LongDate,
		"time":  say.Time,
		"when":  say.Range,
		"hours": say.Hours,
		"iso":   func(t time.Time) string { return t.In(say.Zone).Format(time.RFC3339) },
		"money": say.Money,
		"path":  func(name string, args ...any) string { return pathOf(name, say.Lang, args) },
	}
}

// render answers with a page of templates/<name>.html. When htmx asks and part
// is given, only that template of the page is sent.
func (v *visit) render(name string, data any, part ...string) error {
	page, ok := v.server.pages.byLang[v.lang][name]
	if !ok {
		return fmt.Errorf("web: no template %q", name)
	}
	entry := "base"
	if len(part) > 0 {
		v.c.Vary("HX-Request")
		if v.wantsPart() {
			entry = part[0]
		}
	}
	var body bytes.Buffer
	if err := page.ExecuteTemplate(&body, entry, data); err != nil {
		return fmt.Errorf("web: template %s: %w", name, err)
	}
	v.c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	v.c.Set(fiber.HeaderContentLanguage, v.lang)
	return v.c.Send(body.Bytes())
}

func pathOf(name, lang string, args []any) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		switch a := arg.(type) {
		case string:
			texts[i] = a
		case int:
			texts[i] = strconv.Itoa(a)
		default:
			texts[i] = fmt.Sprint(a)
		}
	}
	return pathTo(name, lang, texts...)
}
