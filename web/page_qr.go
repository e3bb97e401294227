package web

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// qrCode is a QR code as one SVG path of unit squares.
type qrCode struct {
	Size int // modules on a side, with the quiet zone
	Path string
}

// newQRCode draws a text; rows of dark modules are one stroke each.
func newQRCode(text string) (qrCode, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return qrCode{}, err
	}
	bitmap := code.Bitmap()
	var path strings.Builder
	for y, row := range bitmap {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			run := 1
			for x+run < len(row) && row[x+run] {
				run++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x, y, run, run)
			x += run
		}
	}
	return qrCode{Size: len(bitmap), Path: path.String()}, nil
}
