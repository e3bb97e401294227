package main

import (
	"context"
	"fmt"

	"vuoro/imports/places"
)

// exportPlaces writes the catalogue as a file that `import places` reads.
func exportPlaces(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "export places")
	format := set.String("format", places.JSON, "json or csv")
	unit := set.String("unit", "", "slug of the one unit to export")
	if err := parse(p, set, args); err != nil {
		return unlessHelp(err)
	}
	if *format != places.JSON && *format != places.CSV {
		fmt.Fprintf(p.stderr, "%s: there is no format %q\n", set.Name(), *format)
		set.Usage()
		return errUsage
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		file, err := a.places().Export(ctx, places.Choice{Format: *format, Unit: *unit})
		if err != nil {
			return sentence(err)
		}
		_, err = p.stdout.Write(file)
		return err
	})
}
