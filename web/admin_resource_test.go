package web

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vuoro/resources"
)

// smallPhoto is a real JPEG.
func smallPhoto(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 900, 500))
	for y := range 500 {
		for x := range 900 {
			img.Set(x, y, color.RGBA{uint8(x / 4), uint8(y / 2), 120, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// upload posts a form with a file from our own page.
func (g *guest) upload(target string, form url.Values, file []byte, headers ...header) answer {
	g.town.t.Helper()
	form.Set("csrf", g.csrf)
	return g.sendFile(target, form, file, append(headers, header{"Origin": testBase})...)
}

// forge is upload with the token and the headers of somebody else.
func (g *guest) forge(target string, form url.Values, headers ...header) answer {
	g.town.t.Helper()
	return g.sendFile(target, form, []byte("x"), headers...)
}

func (g *guest) sendFile(target string, form url.Values, file []byte, headers ...header) answer {
	g.town.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name := range form {
		g.town.must(w.WriteField(name, form.Get(name)))
	}
	part, err := w.CreateFormFile("file", "photo.jpg")
	g.town.must(err)
	_, err = part.Write(file)
	g.town.must(err)
	g.town.must(w.Close())
	return g.send(http.MethodPost, target, body.String(), append(headers, header{"Content-Type": w.FormDataContentType()})...)
}

// saved reads a resource again.
func (w *town) saved(slug string) resources.Place {
	w.t.Helper()
	place, _, err := w.Resources.PlaceBySlug(ctx, w.DB, slug)
	w.must(err)
	return place
}

func (w *town) revision(slug string) string { return strconv.Itoa(w.saved(slug).Resource.Revision) }

func TestScenario40_AManagerMakesADraftAndPublishesIt(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	g.get("/admin/resources/new?unit=talo").want(200, "Uusi tila", "kokous")
	g.post("/admin/resources/new", url.Values{"unit": {"talo"}}).want(422, "name_fi")
	made := g.post("/admin/resources/new", url.Values{"unit": {"talo"}, "name_fi": {"Työhuone Å"}})
	if got := made.Header.Get("Location"); made.StatusCode != 303 || got != "/admin/resources/tyohuone-a" {
		t.Fatalf("%d %s", made.StatusCode, got)
	}
	at := "/admin/resources/tyohuone-a"
	g.get(at).want(200, "Luonnos", "Ennen julkaisua", at+"/texts#description_fi", at+"/parts#parts", at+"/facts#type", at+"/facts#access")
	save := func(section string, form url.Values) {
		t.Helper()
		form.Set("revision", w.revision("tyohuone-a"))
		if got := g.post(at+"/"+section, form); got.StatusCode != 303 {
			t.Fatalf("%s: %d %s", section, got.StatusCode, got.text)
		}
	}
	g.post(at, url.Values{"act": {"publish"}, "revision": {"1"}}).want(422, "Tilaa ei voi vielä julkaista")
	save("texts", url.Values{"name_fi": {"Työhuone"}, "name_sv": {"Arbetsrum"}, "description_fi": {"Kuvaus"}, "description_sv": {"Text"}, "description_en": {"Text"}, "slug": {"tyohuone-a"}})
	save("facts", url.Values{"type": {"meeting_room"}, "access": {"open"}, "purposes": {"meeting", "study"}, "persons_max": {"8"}, "area_m2": {"24,5"}, "step_free": {"yes"}})
	tree, err := w.Resources.Tree(ctx, w.DB, w.units["talo"].ID)
	w.must(err)
	save("parts", url.Values{"space": {strconv.Itoa(tree.Spaces[0].ID)}})
	save("times", url.Values{"raster": {"60"}, "min_minutes": {"1 t"}, "max_minutes": {"3 t 0 min"}, "buffer_after": {"15"}, "days_ahead_max": {"90"}})
	save("rules", url.Values{"rule_book": {"open"}, "cancel_minutes": {"2 pv"}, "adult_only": {"1"}, "required_fields": {"title"}})
	save("price", url.Values{"price_cents": {"12,50"}, "price_unit": {"hour"}, "price_note_fi": {"yhdistyksille maksuton"}})
	g.get(at).want(200, "Luonnos", "Julkaise")
	w.who["anon"].get("/fi/tilat/tyohuone-a").want(404)
	g.get(at+"/preview").want(200, "Esikatselu", "Valitse aika", "12,50")
	done := g.post(at, url.Values{"act": {"publish"}, "revision": {w.revision("tyohuone-a")}})
	if done.StatusCode != 303 {
		t.Fatalf("%d %s", done.StatusCode, done.text)
	}
	w.who["anon"].get("/fi/tilat/tyohuone-a").want(200, "Työhuone", "12,50")
	r := w.saved("tyohuone-a").Resource
	if *r.PriceCents != 1250 || *r.CancelMinutes != 2880 || r.BufferAfter != 15 || r.MinMinutes != 60 || *r.MaxMinutes != 180 || *r.AreaM2 != 24.5 ||
		!*r.StepFree || len(r.Purposes) != 2 || *r.DaysAheadMax != 90 || !r.AdultOnly {
		t.Errorf("%+v", r)
	}
}

// Each section shows what is saved, brings a mistake back at its field with what
// was typed, and saves nothing then.
func TestSectionsKeepWhatWasTyped(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	for _, test := range []struct {
		section, field, typed, says string
	}{
		{"texts", "name_fi", strings.Repeat("x", 201), "name_fi-error"},
		{"texts", "slug", "Ei Käy", "slug-error"},
		{"facts", "persons_max", "paljon", "persons_max-error"},
		{"facts", "area_m2", "iso", "area_m2-error"},
		{"facts", "contact_email", strings.Repeat("a", 201), "contact_email-error"},
		{"times", "min_minutes", "hetki", "min_minutes-error"},
		{"times", "buffer_before", "3 pv", "buffer_before-error"},
		{"rules", "cancel_minutes", "huomenna", "cancel_minutes-error"},
		{"rules", "active_limit", "0", "active_limit-error"},
		{"price", "price_cents", "12,505", "price_cents-error"},
		{"publishing", "publish_from", "joskus", "publish_from-error"},
		{"publishing", "booking_to_time", "8.00", "booking_to-error"},
	} {
		t.Run(test.section+" "+test.field, func(t *testing.T) {
			w.t = t
			before := w.revision("kokous")
			form := url.Values{"revision": {before}, test.field: {test.typed}, "name_fi": {"Kokous"}, "slug": {"kokous"}, "description_fi": {"a"}, "description_sv": {"a"}, "description_en": {"a"}}
			for name, value := range map[string]string{
				"type": "meeting_room", "access": "open", "raster": "30", "min_minutes": "30", "rule_book": "open", "price_unit": "hour",
			} {
				form.Set(name, value)
			}
			form.Set(test.field, test.typed)
			g.post("/admin/resources/kokous/"+test.section, form).want(422, `value="`+test.typed+`"`, test.says)
			if w.revision("kokous") != before {
				t.Error("something was saved")
			}
		})
	}
}

func TestStaleSectionShowsBothVersions(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	form := func(floor string) url.Values {
		return url.Values{"revision": {"1"}, "type": {"meeting_room"}, "access": {"open"}, "floor": {floor}, "persons_max": {"20"}, "step_free": {"unknown"}}
	}
	if got := g.post("/admin/resources/kokous/facts", form("5")); got.StatusCode != 303 {
		t.Fatal(got.text)
	}
	got := w.who["city"].post("/admin/resources/kokous/facts", form("7")).want(409, "Joku muu tallensi", "Kerros", `value="7"`, `name="revision" value="2"`)
	if strings.Count(got.text, "<dt>") != 1 {
		t.Errorf("other fields are said to differ:\n%s", got.text)
	}
	again := form("7")
	again.Set("revision", "2")
	if got := w.who["city"].post("/admin/resources/kokous/facts", again); got.StatusCode != 303 || w.saved("kokous").Resource.Floor != "7" {
		t.Errorf("%d, floor %s", got.StatusCode, w.saved("kokous").Resource.Floor)
	}
}

func TestPublishingTimesAreReadAsPeopleWriteThem(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	got := g.post("/admin/resources/kokous/publishing", url.Values{"revision": {"1"}, "publish_from": {"1.12."}, "publish_from_time": {"8"}, "publish_to": {"31.1.2027"}})
	if got.StatusCode != 303 {
		t.Fatal(got.text)
	}
	r := w.saved("kokous").Resource
	if !r.PublishFrom.Equal(w.at("2026-12-01 08:00")) || !r.PublishTo.Equal(w.at("2027-01-31 00:00")) {
		t.Errorf("%v – %v", r.PublishFrom, r.PublishTo)
	}
	g.get("/admin/resources/kokous").want(200, "Ajastettu", "1.12.2026")
	g.get("/admin/resources/kokous/publishing").want(200, "1.12.2026", "8.00")
	g.post("/admin/resources/kokous", url.Values{"act": {"publish"}, "revision": {"2"}}).want(303)
	w.who["anon"].get("/fi/tilat/kokous").want(200)
}

func TestArchivingSaysWhoComes(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-12-01 12:00", "2026-12-01 13:00")
	g := w.who["manager"]
	g.get("/admin/resources/kokous").want(200, "1 tuleva varaus jää voimaan")
	g.post("/admin/resources/kokous", url.Values{"act": {"archive"}, "revision": {"1"}}).want(303)
	g.get("/admin/resources/kokous").want(200, "Arkistoitu", "Palauta luonnokseksi")
	w.who["anon"].get("/fi/tilat/kokous").want(404)
}

func TestOldAddressesOfTheEditorLeadToTheNew(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	g.post("/admin/resources/kokous/texts", url.Values{
		"revision": {"1"}, "slug": {"neukkari"}, "name_fi": {"Neukkari"}, "description_fi": {"a"}, "description_sv": {"a"}, "description_en": {"a"},
	}).want(303)
	if got := g.get("/admin/resources/kokous"); got.StatusCode != 301 || got.Header.Get("Location") != "/admin/resources/neukkari" {
		t.Errorf("%d %s", got.StatusCode, got.Header.Get("Location"))
	}
	w.who["anon"].get("/fi/tilat/kokous").want(301)
}

func TestCopyIsADraft(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	g.get("/admin/resources/kokous/copy").want(200, "kokous 2")
	g.post("/admin/resources/kokous/copy", url.Values{"name_fi": {"Kokous 2"}}).want(303)
	if r := w.saved("kokous-2").Resource; r.State != resources.StateDraft || r.RuleBook != "open" {
		t.Errorf("%+v", r)
	}
	w.who["othermanager"].get("/admin/resources/kokous-2").want(404)
}

func TestPictureFromUploadToPage(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	at := "/admin/resources/kokous/"
	g.upload(at+"upload", url.Values{"alt_fi": {"Pitkä pöytä"}}, smallPhoto(t)).want(303)
	g.get(at+"pictures").want(200, "Asukkaat näkevät kuvan vasta", "Pitkä pöytä", "/img/picture/")
	picture := w.saved("kokous").Pictures[0]
	if page := w.who["anon"].get("/fi/tilat/kokous"); strings.Contains(page.text, "/img/picture/") {
		t.Error("shown before it is described")
	}
	act := "/admin/pictures/" + picture.UID.String()
	g.post(act, url.Values{"revision": {"1"}, "alt_fi": {"Pitkä pöytä"}, "alt_sv": {"Långt bord"}, "alt_en": {"A long table"}}).want(303)
	w.who["anon"].get("/fi/tilat/kokous").want(200, "srcset=", `alt="Pitkä pöytä"`, `width="800" height="444"`)
	w.who["anon"].get("/sv/lokaler").want(200, `alt="Långt bord"`, pictureHref(picture.UID, 400))
	file := w.who["anon"].get(pictureHref(picture.UID, 400))
	if file.StatusCode != 200 || file.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(file.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", file.StatusCode, file.Header)
	}
	w.who["anon"].get(pictureHref(picture.UID, 400), header{"If-None-Match": file.Header.Get("ETag")}).want(304)
	for _, path := range []string{pictureHref(picture.UID, 500), "/img/picture/x.jpg", "/img/picture/" + picture.UID.String() + "-400.png"} {
		w.who["anon"].get(path).want(404)
	}
	g.post(act, url.Values{"act": {"remove"}}).want(303)
	w.who["anon"].get(pictureHref(picture.UID, 400)).want(404)
}

func TestBadUploadsComeBackWithTheirTexts(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	for says, file := range map[string][]byte{
		"Valitse kuvatiedosto":           nil,
		"SVG-tiedosto":                   []byte("<svg onload=alert(1)>"),
		"pakattu tiedosto":               []byte("PK\x03\x04 ....."),
		"ei voi lukea":                   smallPhoto(t)[:400],
		"GIF-kuvia":                      []byte("GIF89a"),
		"yhteensopivin":                  []byte("\x00\x00\x00\x18ftypheic"),
		"WebP-kuvia ei oteta":            []byte("RIFF\x00\x00\x00\x00WEBPVP8 "),
		"PDF-tiedosto":                   []byte("%PDF-1.4"),
		"voi lukea kuvana. Se on ehkä k": []byte("jotain muuta"),
	} {
		g.upload("/admin/resources/kokous/upload", url.Values{"alt_fi": {"Pöytä"}}, file).want(422, says, `value="Pöytä"`, "picture-error")
	}
	if n := w.count("SELECT count(*) FROM pictures"); n != 0 {
		t.Errorf("%d pictures", n)
	}
}

// Only an address that takes a picture takes a large body, only from somebody
// with a session, and no more than its limit; the rest is refused unread.
func TestUploadLimits(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	big := append(smallPhoto(t), make([]byte, 6<<20)...) // decoders stop at the end of the picture
	g.upload("/admin/resources/kokous/upload", url.Values{}, big).want(303)
	address, stop := w.listen()
	defer stop()
	ask := func(path, head string, length int) string {
		t.Helper()
		conn, err := net.Dial("tcp", address)
		w.must(err)
		defer conn.Close()
		w.must(conn.SetDeadline(w.Now().AddDate(100, 0, 0)))
		_, err = conn.Write([]byte("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + head + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + strconv.Itoa(length) + "\r\n\r\n"))
		w.must(err)
		reply, err := io.ReadAll(conn) // the server closes
		w.must(err)
		return string(reply)
	}
	cookie := "Cookie: " + w.sessionName() + "=" + g.cookie + "\r\n"
	for name, test := range map[string]struct {
		path, head string
		length     int
	}{
		"100 MB":            {"/admin/resources/kokous/upload", cookie, 100 << 20},
		"without a session": {"/admin/resources/kokous/upload", "", 1 << 20},
		"another address":   {"/admin/resources/kokous/texts", cookie, 1 << 20},
	} {
		if got := ask(test.path, test.head, test.length); !strings.HasPrefix(got, "HTTP/1.1 413") {
			t.Errorf("%s: %.80s", name, got)
		}
	}
	if got := ask("/admin/resources/kokous/upload", cookie+"Accept-Language: en\r\n", 100<<20); !strings.Contains(got, "12 MB") {
		t.Errorf("%.3000s", got)
	}
}

// Bodies that were announced and never sent give their places back when their
// time is over.
func TestUploadPlacesComeBack(t *testing.T) {
	u := newUploads("s")
	heads := make([]uploadHead, uploadsOpen+1)
	for i := range heads {
		heads[i] = newUploadHead("/admin/resources/x/upload", "s")
		admitted := u.admit(heads[i]).MaxRequestBodySize > 0
		if want := i < uploadsOpen; admitted != want {
			t.Errorf("%d: admitted %v", i, admitted)
		}
	}
	u.leave(heads[0])
	if u.admit(heads[uploadsOpen]).MaxRequestBodySize == 0 {
		t.Error("no place after one has left")
	}
	if u.admit(newUploadHead("/admin/resources/x/texts", "s")).MaxRequestBodySize != 0 {
		t.Error("another address has the large limit")
	}
}

func TestSpansAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]int{
		"90": 90, "90 min": 90, "1 t 30 min": 90, "1 h 30 min": 90, "1,5 t": 90, "1.5 h": 90, "1:30": 90, "2 pv": 2880, "7 dygn": 10080, "24 t": 1440, "0": 0, "2 tuntia": 120, "1 hour 15 minutes": 75,
	} {
		if got, err := parseSpan(typed); err != nil || got != want {
			t.Errorf("%q: %d %v", typed, got, err)
		}
	}
	for _, typed := range []string{"hetki", "-5", "1 t 30", "1,333 t", "99999999999999999999", "t", "1 kk", "."} {
		if got, err := parseSpan(typed); err == nil {
			t.Errorf("%q: %d", typed, got)
		}
	}
}

func TestNobodyEditsThroughPostedColumns(t *testing.T) {
	w := newTown(t)
	g := w.who["manager"]
	g.post("/admin/resources/kokous/facts", url.Values{
		"revision": {"1"}, "type": {"meeting_room"}, "access": {"open"}, "unit": {"2"}, "state": {"archived"}, "source": {"x"}, "example": {"true"}, "id": {"99"}, "uid": {"x"}, "price_cents": {"1"},
	}).want(303)
	before, after := w.rooms["kokous"], w.saved("kokous").Resource
	if after.Unit != before.Unit || after.State != before.State || after.Source != before.Source || after.Example != before.Example || after.UID != before.UID || after.PriceCents != nil {
		t.Errorf("%+v", after)
	}
}
