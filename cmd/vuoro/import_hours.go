package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"vuoro/accounts"
	"vuoro/calendar"
	"vuoro/catalogue"
	"vuoro/fault"
	"vuoro/imports/hours"
	"vuoro/resources"
	"vuoro/web/locales"
)

// whose are the flags that say whose hours are meant.
type whose struct{ unit, resource, format *string }

func (w whose) check(p program, usage func()) error {
	if (*w.unit == "") == (*w.resource == "") {
		fmt.Fprintln(p.stderr, "give --unit SLUG or --resource SLUG, one of them")
		usage()
		return errUsage
	}
	return nil
}

// importHours puts the hours of a file in the place of those that came from
// such files before, or says all that is wrong with it.
func importHours(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "import hours FILE")
	w := whose{
		unit:     set.String("unit", "", "slug of the unit whose hours they are"),
		resource: set.String("resource", "", "slug of the resource whose hours they are"),
		format:   set.String("format", "", strings.Join(hours.FormatNames(), ", ")+"; left out: by the end of the file's name"),
	}
	dryRun := set.Bool("dry-run", false, "check everything and change nothing")
	accept := set.Int("accept", 0, "how many coming reservations may be left outside the new hours")
	var path string
	if err := parse(p, set, args, &path); err != nil {
		return unlessHelp(err)
	}
	if err := w.check(p, set.Usage); err != nil {
		return err
	}
	if *w.format == "" {
		*w.format = hours.FormatOf(path)
	}
	format, err := hours.FormatNamed(*w.format)
	if err != nil {
		fmt.Fprintln(p.stderr, sentence(err))
		set.Usage()
		return errUsage
	}
	data, err := readUpTo(path, hours.MaxSize+1)
	if err != nil {
		return err
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		now, err := a.hoursOf(ctx, w)
		if err != nil {
			return sentence(err)
		}
		options := hours.Options{Today: calendar.DateOf(a.now(), a.zone), Zone: a.zone}
		read, err := format.Read(data, options)
		change := catalogue.HoursChange{Owner: now.owner, Version: now.Version, Accepted: *accept, Periods: hours.Replace(now.Periods, read.Periods, format.Source)}
		if err == nil {
			change.Holidays, err = read.Holidays(now.Resource == nil, now.Unit.Holidays)
		}
		if err == nil {
			err = resources.CheckPeriods(change.Periods)
		}
		if err != nil {
			return tellHoursMistakes(p, path, err, locales.New("en", a.zone))
		}
		if err := a.tellHoursChange(ctx, p, now.Periods, change); err != nil {
			return err
		}
		if *dryRun {
			_, err = io.WriteString(p.stdout, "This was a dry run: nothing was changed.\n")
			return err
		}
		return sentenceOrNil(a.saveHours(ctx, change))
	})
}

// ownedHours are hours and whose they are.
type ownedHours struct {
	catalogue.Hours
	owner resources.Owner
}

func (a *app) hoursOf(ctx context.Context, w whose) (ownedHours, error) {
	owner, err := a.catalogue.OwnerBySlug(ctx, *w.unit, *w.resource)
	if err != nil {
		return ownedHours{}, err
	}
	now, err := a.catalogue.HoursOf(ctx, accounts.Actor{System: true}, owner)
	return ownedHours{now, owner}, err
}

func (a *app) saveHours(ctx context.Context, change catalogue.HoursChange) error {
	return a.catalogue.SetHours(ctx, accounts.Actor{System: true}, change)
}

func sentenceOrNil(err error) error {
	if err == nil {
		return nil
	}
	return sentence(err)
}

// tellHoursMistakes says each mistake of a file on a line of its own.
func tellHoursMistakes(p program, path string, err error, english locales.Printer) error {
	fields := fault.As(err).Fields
	if len(fields) == 0 {
		return sentence(err)
	}
	for _, f := range fields {
		told := english.T(f.Code, f.Params)
		if !strings.Contains(told, f.Name) {
			told = f.Name + ": " + told
		}
		fmt.Fprintf(p.stderr, "%s: %s\n", path, told)
	}
	return fmt.Errorf("%s has mistakes (%d): nothing was imported", path, len(fields))
}

// tellHoursChange lists the periods that go and come, and the reservations that
// would be outside.
func (a *app) tellHoursChange(ctx context.Context, p program, before []resources.Period, change catalogue.HoursChange) error {
	outside, err := a.catalogue.Outside(ctx, accounts.Actor{System: true}, change)
	if err != nil {
		return sentence(err)
	}
	was, is := periodLines(before), periodLines(change.Periods)
	var text strings.Builder
	same := 0
	for _, line := range was {
		if !slices.Contains(is, line) {
			fmt.Fprintln(&text, "- "+line)
		}
	}
	for _, line := range is {
		if slices.Contains(was, line) {
			same++
			continue
		}
		fmt.Fprintln(&text, "+ "+line)
	}
	fmt.Fprintf(&text, "periods before: %d, after: %d, unchanged: %d\n", len(was), len(is), same)
	for _, o := range outside {
		fmt.Fprintf(&text, "outside the new hours: %s, %s, %s\n", o.Number, o.Resource, o.Begin.In(a.zone).Format("2006-01-02 15:04"))
	}
	_, err = io.WriteString(p.stdout, text.String())
	return err
}

// periodLines tell each period on a line.
func periodLines(periods []resources.Period) []string {
	day := func(d *calendar.Date) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	var lines []string
	for _, period := range periods {
		words := []string{day(period.ValidFrom) + ".." + day(period.ValidTo)}
		for _, word := range []string{period.Name.String(), period.School} {
			if word != "" {
				words = append(words, word)
			}
		}
		if period.Override {
			words = append(words, "instead of other hours")
		}
		if period.Overlay {
			words = append(words, "laid over other hours")
		}
		lines = append(lines, strings.Join(append(words, resources.WriteSpans(period.Spans.V)), ", "))
	}
	return lines
}

// exportHours writes hours as a file that `import hours` reads.
func exportHours(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "export hours")
	w := whose{
		unit:     set.String("unit", "", "slug of the unit"),
		resource: set.String("resource", "", "slug of the resource"),
		format:   set.String("format", "hauki", strings.Join(hours.FormatNames(), ", ")),
	}
	if err := parse(p, set, args); err != nil {
		return unlessHelp(err)
	}
	if err := w.check(p, set.Usage); err != nil {
		return err
	}
	format, err := hours.WritableFormat(*w.format)
	if err != nil {
		fmt.Fprintln(p.stderr, sentence(err))
		set.Usage()
		return errUsage
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		now, err := a.hoursOf(ctx, w)
		if err != nil {
			return sentence(err)
		}
		file, err := format.Write(hours.ScheduleOf(now.Periods, now.Resource == nil, now.Unit.Holidays))
		if err != nil {
			return sentence(err)
		}
		_, err = p.stdout.Write(file)
		return err
	})
}
