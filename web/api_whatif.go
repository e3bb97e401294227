package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vuoro/calendar"
	"vuoro/fault"
	"vuoro/reports"
	"vuoro/resources"
)

func (s *Server) addWhatIfOperations() {
	serve(s, operation{
		name: "whatif-ask", method: http.MethodPost, path: "/rule-books/{key}/{version}/what-if", who: managers, tag: "Reports", slow: true,
		summary: "Ask what if",
		more: "Answers the requests of a period once more, by a version of a rule book that may be a draft, and compares. Nothing is written. " +
			"A short replay is answered at once (200); of a long one the address to poll is in Location (202). One at a time per person; the answer is kept for an hour, for whoever asked.",
	}, askWhatIf)
	serve(s, operation{
		name: "whatif-read", method: http.MethodGet, path: "/rule-books/{key}/{version}/what-if/{id}", who: asker, tag: "Reports",
		summary: "Read what if", more: "How far a replay has come, and its answer once it is over.",
	}, readWhatIf)
}

type whatIfInput struct {
	Key     string `path:"key"`
	Version int    `path:"version" minimum:"1"`
	Body    struct {
		From     calendar.Date `json:"from" doc:"First local date of the turns that were asked for."`
		To       calendar.Date `json:"to" doc:"Last one, at most ten years later."`
		Against  int           `json:"against,omitempty" minimum:"1" doc:"Version to compare with; what is in force by default."`
		Unit     string        `json:"unit,omitempty" doc:"Id or slug; all by default."`
		Resource string        `json:"resource,omitempty" doc:"Slug; all that follow the book by default."`
	}
}

type whatIfOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     whatIfView
}

type whatIfView struct {
	ID       uuid.UUID     `json:"id"`
	Over     bool          `json:"over" doc:"The answer is there."`
	Done     int           `json:"done" doc:"Requests that have been gone through."`
	Requests int           `json:"requests" doc:"Of so many."`
	Answer   *whatIfAnswer `json:"answer,omitempty"`
}

type whatIfAnswer struct {
	Total     balanceView        `json:"total"`
	Groups    []groupBalance     `json:"groups" doc:"By group of holders; the groups add up to the total."`
	Resources []resourceBalance  `json:"resources" doc:"By resource; they add up to the total."`
	Times     []timeBalance      `json:"times" doc:"By weekday and part of the day; they add up to the total."`
	Rulings   []rulingBalance    `json:"rulings" doc:"Changed requests by what decided before and now."`
	Changes   []whatIfChangeView `json:"changes" doc:"Changed requests in the order in which they were made, the first 10 000."`
}

type amountView struct {
	Requests int `json:"requests"`
	Minutes  int `json:"minutes" doc:"Elapsed."`
}

type balanceView struct {
	Asked     amountView `json:"asked"`
	Gained    amountView `json:"gained" doc:"Refused before, not now."`
	Lost      amountView `json:"lost" doc:"Refused now, not before."`
	Eased     amountView `json:"eased" doc:"Needs no approval any more."`
	Tightened amountView `json:"tightened" doc:"Needs an approval now."`
	Same      amountView `json:"same"`
	Dearer    amountView `json:"dearer"`
	Cheaper   amountView `json:"cheaper"`
	Changed   amountView `json:"changed" doc:"Another answer or another price."`
	OldCents  int        `json:"old_cents" doc:"Of what was granted, where the price is known."`
	NewCents  int        `json:"new_cents"`
	Holders   int        `json:"holders"`
}

type groupBalance struct {
	Group   string      `json:"group"`
	Balance balanceView `json:"balance"`
}

type resourceBalance struct {
	Resource string      `json:"resource" doc:"Slug."`
	Balance  balanceView `json:"balance"`
}

type timeBalance struct {
	Weekday int         `json:"weekday" doc:"1 is Monday."`
	Part    string      `json:"part" enum:"morning,day,evening"`
	Balance balanceView `json:"balance"`
}

type rulingBalance struct {
	Before  string      `json:"before" doc:"Id of a rule, or check: and the name of a check."`
	After   string      `json:"after"`
	Balance balanceView `json:"balance"`
}

type whatIfChangeView struct {
	Number   string      `json:"number"`
	Resource string      `json:"resource"`
	Group    string      `json:"group"`
	Begin    time.Time   `json:"begin"`
	Minutes  int         `json:"minutes"`
	Before   outcomeView `json:"before"`
	After    outcomeView `json:"after"`
}

type outcomeView struct {
	Verdict string `json:"verdict" enum:"allow,approval,refuse"`
	Cents   *int   `json:"cents" doc:"null where the price is not known."`
	By      string `json:"by" doc:"Id of the rule that decided, or check: and the name of a check."`
}

