package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/fault"
)

// What a rule may say. The texts are bounded before anything reads them.
const (
	MaxDates    = 400 // of one series, and COUNT
	MaxInterval = 52
	maxRuleText = 4 << 10
)

// ParseRule reads the rule of a booking: DAILY without an interval, WEEKLY or
// MONTHLY, with an end. Every error is Invalid with a code calendar.rule_….
func ParseRule(text string) (Rule, error) {
	r, err := readRule(text)
	if err != nil {
		return Rule{}, err
	}
	switch {
	case r.frequency == Yearly:
		return Rule{}, fault.New(fault.Invalid, "calendar.rule_frequency", fault.Params{"value": "YEARLY", "allowed": "DAILY, WEEKLY, MONTHLY"})
	case r.frequency == Daily && r.interval > 1:
		return Rule{}, fault.New(fault.Invalid, "calendar.rule_daily_interval", fault.Params{"value": r.interval})
	case r.count == 0 && r.until.form == "":
		return Rule{}, fault.New(fault.Invalid, "calendar.rule_endless", fault.Params{"max": MaxDates})
	}
	return r, nil
}

// ParseImportedRule reads the rule of another program's calendar: also YEARLY,
// every n-th day, and rules without an end. What RFC 5545 has besides is
// refused, never guessed.
func ParseImportedRule(text string) (Rule, error) { return readRule(text) }

func readRule(text string) (Rule, error) {
	if len(text) > maxRuleText {
		return Rule{}, fault.New(fault.Invalid, "calendar.rule_too_long", fault.Params{"max": maxRuleText, "asked": len(text)})
	}
	r := Rule{interval: 1, weekStart: Monday}
	seen := map[string]bool{}
	// a semicolon after the last part is seen in the wild and means nothing
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.ToUpper(text), ";"), ";") {
		name, value, found := strings.Cut(part, "=")
		if !found || seen[name] {
			return Rule{}, unreadablePart(part)
		}
		seen[name] = true
		if err := r.readPart(name, value); err != nil {
			return Rule{}, err
		}
	}
	if r.IsZero() {
		return Rule{}, unreadablePart("FREQ=")
	}
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	return r.normal(), nil
}

// readPart reads one part; the others are checked against it later.
func (r *Rule) readPart(name, value string) error {
	var ok bool
	switch name {
	case "FREQ":
		return r.readFrequency(value)
	case "INTERVAL":
		if r.interval, ok = wholeNumber(value); !ok || r.interval < 1 || r.interval > MaxInterval {
			return fault.New(fault.Invalid, "calendar.rule_interval", fault.Params{"value": shortened(value), "max": MaxInterval})
		}
		return nil
	case "COUNT":
		if r.count, ok = wholeNumber(value); !ok || r.count < 1 || r.count > MaxDates {
			return fault.New(fault.Invalid, "calendar.rule_count", fault.Params{"value": shortened(value), "max": MaxDates})
		}
		return nil
	case "UNTIL":
		r.until, ok = readLimit(value)
	case "BYMONTH":
		r.months, ok = numbers(value, 1, 12)
	case "BYMONTHDAY":
		r.monthDays, ok = numbers(value, -31, 31)
	case "BYSETPOS":
		r.positions, ok = numbers(value, -366, 366)
	case "BYDAY":
		r.days, ok = readDays(value)
	case "WKST":
		r.weekStart, ok = readWeekday(value)
	case "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "RSCALE", "SKIP":
		return fault.New(fault.Invalid, "calendar.rule_part", fault.Params{"part": name})
	}
	if !ok {
		return unreadablePart(name + "=" + value)
	}
	return nil
}

func (r *Rule) readFrequency(value string) error {
	for frequency, name := range frequencyNames {
		if name == value {
			r.frequency = frequency
			return nil
		}
	}
	if slices.Contains([]string{"HOURLY", "MINUTELY", "SECONDLY"}, value) {
		return fault.New(fault.Invalid, "calendar.rule_frequency", fault.Params{"value": value, "allowed": "DAILY, WEEKLY, MONTHLY"})
	}
	return unreadablePart("FREQ=" + value)
}

// check refuses parts that do not go together. Each would be read differently
// by different programs, or by none.
func (r Rule) check() error {
	if r.count > 0 && r.until.form != "" {
		return fault.New(fault.Invalid, "calendar.rule_count_and_until", fault.Params{"count": r.count, "until": r.Until(nil)})
	}
	for _, day := range r.days {
		if day.Ordinal < -r.maxOrdinal() || day.Ordinal > r.maxOrdinal() {
			return r.unfit("BYDAY=" + day.String())
		}
	}
	switch {
	case r.frequency == Weekly && len(r.monthDays) > 0:
		return r.unfit("BYMONTHDAY")
	case r.frequency == Yearly && len(r.monthDays) > 0 && len(r.months)+len(r.days) == 0:
		return fault.New(fault.Invalid, "calendar.rule_needs_month", fault.Params{"value": shortened("BYMONTHDAY=" + listed(r.monthDays))})
	case len(r.positions) > 0 && len(r.months)+len(r.monthDays)+len(r.days) == 0:
		return r.unfit("BYSETPOS")
	}
	return nil
}

func (r Rule) unfit(part string) error {
	return fault.New(fault.Invalid, "calendar.rule_unfit", fault.Params{"part": part, "frequency": r.frequency.String()})
}

func unreadablePart(part string) error {
	return fault.New(fault.Invalid, "calendar.rule_unreadable", fault.Params{"part": shortened(part)})
}

// shortened keeps what somebody typed short enough to be shown.
func shortened(text string) string {
	const most = 40
	clean := []rune(cleanLine(text))
	if len(clean) > most {
		return string(clean[:most]) + "…"
	}
	return string(clean)
}

func wholeNumber(text string) (int, bool) {
	if len(text) == 0 || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// numbers reads a list; zero is never one of its values.
func numbers(text string, least, most int) ([]int, bool) {
	var list []int
	for item := range strings.SplitSeq(text, ",") {
		digits := strings.TrimPrefix(item, "+")
		negative := strings.HasPrefix(item, "-")
		if negative {
			digits = item[1:]
		}
		n, ok := wholeNumber(digits)
		if negative {
			n = -n
		}
		if !ok || n == 0 || n < least || n > most {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}

var dayForm = regexp.MustCompile(`^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)$`)

func readDays(text string) ([]RuleDay, bool) {
	var days []RuleDay
	for item := range strings.SplitSeq(text, ",") {
		parts := dayForm.FindStringSubmatch(item)
		if parts == nil {
			return nil, false
		}
		day := RuleDay{}
		day.Weekday, _ = readWeekday(parts[2])
		if parts[1] != "" {
			n, ok := numbers(parts[1], -53, 53)
			if !ok {
				return nil, false
			}
			day.Ordinal = n[0]
		}
		days = append(days, day)
	}
	return days, true
}

func readWeekday(text string) (Weekday, bool) {
	i := slices.Index(weekdayNames[:], text)
	return Weekday(i), i >= int(Monday)
}

func readLimit(text string) (limit, bool) {
	for _, form := range []string{dateForm, localForm, utcForm} {
		if len(text) != len(form) {
			continue
		}
		at, err := time.Parse(form, text)
		return limit{form: form, at: at}, err == nil && at.Year() >= 1
	}
	return limit{}, false
}
