package web

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/ui"
)

// seriesRepair shows the dates of a series before they are made, with a choice
// for each that cannot be. Template "series-repair".
type seriesRepair struct {
	Sentence string // the rule in words
	Counts   []string
	Bad      []repairRow
	Good     []repairRow
	Left     []repairRow // left out by holidays, breaks and by date
	Kept     []repairRow // of an edit: stay as they are
	Unknown  string      // school breaks that are not known
}

// repairRow is one date.
type repairRow struct {
	ID     string
	When   string
	Room   string // where it is not the series' own
	Tag    ui.StatusTag
	Why    string
	Note   string // the doubled hour
	Choice ui.Field
}

// repairing is a series as asked for, as it would be without any choice and
// with what is chosen.
type repairing struct {
	plain   booking.SeriesPreview // decides which dates need a choice
	fixed   booking.SeriesPreview // tells whether the choices hold
	fixes   map[string]string
	fresh   func(date string) bool // the date has turned bad since the page was seen
	editing bool                   // of dates that were made before
}

// noFix is the choice that books nothing: each is a word of booking.FixKind.
var noFix = []booking.FixKind{booking.FixWait, booking.FixKeep, booking.FixSkip}

// readFixes reads what was chosen for dates. What cannot be read is refused by
// its date.
func readFixes(chosen map[string]string) ([]booking.Fix, error) {
	var fixes []booking.Fix
	for text, value := range chosen {
		date, err := calendar.ParseDate(text)
		if err != nil {
			return nil, fault.New(fault.Invalid, "series.fix_unread")
		}
		fix, ok := readFix(value)
		if !ok {
			return nil, fault.InvalidField(fixField+text, "series.fix_kind", fault.Params{"date": date})
		}
		fix.Date = date
		fixes = append(fixes, fix)
	}
	return fixes, nil
}

// readFix reads a word of noFix, or begin, end and room of what is taken
// instead, with slashes between them.
func readFix(value string) (booking.Fix, bool) {
	parts := strings.Split(value, "/")
	if len(parts) != 3 {
		for _, kind := range noFix {
			if value == string(kind) {
				return booking.Fix{Do: kind}, true
			}
		}
		return booking.Fix{}, false
	}
	begin, beginErr := time.Parse(stampForm, parts[0])
	end, endErr := time.Parse(stampForm, parts[1])
	room, roomErr := uuid.Parse(parts[2])
	fix := booking.Fix{Do: booking.FixInstead, Resource: room, Times: booking.Times{Begin: begin, End: end}}
	return fix, beginErr == nil && endErr == nil && roomErr == nil
}

// wayValue is an alternative as readFix reads it.
func wayValue(a booking.Alternative) string {
	return stamp(a.Begin) + "/" + stamp(a.End) + "/" + a.Resource.UID.String()
}

// bestFix is what is chosen for a date while nobody has chosen: its best way
// out, and else that a record is kept.
func bestFix(d booking.SeriesDate) string {
	if len(d.Ways) > 0 {
		return wayValue(d.Ways[0])
	}
	return string(booking.FixKeep)
}

// settleFixes gives every bad date of a preview a choice: the chosen one, or the
// best.
func settleFixes(p booking.SeriesPreview, chosen map[string]string) map[string]string {
	fixes := map[string]string{}
	for _, d := range p.Dates {
		if !d.Bad() {
			continue
		}
		date := d.Date.String()
		if fixes[date] = chosen[date]; fixes[date] == "" {
			fixes[date] = bestFix(d)
		}
	}
	return fixes
}

// repair shows what a series has come to.
func (v *visit) repair(r repairing) seriesRepair {
	out := seriesRepair{}
	for i, d := range r.plain.Dates {
		row := v.repairRow(d)
		switch {
		case d.Bad():
			row.Choice = v.fixField(d, r)
			row.Note = joinWords(" ", v.wasWords(d), row.Note)
			if row.Choice.Error == "" && r.fresh != nil && r.fresh(d.Date.String()) {
				row.Note = joinWords(" ", row.Note, v.t("series.turned_bad"))
			}
			out.Bad = append(out.Bad, row)
		case d.Verdict == booking.DateLeftOut:
			out.Left = append(out.Left, row)
		case d.Verdict == booking.DateKept:
			out.Kept = append(out.Kept, row)
		default:
			// a choice for another date may have taken its time
			if i < len(r.fixed.Dates) && r.fixed.Dates[i].Bad() {
				row = v.repairRow(r.fixed.Dates[i])
			}
			out.Good = append(out.Good, row)
		}
	}
	count := func(key string, n int) {
		if n > 0 {
			out.Counts = append(out.Counts, v.t(key, "n", n))
		}
	}
	count("series.n_free", len(out.Good))
	count("series.n_bad", len(out.Bad))
	count("series.n_left", len(out.Left))
	count("series.n_kept", len(out.Kept))
	return out
}

