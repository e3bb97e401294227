package hours

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/imports/files"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

const haukiSource = "hauki"

// meaning is what a state of Hauki is here.
type meaning struct {
	kind  policies.HoursKind
	state string
}

// haukiStates are all states that Hauki has but "undefined". Where people can
// come in only by reservation the place is reservable; where they can only
// leave, it is closed to who would come.
var haukiStates = map[string]meaning{
	"open":                     {policies.Open, ""},
	"self_service":             {policies.Open, "self_service"},
	"with_key":                 {policies.Open, "with_key"},
	"enter_only":               {policies.Open, "enter_only"},
	"weather_permitting":       {policies.Open, "weather_permitting"},
	"by_appointment":           {policies.Open, "by_appointment"},
	"reserved":                 {policies.Open, "reserved"},
	"open_and_reservable":      {policies.Reservable, ""},
	"with_reservation":         {policies.Reservable, "with_reservation"},
	"with_key_and_reservation": {policies.Reservable, "with_key_and_reservation"},
	"closed":                   {policies.Closed, ""},
	"exit_only":                {policies.Closed, "exit_only"},
	"maintenance":              {policies.Closed, "maintenance"},
	"not_in_use":               {policies.Closed, "not_in_use"},
}

// ownFields is the member in which WriteHauki keeps what Hauki has no word for;
// other programs pass over it.
const ownFields = "vuoro"

const undefinedState = "undefined"

// ParseHauki reads a list of Hauki's date periods, or an object whose "results"
// they are. Fields that mean nothing here are passed over; what cannot be
// followed exactly is refused with its place in the file, "$[0].end_date". The
// periods have the origin "hauki:" and the origin id, or else the id, of each.
//
// A span without a state has that of its period. A period without spans is
// that state all day; an override that is closed has none here either. What is
// removed in Hauki is left out.
func ParseHauki(data []byte) ([]resources.Period, error) {
	if len(data) > MaxSize {
		return nil, fault.InvalidField("$", "hours_file.too_large", fault.Params{"max": MaxSize >> 20})
	}
	root, err := readJSON(data)
	if err != nil {
		return nil, err
	}
	var r haukiReader
	var periods []resources.Period
	var places []string // of each period in the file
	for _, item := range r.list(root.orResults()) {
		if !r.full() && !r.flag(item.at("is_removed")) {
			periods = append(periods, r.period(item))
			places = append(places, item.path)
		}
	}
	if len(r.fields) == 0 {
		r.fields = checked(periods, places)
	}
	if len(r.fields) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Code: r.fields[0].Code, Params: r.fields[0].Params, Fields: r.fields}
	}
	return periods, nil
}

// checked are the mistakes that saving the periods would find, with their
// places in the file.
func checked(periods []resources.Period, places []string) []fault.Field {
	err := resources.CheckPeriods(periods)
	if err == nil {
		return nil
	}
	fields := fault.As(err).Fields
	for i := range fields {
		var n int
		if _, err := fmt.Sscanf(fields[i].Name, "periods[%d]", &n); err == nil && n < len(places) {
			fields[i].Name = places[n]
		}
	}
	return fields
}

// node is a value of a JSON text and where it is.
type node struct {
	path  string
	value any // nil = null or not there
}

func readJSON(data []byte) (node, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root := node{path: "$"}
	err := decoder.Decode(&root.value)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		field := fault.InvalidField("$", "hours_file.not_json", fault.Params{"byte": decoder.InputOffset()})
		field.Err = err
		return root, field
	}
	return root, nil
}

func (n node) at(name string) node {
	object, _ := n.value.(map[string]any)
	return node{n.path + "." + name, object[name]}
}

// orResults is the list in a page of an answer of Hauki's API.
func (n node) orResults() node {
	if object, ok := n.value.(map[string]any); ok {
		if _, paged := object["results"]; paged {
			return n.at("results")
		}
	}
	return n
}

// haukiReader gathers what is wrong with a file while it reads.
type haukiReader struct{ fields []fault.Field }

func (r *haukiReader) full() bool { return len(r.fields) >= maxMistakes }

func (r *haukiReader) refuse(n node, code string) {
	if !r.full() {
		r.fields = append(r.fields, fault.Field{Name: n.path, Code: code, Params: fault.Params{"path": n.path, "value": n.shown()}})
	}
}

