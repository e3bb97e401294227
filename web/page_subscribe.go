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
	Made  *madeFeed // shown once, right after it was made
	Feeds []feedRow
}

// madeFeed is a secret address in the forms that calendars want.
type madeFeed struct {
	Webcal  template.URL // of our own making; other schemes than http are refused in templates
	Address string
	QR      qrCode
	Google  string // empty where the address cannot be reached from outside
	Outlook string
	Office  string
}

type feedRow struct {
	Name, Made, End string
}

func (v *visit) showSubscribe() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	return v.subscribePage(nil)
}

func (v *visit) subscribePage(made *madeFeed) error {
	feeds, err := v.server.Booking.Feeds(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := subscribePage{Frame: v.frame(v.t("subscribe.title"), ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}), Made: made}
	for _, feed := range feeds {
		row := feedRow{Name: feed.Name, Made: v.say.DateTime(feed.CreatedAt), End: v.path("subscribe-end", feed.UID.String())}
		if row.Name == "" {
			row.Name = v.t("feed.name." + string(feed.Scope))
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
	token, _, err := v.server.Booking.MakeFeed(v.ctx, v.actor, booking.FeedRequest{
		Scope: booking.PersonScope, Language: v.lang, Name: v.t("feed.name.person"),
	})
	if err != nil {
		return err
	}
	made, err := v.madeFeed(token)
	if err != nil {
		return err
	}
	v.hideAddress()
	return v.subscribePage(&made)
}

func (v *visit) madeFeed(token string) (madeFeed, error) {
	address := v.server.BaseURL + v.path("feed", token)
	_, rest, _ := strings.Cut(address, "://")
	webcal := "webcal://" + rest
	made := madeFeed{Address: address, Webcal: template.URL(webcal)}
	var err error
	if made.QR, err = newQRCode(webcal); err != nil {
		return made, fault.Wrap(err, fault.Internal, "internal")
	}
	if reachable(v.server.BaseURL) {
		name := url.QueryEscape(v.t("feed.name.person"))
		made.Google = "https://calendar.google.com/calendar/render?cid=" + url.QueryEscape(webcal)
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

// revokeFeed ends an address at once.
func (v *visit) revokeFeed() error {
	if err := v.requireSignIn(); err != nil {
		return err
	}
	uid, err := uuid.Parse(v.param("uid"))
	if err != nil {
		return fault.New(fault.NotFound, "feed.not_found")
	}
	if err := v.server.Booking.RevokeFeed(v.ctx, v.actor, uid); err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "subscribe.ended", nil)
	return v.redirect(v.path("subscribe"))
}
