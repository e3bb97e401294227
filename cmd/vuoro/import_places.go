package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"vuoro/imports/places"
	"vuoro/web/locales"
)

// importPlaces brings the catalogue in line with a file, or says all that is
// wrong with it.
func importPlaces(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "import places FILE.csv|FILE.json")
	dryRun := set.Bool("dry-run", false, "check everything and change nothing")
	asJSON := set.Bool("json", false, "answer as JSON")
	var path string
	if err := parse(p, set, args, &path); err != nil {
		return unlessHelp(err)
	}
	data, err := readUpTo(path, places.MaxSize+1)
	if err != nil {
		return err
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		order := places.Order{Data: data, DryRun: *dryRun, Progress: progressOf(p, "Importing places")}
		summary, err := a.places().Import(ctx, order)
		var mistakes *places.Mistakes
		if err != nil && !errors.As(err, &mistakes) {
			return sentence(err)
		}
		if *asJSON {
			return errors.Join(tellAsJSON(p, summary, mistakes, locales.New("en", a.zone)), refusedFile(path, mistakes))
		}
		if mistakes != nil {
			tellMistakes(p, path, mistakes, locales.New("en", a.zone))
			return refusedFile(path, mistakes)
		}
		return tellSummary(p, summary)
	})
}

func (a *app) places() *places.Service {
	return &places.Service{DB: a.booking.DB, Resources: a.resources, Now: a.now, Zone: a.zone}
}

// readUpTo reads a file, "-" = the standard input, and no more of it than is
// needed to see that it is too large.
func readUpTo(path string, most int64) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, most))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	return data, nil
}

// progressOf says how far something has come, once a second.
func progressOf(p program, what string) func(done, of int) {
	told := time.Now()
	return func(done, of int) {
		if time.Since(told) < time.Second {
			return
		}
		told = time.Now()
		fmt.Fprintf(p.stderr, "%s: %d of %d rows\n", what, done, of)
	}
}

// refusedFile is the error of a file with mistakes; nil for none.
func refusedFile(path string, m *places.Mistakes) error {
	if m == nil {
		return nil
	}
	n := len(m.List) + m.More
	if n == 1 {
		return fmt.Errorf("%s has a mistake: nothing was imported", path)
	}
	return fmt.Errorf("%s has %d mistakes: nothing was imported", path, n)
}

func tellMistakes(p program, path string, m *places.Mistakes, english locales.Printer) {
	for _, mistake := range m.List {
		name := mistake.Name
		if name != "" {
			name = " (" + name + ")"
		}
		fmt.Fprintf(p.stderr, "%s:%d:%d%s: %s\n", path, mistake.Line, mistake.Column, name, english.T(mistake.Fault.Code, mistake.Fault.Params))
	}
	if m.More > 0 {
		fmt.Fprintf(p.stderr, "… and %d more\n", m.More)
	}
}

// kindNames are the words for one and for many of a kind.
var kindNames = map[string][2]string{
	places.RuleBookRow: {"rule book", "rule books"}, places.UnitRow: {"unit", "units"}, places.HoursRow: {"owner of hours", "owners of hours"},
	places.SpaceRow: {"space", "spaces"}, places.DeviceRow: {"device", "devices"}, places.ResourceRow: {"resource", "resources"},
}

func counted(n int, kind string) string {
	if n == 1 {
		return "1 " + kindNames[kind][0]
	}
	return fmt.Sprintf("%d %s", n, kindNames[kind][1])
}

func tellSummary(p program, s places.Summary) error {
	var text strings.Builder
	for _, c := range s.Counts {
		fmt.Fprintf(&text, "%-16s %5d new %5d changed %5d unchanged\n", kindNames[c.Kind][1]+":", c.New, c.Changed, c.Unchanged)
	}
	for _, c := range s.Counts {
		if c.Unnamed > 0 {
			verb := "are"
			if c.Unnamed == 1 {
				verb = "is"
			}
			fmt.Fprintf(&text, "%s %s here that the file does not name; nothing was removed.\n", counted(c.Unnamed, c.Kind), verb)
		}
	}
	if s.DryRun {
		text.WriteString("This was a dry run: nothing was changed.\n")
	}
	_, err := io.WriteString(p.stdout, text.String())
	return err
}

// tellAsJSON writes one object: the summary, or the mistakes with the sentence
// and code of each.
func tellAsJSON(p program, s places.Summary, m *places.Mistakes, english locales.Printer) error {
	type mistake struct {
		places.Position
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}
	answer := struct {
		places.Summary
		Mistakes []mistake `json:"mistakes"`
		More     int       `json:"more"`
	}{Summary: s, Mistakes: []mistake{}}
	if m != nil {
		for _, one := range m.List {
			answer.Mistakes = append(answer.Mistakes, mistake{one.Position, one.Fault.Code, english.T(one.Fault.Code, one.Fault.Params)})
		}
		answer.More = m.More
	}
	encoder := json.NewEncoder(p.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(answer)
}
