package respa

import "context"

// stock is what stands here already, by external reference.
type stock struct {
	units         map[string]int
	resources     map[string]int
	home          map[string]int // units of the resources
	unitSlugs     map[string]bool
	resourceSlugs map[string]bool
	books         map[string]bool
}

// stock reads it; of two with one reference the older one counts.
func (t *takeover) stock(ctx context.Context) (stock, error) {
	have := stock{
		units: map[string]int{}, resources: map[string]int{}, home: map[string]int{},
		unitSlugs: map[string]bool{}, resourceSlugs: map[string]bool{}, books: map[string]bool{},
	}
	var rows []struct {
		What        string
		ID, Unit    int
		ExternalRef string
		Slug        string
	}
	err := t.tx.Query(ctx, &rows, `
		SELECT 'unit' AS what, id, id AS unit, external_ref, slug FROM units
		UNION ALL SELECT 'resource', id, unit, external_ref, slug FROM resources
		UNION ALL SELECT 'old', resource, 0, '', slug FROM resource_slugs
		UNION ALL SELECT 'book', 0, 0, '', key FROM rule_books
		ORDER BY what, id DESC`)
	for _, row := range rows {
		switch row.What {
		case "unit":
			have.unitSlugs[row.Slug] = true
			have.units[row.ExternalRef] = row.ID
		case "resource":
			have.resourceSlugs[row.Slug] = true
			have.resources[row.ExternalRef], have.home[row.ExternalRef] = row.ID, row.Unit
		case "old":
			have.resourceSlugs[row.Slug] = true
		case "book":
			have.books[row.Slug] = true
		}
	}
	delete(have.units, "")
	delete(have.resources, "")
	delete(have.home, "")
	return have, err
}
