package resources

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"gorm.io/gorm/schema"

	"vuoro/db"
	"vuoro/web/locales"
)

// search gives the ranks of the resources in which the text of a filter is
// found, by id: 0 when all words are in the name, 1 when they are elsewhere about
// it, 2 when one was only nearly met. With a unit only its own are looked at.
func search(ctx context.Context, d *db.DB, f Filter, unit string) (map[int]int, error) {
	words := f.words()
	if len(words) == 0 {
		return nil, nil // only signs: they are nowhere
	}
	sql, params := f.sql(words)
	params["unit"] = unit
	var rows []struct{ ID, Rank int }
	if err := d.Query(ctx, &rows, sql, params); err != nil {
		return nil, err
	}
	ranks := make(map[int]int, len(rows))
	for _, row := range rows {
		ranks[row.ID] = row.Rank
	}
	return ranks, nil
}

// sql builds the one statement of a search; the words come as parameters.
func (f Filter) sql(words []string) (string, map[string]any) {
	params := map[string]any{"drafts": f.IncludeUnpublished}
	named, met, near := []string{"true"}, []string{"true"}, []string{"true"}
	for i, word := range words {
		folded := fold(word)
		add := func(name string, value any) { params[fmt.Sprint(name, i)] = value }
		add("word", word)
		add("folded", folded)
		add("like", containing(folded))
		add("types", db.Strings(meant(Types, folded)))
		add("near", db.Strings(nearlyMeant(Types, folded)))
		add("purposes", db.Strings(meant(Purposes, folded)))
		add("things", db.Strings(meant(Equipment, folded)))
		named = append(named, numbered("search_fold(names) LIKE @like# ", i))
		met = append(met, numbered(meets, i))
		near = append(near, numbered(nearlyMeets, i))
	}
	return fmt.Sprintf(searchSQL, strings.Join(named, " AND "), strings.Join(met, " AND "), strings.Join(near, " AND ")), params
}

// The columns of the structs: the tables have others that only the search needs,
// and they are long.
var columns, unitColumns = columnsOf(&Resource{}), columnsOf(&Unit{})

func columnsOf(row any) string {
	table, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a struct of this package is no table
	}
	return strings.Join(table.DBNames, ", ")
}

// meets is one word met somewhere about a place. A word that a language leaves
// out of its stems ("ja", "och", "the") is met everywhere.
const meets = `(search LIKE @like# OR unit_search LIKE @like# OR type = ANY (CAST(@types# AS text[]))
    OR purposes && CAST(@purposes# AS text[]) OR equipment && CAST(@things# AS text[])
    OR stems @@ (plainto_tsquery('finnish', @word# ) || plainto_tsquery('swedish', @word# ) || plainto_tsquery('english', @word# ))
    OR numnode(plainto_tsquery('simple', @word# )) > 0 AND least(numnode(plainto_tsquery('finnish', @word# )),
        numnode(plainto_tsquery('swedish', @word# )), numnode(plainto_tsquery('english', @word# ))) = 0)`

// nearlyMeets is one word met, or nearly met by a name or a kind of place.
const nearlyMeets = `(` + meets + ` OR type = ANY (CAST(@near# AS text[]))
    OR length(@folded# ) >= 4 AND word_similarity(@folded# , search_fold(names || ' ' || unit_names)) >= 0.45)`

// searchSQL looks for near misses only when nothing was met: then the NOT
// EXISTS is false once for all rows and nothing is compared.
const searchSQL = `
WITH place AS NOT MATERIALIZED (
    SELECT r.*, u.search AS unit_search,
        coalesce(r.name ->> 'fi', '') || ' ' || coalesce(r.name ->> 'sv', '') || ' ' || coalesce(r.name ->> 'en', '') AS names,
        coalesce(u.name ->> 'fi', '') || ' ' || coalesce(u.name ->> 'sv', '') || ' ' || coalesce(u.name ->> 'en', '') AS unit_names
    FROM resources r JOIN units u ON u.id = r.unit
    WHERE r.state <> 'archived' AND (@drafts OR r.state = 'published') AND (@unit = '' OR u.slug = @unit )),
met AS (SELECT place.*, CASE WHEN %s THEN 0 ELSE 1 END AS rank FROM place WHERE %s)
SELECT id, rank FROM met
UNION ALL
SELECT id, 2 AS rank FROM place WHERE NOT EXISTS (SELECT FROM met) AND %s`

