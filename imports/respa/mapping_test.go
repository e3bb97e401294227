package respa_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vuoro/imports/respa"
)

func TestFieldsOfAResource(t *testing.T) {
	cases := []struct {
		name   string
		change object
		want   string // SQL that holds
		note   string
	}{
		{"an hourly price", object{"min_price": "7.30", "max_price": 7.3, "price_type": "hourly"}, "price_cents = 730 AND price_unit = 'hour'", ""},
		{"a price for each use", object{"min_price": "20", "max_price": nil, "price_type": "fixed"}, "price_cents = 2000 AND price_unit = 'use'", ""},
		{"free of charge", object{"min_price": "0.00", "max_price": "0.00", "price_type": "hourly"}, "price_cents = 0", ""},
		{"a range", object{"min_price": "5.00", "max_price": "20.00", "price_type": "hourly"}, "price_cents IS NULL AND price_note ->> 'fi' LIKE '5,00_€ – 20,00_€ / tunti'", "price"},
		{"by the day", object{"min_price": "50.00", "max_price": "50.00", "price_type": "daily"}, "price_cents IS NULL AND price_note ->> 'en' = '€50.00 / day'", "price"},
		{"an older price", object{"min_price_per_hour": 7.0, "max_price_per_hour": 7.0}, "price_cents = 700 AND price_unit = 'hour'", ""},
		{"an unknown price type", object{"min_price": "5", "max_price": "5", "price_type": "moonly"}, "price_cents IS NULL AND price_note = '{}'", "price_type"},
		{"approval", object{"need_manual_confirmation": true}, "rule_book = 'respa-approval'", ""},
		{"no word of approval", object{"need_manual_confirmation": nil}, "rule_book = 'respa-approval'", "need_manual_confirmation"},
		{"strong sign-in", object{"authentication": "strong"}, "strong_sign_in", ""},
		{"numbers as texts", object{"people_capacity": "12", "area": "33.5", "max_reservations_per_user": "3"}, "persons_max = 12 AND area_m2 = 33.5 AND active_limit = 3", ""},
		{"half a person", object{"people_capacity": 1.5}, "persons_max IS NULL", "people_capacity"},
		{"nobody", object{"people_capacity": 0}, "persons_max IS NULL", "people_capacity"},
		{"a huge area", object{"area": 1e300}, "area_m2 IS NULL", "area"},
		{"days ahead", object{"reservable_max_days_in_advance": 90, "reservable_min_days_in_advance": 2}, "days_ahead_max = 90 AND days_ahead_min = 2", ""},
		{"a day's length", object{"max_period": "1 00:00:00"}, "max_minutes = 1440", ""},
		{"a slot of five minutes", object{"slot_size": "00:05:00"}, "raster = 30", "slot_size"},
		{"a longest time below a slot", object{"slot_size": "02:00:00", "min_period": "01:00:00", "max_period": "01:00:00"}, "raster = 120 AND max_minutes IS NULL", "max_period"},
		{"terms", object{"generic_terms": object{"fi": "Siivoa."}, "specific_terms": object{"fi": "Hiljaa.\r\nKiitos."}, "payment_terms": ""}, "terms ->> 'fi' = E'Siivoa.\\n\\nHiljaa.\\nKiitos.'", ""},
		{"equipment", object{"equipment": []object{{"id": "e1", "name": object{"fi": "Videotykki"}}, {"id": "e2", "name": object{"fi": "Ruukki"}}}}, "equipment = '{projector}'", "equipment"},
		{"a contact", object{"responsible_contact_info": object{"fi": "Soita"}}, "instructions = '{}'", "responsible_contact_info"},
		{"required fields", object{"required_reservation_extra_fields": []string{"event_subject", "reserver_name"}}, "required_fields = '{title}'", "required_reservation_extra_fields"},
		{"no name", object{"name": nil}, "name ->> 'fi' = substr(external_ref, 7)", "name"},
		{"a hidden one", object{"public": false, "reservable": false}, "state = 'draft'", "public"},
	}
	var rows []object
	for i, c := range cases {
		rows = append(rows, room(fmt.Sprintf("r%d", i), c.change))
	}
	w := newWorld(t)
	report := w.take(folder(t, map[string]any{"resource.json": rows}))
	for i, c := range cases {
		id := fmt.Sprintf("r%d", i)
		if w.count("SELECT count(*) FROM resources WHERE external_ref = 'respa:"+id+"' AND "+c.want) != 1 {
			t.Errorf("%s: not so: %s", c.name, c.want)
		}
		if c.note != "" && !slices.ContainsFunc(report.Notes, func(n respa.Note) bool { return n.What == c.note && slices.Contains(n.Of, id) }) {
			t.Errorf("%s: nothing is said of %s: %+v", c.name, c.note, report.Notes)
		}
	}
}

