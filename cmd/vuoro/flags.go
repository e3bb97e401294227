package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime/debug"

	"vuoro/fault"
	"vuoro/web/locales"
)

func newFlags(p program, name string) *flag.FlagSet {
	set := flag.NewFlagSet("vuoro "+name, flag.ContinueOnError)
	set.SetOutput(p.stderr)
	return set
}

// parse reads flags wherever they stand among the words and refuses words that
// nobody asked for. --help has said all there is to say.
func parse(p program, set *flag.FlagSet, args []string, words ...*string) error {
	for {
		if err := set.Parse(args); err != nil {
			return errUsageUnlessHelp(err)
		}
		if set.NArg() == 0 {
			break
		}
		if len(words) == 0 {
			fmt.Fprintf(p.stderr, "%s: %q is one word too many\n", set.Name(), set.Arg(0))
			set.Usage()
			return errUsage
		}
		*words[0], words, args = set.Arg(0), words[1:], set.Args()[1:]
	}
	if len(words) > 0 {
		fmt.Fprintf(p.stderr, "%s: a word is missing\n", set.Name())
		set.Usage()
		return errUsage
	}
	return nil
}

func errUsageUnlessHelp(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return errHelp
	}
	return errUsage
}

// errHelp ends a command whose help was asked for and shown.
var errHelp = fmt.Errorf("%w: help", errUsage)

// unlessHelp makes asking for help a success.
func unlessHelp(err error) error {
	if errors.Is(err, errHelp) {
		return nil
	}
	return err
}

// sentence says a fault as pages say it.
func sentence(err error) error {
	if f := fault.As(err); f.Kind != fault.Internal {
		return errors.New(locales.New("en", nil).T(f.Code, f.Params))
	}
	return err
}

func printVersion(_ context.Context, p program, _ []string) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	_, err := fmt.Fprintln(p.stdout, "vuoro", version)
	return err
}