func (n node) shown() string {
	switch v := n.value.(type) {
	case nil:
		return "null"
	case string:
		return files.Shortened(v)
	case map[string]any:
		return "{…}"
	case []any:
		return "[…]"
	default:
		return fmt.Sprint(v)
	}
}

// list gives the members of a list; anything else is a mistake.
func (r *haukiReader) list(n node) []node {
	values, ok := n.value.([]any)
	if !ok {
		r.refuse(n, "hours_file.not_list")
	}
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = node{fmt.Sprintf("%s[%d]", n.path, i), v}
	}
	return nodes
}

// objects is list where all members are objects; null is an empty one.
func (r *haukiReader) objects(n node) (list []node) {
	if n.value == nil {
		return nil
	}
	for _, member := range r.list(n) {
		if _, ok := member.value.(map[string]any); !ok {
			r.refuse(member, "hours_file.not_object")
			continue
		}
		list = append(list, member)
	}
	return list
}

func (r *haukiReader) flag(n node) bool {
	flag, ok := n.value.(bool)
	if n.value != nil && !ok {
		r.refuse(n, "hours_file.not_flag")
	}
	return flag
}

// text is a text, "" for null.
func (r *haukiReader) text(n node) string {
	text, ok := n.value.(string)
	if n.value != nil && !ok {
		r.refuse(n, "hours_file.not_text")
	}
	return text
}

func (r *haukiReader) texts(n node) locales.Texts {
	if _, ok := n.value.(map[string]any); !ok && n.value != nil {
		r.refuse(n, "hours_file.not_object")
	}
	return locales.Texts{Fi: r.text(n.at("fi")), Sv: r.text(n.at("sv")), En: r.text(n.at("en"))}
}

// number is a whole number, 0 for null.
func (r *haukiReader) number(n node) int {
	if n.value == nil {
		return 0
	}
	number, _ := n.value.(json.Number)
	whole, err := strconv.Atoi(number.String())
	if err != nil {
		r.refuse(n, "hours_file.not_number")
	}
	return whole
}

func (r *haukiReader) date(n node) *calendar.Date {
	text := r.text(n)
	if text == "" {
		return nil
	}
	date, err := calendar.ParseDate(text)
	if err != nil {
		r.refuse(n, "hours_file.bad_date")
		return nil
	}
	return &date
}

// clock reads "10:00:00" or "10:00".
func (r *haukiReader) clock(n node) (calendar.Minute, bool) {
	text, _ := n.value.(string)
	minute, err := calendar.ParseMinute(strings.TrimSuffix(text, ":00"))
	if len(text) == len("10:00") {
		minute, err = calendar.ParseMinute(text)
	}
	if err != nil || minute > calendar.DayMinutes {
		r.refuse(n, "hours_file.bad_time")
		return 0, false
	}
	return minute, true
}

// state is what a state means; ok is false for one that says nothing.
func (r *haukiReader) state(n node) (means meaning, ok bool) {
	name := r.text(n)
	if name == "" || name == undefinedState {
		return means, false
	}
	if means, ok = haukiStates[name]; !ok {
		r.refuse(n, "hours_file.unknown_state")
	}
	return means, ok
}

func (r *haukiReader) period(n node) resources.Period {
	if _, ok := n.value.(map[string]any); !ok {
		r.refuse(n, "hours_file.not_object")
		return resources.Period{}
	}
	p := resources.Period{
		Name: r.texts(n.at("name")), Description: r.texts(n.at("description")),
		ValidFrom: r.date(n.at("start_date")), ValidTo: r.date(n.at("end_date")),
		Override: r.flag(n.at("override")), Origin: haukiSource + ":" + r.origin(n),
	}
	own := n.at(ownFields)
	p.School, p.Overlay = r.text(own.at("school")), r.flag(own.at("overlay"))
	if p.ValidFrom != nil && p.ValidTo != nil && p.ValidTo.Before(*p.ValidFrom) {
		r.refuse(n.at("end_date"), "hours_file.ends_before_begin")
	}
	groups := r.objects(n.at("time_span_groups"))
	for _, group := range groups {
		if !r.flag(group.at("is_removed")) {
			p.Spans.V = append(p.Spans.V, r.group(group, n.at("resource_state"))...)
		}
	}
	if len(p.Spans.V) == 0 {
		p.Spans.V = r.allDay(n, p.Override)
	}
	return p
}

