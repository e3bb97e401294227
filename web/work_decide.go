package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"vuoro/booking"
	"vuoro/fault"
	"vuoro/web/ui"
)

// bulkResult is what became of one of several requests.
type bulkResult struct {
	Label string
	Href  string
	Done  bool
	Why   string
}

// maxBulk bounds how many are decided with one press.
const maxBulk = 100

// decideRequests is the inbox's form: one request, or all that are ticked.
func (v *visit) decideRequests() error {
	if err := v.requireStaff(); err != nil {
		return err
	}
	if v.form("act") == "approve-picked" {
		return v.approvePicked()
	}
	if isSeries(v.form("ref")) {
		return v.decideWhole(v.form("ref"))
	}
	done, err := v.decide(v.form("ref"))
	if p, ok := v.problems(err); ok {
		return v.inbox(v.atForm(p), nil)
	} else if err != nil {
		return err
	}
	v.flash(ui.AlertSuccess, "work.done."+v.form("act"), fault.Params{"number": done.Number})
	return v.redirect(v.inboxHref("", ""))
}

// approvePicked approves the ticked requests, a transaction each, and tells of
// each what became of it.
func (v *visit) approvePicked() error {
	picks := v.formAll("pick")
	if len(picks) == 0 || len(picks) > maxBulk {
		p, _ := v.problems(fault.New(fault.Invalid, "work.pick_some", fault.Params{"max": maxBulk}))
		return v.inbox(p, nil)
	}
	var results []bulkResult
	went := 0
	for _, pick := range picks {
		number, revision, _ := strings.Cut(pick, ":")
		result := v.approveOne(number, revision)
		if result.Done {
			went++
		}
		results = append(results, result)
	}
	if went == 0 {
		v.c.Status(fiber.StatusConflict)
	}
	return v.inbox(problems{}, results)
}

func (v *visit) approveOne(number, revision string) bulkResult {
	result := bulkResult{Label: number, Href: v.path("work-reservation", number)}
	n, err := strconv.Atoi(revision)
	if err != nil || n < 1 {
		err = fault.New(fault.Stale, "stale")
	}
	if isSeries(number) {
		return v.approveWhole(number, n, err)
	}
	if card, lookErr := v.server.Booking.GetForStaff(v.ctx, v.actor, number); lookErr == nil {
		result.Label = v.holderName(card) + ", " + v.named(card.ResourceName) + ", " + v.say.ShortRange(card.BeginAt, card.EndAt)
	} else {
		result.Href = ""
	}
	if err == nil {
		_, err = v.server.Booking.Approve(v.ctx, v.actor, booking.Change{Ref: number, Revision: n})
	}
	return v.bulkOutcome(result, err)
}

// bulkOutcome is a result with what became of it.
func (v *visit) bulkOutcome(result bulkResult, err error) bulkResult {
	if err == nil {
		result.Done = true
		return result
	}
	if _, f := statusOf(err); f.Kind != fault.Internal {
		result.Why = sentence(v.say, f.Kind, f.Code, f.Params)
		return result
	}
	v.server.logError(v.c, fiber.StatusInternalServerError, err)
	result.Why = v.t("internal")
	return result
}

// approveWhole approves a series that is ticked, as one.
func (v *visit) approveWhole(number string, revision int, err error) bulkResult {
	result := bulkResult{Label: number}
	seen, lookErr := v.server.Booking.SeriesForStaff(v.ctx, v.actor, number)
	if lookErr != nil {
		return v.bulkOutcome(result, lookErr)
	}
	result.Href = v.path("work-series", number)
	result.Label = v.seriesHolder(seen.SeriesHead) + ", " + v.named(seen.ResourceName) + ", " + v.repeatLine(seen.Plan())
	var report booking.SeriesReport
	if err == nil {
		report, err = v.server.Booking.ApproveSeries(v.ctx, v.actor, booking.SeriesChange{Ref: number, Revision: revision})
	}
	if result = v.bulkOutcome(result, err); result.Done && len(report.Left) > 0 {
		result.Done, result.Why = false, v.t("work.series_partly", "n", len(report.Done), "left", len(report.Left))
	}
	return result
}

// decideWhole decides about a series that is open in the inbox.
func (v *visit) decideWhole(ref string) error {
	report, err := v.decideSeries(ref)
	if p, ok := v.problems(err); ok {
		return v.inbox(v.atSeriesForm(p), nil)
	} else if err != nil {
		return err
	}
	if len(report.Left) > 0 {
		return v.inbox(problems{}, v.leftTurns(report))
	}
	v.flash(ui.AlertSuccess, "work.series_done."+v.form("act"), fault.Params{"number": report.Series.Number, "n": len(report.Done)})
	return v.redirect(v.inboxHref("", ""))
}

// decide carries out what a form asks for. A decision that this visitor has
// already made with the same form is not made twice, and not an error.
func (v *visit) decide(ref string) (booking.Reservation, error) {
	revision, err := v.revision()
	if err != nil {
		return booking.Reservation{}, err
	}
	engine := v.server.Booking
	c := booking.Change{Ref: ref, Revision: revision, ReasonText: v.form("reason")}
	if free := v.form("free"); free != "" {
		c.Free = new(free == "yes")
	}
	var done booking.Reservation
	switch v.form("act") {
	case "approve":
		done, err = engine.Approve(v.ctx, v.actor, c)
	case "deny":
		done, err = engine.Deny(v.ctx, v.actor, c)
	case "return":
		done, err = engine.Return(v.ctx, v.actor, c)
	case "cancel":
		done, err = engine.Cancel(v.ctx, v.actor, c)
	case "check-in":
		done, err = engine.CheckIn(v.ctx, v.actor, c)
	case "check-in-undo":
		done, err = engine.UndoCheckIn(v.ctx, v.actor, c)
	case "no-show":
		done, err = engine.NoShow(v.ctx, v.actor, c)
	case "no-show-undo":
		done, err = engine.UndoNoShow(v.ctx, v.actor, c)
	default:
		err = fault.New(fault.Malformed, "malformed")
	}
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Stale) {
		if again, ok := v.doneBefore(ref, revision); ok {
			return again, nil
		}
	}
	return done, err
}

// doneBefore tells whether the very next step after a revision was the one that
// the form asks for, by this visitor.
func (v *visit) doneBefore(ref string, revision int) (booking.Reservation, bool) {
	wanted := map[string]booking.State{"approve": booking.Confirmed, "deny": booking.Denied}[v.form("act")]
	card, err := v.server.Booking.GetForStaff(v.ctx, v.actor, ref)
	mine := card.DecidedBy != nil && *card.DecidedBy == v.actor.ID()
	return card.Reservation, err == nil && mine && card.Revision == revision+1 && card.State == wanted
}
