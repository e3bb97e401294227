package web

import (
	"net/http"
	"strconv"
	"time"

	"vuoro/booking"
)

func (s *Server) addMemoOperations() {
	serve(s, operation{
		name: "read-memo", method: http.MethodGet, path: "/reservations/{ref}/memo", who: unitStaff, tag: "Reservations",
		summary: "Read the working memo", more: "What the site's staff note for each other; its holder never sees it.",
	}, readMemo)
	serve(s, operation{
		name: "write-memo", method: http.MethodPut, path: "/reservations/{ref}/memo", who: managers, tag: "Reservations",
		summary: "Write the working memo", more: "If-Match is the memo's own revision, \"0\" for the first. An empty text removes it.",
	}, writeMemo)
}

type memoView struct {
	Text      string     `json:"text"`
	Author    string     `json:"author" doc:"Who wrote it last."`
	WrittenAt *time.Time `json:"written_at" doc:"null when there is none."`
	Revision  int        `json:"revision"`
}

type memoAnswer struct {
	ETag string `header:"ETag"`
	Body memoView
}

func (c *call) memo(memo booking.Memo, err error) (*memoAnswer, error) {
	if err != nil {
		return nil, err
	}
	out := &memoAnswer{ETag: `"` + strconv.Itoa(memo.Revision) + `"`, Body: memoView{Text: memo.Text, Author: memo.Author, Revision: memo.Revision}}
	if !memo.WrittenAt.IsZero() {
		at := memo.WrittenAt.In(c.server.Zone)
		out.Body.WrittenAt = &at
	}
	return out, nil
}

func readMemo(c *call, in *ReservationRef) (*memoAnswer, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	return c.memo(c.server.Booking.Memo(c.ctx, c.actor, in.Ref))
}

type memoInput struct {
	ReservationRef
	IfMatch string `header:"If-Match" doc:"The memo's revision that was read; * for whatever is there."`
	Body    struct {
		Text string `json:"text"`
	}
}

func writeMemo(c *call, in *memoInput) (*memoAnswer, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	present, err := c.server.Booking.Memo(c.ctx, c.actor, in.Ref)
	if err != nil {
		return nil, err
	}
	revision := present.Revision
	switch in.IfMatch {
	case "*":
	case `"0"`:
		revision = 0
	default:
		if revision, err = revisionOf(in.IfMatch); err != nil {
			return nil, err
		}
	}
	return c.memo(c.server.Booking.WriteMemo(c.ctx, c.actor, in.Ref, in.Body.Text, revision))
}
