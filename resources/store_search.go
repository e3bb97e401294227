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

// found is a place of a search: Rank 0 when all words are in its name, 1 when
// they are elsewhere about it, 2 when one was only nearly met.
type found struct {
	Resource `gorm:"embedded"`
	Rank     int
}

// search lists the resources in which the text of a filter is found, with their
// ranks; with a unit only its own. The other traits are not asked.
func search(ctx context.Context, d *db.DB, f Filter, unit string) ([]found, error) {
	words := f.words()
	if len(words) == 0 && strings.TrimSpace(f.Text) != "" {
		return nil, nil // only signs: they are nowhere
	}
	sql, params := f.sql(words)
	params["unit"] = unit
	var list []found
	return list, d.Query(ctx, &list, sql, params)
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
	if len(words) == 0 {
		return fmt.Sprintf(listSQL, columns), params
	}
	return fmt.Sprintf(searchSQL, strings.Join(named, " AND "), strings.Join(met, " AND "), columns, columns, strings.Join(near, " AND ")), params
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

// listSQL is a search without words.
const listSQL = `
SELECT %s, 0 AS rank FROM resources
WHERE state <> 'archived' AND (@drafts OR state = 'published')
  AND (@unit = '' OR unit = (SELECT id FROM units WHERE slug = @unit ))`

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
SELECT %s, rank FROM met
UNION ALL
SELECT %s, 2 AS rank FROM place WHERE NOT EXISTS (SELECT FROM met) AND %s`

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
// only the text must be found in all of them. It takes five queries however many
// they are.
func (s *Service) Candidates(ctx context.Context, d *db.DB, f Filter) ([]Candidate, error) {
	return s.candidates(ctx, d, f, 1)
}

// Answers lists the visible places that have all traits of a filter, in the
// order of Candidates and by as many queries.
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
	unit := ""
	if misses == 0 {
		unit = f.Unit
	}
	hits, err := search(ctx, d, f, unit)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	list := make([]Candidate, len(hits))
	for i, hit := range hits {
		list[i] = Candidate{Place: Place{Resource: hit.Resource}, Rank: hit.Rank, Metres: -1}
	}
	if err := addUnits(ctx, d, list); err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c Candidate) bool {
		return len(f.misses(c.Place)) > misses || !f.IncludeUnpublished && !c.Visible(now)
	})
	if err := s.addRest(ctx, d, list); err != nil {
		return nil, err
	}
	for i := range list {
		c := &list[i]
		c.Misses = append(f.misses(c.Place), f.missesByRules(c.Place, s.Zone)...)
		if at, known := c.Unit.Point(); known && f.Near != nil {
			c.Metres = f.Near.MetresTo(at)
		}
	}
	list = slices.DeleteFunc(list, func(c Candidate) bool { return len(c.Misses) > misses })
	sortCandidates(list, f.Lang)
	return list, nil
}

// sortCandidates orders by rank, then by unit and name as the language of the
// reader does: ä and ö come last in Finnish and Swedish.
func sortCandidates(list []Candidate, lang string) {
	order := collate.New(language.Make(cmp.Or(lang, "fi")), collate.IgnoreCase, collate.Numeric)
	var buffer collate.Buffer
	weigh := func(t locales.Texts) []byte {
		text, _ := t.In(lang)
		return order.KeyFromString(&buffer, text)
	}
	type sortable struct {
		candidate  Candidate
		unit, name []byte
	}
	units := map[int][]byte{}
	keyed := make([]sortable, len(list))
	for i, c := range list {
		if units[c.Unit.ID] == nil {
			units[c.Unit.ID] = weigh(c.Unit.Name)
		}
		keyed[i] = sortable{c, units[c.Unit.ID], weigh(c.Resource.Name)}
	}
	slices.SortStableFunc(keyed, func(a, b sortable) int {
		return cmp.Or(cmp.Compare(a.candidate.Rank, b.candidate.Rank), bytes.Compare(a.unit, b.unit), bytes.Compare(a.name, b.name))
	})
	for i := range keyed {
		list[i] = keyed[i].candidate
	}
}