func askWhatIf(c *call, in *whatIfInput) (*whatIfOutput, error) {
	question, err := c.whatIfQuestion(in)
	if err != nil {
		return nil, err
	}
	run, err := c.server.whatIfs.Start(c.ctx, c.actor, question)
	if err != nil {
		return nil, err
	}
	if run.Total <= atOnce {
		run.Wait(c.ctx)
	}
	out, err := c.whatIfOutput(run)
	if err == nil && !run.Over() {
		out.Status = http.StatusAccepted
		out.Location = strings.Join([]string{c.server.BaseURL + apiPrefix + "/rule-books", in.Key, strconv.Itoa(in.Version), "what-if", run.ID.String()}, "/")
	}
	return out, err
}

func (c *call) whatIfQuestion(in *whatIfInput) (q reports.WhatIfQuestion, err error) {
	if err := c.requireSignIn(); err != nil {
		return q, err
	}
	q.From, q.To = in.Body.From, in.Body.To
	if q.Book, err = c.server.Resources.BookVersion(c.ctx, c.server.DB, in.Key, in.Version); err != nil {
		return q, err
	}
	if in.Body.Against != 0 {
		against, err := c.server.Resources.BookVersion(c.ctx, c.server.DB, in.Key, in.Body.Against)
		if err != nil {
			return q, err
		}
		q.Against = &against
	}
	if in.Body.Unit != "" {
		unit, err := c.unit(in.Body.Unit)
		if err != nil {
			return q, err
		}
		q.Unit = unit.ID
	}
	if in.Body.Resource != "" {
		place, _, err := c.server.Resources.PlaceBySlug(c.ctx, c.server.DB, in.Body.Resource)
		if err != nil {
			return q, err
		}
		q.Resource = place.Resource.ID
	}
	return q, nil
}

func readWhatIf(c *call, in *struct {
	Key     string    `path:"key"`
	Version int       `path:"version" minimum:"1"`
	ID      uuid.UUID `path:"id"`
},
) (*whatIfOutput, error) {
	if err := c.requireSignIn(); err != nil {
		return nil, err
	}
	run, err := c.server.whatIfs.Find(c.actor, in.ID)
	if err == nil && (run.Question.Book.Key != in.Key || run.Question.Book.Version != in.Version) {
		err = fault.New(fault.NotFound, "whatif.gone")
	}
	if err != nil {
		return nil, err
	}
	return c.whatIfOutput(run)
}

func (c *call) whatIfOutput(run *reports.WhatIfRun) (*whatIfOutput, error) {
	out := &whatIfOutput{Status: http.StatusOK, Body: whatIfView{ID: run.ID, Over: run.Over(), Done: run.Done(), Requests: run.Total}}
	if !out.Body.Over {
		return out, nil
	}
	answer, err := run.Result()
	if err != nil {
		return nil, err
	}
	places, err := c.server.Resources.Places(c.ctx, c.server.DB, resources.Filter{IncludeUnpublished: true})
	slugs := map[int]string{}
	for _, place := range places {
		slugs[place.Resource.ID] = place.Resource.Slug
	}
	out.Body.Answer = whatIfAnswerOf(answer, slugs)
	return out, err
}

func whatIfAnswerOf(answer reports.WhatIf, slugs map[int]string) *whatIfAnswer {
	view := &whatIfAnswer{
		Total: balanceOf(answer.Total), Groups: []groupBalance{}, Resources: []resourceBalance{}, Times: []timeBalance{}, Rulings: []rulingBalance{}, Changes: []whatIfChangeView{},
	}
	for _, cut := range answer.Groups {
		view.Groups = append(view.Groups, groupBalance{string(cut.Key), balanceOf(cut.Balance)})
	}
	for _, cut := range answer.Resources {
		view.Resources = append(view.Resources, resourceBalance{slugs[cut.Key], balanceOf(cut.Balance)})
	}
	for _, cut := range answer.Times {
		view.Times = append(view.Times, timeBalance{int(cut.Key.Weekday), cut.Key.Part, balanceOf(cut.Balance)})
	}
	for _, cut := range answer.Rulings {
		view.Rulings = append(view.Rulings, rulingBalance{cut.Key.Old, cut.Key.New, balanceOf(cut.Balance)})
	}
	for _, turn := range answer.Changes {
		view.Changes = append(view.Changes, whatIfChangeView{
			Number: turn.Number, Resource: slugs[turn.Resource], Group: string(turn.Group), Begin: turn.Begin, Minutes: turn.Minutes,
			Before: outcomeOf(turn.Old), After: outcomeOf(turn.New),
		})
	}
	return view
}

func balanceOf(b reports.Balance) balanceView {
	return balanceView{
		Asked: amountView(b.Asked), Gained: amountView(b.Gained), Lost: amountView(b.Lost), Eased: amountView(b.Eased), Tightened: amountView(b.Tightened),
		Same: amountView(b.Same), Dearer: amountView(b.Dearer), Cheaper: amountView(b.Cheaper), Changed: amountView(b.Changed),
		OldCents: b.OldCents, NewCents: b.NewCents, Holders: b.Holders,
	}
}

func outcomeOf(o reports.Outcome) outcomeView {
	return outcomeView{Verdict: string(o.Verdict), Cents: o.Cents, By: o.By}
}
