package places

import (
	"vuoro/fault"
	"vuoro/resources"
)

// parseHours reads hours such as "Mo-Fr 08:00-16:00 core; Sa,Su 10:00-18:00".
func parseHours(text string) ([]resources.WeekSpan, *fault.Error) {
	spans, bad := resources.ParseSpans(text)
	if spans == nil {
		return nil, invalid("places.hours", fault.Params{"value": shortened(bad)})
	}
	return spans, nil
}
