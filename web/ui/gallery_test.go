package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"vuoro/web/locales"
	"vuoro/web/static"
)

// words speaks the sentences of one language.
func words(lang string) func(string) string {
	say := locales.New(lang, nil)
	return func(key string) string { return say.T(key) }
}

// parts parses the shared templates in one language, with one main part.
func parts(t *testing.T, lang, page string) *template.Template {
	t.Helper()
	say := words(lang)
	set := template.New("").Funcs(Funcs()).Funcs(template.FuncMap{
		"t": say, "word": func(prefix string, value any) string { return say(prefix + "." + fmt.Sprint(value)) },
	})
	files := []string{"../templates/base.html", "testdata/gallery/" + page + ".html"}
	for _, part := range []string{"frame", "messages", "forms", "rooms", "picker", "timeline", "charts"} {
		files = append(files, "../templates/parts/"+part+".html")
	}
	set, err := set.ParseFiles(files...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestGallery renders every component on six pages, in three languages, and
// checks the markup. With VUORO_GALLERY=dir the pages stay there, ready to be
// served and looked at.
func TestGallery(t *testing.T) {
	dir := os.Getenv("VUORO_GALLERY")
	for page, data := range galleryPages() {
		for _, lang := range []string{"fi", "sv", "en"} {
			t.Run(page+"/"+lang, func(t *testing.T) {
				data["Lang"] = lang
				var out bytes.Buffer
				if err := parts(t, lang, page).ExecuteTemplate(&out, "base", view(data)); err != nil {
					t.Fatal(err)
				}
				checkMarkup(t, out.Bytes())
				if dir != "" && lang == "fi" {
					write(t, filepath.Join(dir, page+".html"), out.Bytes())
				}
			})
		}
	}
	if dir != "" {
		writeAssets(t, dir)
	}
}

// galleryView is a page type as package web writes them: a frame and its own data.
type galleryView struct {
	Frame
	Fields, Chosen, Rooms, Pages, Timeline, TimelineTable, Empty, Empty2, Picker, Facts, Month, Summary, Countdown,
	Ticket, Alerts, Tags, Bookings, Tiles, Mails, Chart, Stack, Table, HeatHours, Heat any
}

func view(data map[string]any) galleryView {
	v := galleryView{Frame: sampleFrame(data["Lang"].(string))}
	if staff, _ := data["Staff"].(bool); staff {
		v.Staff, v.Rail = true, sampleRail()
	}
	for name, target := range map[string]*any{
		"Fields": &v.Fields, "Chosen": &v.Chosen, "Rooms": &v.Rooms, "Pages": &v.Pages, "Timeline": &v.Timeline,
		"TimelineTable": &v.TimelineTable, "Empty": &v.Empty, "Empty2": &v.Empty2, "Picker": &v.Picker,
		"Facts": &v.Facts, "Month": &v.Month, "Summary": &v.Summary, "Countdown": &v.Countdown, "Ticket": &v.Ticket, "Alerts": &v.Alerts,
		"Tags": &v.Tags, "Bookings": &v.Bookings, "Tiles": &v.Tiles, "Mails": &v.Mails, "Chart": &v.Chart, "Stack": &v.Stack, "Table": &v.Table,
		"HeatHours": &v.HeatHours, "Heat": &v.Heat,
	} {
		*target = data[name]
	}
	return v
}

func write(t *testing.T, file string, body []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, body, 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeAssets(t *testing.T, dir string) {
	t.Helper()
	for _, name := range static.Names() {
		a, _ := static.Named(name)
		write(t, filepath.Join(dir, "static", a.File), a.Body)
	}
	for _, kind := range PictureKinds() {
		write(t, filepath.Join(dir, "img/room", kind+".svg"), RoomPicture(kind+"-1", kind))
	}
}

// checkMarkup holds what must be true of every page.
func checkMarkup(t *testing.T, page []byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	walk(doc, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q twice", id)
			}
			ids[id] = true
		}
	})
	count := map[string]int{}
	walk(doc, func(n *html.Node) {
		count[n.Data]++
		checkElement(t, n, ids)
	})
	if count["h1"] != 1 || count["main"] != 1 {
		t.Errorf("want one h1 and one main, have %d and %d", count["h1"], count["main"])
	}
}

func checkElement(t *testing.T, n *html.Node, ids map[string]bool) {
	t.Helper()
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("<%s> has %s, which the content security policy forbids", n.Data, a.Key)
		}
		if strings.Contains(a.Val, "ZgotmplZ") {
			t.Errorf("<%s %s> holds an unsafe value", n.Data, a.Key)
		}
	}
	for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "data-dialog-open"} {
		for _, id := range strings.Fields(attr(n, key)) {
			if !ids[id] {
				t.Errorf("<%s %s> points at %q, which is not there", n.Data, key, id)
			}
		}
	}
	switch n.Data {
	case "a", "button", "h1", "h2", "h3", "th", "summary", "legend", "label":
		if strings.TrimSpace(text(n)) == "" {
			t.Errorf("<%s class=%q> has no words", n.Data, attr(n, "class"))
		}
	case "img":
		if !has(n, "alt") {
			t.Errorf("image %s has no alt", attr(n, "src"))
		}
	case "script":
		if attr(n, "src") == "" {
			t.Error("a script stands in the page")
		}
	}
}

func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

func sampleMonth() MonthGrid {
	m := NewMonthGrid(2026, time.November, func(d time.Time) MonthDay {
		day := MonthDay{Href: "?pv=" + d.Format(time.DateOnly), Accessible: d.Format("2.1.") + ", 4 vapaata aikaa", Note: "4", State: DayFree}
		switch {
		case d.Day() < 19:
			day = MonthDay{State: DayPast}
		case d.Weekday() == time.Sunday:
			day = MonthDay{State: DayClosed, Note: "kiinni"}
		case d.Day() == 26:
			day.State, day.Note, day.Href = DayFull, "täynnä", ""
		}
		day.Today, day.Selected = d.Day() == 20, d.Day() == 23
		return day
	})
	m.ID, m.Caption, m.PrevHref, m.NextHref = "kk", "marraskuu 2026", "?kk=10", "?kk=12"
	for _, w := range [][2]string{{"ma", "maanantai"}, {"ti", "tiistai"}, {"ke", "keskiviikko"}, {"to", "torstai"}, {"pe", "perjantai"}, {"la", "lauantai"}, {"su", "sunnuntai"}} {
		m.Weekdays = append(m.Weekdays, Weekday{Short: w[0], Long: w[1]})
	}
	return m
}