// allDay are the spans of a period that names none.
func (r *haukiReader) allDay(n node, override bool) []resources.WeekSpan {
	means, ok := r.state(n.at("resource_state"))
	switch {
	case !ok && override:
		r.refuse(n.at("resource_state"), "hours_file.no_state")
		return nil
	case !ok || override && means == haukiStates["closed"]:
		return nil
	}
	return []resources.WeekSpan{{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, To: calendar.DayMinutes, Kind: means.kind, State: means.state}}
}

// origin is the first origin id, or else the id.
func (r *haukiReader) origin(n node) string {
	for _, origin := range r.objects(n.at("origins")) {
		if id, ok := origin.at("origin_id").value.(string); ok && id != "" {
			return id
		}
	}
	if id, ok := n.at("id").value.(json.Number); ok {
		return id.String()
	}
	return ""
}

// subjectOf is the subject of a turn; Hauki's weekdays have three letters.
func subjectOf(name string) string {
	for _, weekday := range resources.TurnWeekdays {
		if name == weekday[:3] {
			return weekday
		}
	}
	return name
}

func (r *haukiReader) turn(n node) resources.Turn {
	turn := resources.Turn{
		Context: r.text(n.at("context")), Subject: subjectOf(r.text(n.at("subject"))),
		Start: r.number(n.at("start")), Every: r.number(n.at("frequency_ordinal")), Parity: r.text(n.at("frequency_modifier")),
	}
	if turn.Start == 0 && turn.Every == 1 {
		turn.Every = 0 // every one, wherever it is counted from
	}
	return turn
}

func (r *haukiReader) group(n, otherwise node) []resources.WeekSpan {
	var only []resources.Turn
	for _, rule := range r.objects(n.at("rules")) {
		if !r.flag(rule.at("is_removed")) {
			only = append(only, r.turn(rule))
		}
	}
	var spans []resources.WeekSpan
	for _, item := range r.objects(n.at("time_spans")) {
		if r.full() {
			break
		}
		if r.flag(item.at("is_removed")) {
			continue
		}
		span := r.span(item, otherwise)
		span.Only = only
		spans = append(spans, span)
	}
	return spans
}

func (r *haukiReader) span(n, otherwise node) resources.WeekSpan {
	span := resources.WeekSpan{Weekdays: r.weekdays(n.at("weekdays")), Name: r.texts(n.at("name"))}
	description := r.texts(n.at("description"))
	span.Name = locales.Texts{Fi: told(span.Name.Fi, description.Fi), Sv: told(span.Name.Sv, description.Sv), En: told(span.Name.En, description.En)}
	span.From, span.To = r.times(n)
	means, ok := r.state(n.at("resource_state"))
	if !ok {
		means, ok = r.state(otherwise)
	}
	if !ok {
		r.refuse(n.at("resource_state"), "hours_file.no_state")
	}
	span.Kind, span.State = means.kind, means.state
	if own := n.at(ownFields); own.value != nil {
		span.Kind, span.State = policies.HoursKind(r.text(own.at("kind"))), r.text(own.at("state"))
	}
	return span
}

func (r *haukiReader) weekdays(n node) (list []int) {
	for _, item := range r.list(n) {
		day := r.number(item)
		if day < 1 || day > 7 || slices.Contains(list, day) {
			r.refuse(item, "hours_file.bad_weekday")
			return nil
		}
		list = append(list, day)
	}
	if len(list) == 0 {
		r.refuse(n, "hours_file.bad_weekday")
	}
	slices.Sort(list)
	return list
}

func (r *haukiReader) times(n node) (from, to calendar.Minute) {
	if r.flag(n.at("full_day")) {
		return 0, calendar.DayMinutes
	}
	from, ok := r.clock(n.at("start_time"))
	to, ok2 := r.clock(n.at("end_time"))
	if r.flag(n.at("end_time_on_next_day")) {
		to += calendar.DayMinutes
	}
	if ok && ok2 && (from >= to || to-from > calendar.DayMinutes) {
		r.refuse(n.at("end_time"), "hours_file.ends_before_begin")
	}
	return from, to
}

// told is the name of a span, which has no description here, with that.
func told(name, description string) string {
	if name == "" || description == "" {
		return name + description
	}
	return name + ": " + description
}
