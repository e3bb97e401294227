// Package calendar knows time as people and calendars use it: half-open
// intervals and their sets, civil dates and wall-clock minutes, what a wall
// time means in a zone on the nights the clocks change, recurrence rules, Finnish
// holidays and school breaks, and iCalendar text (RFC 5545).
//
// It promises to be pure: the same input gives the same output in any process,
// on any day and under any TZ setting; it reads no clock, no database and no
// time.Local. Instants come out in UTC. The time-zone database must be in the
// program (import _ "time/tzdata" in cmd) or on the machine.
//
// It leaves out what opening hours mean (resources), who may book (policies)
// and which events a person may see (booking).
package calendar

import "vuoro/fault"

// unreadable is the error of a text that is no date, minute or span; its code
// names which.
func unreadable(code, text string) error {
	return fault.New(fault.Invalid, code, fault.Params{"value": text})
}
