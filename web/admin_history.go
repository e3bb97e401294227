package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// historyPage is the data of templates/admin_history.html.
type historyPage struct {
	ui.Frame
	Head  unitHead
	Steps []historyStep
	Older string
}

// historyStep is one entry of the audit trail in words.
type historyStep struct {
	What   string
	Name   string
	Lang   string
	Who    string
	At     string
	ISO    string
	Values []valueChange
}

// valueChange is a field with what it was and what it is; "" = nothing.
type valueChange struct {
	Label  string
	Before string
	After  string
}

func (v *visit) showHistory() error {
	site, err := v.site()
	if err != nil {
		return err
	}
	before, _ := strconv.ParseInt(v.query("before"), 10, 64)
	changes, more, err := v.server.Catalogue.History(v.ctx, v.actor, site.Unit.ID, max(before, 0))
	if err != nil {
		return err
	}
	page := historyPage{}
	if page.Frame, page.Head, err = v.unitPage(v.t("admin.tab.history"), site.Unit); err != nil {
		return err
	}
	for _, change := range changes {
		page.Steps = append(page.Steps, v.historyStep(change))
	}
	if more {
		last := changes[len(changes)-1].Number
		page.Older = v.pathWith("admin-history", url.Values{"before": {strconv.FormatInt(last, 10)}}, site.Unit.Slug)
	}
	return v.render("admin_history", page)
}

func (v *visit) historyStep(change catalogue.Change) historyStep {
	step := historyStep{
		What: v.say.Word("audit", change.Action), Who: change.Who, At: v.say.DateTime(change.At), ISO: change.At.In(v.server.Zone).Format(time.RFC3339),
	}
	if step.Who == "" {
		step.Who = v.t("work.by_system")
	}
	step.Name, step.Lang = v.text(change.Name)
	for _, name := range sortedNames(change.Values) {
		before, after := v.valueInWords(change.Values[name][0]), v.valueInWords(change.Values[name][1])
		if before == after || hiddenValues[name] {
			continue
		}
		step.Values = append(step.Values, valueChange{v.valueLabel(name), before, after})
	}
	return step
}

// hiddenValues are for programs.
var hiddenValues = map[string]bool{"UID": true, "Unit": true, "Source": true, "ExternalRef": true, "Example": true}

func sortedNames(values map[string][2]any) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// valueLabel is the name of a field, or the field itself where it has no name.
func (v *visit) valueLabel(name string) string {
	key := "admin.value." + strings.ToLower(name)
	if !locales.Has(key) {
		return name
	}
	return v.t(key)
}

// valueInWords tells a value of the audit trail; values are what JSON makes of
// them.
func (v *visit) valueInWords(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		if key := "admin.holidays." + x; locales.Has(key) {
			return v.t(key)
		}
		return locales.Shorten(x, 500)
	case bool:
		return v.yesNo(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case map[string]any:
		return v.textsInWords(x)
	case []any:
		var lines []string
		for _, item := range x {
			lines = append(lines, v.itemInWords(item))
		}
		return strings.Join(lines, "; ")
	}
	return fmt.Sprint(value)
}

// textsInWords shows a text in every language that has it.
func (v *visit) textsInWords(texts map[string]any) string {
	var parts []string
	for _, lang := range locales.Languages {
		if text, _ := texts[lang].(string); text != "" {
			parts = append(parts, lang+": "+locales.Shorten(text, 300))
		}
	}
	return strings.Join(parts, " · ")
}

// itemInWords shows an item of a list: a period of hours, a text, a word.
func (v *visit) itemInWords(item any) string {
	fields, isMap := item.(map[string]any)
	if _, isPeriod := fields["spans"]; !isMap || !isPeriod {
		return v.valueInWords(item)
	}
	var period catalogue.PeriodFacts
	raw, err := json.Marshal(item)
	if err != nil || json.Unmarshal(raw, &period) != nil {
		return ""
	}
	return v.periodInWords(period)
}

// periodInWords is "Kesä 1.6.2026–31.8.2026: ma, ti 8–16 varattavissa".
func (v *visit) periodInWords(period catalogue.PeriodFacts) string {
	var head []string
	if name := v.named(period.Name); name != "" {
		head = append(head, name)
	}
	if period.From != "" || period.To != "" {
		head = append(head, v.dateInWords(period.From)+"–"+v.dateInWords(period.To))
	}
	if period.Override {
		head = append(head, v.t("admin.override_short"))
	}
	if period.Overlay {
		head = append(head, v.t("admin.overlay_short"))
	}
	if period.School != "" {
		head = append(head, strings.ToLower(v.t("hours.school."+period.School)))
	}
	var spans []string
	for _, span := range period.Spans {
		spans = append(spans, v.spanInWords(span))
	}
	if len(spans) == 0 {
		spans = []string{strings.ToLower(v.t("hours.closed"))}
	}
	if len(head) == 0 {
		return strings.Join(spans, ", ")
	}
	return strings.Join(head, " ") + ": " + strings.Join(spans, ", ")
}

func (v *visit) dateInWords(text string) string {
	date, err := calendar.ParseDate(text)
	if err != nil {
		return ""
	}
	return v.say.Date(v.midday(date))
}

// weekdaysInWords joins days; a run of three or more is "ma–pe".
func (v *visit) weekdaysInWords(days []int) string {
	var parts []string
	short := func(day int) string { return v.say.ShortWeekday(time.Weekday(day % 7)) }
	days = slices.Sorted(slices.Values(days))
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && days[last+1] == days[last]+1 {
			last++
		}
		if last-i >= 2 {
			parts = append(parts, short(days[i])+"–"+short(days[last]))
		} else {
			for _, day := range days[i : last+1] {
				parts = append(parts, short(day))
			}
		}
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// clock is a time of day, also one after midnight.
func (v *visit) clock(minute calendar.Minute) string {
	if minute > calendar.DayMinutes {
		minute -= calendar.DayMinutes
	}
	return v.say.Clock(int(minute))
}
