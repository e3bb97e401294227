package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// repeat is how a booking is to be repeated, as it was typed.
type repeat struct {
	Every string            `json:"every,omitempty"` // one of everyWords; "" = not at all
	Days  []string          `json:"days,omitempty"`  // weekdays "1" to "7" of the weekly ones
	Until string            `json:"until,omitempty"` // a date, or
	Times string            `json:"times,omitempty"` // a number
	Skip  []string          `json:"skip,omitempty"`  // of calendar.SkipKinds
	Out   string            `json:"out,omitempty"`   // dates that are left out
	Fixes map[string]string `json:"fixes,omitempty"` // what was chosen for a date, as readFix has it
}

// everyWords are the ways to repeat, in the order in which they are offered.
var everyWords = []string{"week", "two-weeks", "month-weekday", "month-day", "day"}

const (
	fixField  = "fix_"
	maxFixes  = calendar.MaxDates
	maxTyped  = 1000 // characters of a field that lists dates
	timesSeen = "10" // offered before anything is typed
)

// postedRepeat is the repetition in the form that was just sent; nil where the
// form asks for none.
func (v *visit) postedRepeat() *repeat {
	if v.form("every") == "" {
		return nil
	}
	return v.repeatForm()
}

func (v *visit) repeatForm() *repeat {
	r := repeat{
		Every: v.form("every"), Days: v.formAll("days"), Until: v.form("until"), Times: v.form("times"),
		Skip: v.formAll("skip"), Out: v.form("out"),
	}
	for key, value := range v.c.Request().PostArgs().All() {
		if date, found := strings.CutPrefix(string(key), fixField); found && len(r.Fixes) < maxFixes {
			if r.Fixes == nil {
				r.Fixes = map[string]string{}
			}
			r.Fixes[date] = string(value)
		}
	}
	return &r
}

// askedRepeat is the repetition in the address.
func (v *visit) askedRepeat() *repeat {
	all := func(name string) (values []string) {
		for _, raw := range v.c.Request().URI().QueryArgs().PeekMulti(name) {
			values = append(values, string(raw))
		}
		return values
	}
	r := repeat{
		Every: v.query("every"), Days: all("days"), Until: v.query("until"), Times: v.query("times"), Skip: all("skip"), Out: v.query("out"),
	}
	if r.Every == "" {
		return nil
	}
	return &r
}

// settled is the same repetition with its weekdays said: that of the first date
// where none was chosen, and none where they do not count.
func (r repeat) settled(first calendar.Date) *repeat {
	switch weekly := r.Every == "week" || r.Every == "two-weeks"; {
	case !weekly:
		r.Days = nil
	case len(r.Days) == 0:
		r.Days = []string{strconv.Itoa(int(first.Weekday()))}
	}
	return &r
}

