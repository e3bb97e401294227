package hours

import (
	"encoding/json"
	"reflect"
	"strings"

	"vuoro/calendar"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

type haukiPeriod struct {
	Name        haukiTexts    `json:"name"`
	Description haukiTexts    `json:"description"`
	StartDate   *string       `json:"start_date"`
	EndDate     *string       `json:"end_date"`
	State       string        `json:"resource_state"`
	Override    bool          `json:"override"`
	Origins     []haukiOrigin `json:"origins"`
	Groups      []haukiGroup  `json:"time_span_groups"`
	Own         *ownPeriod    `json:"vuoro,omitempty"`
}

type haukiTexts struct {
	Fi *string `json:"fi"`
	Sv *string `json:"sv"`
	En *string `json:"en"`
}

type haukiOrigin struct {
	Source   haukiDataSource `json:"data_source"`
	OriginID string          `json:"origin_id"`
}

type haukiDataSource struct {
	ID string `json:"id"`
}

type haukiGroup struct {
	Spans []haukiSpan `json:"time_spans"`
	Rules []haukiRule `json:"rules"`
}

type haukiSpan struct {
	Name        haukiTexts `json:"name"`
	Description haukiTexts `json:"description"`
	Start       *string    `json:"start_time"`
	End         *string    `json:"end_time"`
	NextDay     bool       `json:"end_time_on_next_day"`
	FullDay     bool       `json:"full_day"`
	Weekdays    []int      `json:"weekdays"`
	State       string     `json:"resource_state"`
	Own         *ownSpan   `json:"vuoro,omitempty"`
}

type haukiRule struct {
	Context  string  `json:"context"`
	Subject  string  `json:"subject"`
	Start    *int    `json:"start"`
	Every    *int    `json:"frequency_ordinal"`
	Modifier *string `json:"frequency_modifier"`
}

type ownPeriod struct {
	School  string `json:"school,omitempty"`
	Overlay bool   `json:"overlay,omitempty"`
}

type ownSpan struct {
	Kind  policies.HoursKind `json:"kind"`
	State string             `json:"state,omitempty"`
}

// WriteHauki writes periods as ParseHauki reads them. Spans that follow each
// other with the same turns are one group. What Hauki has no word for, such as
// core use, is written as what comes nearest to it (closed), with the member
// "vuoro" that says what it is.
func WriteHauki(periods []resources.Period) ([]byte, error) {
	list := []haukiPeriod{}
	for _, p := range periods {
		list = append(list, haukiOf(p))
	}
	data, err := json.MarshalIndent(list, "", " ")
	return append(data, '\n'), err
}

func haukiOf(p resources.Period) haukiPeriod {
	h := haukiPeriod{
		Name: haukiTextsOf(p.Name), Description: haukiTextsOf(p.Description), StartDate: dateText(p.ValidFrom), EndDate: dateText(p.ValidTo),
		State: undefinedState, Override: p.Override, Origins: []haukiOrigin{}, Groups: []haukiGroup{},
	}
	if p.Override && len(p.Spans.V) == 0 {
		h.State = "closed"
	}
	if kind, name, ok := strings.Cut(p.Origin, ":"); ok && name != "" {
		h.Origins = append(h.Origins, haukiOrigin{haukiDataSource{kind}, name})
	}
	if p.School != "" || p.Overlay {
		h.Own = &ownPeriod{p.School, p.Overlay}
	}
	for i, span := range p.Spans.V {
		if i == 0 || !reflect.DeepEqual(span.Only, p.Spans.V[i-1].Only) {
			h.Groups = append(h.Groups, haukiGroup{Rules: haukiRulesOf(span.Only)})
		}
		group := &h.Groups[len(h.Groups)-1]
		group.Spans = append(group.Spans, haukiSpanOf(span))
	}
	return h
}

func haukiSpanOf(span resources.WeekSpan) haukiSpan {
	h := haukiSpan{Name: haukiTextsOf(span.Name), Weekdays: span.Weekdays, State: haukiState(span)}
	if haukiStates[h.State] != (meaning{span.Kind, span.State}) {
		h.Own = &ownSpan{span.Kind, span.State}
	}
	if h.FullDay = span.From == 0 && span.To == calendar.DayMinutes; h.FullDay {
		return h
	}
	from, to := span.From.String()+":00", (span.To%calendar.DayMinutes).String()+":00"
	h.Start, h.End, h.NextDay = &from, &to, span.To >= calendar.DayMinutes
	return h
}

// haukiState is the state that means a span, or else the nearest.
func haukiState(span resources.WeekSpan) string {
	if haukiStates[span.State] == (meaning{span.Kind, span.State}) {
		return span.State
	}
	switch span.Kind {
	case policies.Open:
		return "open"
	case policies.Reservable:
		return "open_and_reservable"
	}
	return "closed"
}

func haukiRulesOf(turns []resources.Turn) []haukiRule {
	rules := []haukiRule{}
	for _, t := range turns {
		subject := t.Subject
		if t.Weekday() != 0 {
			subject = subject[:3]
		}
		rules = append(rules, haukiRule{t.Context, subject, orNull(t.Start), orNull(t.Every), orNull(t.Parity)})
	}
	return rules
}

func haukiTextsOf(t locales.Texts) haukiTexts {
	return haukiTexts{orNull(t.Fi), orNull(t.Sv), orNull(t.En)}
}

func dateText(d *calendar.Date) *string {
	if d == nil {
		return nil
	}
	return orNull(d.String())
}

// orNull is nil for the zero value.
func orNull[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}
