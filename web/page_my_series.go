package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/web/ui"
)

// mySeriesPage is the data of templates/my-series.html: receipt and page of a
// series in one.
type mySeriesPage struct {
	ui.Frame
	Sentence   string
	State      *ui.Alert
	Counts     []string
	Summary    ui.ErrorSummary
	Refused    *ui.Alert
	Facts      []ui.Fact
	Coming     []seriesRow
	Past       []seriesRow
	Rejected   []rejectedRow
	Date       *ui.Field // one more date; nil where the visitor may not
	Add, Drop  string
	Subscribe  string
	EditHref   string
	Kin        []ui.Link // the series that it goes on from, and those that go on from it
	CancelHref string
	WorkHref   string
}

// seriesRow is a date of a series that was made.
type seriesRow struct {
	Href   string
	When   string
	Room   string // where it is not the series' own
	Note   string // where and when it was moved from
	Number string
	Tag    ui.StatusTag
}

// rejectedRow is a date that was not made.
type rejectedRow struct {
	Date string // ISO, as forms carry it
	When string
	Why  string
	Free bool   // can be made now
	Wait string // the place in line
	Line string // its page
	Add  string
	Drop string
}

// mySeriesRoutes are a series of one's own.
func mySeriesRoutes() []route {
	at := func(fi, sv, en string) spelling {
		return spelling{"/fi/sarjat/:ref" + fi, "/sv/serier/:ref" + sv, "/en/series/:ref" + en}
	}
	return []route{
		{name: "my-series", method: get, at: at("", "", ""), who: viewers, handle: (*visit).showMySeries},
		{name: "my-series-add", method: post, at: at("/lisaa", "/lagg-till", "/add"), who: holders, handle: (*visit).addSeriesDate},
		{name: "my-series-drop", method: post, at: at("/poista", "/ta-bort", "/drop"), who: holders, handle: (*visit).dropSeriesDate},
		{name: "my-series-cancel", method: get, at: at("/peru", "/avboka", "/cancel"), who: holders, handle: (*visit).showSeriesCancel},
		{name: "my-series-cancel-it", method: post, at: at("/peru", "/avboka", "/cancel"), who: holders, handle: (*visit).cancelSeries},
	}
}

func (v *visit) showMySeries() error {
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return v.hiddenFromVisitors(err)
	}
	return v.mySeries(card, problems{})
}

func (v *visit) mySeries(card booking.SeriesCard, p problems) error {
	ref := card.Number
	title := card.Title
	if title == "" {
		title = v.named(card.ResourceName)
	}
	page := mySeriesPage{
		Frame:    v.frame(title, ui.Link{Href: v.path("mine"), Label: v.t("nav.mine")}),
		Sentence: v.ruleWords(card.Plan(), card.UnitCity), Summary: p.Summary, Facts: v.seriesFacts(card),
		Add: v.path("my-series-add", ref), Drop: v.path("my-series-drop", ref), Subscribe: v.path("subscribe"),
	}
	if p.Refusal != nil {
		page.Refused = &ui.Alert{Kind: ui.AlertWarning, Title: v.t("checkout.instead"), Links: v.alternativeLinks(p.Refusal.Alternatives)}
	}
	if card.HolderAssociation != nil {
		page.Subscribe = v.seriesSubscribe(card)
	}
	may := v.maySeriesChange(card)
	v.listDates(&page, card, may)
	if may {
		page.Date = &ui.Field{
			Name: "date", Label: v.t("series.add_date"), Hint: v.t("series.add_hint"), Autocomplete: "off", MaxLength: 40, Width: "s",
			Error: p.Fields["date"], Value: v.form("date"),
		}
		if card.Coming > 0 {
			page.CancelHref, page.EditHref = v.path("my-series-cancel", ref), v.path("my-series-edit", ref)
		}
	}
	page.Kin = v.seriesKin(card)
	if v.worksFor(card.Unit) {
		page.WorkHref = v.path("work-series", ref)
	}
	page.NoIndex = true
	return v.render("my-series", page)
}

