package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeInstallation is a directory with programs that only tell a version.
func fakeInstallation(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range map[string]string{
		"postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n",
		"initdb":   "#!/bin/sh\nexit 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func placeWithData(t *testing.T, version string) place {
	t.Helper()
	p := place{dir: t.TempDir()}
	if err := os.Mkdir(p.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.data(), "PG_VERSION"), []byte(version), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFindNewestFirst(t *testing.T) {
	old, new := fakeInstallation(t, "9.6.24"), fakeInstallation(t, "17beta1")
	got := find([]string{old, t.TempDir(), new, old, "/does/not/exist"})
	if len(got) != 2 || got[0] != (programs{new, 17, "17beta1"}) || got[1] != (programs{old, 9, "9.6.24"}) {
		t.Errorf("found %+v", got)
	}
}

func TestFindWithoutInitdb(t *testing.T) {
	dir := fakeInstallation(t, "16.1")
	if err := os.Remove(filepath.Join(dir, "initdb")); err != nil {
		t.Fatal(err)
	}
	if got := find([]string{dir}); len(got) != 0 {
		t.Errorf("found %+v", got)
	}
}

func TestChooseTakesTheOneThatWroteTheData(t *testing.T) {
	installed := []programs{{"/b", 17, "17.2"}, {"/a", 15, "15.18"}}
	got, err := choose(installed, placeWithData(t, "15\n"))
	if err != nil || got.major != 15 {
		t.Errorf("choose = %+v, %v", got, err)
	}
	got, err = choose(installed, place{dir: t.TempDir()})
	if err != nil || got.major != 17 {
		t.Errorf("choose for new data = %+v, %v", got, err)
	}
}

func TestWrongPrograms(t *testing.T) {
	old := fakeInstallation(t, "13.4")
	_, err := choose(find([]string{old}), place{dir: t.TempDir()})
	want := "this machine has only PostgreSQL 13.4 in " + old + ", but Vuoro needs 14 or newer"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

func TestDataOfAnotherVersion(t *testing.T) {
	at := placeWithData(t, "14\n")
	_, err := choose([]programs{{"/b", 17, "17.2"}}, at)
	want := "the data in " + at.data() + " was written by PostgreSQL 14, but this machine has 17.2 in /b; install PostgreSQL 14, or move that directory away to begin anew"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
	if _, err := choose(nil, placeWithData(t, "many")); err == nil || !strings.Contains(err.Error(), `"many"`) {
		t.Errorf("unreadable version: %v", err)
	}
}

func TestOtherThingsAreNotTakenOver(t *testing.T) {
	dir := openDir(t)
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := place{dir: dir}.claim()
	if err == nil || !strings.Contains(err.Error(), "holds other things") {
		t.Errorf("claim: %v", err)
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o755 {
		t.Errorf("mode changed to %v", info.Mode())
	}
}

func TestDirectoryThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := place{dir: filepath.Join(file, "pg")}.claim()
	if err == nil || !strings.Contains(err.Error(), "set VUORO_DATA") {
		t.Errorf("claim: %v", err)
	}
}

func TestSocketDirectoryOfAnotherIsRefused(t *testing.T) {
	p := place{dir: t.TempDir()}
	target := filepath.Join(p.dir, "target")
	link := filepath.Join(p.dir, "link")
	wide := filepath.Join(p.dir, "wide")
	if err := os.Mkdir(target, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(wide, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir, ok := range map[string]bool{target: true, link: false, wide: false} {
		if err := p.privateDir(dir); (err == nil) != ok {
			t.Errorf("privateDir(%s) = %v", dir, err)
		}
	}
}

func TestFits(t *testing.T) {
	exact := "/" + strings.Repeat("a", maxSocketPath-len("/.s.PGSQL.5432")-1)
	for dir, want := range map[string]bool{exact: true, exact + "a": false, "/a b": false, "/a,b": false, "/home/äiti": false, "/home/x.y/v-1": true} {
		if got := fits(dir); got != want {
			t.Errorf("fits(%d bytes, %q) = %v", len(dir), dir, got)
		}
	}
}

// Data that an ordinary user made stay theirs when root starts the program.
func TestOwnerOfTheDataRunsTheServer(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root starts the server as another user")
	}
	p := placeWithData(t, "15\n")
	if err := os.Chown(p.data(), 4711, 4712); err != nil {
		t.Fatal(err)
	}
	owner, err := ownerFor(p.dir)
	if err != nil || *owner != (account{name: "number 4711", uid: 4711, gid: 4712}) {
		t.Errorf("owner %+v, %v", owner, err)
	}
	owner, err = ownerFor(t.TempDir())
	if err != nil || (owner.name != "postgres" && owner.name != "nobody") || owner.uid == 0 {
		t.Errorf("owner of new data %+v, %v", owner, err)
	}
}

// Once there, data are never passed over for an empty directory elsewhere.
func TestUnreachableDataAreAnError(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root starts the server as another user")
	}
	home := t.TempDir() // private to root
	p := place{dir: filepath.Join(home, "pg")}
	if err := os.MkdirAll(p.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{p.lockFile(), filepath.Join(p.data(), "PG_VERSION")} {
		if err := os.WriteFile(file, []byte("15\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(openDir(t), "other")
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := settleAsRoot(p.dir, other)
	if err == nil || !strings.Contains(err.Error(), "cannot reach "+p.dir) {
		t.Errorf("settle: %v", err)
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("an empty directory was taken instead")
	}
}
