package web

import (
	"strconv"
	"strings"

	"vuoro/resources"
	"vuoro/web/locales"
)

// photo is a photograph on a page, with its files for wider and narrower ones.
type photo struct {
	Src, SrcSet, Small, Large string
	W, H, N                   int // N counts from 1
	Alt, Lang                 string
}

// gallery is the photographs of a place that everybody may see; staff see in a
// preview what everybody would.
func (v *visit) gallery(place resources.Place) []photo {
	var list []photo
	for _, picture := range place.Shown() {
		p := photo{N: len(list) + 1, Src: pictureHref(picture.UID, 800), Small: pictureHref(picture.UID, 400), Large: pictureHref(picture.UID, 1600)}
		p.W, p.H = picture.Size(800)
		if !picture.Decorative {
			p.Alt, p.Lang = v.text(picture.Alt)
		}
		var files []string
		for _, width := range resources.PictureWidths[:2] {
			w, _ := picture.Size(width)
			files = append(files, pictureHref(picture.UID, width)+" "+strconv.Itoa(w)+"w")
		}
		p.SrcSet = strings.Join(files, ", ")
		list = append(list, p)
	}
	return list
}

// cardPicture is the small picture of a place: its first photograph, or the
// drawing that stands in for it.
func (v *visit) cardPicture(place resources.Place) (src, alt string) {
	src, alts := cardPictureOf(place)
	return src, v.named(alts)
}

func cardPictureOf(place resources.Place) (src string, alt locales.Texts) {
	shown := place.Shown()
	if len(shown) == 0 {
		return pathTo("room-picture", "fi", place.Resource.Slug), alt
	}
	if !shown[0].Decorative {
		alt = shown[0].Alt
	}
	return pictureHref(shown[0].UID, 400), alt
}
