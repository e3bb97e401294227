package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/booking"
)

func (s *Server) addFeedOperations() {
	add := func(name, method, path string, who audience, summary, more string) operation {
		return operation{name: name, method: method, path: path, who: who, tag: "Calendars", summary: summary, more: more}
	}
	serve(s, add("list-feeds", http.MethodGet, "/feeds", signedIn, "List one's subscriptions", "Without their addresses, which nobody can read again."), listFeeds)
	made := add("make-feed", http.MethodPost, "/feeds", signedIn, "Subscribe to a calendar", "The address is secret and shown once.")
	made.status = http.StatusCreated
	serve(s, made, makeFeed)
	serve(s, add("rotate-feed", http.MethodPost, "/feeds/{id}/rotate", owner, "Give a subscription a new address", "The old one is dead at once; the new one is shown once."), rotateFeed)
	end := add("revoke-feed", http.MethodDelete, "/feeds/{id}", owner, "End a subscription", "")
	end.status = http.StatusNoContent
	serve(s, end, revokeFeed)
}

type feedInput struct {
	Scope    string     `json:"scope" enum:"person,association,resource,unit"`
	ID       *uuid.UUID `json:"id,omitempty" format:"uuid" doc:"Of the association, resource or unit."`
	Language string     `json:"language,omitempty" enum:"fi,sv,en"`
	Name     string     `json:"name,omitempty" doc:"Of the calendar; by default that of what it shows."`
}

type feedView struct {
	ID        uuid.UUID `json:"id"`
	Scope     string    `json:"scope" enum:"person,association,resource,unit"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
	URL       string    `json:"url,omitempty" doc:"Secret; only in the answer that makes it."`
	Webcal    string    `json:"webcal,omitempty"`
}

func (c *call) feed(f booking.Feed) feedView {
	view := feedView{ID: f.UID, Scope: string(f.Scope), Name: f.Name, CreatedAt: f.CreatedAt.In(c.server.Zone)}
	if view.Name == "" {
		view.Name = c.say.T("feed.name." + string(f.Scope))
	}
	return view
}

// withAddress is a feed with its secret, for the one answer that shows it.
func (c *call) withAddress(f booking.Feed, token string) *body[feedView] {
	view := c.feed(f)
	view.URL = c.server.feedAddress(token)
	view.Webcal = webcal(view.URL)
	return &body[feedView]{view}
}

func listFeeds(c *call, _ *struct{}) (*body[pageView[feedView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	feeds, err := c.server.Booking.Feeds(c.ctx, c.actor)
	out := pageView[feedView]{Items: []feedView{}}
	for _, f := range feeds {
		out.Items = append(out.Items, c.feed(f))
	}
	return &body[pageView[feedView]]{out}, err
}

func makeFeed(c *call, in *body[feedInput]) (*body[feedView], error) {
	req := booking.FeedRequest{Scope: booking.Scope(in.Body.Scope), Language: in.Body.Language, Name: in.Body.Name}
	if in.Body.ID != nil {
		req.UID = *in.Body.ID
	}
	if req.Language == "" && c.actor.Person != nil {
		req.Language = c.actor.Person.Language
	}
	token, feed, err := c.server.Booking.MakeFeed(c.ctx, c.actor, req)
	if err != nil {
		return nil, err
	}
	return c.withAddress(feed, token), nil
}

func rotateFeed(c *call, in *ByID) (*body[feedView], error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	token, feed, err := c.server.Booking.RotateFeed(c.ctx, c.actor, uid)
	if err != nil {
		return nil, err
	}
	return c.withAddress(feed, token), nil
}

func revokeFeed(c *call, in *ByID) (*struct{}, error) {
	uid, err := c.uid(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, c.server.Booking.RevokeFeed(c.ctx, c.actor, uid)
}

// feedAddress is the secret address of a subscription, from its token.
func (s *Server) feedAddress(token string) string { return s.BaseURL + pathTo("feed", "fi", token) }

// webcal is the same address for calendar programs.
func webcal(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return "webcal://" + rest
}
