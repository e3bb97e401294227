package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestAvailability(t *testing.T) {
	w := newTown(t)
	anon := w.who["anon"]
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30", "title", "Salainen kokous")
	got := anon.call("GET", "/resources/kokous/availability?from=2026-11-24&minutes=60", nil).want(200)
	if strings.Contains(got.text, "Salainen") || strings.Contains(got.text, "resident") {
		t.Fatal("strangers see who is there")
	}
	view := decode[availabilityView](got)
	if len(view.Busy) != 1 || !view.Busy[0].Begin.Equal(w.at("2026-11-24 12:00")) || view.Busy[0].Kind != "reservation" {
		t.Fatalf("%+v", view.Busy)
	}
	if len(view.Free) != 2 || !view.Free[0].Begin.Equal(w.at("2026-11-24 06:00")) || !view.Free[1].End.Equal(w.at("2026-11-24 23:00")) {
		t.Fatalf("%+v", view.Free)
	}
	for _, start := range view.Starts {
		taken := start.Begin.Before(w.at("2026-11-24 13:30")) && start.End.After(w.at("2026-11-24 12:00"))
		if start.Free == taken || !start.Free && (start.Code != "booking.overlap" || start.Message == "") {
			t.Errorf("%+v", start)
		}
	}
	past := decode[availabilityView](anon.call("GET", "/resources/kokous/availability?from=2026-11-23", nil).want(200))
	if past.Starts[0].Free || past.Starts[0].Code != "booking.past" {
		t.Errorf("%+v", past.Starts[0])
	}
	anon.call("GET", "/resources/kokous/availability", nil).problem(422, "invalid")
	anon.call("GET", "/resources/kokous/availability?from=2026-13-01", nil).problem(422, "invalid")
	anon.call("GET", "/resources/kokous/availability?from=2026-01-01&to=2027-01-01", nil).problem(422, "search.too_many_days")
}

func TestFindFreeRooms(t *testing.T) {
	w := newTown(t)
	anon := w.who["anon"]
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	slugs := func(target string) []string {
		var found []string
		for _, room := range decode[pageView[resourceView]](anon.call("GET", target, nil).want(200)).Items {
			found = append(found, room.Slug)
		}
		slices.Sort(found)
		return found
	}
	span := "?free_from=" + url.QueryEscape("2026-11-24T12:00:00+02:00") + "&free_to=" + url.QueryEscape("2026-11-24T13:00:00+02:00")
	if got := slugs("/resources" + span); !slices.Equal(got, []string{"muu", "ryhma", "sali"}) {
		t.Errorf("free then: %v", got)
	}
	if got := slugs("/resources" + span + "&unit=toinen"); !slices.Equal(got, []string{"muu"}) {
		t.Errorf("free then in one unit: %v", got)
	}
	if got := slugs("/resources?q=ryhma"); !slices.Equal(got, []string{"ryhma"}) {
		t.Errorf("by words: %v", got)
	}
	if got := slugs("/resources?persons=21"); len(got) != 0 {
		t.Errorf("for 21: %v", got)
	}
	anon.call("GET", "/resources?purpose=nonsense", nil).problem(422, "search.unknown_purpose")
	rooms := decode[pageView[availableView]](anon.call("GET", "/availability?date=2026-11-24&begin=12:00&end=13:00&minutes=60", nil).want(200))
	if len(rooms.Items) != 3 || len(rooms.Items[0].Starts) != 1 {
		t.Errorf("%+v", rooms)
	}
	anon.call("GET", "/availability?begin=99:99", nil).problem(422, "search.bad_time")
	anon.call("GET", "/availability?begin=noon", nil).problem(422, "invalid")
}

func TestExplain(t *testing.T) {
	w := newTown(t)
	before := w.written()
	good := decode[explanationView](w.who["resident"].call("POST", "/explain", w.times("kokous", "2026-11-24 12:00", "2026-11-24 13:00")).want(200))
	if !good.Bookable || good.Decision.Verdict != "allow" || len(good.Checks) < 15 || len(good.Alternatives) != 0 {
		t.Fatalf("%+v", good)
	}
	for _, check := range good.Checks {
		if !check.Passed || check.Name == "" {
			t.Errorf("%+v", check)
		}
	}
	bad := decode[explanationView](w.who["resident"].call("POST", "/explain", w.times("kokous", "2026-11-24 03:10", "2026-11-24 03:20", "persons", 50)).want(200))
	var codes []string
	for _, v := range bad.Decision.Violations {
		codes = append(codes, v.Code)
		if v.Message == "" || v.Rule == "" {
			t.Errorf("%+v", v)
		}
	}
	for _, code := range []string{"booking.too_short", "booking.closed", "booking.persons_max"} {
		if !slices.Contains(codes, code) {
			t.Errorf("no %s in %v", code, codes)
		}
	}
	if bad.Bookable || len(bad.Alternatives) != 0 { // nowhere is room for so many
		t.Errorf("%+v", bad)
	}
	fewer := decode[explanationView](w.who["resident"].call("POST", "/explain", w.times("kokous", "2026-11-24 05:00", "2026-11-24 06:00", "persons", 5)).want(200))
	if fewer.Bookable || len(fewer.Alternatives) == 0 {
		t.Errorf("%+v", fewer)
	}
	approval := decode[explanationView](w.who["anon"].call("POST", "/explain", w.times("sali", "2026-11-24 12:00", "2026-11-24 13:00")).want(200))
	if !approval.Bookable {
		t.Errorf("%+v", approval)
	}
	w.who["resident"].book("kokous", "2026-11-25 12:00", "2026-11-25 13:00")
	taken := decode[explanationView](w.who["other"].call("POST", "/explain", w.times("kokous", "2026-11-25 12:00", "2026-11-25 13:00")).want(200))
	if taken.Bookable || len(taken.Conflicts) != 1 {
		t.Errorf("%+v", taken)
	}
	if n := w.count("SELECT count(*) FROM reservations"); n != 1 {
		t.Errorf("%d reservations, %d rows more", n, w.written()-before)
	}
}

