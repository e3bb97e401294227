package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// use is a key that the program's source speaks with. params is nil where the
// source does not show which values it gives.
type use struct {
	key    string
	at     string
	params map[string]bool
}

var codesInSource = sync.OnceValue(func() []use {
	var uses []use
	for path, file := range sourceFiles() {
		uses = append(uses, codesIn(path, file)...)
	}
	return uses
})

var positions = token.NewFileSet()

// sourceFiles parses the program; a file that does not parse is the compiler's
// to report.
func sourceFiles() map[string]*ast.File {
	files := map[string]*ast.File{}
	_ = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && path != "../.." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			if file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution); err == nil {
				files[path] = file
			}
		}
		return nil
	})
	return files
}

// codesIn finds fault.New(kind, "code", params), fault.Wrap(err, kind, "code"),
// fault.InvalidField(name, "code", params) and every struct with Code: "code".
func codesIn(path string, file *ast.File) []use {
	var uses []use
	add := func(code, params ast.Expr) {
		if key, ok := text(code); ok && key != "" {
			uses = append(uses, use{key: key, at: positions.Position(code.Pos()).String(), params: literalKeys(params)})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			code, params := faultCall(n)
			if code != nil {
				add(code, params)
			}
		case *ast.CompositeLit:
			if code := fieldOf(n, "Code"); code != nil && !strings.Contains(path, "/web/") {
				add(code, fieldOf(n, "Params"))
			}
		}
		return true
	})
	return uses
}

func faultCall(call *ast.CallExpr) (code, params ast.Expr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "fault" {
		return nil, nil
	}
	at := map[string]int{"New": 1, "InvalidField": 1, "Wrap": 2}
	i, ok := at[sel.Sel.Name]
	if !ok || len(call.Args) <= i {
		return nil, nil
	}
	if len(call.Args) > i+1 {
		return call.Args[i], call.Args[i+1]
	}
	return call.Args[i], &ast.CompositeLit{} // none given
}

func fieldOf(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func literalKeys(e ast.Expr) map[string]bool {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := text(kv.Key); ok {
				keys[key] = true
			}
		}
	}
	return keys
}

func TestEveryCodeInTheSourceHasASentenceWithItsParams(t *testing.T) {
	uses := codesInSource()
	if len(uses) < 30 {
		t.Fatalf("only %d codes found in the source: the search is broken", len(uses))
	}
	for _, use := range uses {
		if !Has(use.key) {
			t.Errorf("%s: no sentence for the code %q", use.at, use.key)
			continue
		}
		for name := range catalogues["fi"][use.key].names() {
			if use.params != nil && !use.params[name] {
				t.Errorf("%s: the sentence of %q needs the param %q", use.at, use.key, name)
			}
		}
	}
}

// codeShape finds codes that travel otherwise than through fault: constants,
// tables, helper functions.
var codeShape = regexp.MustCompile(`^(booking|idempotency|auth|profile|search)\.[a-z_]+$`)

func TestEveryLiteralThatLooksLikeACodeHasASentence(t *testing.T) {
	for _, file := range sourceFiles() {
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if key, ok := text(e); ok && codeShape.MatchString(key) && !Has(key) {
					t.Errorf("%s: no sentence for %q", positions.Position(e.Pos()), key)
				}
			}
			return true
		})
	}
}

// policies documents the params of each of its codes in the table Codes; the
// sentences may use those and no others.
func TestSentencesOfRulesUseTheParamsThatPoliciesGive(t *testing.T) {
	file, err := parser.ParseFile(positions, "../../policies/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants, documented := map[string]string{}, map[string]map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if len(n.Names) == 1 && len(n.Values) == 1 {
				if value, ok := text(n.Values[0]); ok {
					constants[n.Names[0].Name] = value
				}
			}
		case *ast.CompositeLit:
			if code, params, ok := documentedCode(n); ok {
				documented[code] = params
			}
		}
		return true
	})
	if len(documented) < 25 {
		t.Fatalf("only %d documented codes found: the search is broken", len(documented))
	}
	for constant, params := range documented {
		key := constants[constant]
		if !Has(key) {
			t.Errorf("no sentence for %s", key)
		}
		for name := range catalogues["fi"][key].names() {
			if !params[name] {
				t.Errorf("the sentence of %s needs %q; policies gives %v", key, name, slices.Sorted(maps.Keys(params)))
			}
		}
	}
}

// documentedCode reads {CodeX, "rule", …, params("a", InTime, …)}.
func documentedCode(lit *ast.CompositeLit) (constant string, params map[string]bool, ok bool) {
	if len(lit.Elts) < 3 {
		return "", nil, false
	}
	id, ok := lit.Elts[0].(*ast.Ident)
	if !ok || !strings.HasPrefix(id.Name, "Code") {
		return "", nil, false
	}
	params = map[string]bool{}
	if call, ok := lit.Elts[len(lit.Elts)-1].(*ast.CallExpr); ok {
		for _, arg := range call.Args {
			if name, ok := text(arg); ok {
				params[name] = true
			}
		}
	}
	return id.Name, params, true
}

var templateKey = regexp.MustCompile(`(?:\{\{|\(|\s)t "([^"]+)"`)

func TestEveryKeyInATemplateHasASentence(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, match := range templateKey.FindAllStringSubmatch(string(raw), -1) {
			found++
			if !Has(match[1]) {
				t.Errorf("%s: no sentence for %q", path, match[1])
			}
		}
		return err
	})
	if err != nil || found < 30 {
		t.Fatalf("found %d keys in templates: %v", found, err)
	}
}

// Calls of Printer.T, and of functions called t, with a literal key.
func TestEveryKeyInTheSourceHasASentence(t *testing.T) {
	for _, file := range sourceFiles() {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if name := calledName(call); name == "T" || name == "t" {
				if key, ok := keyOrPrefix(call.Args[0]); ok && !begun(key) {
					t.Errorf("%s: no sentence for %q", positions.Position(call.Pos()), key)
				}
			}
			return true
		})
	}
}

// keyOrPrefix is the literal key, or of "state."+x the beginning "state.".
func keyOrPrefix(e ast.Expr) (string, bool) {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return text(e)
		}
		e = sum.X
	}
}

func begun(key string) bool {
	return Has(key) || strings.HasSuffix(key, ".") && slices.ContainsFunc(Keys(), func(k string) bool { return strings.HasPrefix(k, key) })
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
