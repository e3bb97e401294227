package ui

import (
	"fmt"
	"strings"
)

// room draws wall, floor and skirting.
func (c *canvas) room() {
	c.rect(box{0, 0, pictureW, floorY, 0}, "url(#w)")
	c.rect(box{0, floorY, pictureW, pictureH - floorY, 0}, "url(#f)")
	c.rect(box{0, floorY - 6, pictureW, 6, 0}, "#fff")
}

// beam is the light that falls through a window onto the floor.
func (c *canvas) beam(x, w int) {
	c.faint(".28", func() {
		c.path(fmt.Sprintf("M%d 268h%dl90 92h-%dz", x+20, w, w+30), "#fff")
	})
}

// shadow lies under what stands on the floor.
func (c *canvas) shadow(x, y, rx int) {
	c.faint(".16", func() { c.oval(box{x, y, rx, max(4, rx/11), 0}, c.dark) })
}

// window shows the landscape, in w/110 panes.
func (c *canvas) window(x, y, w, h int) {
	c.rect(box{x - 7, y - 7, w + 14, h + 14, 5}, "#fff")
	fmt.Fprintf(c, `<svg x="%d" y="%d" width="%d" height="%d" viewBox="0 0 %d %d">`, x, y, w, h, w, h)
	c.landscape(w, h)
	c.WriteString(`</svg>`)
	panes := max(1, w/110)
	for i := 1; i < panes; i++ {
		c.rect(box{x + w*i/panes - 3, y, 6, h, 0}, "#fff")
	}
	c.rect(box{x - 14, y + h + 7, w + 28, 8, 2}, "#fff")
	c.faint(".1", func() { c.rect(box{x - 14, y + h + 15, w + 28, 3, 0}, c.dark) })
}

// landscape is sky, sun, far shore, water and pines.
func (c *canvas) landscape(w, h int) {
	shore := h * 64 / 100
	c.rect(box{0, 0, w, h, 0}, "url(#s)")
	if c.night {
		c.aurora(w, h)
	}
	sunX := w * (20 + c.rnd.IntN(60)) / 100
	c.disc(sunX, shore-h*(14+c.rnd.IntN(26))/100, max(7, h/12), c.sun)
	c.path(fmt.Sprintf("M0 %dq%d-%d %d-%dt%d-4t%d %dv%dH0z", shore, w/6, h/7, w/3, h/12, w/3, w/3+4, h/14, h/8), c.far)
	c.rect(box{0, shore, w, h - shore, 0}, c.water)
	c.faint(".5", func() {
		c.rect(box{max(0, sunX-w/9), shore + h/14, w * 2 / 9, 2, 1}, c.sun)
		c.rect(box{max(0, sunX-w/16), shore + h/7, w / 8, 2, 1}, c.sun)
	})
	c.path(fmt.Sprintf("M0 %dq%d-%d %d 0t%d %dV%dH0z", h*88/100, w/4, h/12, w/2, w/2, h/20, h), c.hill)
	for x := c.rnd.IntN(20); x < w; x += w/7 + c.rnd.IntN(w/5+1) {
		if x < w*35/100 || x > w*62/100 {
			c.pine(x, h*92/100, h*(34+c.rnd.IntN(34))/100, c.hill)
		}
	}
}

// aurora are two veils of green light.
func (c *canvas) aurora(w, h int) {
	c.faint(".55", func() {
		c.path(fmt.Sprintf("M0 %dq%d-%d %d-%dt%d-%dv%dq-%d-4-%d %dt-%d %dz", h*42/100, w/4, h/3, w/2, h/6, w/2, h/9, h/5, w/4, w/2, h/9, w/2, h/8), "#7fe0b8")
	})
	c.faint(".35", func() {
		c.path(fmt.Sprintf("M0 %dq%d-%d %d-%dt%d-%dv%dq-%d 0-%d %dt-%d %dz", h*26/100, w/4, h/5, w/2, h/12, w/2, h/12, h/9, w/4, w/2, h/12, w/2, h/9), "#b6f0d2")
	})
}

// pine is a spruce of height h that stands at base.
func (c *canvas) pine(x, base, h int, fill string) {
	w := h * 30 / 100
	var d strings.Builder
	fmt.Fprintf(&d, "M%d %dl%d %dh-%dl%d %dh-%dl%d %dh-%dv%dh-%dv-%d", x, base-h, w/2, h*36/100, w/5, w*9/20, h*28/100, w/5, w*2/5, h*26/100, w*19/20, h/10, w/5, h/10)
	fmt.Fprintf(&d, "h-%dl%d-%dh-%dl%d-%dh-%dz", w*19/20, w*2/5, h*26/100, w/5, w*9/20, h*28/100, w/5)
	c.path(d.String(), fill)
}

