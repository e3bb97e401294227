package resources

import (
	"time"

	"github.com/google/uuid"

	"vuoro/db"
	"vuoro/fault"
	"vuoro/web/locales"
)

// Picture is a photograph of a resource. Width and Height are those of its
// largest file, in pixels.
type Picture struct {
	ID         int `gorm:"primaryKey"`
	UID        uuid.UUID
	Resource   int
	Position   int // from 1 in the order of showing
	Alt        locales.Texts
	Decorative bool // it says nothing that the page does not say
	Width      int
	Height     int
	AddedAt    time.Time
	Revision   int
}

// PictureFile is a picture as JPEG in one of PictureWidths.
type PictureFile struct {
	Picture int
	Width   int
	Body    db.Bytes
}

// PictureWidths are the widths in pixels that every picture is kept in; one
// that is narrower keeps its own.
var PictureWidths = []int{400, 800, 1600}

// MaxPictures is how many pictures a resource may have.
const MaxPictures = 12

// Described tells whether everybody may see the picture: it has a description
// in three languages or needs none.
func (p Picture) Described() bool {
	return p.Decorative || p.Alt.Fi != "" && p.Alt.Sv != "" && p.Alt.En != ""
}

// Size is the picture in one of PictureWidths, in pixels.
func (p Picture) Size(width int) (w, h int) {
	if p.Width <= width {
		return p.Width, p.Height
	}
	return width, max(1, (p.Height*width+p.Width/2)/p.Width)
}

// Shown are the pictures that everybody may see, in their order.
func (p Place) Shown() []Picture {
	var list []Picture
	for _, picture := range p.Pictures {
		if picture.Described() {
			list = append(list, picture)
		}
	}
	return list
}

func (p Picture) check() error {
	var f form
	for _, lang := range locales.Languages {
		f.line("alt_"+lang, p.Alt.Exact(lang))
	}
	return invalid(f.fields)
}

func pictureNotFound() error { return fault.New(fault.NotFound, "picture.not_found") }
