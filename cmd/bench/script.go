package main

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// script turns what the program sent for one booking into a script of pgbench
// that makes another booking each time: the same statements in the same order,
// with the names of the room, the person and the time in the place of those that
// were recorded. So the reference cannot drift away from the program.
type script struct {
	names   map[string]string // a text in the recorded parameters → what stands for it, an expression of type text
	pattern *regexp.Regexp
}

// told is what must be known of the recorded booking.
type told struct {
	slots  slots // in which the script books
	person booker
	room   booked
	begin  time.Time
	made   struct {
		ID     int64
		Number string
		UID    string
	}
	day int // number of the local day, counted from 1970-01-01
}

// newScript prepares the names. pgbench counts :slot up; :id and :number are what
// the database gave the reservation.
func newScript(a *arena, t told) *script {
	by := func(variable string, texts []string) string {
		quoted := make([]string, len(texts))
		for i, s := range texts {
			quoted[i] = quote(s)
		}
		return "(ARRAY[" + strings.Join(quoted, ",") + "])[:" + variable + "]"
	}
	ofRoom := func(name func(booked) string) (string, string) {
		texts := make([]string, len(a.rooms))
		for i, room := range a.rooms {
			texts[i] = name(room)
		}
		return name(t.room), by("room", texts)
	}
	ofPerson := func(name func(booker) string) (string, string) {
		texts := make([]string, connections)
		for i := range texts {
			texts[i] = name(a.people[i])
		}
		return name(t.person), by("person", texts)
	}
	s := &script{names: map[string]string{}}
	put := func(recorded, expression string) { s.names[recorded] = expression }
	put(ofRoom(func(r booked) string { return strconv.Itoa(r.Resource) }))
	put(ofRoom(func(r booked) string { return strconv.Itoa(r.Unit) }))
	put(ofRoom(func(r booked) string { return strconv.Itoa(r.Atom) }))
	put(ofRoom(func(r booked) string { return r.UID }))
	put(ofPerson(func(p booker) string { return strconv.FormatInt(p.person.ID, 10) }))
	put(ofPerson(func(p booker) string { return p.person.UID.String() }))
	put(ofPerson(func(p booker) string { return *p.person.Email }))
	put(ofPerson(func(p booker) string { return tokenHash(p.token) }))
	_, atom := ofRoom(func(r booked) string { return strconv.Itoa(r.Atom) })
	put(strconv.FormatInt(atomDay(t.room.Atom, t.day), 10), fmt.Sprintf("CAST(CAST(%s AS bigint) * %d + :day AS text)", atom, int64(1)<<32))
	put(strconv.FormatInt(t.made.ID, 10), "CAST(CAST(:id AS bigint) AS text)")
	put(t.made.Number, "CAST(:number AS text)")
	put(t.made.UID, quote("00000000-0000-7000-8000-")+" || :uid")
	put(t.begin.Format(time.RFC3339), t.slots.hour(":hour"))
	put(t.begin.Add(time.Hour).Format(time.RFC3339), t.slots.hour(":next"))
	s.pattern = regexp.MustCompile(anyOf(s.names))
	return s
}

// anyOf matches one of the names where it is not part of a longer one.
func anyOf(names map[string]string) string {
	var parts []string
	for name := range names {
		part := regexp.QuoteMeta(name)
		if isDigits(name) {
			part = `\b` + part + `\b`
		}
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	return strings.Join(parts, "|")
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func atomDay(atom, day int) int64 { return int64(atom)<<32 | int64(uint32(day)) }

// hour is the text of a slot's hour, RFC 3339.
func (s slots) hour(variable string) string {
	return fmt.Sprintf("%s || :date || 'T' || %s || %s", quote(fmt.Sprintf("%d-%02d-", s.year, s.month)), variable, quote(":00:00Z"))
}

// quote is a literal without a colon, which pgbench could take for a variable.
func quote(s string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, "'", "''", ":", `\x3A`).Replace(s) + "'"
}

// head computes the slot of a transaction. There are as many people as clients.
func (s slots) head() string {
	first := time.Date(s.year, s.month, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400
	return fmt.Sprintf(`\set slot :first + :turn * %d + :client_id
\set turn :turn + 1
\set room (:slot * %d) %% %d + 1
\set rest :slot / %d
\set date %d + (:rest / %d) %% %d
\set hour %d + :rest %% %d
\set next :hour + 1
\set day %d + :date
\set person :client_id + 1
\set uid random(100000000000, 999999999999)
`, connections, scatter, allRooms, allRooms, firstDay, slotHours, slotDays, firstHour, slotHours, first-1)
}

// write renders statements as a script. conn knows their parameters' types.
func (s *script) write(ctx context.Context, conn *pgx.Conn, in slots, list []statement) (string, error) {
	var out strings.Builder
	out.WriteString(in.head())
	for _, st := range list {
		sql, err := s.statement(ctx, conn, st)
		if err != nil {
			return "", fmt.Errorf("%w in\n%s", err, st.sql)
		}
		out.WriteString(sql + "\n")
	}
	return out.String(), nil
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

func (s *script) statement(ctx context.Context, conn *pgx.Conn, st statement) (string, error) {
	sql := strings.Join(strings.Fields(st.sql), " ")
	if len(st.params) > 0 {
		described, err := conn.Prepare(ctx, "", st.sql)
		if err != nil {
			return "", err
		}
		var failed error
		sql = placeholder.ReplaceAllStringFunc(sql, func(p string) string {
			n, _ := strconv.Atoi(p[1:])
			kind, ok := conn.TypeMap().TypeForOID(described.ParamOIDs[n-1])
			if !ok {
				failed = fmt.Errorf("a type %d is not known", described.ParamOIDs[n-1])
				return p
			}
			return "CAST(" + s.expression(st.params[n-1]) + " AS " + typeName(kind.Name) + ")"
		})
		if failed != nil {
			return "", failed
		}
	}
	if strings.HasPrefix(strings.ToLower(sql), "insert into \"reservations\"") || strings.HasPrefix(strings.ToLower(sql), "insert into reservations") {
		return sql + ` \gset`, nil
	}
	return sql + ";", nil
}

// typeName is the type as a CAST writes it: an array of int4 is called _int4.
func typeName(name string) string {
	if element, array := strings.CutPrefix(name, "_"); array {
		return element + "[]"
	}
	return name
}

// expression is a recorded parameter with names in the place of what changes.
func (s *script) expression(param any) string {
	value, ok := asText(param)
	if !ok {
		return "NULL"
	}
	var parts []string
	literal := func(text string) {
		if text != "" {
			parts = append(parts, quote(text))
		}
	}
	end := 0
	for _, at := range s.pattern.FindAllStringIndex(value, -1) {
		literal(value[end:at[0]])
		parts = append(parts, s.names[value[at[0]:at[1]]])
		end = at[1]
	}
	literal(value[end:])
	if len(parts) == 0 {
		return "''"
	}
	return strings.Join(parts, " || ")
}

// asText is a parameter as PostgreSQL reads it; false is NULL.
func asText(param any) (string, bool) {
	if valuer, ok := param.(driver.Valuer); ok {
		param, _ = driver.DefaultParameterConverter.ConvertValue(valuer)
	}
	switch v := reflect.ValueOf(param); {
	case param == nil, v.Kind() == reflect.Pointer && v.IsNil():
		return "", false
	case v.Kind() == reflect.Pointer:
		return asText(v.Elem().Interface())
	}
	switch v := param.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), true
	case []byte:
		return `\x` + hex.EncodeToString(v), true
	}
	return fmt.Sprint(param), true
}
