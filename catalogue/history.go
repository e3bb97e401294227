package catalogue

import (
	"context"
	"time"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/web/locales"
)

// Change is one entry of the audit trail of a unit's places.
type Change struct {
	Number int64
	At     time.Time
	Who    string        // name or address of the person, "" = the system
	Action string        // "unit.saved"
	Object string        // "space:<uid>"
	Name   locales.Texts // of the object today, empty when it is gone for good
	Values map[string][2]any
}

// HistoryPage is how many entries History gives at most.
const HistoryPage = 50

// History tells what was changed in a unit, its spaces, devices, hours and
// resources, the newest first, for those who look after it. before is the
// number of the last entry that was seen, 0 = from the newest.
func (s *Service) History(ctx context.Context, actor accounts.Actor, unit int, before int64) (list []Change, more bool, err error) {
	if err := mayManage(actor, unit); err != nil {
		return nil, false, err
	}
	var rows []struct {
		Number              int64
		At                  time.Time
		Action, Object, Who string
		Name                *locales.Texts
		Values              db.JSON[map[string]any]
	}
	err = s.DB.Query(ctx, &rows, `SELECT a.number, a.at, a.action, a.object, a.values,
		COALESCE(NULLIF(p.name, ''), p.email, CASE WHEN a.actor IN ('system', 'anonymous') THEN '' ELSE a.actor END) AS who,
		COALESCE((SELECT name FROM spaces o WHERE o.unit = a.stream AND 'space:' || o.uid = a.object),
			(SELECT name FROM devices o WHERE o.unit = a.stream AND 'device:' || o.uid = a.object),
			(SELECT name FROM resources o WHERE o.unit = a.stream AND 'resource:' || o.uid = a.object),
			(SELECT name FROM units o WHERE o.id = a.stream)) AS name
		FROM audit a LEFT JOIN people p ON p.uid::text = a.actor
		WHERE a.stream = @unit AND (@before = 0 OR a.number < @before ) AND split_part(a.object, ':', 1) IN ('unit', 'space', 'device', 'resource')
		ORDER BY a.number DESC LIMIT @limit`, map[string]any{"unit": unit, "before": before, "limit": HistoryPage + 1})
	if err != nil {
		return nil, false, err
	}
	if more = len(rows) > HistoryPage; more {
		rows = rows[:HistoryPage]
	}
	for _, row := range rows {
		change := Change{Number: row.Number, At: row.At, Who: row.Who, Action: row.Action, Object: row.Object, Values: map[string][2]any{}}
		if row.Name != nil {
			change.Name = *row.Name
		}
		for name, value := range row.Values.V {
			if pair, ok := value.([]any); ok && len(pair) == 2 {
				change.Values[name] = [2]any{pair[0], pair[1]}
			}
		}
		list = append(list, change)
	}
	return list, more, nil
}
