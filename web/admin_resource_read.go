package web

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// sectionForm reads a posted section into a resource and collects what could
// not be read.
type sectionForm struct {
	v   *visit
	r   *resources.Resource
	bad []fault.Field
}

func (f *sectionForm) mistakes() error {
	if len(f.bad) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: f.bad[0].Code, Params: f.bad[0].Params, Fields: f.bad}
}

func (f *sectionForm) refuse(name, code string, params fault.Params) {
	f.bad = append(f.bad, fault.Field{Name: name, Code: code, Params: params})
}

// texts reads a text in three languages. Browsers send CRLF.
func (f *sectionForm) texts(name string) locales.Texts {
	read := func(lang string) string { return strings.ReplaceAll(f.v.form(name+"_"+lang), "\r\n", "\n") }
	return locales.Texts{Fi: read("fi"), Sv: read("sv"), En: read("en")}
}

// number reads a whole number, or nil where nothing was typed.
func (f *sectionForm) number(name string) *int {
	typed := strings.ReplaceAll(f.v.form(name), "\u00a0", "")
	if typed == "" {
		return nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		f.refuse(name, "editor.bad_number", nil)
		return nil
	}
	return &n
}

// span reads a length of time in minutes, or nil where nothing was typed.
func (f *sectionForm) span(name string) *int {
	typed := f.v.form(name)
	if typed == "" {
		return nil
	}
	minutes, err := parseSpan(typed)
	if err != nil {
		f.refuse(name, "editor.bad_span", fault.Params{"value": locales.Shorten(typed, 40)})
		return nil
	}
	return &minutes
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

var errSpan = errors.New("not a length of time")

// spanUnits are what people write behind a number, in minutes; a bare number is
// minutes.
var spanUnits = map[string]int{
	"": 1, "min": 1, "m": 1, "minuuttia": 1, "minuutti": 1, "minuter": 1, "minut": 1, "minutes": 1, "minute": 1,
	"h": 60, "t": 60, "tunti": 60, "tuntia": 60, "tim": 60, "timme": 60, "timmar": 60, "hour": 60, "hours": 60,
	"d": calendarDay, "pv": calendarDay, "päivä": calendarDay, "päivää": calendarDay, "dag": calendarDay, "dagar": calendarDay, "dygn": calendarDay, "day": calendarDay, "days": calendarDay,
}

// spanTyped is a length of time as parseSpan reads it back: without the marks
// that numbers of four digits have elsewhere.
func (v *visit) spanTyped(minutes int) string {
	const grouped = 1000 * 60
	switch {
	case minutes < grouped:
		return v.say.Duration(minutes)
	case minutes%calendarDay == 0:
		return strconv.Itoa(minutes/calendarDay) + " d"
	case minutes%60 == 0:
		return strconv.Itoa(minutes/60) + " h"
	}
	return strconv.Itoa(minutes/60) + " h " + strconv.Itoa(minutes%60) + " min"
}

// parseSpan reads "90", "1 h 30 min", "1,5 t", "1:30", "2 pv": minutes.
func parseSpan(typed string) (int, error) {
	text := strings.ToLower(strings.NewReplacer("\u00a0", " ", ",", ".").Replace(typed))
	if h, m, ok := strings.Cut(text, ":"); ok {
		text = h + " h " + m + " min"
	}
	total, found := 0.0, false
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		digits := strings.IndexFunc(text+"x", func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		n, err := strconv.ParseFloat(text[:digits], 64)
		if err != nil {
			return 0, errSpan
		}
		rest := strings.TrimSpace(text[digits:])
		end := strings.IndexFunc(rest+" ", func(r rune) bool { return r == ' ' || r >= '0' && r <= '9' })
		unit, known := spanUnits[strings.TrimSuffix(rest[:end], ".")]
		if !known || found && rest[:end] == "" {
			return 0, errSpan
		}
		total, found, text = total+n*float64(unit), true, rest[end:]
	}
	if !found || total > 1_000_000 || total != math.Trunc(total) {
		return 0, errSpan
	}
	return int(total), nil
}

// decimal reads a number with a comma or a point, or nil.
func (f *sectionForm) decimal(name, code string) *float64 {
	typed := strings.NewReplacer("\u00a0", "", " ", "", "€", "", ",", ".").Replace(f.v.form(name))
	if typed == "" {
		return nil
	}
	whole, decimals, _ := strings.Cut(typed, ".")
	n, err := strconv.ParseFloat(typed, 64)
	plain := !strings.ContainsFunc(whole+decimals, func(r rune) bool { return r < '0' || r > '9' })
	if err != nil || !plain || len(decimals) > 2 || n > 9_999_999 {
		f.refuse(name, code, nil)
		return nil
	}
	return &n
}

// keys reads ticked boxes; what is not offered is refused by the use case.
func (f *sectionForm) keys(name string) db.Strings { return append(db.Strings{}, f.v.formAll(name)...) }

// moment reads a day and a time of day, midnight where only a day was typed.
func (f *sectionForm) moment(name string) *time.Time {
	typed, clock := f.v.form(name), f.v.form(name+"_time")
	if typed == "" {
		if clock != "" {
			f.refuse(name, "editor.day_missing", nil)
		}
		return nil
	}
	date, err := f.v.readDate(typed)
	if err != nil {
		f.refuse(name, fault.Code(err), fault.As(err).Params)
		return nil
	}
	minute := 0
	if clock != "" {
		if minute, err = locales.ParseTime(clock); err != nil {
			f.refuse(name+"_time", fault.Code(err), fault.As(err).Params)
			return nil
		}
	}
	at := calendar.FirstFrom(date, calendar.Minute(minute), f.v.server.Zone)
	return &at
}

func readTexts(f *sectionForm) {
	f.r.Name, f.r.Description = f.texts("name"), f.texts("description")
	f.r.Instructions, f.r.Terms = f.texts("instructions"), f.texts("terms")
	f.r.Slug = f.v.form("slug")
	if f.r.Slug == newSlug {
		f.refuse("slug", "resource.slug_taken", nil)
	}
}

func readFacts(f *sectionForm) {
	r := f.r
	r.Type, r.Access, r.Floor = f.v.form("type"), f.v.form("access"), f.v.form("floor")
	r.Purposes, r.Equipment = f.keys("purposes"), f.keys("equipment")
	r.PersonsMin, r.PersonsMax, r.AreaM2 = f.number("persons_min"), f.number("persons_max"), f.decimal("area_m2", "editor.bad_area")
	r.StepFree = map[string]*bool{"yes": new(true), "no": new(false)}[f.v.form("step_free")]
	r.ContactPhone, r.ContactEmail = f.v.form("contact_phone"), f.v.form("contact_email")
}

func readTimes(f *sectionForm) {
	r := f.r
	r.Raster, r.MinMinutes, r.MaxMinutes = orZero(f.number("raster")), orZero(f.span("min_minutes")), f.span("max_minutes")
	r.BufferBefore, r.BufferAfter = orZero(f.span("buffer_before")), orZero(f.span("buffer_after"))
	r.DaysAheadMax, r.DaysAheadMin = f.number("days_ahead_max"), orZero(f.number("days_ahead_min"))
	r.WholeDay, r.SeasonOnly = f.v.form("whole_day") != "", f.v.form("season_only") != ""
}

// readRules keeps required fields that the form does not offer.
func readRules(f *sectionForm) {
	r := f.r
	r.Groups = append(db.Strings{}, commaList(f.v.form("groups"))...)
	r.RuleBook, r.CancelMinutes, r.ActiveLimit = f.v.form("rule_book"), f.span("cancel_minutes"), f.number("active_limit")
	r.ReleaseAfterMinutes = f.span("release_after_minutes")
	r.AdultOnly, r.StrongSignIn = f.v.form("adult_only") != "", f.v.form("strong_sign_in") != ""
	kept := slices.DeleteFunc(slices.Clone(r.RequiredFields), func(name string) bool { return slices.Contains(askable, name) })
	for _, name := range askable {
		if slices.Contains(f.v.formAll("required_fields"), name) {
			kept = append(kept, name)
		}
	}
	r.RequiredFields = kept
}

func readPrice(f *sectionForm) {
	f.r.PriceCents = nil
	if euros := f.decimal("price_cents", "editor.bad_price"); euros != nil {
		f.r.PriceCents = new(int(math.Round(*euros * 100)))
	}
	f.r.PriceUnit, f.r.PriceNote = f.v.form("price_unit"), f.texts("price_note")
}

func readWindows(f *sectionForm) {
	r := f.r
	r.PublishFrom, r.PublishTo = f.moment("publish_from"), f.moment("publish_to")
	r.BookingFrom, r.BookingTo = f.moment("booking_from"), f.moment("booking_to")
}
