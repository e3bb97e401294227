package web

import (
	"slices"
	"strconv"
	"strings"

	"vuoro/policies"
	"vuoro/web/ui"
)

// cutLast is strings.Cut at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(separator):]), true
}

// quotaRows is how many quotas of a rule the form shows; more are kept.
const quotaRows = 3

// quotaPeriods are the windows of a quota.
var quotaPeriods = []string{policies.InDay, policies.InSchoolDay, policies.InWeek, policies.InMonth, policies.InSeason, policies.InOpen}

// quotaInputs are rows of quotas; the last input reads them all.
func quotaInputs(v *visit) []ruleInput {
	var list []ruleInput
	nothing := func(*sectionForm, *policies.Rule) {}
	for i := range quotaRows {
		for _, field := range quotaFields {
			list = append(list, ruleInput{"quotas", func(t ruleTeller, r *policies.Rule) ui.Field {
				var q policies.Quota
				switch {
				case i < len(r.Effects.Quotas):
					q = r.Effects.Quotas[i]
				case i > len(r.Effects.Quotas):
					return ui.Field{Type: "none"}
				}
				f := field(t, q)
				f.Name = "effects.quotas" + strconv.Itoa(i) + "." + f.Name
				return f
			}, nothing})
		}
	}
	return append(list, ruleInput{"quotas", func(ruleTeller, *policies.Rule) ui.Field { return ui.Field{Type: "none"} }, readQuotas})
}

// quotaFields are the fields of a row; each with its name within the row.
var quotaFields = []func(t ruleTeller, q policies.Quota) ui.Field{
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "key", Label: t.t("rulebook.field.quota_key"), Value: q.Key, Width: "m", MaxLength: 100}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "fi", Label: t.t("rulebook.field.name_fi"), Value: q.Name.Fi, MaxLength: 100}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "sv", Label: t.t("rulebook.field.name_sv"), Value: q.Name.Sv, MaxLength: 100}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "en", Label: t.t("rulebook.field.name_en"), Value: q.Name.En, MaxLength: 100}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		f := ui.Field{Name: "minutes", Label: t.t("rulebook.field.quota_minutes"), Hint: t.t("rulebook.span_hint"), Width: "s"}
		if q.Minutes != nil {
			f.Value = t.spanTyped(*q.Minutes)
		}
		return f
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		f := ui.Field{Name: "times", Label: t.t("rulebook.field.quota_times"), Width: "xs", InputMode: "numeric"}
		if q.Times != nil {
			f.Value = strconv.Itoa(*q.Times)
		}
		return f
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		f := ui.Field{Name: "in", Label: t.t("rulebook.field.quota_in"), Type: "choice"}
		for _, period := range quotaPeriods {
			f.Options = append(f.Options, ui.Option{Value: period, Label: capital(t.t("says.quota_in." + period)), Selected: q.In == period || q.In == "" && period == policies.InWeek})
		}
		return f
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		f := ui.Field{Name: "from", Label: t.t("rulebook.field.when.season.from"), Hint: t.t("rulebook.month_day_hint"), Width: "xs"}
		if q.Season != nil {
			f.Value = monthDayTyped(q.Season.From)
		}
		return f
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		f := ui.Field{Name: "to", Label: t.t("rulebook.field.when.season.to"), Hint: t.t("rulebook.month_day_hint"), Width: "xs"}
		if q.Season != nil {
			f.Value = monthDayTyped(q.Season.To)
		}
		return f
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "person", Label: t.t("rulebook.field.quota_person"), Type: "checkbox", Checked: q.Per == policies.PerPerson}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "book", Label: t.t("rulebook.field.quota_book"), Type: "checkbox", Checked: q.Over.Book}
	},
	func(t ruleTeller, q policies.Quota) ui.Field {
		return ui.Field{Name: "groups", Label: t.t("rulebook.field.quota_groups"), Hint: t.t("rulebook.list_hint"), Value: strings.Join(q.Over.Groups, ", ")}
	},
}

func readQuotas(f *sectionForm, r *policies.Rule) {
	before := r.Effects.Quotas
	var quotas []policies.Quota
	for i := range quotaRows {
		row := "effects.quotas" + strconv.Itoa(i) + "."
		key := f.v.form(row + "key")
		if key == "" {
			continue
		}
		q := policies.Quota{Key: key, Minutes: f.span(row + "minutes"), Times: f.number(row + "times"), In: f.v.form(row + "in")}
		if i < len(before) { // what the form does not show is kept
			q.Over = before[i].Over
		}
		q.Name = policies.Note{Fi: f.v.form(row + "fi"), Sv: f.v.form(row + "sv"), En: f.v.form(row + "en")}
		q.Over.Book, q.Over.Groups = f.v.form(row+"book") != "", commaList(f.v.form(row+"groups"))
		if f.v.form(row+"person") != "" {
			q.Per = policies.PerPerson
		}
		if from, to := f.v.form(row+"from"), f.v.form(row+"to"); from+to != "" && q.In == policies.InSeason {
			q.Season = &policies.MonthDays{From: monthDayRead(from), To: monthDayRead(to)}
		}
		quotas = append(quotas, q)
	}
	r.Effects.Quotas = append(quotas, slices.Clone(before[min(quotaRows, len(before)):])...)
}
