package respa

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxRow bounds one row of an answer, so that memory does not follow the
// answer's size.
const maxRow = 1 << 20

// page is what stands around the rows of one answer.
type page struct {
	Count int    // of all rows of the service, 0 = not said
	Next  string // address of the next page, "" = none
}

// readPage reads one answer, {count, next, previous, results} or a bare list,
// and gives each row to take as it comes, with the byte it begins at. Errors
// name the byte.
func readPage(r io.Reader, take func(raw []byte, at int64) error) (page, error) {
	in := &meter{from: bufio.NewReader(r)}
	skipMark(in.from)
	p := &pageReader{in: in, take: take}
	p.allow()
	p.json = json.NewDecoder(in)
	if err := p.read(); err != nil {
		return page{}, p.located(err)
	}
	return p.page, nil
}

// skipMark passes over a byte order mark, which is no JSON.
func skipMark(r *bufio.Reader) {
	if mark, err := r.Peek(3); err == nil && bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = r.Discard(3) // they were peeked
	}
}

// errTooLong stops a row before it is held in memory.
var errTooLong = fmt.Errorf("a row is longer than %d bytes", maxRow)

// meter counts what is read and stops at a limit.
type meter struct {
	from        *bufio.Reader
	read, limit int64
}

func (m *meter) Read(p []byte) (int, error) {
	if m.read >= m.limit {
		return 0, errTooLong
	}
	n, err := m.from.Read(p[:min(int64(len(p)), m.limit-m.read)])
	m.read += int64(n)
	return n, err
}

type pageReader struct {
	in   *meter
	json *json.Decoder
	take func(raw []byte, at int64) error
	page page
}

// allow lets one more row be read; what the decoder has read ahead counts.
func (p *pageReader) allow() { p.in.limit = p.in.read + maxRow }

// located says at which byte reading failed, unless the row has said so.
func (p *pageReader) located(err error) error {
	var row *rowError
	if errors.As(err, &row) {
		return err
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return fmt.Errorf("byte %d: it ends in the middle", p.in.read)
	case errors.As(err, &syntax):
		return fmt.Errorf("after byte %d: it is not JSON: %s", p.json.InputOffset(), syntax.Error())
	}
	return fmt.Errorf("after byte %d: %w", p.json.InputOffset(), err)
}

func (p *pageReader) read() error {
	open, err := p.json.Token()
	if err != nil {
		return err
	}
	switch open {
	case json.Delim('['):
		err = p.rows()
	case json.Delim('{'):
		err = p.object()
	default:
		err = errors.New("it is neither a page of rows nor a list")
	}
	if err != nil {
		return err
	}
	if _, err := p.json.Token(); err == nil {
		return errors.New("something follows the end")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (p *pageReader) object() error {
	found := false
	for p.json.More() {
		p.allow()
		key, err := p.json.Token()
		if err != nil {
			return err
		}
		switch key {
		case "results":
			found = true
			err = p.list()
		case "count":
			err = p.json.Decode(&p.page.Count)
		case "next":
			err = p.json.Decode(&p.page.Next)
		default:
			var other json.RawMessage
			err = p.json.Decode(&other)
		}
		if err != nil {
			return err
		}
	}
	if _, err := p.json.Token(); err != nil {
		return err
	}
	if !found {
		return errors.New(`it has no "results"`)
	}
	return nil
}

func (p *pageReader) list() error {
	open, err := p.json.Token()
	if err == nil && open != json.Delim('[') {
		err = errors.New(`"results" is not a list`)
	}
	if err != nil {
		return err
	}
	return p.rows()
}

// rows reads the rest of a list that was opened.
func (p *pageReader) rows() error {
	var raw json.RawMessage
	for p.json.More() {
		p.allow()
		raw = raw[:0]
		if err := p.json.Decode(&raw); err != nil {
			return err
		}
		at := p.json.InputOffset() - int64(len(raw))
		if !utf8.Valid(raw) {
			return &rowError{at, errors.New("its text is not UTF-8")}
		}
		if err := p.take(raw, at); err != nil {
			return &rowError{at, err}
		}
	}
	_, err := p.json.Token()
	return err
}

// rowError is a row that cannot be used, with the byte it begins at.
type rowError struct {
	at  int64
	err error
}

func (e *rowError) Error() string { return fmt.Sprintf("the row at byte %d: %s", e.at, e.err) }
func (e *rowError) Unwrap() error { return e.err }
