package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"vuoro/fault"
	"vuoro/web/static"
	"vuoro/web/ui"
)

const immutable = "public, max-age=31536000, immutable"

// sendStatic sends a file whose address changes with its content.
func (v *visit) sendStatic() error {
	asset, ok := static.Lookup(v.param("file"))
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	v.c.Set(fiber.HeaderCacheControl, immutable)
	return v.sendAsset(asset)
}

// sendFavicon is for programs that look in the old place.
func (v *visit) sendFavicon() error {
	asset, ok := static.Named("favicon.svg")
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	v.c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return v.sendAsset(asset)
}

func (v *visit) sendAsset(asset static.Asset) error {
	v.c.Vary(fiber.HeaderAcceptEncoding)
	body, tag := asset.Body, asset.ETag
	if asset.Gzip != nil && v.acceptsGzip() {
		body, tag = asset.Gzip, gzipTag(asset.ETag)
	}
	v.c.Set(fiber.HeaderETag, tag)
	if matchesTag(v.c.Get(fiber.HeaderIfNoneMatch), tag) {
		return v.c.SendStatus(fiber.StatusNotModified)
	}
	if tag != asset.ETag {
		v.c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	v.c.Set(fiber.HeaderContentType, asset.Type)
	return v.c.Send(body)
}

// acceptsGzip reads Accept-Encoding; q=0 is a no.
func (v *visit) acceptsGzip() bool {
	for _, part := range strings.Split(v.c.Get(fiber.HeaderAcceptEncoding), ",") {
		if coding, quality := parseAccept(part); quality > 0 && (coding == "gzip" || coding == "*") {
			return true
		}
	}
	return false
}

// gzipTag is the strong tag of the packed form, which has other bytes.
func gzipTag(tag string) string { return strings.TrimSuffix(tag, `"`) + `-gz"` }

// matchesTag reads If-None-Match: a list, "*", weak tags too (RFC 9110 section
// 13.1.2, which compares weakly).
func matchesTag(header, tag string) bool {
	for _, one := range strings.Split(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || one != "" && strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// pictures keeps the drawings of rooms: they depend on nothing but slug and type.
var pictures sync.Map // slug + "/" + type → []byte

// sendRoomPicture draws a room. Unknown rooms have none; neither have hidden
// ones, except through an address that only their staff has seen.
func (v *visit) sendRoomPicture() error {
	place, _, err := v.server.Resources.PlaceBySlug(v.ctx, v.server.DB, v.param("slug"))
	if err != nil {
		return err
	}
	kind := pictureKind(place.Resource)
	key := place.Resource.Slug + "/" + kind
	body, ok := pictures.Load(key)
	if !ok {
		body = ui.RoomPicture(place.Resource.Slug, kind)
		pictures.Store(key, body)
	}
	sum := sha256.Sum256(body.([]byte))
	tag := `W/"` + hex.EncodeToString(sum[:6]) + `"`
	v.c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	v.c.Set(fiber.HeaderETag, tag)
	if matchesTag(v.c.Get(fiber.HeaderIfNoneMatch), strings.TrimPrefix(tag, "W/")) {
		return v.c.SendStatus(fiber.StatusNotModified)
	}
	v.c.Set(fiber.HeaderContentType, "image/svg+xml")
	return v.c.Send(body.([]byte))
}

// sendRobots keeps crawlers to what is public.
func (v *visit) sendRobots() error {
	v.c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	if v.server.Demo {
		return v.c.SendString("User-agent: *\nDisallow: /\n")
	}
	return v.c.SendString("User-agent: *\nDisallow: /work\nDisallow: /api/v1\nDisallow: /feeds/\nDisallow: /sign-in/\nDisallow: /give-back/\n")
}

// sayAlive tells that the process answers; it asks nobody else.
func (v *visit) sayAlive() error { return v.c.SendString("ok\n") }

// readiness is the last answer of the database, good for a second.
type readiness struct {
	mu      sync.Mutex
	checked time.Time
	err     error
	closed  bool
}

// StopBeingReady makes /readyz say no, so that a proxy sends nobody any more
// before the server shuts down.
func (s *Server) StopBeingReady() {
	s.ready.mu.Lock()
	defer s.ready.mu.Unlock()
	s.ready.closed = true
}

// sayReady tells whether requests can be served: the database answers within
// 300 ms. It says nothing more to strangers.
func (v *visit) sayReady() error {
	r := v.server.ready
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.now.Sub(r.checked) >= time.Second || v.now.Before(r.checked) {
		ctx, cancel := context.WithTimeout(v.ctx, 300*time.Millisecond)
		defer cancel()
		r.err, r.checked = v.server.DB.Ping(ctx), v.now
	}
	v.c.Set(fiber.HeaderCacheControl, noStore)
	if r.err != nil || r.closed {
		return v.c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return v.c.SendString("ok\n")
}
