package policies

// The codes of violations. Each is also the key of a sentence in web/locales.
const (
	CodeNotOpen       = "booking.not_open"
	CodeWindowOpens   = "booking.window_opens"
	CodeWindow        = "booking.window"
	CodeSeasonOnly    = "booking.season_only"
	CodeNoSeries      = "booking.no_series"
	CodeAdultsOnly    = "booking.adults_only"
	CodeStrongSignIn  = "booking.strong_sign_in"
	CodeEndBefore     = "booking.end_before_begin"
	CodePast          = "booking.past"
	CodeTooShort      = "booking.too_short"
	CodeTooLong       = "booking.too_long"
	CodeRasterStart   = "booking.raster_start"
	CodeRasterLength  = "booking.raster_length"
	CodeTooFarAhead   = "booking.too_far_ahead"
	CodeTooSoon       = "booking.too_soon"
	CodeClosed        = "booking.closed"
	CodeCoreUse       = "booking.core_use"
	CodeNotReservable = "booking.not_reservable"
	CodeNotOneSpan    = "booking.not_one_span"
	CodeActiveLimit   = "booking.active_limit"
	CodeQuota         = "booking.quota"
	CodeQuotaTimes    = "booking.quota_times"
	CodePersonsMin    = "booking.persons_min"
	CodePersonsMax    = "booking.persons_max"
	CodeFieldMissing  = "booking.field_missing"
	CodeFreeReason    = "booking.free_reason"
	CodeTerms         = "booking.terms"
	CodeElsewhere     = "booking.elsewhere"
	CodeRule          = "booking.rule"
	CodeNobodyAllowed = "booking.nobody_allowed"
)

// The codes of reasons for an approval (Decision.Approvals); sentences too.
const (
	CodeApprovalRule = "booking.approval_rule"
	CodeNoPrice      = "booking.no_price"
	CodeFreeAsked    = "booking.free_asked"
)

// ParamKind is the Go type and unit of a value in a Violation.
type ParamKind string

// The kinds. Value and Asked hold times in the installation's zone, so that
// JSON shows them with its offset; Params hold them as they came.
const (
	InTime     ParamKind = "time"     // time.Time
	InDate     ParamKind = "date"     // calendar.Date, a local day
	InMinutes  ParamKind = "minutes"  // int, nominal minutes
	InDays     ParamKind = "days"     // int
	InNumber   ParamKind = "number"   // int
	InText     ParamKind = "text"     // string
	InNote     ParamKind = "note"     // Note
	InSpans    ParamKind = "spans"    // []calendar.Interval, may be empty
	InInterval ParamKind = "interval" // calendar.Interval
	InNothing  ParamKind = ""         // nil
)

// Param is one named value of a sentence.
type Param struct {
	Name string
	Kind ParamKind
}

// CodeDoc tells what a violation with this code carries: always all of Params,
// and Value and Asked of these kinds.
type CodeDoc struct {
	Code   string
	Rule   string // name of the rule, as in Violation.Rule
	Value  ParamKind
	Asked  ParamKind
	Params []Param
}

// Codes documents every code that Decide can give, in the order of the checks.
// What the params mean:
//   - from, to: the stretch that the sentence is about – for closed and
//     not_reservable the first part of the asked time that is not covered, for
//     not_one_span the gap, for core_use the core use, for elsewhere where the
//     person is then; for raster_start from is where the raster is counted from
//   - spans: what this holder could use, of the hours that were given
//   - opens: the moment from which this very time can be booked; latest: the
//     last begin that can be booked now; earliest: the first
var Codes = []CodeDoc{
	{CodeNotOpen, "published", InNothing, InTime, nil},
	{CodeWindowOpens, "booking_window", InTime, InTime, params("opens", InTime)},
	{CodeWindow, "booking_window", InTime, InTime, params("ended", InTime)},
	{CodeSeasonOnly, "season_only", InNothing, InNothing, nil},
	{CodeNoSeries, "series", InNothing, InNothing, nil},
	{CodeAdultsOnly, "adult_only", InNumber, InNothing, params("age", InNumber)},
	{CodeStrongSignIn, "strong_sign_in", InNothing, InNothing, nil},
	{CodeEndBefore, "begin_before_end", InTime, InTime, params("begin", InTime, "end", InTime)},
	{CodePast, "past", InTime, InTime, params("begin", InTime, "earliest", InTime)},
	{CodeTooShort, "min_minutes", InMinutes, InMinutes, params("min", InMinutes, "minutes", InMinutes)},
	{CodeTooLong, "max_minutes", InMinutes, InMinutes, params("max", InMinutes, "minutes", InMinutes)},
	{CodeRasterStart, "raster", InMinutes, InTime, params("raster", InMinutes, "from", InTime, "begin", InTime)},
	{CodeRasterLength, "raster", InMinutes, InMinutes, params("raster", InMinutes, "minutes", InMinutes)},
	{CodeTooFarAhead, "days_ahead_max", InDays, InTime, params("days", InDays, "opens", InTime, "latest", InTime)},
	{CodeTooSoon, "days_ahead_min", InDays, InTime, params("days", InDays, "earliest", InDate)},
	{CodeClosed, "hours", InSpans, InInterval, params("from", InTime, "to", InTime, "spans", InSpans)},
	{CodeCoreUse, "core_use", InInterval, InInterval, params("from", InTime, "to", InTime, "spans", InSpans)},
	{CodeNotReservable, "hours", InSpans, InInterval, params("from", InTime, "to", InTime, "spans", InSpans)},
	{CodeNotOneSpan, "hours", InSpans, InInterval, params("from", InTime, "to", InTime, "spans", InSpans)},
	{CodeActiveLimit, "active_limit", InNumber, InNumber, params("limit", InNumber, "active", InNumber)},
	{CodeQuota, "quota", InMinutes, InMinutes, params("quota", InText, "name", InNote, "limit", InMinutes, "used", InMinutes, "minutes", InMinutes, "left", InMinutes, "window", InText)},
	{CodeQuotaTimes, "quota", InNumber, InNumber, params("quota", InText, "name", InNote, "limit", InNumber, "used", InNumber, "window", InText)},
	{CodePersonsMin, "persons_min", InNumber, InNumber, params("min", InNumber, "persons", InNumber)},
	{CodePersonsMax, "persons_max", InNumber, InNumber, params("max", InNumber, "persons", InNumber)},
	{CodeFieldMissing, "required_fields", InText, InNothing, params("field", InText)},
	{CodeFreeReason, "free_of_charge", InNothing, InNothing, nil},
	{CodeTerms, "terms", InNothing, InNothing, nil},
	{CodeElsewhere, "one_place_at_once", InInterval, InInterval, params("from", InTime, "to", InTime)},
	{CodeRule, "rule_book", InText, InNothing, params("rule", InText, "note", InNote)},
	{CodeNobodyAllowed, "rule_book", InNothing, InNothing, nil},
	{CodeApprovalRule, "rule_book", InText, InNothing, params("rule", InText, "note", InNote)},
	{CodeNoPrice, "price", InNothing, InNothing, nil},
	{CodeFreeAsked, "free_of_charge", InNothing, InNothing, nil},
}

// params reads name, kind, name, kind …
func params(pairs ...any) []Param {
	list := make([]Param, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, Param{Name: pairs[i].(string), Kind: pairs[i+1].(ParamKind)})
	}
	return list
}

// ruleNames are the names of the rules by code.
var ruleNames = func() map[string]string {
	byCode := make(map[string]string, len(Codes))
	for _, doc := range Codes {
		byCode[doc.Code] = doc.Rule
	}
	return byCode
}()
