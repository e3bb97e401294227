package web

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"vuoro/accounts"
	"vuoro/booking"
	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/ledger"
	"vuoro/reports"
	"vuoro/resources"
)

func (s *Server) addReportOperations() {
	serve(s, operation{
		name: "report-hours-json", method: http.MethodGet, path: "/reports/hours", who: reporters, tag: "Reports", slow: true,
		summary: "Booked hours", more: "Elapsed minutes per resource and month, clipped to the local dates; buffers are not counted. Also as CSV. Staff see their units, the city's staff all.",
	}, readHours)
	described := s.api.OpenAPI().Paths["/reports/hours"].Get.Responses["200"]
	described.Description = "The hours."
	described.Content = map[string]*huma.MediaType{
		"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[hoursReportView](), true, "Hours")},
		"text/csv":         {Schema: &huma.Schema{Type: huma.TypeString}},
	}
	serve(s, operation{
		name: "report-demand", method: http.MethodGet, path: "/reports/demand", who: reporters, tag: "Reports", slow: true,
		summary: "Unmet demand", more: "What was searched for without finding any room, by day, the most frequent first, at most 1000 rows. Of texts only words of the vocabularies are kept, so nobody is in it.",
	}, readDemand)
	serve(s, operation{
		name: "verify-audit", method: http.MethodGet, path: "/audit/verify", who: staff, tag: "Reports", slow: true,
		summary: "Check that the audit trail is whole", more: "Walks the trail of every unit of the caller, and of the installation for the city's staff: numbers without gaps, hashes that hold.",
	}, verifyAudit)
}

type hoursQuery struct {
	From   calendar.Date `query:"from" required:"true" doc:"First local date."`
	To     calendar.Date `query:"to" required:"true" doc:"Last local date, at most ten years later."`
	Unit   string        `query:"unit" maxLength:"200" doc:"Id or slug; all of the caller's by default."`
	By     []string      `query:"by" enum:"resource,month" default:"resource,month" doc:"How rows are cut; in this version always by both."`
	Format string        `query:"format" enum:"json,csv" default:"json"`
}

type hoursReportView struct {
	From   calendar.Date   `json:"from"`
	To     calendar.Date   `json:"to"`
	Booked int             `json:"booked_minutes"`
	Change int64           `json:"change" doc:"Number of the last change that is in the answer."`
	Rows   []hoursRowsView `json:"rows"`
}

type hoursRowsView struct {
	Resource     reference `json:"resource"`
	Unit         reference `json:"unit"`
	Month        string    `json:"month" doc:"2026-11"`
	Booked       int       `json:"booked_minutes"`
	Reservations int       `json:"reservations"`
	Closed       int       `json:"closed_minutes"`
	Waiting      int       `json:"waiting_minutes"`
	Cancelled    int       `json:"cancelled_minutes"`
	Missed       int       `json:"missed_minutes"`
}

func readHours(c *call, in *hoursQuery) (*huma.StreamResponse, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	question := reports.HoursQuestion{From: in.From, To: in.To}
	if in.Unit != "" {
		unit, err := c.unit(in.Unit)
		if err != nil {
			return nil, err
		}
		question.Unit = unit.ID
	}
	hours, err := c.server.Reports.BookedHours(c.ctx, c.actor, question)
	if err != nil {
		return nil, err
	}
	if in.Format == "csv" {
		return send("text/csv; charset=utf-8", hours.CSV(c.say)), nil
	}
	raw, err := json.Marshal(hoursReportOf(hours))
	return send(fiber.MIMEApplicationJSON, raw), err
}

func send(contentType string, raw []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", contentType)
		_, _ = ctx.BodyWriter().Write(raw) // into memory
	}}
}

func hoursReportOf(hours reports.Hours) hoursReportView {
	view := hoursReportView{
		From: hours.Question.From, To: hours.Question.To, Booked: hours.Booked(), Change: hours.Change, Rows: []hoursRowsView{},
	}
	for _, row := range hours.Rows {
		view.Rows = append(view.Rows, hoursRowsView{
			Resource: reference{row.ResourceUID, row.ResourceSlug, row.Resource}, Unit: reference{ID: row.UnitUID, Name: row.Unit},
			Month: row.Month, Booked: row.Booked, Reservations: row.Reservations, Closed: row.Closed,
			Waiting: row.Waiting, Cancelled: row.Cancelled, Missed: row.Missed,
		})
	}
	return view
}

type demandQuery struct {
	From calendar.Date `query:"from" required:"true" doc:"First local date."`
	To   calendar.Date `query:"to" required:"true" doc:"Last local date."`
}

type unmetView struct {
	Day      calendar.Date `json:"day"`
	Language string        `json:"language"`
	Times    int           `json:"times" doc:"How often it was searched for."`
	Wish     booking.Wish  `json:"wish"`
}

func readDemand(c *call, in *demandQuery) (*body[pageView[unmetView]], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	list, err := c.server.Booking.Demand(c.ctx, c.actor, in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := pageView[unmetView]{Items: []unmetView{}}
	for _, unmet := range list {
		out.Items = append(out.Items, unmetView{unmet.Day, unmet.Language, unmet.Times, unmet.Wish})
	}
	return &body[pageView[unmetView]]{out}, nil
}

type auditView struct {
	Whole   bool         `json:"whole" doc:"Every trail holds."`
	Streams []streamView `json:"streams"`
}

type streamView struct {
	Unit    *reference `json:"unit" doc:"null for the installation's own trail."`
	Entries int64      `json:"entries" doc:"How many hold, from the first on."`
	Whole   bool       `json:"whole"`
	Problem string     `json:"problem,omitempty"`
}

func verifyAudit(c *call, _ *struct{}) (*body[auditView], error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	streams, err := c.auditStreams()
	if err != nil {
		return nil, err
	}
	out := auditView{Whole: true, Streams: []streamView{}}
	for _, unit := range streams {
		view := streamView{Whole: true}
		if unit.ID != 0 {
			view.Unit = &reference{unit.UID, unit.Slug, unit.Name}
		}
		if view.Entries, err = ledger.Verify(c.ctx, c.server.DB, unit.ID); err != nil {
			if f := fault.As(err); f.Kind == fault.Unavailable {
				return nil, err
			}
			view.Whole, view.Problem, out.Whole = false, err.Error(), false
		}
		out.Streams = append(out.Streams, view)
	}
	return &body[auditView]{out}, nil
}

// auditStreams are the units whose trail the actor may check; the zero unit is
// the installation.
func (c *call) auditStreams() ([]resources.Unit, error) {
	units, err := c.server.Resources.Units(c.ctx, c.server.DB)
	if err != nil {
		return nil, err
	}
	var mine []resources.Unit
	if accounts.Can(c.actor, accounts.ManageCity, accounts.Object{}) {
		mine = append(mine, resources.Unit{})
	}
	for _, unit := range units {
		if accounts.Can(c.actor, accounts.ViewUnitWork, accounts.Object{Unit: unit.ID}) {
			mine = append(mine, unit)
		}
	}
	if len(mine) == 0 {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return mine, nil
}
