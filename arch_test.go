// Package vuoro_test guards the house: floors, who may import what, the clock,
// sizes, and words that do not belong here.
package vuoro_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// floors are the packages from the ground up; imports only go down, and
// packages on one floor do not import each other. A package below another
// folder is on the floor of the longest name here that it begins with.
var floors = map[string]int{
	"fault":          0,
	"calendar":       1,
	"db":             1,
	"migrations":     1,
	"web/locales":    1,
	"policies":       2,
	"ledger":         2,
	"resources":      3,
	"accounts":       3,
	"notify":         3,
	"booking":        4,
	"catalogue":      4,
	"imports/hours":  4,
	"imports/places": 4,
	"seasons":        5,
	"reports":        5,
	"imports/respa":  5,
	"web":            6,
	"jobs":           6,
	"demo":           6,
	"cmd":            7,
}

// sole names the only places that may import a library.
var sole = map[string]func(pkg, file string) bool{
	"gorm.io/":                      func(pkg, file string) bool { return pkg == "db" || strings.HasPrefix(file, "store") },
	"github.com/gofiber/":           func(pkg, _ string) bool { return pkg == "web" },
	"github.com/danielgtaylor/huma": func(pkg, _ string) bool { return pkg == "web" },
	"github.com/go-co-op/gocron":    func(pkg, _ string) bool { return pkg == "jobs" },
	"github.com/teambition/rrule":   func(pkg, _ string) bool { return pkg == "calendar" },
	"github.com/arran4/golang-ical": func(pkg, _ string) bool { return pkg == "calendar" },
}

// tests may read calendars with the library, to check what was written.
var testImports = []string{"github.com/arran4/golang-ical"}

const module = "vuoro/"

func floorOf(pkg string) (int, string, bool) {
	best := ""
	for name := range floors {
		if (pkg == name || strings.HasPrefix(pkg, name+"/")) && len(name) > len(best) {
			best = name
		}
	}
	return floors[best], best, best != ""
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		if p.ImportPath == "vuoro" || strings.HasPrefix(from, "db/dbtest") {
			continue // test support stands outside the house
		}
		floor, room, known := floorOf(from)
		if !known {
			t.Errorf("%s is on no floor: give it one in arch_test.go and a sentence in docs/architecture.md", from)
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			below, other, _ := floorOf(to)
			if strings.HasPrefix(to, "db/dbtest") || other != room && below >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", from, floor, to, below)
			}
		}
	}
}

// source is one parsed Go file.
type source struct {
	path, pkg, name string
	test            bool
	set             *token.FileSet
	tree            *ast.File
	text            string
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules" || entry.Name() == "bin") {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		list = append(list, source{path, filepath.ToSlash(filepath.Dir(path)), entry.Name(), strings.HasSuffix(path, "_test.go"), set, tree, string(text)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, file := range sources(t) {
		for _, spec := range file.tree.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			for library, allowed := range sole {
				if !strings.HasPrefix(path, library) || allowed(file.pkg, file.name) || file.test && slices.Contains(testImports, library) {
					continue
				}
				t.Errorf("%s imports %s", file.path, path)
			}
		}
	}
}

// The clock is read in cmd alone; SQL gets its times as parameters.
func TestOneClock(t *testing.T) {
	sqlClock := regexp.MustCompile(`(?i)\b(now\(\)|clock_timestamp\(|statement_timestamp\(|transaction_timestamp\(|current_(timestamp|date|time)\b|localtimestamp)`)
	for _, file := range sources(t) {
		if file.test || strings.HasPrefix(file.pkg, "cmd") || strings.HasPrefix(file.pkg, "db/dbtest") {
			continue
		}
		ast.Inspect(file.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && (n.Sel.Name == "Now" || n.Sel.Name == "Since" || n.Sel.Name == "Until") {
					t.Errorf("%s reads the clock: time.%s", file.set.Position(n.Pos()), n.Sel.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && sqlClock.MatchString(n.Value) {
					t.Errorf("%s: SQL reads the clock", file.set.Position(n.Pos()))
				}
			}
			return true
		})
	}
	for _, path := range glob(t, "migrations/*.sql") {
		text, _ := os.ReadFile(path)
		if found := sqlClock.Find(text); found != nil {
			t.Errorf("%s reads the clock: %s", path, found)
		}
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v %v", pattern, paths, err)
	}
	return paths
}

// The sizes of a house that is pleasant to read.
const (
	maxFunction    = 80
	p90Function    = 40
	medianFunction = 12
	maxFile        = 600
	maxParameters  = 4
)

func TestSizes(t *testing.T) {
	var lengths []int
	for _, file := range sources(t) {
		if lines := strings.Count(file.text, "\n"); lines > maxFile {
			t.Errorf("%s has %d lines", file.path, lines)
		}
		for _, declaration := range file.tree.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			lines := file.set.Position(function.Body.Rbrace).Line - file.set.Position(function.Body.Lbrace).Line - 1
			if lines > maxFunction {
				t.Errorf("%s: %s has %d lines", file.set.Position(function.Pos()), function.Name.Name, lines)
			}
			if file.test {
				continue
			}
			lengths = append(lengths, lines)
			if n := parameters(function); n > maxParameters {
				t.Errorf("%s: %s has %d parameters after ctx", file.set.Position(function.Pos()), function.Name.Name, n)
			}
		}
	}
	slices.Sort(lengths)
	median, p90 := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	if median > medianFunction || p90 > p90Function {
		t.Errorf("functions have a median of %d lines and a p90 of %d", median, p90)
	}
}

func parameters(function *ast.FuncDecl) int {
	n := 0
	for _, field := range function.Type.Params.List {
		if selector, ok := field.Type.(*ast.SelectorExpr); ok && selector.Sel.Name == "Context" {
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

func TestNamesAndPackageComments(t *testing.T) {
	banned := []string{"models", "utils", "util", "common", "helpers", "handlers"}
	documented := map[string]bool{}
	for _, file := range sources(t) {
		if slices.Contains(banned, filepath.Base(file.pkg)) {
			t.Errorf("%s: no package is called that", file.path)
		}
		if file.tree.Doc != nil {
			documented[file.pkg] = true
		} else if !file.test && !documented[file.pkg] {
			documented[file.pkg] = false
		}
	}
	for pkg, has := range documented {
		if !has {
			t.Errorf("package %s says nothing of what it promises", pkg)
		}
	}
}

// Every table says what a row is, how long it lives and what is personal.
func TestTablesHaveComments(t *testing.T) {
	made := regexp.MustCompile(`CREATE TABLE (\w+)`)
	for _, path := range glob(t, "migrations/*.sql") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range made.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(string(text), "COMMENT ON TABLE "+table[1]+" IS") {
				t.Errorf("%s: table %s has no comment", path, table[1])
			}
		}
	}
}
