package resources

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	_ "image/jpeg" // the two formats that are taken
	_ "image/png"

	"vuoro/fault"
)

const (
	// MaxUpload is how many bytes of a picture are taken.
	MaxUpload = 12 << 20

	maxPixels = 50_000_000 // of a picture with four bytes a pixel while it is read
	minWidth  = 320
	minHeight = 180
	maxRatio  = 4 // of the longer side to the shorter
)

// foreign are the beginnings of files that people take for pictures, and what
// they are told. WebP is a picture, but nothing here reads it.
var foreign = []struct {
	at    int
	magic string
	code  string
}{
	{0, "GIF8", "picture.gif"},
	{0, "PK\x03\x04", "picture.zip"},
	{0, "%PDF", "picture.pdf"},
	{4, "ftyp", "picture.heic"},
	{8, "WEBP", "picture.webp"},
	{0, "II*\x00", "picture.tiff"},
	{0, "MM\x00*", "picture.tiff"},
	{0, "BM", "picture.tiff"},
}

// checkPicture looks at the first bytes of an upload, whatever its name says,
// and refuses what is not a photograph or would take too much memory: nothing
// is unpacked before its size is known.
func checkPicture(body []byte) (image.Config, error) {
	refuse := func(code string, params ...fault.Params) (image.Config, error) {
		return image.Config{}, fault.InvalidField("picture", code, params...)
	}
	switch code := foreignCode(body); {
	case len(body) == 0:
		return refuse("picture.none")
	case len(body) > MaxUpload:
		return refuse("picture.too_large", fault.Params{"max": MaxUpload >> 20})
	case code != "":
		return refuse(code)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return refuse("picture.unreadable")
	}
	if format == "png" && animated(body) {
		return refuse("picture.animated")
	}
	w, h := config.Width, config.Height
	most := maxPixels * 4 / bytesPerPixel(config, format, body)
	switch {
	case w < 1 || h < 1 || w > maxPixels || h > maxPixels || w > most/h:
		return refuse("picture.too_many_pixels", fault.Params{"max": most / 1_000_000})
	case w < minWidth || h < minHeight:
		return refuse("picture.too_small", fault.Params{"width": minWidth, "height": minHeight})
	case max(w, h) > maxRatio*min(w, h):
		return refuse("picture.too_long", fault.Params{"max": maxRatio})
	}
	return config, nil
}

func foreignCode(body []byte) string {
	for _, f := range foreign {
		if len(body) >= f.at+len(f.magic) && string(body[f.at:f.at+len(f.magic)]) == f.magic {
			return f.code
		}
	}
	head := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 1024)], "\ufeff \t\r\n"))
	if bytes.HasPrefix(head, []byte("<")) {
		return "picture.svg"
	}
	return ""
}

// bytesPerPixel is what the decoder takes: a progressive JPEG is kept as
// coefficients until its end, sixteen bits a colour take twice as much.
func bytesPerPixel(config image.Config, format string, body []byte) int {
	switch config.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		return 8
	}
	if format == "jpeg" && progressive(body) {
		return 12
	}
	return 4
}

// progressive tells whether a JPEG's frame is not a baseline one.
func progressive(body []byte) (found bool) {
	eachSegment(body, func(marker byte, _ []byte) bool {
		found = marker == 0xC2
		return marker < 0xC0 || marker > 0xC2
	})
	return found
}

// eachSegment walks the segments of a JPEG up to its pixels, as long as next
// says so.
func eachSegment(body []byte, next func(marker byte, data []byte) bool) {
	for at := 2; at+4 <= len(body) && body[at] == 0xFF; {
		marker := body[at+1]
		if marker == 0xFF { // filling
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(body[at+2:]))
		end := at + 2 + size
		if marker == 0xDA || size < 2 || end > len(body) || !next(marker, body[at+4:end]) {
			return
		}
		at = end
	}
}

// animated tells whether a PNG has more than one picture: an acTL chunk before
// its pixels.
func animated(body []byte) bool {
	pixels := bytes.Index(body, []byte("IDAT"))
	return pixels >= 0 && bytes.Contains(body[:pixels], []byte("acTL"))
}

// orientation is how a JPEG's camera was held: 1–8 as Exif 2.32 (4.6.4 A)
// counts, 1 where nothing is said.
func orientation(body []byte) int {
	turn := 1
	eachSegment(body, func(marker byte, data []byte) bool {
		if marker == 0xE1 && bytes.HasPrefix(data, []byte("Exif\x00\x00")) {
			turn = exifOrientation(data[6:])
			return false
		}
		return true
	})
	return turn
}

// exifOrientation reads tag 0x0112 of the first directory of a TIFF head.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 1
	}
	for n, entry := int(order.Uint16(tiff[at:])), at+2; n > 0 && entry+12 <= len(tiff); n, entry = n-1, entry+12 {
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if turn := int(order.Uint16(tiff[entry+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}
