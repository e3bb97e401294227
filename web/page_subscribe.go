package web

import (
	"html/template"
	"net"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// subscribePage is the data of templates/subscribe.html.
type subscribePage struct {
	ui.Frame
	Lead   string
	Sees   string // what the calendar tells, and what not
	Field  string // the hidden field that names what is subscribed to, "" = one's own
	Value  string
	What   string    // by name
	Made   *madeFeed // shown once, right after it was made
	Feeds  []feedRow
	Places bool // it is about a room or a site
}

// madeFeed is a secret address in the forms that calendars want.
type madeFeed struct {
	Name    string
	Webcal  template.URL // of our own making; other schemes than http are refused in templates
	Address string
	QR      qrCode
	Google  string // empty where the address cannot be reached from outside
	Outlook string
	Office  string
}

type feedRow struct {
	Name, Kind, Made, End, Renew string
}

// subject is what a calendar is to show.
type subject struct {
	scope booking.Scope
	uid   uuid.UUID
	name  string
	field string // of the address: "room", "unit", "association"; "" = one's own bookings
	value string
	staff bool // the visitor works there
}

// subject reads what the visitor wants in a calendar; what they may not see is
// not found.
func (v *visit) subject(read func(string) string) (subject, error) {
	switch {
	case read("room") != "":
		place, err := v.visiblePlaceAt(read("room"))
		if err != nil {
			return subject{}, err
		}
		r := place.Resource
		name := v.named(r.Name) + ", " + v.named(place.Unit.Name)
		return subject{booking.ResourceScope, r.UID, name, "room", r.Slug, v.worksFor(place.Unit.ID)}, nil
	case read("unit") != "":
		unit, err := v.server.Resources.UnitBySlug(v.ctx, v.server.DB, read("unit"))
		return subject{booking.UnitScope, unit.UID, v.named(unit.Name), "unit", unit.Slug, v.worksFor(unit.ID)}, err
	case read("association") != "":
		found, err := v.standing(read("association"))
		if err == nil && found.Role == "" {
			err = fault.New(fault.NotFound, "feed.not_found")
		}
		a := found.Association
		return subject{booking.AssociationScope, a.UID, a.Name, "association", a.UID.String(), false}, err
	}
	return subject{scope: booking.PersonScope, name: v.t("feed.name.person")}, nil
}

func (v *visit) showSubscribe() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	what, err := v.subject(v.query)
	if err != nil {
		return err
	}
	return v.subscribePage(what, nil)
}

func (v *visit) subscribePage(what subject, made *madeFeed) error {
	feeds, err := v.server.Booking.Feeds(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := subscribePage{
		Made: made, Lead: v.t("subscribe.lead"), Sees: v.t("subscribe.secret"), Field: what.field, Value: what.value, What: what.name,
	}
	title := v.t("subscribe.title")
	if what.field != "" {
		title = v.t("subscribe.title_of", "name", what.name)
	}
	page.Frame = v.frame(title, v.mineCrumb())
	page.Path = v.path("subscribe") // an address with a secret on it is not one to come back to
	if what.field != "" {
		page.Lead = v.t("subscribe.lead." + what.field)
		page.Path = v.pathWith("subscribe", url.Values{what.field: {what.value}})
	}
	if what.field == "room" || what.field == "unit" {
		page.Places = true
		page.Sees = v.t("subscribe.sees_reserved")
		if what.staff {
			page.Sees = v.t("subscribe.sees_staff")
		}
	}
	for _, feed := range feeds {
		row := feedRow{
			Name: feed.Name, Kind: v.t("feed.name." + string(feed.Scope)), Made: v.say.DateTime(feed.CreatedAt),
			End: v.path("subscribe-end", feed.UID.String()), Renew: v.path("subscribe-renew", feed.UID.String()),
		}
		if row.Name == "" || row.Name == row.Kind {
			row.Name, row.Kind = row.Kind, ""
		}
		page.Feeds = append(page.Feeds, row)
	}
	return v.render("subscribe", page)
}

// makeFeed makes a secret address and shows it this once: the database keeps
// only its hash, so there is nothing to come back to.
func (v *visit) makeFeed() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	what, err := v.subject(v.form)
	if err != nil {
		return err
	}
	token, feed, err := v.server.Booking.MakeFeed(v.ctx, v.actor, booking.FeedRequest{Scope: what.scope, UID: what.uid, Language: v.lang})
	if err != nil {
		return err
	}
	return v.showMade(what, token, feed)
}

// renewFeed gives a subscription another address and shows it this once.
func (v *visit) renewFeed() error {
	uid, err := v.feedUID()
	if err != nil {
		return err
	}
	token, feed, err := v.server.Booking.RotateFeed(v.ctx, v.actor, uid)
	if err != nil {
		return err
	}
	return v.showMade(subject{}, token, feed)
}

func (v *visit) showMade(what subject, token string, feed booking.Feed) error {
	made, err := v.madeFeed(token, feed)
	if err != nil {
		return err
	}
	v.hideAddress()
	return v.subscribePage(what, &made)
}

func (v *visit) madeFeed(token string, feed booking.Feed) (madeFeed, error) {
	address := v.server.feedAddress(token)
	subscription := webcal(address)
	made := madeFeed{Name: feed.Name, Address: address, Webcal: template.URL(subscription)}
	if made.Name == "" {
		made.Name = v.t("feed.name." + string(feed.Scope))
	}
	var err error
	if made.QR, err = newQRCode(subscription); err != nil {
		return made, fault.Wrap(err, fault.Internal, "internal")
	}
	if reachable(v.server.BaseURL) {
		name := url.QueryEscape(made.Name)
		made.Google = "https://calendar.google.com/calendar/render?cid=" + url.QueryEscape(subscription)
		made.Outlook = "https://outlook.live.com/calendar/0/addfromweb?url=" + url.QueryEscape(address) + "&name=" + name
		made.Office = "https://outlook.office.com/calendar/0/addfromweb?url=" + url.QueryEscape(address) + "&name=" + name
	}
	return made, nil
}

// reachable tells whether the services of others could fetch an address of
// ours: not on this machine, in a private network or under a name without a dot.
func reachable(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() && !ip.IsUnspecified()
	}
	local := host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
	return strings.Contains(host, ".") && !local
}

func (v *visit) feedUID() (uuid.UUID, error) {
	if err := v.requireSignIn(); err != nil {
		return uuid.Nil, err
	}
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "feed.not_found")
	}
	return uid, nil
}

// revokeFeed ends an address at once.
func (v *visit) revokeFeed() error {
	uid, err := v.feedUID()
	if err != nil {
		return err
	}
	if err := v.server.Booking.RevokeFeed(v.ctx, v.actor, uid); err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "subscribe.ended", nil)
	return v.redirect(v.path("subscribe"))
}
