package web

import "strings"

// adminRoutes are the pages of those who look after places; their addresses
// have no language.
func adminRoutes() []route {
	return []route{
		{name: "admin-places", method: get, at: one("/admin/places"), who: keepers, handle: (*visit).showPlaces},
		{name: "admin-first-book", method: post, at: one("/admin/places"), who: cityAdmins, handle: (*visit).makeFirstBook},
		{name: "admin-unit-new", method: get, at: one("/admin/new-unit"), who: cityAdmins, handle: (*visit).showNewUnit},
		{name: "admin-unit-make", method: post, at: one("/admin/new-unit"), who: cityAdmins, handle: (*visit).makeUnit},
		{name: "admin-unit", method: get, at: one("/admin/units/:unit"), who: managers, handle: (*visit).showUnit},
		{name: "admin-unit-save", method: post, at: one("/admin/units/:unit"), who: managers, handle: (*visit).saveUnit},
		{name: "admin-tree", method: get, at: one("/admin/units/:unit/spaces"), who: managers, handle: (*visit).showTree},
		{name: "admin-tree-change", method: post, at: one("/admin/units/:unit/spaces"), who: managers, handle: (*visit).changeTree},
		{name: "admin-unit-hours", method: get, at: one("/admin/units/:unit/hours"), who: managers, handle: (*visit).showHoursEditor},
		{name: "admin-unit-hours-save", method: post, at: one("/admin/units/:unit/hours"), who: managers, handle: (*visit).saveHours},
		{name: "admin-hours-copy", method: get, at: one("/admin/units/:unit/hours/copy"), who: managers, handle: (*visit).showHoursCopy},
		{name: "admin-hours-copy-make", method: post, at: one("/admin/units/:unit/hours/copy"), who: managers, handle: (*visit).copyHours},
		{name: "admin-room-hours", method: get, at: one("/admin/resources/:slug/hours"), who: managers, handle: (*visit).showHoursEditor},
		{name: "admin-room-hours-save", method: post, at: one("/admin/resources/:slug/hours"), who: managers, handle: (*visit).saveHours},
		{name: "admin-history", method: get, at: one("/admin/units/:unit/history"), who: managers, handle: (*visit).showHistory},
	}
}

// ofStaff tells whether a page is one of staff, with their rail and style.
func (r route) ofStaff() bool {
	return strings.HasPrefix(r.at[0], "/work") || strings.HasPrefix(r.at[0], "/admin")
}

// railEntryOf is the entry of the rail under which a page stands, "" = its own.
func railEntryOf(r route) string {
	if strings.HasPrefix(r.at[0], "/admin/rules") {
		return "admin-rules"
	}
	if strings.HasPrefix(r.at[0], "/admin") {
		return "admin-places"
	}
	return sections[r.name]
}
