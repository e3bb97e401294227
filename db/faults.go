package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"vuoro/fault"
)

// codes is the one table from SQLSTATE to kind and code. What is not here is
// our own mistake.
var codes = map[string]struct {
	kind fault.Kind
	code string
}{
	"23P01": {fault.Conflict, "booking.overlap"},
	"23505": {fault.Conflict, "duplicate"},
	"23503": {fault.Conflict, "still_in_use"},
	"23514": {fault.Invalid, "invalid"},
	"22001": {fault.Invalid, "too_long"},
	"22021": {fault.Invalid, "bad_characters"},
	"22P05": {fault.Invalid, "bad_characters"},
	"40001": {fault.Unavailable, "busy"},
	"40P01": {fault.Unavailable, "busy"},
	"55P03": {fault.Unavailable, "busy"},
	"57014": {fault.Unavailable, "busy"},
	"08006": {fault.Unavailable, "database_down"},
	"53100": {fault.Unavailable, "database_down"},
	"53200": {fault.Unavailable, "database_down"},
	"53300": {fault.Unavailable, "database_down"},
	"57P01": {fault.Unavailable, "database_down"},
	"57P02": {fault.Unavailable, "database_down"},
	"57P03": {fault.Unavailable, "database_down"},
}

// Fault turns an error of the database into a fault; faults pass through.
func Fault(err error) error {
	var already *fault.Error
	if err == nil || errors.As(err, &already) {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.Wrap(err, fault.NotFound, "not_found")
	}
	state := sqlState(err)
	if c, ok := codes[state]; ok {
		f := fault.Wrap(err, c.kind, c.code)
		if c.kind == fault.Unavailable {
			f.RetryAfter = 2 * time.Second
		}
		return f
	}
	if state == "" && unreachable(err) {
		f := fault.Wrap(err, fault.Unavailable, "database_down")
		f.RetryAfter = 5 * time.Second
		return f
	}
	return err
}

func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || lost(err) || pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded)
}

// lost tells whether a connection that was there has gone; the server may be
// there still.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	var network *net.OpError
	switch state := sqlState(err); {
	case state != "":
		return state == "57P01" || state == "57P02" || strings.HasPrefix(state, "08")
	case errors.As(err, &connect) || pgconn.Timeout(err):
		return false
	}
	return pgconn.SafeToRetry(err) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
