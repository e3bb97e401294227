package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// tracer hands statements on as they are sent.
type tracer func(sql string, params []any)

// TraceQueryStart leaves out what pgx passes along with the parameters.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	params := make([]any, 0, len(query.Args))
	for _, p := range query.Args {
		switch p.(type) {
		case pgx.QueryResultFormats, pgx.QueryResultFormatsByOID, pgx.QueryExecMode:
		default:
			params = append(params, p)
		}
	}
	t(query.SQL, params)
	return ctx
}

// TraceQueryEnd is there because pgx wants it.
func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
