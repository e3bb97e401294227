package web

import "github.com/valyala/fasthttp"

type uploadHead = *fasthttp.RequestHeader

// newUploadHead is the head of a request that has a session.
func newUploadHead(path, session string) uploadHead {
	head := &fasthttp.RequestHeader{}
	head.SetMethod("POST")
	head.SetRequestURI(path)
	head.SetCookie(session, "x")
	return head
}
