package booking

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/web/locales"
)

// Card is a reservation with the names that lists and pages show.
type Card struct {
	Reservation
	ResourceUID     uuid.UUID
	ResourceSlug    string
	ResourceName    locales.Texts
	UnitUID         uuid.UUID
	UnitSlug        string
	UnitName        locales.Texts
	UnitAddress     string
	HolderName      string // person's name or address, association's or unit's name
	AssociationName string
	MadeByName      string
	MadeByEmail     string
	SeriesUID       *uuid.UUID
	SeriesNumber    string // "" = it is no date of a series
	CancelMinutes   *int   // the resource's rule; nil = the holder cannot
	ResourceRelease *int   // the resource's ReleaseAfterMinutes at present
	Instructions    locales.Texts
}

// Get reads one reservation that the actor may see; a foreign one is not found.
func (s *Service) Get(ctx context.Context, actor accounts.Actor, ref string) (Card, error) {
	cards, err := s.cards(ctx, "r."+refColumn(ref)+" = @ref", map[string]any{"ref": ref})
	if err != nil {
		return Card{}, err
	}
	if len(cards) == 0 || !s.mayView(actor, cards[0].Reservation) {
		return Card{}, notFound()
	}
	return cards[0], nil
}

// CurrentHold is the actor's newest hold that has not run out, or nil.
func (s *Service) CurrentHold(ctx context.Context, actor accounts.Actor) (*Card, error) {
	w := &work{Service: s, tx: s.DB, actor: actor, now: s.Now()}
	own, err := w.ownHolds(ctx)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	newest := own[len(own)-1].reservation
	if !newest.HeldUntil.After(w.now) {
		return nil, nil
	}
	cards, err := s.cards(ctx, "r.id = @id", map[string]any{"id": newest.ID})
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}

// Page is a slice of a list by cursor: the items after Cursor, at most Limit
// (1–100). "" starts at the beginning.
type Page struct {
	Cursor string
	Limit  int
}

// List is one page of cards; Next "" = it was the last.
type List struct {
	Cards []Card
	Next  string
}

// MineFilter narrows a person's own list. Zero = everything but holds.
type MineFilter struct {
	Holder Holder    // the zero Kind = oneself and all one's associations
	From   time.Time // ends after
	To     time.Time // begins before
	States []State
	Page
}

// Mine lists what the actor holds or has through an association, by begin. What
// somebody made for an association stays with it when they leave.
func (s *Service) Mine(ctx context.Context, actor accounts.Actor, filter MineFilter) (List, error) {
	if !actor.SignedIn() {
		return List{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	where, params := mineScope(actor, filter.Holder)
	return s.list(ctx, where, filter, params)
}

// mineScope is SQL about r, a reservation or series that the actor holds or has
// through an association; a holder narrows it down.
func mineScope(actor accounts.Actor, holder Holder) (string, map[string]any) {
	associations := make([]int64, 0, len(actor.Memberships))
	for _, m := range actor.Memberships {
		associations = append(associations, m.Association)
	}
	where := "(r.holder_person = @me OR r.holder_association = ANY(CAST(@associations AS bigint[]))) AND r.kind <> 'closure'"
	params := map[string]any{"me": actor.ID(), "associations": ints(associations)}
	switch holder.Kind {
	case HeldByPerson:
		where += " AND r.holder_person = @me"
	case HeldByAssociation:
		where += " AND r.holder_association = (SELECT id FROM associations WHERE uid = @holder)"
		params["holder"] = holder.UID
	}
	return where, params
}

// Requests lists what waits for a decision in the units that the actor works
// for, oldest begin first.
func (s *Service) Requests(ctx context.Context, actor accounts.Actor, page Page) (List, error) {
	where, params, err := workScope(actor)
	if err != nil {
		return List{}, err
	}
	return s.list(ctx, where, MineFilter{States: []State{Requested}, Page: page}, params)
}

// UnitDay lists everything in a unit on a local date, for its staff, but for
// no-shows, whose time is free.
func (s *Service) UnitDay(ctx context.Context, actor accounts.Actor, unit int, date calendar.Date) ([]Card, error) {
	return s.UnitDays(ctx, actor, unit, Window{From: date, To: date})
}

// UnitDays is UnitDay over the local dates of a window, at most 14.
func (s *Service) UnitDays(ctx context.Context, actor accounts.Actor, unit int, dates Window) ([]Card, error) {
	if !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: unit}) {
		return nil, fault.New(fault.NotFound, "unit.not_found")
	}
	if days := dates.From.DaysUntil(dates.To); days < 0 || days > 13 {
		return nil, fault.InvalidField("to", "search.range")
	}
	return s.cards(ctx, `r.unit = @unit AND r.begin_at < @to AND r.end_at > @from
		AND r.state IN ('held', 'requested', 'awaiting_payment', 'confirmed') AND NOT r.no_show
		AND (r.state <> 'held' OR r.held_until > @now)`,
		map[string]any{
			"unit": unit, "now": s.Now(),
			"from": calendar.DayBounds(dates.From, s.Zone).Begin, "to": calendar.DayBounds(dates.To, s.Zone).End,
		})
}

// workScope is the condition for what staff may see.
func workScope(actor accounts.Actor) (string, map[string]any, error) {
	var units []int64
	for _, role := range actor.Roles {
		if role.Unit == nil {
			return "CAST(@everywhere AS boolean)", map[string]any{"everywhere": true}, nil
		}
		units = append(units, int64(*role.Unit))
	}
	if len(units) == 0 {
		return "", nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return "r.unit = ANY(CAST(@units AS int[]))", map[string]any{"units": ints(units)}, nil
}

const maxPage = 100

func (s *Service) list(ctx context.Context, scope string, filter MineFilter, params map[string]any) (List, error) {
	after, id, err := parseCursor(filter.Cursor)
	if err != nil {
		return List{}, err
	}
	if filter.Limit < 1 || filter.Limit > maxPage {
		filter.Limit = maxPage
	}
	where := []string{"(" + scope + ")", "r.state <> 'held'", "(r.begin_at, r.id) > (@after, @after_id)"}
	params["after"], params["after_id"] = after, id
	if !filter.From.IsZero() {
		where, params["from"] = append(where, "r.end_at > @from"), filter.From
	}
	if !filter.To.IsZero() {
		where, params["to"] = append(where, "r.begin_at < @to"), filter.To
	}
	if len(filter.States) > 0 {
		where, params["states"] = append(where, "r.state = ANY(CAST(@states AS text[]))"), stateNames(filter.States)
	}
	params["limit"] = filter.Limit + 1
	cards, err := s.cards(ctx, strings.Join(where, " AND "), params)
	if err != nil || len(cards) <= filter.Limit {
		return List{Cards: cards}, err
	}
	cards = cards[:filter.Limit]
	return List{Cards: cards, Next: cursorOf(cards[len(cards)-1])}, nil
}

func cursorOf(c Card) string {
	return base64.RawURLEncoding.EncodeToString([]byte(stamp(c.BeginAt) + " " + strconv.FormatInt(c.ID, 10)))
}

func parseCursor(cursor string) (after time.Time, id int64, err error) {
	if cursor == "" {
		return time.Unix(0, 0).UTC(), 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	at, number, found := strings.Cut(string(raw), " ")
	if err == nil && found {
		if after, err = time.Parse(time.RFC3339Nano, at); err == nil {
			id, err = strconv.ParseInt(number, 10, 64)
		}
	}
	if err != nil || !found {
		return after, id, fault.InvalidField("cursor", "invalid_cursor")
	}
	return after, id, nil
}
