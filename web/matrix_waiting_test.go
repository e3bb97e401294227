package web

import (
	"net/url"
	"slices"

	"vuoro/booking"
)

// waiting are the specimens of the wait list: a wish of the matrix's admin.
func (m *matrix) waiting(r route, args []string, form url.Values, body any) ([]string, any) {
	switch {
	case slices.Contains([]string{"wait", "wait-act", "wait-short", "read-wait", "leave-line", "accept-offer", "decline-offer"}, r.name):
		args = append(args, m.wish().UID.String())
	case r.name == "wait-join" || r.name == "wait-join-it":
		begin, end := m.slot()
		form.Set("room", "kokous")
		form.Set("begin", stamp(m.at(begin)))
		form.Set("end", stamp(m.at(end)))
		form.Set("date", begin[:10])
		form.Set("from", begin[11:])
		form.Set("to", end[11:])
	case r.name == "join-line":
		begin, end := m.slot()
		body = m.times("kokous", begin, end)
	}
	return args, body
}

// wish is what the matrix's admin waits for: a time that a resident has.
func (m *matrix) wish() booking.Wait {
	begin, end := m.slot()
	req := booking.Request{Resource: m.rooms["kokous"].UID, Times: booking.Times{Begin: m.at(begin), End: m.at(end)}}
	req.Form.TermsAccepted = true
	_, err := m.DB.Exec(ctx, "UPDATE waiting SET state = 'left'") // one person has only so many wishes
	m.must(err)
	_, err = m.Booking.Book(ctx, m.actor("other"), req)
	m.must(err)
	made, err := m.Booking.JoinLine(ctx, m.actor("admin"), req)
	m.must(err)
	return made
}
