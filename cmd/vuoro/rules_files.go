package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"vuoro/accounts"
	"vuoro/catalogue"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

// largestBook bounds a file of rules, in bytes.
const largestBook = 2 << 20

// errDryRun undoes what was only tried.
var errDryRun = errors.New("dry run")

// importRules makes a draft of a file: the next version of a rule book, or the
// first of a new one. It is never live.
func importRules(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "import rules FILE.json --key KEY")
	key := set.String("key", "", "key of the rule book")
	unit := set.String("unit", "", "slug of the unit of a new book; the whole city by default")
	base := set.String("base", "", "key of the shared book beneath a new book")
	dryRun := set.Bool("dry-run", false, "check everything and change nothing")
	var path string
	if err := parse(p, set, args, &path); err != nil {
		return unlessHelp(err)
	}
	if *key == "" {
		fmt.Fprintf(p.stderr, "%s: --key is missing\n", set.Name())
		set.Usage()
		return errUsage
	}
	text, err := readUpTo(path, largestBook+1)
	if err != nil {
		return err
	}
	file, err := policies.ParseFile(text)
	if err != nil {
		return refusedRules(p, path, err)
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		err := a.booking.DB.Tx(ctx, func(tx *db.DB) error {
			draft, err := a.startOfDraft(ctx, tx, resources.RuleBook{Key: *key, Base: *base}, *unit)
			if err != nil {
				return err
			}
			if err := a.makeDraft(ctx, p, tx, draft, file); err != nil || !*dryRun {
				return err
			}
			return errDryRun
		})
		if errors.Is(err, errDryRun) {
			fmt.Fprintln(p.stdout, "This was a dry run: nothing was changed.")
			return nil
		}
		return refusedRules(p, path, err)
	})
}

// makeDraft fills a draft from a file and tells what came of it.
func (a *app) makeDraft(ctx context.Context, p program, tx *db.DB, draft resources.RuleBook, file policies.File) error {
	cut := catalogue.FillFromFile(&draft, file)
	service := &catalogue.Service{DB: tx, Places: a.resources, Now: a.now}
	made, err := service.DraftBook(ctx, accounts.Actor{System: true}, draft)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Version %d of %s is a draft: %d rules, %d examples.\n", made.Version, made.Key, len(file.Rules.Rules), len(file.Examples))
	if cut {
		fmt.Fprintln(p.stdout, "The source is longer than the reference of a decision may be: it was shortened.")
	}
	if len(file.Variants) > 0 {
		fmt.Fprintln(p.stdout, "The file has other readings of its source (variants): they were left out.")
	}
	return tellExamples(ctx, p, service, made)
}

// startOfDraft is what a draft keeps of the newest version of its book; a new
// book is called by its key until it has a name.
func (a *app) startOfDraft(ctx context.Context, tx *db.DB, draft resources.RuleBook, unit string) (resources.RuleBook, error) {
	draft.Name.Fi = draft.Key
	versions, err := a.resources.RuleBookVersions(ctx, tx, draft.Key)
	if err != nil {
		return draft, err
	}
	if len(versions) > 0 {
		newest := versions[0]
		draft.Unit, draft.Name = newest.Unit, newest.Name
		if draft.Base == "" {
			draft.Base, draft.BaseFirst = newest.Base, newest.BaseFirst
		}
	}
	if unit == "" {
		return draft, nil
	}
	found, err := a.resources.UnitBySlug(ctx, tx, unit)
	draft.Unit = &found.ID
	return draft, err
}

// tellExamples names the examples that do not come out as meant, or why they
// cannot be tried here.
func tellExamples(ctx context.Context, p program, service *catalogue.Service, made resources.RuleBook) error {
	trials, err := service.TryExamples(ctx, accounts.Actor{System: true}, made.Key, made.Version)
	if fault.Is(err, fault.Invalid) {
		fmt.Fprintf(p.stdout, "The examples cannot be tried here. %s\n", sentence(err))
		return nil
	}
	for _, trial := range trials {
		for _, d := range trial.Differences {
			fmt.Fprintf(p.stdout, "The example “%s” fails: %s is %s, not %s.\n", trial.Example.Name, d.What, plain(d.Got), plain(d.Want))
		}
	}
	return err
}

// plain is a value of a difference as JSON.
func plain(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// refusedRules tells every mistake with its rule and field; nil for none.
func refusedRules(p program, path string, err error) error {
	if err == nil {
		return nil
	}
	found := fault.As(err)
	if found.Kind != fault.Invalid {
		return sentence(err)
	}
	english := locales.New("en", nil)
	for _, field := range found.Fields {
		fmt.Fprintf(p.stderr, "%s: %s: %s\n", path, field.Name, english.T(field.Code, field.Params))
	}
	return fmt.Errorf("%s: %w nothing was imported", path, sentence(err))
}

// exportRules writes a version as a file that `import rules` reads.
func exportRules(ctx context.Context, p program, args []string) error {
	set := newFlags(p, "export rules KEY")
	number := set.Int("version", 0, "the version; the one in force by default")
	var key string
	if err := parse(p, set, args, &key); err != nil {
		return unlessHelp(err)
	}
	return withApp(ctx, p, func(a *app, _ Config) error {
		book, err := a.resources.BookAlone(ctx, a.booking.DB, key, a.now())
		if *number != 0 {
			book, err = a.resources.BookVersion(ctx, a.booking.DB, key, *number)
		}
		if err != nil {
			return sentence(err)
		}
		if book.Key == "" {
			return errors.New("no version of " + strconv.Quote(key) + " is in force: name one with --version")
		}
		encoder := json.NewEncoder(p.stdout)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(catalogue.FileOf(book))
	})
}
