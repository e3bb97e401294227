package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

// JSON keeps any Go value in a jsonb column.
type JSON[T any] struct{ V T }

// AsJSON wraps v for a jsonb column or parameter.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{V: v} }

// Scan reads a jsonb column; NULL gives the zero value.
func (j *JSON[T]) Scan(src any) error {
	var zero T
	j.V = zero
	switch s := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(s), &j.V)
	case []byte:
		return json.Unmarshal(s, &j.V)
	}
	return fmt.Errorf("db: cannot read %T as jsonb", src)
}

// Value writes the jsonb text.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// GormDataType names the column type for gorm.
func (JSON[T]) GormDataType() string { return "jsonb" }

// Strings is a text[] column or parameter (cast the parameter: ?::text[]).
type Strings []string

// Ints is an int[] or bigint[] parameter (cast it: ?::int[]).
type Ints []int64

var typeMap = pgtype.NewMap()

// Scan reads a text[] column.
func (s *Strings) Scan(src any) error {
	var list []string
	if err := typeMap.SQLScanner(&list).Scan(src); err != nil {
		return err
	}
	*s = list
	return nil
}

var quoteElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// Value writes the array literal.
func (s Strings) Value() (driver.Value, error) {
	quoted := make([]string, len(s))
	for i, e := range s {
		quoted[i] = `"` + quoteElement.Replace(e) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}", nil
}

// GormDataType names the column type for gorm.
func (Strings) GormDataType() string { return "text[]" }

// Scan reads an int[] or bigint[] column.
func (n *Ints) Scan(src any) error {
	var list []int64
	if err := typeMap.SQLScanner(&list).Scan(src); err != nil {
		return err
	}
	*n = list
	return nil
}

// Value writes the array literal.
func (n Ints) Value() (driver.Value, error) {
	digits := make([]string, len(n))
	for i, e := range n {
		digits[i] = strconv.FormatInt(e, 10)
	}
	return "{" + strings.Join(digits, ",") + "}", nil
}

// Bytes is a bytea parameter. gorm would take a plain []byte apart in some
// places and send a list of numbers.
type Bytes []byte

// Value hands the bytes over whole.
func (b Bytes) Value() (driver.Value, error) { return []byte(b), nil }
