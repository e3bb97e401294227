package web

import (
	"net/url"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/web/ui"
)

// ruleLine is what one check said.
type ruleLine struct {
	Label string
	Text  string // why not; empty where the rule is met
	Kept  bool   // broken, but staff may override it with a reason
}

// ruleCheck is the rules as green and red lines. Template "work-rules".
type ruleCheck struct {
	Summary string
	Met     []ruleLine
	Broken  []ruleLine
	Why     []string // why somebody has to decide
	// Override: a reason lets staff book in spite of some of Broken
	Override bool
	Quotas   []string     // what is left of them
	Book     []toldAnswer // what each rule of the book said
}

func (v *visit) ruleCheck(review booking.Review) *ruleCheck {
	c := &ruleCheck{}
	for _, answer := range review.Answers {
		label := v.t("rule." + answer.Check)
		if answer.Asked == policies.NotAsked {
			continue
		}
		if len(answer.Violations) == 0 {
			c.Met = append(c.Met, ruleLine{Label: label})
		}
		for _, violation := range answer.Violations {
			c.Broken = append(c.Broken, ruleLine{Label: label, Text: v.violation(violation), Kept: violation.Overridden})
		}
	}
	c.Quotas, c.Book = v.quotasBesides(review.Quotas), v.ruleAnswerWords(review.Book, review.Rules)
	for _, why := range review.Decision.Approvals {
		c.Why = append(c.Why, v.violation(why))
	}
	if len(c.Broken) == 0 {
		c.Summary = v.t("work.rules_met", "n", len(c.Met))
	} else {
		c.Summary = v.t("work.rules_broken", "n", len(c.Broken))
	}
	return c
}

func (v *visit) violation(x policies.Violation) string {
	return sentence(v.say, fault.Refused, x.Code, x.Params)
}

// aroundTimeline is the day on which a reservation begins, in its room and in
// those that it shares space with.
func (v *visit) aroundTimeline(card booking.Card, around []booking.Card) *ui.Timeline {
	date := v.dateOf(card.BeginAt)
	t := v.dayTimeline(date)
	t.ID, t.Title = "around", v.t("work.around_title", "day", v.say.ShortDate(card.BeginAt))
	rows := map[int]int{}
	for _, other := range append([]booking.Card{card}, around...) {
		if _, known := rows[other.Resource]; known {
			continue
		}
		rows[other.Resource] = len(t.Rows)
		row := ui.TimelineRow{Href: v.pathWith("schedule", url.Values{"unit": {other.UnitSlug}, "date": {date.String()}})}
		row.Name, row.Lang = v.text(other.ResourceName)
		t.Rows = append(t.Rows, row)
	}
	day := calendar.DayBounds(date, v.server.Zone)
	for _, other := range around {
		row := &t.Rows[rows[other.Resource]]
		item := v.cardItem(other, day)
		if other.ID == card.ID {
			item.Href, item.Sub = "", v.t("work.this_one")
			item.Accessible = joined(item.Label, item.Sub)
		}
		row.Items = append(row.Items, item)
		widen(&t, item)
	}
	return &t
}
