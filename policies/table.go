package policies

// Mode says what a check means for a kind of reservation.
type Mode string

// The modes: a violation refuses, is kept but does not refuse, or is not asked.
const (
	Applies    Mode = "applies"
	Overridden Mode = "override"
	NotAsked   Mode = "not asked"
)

// row is one check: at which stage and of which kind it is asked. early checks
// are about place and time and asked at hold already, all others at confirm.
type row struct {
	name  string
	check func(*inquiry) []Violation
	early bool
	modes [5]Mode // by column
}

// column gives a kind its place in the table.
func column(kind Kind) int {
	switch kind {
	case Behalf:
		return 1
	case Staff:
		return 2
	case Closure:
		return 3
	case Seasonal:
		return 4
	}
	return 0
}

// early marks the rows that are asked at hold already.
const early = true

// table is the order in which violations are reported and, per kind, whether a
// check applies. Three checks differ in kind, not only in mode, and have a row
// for each form: the past, the raster, the hours.
//
// Adult and strong sign-in, terms and "not in two places" are about the person
// who books; they are not asked of staff, who answer for what they book.
// Closures and seasonal dates answer to fewer: a season's round has asked the
// others already.
var table = []row{
	//                                                     ordinary  behalf      staff       closure   seasonal
	{"published", checkPublished, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"booking_window", checkBookingWindow, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"season_only", checkSeasonOnly, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"series", checkSeries, early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"adult_only", checkAdult, !early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"strong_sign_in", checkStrongSignIn, !early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"begin_before_end", checkBeginBeforeEnd, early, [5]Mode{Applies, Applies, Applies, Applies, Applies}},
	{"past", checkNotPast, early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"before_today", checkNotBeforeToday, early, [5]Mode{NotAsked, Applies, Applies, Applies, Applies}},
	{"duration", checkDuration, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"raster", checkRaster, early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"staff_raster", checkStaffRaster, early, [5]Mode{NotAsked, Overridden, Overridden, NotAsked, NotAsked}},
	{"seasonal_raster", checkSeasonalRaster, early, [5]Mode{NotAsked, NotAsked, NotAsked, NotAsked, Applies}},
	{"days_ahead_max", checkNotTooFarAhead, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"days_ahead_min", checkNotTooSoon, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"hours", checkHours, early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"closed_dates", checkClosedDates, early, [5]Mode{NotAsked, NotAsked, NotAsked, NotAsked, Applies}},
	{"active_limit", checkActiveLimit, !early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"quota", checkQuotas, !early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"persons", checkPersons, !early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"required_fields", checkFields, !early, [5]Mode{Applies, Overridden, Overridden, NotAsked, NotAsked}},
	{"free_of_charge", checkFreeOfCharge, !early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"terms", checkTerms, !early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"one_place_at_once", checkElsewhere, !early, [5]Mode{Applies, NotAsked, NotAsked, NotAsked, NotAsked}},
	{"rule_book", checkRuleBook, !early, [5]Mode{Applies, Overridden, NotAsked, NotAsked, NotAsked}},
}

// answer asks the check if its time has come and marks what is overridden.
func (r *row) answer(in *inquiry) ([]Violation, Mode) {
	mode := r.modes[column(in.Kind)]
	if mode == NotAsked || (in.Stage == AtHold && !r.early) {
		return nil, NotAsked
	}
	found := r.check(in)
	if mode == Overridden {
		for i := range found {
			found[i].Overridden = true
		}
	}
	return found, mode
}