func (v *visit) repairRow(d booking.SeriesDate) repairRow {
	row := repairRow{ID: "date-" + d.Date.String(), When: v.say.Range(d.Begin, d.End), Tag: v.verdictTag(d)}
	if d.Verdict == booking.DateNoTime || d.Verdict == booking.DateLeftOut {
		row.When = v.say.Date(v.midday(d.Date))
	}
	if d.Doubled {
		row.Note = v.t("series.doubled")
	}
	if code, params := d.Code(); code != "" {
		row.Why = v.t(code, params)
	}
	if d.Verdict == booking.DateLeftOut {
		row.Why = v.leftOutWords(d.LeftOut)
	}
	return row
}

// leftOutWords say why a plan leaves a date out.
func (v *visit) leftOutWords(why string) string {
	if why == "excluded" || why == "fix" || why == "" {
		return v.t("series.left_out")
	}
	return v.t(why)
}

// verdictTag is the state of a date that is not made yet.
func (v *visit) verdictTag(d booking.SeriesDate) ui.StatusTag {
	kinds := map[booking.DateVerdict]ui.Kind{
		booking.DateFree: ui.KindFree, booking.DateConflict: ui.KindDenied, booking.DateClosed: ui.KindClosed, booking.DateRule: ui.KindRequested,
		booking.DateNoTime: ui.KindExpired, booking.DateLeftOut: ui.KindCancelled, booking.DateWaits: ui.KindHeld, booking.DateKept: ui.KindConfirmed,
	}
	return ui.StatusTag{Kind: kinds[d.Verdict], Label: v.t("verdict." + strings.ReplaceAll(string(d.Verdict), "-", "_"))}
}

// fixField is the choice for a bad date: its ways out, best first, then those
// that book nothing.
func (v *visit) fixField(d booking.SeriesDate, r repairing) ui.Field {
	date := d.Date.String()
	field := ui.Field{Name: fixField + date, Label: v.t("series.choice", "date", v.midday(d.Date)), Type: "select"}
	chosen := r.fixes[date]
	add := func(value, label string) {
		field.Options = append(field.Options, ui.Option{Value: value, Label: label, Selected: value == chosen})
	}
	for _, a := range d.Ways {
		add(wayValue(a), v.wayWords(d, a))
	}
	for _, kind := range noFix {
		switch {
		case kind == booking.FixWait && (r.editing || d.Verdict != booking.DateConflict):
		case kind == booking.FixKeep && d.Was() != nil:
			add(string(kind), v.t("series_edit.stay"))
		case kind == booking.FixSkip && d.Was() != nil:
			add(string(kind), v.t("series_edit.skip"))
		default:
			add(string(kind), v.t("series.fix."+string(kind)))
		}
	}
	for _, now := range r.fixed.Dates {
		if now.Date != d.Date {
			continue
		}
		if fix, ok := readFix(chosen); ok && fix.Do == booking.FixInstead {
			if !optionSelected(field) { // was offered before and is no more
				add(chosen, v.wayWords(d, booking.Alternative{Resource: now.Resource, Begin: fix.Begin, End: fix.End, Why: "same_room"}))
			}
			if code, params := now.Code(); now.Bad() && code != "" {
				field.Error = v.t(code, params)
			}
		}
	}
	return field
}

func optionSelected(f ui.Field) bool {
	for _, o := range f.Options {
		if o.Selected {
			return true
		}
	}
	return false
}

// wayWords are an alternative beside its date: "klo 20.00–22.00", "Sali B samaan
// aikaan", "ke 2.12. klo 18.00–20.00".
func (v *visit) wayWords(d booking.SeriesDate, a booking.Alternative) string {
	when := v.say.ShortRange(a.Begin, a.End)
	if v.dateOf(a.Begin) == d.Date {
		when = v.t("series.same_day", "hours", v.say.Hours(a.Begin, a.End))
	}
	if a.Resource.UID == d.Resource.UID || a.Resource.UID == uuid.Nil {
		return capital(when)
	}
	if a.Begin.Equal(d.Begin) && a.End.Equal(d.End) {
		when = v.t("series.same_time")
	}
	return v.named(a.Resource.Name) + ", " + when
}
