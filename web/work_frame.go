package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuoro/accounts"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// The pages of staff. Viewers see, managers act: what somebody may not do has
// no button, and the use case refuses it all the same.

// requireStaff lets staff of any unit through.
func (v *visit) requireStaff() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	if !v.actor.Staff() {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return nil
}

// sections are the entries of the rail under which other pages stand.
var sections = map[string]string{
	"requests-decide": "requests", "work-affected": "work", "work-affected-decide": "work", "work-new": "schedule", "work-new-make": "schedule",
	"work-close": "schedule", "work-close-make": "schedule", "work-week": "schedule", "work-move": "schedule",
	"work-series-list": "schedule", "work-series": "schedule", "work-series-act": "schedule",
}

// workFrame is the frame of a staff page, with the number of requests that wait.
func (v *visit) workFrame(title string, crumbs ...ui.Link) (ui.Frame, error) {
	waiting, err := v.server.Booking.CountRequests(v.ctx, v.actor)
	if err != nil {
		return ui.Frame{}, err
	}
	f := v.frame(title)
	if len(crumbs) > 0 {
		f.Breadcrumbs = append(crumbs, ui.Link{Href: v.here(), Label: title})
	}
	for _, items := range [][]ui.NavItem{f.Rail, f.Bottom, f.Nav} {
		for i := range items {
			if waiting > 0 && items[i].Href == v.path("requests") {
				items[i].Count = strconv.Itoa(waiting)
			}
			if above := railEntryOf(v.route); above != "" && items[i].Href == v.path(above) {
				items[i].Current = true
			}
		}
	}
	return f, nil
}

// keysCookie keeps "off" where somebody does not want single-letter keys
// (WCAG 2.2, 2.1.4).
const keysCookie = "vuoro-keys"

func (v *visit) keysOn() bool { return v.c.Cookies(keysCookie) != "off" }

// keySwitch is the form that turns the keys on and off, and says what the
// page's keys do. Template "work-keys".
type keySwitch struct {
	On     bool
	Return string
	CSRF   string
	List   []keyHelp
}

// keyHelp is what some keys do.
type keyHelp struct {
	Keys []string
	What string
}

func (v *visit) keySwitch(list ...keyHelp) keySwitch {
	return keySwitch{v.keysOn(), v.here(), v.server.Accounts.CSRF(v.actor.Session), list}
}

func (v *visit) inboxKeys() keySwitch {
	return v.keySwitch(
		keyHelp{[]string{"j", "k"}, v.t("work.keys_move")}, keyHelp{[]string{"o"}, v.t("work.keys_open")},
		keyHelp{[]string{"a"}, v.t("action.approve")}, keyHelp{[]string{"h"}, v.t("work.keys_deny")},
	)
}

func (v *visit) scheduleKeys() keySwitch {
	return v.keySwitch(
		keyHelp{[]string{"←", "→"}, v.t("work.keys_step")}, keyHelp{[]string{"t"}, v.t("day.today")},
		keyHelp{[]string{"d"}, v.t("work.day")}, keyHelp{[]string{"w"}, v.t("work.week")}, keyHelp{[]string{"c"}, v.t("work.new")},
		keyHelp{[]string{"m"}, v.t("moving.key")},
	)
}

func (v *visit) switchKeys() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	if v.form("keys") == "off" {
		v.setCookie(keysCookie, "off", aYear)
	} else {
		v.setCookie(keysCookie, "", -time.Second)
	}
	return v.redirect(v.returnTo(v.path("requests")))
}

// workUnits are the units that the visitor works for, by name.
func (v *visit) workUnits() ([]resources.Unit, error) {
	units, err := v.server.Resources.Units(v.ctx, v.server.DB)
	if err != nil {
		return nil, err
	}
	units = slices.DeleteFunc(units, func(u resources.Unit) bool { return !v.worksFor(u.ID) })
	slices.SortStableFunc(units, func(a, b resources.Unit) int { return compareNames(v.named(a.Name), v.named(b.Name)) })
	return units, nil
}

// chosenUnit finds the unit of a slug among those of the visitor; without one
// the first. A unit of others is not found.
func chosenUnit(units []resources.Unit, slug string) (resources.Unit, error) {
	at := 0
	if slug != "" {
		at = slices.IndexFunc(units, func(u resources.Unit) bool { return u.Slug == slug })
	}
	if at < 0 || len(units) == 0 {
		return resources.Unit{}, fault.New(fault.NotFound, "unit.not_found")
	}
	return units[at], nil
}

// askedUnit is the unit in the address, among all that the visitor works for.
func (v *visit) askedUnit() (units []resources.Unit, unit resources.Unit, err error) {
	if err := v.requireStaff(); err != nil {
		return nil, unit, err
	}
	if units, err = v.workUnits(); err == nil {
		unit, err = chosenUnit(units, v.query("unit"))
	}
	return units, unit, err
}

// unitOptions are units for a select; none is the label of "all", "" = no such
// choice.
func (v *visit) unitOptions(units []resources.Unit, none, chosen string) []ui.Option {
	var options []ui.Option
	if none != "" {
		options = append(options, ui.Option{Label: none, Selected: chosen == ""})
	}
	for _, u := range units {
		options = append(options, ui.Option{Value: u.Slug, Label: v.named(u.Name), Selected: u.Slug == chosen})
	}
	return options
}

// mayBook tells whether the visitor books and closes for a unit.
func (v *visit) mayBook(unit int) bool {
	return accounts.Can(v.actor, accounts.BookAsStaff, accounts.Object{Unit: unit})
}

// mayHandle tells whether the visitor decides about a unit's reservations.
func (v *visit) mayHandle(unit int) bool {
	return accounts.Can(v.actor, accounts.HandleReservation, accounts.Object{Unit: unit})
}

// age is how long ago something was, in one word and a number.
func (v *visit) age(since time.Time) string {
	minutes := wholeMinutes(v.now.Sub(since))
	switch {
	case minutes < 1:
		return v.t("work.just_now")
	case minutes < 60:
		return v.t("work.ago", "age", v.say.Duration(minutes))
	case minutes < 2*calendarDay:
		return v.t("work.ago", "age", v.say.Duration(minutes/60*60))
	}
	return v.t("work.ago_days", "n", minutes/calendarDay)
}

// compareNames orders names as people read them, small letters as capitals.
func compareNames(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