func TestTokens(t *testing.T) {
	w := newTown(t)
	g, anon := w.who["resident"], w.who["anon"]
	made := decode[tokenView](g.call("POST", "/tokens", map[string]any{"name": "Skripti", "scopes": []string{"read"}, "days": 10}).want(201))
	if !strings.HasPrefix(made.Secret, "vuoro_") || made.ExpiresAt.Sub(made.CreatedAt).Hours() != 240 {
		t.Fatalf("%+v", made)
	}
	if list := g.call("GET", "/tokens", nil).want(200, "Skripti"); strings.Contains(list.text, made.Secret) {
		t.Fatal("a secret is shown twice")
	}
	me := decode[meView](anon.send("GET", "/api/v1/me", "", bearer(made.Secret)).want(200))
	if me.Name != "resident" || !slices.Equal(me.Scopes, []string{"read"}) {
		t.Fatalf("%+v", me)
	}
	for _, body := range []map[string]any{
		{"scopes": []string{}}, {"scopes": []string{"root"}}, {"scopes": []string{"read"}, "days": 366}, {"scopes": []string{"read"}, "person": 1}, {},
	} {
		g.call("POST", "/tokens", body).problem(422, "invalid")
	}
	w.who["other"].call("DELETE", "/tokens/"+made.ID.String(), nil).problem(404, "not_found")
	g.call("DELETE", "/tokens/"+made.ID.String(), nil).want(204)
	anon.send("GET", "/api/v1/me", "", bearer(made.Secret)).problem(401, "auth.bad_token")
	manager := decode[meView](w.who["manager"].call("GET", "/me", nil).want(200))
	if len(manager.Roles) != 1 || manager.Roles[0].Unit == nil || manager.Roles[0].Unit.Slug != "talo" {
		t.Fatalf("%+v", manager)
	}
}

func TestHoursThroughTheAPI(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.who["resident"].book("muu", "2026-11-24 12:00", "2026-11-24 13:00")
	target := "/reports/hours?from=2026-11-01&to=2026-11-30"
	for name, want := range map[string]int{"manager": 90, "othermanager": 60, "city": 150} {
		got := w.who[name].call("GET", target, nil).want(200)
		if report := decode[hoursReportView](got); report.Booked != want || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d minutes, want %d", name, report.Booked, want)
		}
	}
	w.who["resident"].call("GET", target, nil).problem(403, "auth.forbidden")
	csv := w.who["city"].call("GET", target+"&format=csv", nil, header{"Accept-Language": "fi"}).want(200, "kokous", "1,50", "2026-11")
	if !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") {
		t.Error(csv.Header)
	}
	w.who["city"].call("GET", "/reports/hours?from=2026-11-01", nil).problem(422, "invalid")
	w.who["manager"].call("GET", target+"&unit=toinen", nil).problem(403, "auth.forbidden")
}

func TestAuditVerify(t *testing.T) {
	w := newTown(t)
	w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	whole := decode[auditView](w.who["city"].call("GET", "/audit/verify", nil).want(200))
	if !whole.Whole || len(whole.Streams) != 3 || whole.Streams[0].Unit != nil {
		t.Fatalf("%+v", whole)
	}
	if mine := decode[auditView](w.who["manager"].call("GET", "/audit/verify", nil).want(200)); len(mine.Streams) != 1 || mine.Streams[0].Entries == 0 {
		t.Fatalf("%+v", mine)
	}
	w.who["resident"].call("GET", "/audit/verify", nil).problem(403, "auth.forbidden")
	_, err := w.DB.Exec(ctx, "UPDATE audit SET action = 'reservation.forged' WHERE stream = ?", w.units["talo"].ID)
	w.must(err)
	broken := decode[auditView](w.who["city"].call("GET", "/audit/verify", nil).want(200))
	if broken.Whole {
		t.Fatal("a forged entry is not found")
	}
}

// TestTheDocumentIsTrue: every operation is described, every schema that is
// referred to exists, and the page for people has all of it.
func TestTheDocumentIsTrue(t *testing.T) {
	w := newTown(t)
	got := w.who["anon"].get("/api/v1/openapi.json").want(200)
	var spec struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
		Parts   struct {
			Schemas map[string]map[string]any `json:"schemas"`
		} `json:"components"`
	}
	w.must(json.Unmarshal([]byte(got.text), &spec))
	if spec.OpenAPI != "3.1.0" || len(spec.Paths) < 15 {
		t.Fatalf("%s with %d paths", spec.OpenAPI, len(spec.Paths))
	}
	page := w.who["anon"].get("/api/docs").want(200, "OpenAPI 3.1")
	for path, methods := range spec.Paths {
		for method, op := range methods {
			if op["summary"] == "" || !strings.Contains(page.text, strings.ToUpper(method)+" "+path) {
				t.Errorf("%s %s is not described", method, path)
			}
		}
	}
	for _, part := range strings.Split(got.text, `"#/components/schemas/`)[1:] {
		if name := part[:strings.IndexByte(part, '"')]; spec.Parts.Schemas[name] == nil {
			t.Errorf("no schema %s", name)
		}
	}
	if body := spec.Parts.Schemas["Reservation"]; body["additionalProperties"] != false {
		t.Errorf("%v", body["additionalProperties"])
	}
	if strings.Contains(page.text, "<script") && strings.Contains(page.text, "://cdn") {
		t.Error("outside scripts")
	}
}
