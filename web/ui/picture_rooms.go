package ui

import (
	"fmt"
	"strings"
)

// meeting: a long table, chairs on both sides, a screen and a window.
func (c *canvas) meeting() {
	c.room()
	c.window(56, 54, 220, 150)
	c.beam(80, 190)
	c.screen(372, 66, 196, 116)
	c.plant(610, 274, 96)
	c.shadow(320, 340, 250)
	for i := range 4 {
		c.rect(box{170 + i*84, 216, 48, 54, 14}, c.soft)
	}
	c.path("M146 254h348l52 44H94z", c.wood)
	c.rect(box{94, 298, 452, 11, 3}, c.woodLow)
	c.path("M140 309h14l-6 40h-8zm346 0h14v40h-8z", c.dark)
	c.path("M296 268h56l6 14h-68z", c.dark)
	c.rect(box{300, 246, 48, 24, 3}, c.metal)
	c.rect(box{214, 266, 12, 12, 3}, "#fff")
	c.rect(box{430, 268, 12, 12, 3}, c.second)
	for i := range 3 {
		c.chairBack(200+i*120, 358, 64, c.accent)
	}
	for i := range 3 {
		c.pendant(220+i*100, 60+c.rnd.IntN(3)*6, 22, c.pick(c.second, c.accent, c.dark))
	}
}

// group: a round table between bookshelf and whiteboard.
func (c *canvas) group() {
	c.room()
	c.window(250, 52, 150, 130)
	c.beam(240, 130)
	c.rect(box{40, 60, 160, 206, 4}, c.wood)
	for i := range 3 {
		y := 70 + i*64
		c.rect(box{48, y, 144, 56, 0}, c.woodLow)
		c.books(52, y+56, 138, 46)
	}
	c.rect(box{446, 62, 154, 112, 4}, "#fff")
	c.rect(box{446, 174, 154, 5, 2}, c.metal)
	for i := range 5 {
		c.rect(box{460 + i%3*46, 76 + i/3*46, 34, 34, 2}, c.pick(c.soft, c.second, "#f6d57a", c.accent))
	}
	c.shadow(330, 346, 150)
	for _, x := range []int{232, 428} {
		c.rect(box{x - 26, 226, 52, 50, 16}, c.accent)
		c.path(fmt.Sprintf("M%d 276l-6 50h6l8-44h28l8 44h6l-6-50z", x-22), c.dark)
	}
	c.rect(box{322, 280, 16, 62, 3}, c.dark)
	c.oval(box{330, 342, 56, 8, 0}, c.dark)
	c.oval(box{330, 276, 124, 22, 0}, c.woodLow)
	c.oval(box{330, 271, 124, 22, 0}, c.wood)
	c.path("M286 262l40-6 8 12-42 6z", "#fff")
	c.rect(box{366, 254, 14, 15, 4}, c.second)
	c.chairBack(286, 360, 62, c.soft)
	c.chairBack(376, 360, 62, c.soft)
	c.pendant(330, 96, 30, c.second)
	c.plant(560, 290, 104)
}

// auditorium: seats in rising rows before a lit screen.
func (c *canvas) auditorium() {
	c.rect(box{0, 0, pictureW, pictureH, 0}, c.dark)
	c.slats(box{0, 0, 128, 230, 0}, 16, c.woodLow, c.dark)
	c.slats(box{512, 0, 128, 230, 0}, 16, c.woodLow, c.dark)
	c.rect(box{128, 0, 384, 230, 0}, c.accent)
	c.faint(".25", func() { c.rect(box{128, 0, 384, 230, 0}, c.dark) })
	fmt.Fprint(c, `<svg x="176" y="34" width="288" height="150" viewBox="0 0 288 150">`)
	c.landscape(288, 150)
	c.WriteString(`</svg>`)
	c.faint(".16", func() { c.path("M176 184h288l90 176H86z", c.sun) })
	c.rect(box{96, 206, 448, 30, 2}, c.wood)
	c.rect(box{96, 228, 448, 10, 0}, c.woodLow)
	c.path("M474 158h38l-6 50h-26z", c.wood)
	c.line("M486 158q-8-14 4-22", 3, c.metal)
	c.disc(490, 134, 4, c.metal)
	for row := range 3 {
		size, base := 44+row*16, 262+row*42
		for x := pictureW/2 - size*7; x <= pictureW/2+size*7; x += size + size/7 {
			fill := c.second
			if row == 1 {
				fill = c.pick(c.second, c.second, c.soft)
			}
			c.path(fmt.Sprintf("M%d %dv-%dq0-%d %d-%dh%dq%d 0 %d %dv%dz", x-size/2, base+size/2, size*3/5, size/4, size/4, size/4, size/2, size/4, size/4, size/4, size*3/5), fill)
		}
		c.faint(".22", func() { c.rect(box{0, base + size/4, pictureW, 60, 0}, c.dark) })
	}
	for i := range 5 {
		c.disc(160+i*80, 12, 5, "#fff3cf")
	}
}

