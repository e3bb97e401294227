package hours

import (
	"encoding/json"
	"errors"
	"slices"

	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// The date periods of Hauki. Its keys, when things were made and where they came
// from are not ours and are neither kept nor written.

type haukiPeriod struct {
	Name        locales.Texts  `json:"name"`
	Description locales.Texts  `json:"description"`
	StartDate   *calendar.Date `json:"start_date"`
	EndDate     *calendar.Date `json:"end_date"`
	State       string         `json:"resource_state"`
	Override    bool           `json:"override"`
	Groups      []haukiGroup   `json:"time_span_groups"`
}

type haukiGroup struct {
	Spans []haukiSpan `json:"time_spans"`
	Rules []haukiRule `json:"rules"`
}

type haukiSpan struct {
	Name      locales.Texts `json:"name"`
	StartTime *string       `json:"start_time"`
	EndTime   *string       `json:"end_time"`
	NextDay   bool          `json:"end_time_on_next_day"`
	FullDay   bool          `json:"full_day"`
	Weekdays  []int         `json:"weekdays"`
	State     string        `json:"resource_state"`
}

type haukiRule struct {
	Context  string `json:"context"`
	Subject  string `json:"subject"`
	Start    *int   `json:"start"`
	Ordinal  *int   `json:"frequency_ordinal"`
	Modifier string `json:"frequency_modifier,omitempty"`
}

// haukiStates are its states with what they are here; the state itself is kept
// where it says more than the kind.
var haukiStates = map[string]policies.HoursKind{
	"open": policies.Open, "self_service": policies.Open, "with_key": policies.Open, "enter_only": policies.Open,
	"weather_permitting": policies.Open, "by_appointment": policies.Open,
	"open_and_reservable": policies.Reservable, "with_reservation": policies.Reservable, "with_key_and_reservation": policies.Reservable,
	"reserved": policies.Core,
	"closed":   policies.Closed, "not_in_use": policies.Closed, "maintenance": policies.Closed, "exit_only": policies.Closed,
}

// plainStates are the states that say just the kind.
var plainStates = map[policies.HoursKind]string{
	policies.Open: "open", policies.Reservable: "open_and_reservable", policies.Core: "reserved", policies.Closed: "closed",
}

func readHauki(text string, mistakes *files.Mistakes) (file File) {
	var list []haukiPeriod
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		var syntax *json.SyntaxError
		at := 0
		if errors.As(err, &syntax) {
			at = min(int(syntax.Offset), len(text))
		}
		mistakes.Add(files.PositionOf(text, at), files.Invalid("places.json"))
		return File{}
	}
	for _, h := range list {
		period, err := h.period()
		if err != nil {
			mistakes.Add(files.Position{Line: 1, Column: 1, Name: h.Name.String()}, err)
		}
		file.Periods = append(file.Periods, period)
	}
	return file
}

// period reads one. An override that leaves a weekday out lets other hours
// through there in Hauki, and closes here, so it is refused.
func (h haukiPeriod) period() (resources.Period, *fault.Error) {
	p := resources.Period{
		Name: h.Name, Description: h.Description, ValidFrom: h.StartDate, ValidTo: h.EndDate,
		Override: h.Override, Spans: db.AsJSON([]resources.WeekSpan{}),
	}
	groups := h.Groups
	if len(groups) == 0 {
		groups = []haukiGroup{{Spans: []haukiSpan{{FullDay: true}}}}
	}
	for _, group := range groups {
		for _, span := range group.Spans {
			read, ok := span.span(h.State, group.Rules)
			if !ok {
				return p, files.Invalid("hours.hauki_span", fault.Params{"name": h.Name})
			}
			p.Spans.V = append(p.Spans.V, read)
		}
	}
	seen := map[int]bool{}
	for _, span := range p.Spans.V {
		for _, day := range span.Weekdays {
			seen[day] = seen[day] || len(span.Only) == 0
		}
	}
	if p.Override && slices.ContainsFunc([]int{1, 2, 3, 4, 5, 6, 7}, func(day int) bool { return !seen[day] }) {
		return p, files.Invalid("hours.hauki_through", fault.Params{"name": h.Name})
	}
	return p, nil
}

