package resources

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"vuoro/db"
	"vuoro/web/locales"
)

// found is a place of a search: Rank 0 when all words are in its name, 1 when
// they are elsewhere about it, 2 when one was only nearly met.
type found struct {
	Resource `gorm:"embedded"`
	Rank     int
}

// search lists the resources of a filter with their ranks.
func search(ctx context.Context, d *db.DB, f Filter) ([]found, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	words := f.words()
	if len(words) == 0 && strings.TrimSpace(f.Text) != "" {
		return nil, nil // only signs: they are nowhere
	}
	sql, params := f.sql(words)
	var list []found
	return list, d.Query(ctx, &list, sql, params)
}

// sql builds the one statement of a search; the words come as parameters.
func (f Filter) sql(words []string) (string, map[string]any) {
	params := map[string]any{
		"unit": f.Unit, "purpose": f.Purpose, "type": f.Type, "persons": f.Persons,
		"equipment": db.Strings(f.Equipment), "step_free": f.StepFree, "drafts": f.IncludeUnpublished,
	}
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
    WHERE r.state <> 'archived' AND (@drafts OR r.state = 'published')
      AND (@unit = '' OR u.slug = @unit )
      AND (@purpose = '' OR @purpose = ANY (r.purposes))
      AND (@type = '' OR r.type = @type )
      AND (@persons = 0 OR (r.persons_max >= @persons AND coalesce(r.persons_min, 1) <= @persons ))
      AND r.equipment @> CAST(@equipment AS text[])
      AND (NOT @step_free OR r.step_free)),
met AS (SELECT place.*, CASE WHEN %s THEN 0 ELSE 1 END AS rank FROM place WHERE %s)
SELECT * FROM met
UNION ALL
SELECT place.*, 2 AS rank FROM place WHERE NOT EXISTS (SELECT FROM met) AND %s`

func numbered(sql string, i int) string { return strings.ReplaceAll(sql, "#", fmt.Sprint(i)) }

// sortPlaces orders by rank, then by unit and name as the language of the
// reader does: ä and ö come last in Finnish and Swedish. ranks go with places.
func sortPlaces(places []Place, ranks []int, lang string) []Place {
	order := collate.New(language.Make(cmp.Or(lang, "fi")), collate.IgnoreCase, collate.Numeric)
	var buffer collate.Buffer
	weigh := func(t locales.Texts) []byte {
		text, _ := t.In(lang)
		return order.KeyFromString(&buffer, text)
	}
	type sortable struct {
		place      *Place
		rank       int
		unit, name []byte
	}
	list := make([]sortable, len(places))
	for i := range places {
		list[i] = sortable{&places[i], ranks[i], weigh(places[i].Unit.Name), weigh(places[i].Resource.Name)}
	}
	slices.SortStableFunc(list, func(a, b sortable) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.unit, b.unit), bytes.Compare(a.name, b.name))
	})
	sorted := make([]Place, len(list))
	for i := range list {
		sorted[i] = *list[i].place
	}
	return sorted
}
