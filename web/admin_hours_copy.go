package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/ui"
)

// hoursCopyPage is the data of templates/admin_hours_copy.html.
type hoursCopyPage struct {
	ui.Frame
	Head    unitHead
	From    string // whose hours are copied
	Periods []string
	Post    string
	Targets []copyGroup
	Looked  []copyEffect // nil = nobody has looked yet
	Summary ui.ErrorSummary
	Back    string
}

// copyGroup is a unit with what of it can be chosen.
type copyGroup struct {
	Unit  string
	Boxes []copyBox
}

type copyBox struct {
	Value   string
	Label   string
	Checked bool
}

// copyEffect is what copying does to one of the chosen.
type copyEffect struct {
	Key      string
	Name     string
	Version  int
	Accepted int
	Replaces string
	Outside  *outsideList // nil = nobody falls outside
}

// maxCopies bounds how many are written in one transaction.
const maxCopies = 50

// copyTarget is one of the chosen, "unit:talo" or "room:sali".
type copyTarget struct {
	key   string
	hours catalogue.Hours
	owner resources.Owner
}

func (v *visit) showHoursCopy() error { return v.hoursCopy(nil, problems{}) }

// hoursCopied reads whose hours are copied: the unit's, or those of the resource
// in the address.
func (v *visit) hoursCopied() (catalogue.Hours, error) {
	if err := v.requireSignIn(); err != nil {
		return catalogue.Hours{}, err
	}
	unit, err := v.server.Resources.UnitBySlug(v.ctx, v.server.DB, v.param("unit"))
	if err != nil {
		return catalogue.Hours{}, err
	}
	owner := resources.Owner{Unit: unit.ID}
	if slug := v.query("from"); slug != "" {
		place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
		if err != nil || place.Unit.ID != unit.ID {
			return catalogue.Hours{}, fault.New(fault.NotFound, "resource.not_found")
		}
		owner = resources.Owner{Resource: place.Resource.ID}
	}
	return v.server.Catalogue.HoursOf(v.ctx, v.actor, owner)
}

// copyHours is the form: a look at what it would do, or copying.
func (v *visit) copyHours() error {
	from, err := v.hoursCopied()
	if err != nil {
		return err
	}
	targets, err := v.copyTargets()
	if p, ok := v.problems(err); ok {
		return v.hoursCopy(nil, p)
	} else if err != nil {
		return err
	}
	if v.form("act") != "copy" {
		return v.hoursCopy(targets, problems{})
	}
	var changes []catalogue.HoursChange
	for _, target := range targets {
		change := catalogue.HoursChange{Owner: target.owner, Periods: from.Periods}
		change.Version, _ = strconv.Atoi(v.form("version_" + target.key))
		change.Accepted, _ = strconv.Atoi(v.form("accepted_" + target.key))
		changes = append(changes, change)
	}
	err = v.server.Catalogue.SetAllHours(v.ctx, v.actor, changes)
	if p, ok := v.problems(err); ok {
		return v.hoursCopy(targets, p)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "admin.copied", fault.Params{"n": len(changes)})
	return v.redirect(v.hoursPathOf(from))
}

func (v *visit) hoursPathOf(hours catalogue.Hours) string {
	if hours.Resource != nil {
		return v.path("admin-room-hours", hours.Resource.Slug)
	}
	return v.path("admin-unit-hours", hours.Unit.Slug)
}

// copyTargets reads the chosen; the actor manages all of them.
func (v *visit) copyTargets() ([]copyTarget, error) {
	keys := v.formAll("to")
	if len(keys) == 0 || len(keys) > maxCopies {
		return nil, fault.InvalidField("to", "admin.copy_none", fault.Params{"max": maxCopies})
	}
	var targets []copyTarget
	for _, key := range keys {
		kind, slug, _ := strings.Cut(key, ":")
		unit, room := slug, ""
		if kind != "unit" {
			unit, room = "", slug
		}
		owner, err := v.server.Catalogue.OwnerBySlug(v.ctx, unit, room)
		if err != nil {
			return nil, err
		}
		hours, err := v.server.Catalogue.HoursOf(v.ctx, v.actor, owner)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(targets, func(t copyTarget) bool { return t.owner == owner }) {
			targets = append(targets, copyTarget{key, hours, owner})
		}
	}
	return targets, nil
}

// hoursCopy shows what can be chosen and what copying would do to the chosen.
func (v *visit) hoursCopy(chosen []copyTarget, p problems) error {
	from, err := v.hoursCopied()
	if err != nil {
		return err
	}
	page := hoursCopyPage{Back: v.hoursPathOf(from), From: v.named(from.Unit.Name), Summary: p.Summary}
	values := url.Values{}
	if from.Resource != nil {
		page.From = v.named(from.Resource.Name)
		values.Set("from", from.Resource.Slug)
	}
	page.Post = v.pathWith("admin-hours-copy-make", values, from.Unit.Slug)
	if page.Frame, page.Head, err = v.unitPage(v.t("admin.copy_hours"), from.Unit); err != nil {
		return err
	}
	for _, facts := range catalogue.FactsOf(from.Periods) {
		page.Periods = append(page.Periods, v.periodInWords(facts))
	}
	if page.Targets, err = v.copyGroups(from); err != nil {
		return err
	}
	for _, target := range chosen {
		effect, err := v.copyEffect(from, target)
		if err != nil {
			return err
		}
		page.Looked = append(page.Looked, effect)
	}
	return v.render("admin_hours_copy", page)
}

func (v *visit) copyEffect(from catalogue.Hours, target copyTarget) (copyEffect, error) {
	effect := copyEffect{Key: target.key, Name: v.named(target.hours.Unit.Name), Version: target.hours.Version}
	if target.hours.Resource != nil {
		effect.Name = joinWords(", ", v.named(target.hours.Resource.Name), effect.Name)
	}
	effect.Replaces = v.t("admin.copy_replaces", "n", len(target.hours.Periods))
	outside, err := v.server.Catalogue.Outside(v.ctx, v.actor, catalogue.HoursChange{Owner: target.owner, Periods: from.Periods, Version: target.hours.Version})
	if len(outside) > 0 {
		effect.Accepted, effect.Outside = len(outside), v.outsideList(outside)
	}
	return effect, err
}

// copyGroups are the units that the visitor manages with their resources, but
// for the one that is copied.
func (v *visit) copyGroups(from catalogue.Hours) ([]copyGroup, error) {
	units, err := v.workUnits()
	if err != nil {
		return nil, err
	}
	var groups []copyGroup
	ticked := v.formAll("to")
	box := func(value, label string) copyBox { return copyBox{value, label, slices.Contains(ticked, value)} }
	for _, unit := range units {
		if !accounts.Can(v.actor, accounts.ManageUnit, accounts.Object{Unit: unit.ID}) {
			continue
		}
		group := copyGroup{Unit: v.named(unit.Name)}
		if from.Resource != nil || unit.ID != from.Unit.ID {
			group.Boxes = append(group.Boxes, box("unit:"+unit.Slug, v.t("admin.copy_unit")))
		}
		places, err := v.server.Resources.Places(v.ctx, v.server.DB, resources.Filter{Unit: unit.Slug, IncludeUnpublished: true})
		if err != nil {
			return nil, err
		}
		for _, place := range places {
			if from.Resource == nil || place.Resource.ID != from.Resource.ID {
				group.Boxes = append(group.Boxes, box("room:"+place.Resource.Slug, v.named(place.Resource.Name)))
			}
		}
		if len(group.Boxes) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, nil
}