func (h haukiSpan) span(usual string, rules []haukiRule) (s resources.WeekSpan, ok bool) {
	state := h.State
	if state == "" || state == "undefined" {
		state = usual
	}
	s = resources.WeekSpan{Weekdays: slices.Sorted(slices.Values(h.Weekdays)), Name: h.Name, Kind: haukiStates[state]}
	if len(s.Weekdays) == 0 {
		s.Weekdays = []int{1, 2, 3, 4, 5, 6, 7}
	}
	if state != plainStates[s.Kind] {
		s.State = state
	}
	for _, rule := range rules {
		s.Only = append(s.Only, rule.turn())
	}
	if h.FullDay {
		s.To = calendar.DayMinutes
		return s, s.Kind != ""
	}
	var fromRead, toRead bool
	s.From, fromRead = haukiClock(h.StartTime)
	s.To, toRead = haukiClock(h.EndTime)
	if h.NextDay {
		s.To += calendar.DayMinutes
	}
	return s, fromRead && toRead && s.Kind != ""
}

// haukiClock reads "10:00:00"; seconds are refused.
func haukiClock(text *string) (calendar.Minute, bool) {
	if text == nil || len(*text) != len("10:00:00") || (*text)[5:] != ":00" {
		return 0, false
	}
	minute, err := calendar.ParseMinute((*text)[:5])
	return minute, err == nil
}

var haukiDays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func (r haukiRule) turn() resources.Turn {
	t := resources.Turn{Context: r.Context, Subject: r.Subject, Parity: r.Modifier}
	if day := slices.Index(haukiDays, r.Subject); day >= 0 {
		t.Subject = resources.TurnWeekdays[day]
	}
	if r.Start != nil {
		t.Start = *r.Start
	}
	if r.Ordinal != nil {
		t.Every = *r.Ordinal
	}
	return t
}

// WriteHauki writes periods as Hauki has them. What it has no words for, which
// is school terms and what is laid over other hours, is Invalid, code
// hours.not_in_format.
func WriteHauki(periods []resources.Period) ([]byte, error) {
	list := []haukiPeriod{}
	for _, p := range periods {
		if p.School != "" || p.Overlay {
			return nil, fault.New(fault.Invalid, "hours.not_in_format", fault.Params{"format": Hauki})
		}
		h := haukiPeriod{
			Name: p.Name, Description: p.Description, StartDate: p.ValidFrom, EndDate: p.ValidTo,
			Override: p.Override, State: "undefined", Groups: []haukiGroup{},
		}
		var last []resources.Turn
		for i, span := range p.Spans.V {
			if i == 0 || !slices.Equal(last, span.Only) {
				h.Groups = append(h.Groups, haukiGroup{Spans: []haukiSpan{}, Rules: haukiRules(span.Only)})
			}
			last = span.Only
			group := &h.Groups[len(h.Groups)-1]
			group.Spans = append(group.Spans, haukiSpanOf(span))
		}
		if len(p.Spans.V) == 0 {
			h.State = "closed"
		}
		list = append(list, h)
	}
	return json.MarshalIndent(list, "", " ")
}

func haukiSpanOf(s resources.WeekSpan) haukiSpan {
	h := haukiSpan{Name: s.Name, Weekdays: s.Weekdays, State: s.State, FullDay: s.From == 0 && s.To == calendar.DayMinutes}
	if h.State == "" {
		h.State = plainStates[s.Kind]
	}
	if h.FullDay {
		return h
	}
	to := s.To
	if h.NextDay = to >= calendar.DayMinutes; h.NextDay {
		to -= calendar.DayMinutes
	}
	from, until := s.From.String()+":00", to.String()+":00"
	h.StartTime, h.EndTime = &from, &until
	return h
}

func haukiRules(turns []resources.Turn) []haukiRule {
	rules := []haukiRule{}
	for _, t := range turns {
		r := haukiRule{Context: t.Context, Subject: t.Subject, Modifier: t.Parity}
		if day := t.Weekday(); day != 0 {
			r.Subject = haukiDays[day-1]
		}
		if t.Start != 0 {
			r.Start = &t.Start
		}
		if t.Every != 0 {
			r.Ordinal = &t.Every
		}
		rules = append(rules, r)
	}
	return rules
}
