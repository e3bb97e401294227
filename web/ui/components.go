package ui

// Kind is the state of a time or a booking; it picks colour, pattern and icon.
type Kind string

// The kinds. Colour never stands alone: a word, an icon and a bar go with it.
const (
	KindFree      Kind = "free"
	KindConfirmed Kind = "confirmed"
	KindRequested Kind = "requested"
	KindStaff     Kind = "staff"   // the unit's own use
	KindOwn       Kind = "own"     // the reader's own booking
	KindHeld      Kind = "held"    // kept for ten minutes
	KindClosed    Kind = "closed"  // outside hours
	KindClosure   Kind = "closure" // blocked by staff
	KindDenied    Kind = "denied"
	KindCancelled Kind = "cancelled"
	KindExpired   Kind = "expired"
	KindInfo      Kind = "info"
)

// StatusTag is a state as bar, icon and word. Template "status-tag".
type StatusTag struct {
	Kind  Kind
	Label string
}

// AlertKind is the weight of a message.
type AlertKind string

// The weights.
const (
	AlertInfo    AlertKind = "info"
	AlertSuccess AlertKind = "success"
	AlertWarning AlertKind = "warning"
	AlertDanger  AlertKind = "danger"
)

// Alert is a message on the page. Template "alert".
type Alert struct {
	Kind  AlertKind
	Title string
	Text  string
	Links []Link
	Act   *PostButton
}

// PostButton is a button that is a form of its own.
type PostButton struct {
	Post   string
	Label  string
	CSRF   string
	Hidden []Hidden
}

// Icon names the drawing that goes with the weight.
func (a Alert) Icon() string {
	switch a.Kind {
	case AlertSuccess:
		return "circle-check"
	case AlertWarning:
		return "alert-triangle"
	case AlertDanger:
		return "circle-x"
	}
	return "info-circle"
}

// Fact is one line of a fact list. Template "facts" takes []Fact.
type Fact struct {
	Icon  string
	Label string
	Value string
	Href  string
	Lang  string // set when the value is in another language than the page
}

// Drawing is one of the small line drawings of empty states.
type Drawing string

// The drawings.
const (
	DrawPine     Drawing = "pine"
	DrawLake     Drawing = "lake"
	DrawCalendar Drawing = "calendar"
)

// Empty is what a list shows when it has nothing. Template "empty".
type Empty struct {
	Drawing Drawing
	Title   string
	Text    string
	Actions []Link // the first is drawn as a button
}

// Pagination is template "pagination"; an empty address hides the link.
type Pagination struct {
	Status   string // "1–20 / 54"
	PrevHref string
	NextHref string
}

// RoomCard is a room in a list. Template "room-card".
type RoomCard struct {
	Href       string
	Name       string
	Lang       string // set when the name is in another language than the page
	Unit       string
	Picture    string // address of a 16:9 picture
	PictureAlt string // empty for the generated drawings
	Facts      []Fact // short ones: persons, price; labels are read, not shown
	Note       string // "Vapaa heti, 2 h 15 min"
	Tag        StatusTag
	Starts     []Link // next free starts, straight to the room with the time chosen
	StartsHead string // "Tänään vapaana"
}

// DateBlock is a day as a small sheet of a tear-off calendar.
type DateBlock struct {
	Datetime string // ISO date
	Weekday  string // "ma"
	Day      string // "23"
	Month    string // "marras"
}

// BookingItem is a booking in a list. Template "booking-item".
type BookingItem struct {
	Href   string
	Date   DateBlock
	Time   string // "17.30–19.00"
	Title  string
	Place  string
	Tag    StatusTag
	Note   string
	Number string
}

// Ticket is a booking on its own page: receipt and summary. Template "ticket".
type Ticket struct {
	Tag     StatusTag
	Date    DateBlock
	When    string // "ma 23.11.2026 klo 17.30–19.00"
	Room    string
	Href    string
	Place   string
	Picture string
	Number  string
	Facts   []Fact
}

// Countdown is how long a hold lasts. Template "countdown". The script counts
// down from the element's data and speaks at 2 and 1 minutes.
type Countdown struct {
	Seconds    int    // left when the page was made
	Remaining  string // "9 min 40 s", as rendered
	Text       string // "Aika on varattu sinulle"
	Expired    string // said when it is over
	Warning    string // said aloud when two minutes are left
	ExtendPost string // empty = cannot be extended
	CSRF       string
}

// Tile is a picture with words over its foot. Template "tile".
type Tile struct {
	Href    string
	Label   string
	Sub     string
	Picture string
}

// Table is a plain table that stacks into cards on phones. Template "table".
type Table struct {
	Caption     string
	HideCaption bool
	Columns     []Column
	Rows        []TableRow
	Foot        []Cell
}

// Column is a head cell.
type Column struct {
	Label   string
	Numeric bool
}

// TableRow is one line; its first cell is the row's head.
type TableRow struct {
	Cells []Cell
}

// Cell is text, a link or a state.
type Cell struct {
	Text string
	Href string
	Tag  StatusTag
}

// Label is the head of column i, shown beside the cell when stacked.
func (t Table) Label(i int) string { return t.at(i).Label }

// Numeric says whether column i is set to the right.
func (t Table) Numeric(i int) bool { return t.at(i).Numeric }

func (t Table) at(i int) Column {
	if i >= len(t.Columns) {
		return Column{}
	}
	return t.Columns[i]
}

// Mail is one message of the demo town's mailbox. Template "mailbox" takes []Mail.
type Mail struct {
	Href    string
	To      string
	Subject string
	Sent    string
	Preview string
	Unread  bool
}

// Chosen is a filter that is on, with the address without it. Template
// "chosen-filters" takes []Chosen.
type Chosen struct {
	Label string
	Href  string
}

// Icon names the drawing of a kind in tags.
func (s StatusTag) Icon() string {
	icons := map[Kind]string{
		KindFree: "circle-check", KindConfirmed: "check", KindRequested: "hourglass", KindStaff: "building",
		KindOwn: "user", KindHeld: "clock", KindClosed: "lock", KindClosure: "tool",
		KindDenied: "ban", KindCancelled: "x", KindExpired: "history",
	}
	if icon, ok := icons[s.Kind]; ok {
		return icon
	}
	return "info-circle"
}