func numbered(sql string, i int) string { return strings.ReplaceAll(sql, "#", fmt.Sprint(i)) }

// Candidate is a place that a filter lets through, or nearly: Misses are the
// traits by which it is no answer, at most one.
type Candidate struct {
	Place
	Rank   int
	Metres float64 // from Filter.Near; negative = not known
	Misses []Trait
}

// Answers tells whether the place has every trait of the filter.
func (c Candidate) Answers() bool { return len(c.Misses) == 0 }

// Candidates lists the visible places that have all traits of a filter but at
// most one, the best first and then by unit and name in the filter's language;
// the text must be found in all of them, and where a unit is asked for all of
// them are its own.
func (s *Service) Candidates(ctx context.Context, d *db.DB, f Filter) ([]Candidate, error) {
	return s.candidates(ctx, d, f, 1)
}

// Answers lists the visible places that have all traits of a filter, in the
// order of Candidates.
func (s *Service) Answers(ctx context.Context, d *db.DB, f Filter) ([]Candidate, error) {
	return s.candidates(ctx, d, f, 0)
}

func (s *Service) candidates(ctx context.Context, d *db.DB, f Filter, misses int) ([]Candidate, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	now := s.Now()
	if f.At.IsZero() {
		f.At = now
	}
	var ranks map[int]int
	if strings.TrimSpace(f.Text) != "" {
		var err error
		if ranks, err = search(ctx, d, f, f.Unit); err != nil || len(ranks) == 0 {
			return nil, err
		}
	}
	kept, err := s.stock(ctx, d)
	if err != nil {
		return nil, err
	}
	list := make([]Candidate, 0, len(kept.list))
	for i := range kept.list {
		place := &kept.list[i]
		if f.Unit != "" && place.Unit.Slug != f.Unit {
			continue
		}
		rank, met := ranks[place.Resource.ID]
		standing := f.IncludeUnpublished && place.Resource.State != StateArchived || place.Visible(now)
		if !standing || ranks != nil && !met || len(f.misses(*place)) > misses {
			continue
		}
		c := Candidate{Place: kept.at(i, now), Rank: rank, Metres: -1}
		if c.Misses = append(f.misses(*place), f.missesByRules(c.Place, s.Zone)...); len(c.Misses) > misses {
			continue
		}
		if at, known := c.Unit.Point(); known && f.Near != nil {
			c.Metres = f.Near.MetresTo(at)
		}
		list = append(list, c)
	}
	return sortCandidates(list, f.Lang), nil
}

// sortCandidates orders by rank, then by unit and name as the language of the
// reader does: ä and ö come last in Finnish and Swedish.
func sortCandidates(list []Candidate, lang string) []Candidate {
	order := collate.New(language.Make(cmp.Or(lang, "fi")), collate.IgnoreCase, collate.Numeric)
	var buffer collate.Buffer
	weigh := func(t locales.Texts) []byte {
		text, _ := t.In(lang)
		return order.KeyFromString(&buffer, text)
	}
	type sortable struct { // without the candidate, which is large to move about
		at, rank   int
		unit, name []byte
	}
	units := map[int][]byte{}
	keyed := make([]sortable, len(list))
	for i := range list {
		c := &list[i]
		if units[c.Unit.ID] == nil {
			units[c.Unit.ID] = weigh(c.Unit.Name)
		}
		keyed[i] = sortable{i, c.Rank, units[c.Unit.ID], weigh(c.Resource.Name)}
	}
	slices.SortStableFunc(keyed, func(a, b sortable) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.unit, b.unit), bytes.Compare(a.name, b.name))
	})
	ordered := make([]Candidate, len(list))
	for i := range keyed {
		ordered[i] = list[keyed[i].at]
	}
	return ordered
}
