package booking

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/locales"
)

// Rendered is a calendar file with what a web server says about it.
type Rendered struct {
	Body         []byte
	ETag         string // strong
	LastModified time.Time
}

// CalendarOf renders the feed with this token. An unknown, revoked or orphaned
// token is not found, all in the same words. Only whoever reads titles can have
// the form of series.
func (s *Service) CalendarOf(ctx context.Context, token string, form FeedForm) (Rendered, error) {
	var feed Feed
	err := s.DB.Query(ctx, &feed, `SELECT f.* FROM feeds f JOIN people p ON p.id = f.made_by
		WHERE f.token_hash = ? AND f.revoked_at IS NULL AND p.erased_at IS NULL`, db.Bytes(hashToken(token)))
	if err != nil {
		return Rendered{}, err
	}
	if feed.ID == 0 {
		return Rendered{}, fault.New(fault.NotFound, "feed.not_found")
	}
	now := s.Now()
	open, err := s.feedIsOpen(ctx, feed)
	if err != nil {
		return Rendered{}, err
	}
	var hidden db.Ints
	if !open {
		if hidden, err = s.hiddenRooms(ctx, feed, now); err != nil {
			return Rendered{}, err
		}
	}
	if feed.Scope == ResourceScope && len(hidden) > 0 {
		return Rendered{}, fault.New(fault.NotFound, "feed.not_found")
	}
	cards, err := s.feedCards(ctx, feed, hidden, now)
	if err != nil {
		return Rendered{}, err
	}
	modified, err := s.feedModified(ctx, feed, now)
	if err != nil {
		return Rendered{}, err
	}
	maker := accounts.Actor{}
	if feed.Scope == PersonScope || feed.Scope == AssociationScope {
		maker, err = accounts.Refresh(ctx, s.DB, accounts.Actor{Person: &accounts.Person{ID: feed.MadeBy}})
		if err != nil {
			return Rendered{}, err
		}
	}
	var series []calendar.Series
	if form == FeedOfSeries && open {
		if cards, series, err = s.foldSeries(ctx, cards, locales.New(feed.Language, s.Zone)); err != nil {
			return Rendered{}, err
		}
	}
	body := s.render(feed, cards, series, reader{open, maker})
	return Rendered{Body: body, ETag: calendar.ETag(body), LastModified: modified}, nil
}

// What a feed holds at most; what is later than that is left out, and said so.
const (
	maxFeedEvents = 2000
	maxFeedBytes  = 900_000
)

// reader is who reads a feed: whether names and titles, and of an own feed who.
type reader struct {
	open  bool
	maker accounts.Actor
}

func (s *Service) render(feed Feed, cards []Card, series []calendar.Series, by reader) []byte {
	say := locales.New(feed.Language, s.Zone)
	file := calendar.Feed{Name: feed.Name, Refresh: 15 * time.Minute, Zone: s.Zone, Series: series}
	if file.Name == "" {
		file.Name = say.T("feed.name." + string(feed.Scope))
	}
	for _, card := range cards {
		event := s.event(card, say)
		if !by.open {
			event = s.anonymous(feed, card, event, say)
		} else if by.maker.SignedIn() && s.mayEdit(by.maker, card.Reservation) {
			token := s.Secrets.GiveBackToken(card.UID, by.maker.Person.UID)
			event.Description += "\n" + say.T("feed.give_back", "link", s.BaseURL+"/give-back/"+token)
		}
		file.Events = append(file.Events, event)
	}
	if len(file.Events) <= maxFeedEvents {
		if body := calendar.WriteFeed(file); len(body) <= maxFeedBytes || len(file.Events) == 0 {
			return body
		}
	}
	return cut(file, say)
}

// cut leaves out the last events until the file is small enough.
func cut(file calendar.Feed, say locales.Printer) []byte {
	for n := min(len(file.Events), maxFeedEvents); ; n = n * 9 / 10 {
		file.Events = file.Events[:n]
		file.Description = say.T("feed.cut", "till", file.Events[n-1].Begin)
		if body := calendar.WriteFeed(file); len(body) <= maxFeedBytes {
			return body
		}
	}
}

// event is a reservation as its own people's calendars show it.
func (s *Service) event(card Card, say locales.Printer) calendar.Event {
	room, _ := card.ResourceName.In(say.Lang)
	unit, _ := card.UnitName.In(say.Lang)
	summary := room
	if card.Title != "" {
		summary = card.Title + " – " + room
	}
	location := unit
	if card.UnitAddress != "" {
		location += ", " + card.UnitAddress
	}
	status := calendar.StatusConfirmed
	if card.State == Requested {
		status = calendar.StatusTentative
	}
	return calendar.Event{
		UID: card.UID.String() + "@vuoro", Stamp: card.ChangedAt, Sequence: card.Sequence,
		Begin: card.BeginAt, End: card.EndAt, Zone: s.Zone, Summary: summary,
		Description: say.T("state."+string(card.State)) + "\n" + card.Number,
		Location:    location, URL: s.BaseURL + "/r/" + card.Number, Status: status,
	}
}

// anonymous takes everything personal off an event: it says where and that the
// time is taken, under an UID that no other feed has.
func (s *Service) anonymous(feed Feed, card Card, e calendar.Event, say locales.Printer) calendar.Event {
	room, _ := card.ResourceName.In(say.Lang)
	summary := say.T("feed.reserved")
	if feed.Scope == UnitScope {
		summary += " – " + room
	}
	return calendar.Event{
		UID:   s.Secrets.Sign(ledger.ForPublicUID, feed.UID.String()+card.UID.String()) + "@vuoro",
		Stamp: e.Stamp, Sequence: e.Sequence, Begin: e.Begin, End: e.End, Zone: e.Zone,
		Summary: summary, Location: room + ", " + e.Location, Status: e.Status,
	}
}
