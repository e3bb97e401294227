package respa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// kind is what the rows of an answer are.
type kind string

const (
	unitRows        kind = "unit"
	resourceRows    kind = "resource"
	reservationRows kind = "reservation"
	wordRows        kind = "purpose_and_type"
)

// kinds in the order in which they are read.
var kinds = []kind{wordRows, unitRows, resourceRows, reservationRows}

// answer is one page of rows, to be read once.
type answer struct {
	name   string // of the file, or its address
	called string // what the service is called where rows do not say
	body   io.Reader
}

// source has answers. each gives those of a kind, one by one, to read, which
// returns the address of the next page.
type source interface {
	each(ctx context.Context, k kind, read func(answer) (next string, err error)) error
}

// folder is a source of files, at any depth: one folder for each service.
type folder struct {
	root  string
	files map[kind][]string
}

var fileForm = regexp.MustCompile(`^(unit|resource|reservation|purpose_and_type)s?[-_.]?\d*\.json$`)

// maxFiles bounds what a folder is searched for.
const maxFiles = 20_000

func newFolder(root string) (*folder, error) {
	f := &folder{root: root, files: map[kind][]string{}}
	n := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if found := fileForm.FindStringSubmatch(strings.ToLower(entry.Name())); found != nil {
			f.files[kind(found[1])] = append(f.files[kind(found[1])], path)
			n++
		}
		if n > maxFiles {
			return fmt.Errorf("there are more than %d files in it", maxFiles)
		}
		return nil
	})
	var path *fs.PathError
	if errors.As(err, &path) {
		return nil, fmt.Errorf("%s cannot be read: %w", path.Path, path.Err)
	}
	if err == nil && n == 0 {
		err = errors.New("no unit.json, resource.json or reservation.json is in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, err)
	}
	return f, nil
}

func (f *folder) each(ctx context.Context, k kind, read func(answer) (string, error)) error {
	for _, path := range f.files[k] {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.one(path, read); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) one(path string, read func(answer) (string, error)) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s cannot be read", path)
	}
	defer file.Close()
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", path, err)
	}
	_, err = read(answer{name: path, called: filepath.Base(filepath.Dir(absolute)), body: file})
	return err
}