// days are hours of so many days from a date on, one per day.
func days(from string, n int, hours func(time.Time) (opens, closes string)) []object {
	date, err := time.ParseInLocation(time.DateOnly, from, helsinki)
	if err != nil {
		panic(err)
	}
	var list []object
	for i := range n {
		day := date.AddDate(0, 0, i)
		row := object{"date": day.Format(time.DateOnly), "opens": nil, "closes": nil}
		if opens, closes := hours(day); opens != "" {
			row["opens"] = day.Format(time.DateOnly) + "T" + opens + ":00" + day.Format("-07:00")
			row["closes"] = day.Format(time.DateOnly) + "T" + closes + ":00" + day.Format("-07:00")
		}
		list = append(list, row)
	}
	return list
}

func TestHoursBecomeAWeekOnlyWhereOneComesAgain(t *testing.T) {
	library := func(day time.Time) (string, string) {
		switch day.Weekday() {
		case time.Sunday:
			return "", ""
		case time.Saturday:
			return "10:00", "16:00"
		}
		return "08:00", "20:00"
	}
	const regular = `[{"to": "20:00", "from": "08:00", "kind": "reservable", "weekdays": [1, 2, 3, 4, 5]}, {"to": "16:00", "from": "10:00", "kind": "reservable", "weekdays": [6]}]`
	cases := []struct {
		name string
		days []object
		want string
	}{
		{"two weeks", days("2026-02-02", 14, library), regular},
		{"over the spring's night", days("2026-03-16", 18, library), regular},
		{"a public holiday", days("2026-04-20", 21, func(d time.Time) (string, string) {
			if d.Format("01-02") == "05-01" {
				return "", ""
			}
			return library(d)
		}), regular},
		{"one week", days("2026-02-02", 7, library), ""},
		{"an exception", days("2026-02-02", 21, func(d time.Time) (string, string) {
			if d.Day() == 11 {
				return "12:00", "14:00"
			}
			return library(d)
		}), ""},
		{"always closed", days("2026-02-02", 14, func(time.Time) (string, string) { return "", "" }), ""},
		{"none", nil, ""},
	}
	var rows []object
	for i, c := range cases {
		rows = append(rows, room(fmt.Sprintf("r%d", i), object{"opening_hours": c.days}))
	}
	w := newWorld(t)
	report := w.take(folder(t, map[string]any{"resource.json": rows}))
	for i, c := range cases {
		var got string
		w.must(w.DB.Query(ctx, &got, `SELECT COALESCE(max(spans::text), '') FROM hours_periods h JOIN resources r ON r.id = h.resource
			WHERE r.external_ref = ?`, fmt.Sprintf("respa:r%d", i)))
		if got != c.want {
			t.Errorf("%s: got %s", c.name, got)
		}
		if said := slices.Contains(report.Incomplete[i].Missing, "opening hours"); said != (c.want == "") {
			t.Errorf("%s: the report says %v", c.name, report.Incomplete[i])
		}
	}
}

func TestNamesOfWordsMayBeInAFileOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	w.take(folder(t, map[string]any{
		"purpose_and_type.json": object{"purposes": []object{{"id": "p1", "name": object{"en": "Celebrate"}}}, "types": []object{{"id": "t1", "name": object{"fi": "Sauna"}}}},
		"resource.json":         []object{room("r1", object{"type": "t1", "purposes": []string{"p1", "p2"}})},
	}))
	if w.count("SELECT count(*) FROM resources WHERE type = 'sauna' AND purposes = '{party}'") != 1 {
		t.Error("the names were not found")
	}
}

func TestAddressesOfPlacesNeverCollide(t *testing.T) {
	w := newWorld(t)
	var rows []object
	for i := range 5 {
		rows = append(rows, room(fmt.Sprintf("r%d", i), object{"name": object{"fi": "Sali"}}))
	}
	rows = append(rows, room("漢", object{"id": "x-_.:1", "name": object{"fi": "漢字"}}))
	w.take(folder(t, map[string]any{"resource.json": rows}))
	w.take(folder(t, map[string]any{"resource.json": []object{room("y1", object{"name": object{"fi": "Sali"}})}}))
	if n := w.count("SELECT count(DISTINCT slug) FROM resources"); n != 7 {
		t.Errorf("%d addresses", n)
	}
}