// hall: a stage with curtains, light beams and rows of chairs.
func (c *canvas) hall() {
	c.room()
	c.rect(box{64, 24, 512, 212, 0}, c.dark)
	c.rect(box{76, 36, 488, 200, 0}, c.accent)
	c.faint(".3", func() { c.rect(box{76, 36, 488, 200, 0}, c.dark) })
	c.faint(".2", func() {
		c.path("M200 36h24l76 184H130z", "#fff3cf")
		c.path("M416 36h24l70 184H340z", "#fff3cf")
	})
	for _, side := range []int{0, 1} {
		for i := range 5 {
			x := 64 + i*20
			if side == 1 {
				x = 556 - i*20
			}
			c.path(fmt.Sprintf("M%d 24h20v%dq-10 10-20 0z", x, 206-i*14), c.second)
			c.faint([]string{".3", ".12"}[i%2], func() { c.rect(box{x, 24, 10, 204 - i*14, 0}, c.dark) })
		}
	}
	c.path("M64 24h512v20"+strings.Repeat("q-16 16-32 0", 16)+"z", c.second)
	c.path("M282 168q40-34 104-10v30h-104z", "#10151a")
	c.path("M300 160l70-46 10 42z", "#1d252c")
	c.rect(box{280, 186, 108, 8, 2}, "#10151a")
	c.line("M292 194v24m84-24v24m-42-24v24", 4, "#10151a")
	c.rect(box{254, 196, 22, 6, 2}, c.second)
	c.line("M260 202v16m10-16v16", 3, "#10151a")
	c.rect(box{40, 216, 560, 34, 2}, c.wood)
	c.rect(box{40, 240, 560, 22, 0}, c.woodLow)
	for row := range 2 {
		size, base := 50+row*20, 316+row*48
		for i := -5; i <= 5; i++ {
			if x := pictureW/2 + i*(size+10); i != 0 && x > -size && x < pictureW+size {
				c.line(fmt.Sprintf("M%d %dv-20h%dv20", x-size/3, base, size*2/3), 4, c.dark)
				c.rect(box{x - size/2, base - size*5/4, size, size * 9 / 10, size / 5}, c.pick(c.soft, c.soft, c.wall))
			}
		}
	}
	c.pendant(30, 50, 20, c.wood)
	c.pendant(610, 50, 20, c.wood)
}

// youth: a sofa under string lights, a bean bag, a screen to play on.
func (c *canvas) youth() {
	c.room()
	c.window(48, 66, 150, 120)
	c.beam(50, 120)
	c.line("M0 30q110 46 220 8t220 2 200-8", 2, c.dark)
	for i := range 11 {
		x := 20 + i*60
		y := 40 + []int{8, 14, 10, 4, 8, 14, 12, 6, 6, 8, 2}[i]
		c.disc(x, y+4, 6, c.pick("#ffe2a3", c.second, c.soft, "#fff3cf"))
	}
	c.frame(250, 78, 70, 84)
	c.rect(box{334, 92, 56, 70, 2}, c.second)
	c.path("M346 142l16-34 16 34z", "#fff")
	c.rect(box{452, 84, 148, 90, 6}, c.dark)
	c.rect(box{459, 91, 134, 76, 3}, c.accent)
	c.path("M459 150l40-20 34 14 60-28v51H459z", c.soft)
	c.disc(560, 108, 9, c.sun)
	c.rect(box{438, 226, 176, 44, 4}, c.wood)
	c.rect(box{526, 232, 82, 32, 2}, c.woodLow)
	c.rect(box{456, 214, 40, 12, 3}, c.dark)
	c.faint(".8", func() { c.oval(box{300, 330, 240, 26, 0}, c.soft) })
	c.shadow(256, 306, 130)
	c.rect(box{130, 194, 252, 76, 20}, c.accent)
	c.rect(box{142, 240, 228, 54, 12}, c.accent)
	c.faint(".18", func() { c.rect(box{142, 240, 228, 6, 3}, c.dark); c.rect(box{255, 240, 3, 54, 0}, c.dark) })
	c.rect(box{114, 222, 36, 76, 16}, c.accent)
	c.rect(box{362, 222, 36, 76, 16}, c.accent)
	c.line("M132 298v10m248-10v10", 6, c.woodLow)
	c.path("M176 204l40-6 4 40-38 4z", c.second)
	c.path("M300 202l36 4-4 36-34-4z", c.sun)
	c.shadow(468, 344, 66)
	c.path("M408 338q-8-40 34-66 30-14 54 2 40 28 34 64-60 12-122 0z", c.second)
	c.faint(".2", func() { c.path("M442 272q30-14 54 2 6 22-24 24-34-2-30-26z", "#fff") })
	c.line("M60 344h74", 7, c.woodLow)
	c.disc(74, 351, 6, c.dark)
	c.disc(120, 351, 6, c.dark)
}
