package catalogue

import (
	"context"
	"strconv"
	"strings"

	"vuoro/db"
)

const longestSlug = 60

var plainLetters = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "é", "e", "ü", "u", "š", "s", "ž", "z")

// SlugOf is a name as it stands in an address: "Kallion kirjasto" →
// "kallion-kirjasto"; "" when nothing of it can.
func SlugOf(name string) string {
	words := strings.FieldsFunc(plainLetters.Replace(strings.ToLower(name)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.Join(words, "-")
	if len(slug) > longestSlug {
		slug = strings.TrimRight(slug[:longestSlug], "-")
	}
	return slug
}

// reservedSlug is where new resources are made.
const reservedSlug = "new"

// resourceSlugs are the addresses that resources have or had.
const resourceSlugs = "SELECT slug FROM (SELECT slug FROM resources UNION ALL SELECT slug FROM resource_slugs UNION ALL SELECT '" + reservedSlug + "') taken"

// freeSlug is the wished address, with a number where others have it. "" stays
// as it is: it is refused with the other mistakes.
func freeSlug(ctx context.Context, d *db.DB, wished, takenSQL string) (string, error) {
	var taken []string
	if err := d.Query(ctx, &taken, takenSQL+" WHERE slug = @slug OR slug LIKE @more ", map[string]any{"slug": wished, "more": wished + "-%"}); err != nil {
		return "", err
	}
	used := map[string]bool{}
	for _, slug := range taken {
		used[slug] = true
	}
	slug := wished
	for n := 2; used[slug]; n++ {
		slug = wished + "-" + strconv.Itoa(n)
	}
	return slug, nil
}