// pendant is a lamp that hangs from the ceiling.
func (c *canvas) pendant(x, length, r int, shade string) {
	c.rect(box{x - 1, 0, 2, length, 0}, c.dark)
	c.faint(".35", func() { c.disc(x, length+r/2, r*3/2, "#fff3cf") })
	c.path(fmt.Sprintf("M%d %da%d %d 0 0 1 %d 0z", x-r, length+r, r, r, 2*r), shade)
	c.oval(box{x, length + r, r / 2, 4, 0}, "#fff3cf")
}

// plant stands in a pot, s pixels high.
func (c *canvas) plant(x, base, s int) {
	c.shadow(x, base, s/3)
	leaf := c.pick("#2e6f5e", "#3d8068", "#4b8a62")
	for _, l := range [][2]int{{-46, 78}, {46, 82}, {-24, 96}, {24, 100}, {0, 112}} {
		dx, up := l[0]*s/130, l[1]*s/100
		c.path(fmt.Sprintf("M%d %dq%d-%d %d-%dq%d %d %d %dz", x, base-s/4, dx*6/5-s/9, up*3/5, dx, up-s/4, s/7, up/3, -dx, up-s/4), leaf)
		leaf = c.pick("#2e6f5e", "#3d8068", "#57987a")
	}
	c.path(fmt.Sprintf("M%d %dh%dl-%d %dh-%dz", x-s/6, base-s*3/10, s/3, s/20, s*3/10, s/3-s/10), c.second)
}

// chairBack is a chair seen from behind, w wide, standing at base.
func (c *canvas) chairBack(x, base, w int, fill string) {
	c.line(fmt.Sprintf("M%d %dl-%d %dM%d %dl%d %d", x-w*2/5, base-w/2, w/10, w/2, x+w*2/5, base-w/2, w/10, w/2), max(3, w/14), c.dark)
	c.rect(box{x - w/2, base - w*13/10, w, w * 9 / 10, w / 5}, fill)
	c.faint(".18", func() { c.rect(box{x - w/2, base - w*6/10, w, w / 5, w / 10}, c.dark) })
}

// steam rises from (x, y).
func (c *canvas) steam(x, y, h int) {
	c.faint(".55", func() {
		c.line(fmt.Sprintf("M%d %dq-%d-%d 0-%dt0-%d", x, y, h/4, h/4, h/2, h/2), max(4, h/9), "#fff")
	})
}

// slats are upright boards of one colour with dark joints.
func (c *canvas) slats(at box, step int, fill, joint string) {
	c.rect(at, fill)
	var d strings.Builder
	for i := step; i < at.w; i += step {
		fmt.Fprintf(&d, "M%d %dv%d", at.x+i, at.y, at.h)
	}
	c.faint(".35", func() { c.line(d.String(), 2, joint) })
}

// screen is a wall screen with a chart.
func (c *canvas) screen(x, y, w, h int) {
	c.rect(box{x, y, w, h, 6}, c.dark)
	c.rect(box{x + 6, y + 6, w - 12, h - 12, 3}, c.accent)
	for i := range 4 {
		bar := h * (14 + c.rnd.IntN(38)) / 100
		c.rect(box{x + w*(12+i*13)/100, y + h*80/100 - bar, w * 8 / 100, bar, 2}, c.soft)
	}
	c.disc(x+w*78/100, y+h*46/100, h/6, c.second)
	c.path(fmt.Sprintf("M%d %dV%da%d %d 0 0 1 %d %dz", x+w*78/100, y+h*46/100, y+h*46/100-h/6, h/6, h/6, h/6, h/6), "#fff")
}

// books fill a shelf from x to x+w, standing at base.
func (c *canvas) books(x, base, w, tallest int) {
	for end := x + w - 8; x < end; {
		bw, bh := 6+c.rnd.IntN(7), tallest*(68+c.rnd.IntN(32))/100
		c.rect(box{x, base - bh, bw, bh, 1}, c.pick(c.accent, c.soft, c.second, c.dark, "#fff", c.woodLow))
		x += bw + 1
		if c.rnd.IntN(9) == 0 {
			x += 10
		}
	}
}

// frame is a picture on the wall.
func (c *canvas) frame(x, y, w, h int) {
	c.rect(box{x, y, w, h, 2}, c.wood)
	fmt.Fprintf(c, `<svg x="%d" y="%d" width="%d" height="%d" viewBox="0 0 %d %d">`, x+5, y+5, w-10, h-10, w-10, h-10)
	c.rect(box{0, 0, w, h, 0}, c.soft)
	c.disc(w*2/3, h/3, h/6, c.second)
	c.path(fmt.Sprintf("M0 %dl%d-%d %d %d %d-%d %d %dV%dH0z", h*7/10, w/4, h/4, w/5, h/5, w/4, h/3, w/2, h/2, h), c.accent)
	c.WriteString(`</svg>`)
}
