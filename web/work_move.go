package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
	"vuoro/web/ui"
)

// maxMoved is the longest length that the form takes, in minutes.
const maxMoved = 31 * calendarDay

// moveForm is room, date, start and length; half hours, since staff keep to
// that raster.
func (v *visit) moveForm(card booking.Card, p problems) (*moveForm, error) {
	rooms, err := v.server.Booking.MoveTargets(v.ctx, v.actor, card.Number)
	if err != nil {
		return nil, err
	}
	date, begin := calendar.WallOf(card.BeginAt, v.server.Zone)
	length := calendar.WallMinutes(card.BeginAt, card.EndAt, v.server.Zone)
	if d, err := v.readDate(v.query("date")); err == nil {
		date = d
	}
	start, room := begin.String(), card.ResourceSlug
	asked := v.query
	if v.form("act") == "move" {
		asked = v.form
	}
	if minute, err := calendar.ParseMinute(asked("start")); err == nil {
		start = minute.String()
	}
	if minutes, err := strconv.Atoi(asked("minutes")); err == nil && minutes > 0 && minutes <= maxMoved {
		length = minutes
	}
	if slug := asked("room"); slug != "" {
		room = slug
	}
	form := &moveForm{Open: v.query("date") != "" || v.form("act") == "move"}
	form.Fields = []ui.Field{
		{Name: "room", Label: v.t("move.rooms"), Type: "select", Options: v.moveRooms(rooms, room)},
		{Name: "date", Label: v.t("work.date"), Hint: v.t("date.hint"), Value: v.dateTyped(date), Width: "s", Autocomplete: "off"},
		{Name: "start", Label: v.t("work.start"), Type: "select", Width: "s", Options: v.clockOptions(0, start)},
		{Name: "minutes", Label: v.t("work.length"), Type: "select", Width: "s", Options: v.lengthOptions(length)},
		{Name: "reason", ID: "move-reason", Label: v.t("work.override_reason"), Hint: v.t("work.override_hint"), Optional: true},
	}
	if v.form("act") == "move" {
		for i := range form.Fields {
			form.Fields[i] = v.field(form.Fields[i], p)
		}
	}
	return form, nil
}

// moveRooms are the options of a room's select; rooms of other units say where
// they are.
func (v *visit) moveRooms(rooms []resources.Place, chosen string) []ui.Option {
	var options []ui.Option
	for _, place := range rooms {
		label := v.named(place.Resource.Name)
		if place.Unit.ID != rooms[0].Unit.ID {
			label = joinWords(", ", label, v.named(place.Unit.Name))
		}
		options = append(options, ui.Option{Value: place.Resource.Slug, Label: label, Selected: place.Resource.Slug == chosen})
	}
	return options
}

// clockOptions are the times of a day by half hours from a minute on; another
// chosen time stands among them.
func (v *visit) clockOptions(from int, chosen string) []ui.Option {
	var options []ui.Option
	wanted, err := calendar.ParseMinute(chosen)
	for minute := from; minute <= calendarDay; minute += 30 {
		if err == nil && int(wanted) > minute-30 && int(wanted) < minute {
			options = append(options, v.clockOption(wanted, true))
		}
		if minute < calendarDay || from > 0 {
			options = append(options, v.clockOption(calendar.Minute(minute), err == nil && int(wanted) == minute))
		}
	}
	return options
}

func (v *visit) clockOption(minute calendar.Minute, selected bool) ui.Option {
	return ui.Option{Value: minute.String(), Label: v.say.Clock(int(minute)), Selected: selected}
}

// lengthOptions are half hours up to twelve hours, and the present length.
func (v *visit) lengthOptions(present int) []ui.Option {
	var options []ui.Option
	for minutes := 30; minutes <= 12*60; minutes += 30 {
		if present > minutes-30 && present < minutes {
			options = append(options, ui.Option{Value: strconv.Itoa(present), Label: v.say.Duration(present), Selected: true})
		}
		options = append(options, ui.Option{Value: strconv.Itoa(minutes), Label: v.say.Duration(minutes), Selected: minutes == present})
	}
	if present > 12*60 {
		options = append(options, ui.Option{Value: strconv.Itoa(present), Label: v.say.Duration(present), Selected: true})
	}
	return options
}

// move reads the form and moves a reservation.
func (v *visit) move(c booking.Change) (booking.Reservation, error) {
	to, err := v.movedTo(&c, v.form)
	if err != nil {
		return booking.Reservation{}, err
	}
	return v.server.Booking.Move(v.ctx, v.actor, c, to)
}

// movedTo reads where to a reservation is moved, from a form or an address.
func (v *visit) movedTo(c *booking.Change, read func(string) string) (booking.Times, error) {
	begin, err := v.wallTimeIn(read, "date", "start")
	if err != nil {
		return booking.Times{}, err
	}
	minutes, err := strconv.Atoi(read("minutes"))
	if err != nil || minutes < 1 || minutes > maxMoved {
		return booking.Times{}, fault.InvalidField("minutes", "booking.bad_duration")
	}
	end := calendar.AddWall(begin, minutes, v.server.Zone)
	if !end.Exists {
		return booking.Times{}, fault.InvalidField("minutes", "booking.bad_time")
	}
	if slug := read("room"); slug != "" {
		place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, slug)
		if err != nil {
			return booking.Times{}, err
		}
		c.Resource = place.Resource.UID
	}
	return booking.Times{Begin: begin, End: end.Instant}, nil
}

// wallTime is the instant of a posted date and time of day.
func (v *visit) wallTime(dateField, timeField string) (time.Time, error) {
	return v.wallTimeIn(v.form, dateField, timeField)
}

func (v *visit) wallTimeIn(read func(string) string, dateField, timeField string) (time.Time, error) {
	date, err := v.readDate(read(dateField))
	if err != nil {
		return time.Time{}, fault.InvalidField(dateField, fault.Code(err), fault.As(err).Params)
	}
	minute, err := locales.ParseTime(read(timeField))
	if err != nil {
		return time.Time{}, fault.InvalidField(timeField, fault.Code(err), fault.As(err).Params)
	}
	at := calendar.Resolve(date, calendar.Minute(minute), v.server.Zone)
	if !at.Exists {
		return time.Time{}, fault.InvalidField(timeField, "booking.bad_time")
	}
	return at.Instant, nil
}

// otherTimes lead back to the form with an alternative filled in; only those in
// rooms where the form can move to.
func (v *visit) otherTimes(card booking.Card, refusal *booking.Refusal) ([]ui.Link, error) {
	rooms, err := v.server.Booking.MoveTargets(v.ctx, v.actor, card.Number)
	var links []ui.Link
	for _, a := range refusal.Alternatives {
		if !slices.ContainsFunc(rooms, func(p resources.Place) bool { return p.Resource.ID == a.Resource.ID }) {
			continue
		}
		links = append(links, ui.Link{
			Label: v.alternativeLabel(a, card.Resource),
			Href: v.pathWith("work-reservation", url.Values{
				"room": {a.Resource.Slug}, "date": {v.dateOf(a.Begin).String()}, "start": {v.clockValue(a.Begin)},
				"minutes": {strconv.Itoa(calendar.WallMinutes(a.Begin, a.End, v.server.Zone))},
			}, card.Number) + "#move",
		})
	}
	return links, err
}