// seriesKin leads along the series that a change has made of one.
func (v *visit) seriesKin(card booking.SeriesCard) []ui.Link {
	var links []ui.Link
	if card.Before != nil {
		links = append(links, ui.Link{Href: v.path("my-series", card.Before.Number), Label: v.t("series.before", "number", card.Before.Number)})
	}
	for _, after := range card.After {
		links = append(links, ui.Link{Href: v.path("my-series", after.Number), Label: v.t("series.after", "number", after.Number)})
	}
	return links
}

// maySeriesChange tells whether the visitor acts for the holder or handles the
// unit's bookings.
func (v *visit) maySeriesChange(card booking.SeriesCard) bool {
	if len(card.Dates) > 0 && v.mayChange(card.Dates[0]) {
		return true
	}
	return accounts.Can(v.actor, accounts.HandleReservation, accounts.Object{Unit: card.Unit})
}

// listDates sorts the dates into those to come and those that are over, and
// says of each rejected one why, and whether it can be had now.
func (v *visit) listDates(page *mySeriesPage, card booking.SeriesCard, may bool) {
	states := map[booking.State]int{}
	for _, c := range card.Dates {
		row := v.seriesRow(card, c)
		states[c.State]++
		if c.EndAt.After(v.now) {
			page.Coming = append(page.Coming, row)
		} else {
			page.Past = append(page.Past, row)
		}
	}
	waits := v.waitsOf(card)
	for _, d := range card.Rejected {
		wait, waiting := waits[d.SeriesDate]
		row := rejectedRow{
			Date: d.SeriesDate.String(), When: v.say.Range(d.BeginAt, d.EndAt), Why: v.t(d.Code, fault.Params(d.Reason.V.Params)), Free: d.Free && may,
		}
		if waiting {
			row.Wait, row.Line = v.waitTag(wait).Label, v.path("wait", wait.UID.String())
		}
		if may {
			row.Add, row.Drop = page.Add, page.Drop
		}
		page.Rejected = append(page.Rejected, row)
	}
	for _, state := range []booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment, booking.Denied, booking.Cancelled, booking.Expired} {
		if n := states[state]; n > 0 {
			page.Counts = append(page.Counts, strconv.Itoa(n)+" "+strings.ToLower(v.t("state."+string(state))))
		}
	}
	if n := len(card.Rejected); n > 0 {
		page.Counts = append(page.Counts, v.t("series.n_rejected", "n", n))
	}
	if card.Requested > 0 {
		page.State = &ui.Alert{Kind: ui.AlertInfo, Title: v.t("series.requested"), Text: v.t("series.requested_text")}
	}
}

// waitsOf are the visitor's wishes for dates of a series. Who cannot see wishes
// sees the dates without them.
func (v *visit) waitsOf(card booking.SeriesCard) map[calendar.Date]booking.WaitCard {
	waits := map[calendar.Date]booking.WaitCard{}
	list, err := v.server.Booking.Waits(v.ctx, v.actor)
	for _, wait := range list {
		if err == nil && wait.Series != nil && *wait.Series == card.ID {
			waits[wait.SeriesDate] = wait
		}
	}
	return waits
}

func (v *visit) seriesRow(card booking.SeriesCard, c booking.Card) seriesRow {
	row := seriesRow{
		Href: v.path("reservation", c.Number), When: v.say.Range(c.BeginAt, c.EndAt), Number: c.Number, Tag: v.stateTag(c.Reservation),
	}
	if c.Resource != card.Resource {
		row.Room = v.named(c.ResourceName)
	}
	begin := calendar.Resolve(c.SeriesDate, card.FromMinute, v.server.Zone).Instant
	end := calendar.Resolve(c.SeriesDate, card.ToMinute, v.server.Zone).Instant
	if !c.BeginAt.Equal(begin) || !c.EndAt.Equal(end) {
		row.Note = v.t("series.moved_from", "when", v.say.ShortRange(begin, end))
	}
	return row
}

