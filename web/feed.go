package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/fault"
)

const calendarType = "text/calendar; charset=utf-8"

// sendFeed answers a calendar program that polls a secret address. A fault of
// the database is an error and never an empty calendar, which programs would
// take for "everything is cancelled".
func (v *visit) sendFeed() error {
	v.hideAddress()
	token := v.param("token")
	if err := v.server.fetches.allow(token, v.now); err != nil {
		return err
	}
	feed, err := v.server.Booking.CalendarOf(v.ctx, token, booking.FeedForm(v.query("form")))
	if err != nil && fault.As(err).Kind == fault.Internal {
		// a program that polls comes back by itself: whatever failed, not now
		return &fault.Error{Kind: fault.Unavailable, Code: "database_down", RetryAfter: time.Minute, Err: err}
	}
	if err != nil {
		return err
	}
	v.server.fetches.count(token, v.now)
	v.c.Set(fiber.HeaderCacheControl, "private, max-age=300")
	v.c.Vary(fiber.HeaderAcceptEncoding)
	tag, packed := feed.ETag, v.acceptsGzip()
	if packed {
		tag = gzipTag(feed.ETag)
	}
	v.c.Set(fiber.HeaderETag, tag)
	v.c.Set(fiber.HeaderLastModified, feed.LastModified.UTC().Format(http.TimeFormat))
	if v.unchanged(feed, tag) {
		return v.c.SendStatus(fiber.StatusNotModified)
	}
	v.c.Set(fiber.HeaderContentType, calendarType)
	v.c.Set(fiber.HeaderContentDisposition, `inline; filename="vuoro.ics"`)
	if !packed {
		return v.c.Send(feed.Body)
	}
	v.c.Set(fiber.HeaderContentEncoding, "gzip")
	body, err := gzipped(feed.Body)
	if err != nil {
		return err
	}
	return v.c.Send(body)
}

// hideAddress keeps a secret address out of referrers and search engines.
func (v *visit) hideAddress() {
	v.c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	v.c.Set("X-Robots-Tag", "noindex, nofollow")
}

// unchanged decides between 200 and 304: by tag; by date only when no tag was
// sent and the date can be read (RFC 9110 section 13.2.2).
func (v *visit) unchanged(feed booking.Rendered, tag string) bool {
	if tags := v.c.Get(fiber.HeaderIfNoneMatch); tags != "" {
		return matchesTag(tags, tag) || matchesTag(tags, feed.ETag)
	}
	since, err := http.ParseTime(v.c.Get(fiber.HeaderIfModifiedSince))
	return err == nil && !feed.LastModified.Truncate(time.Second).After(since)
}

func gzipped(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// sendSignedEvent sends one reservation as a file to whoever holds its signed
// link. Without the right signature it is refused before anything is read.
func (v *visit) sendSignedEvent() error {
	v.hideAddress()
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return fault.New(fault.NotFound, "booking.not_found")
	}
	card, body, err := v.server.Booking.SignedEventFile(v.ctx, uid.String(), v.query("signature"), v.lang)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderCacheControl, noStore)
	return v.sendEvent(card, body)
}

func (v *visit) sendEvent(card booking.Card, body []byte) error {
	v.c.Set(fiber.HeaderContentType, calendarType)
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+card.Number+`.ics"`)
	return v.c.Send(body)
}

// downloadReservation is the same file for those who may see the reservation.
func (v *visit) downloadReservation() error {
	card, body, err := v.server.Booking.EventFile(v.ctx, v.actor, v.param("ref"), v.lang)
	if err != nil {
		return err
	}
	return v.sendEvent(card, body)
}

// eventHref is the signed address of a reservation's file, for mails and
// phones that open it without a session.
func (v *visit) eventHref(card booking.Card) string {
	return pathTo("event-file", v.lang, card.UID.String()) + "?signature=" + v.server.Booking.EventSignature(card)
}