// query is the repetition as an address carries it, without what was chosen for
// single dates.
func (r repeat) query() url.Values {
	q := url.Values{"every": {r.Every}, "days": r.Days, "skip": r.Skip}
	for name, value := range map[string]string{"until": r.Until, "times": r.Times, "out": r.Out} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// plan is when the dates of a repeated time are.
func (v *visit) plan(r repeat, asked calendar.Interval) (booking.Plan, error) {
	first, from := calendar.WallOf(asked.Begin, v.server.Zone)
	plan := booking.Plan{
		First: first, Skip: r.Skip,
		Span: calendar.Span{From: from, To: from + calendar.Minute(calendar.WallMinutes(asked.Begin, asked.End, v.server.Zone))},
	}
	end, err := v.ruleEnd(r)
	if err != nil {
		return plan, err
	}
	body, ok := ruleBody(r, first)
	if !ok {
		return plan, fault.InvalidField("every", "series.every")
	}
	plan.Rule = body + end
	plan.Exclude, err = v.datesOut(r.Out)
	return plan, err
}

// ruleEnd is the end of a repetition: a last day or a number of times.
func (v *visit) ruleEnd(r repeat) (string, error) {
	if r.Until != "" && r.Times != "" {
		return "", fault.InvalidField("until", "series.until_and_times")
	}
	if r.Times != "" {
		n, err := strconv.Atoi(r.Times)
		if err != nil || n < 1 || n > calendar.MaxDates {
			return "", fault.InvalidField("times", "series.times", fault.Params{"max": calendar.MaxDates})
		}
		return ";COUNT=" + strconv.Itoa(n), nil
	}
	if r.Until == "" {
		return "", fault.InvalidField("until", "series.no_end")
	}
	last, err := v.typedDate(r.Until)
	if err != nil {
		e := fault.As(err)
		return "", fault.InvalidField("until", e.Code, e.Params)
	}
	return ";UNTIL=" + strings.ReplaceAll(last.String(), "-", ""), nil
}

// ruleBody is a repetition without its end; not ok is one that nobody offered.
func ruleBody(r repeat, first calendar.Date) (string, bool) {
	switch r.Every {
	case "week":
		return "FREQ=WEEKLY" + byDay(r.Days), true
	case "two-weeks":
		return "FREQ=WEEKLY;INTERVAL=2" + byDay(r.Days), true
	case "month-weekday":
		return "FREQ=MONTHLY;BYDAY=" + nthOf(first).String(), true
	case "month-day":
		return "FREQ=MONTHLY;BYMONTHDAY=" + strconv.Itoa(first.Day), true
	case "day":
		return "FREQ=DAILY", true
	}
	return "", false
}

func byDay(days []string) string {
	var names []string
	for _, day := range days {
		if n, err := strconv.Atoi(day); err == nil && n >= 1 && n <= 7 {
			names = append(names, calendar.RuleDay{Weekday: calendar.Weekday(n)}.String())
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ";BYDAY=" + strings.Join(names, ",")
}

// nthOf is a date as a weekday of its month: the first Tuesday; the fifth is
// the last one.
func nthOf(date calendar.Date) calendar.RuleDay {
	n := (date.Day-1)/7 + 1
	if n == 5 {
		n = -1
	}
	return calendar.RuleDay{Ordinal: n, Weekday: date.Weekday()}
}

// datesOut reads the dates that are left out, with commas or line breaks
// between them.
func (v *visit) datesOut(typed string) ([]calendar.Date, error) {
	if len(typed) > maxTyped {
		return nil, fault.InvalidField("out", "too_long", fault.Params{"max": maxTyped})
	}
	var dates []calendar.Date
	for _, one := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		date, err := v.typedDate(one)
		if err != nil {
			e := fault.As(err)
			return nil, fault.InvalidField("out", e.Code, e.Params)
		}
		dates = append(dates, date)
	}
	return dates, nil
}

// seriesRule is the part of a form that says how a time is repeated. Template
// "series-rule".
type seriesRule struct {
	Every, Days, Until, Times, Skip, Out ui.Field
	Unknown                              string // school breaks that are not known
	Open                                 bool
}

// repeatFields asks how the time is repeated, with what was typed.
func (v *visit) repeatFields(r *repeat, first calendar.Date, p problems) seriesRule {
	given := r != nil
	if !given {
		r = &repeat{Times: timesSeen}
	}
	days := r.Days
	if len(days) == 0 {
		days = []string{strconv.Itoa(int(first.Weekday()))}
	}
	rule := seriesRule{
		Every: ui.Field{Name: "every", Label: v.t("series.how"), Type: "select", Width: "m"},
		Days:  ui.Field{Name: "days", Label: v.t("series.days"), Hint: v.t("series.days_hint")},
		Until: ui.Field{Name: "until", Label: v.t("series.until"), Hint: v.t("series.until_hint"), Value: r.Until, Width: "s", Autocomplete: "off", MaxLength: 40},
		Times: ui.Field{Name: "times", Label: v.t("series.or_times"), Hint: v.t("series.times_hint", "max", calendar.MaxDates), Value: r.Times, Width: "xs", InputMode: "numeric", Autocomplete: "off", MaxLength: 6},
		Skip:  ui.Field{Name: "skip", Label: v.t("series.skip")},
		Out:   ui.Field{Name: "out", Label: v.t("series.out"), Hint: v.t("series.out_hint"), Value: r.Out, Optional: true, Autocomplete: "off", MaxLength: maxTyped},
		Open:  given,
	}
	for _, word := range everyWords {
		rule.Every.Options = append(rule.Every.Options, ui.Option{Value: word, Label: v.everyWord(word, first), Selected: r.Every == word})
	}
	for day := calendar.Monday; day <= calendar.Sunday; day++ {
		value := strconv.Itoa(int(day))
		rule.Days.Options = append(rule.Days.Options, ui.Option{Value: value, Label: v.weekdaySpan(day, day), Selected: slices.Contains(days, value)})
	}
	for _, kind := range calendar.SkipKinds {
		rule.Skip.Options = append(rule.Skip.Options, ui.Option{Value: kind, Label: v.t("series.skip." + strings.ReplaceAll(kind, "-", "_")), Selected: slices.Contains(r.Skip, kind)})
	}
	for _, f := range []*ui.Field{&rule.Every, &rule.Days, &rule.Until, &rule.Times, &rule.Skip, &rule.Out} {
		f.Error = p.Fields[f.Name]
	}
	return rule
}

// everyWord is a way to repeat, as it falls from this date on.
func (v *visit) everyWord(word string, first calendar.Date) string {
	monthly := locales.Repetition{Every: "month", Interval: 1}
	switch word {
	case "month-weekday":
		nth := nthOf(first)
		monthly.Days = []locales.RepeatDay{{Nth: nth.Ordinal, Day: time.Weekday(int(nth.Weekday) % 7)}}
	case "month-day":
		monthly.MonthDays = []int{first.Day}
	default:
		return capital(v.t("series.every." + strings.ReplaceAll(word, "-", "_")))
	}
	return capital(v.say.Repetition(monthly))
}

// ruleWords say a plan in one sentence: "Joka tiistai 18.00–20.00,
// 1.12.2026–22.6.2027".
func (v *visit) ruleWords(p booking.Plan, city string) string {
	rule, err := calendar.ParseRule(p.Rule)
	if p.Rule != "" && err != nil {
		return ""
	}
	skip, err := calendar.Skipper(city, p.Skip)
	if err != nil {
		return ""
	}
	words := capital(v.say.Repetition(booking.Repetition(calendar.Recurrence{
		First: p.First, Span: p.Span, Zone: v.server.Zone, Rule: rule, Include: p.Include, Exclude: p.Exclude, Skip: skip,
	})))
	for _, kind := range p.Skip {
		words += ", " + v.t("series.not."+strings.ReplaceAll(kind, "-", "_"))
	}
	return words
}