func (v *visit) seriesFacts(card booking.SeriesCard) []ui.Fact {
	facts := []ui.Fact{
		{Icon: "building-community", Label: v.t("mail.fact.room"), Value: v.named(card.ResourceName), Href: v.path("room", card.ResourceSlug)},
		{Icon: "map-pin", Label: v.t("mail.fact.place"), Value: v.named(card.UnitName)},
		{Icon: "users", Label: v.t("field.holder"), Value: card.HolderName},
	}
	if card.Persons != nil {
		facts = append(facts, ui.Fact{Icon: "users", Label: v.t("field.persons"), Value: strconv.Itoa(*card.Persons)})
	}
	if card.Purpose != "" {
		facts = append(facts, ui.Fact{Icon: "list", Label: v.t("field.purpose"), Value: v.purposeName(card.Purpose)})
	}
	if sum, known := seriesSum(card); known {
		facts = append(facts, ui.Fact{Icon: "currency-euro", Label: v.t("series.price"), Value: capital(v.sum(&sum))})
	}
	return append(facts, ui.Fact{Icon: "receipt", Label: v.t("mail.fact.number"), Value: card.Number})
}

// seriesSum is what the standing dates cost; not known where one is agreed.
func seriesSum(card booking.SeriesCard) (sum int, known bool) {
	for _, c := range card.Dates {
		if !slices.Contains([]booking.State{booking.Confirmed, booking.Requested, booking.AwaitingPayment}, c.State) {
			continue
		}
		if c.PriceCents == nil {
			return 0, false
		}
		sum, known = sum+*c.PriceCents, true
	}
	return sum, known
}

// seriesSubscribe is the page of the association's calendar.
func (v *visit) seriesSubscribe(card booking.SeriesCard) string {
	standings, err := v.server.Accounts.Standings(v.ctx, v.actor)
	if err != nil {
		return v.path("subscribe")
	}
	for _, s := range standings {
		if s.Association.ID == *card.HolderAssociation {
			return v.pathWith("subscribe", url.Values{"association": {s.Association.UID.String()}})
		}
	}
	return v.path("subscribe")
}

// addSeriesDate makes one more date: a rejected one, or one that was typed.
func (v *visit) addSeriesDate() error {
	date, err := v.typedDate(v.form("date"))
	if err != nil {
		e := fault.As(err)
		err = fault.InvalidField("date", e.Code, e.Params)
	}
	ref := v.param("ref")
	if err == nil {
		_, err = v.server.Booking.AddDate(v.ctx, v.actor, ref, booking.SeriesAdd{
			Date: date, Key: ledger.Key{},
		})
	}
	if err == nil {
		v.flash(ui.AlertSuccess, "series.added", fault.Params{"date": date.String()})
		return v.redirect(v.path("my-series", ref))
	}
	return v.mySeriesAgain(err)
}

// dropSeriesDate takes a rejected date off the list.
func (v *visit) dropSeriesDate() error {
	date, err := calendar.ParseDate(v.form("date"))
	if err != nil {
		err = fault.InvalidField("date", "series.first")
	}
	ref := v.param("ref")
	if err == nil {
		err = v.server.Booking.DropRejected(v.ctx, v.actor, ref, date)
	}
	if err == nil {
		v.flash(ui.AlertSuccess, "series.dropped", nil)
		return v.redirect(v.path("my-series", ref))
	}
	return v.mySeriesAgain(err)
}

// mySeriesAgain shows the page with what was wrong.
func (v *visit) mySeriesAgain(cause error) error {
	p, ok := v.problems(cause)
	if !ok {
		return cause
	}
	card, err := v.server.Booking.GetSeries(v.ctx, v.actor, v.param("ref"))
	if err != nil {
		return err
	}
	return v.mySeries(card, p)
}
