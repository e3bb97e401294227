package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// The select of a line says on which of its days the line counts. Its values are
// turns as resources.Turn writes them, several joined by turnsApart; of "the
// n-th weekday of the month", which is another turn for each weekday, "month/n".
const (
	turnsApart  = "+"
	nthOfMonth  = "month/"
	longestTurn = 200 // characters of a value
)

// usualTurns are what the form offers.
var usualTurns = []string{
	"", "period/week/1/2", "period/week/1/3", "period/week/1/4", "period/week/1/5", "period/week/1/6", "year/week/odd", "year/week/even",
	"month/1", "month/2", "month/3", "month/4", "month/5", "month/-1",
}

// turnChosen is the value of the select for a saved span.
func turnChosen(span resources.WeekSpan) string {
	if len(span.Only) == 1 && len(span.Weekdays) == 1 {
		turn := span.Only[0]
		if turn.Context == resources.InMonth && int(turn.Weekday()) == span.Weekdays[0] && turn.Every == 0 && turn.Start != 0 {
			if value := nthOfMonth + strconv.Itoa(turn.Start); slices.Contains(usualTurns, value) {
				return value
			}
		}
	}
	var words []string
	for _, turn := range span.Only {
		words = append(words, turn.String())
	}
	return strings.Join(words, turnsApart)
}

// withTurn makes the spans of a line: one, or one for each weekday where the
// n-th of the month is meant.
func withTurn(span resources.WeekSpan, value string) ([]resources.WeekSpan, error) {
	if value == "" {
		return []resources.WeekSpan{span}, nil
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(value, nthOfMonth)); err == nil && slices.Contains(usualTurns, value) {
		var spans []resources.WeekSpan
		for _, day := range span.Weekdays {
			one := span
			one.Weekdays = []int{day}
			one.Only = []resources.Turn{{Context: resources.InMonth, Subject: resources.TurnWeekdays[day-1], Start: n}}
			spans = append(spans, one)
		}
		return spans, nil
	}
	for word := range strings.SplitSeq(value, turnsApart) {
		turn, ok := resources.ParseTurn(word)
		if !ok || len(value) > longestTurn {
			return nil, fault.InvalidField("turn", "hours.turn_impossible", fault.Params{"turn": word})
		}
		span.Only = append(span.Only, turn)
	}
	return []resources.WeekSpan{span}, nil
}

// turnOptions are the usual turns, and the chosen one in words where it is
// another.
func (v *visit) turnOptions(chosen string) []ui.Option {
	var options []ui.Option
	for _, value := range usualTurns {
		options = append(options, ui.Option{Value: value, Label: v.turnLabel(value), Selected: value == chosen})
	}
	if !slices.Contains(usualTurns, chosen) && len(chosen) <= longestTurn {
		options = append(options, ui.Option{Value: chosen, Label: v.turnLabel(chosen), Selected: true})
	}
	return options
}

// turnLabel says a value of the select in words.
func (v *visit) turnLabel(value string) string {
	if value == "" {
		return v.t("hours.turn.always")
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(value, nthOfMonth)); err == nil {
		if n == -1 {
			return v.t("hours.turn.month_last")
		}
		return v.t("hours.turn.month_nth", "nth", n)
	}
	var words []string
	for word := range strings.SplitSeq(value, turnsApart) {
		if turn, ok := resources.ParseTurn(word); ok {
			words = append(words, v.turnInWords(turn))
		} else {
			words = append(words, word)
		}
	}
	return strings.Join(words, "; ")
}

// turnInWords says any turn: the usual ones as people do, others by their parts.
func (v *visit) turnInWords(turn resources.Turn) string {
	switch {
	case turn.Context == resources.InPeriod && turn.Subject == resources.CountWeeks && turn.Start == 1 && turn.Every > 1:
		return v.t("hours.turn.weeks", "every", turn.Every)
	case turn.Context == resources.InYear && turn.Subject == resources.CountWeeks && turn.Parity != "":
		return v.t("hours.turn.parity." + turn.Parity)
	}
	subject := ""
	if weekday := turn.Weekday(); weekday != 0 {
		subject = v.say.Weekday(time.Weekday(int(weekday) % 7))
	} else {
		subject = v.t("hours.count." + turn.Subject)
	}
	params := []any{"where", v.t("hours.within." + turn.Context), "what", subject, "nth", turn.Start, "back", -turn.Start, "every", turn.Every}
	ofMonth := turn.Context == resources.InMonth && turn.Weekday() != 0 && turn.Every == 0 && turn.Parity == ""
	switch {
	case ofMonth && turn.Start == -1:
		return v.t("hours.turn.last_of_month", params...)
	case ofMonth && turn.Start > 0:
		return v.t("hours.turn.nth_of_month", params...)
	case turn.Parity != "":
		return v.t("hours.count."+turn.Parity, params...)
	case turn.Every > 0 && turn.Start > 0:
		return v.t("hours.count.every", params...)
	case turn.Every > 0:
		return v.t("hours.count.every_back", params...)
	case turn.Start > 0:
		return v.t("hours.count.nth", params...)
	case turn.Start < 0:
		return v.t("hours.count.back", params...)
	}
	return v.t("hours.count.each", params...)
}

// spanInWords is "ma–pe 8–16 varattavissa, joka 2. viikko".
func (v *visit) spanInWords(span resources.WeekSpan) string {
	words := v.weekdaysInWords(span.Weekdays) + " " + v.clockSpan(span.From, span.To) + " " + strings.ToLower(v.t("hours."+string(span.Kind)))
	if span.State != "" {
		words += ", " + strings.ToLower(chosenLabel(v.openAsOptions(span.State)))
	}
	for _, turn := range span.Only {
		words += ", " + strings.ToLower(v.turnInWords(turn))
	}
	return words
}
