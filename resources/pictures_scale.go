package resources

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	"vuoro/fault"
)

// Upload is a picture as it will be kept: new JPEGs without anything that the
// camera wrote beside the pixels.
type Upload struct {
	Width, Height int // of the largest
	Files         []PictureFile
}

// ReadUpload checks what somebody sent, turns it upright and makes the files of
// it. A mistake is Invalid at the field "picture". It takes up to 250 MB for a
// moment: the caller lets one in at a time.
func ReadUpload(body []byte) (Upload, error) {
	config, err := checkPicture(body)
	if err != nil {
		return Upload{}, err
	}
	decoded, _, err := image.Decode(bytes.NewReader(body))
	if err != nil || decoded.Bounds().Dx() != config.Width || decoded.Bounds().Dy() != config.Height {
		return Upload{}, fault.InvalidField("picture", "picture.unreadable")
	}
	turn := orientation(body)
	w, h := config.Width, config.Height
	if turn >= 5 {
		w, h = h, w
	}
	widest := Picture{Width: w, Height: h}
	u := Upload{}
	u.Width, u.Height = widest.Size(PictureWidths[len(PictureWidths)-1])
	tw, th := u.Width, u.Height
	if turn >= 5 {
		tw, th = th, tw
	}
	large := turned(shrink(decoded, tw, th), turn)
	for _, width := range PictureWidths {
		w, h := (Picture{Width: u.Width, Height: u.Height}).Size(width)
		file, err := encode(shrink(large, w, h), budgets[width])
		if err != nil {
			return Upload{}, err
		}
		u.Files = append(u.Files, PictureFile{Width: width, Body: file})
	}
	return u, nil
}

// budgets are the bytes that a file of a width should not exceed.
var budgets = map[int]int{400: 28 << 10, 800: 84 << 10, 1600: 320 << 10}

// encode lowers the quality until the file is light enough or looks bad.
func encode(img image.Image, budget int) ([]byte, error) {
	for quality := 82; ; quality -= 8 {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "internal")
		}
		if out.Len() <= budget || quality <= 50 {
			return out.Bytes(), nil
		}
	}
}

// shrink averages the pixels below each new one, on white where they are
// transparent. It reads one row at a time, so that it needs no second copy of a
// large picture.
func shrink(src image.Image, w, h int) *image.RGBA {
	from := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	sums, columns := make([]uint64, 3*w), edgesOf(from.Dx(), w)
	for y := range h {
		top, end := y*from.Dy()/h, max((y+1)*from.Dy()/h, y*from.Dy()/h+1)
		clear(sums)
		for line := top; line < end; line++ {
			draw.Draw(row, row.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
			draw.Draw(row, row.Rect, src, image.Pt(from.Min.X, from.Min.Y+line), draw.Over)
			addRow(sums, row.Pix, columns)
		}
		for x := range w {
			n := uint64((columns[x+1] - columns[x]) * (end - top))
			at := dst.PixOffset(x, y)
			for c := range 3 {
				dst.Pix[at+c] = uint8((sums[3*x+c] + n/2) / n)
			}
			dst.Pix[at+3] = 0xFF
		}
	}
	return dst
}

// edgesOf are where each new column begins among the old ones, and the end.
func edgesOf(from, to int) []int {
	columns := make([]int, to+1)
	for x := range columns {
		columns[x] = x * from / to
	}
	return columns
}

func addRow(sums []uint64, pixels []uint8, columns []int) {
	for x := range len(columns) - 1 {
		for at := 4 * columns[x]; at < 4*columns[x+1]; at += 4 {
			sums[3*x] += uint64(pixels[at])
			sums[3*x+1] += uint64(pixels[at+1])
			sums[3*x+2] += uint64(pixels[at+2])
		}
	}
}

// turned makes a picture upright that was taken with the camera held as turn
// says.
func turned(src *image.RGBA, turn int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	place, ok := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return h - 1 - y, x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x },
		8: func(x, y int) (int, int) { return y, w - 1 - x },
	}[turn]
	if !ok {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			toX, toY := place(x, y)
			copy(dst.Pix[dst.PixOffset(toX, toY):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}
