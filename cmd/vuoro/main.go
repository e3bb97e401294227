// Command vuoro is the whole program: server, migrations, demo town and
// administration. It promises that everything it needs comes from arguments
// and environment and that every failure is one sentence. It leaves out all
// logic but the wiring.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the zone must not depend on the machine
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], program{getenv: os.Getenv, stdout: os.Stdout, stderr: os.Stderr})
	if err != nil && !errors.Is(err, errUsage) {
		fmt.Fprintln(os.Stderr, "vuoro:", err)
	}
	os.Exit(exitStatus(err))
}

// exitStatus is 0 when all is well, 2 for a command that was not understood, 3
// when something had to be left out, and 1 for every other failure.
func exitStatus(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, errLeftOut):
		return 3
	}
	return 1
}

// program is what a command may use of the world outside.
type program struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// errUsage says that the usage was printed and there is nothing to add.
var errUsage = errors.New("usage")

// errLeftOut says that a command did what it could, but not all that was asked.
var errLeftOut = errors.New("something was left out")

// command is one word of the command line.
type command struct {
	words string
	about string
	run   func(ctx context.Context, p program, args []string) error
}

var commands = []command{
	{"serve", "start the server, with a private PostgreSQL unless DATABASE_URL is set", serve},
	{"ready", "tell whether the server on VUORO_ADDR is ready", ready},
	{"migrate", "bring the database to this program's schema", migrate},
	{"demo", "load the demo town into an empty database", loadDemo},
	{"demo people", "list the demo people, each with a fresh API token (--json)", demoPeople},
	{"import places", "bring units, spaces and resources in line with a file: import places FILE.csv --dry-run", importPlaces},
	{"export places", "write units, spaces and resources as such a file: export places --format csv", exportPlaces},
	{"import hours", "put hours of a file in the place of earlier ones: import hours FILE --unit SLUG --dry-run", importHours},
	{"export hours", "write hours as a file: export hours --unit SLUG --format hauki", exportHours},
	{"import rules", "make a draft version of a rule book of a file: import rules FILE.json --key KEY --dry-run", importRules},
	{"export rules", "write a version of a rule book as such a file: export rules KEY --version 2", exportRules},
	{"admin invite", "mail somebody an invitation to a role: admin invite EMAIL --role city_admin", adminInvite},
	{"admin token", "make an API token: admin token EMAIL --scopes read,book", adminToken},
	{"import respa", "take over a Respa service: import respa DIR|URL --dry-run", importRespa},
	{"version", "print the version", printVersion},
}

// run finds the command with the most words that the arguments begin with.
func run(ctx context.Context, args []string, p program) error {
	for words := min(2, len(args)); words > 0; words-- {
		for _, c := range commands {
			if c.words == join(args[:words]) {
				return c.run(ctx, p, args[words:])
			}
		}
	}
	return usage(p, args)
}

func join(words []string) string {
	if len(words) == 2 {
		return words[0] + " " + words[1]
	}
	return words[0]
}

func usage(p program, args []string) error {
	out, err := p.stderr, errUsage
	if len(args) > 0 && (args[0] == "help" || args[0] == "--help" || args[0] == "-h") {
		out, err = p.stdout, nil
	} else if len(args) > 0 {
		fmt.Fprintf(out, "vuoro: there is no command %q\n\n", args[0])
	}
	fmt.Fprintln(out, "vuoro books a city's rooms. Commands (each with --help):")
	for _, c := range commands {
		fmt.Fprintf(out, "  %-13s %s\n", c.words, c.about)
	}
	return err
}
