package calendar

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zone files

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func date(t testing.TB, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func minute(t testing.TB, text string) Minute {
	t.Helper()
	m, err := ParseMinute(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// changingZones are zones with different rules, jumps and hemispheres.
var changingZones = []string{
	"Europe/Helsinki", "Europe/Stockholm", "America/New_York", "Europe/London", "Europe/Dublin",
	"Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago", "Asia/Beirut",
	"Asia/Jerusalem", "Africa/Casablanca", "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Tokyo",
}

func anyZone(t *rapid.T) *time.Location {
	loc, err := time.LoadLocation(rapid.SampledFrom(changingZones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func anyInstant(t *rapid.T, label string) time.Time {
	first, last := beginOf(2008).Unix(), beginOf(2036).Unix()
	return time.Unix(rapid.Int64Range(first, last).Draw(t, label), 0).UTC()
}

// time.Date with a zone answers differently from RFC 5545 in gaps and doubled
// hours, and a clock or time.Local would make answers depend on the machine.
func TestOnlyTheResolverKnowsZones(t *testing.T) {
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range names {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isTime(call.Fun, "Date") && !isTime(call.Args[7], "UTC") {
				t.Errorf("%s: time.Date in a zone", file.Name())
			}
			for _, banned := range []string{"Now", "Local", "Since", "Until"} {
				if expr, ok := n.(ast.Expr); ok && isTime(expr, banned) {
					t.Errorf("%s: time.%s", file.Name(), banned)
				}
			}
			return true
		})
	}
}

func isTime(expr ast.Expr, name string) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "time"
}

// underEveryLocal runs a test as on servers in other parts of the world.
func underEveryLocal(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	home := time.Local
	defer func() { time.Local = home }()
	for _, name := range []string{"UTC", "Pacific/Auckland", "America/New_York"} {
		time.Local = zone(t, name)
		t.Run("TZ="+name, test)
	}
}

func TestGapAndDoubledHourOnEveryServer(t *testing.T) {
	underEveryLocal(t, func(t *testing.T) {
		for _, c := range nights {
			checkNight(t, c)
		}
	})
}

func TestFeedBytesOnEveryServer(t *testing.T) {
	want := WriteFeed(sampleFeed(t))
	underEveryLocal(t, func(t *testing.T) {
		if !slices.Equal(WriteFeed(sampleFeed(t)), want) {
			t.Error("the bytes depend on the server's zone")
		}
	})
}
