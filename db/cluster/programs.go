package cluster

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MinMajor is the oldest PostgreSQL that Vuoro runs on.
const MinMajor = 14

// ErrNoPrograms says that no PostgreSQL server is installed.
var ErrNoPrograms = fmt.Errorf("the server programs of PostgreSQL (initdb and postgres, %d or newer) are not on this machine; install them with: sudo sh scripts/setup-postgres.sh, or set DATABASE_URL", MinMajor)

// programs are the server programs of one installation.
type programs struct {
	bin     string // directory of initdb and postgres
	major   int
	version string // "15.18"
}

// searchDirs are the directories where server programs are looked for. They lie
// outside PATH on Debian.
func searchDirs() []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, programDir(path))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	dirs = append(dirs, debian...)
	dirs = append(dirs, "/usr/local/pgsql/bin")
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	return dirs
}

// programDir follows links, since a link's own directory may lack initdb.
func programDir(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return filepath.Dir(path)
}

// find asks every directory for its version; newest first, each once.
func find(dirs []string) []programs {
	var found []programs
	for _, dir := range dirs {
		p, err := inspect(dir)
		if err == nil && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b programs) int { return cmp.Compare(b.major, a.major) })
	return found
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) ((\d+)[^ \n]*)`)

func inspect(bin string) (programs, error) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return programs{}, err
	}
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return programs{}, err
	}
	match := versionText.FindSubmatch(out)
	if match == nil {
		return programs{}, fmt.Errorf("%s/postgres --version says %q", bin, out)
	}
	major, err := strconv.Atoi(string(match[2]))
	return programs{bin: bin, major: major, version: string(match[1])}, err
}

// choose takes the programs that wrote the data, for new data the newest.
func choose(installed []programs, at place) (programs, error) {
	wrote, err := at.major()
	if err != nil {
		return programs{}, err
	}
	for _, p := range installed {
		if p.major >= MinMajor && (p.major == wrote || wrote == 0) {
			return p, nil
		}
	}
	if wrote != 0 {
		return programs{}, fmt.Errorf("the data in %s was written by PostgreSQL %d, but this machine has %s; install PostgreSQL %d, or move that directory away to begin anew",
			at.data(), wrote, list(installed), wrote)
	}
	return programs{}, fmt.Errorf("this machine has only PostgreSQL %s, but Vuoro needs %d or newer; install that with: sudo sh scripts/setup-postgres.sh", list(installed), MinMajor)
}

func list(installed []programs) string {
	if len(installed) == 0 {
		return "none"
	}
	var parts []string
	for _, p := range installed {
		parts = append(parts, p.version+" in "+p.bin)
	}
	return strings.Join(parts, ", ")
}

// major is the PostgreSQL version of the data, 0 when there are none yet.
func (p place) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("the data in %s cannot be read: %w", p.data(), err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION does not hold a PostgreSQL version but %q", p.data(), text)
	}
	return major, nil
}
