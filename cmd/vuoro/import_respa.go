package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"vuoro/fault"
	"vuoro/imports/respa"
	"vuoro/web/locales"
)

// importRespa takes over the units, resources and reservations of a Respa
// service. It ends with status 3 when reservations were left out.
func importRespa(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "import respa DIR|URL")
	var order respa.Order
	set.BoolVar(&order.CreateMissing, "create-missing", false, "make hidden resources for reservations whose resource is not known")
	set.BoolVar(&order.DryRun, "dry-run", false, "do everything and take it back")
	set.BoolVar(&order.AllowLoopback, "allow-loopback", false, "also read http:// from this machine")
	set.StringVar(&order.Source, "source", "", "what the service is called where its rows do not say; else its host or folder")
	asJSON := set.Bool("json", false, "answer with the whole report as JSON")
	file := set.String("report", "", "also write the whole report to this file")
	if err := parse(p, set, args, &order.From); err != nil {
		return unlessHelp(err)
	}
	order.Progress = respaProgress(p)
	defer debug.SetGCPercent(debug.SetGCPercent(40)) // memory stays small where very much comes in
	return withApp(ctx, p, func(a *app, _ Config) error {
		service := &respa.Service{DB: a.booking.DB, Places: a.resources, Booking: a.booking, Now: a.now, Zone: a.zone}
		report, err := service.Import(ctx, order)
		if err != nil {
			return importFailed(err)
		}
		if err := tellRespa(p, report, *asJSON, *file); err != nil {
			return err
		}
		if !report.Whole() {
			return fmt.Errorf("%w: not every reservation could be taken", errLeftOut)
		}
		return nil
	})
}

// importFailed says what went wrong; a database that is busy or away has a
// sentence of its own.
func importFailed(err error) error {
	if fault.Is(err, fault.Unavailable) {
		err = sentence(err)
	}
	return fmt.Errorf("nothing was imported: %w", err)
}

// respaProgress says how far something has come, once a second.
func respaProgress(p program) func(what string, done, of int) {
	told := time.Now()
	return func(what string, done, of int) {
		if time.Since(told) < time.Second {
			return
		}
		told = time.Now()
		if of < done {
			fmt.Fprintf(p.stderr, "%s %s\n", thousands(done), what)
			return
		}
		fmt.Fprintf(p.stderr, "%s / %s %s\n", thousands(done), thousands(of), what)
	}
}

func thousands(n int) string {
	return strings.ReplaceAll(locales.New("fi", nil).Number(int64(n)), "\u00a0", " ")
}

func tellRespa(p program, report respa.Report, asJSON bool, file string) error {
	raw, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	if file != "" {
		if err := os.WriteFile(file, append(raw, '\n'), 0o600); err != nil {
			return fmt.Errorf("the import is done, but the report cannot be written: %w", err)
		}
	}
	if asJSON {
		_, err := fmt.Fprintf(p.stdout, "%s\n", raw)
		return err
	}
	printRespa(p.stdout, report)
	return nil
}

// printRespa says the report in lines; long lists of ids are cut short, the
// counts are whole.
func printRespa(out io.Writer, r respa.Report) {
	if r.DryRun {
		fmt.Fprintln(out, "This was a dry run: nothing was changed.")
	}
	fmt.Fprintf(out, "Units: %d read, %d new, %d known already.\n", r.Units.Read, r.Units.Added, r.Units.Known)
	fmt.Fprintf(out, "Resources: %d read, %d new (hidden), %d known already.\n", r.Resources.Read, r.Resources.Added, r.Resources.Known)
	n := r.Reservations
	fmt.Fprintf(out, "Reservations: %d read, %d new, %d changed, %d the same.\n", n.Read, n.Added, n.Changed, n.Same)
	for _, u := range r.Unknown {
		fmt.Fprintf(out, "Left out, because the resource %s of %s is not known (%d): %s\n",
			u.Resource, u.Source, len(u.Reservations), firstFew(u.Reservations))
	}
	if n.Unknown > 0 {
		fmt.Fprintln(out, "With --create-missing they are taken onto hidden resources that have only their id.")
	}
	for _, c := range r.Conflicts {
		fmt.Fprintf(out, "Conflict: %s of %s, %s, %s\n", c.Ref, c.Resource, period(c.Begin, c.End), meetings(c.With))
	}
	if len(r.Parted) > 0 {
		fmt.Fprintf(out, "Left alone, because they were changed here since (%d): %s\n", len(r.Parted), firstFew(r.Parted))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(out, "Note: %s (%d): %s: %s\n", note.What, note.Count, note.Reason, firstFew(note.Of))
	}
	for _, i := range r.Incomplete {
		fmt.Fprintf(out, "To do: %s (%s) lacks %s\n", i.Name, i.Slug, strings.Join(i.Missing, ", "))
	}
}

func period(begin, end time.Time) string {
	return begin.Format(time.RFC3339) + "/" + end.Format(time.RFC3339)
}

func meetings(list []respa.Meeting) string {
	if len(list) == 0 {
		return "its resource has no space to be taken"
	}
	var words []string
	for _, m := range list {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s", m.Number, m.Ref))+" "+period(m.Begin, m.End))
	}
	return "meets " + strings.Join(words, ", ")
}

func firstFew(ids []string) string {
	const few = 10
	if len(ids) <= few {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:few], ", ") + fmt.Sprintf(" and %d more", len(ids)-few)
}
