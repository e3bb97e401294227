package booking

import (
	"context"

	"vuoro/calendar"
	"vuoro/db"
)

// addUnmet counts a wish; a new one only while the day has few.
func (s *Service) addUnmet(ctx context.Context, u Unmet) error {
	_, err := s.DB.Exec(ctx, `INSERT INTO demand (day, language, wish)
		SELECT @day, @language, CAST(@wish AS jsonb)
		WHERE (SELECT count(*) FROM demand WHERE day = @day ) < @most
		   OR EXISTS (SELECT FROM demand WHERE day = @day AND language = @language AND wish = CAST(@wish AS jsonb))
		ON CONFLICT (day, language, wish) DO UPDATE SET times = demand.times + 1`,
		map[string]any{"day": u.Day, "language": u.Language, "wish": db.AsJSON(u.Wish), "most": maxWishes})
	return err
}

func (s *Service) unmet(ctx context.Context, from, to calendar.Date) ([]Unmet, error) {
	var rows []struct {
		Day      calendar.Date
		Language string
		Wish     db.JSON[Wish]
		Times    int
	}
	err := s.DB.Query(ctx, &rows, `SELECT day, language, wish, times FROM demand
		WHERE day BETWEEN ? AND ? ORDER BY times DESC, day, id LIMIT 1000`, from, to)
	list := make([]Unmet, len(rows))
	for i, row := range rows {
		list[i] = Unmet{row.Day, row.Language, row.Wish.V, row.Times}
	}
	return list, err
}
