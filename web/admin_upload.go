package web

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"vuoro/fault"
	"vuoro/resources"
)

const (
	uploadTime   = 60 * time.Second // to send a picture over a slow line
	uploadsOpen  = 8                // bodies of that size in memory
	uploadBody   = resources.MaxUpload + 64<<10
	maxFormField = 16 << 10
	maxFormParts = 20
)

// takesUpload tells whether an address takes a picture; every other address
// keeps the small limit of a form.
func takesUpload(method, path string) bool {
	if method != fiber.MethodPost {
		return false
	}
	return strings.HasPrefix(path, "/admin/resources/") && strings.HasSuffix(path, "/upload") ||
		strings.HasPrefix(path, apiPrefix+"/resources/") && strings.HasSuffix(path, "/pictures")
}

// uploads count the large bodies that are being read. A body is read before any
// handler runs, so the limit must be known from the head alone.
type uploads struct {
	session string // name of the cookie
	mu      sync.Mutex
	open    map[*fasthttp.RequestHeader]*time.Timer
}

func newUploads(session string) *uploads {
	return &uploads{session: session, open: map[*fasthttp.RequestHeader]*time.Timer{}}
}

// admit raises the limit of a body for somebody who seems to be signed in,
// while there is room for it. Who gets no room is told that the file is too
// large or too many are being sent.
func (u *uploads) admit(head *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(head.RequestURI()), "?")
	known := len(head.Cookie(u.session)) > 0 || len(head.Peek(fiber.HeaderAuthorization)) > 0
	if !known || !takesUpload(string(head.Method()), path) {
		return fasthttp.RequestConfig{}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, again := u.open[head]; !again && len(u.open) >= uploadsOpen {
		return fasthttp.RequestConfig{}
	}
	u.close(head)
	u.open[head] = time.AfterFunc(uploadTime, func() { u.leave(head) })
	return fasthttp.RequestConfig{ReadTimeout: uploadTime, MaxRequestBodySize: uploadBody}
}

// leave makes room again: the request has been answered, or never came.
func (u *uploads) leave(head *fasthttp.RequestHeader) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.close(head)
}

func (u *uploads) close(head *fasthttp.RequestHeader) {
	if timer := u.open[head]; timer != nil {
		timer.Stop()
		delete(u.open, head)
	}
}

// takeForm reads what was posted; of an upload the file goes to v.file and the
// rest is read by v.form as always.
func (v *visit) takeForm() error {
	if !v.route.upload {
		return v.server.checkForm(v.c)
	}
	if !v.server.ownOrigin(v.c) {
		return fault.New(fault.Forbidden, "auth.origin")
	}
	fields, file, err := readMultipart(v.c.Get(fiber.HeaderContentType), v.c.Request().Body())
	if err != nil {
		return err
	}
	args := v.c.Request().PostArgs()
	for name, value := range fields {
		args.Set(name, value)
	}
	v.file = file
	return nil
}

// readMultipart takes a form with one file apart (RFC 7578). The name that the
// sender gave the file is not looked at.
func readMultipart(contentType string, body []byte) (fields map[string]string, file []byte, err error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != fiber.MIMEMultipartForm || params["boundary"] == "" {
		return nil, nil, fiber.NewError(fiber.StatusUnsupportedMediaType)
	}
	malformed := fault.New(fault.Malformed, "malformed")
	fields = map[string]string{}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range maxFormParts {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return fields, file, nil
		}
		if err != nil {
			return nil, nil, malformed
		}
		limit := int64(maxFormField)
		if part.FormName() == "file" {
			limit = resources.MaxUpload
		}
		value, err := io.ReadAll(io.LimitReader(part, limit+1))
		switch {
		case err != nil:
			return nil, nil, malformed
		case int64(len(value)) > limit:
			return nil, nil, fiber.NewError(fiber.StatusRequestEntityTooLarge)
		case part.FormName() == "file":
			file = value
		default:
			fields[part.FormName()] = string(value)
		}
	}
	return nil, nil, malformed
}
