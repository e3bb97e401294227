package resources_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// photo is a JPEG whose left half is red and whose right half is blue.
func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 220, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 220, A: 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withExif puts an Exif segment with an orientation and a place into a JPEG.
func withExif(body []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	tiff = append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1, byte(orientation>>8), byte(orientation), 0, 0)
	tiff = append(tiff, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0)
	tiff = append(tiff, "GPS 60.1733 24.9381"...)
	data := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(data)+2))
	return bytes.Join([][]byte{body[:2], segment, data, body[2:]}, nil)
}

// bomb is a small PNG whose head promises w × h pixels.
func bomb(w, h uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		body := append([]byte(kind), data...)
		return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 2, 0, 0, 0)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("IDAT", []byte("x")), chunk("IEND", nil)}, nil)
}

func plainPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadUploadRefuses(t *testing.T) {
	var still bytes.Buffer
	if err := gif.Encode(&still, image.NewPaletted(image.Rect(0, 0, 400, 300), color.Palette{color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	whole := photo(t, 800, 600)
	moving := bytes.Replace(plainPNG(t, image.NewGray(image.Rect(0, 0, 400, 300))), []byte("IDAT"), []byte("acTLIDAT"), 1)
	wide := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
	deep := plainPNG(t, wide)
	binary.BigEndian.PutUint32(deep[16:], 6000)
	binary.BigEndian.PutUint32(deep[20:], 6000)
	binary.BigEndian.PutUint32(deep[29:], crc32.ChecksumIEEE(deep[12:29]))
	for name, test := range map[string]struct {
		body []byte
		code string
	}{
		"nothing":             {nil, "picture.none"},
		"100 MB":              {append(bytes.Clone(whole), make([]byte, 100<<20)...), "picture.too_large"},
		"SVG with script":     {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "picture.svg"},
		"SVG behind a mark":   {[]byte("\ufeff  \n<SVG onload=alert(1)>"), "picture.svg"},
		"HTML":                {[]byte("<!doctype html><script>alert(1)</script>"), "picture.svg"},
		"GIF":                 {still.Bytes(), "picture.gif"},
		"ZIP named .jpg":      {append([]byte("PK\x03\x04"), make([]byte, 500)...), "picture.zip"},
		"PDF":                 {[]byte("%PDF-1.7 ..."), "picture.pdf"},
		"HEIC":                {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "picture.heic"},
		"WebP":                {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "picture.webp"},
		"TIFF":                {[]byte("II*\x00\x08\x00\x00\x00"), "picture.tiff"},
		"text":                {[]byte("no picture at all"), "picture.unreadable"},
		"cut off":             {whole[:len(whole)*2/3], "picture.unreadable"},
		"only the head":       {whole[:300], "picture.unreadable"},
		"60 000 × 60 000":     {bomb(60_000, 60_000), "picture.too_many_pixels"},
		"2³¹ − 1 squared":     {bomb(1<<31-1, 1<<31-1), "picture.unreadable"},
		"sixteen bits":        {deep, "picture.too_many_pixels"},
		"a head without more": {bomb(800, 600), "picture.unreadable"},
		"animated PNG":        {moving, "picture.animated"},
		"small":               {photo(t, 300, 300), "picture.too_small"},
		"a strip":             {photo(t, 1000, 200), "picture.too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := resources.ReadUpload(test.body)
			if got := fault.As(err); got == nil || got.Code != test.code || got.Fields[0].Name != "picture" {
				t.Errorf("%v, want %s", err, test.code)
			}
		})
	}
}

func TestReadUploadMakesThreeFiles(t *testing.T) {
	upload, err := resources.ReadUpload(withExif(photo(t, 2000, 1000), 1))
	if err != nil {
		t.Fatal(err)
	}
	if upload.Width != 1600 || upload.Height != 800 || len(upload.Files) != 3 {
		t.Fatalf("%d × %d, %d files", upload.Width, upload.Height, len(upload.Files))
	}
	for _, file := range upload.Files {
		config, err := jpeg.DecodeConfig(bytes.NewReader(file.Body))
		if err != nil || config.Width != file.Width || config.Height != file.Width/2 {
			t.Errorf("%d: %d × %d, %v", file.Width, config.Width, config.Height, err)
		}
		for _, secret := range []string{"Exif", "GPS", "60.1733"} {
			if bytes.Contains(file.Body, []byte(secret)) {
				t.Errorf("%d: still says %s", file.Width, secret)
			}
		}
	}
}

// A picture taken with the camera on its side stands upright: red, which was
// left in the file, is where the camera says.
func TestReadUploadTurnsUpright(t *testing.T) {
	type corner struct{ x, y float64 } // of the red half
	for orientation, red := range map[uint16]corner{
		1: {0.1, 0.5}, 2: {0.9, 0.5}, 3: {0.9, 0.5}, 4: {0.1, 0.5}, 5: {0.5, 0.1}, 6: {0.5, 0.1}, 7: {0.5, 0.9}, 8: {0.5, 0.9},
	} {
		upload, err := resources.ReadUpload(withExif(photo(t, 800, 400), orientation))
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(upload.Files[1].Body))
		if err != nil {
			t.Fatal(err)
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if sideways := orientation >= 5; sideways != (h > w) {
			t.Errorf("%d: %d × %d", orientation, w, h)
		}
		r, _, b, _ := img.At(int(red.x*float64(w)), int(red.y*float64(h))).RGBA()
		if r < 4*b {
			t.Errorf("%d: the red half is elsewhere", orientation)
		}
	}
}

func TestReadUploadPutsWhiteBehindTransparency(t *testing.T) {
	upload, err := resources.ReadUpload(plainPNG(t, image.NewNRGBA(image.Rect(0, 0, 400, 300))))
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(upload.Files[0].Body))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(200, 150).RGBA(); min(r, g, b) < 0xF000 {
		t.Errorf("%x %x %x", r, g, b)
	}
}

func TestDescribed(t *testing.T) {
	for _, test := range []struct {
		picture resources.Picture
		want    bool
	}{
		{resources.Picture{}, false},
		{resources.Picture{Alt: locales.Texts{Fi: "a", Sv: "b"}}, false},
		{resources.Picture{Alt: locales.Texts{Fi: "a", Sv: "b", En: "c"}}, true},
		{resources.Picture{Decorative: true}, true},
	} {
		if test.picture.Described() != test.want {
			t.Errorf("%+v", test.picture)
		}
	}
}

// FuzzReadUpload: whatever is sent is refused as Invalid or becomes three JPEGs
// of the promised sizes; nothing panics.
func FuzzReadUpload(f *testing.F) {
	small := photo(f, 320, 180)
	f.Add(small)
	f.Add(withExif(small, 6))
	f.Add(bomb(60_000, 60_000))
	f.Add(plainPNG(f, image.NewGray(image.Rect(0, 0, 320, 180))))
	f.Add([]byte(strings.Repeat("\xff\xd8\xff\xe1\x00\x08Exif\x00\x00", 3)))
	f.Fuzz(func(t *testing.T, body []byte) {
		upload, err := resources.ReadUpload(body)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if len(upload.Files) != 3 || upload.Width > 1600 || upload.Width < 1 || upload.Height < 1 {
			t.Fatalf("%d × %d, %d files", upload.Width, upload.Height, len(upload.Files))
		}
	})
}
