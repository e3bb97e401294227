package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// wire is one kept HTTP connection that costs the machine little, so that what
// is measured is the server: whole requests are written, and of answers only the
// status and the length are understood.
type wire struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	used    time.Time
}

func dial(address string) (*wire, error) {
	w := &wire{address: address}
	return w, w.open()
}

func (w *wire) open() (err error) {
	if w.conn, err = net.Dial("tcp", w.address); err == nil {
		w.in, w.used = bufio.NewReaderSize(w.conn, 32<<10), time.Now()
	}
	return err
}

// patience is less than the server has for connections that nobody uses.
const patience = 10 * time.Second

func (w *wire) close() { w.conn.Close() }

// ask sends a request and reads all of the answer: its status and the bytes of
// its body.
func (w *wire) ask(request []byte) (status int, length int64, err error) {
	if time.Since(w.used) > patience {
		w.close()
		if err := w.open(); err != nil {
			return 0, 0, err
		}
	}
	w.used = time.Now()
	if err := w.conn.SetDeadline(w.used.Add(20 * time.Second)); err != nil {
		return 0, 0, err
	}
	if _, err := w.conn.Write(request); err != nil {
		return 0, 0, err
	}
	line, err := w.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, 0, fmt.Errorf("answer begins with %q: %w", line, err)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, err
	}
	length = -1
	for {
		if line, err = w.in.ReadSlice('\n'); err != nil {
			return 0, 0, err
		}
		name, value, more := bytes.Cut(bytes.TrimSpace(line), []byte(": "))
		if !more {
			break
		}
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return 0, 0, err
			}
		}
	}
	if length < 0 {
		return 0, 0, fmt.Errorf("an answer %d without length", status)
	}
	_, err = io.CopyN(io.Discard, w.in, length)
	return status, length, err
}

// page is a browser's request for a page.
func page(path, cookie string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nCookie: %s\r\n\r\n", path, cookie)
}

// post is a program's request with a token.
func post(path, token string, body []byte) []byte {
	head := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		path, token, len(body))
	return append(head, body...)
}
