package ui

import "fmt"

// music: a rehearsal room with drums, an amplifier and a guitar.
func (c *canvas) music() {
	c.room()
	for i := range 10 {
		x, y := 40+i%5*62, 40+i/5*62
		fill := c.pick(c.accent, c.soft, c.soft, c.wall)
		c.rect(box{x, y, 54, 54, 8}, fill)
		c.faint(".2", func() { c.line(fmt.Sprintf("M%d %dh30m-30 11h30m-30 11h30", x+12, y+16), 4, c.dark) })
	}
	c.window(420, 50, 160, 110)
	c.beam(400, 140)
	c.faint(".75", func() { c.oval(box{310, 326, 250, 30, 0}, c.second) })
	c.faint(".5", func() { c.oval(box{310, 326, 210, 22, 0}, c.wall) })
	c.line("M206 172v130m-18 14l18-14 18 14M430 168v134m-16 14l16-14 16 14", 4, c.metal)
	c.path("M160 172q46-18 92 0-46 10-92 0z", "#d9b24a")
	c.path("M390 166q40-14 80 0-40 10-80 0z", "#d9b24a")
	c.rect(box{250, 196, 60, 46, 8}, c.second)
	c.rect(box{250, 196, 60, 8, 4}, "#fff")
	c.rect(box{326, 196, 60, 46, 8}, c.second)
	c.rect(box{326, 196, 60, 8, 4}, "#fff")
	c.shadow(318, 330, 80)
	c.disc(318, 276, 56, c.dark)
	c.disc(318, 276, 49, "#f4f1ea")
	c.disc(318, 276, 20, c.accent)
	c.rect(box{396, 236, 72, 40, 6}, c.second)
	c.rect(box{396, 236, 72, 8, 4}, "#fff")
	c.line("M410 276l-10 46m54-46l10 46", 4, c.metal)
	c.shadow(548, 330, 62)
	c.rect(box{496, 232, 104, 96, 8}, c.dark)
	c.rect(box{504, 254, 88, 66, 4}, "#3d4b57")
	c.disc(528, 287, 22, c.dark)
	c.disc(570, 287, 18, c.dark)
	for i := range 5 {
		c.disc(514+i*16, 243, 4, "#d9b24a")
	}
	c.shadow(96, 336, 44)
	c.line("M92 200l18 92", 9, c.woodLow)
	c.path("M78 182l22-6 8 26-18 6z", c.dark)
	c.path("M92 270q-22 4-22 22 0 10 6 14-10 14 4 26 18 10 38-2 14-10 8-26-8-8-4-16 0-20-16-20z", c.second)
	c.disc(108, 306, 8, c.dark)
	c.line("M170 214l26-28m-26 28v100m-20 8h40", 4, c.dark)
	c.rect(box{190, 174, 14, 18, 7}, c.dark)
}

// studio: a mixing desk before the glass of the recording booth.
func (c *canvas) studio() {
	c.room()
	c.slats(box{0, 0, pictureW, 262, 0}, 32, c.wall, c.soft)
	c.rect(box{166, 40, 308, 156, 8}, c.dark)
	c.rect(box{176, 50, 288, 136, 4}, c.accent)
	c.faint(".35", func() { c.rect(box{176, 50, 288, 136, 0}, c.dark) })
	c.faint(".35", func() {
		for i := range 8 {
			c.rect(box{182 + i*35, 58, 30, 56, 5}, c.soft)
		}
	})
	c.line("M330 186v-70m-26 70h52M330 116l-16-14", 4, c.metal)
	c.rect(box{300, 82, 20, 32, 10}, "#d6dde3")
	c.faint(".14", func() { c.path("M200 50h60l-70 136h-14v-90zM300 50h30l-70 136h-30z", "#fff") })
	for _, x := range []int{76, 492} {
		c.rect(box{x, 92, 72, 116, 8}, c.dark)
		c.disc(x+36, 170, 27, "#46545f")
		c.disc(x+36, 170, 13, c.dark)
		c.disc(x+36, 118, 12, "#46545f")
		c.rect(box{x - 10, 208, 92, 8, 2}, c.wood)
		c.rect(box{x + 28, 216, 16, 50, 0}, c.woodLow)
	}
	c.shadow(320, 344, 260)
	c.path("M96 236h448l56 84H40z", c.woodLow)
	c.path("M116 242h408l44 66H72z", c.dark)
	for i := range 14 {
		x := 132 + i*28
		c.rect(box{x - 1, 268, 2, 34, 0}, c.metal)
		c.rect(box{x - 5, 272 + c.rnd.IntN(20), 10, 7, 2}, c.pick("#fff", c.second, c.soft))
		c.disc(x, 254, 5, c.pick(c.soft, c.second, "#7fe0b8"))
	}
	c.rect(box{40, 320, 560, 12, 3}, c.wood)
	c.chairBack(320, 370, 84, c.second)
}

// kitchen: cupboards, a stove with a steaming pot, an island with bowls.
func (c *canvas) kitchen() {
	c.room()
	c.window(226, 56, 160, 104)
	c.beam(220, 130)
	for i := range 2 {
		c.rect(box{24 + i*88, 40, 82, 96, 4}, c.soft)
		c.rect(box{90 + i*88, 116, 8, 8, 4}, "#fff")
		c.rect(box{416 + i*96, 40, 90, 60, 4}, c.soft)
	}
	c.path("M428 100h72l14 34h-100z", c.metal)
	c.rect(box{526, 122, 88, 6, 2}, c.wood)
	for i := range 4 {
		c.rect(box{532 + i*20, 100 + c.rnd.IntN(2)*4, 15, 22, 4}, c.pick(c.second, "#fff", c.accent, c.woodLow))
	}
	var tiles string
	for y := 172; y < 206; y += 17 {
		tiles += fmt.Sprintf("M16 %dh608", y)
	}
	for x := 40; x < 624; x += 26 {
		tiles += fmt.Sprintf("M%d 164v42", x)
	}
	c.rect(box{16, 164, 608, 42, 0}, "#fff")
	c.faint(".5", func() { c.line(tiles, 1, c.soft) })
	c.rect(box{10, 204, 620, 12, 2}, c.wood)
	c.rect(box{16, 216, 608, 50, 0}, c.accent)
	c.faint(".3", func() { c.line("M116 216v50M216 216v50M316 216v50M416 216v50M516 216v50", 2, "#fff") })
	c.rect(box{420, 218, 92, 46, 4}, c.dark)
	c.rect(box{430, 234, 72, 22, 3}, "#4a3a30")
	c.steam(456, 170, 44)
	c.steam(474, 168, 34)
	c.rect(box{436, 178, 58, 26, 4}, c.second)
	c.rect(box{428, 184, 74, 5, 2}, c.dark)
	c.line("M300 204v-28q0-10 11-10t11 10", 4, c.metal)
	c.shadow(300, 350, 250)
	c.rect(box{110, 262, 400, 16, 3}, c.wood)
	c.rect(box{130, 278, 360, 72, 2}, "#fff")
	c.faint(".6", func() { c.slats(box{130, 278, 360, 72, 0}, 24, c.wall, c.soft) })
	c.path("M196 240h76q-4 22-38 22t-38-22z", c.accent)
	c.disc(218, 238, 10, "#d9622b")
	c.disc(238, 234, 11, "#d8b13f")
	c.disc(256, 239, 9, "#6f9f4b")
	c.rect(box{344, 254, 90, 8, 3}, c.woodLow)
	c.path("M360 254q8-20 34-18t30 18z", "#e0b070")
	for i := range 3 {
		c.pendant(210+i*100, 62, 20, c.second)
	}
}

// workshop: tools on a board, a bench, a kiln and fresh pots.
func (c *canvas) workshop() {
	c.room()
	c.rect(box{40, 44, 250, 132, 5}, c.wood)
	c.faint(".25", func() {
		for i := range 30 {
			c.disc(58+i%10*24, 62+i/10*46, 2, c.dark)
		}
	})
	c.line("M74 70v56m-16-56h32", 8, c.dark)
	c.line("M122 66v74", 6, c.second)
	c.rect(box{115, 116, 14, 40, 4}, c.accent)
	c.line("M160 72l26 70m0-70l-26 70", 5, c.metal)
	c.disc(158, 146, 9, c.second)
	c.disc(188, 146, 9, c.second)
	c.path("M212 70h60l-6 22h-40z", c.metal)
	c.rect(box{214, 66, 16, 40, 6}, c.woodLow)
	c.line("M214 140h56", 10, c.soft)
	c.window(342, 48, 130, 120)
	c.beam(330, 110)
	c.rect(box{508, 56, 108, 6, 2}, c.woodLow)
	c.rect(box{508, 118, 108, 6, 2}, c.woodLow)
	for i := range 6 {
		c.pot(526+i%3*36, 56+i/3*62, 20+c.rnd.IntN(12), c.pick(c.second, "#fff", c.soft, c.accent, "#e0c3a0"))
	}
	c.shadow(190, 346, 180)
	c.rect(box{30, 236, 320, 18, 3}, c.wood)
	c.rect(box{48, 254, 18, 90, 2}, c.woodLow)
	c.rect(box{314, 254, 18, 90, 2}, c.woodLow)
	c.rect(box{66, 306, 248, 10, 0}, c.woodLow)
	c.rect(box{90, 270, 90, 36, 3}, c.soft)
	c.rect(box{196, 264, 100, 42, 3}, c.accent)
	c.pot(110, 236, 44, c.second)
	c.pot(160, 236, 30, "#fff")
	c.rect(box{214, 222, 84, 14, 3}, c.woodLow)
	c.rect(box{286, 206, 34, 30, 4}, c.metal)
	c.shadow(546, 348, 84)
	c.rect(box{478, 200, 136, 140, 12}, c.metal)
	c.rect(box{492, 216, 108, 92, 8}, c.dark)
	c.rect(box{502, 226, 88, 72, 5}, "#e8743a")
	c.faint(".7", func() { c.oval(box{546, 290, 40, 12, 0}, "#ffd27a") })
	c.pot(532, 294, 34, c.woodLow)
	c.pot(566, 294, 26, c.woodLow)
	c.disc(508, 324, 5, c.second)
	c.disc(526, 324, 5, "#fff")
	c.shadow(412, 344, 44)
	c.oval(box{412, 268, 40, 9, 0}, c.woodLow)
	c.line("M384 272l-10 70m66-70l10 70m-38-66v62", 6, c.dark)
	c.pendant(200, 0, 18, c.dark)
}

// pot stands at base, h pixels high.
func (c *canvas) pot(x, base, h int, fill string) {
	w := h * 2 / 5
	c.path(fmt.Sprintf("M%d %dq-%d-%d %d-%dv-%dh%dv%dq%d %d %d %dz", x-w*2/3, base, w*3/4, h/2, w/4, h*7/10, h*3/10, w, h*3/10, w, h/5, w/4, h*7/10), fill)
}

// sauna: benches, a stove with stones, steam and a window to the lake.
func (c *canvas) sauna() {
	c.rect(box{0, 0, pictureW, pictureH, 0}, "#d9a871")
	c.slats(box{0, 0, pictureW, 300, 0}, 40, "#dcae78", "#9c6a38")
	c.faint(".25", func() { c.rect(box{0, 0, pictureW, 60, 0}, "#6b431f") })
	c.window(402, 62, 176, 112)
	c.rect(box{0, 300, pictureW, 60, 0}, "#8f6a48")
	c.faint(".3", func() { c.line("M0 322h640M0 342h640", 2, "#5b3d22") })
	c.path("M0 160h330l26 22H0z", "#efc995")
	c.rect(box{0, 182, 356, 16, 0}, "#c48d54")
	c.path("M0 198h340v36H0z", "#a8733f")
	c.faint(".5", func() { c.line("M0 171h343M60 198v36M140 198v36M220 198v36M300 198v36", 2, "#8a5a2d") })
	c.path("M0 234h396l30 26H0z", "#f3d2a2")
	c.rect(box{0, 260, 426, 16, 0}, "#c48d54")
	c.path("M0 276h410v34H0z", "#a8733f")
	c.faint(".5", func() { c.line("M0 247h410M80 276v34M180 276v34M280 276v34M370 276v34", 2, "#8a5a2d") })
	c.path("M60 150h84v16q0 30-6 50H66q-6-24-6-50z", c.soft)
	c.faint(".5", func() { c.rect(box{60, 196, 80, 6, 0}, "#fff") })
	c.shadow(530, 338, 90)
	c.rect(box{462, 232, 136, 104, 8}, "#2c353d")
	c.rect(box{478, 262, 104, 50, 5}, "#151a1e")
	c.path("M490 312q6-34 20-22 6-22 20-6 12-18 20 8 14-8 18 20z", "#f08a3c")
	c.path("M510 312q4-18 14-10 8-12 16 0 8-4 10 10z", "#ffe08a")
	c.path("M454 232h152l-10-14H464z", "#3d4852")
	for i := range 9 {
		c.oval(box{474 + i*14, 214 - i%2*11, 11 + c.rnd.IntN(4), 9, 0}, c.pick("#7a858e", "#8f9aa3", "#68737c"))
	}
	c.rect(box{516, 0, 28, 60, 0}, "#2c353d")
	for i := range 4 {
		c.steam(478+i*36, 196, 70+c.rnd.IntN(50))
	}
	c.path("M330 226h54l-6 34h-42z", c.wood)
	c.line("M332 234h50m-48 14h46", 3, c.woodLow)
	c.line("M330 226q27-34 54 0", 4, c.dark)
	c.line("M372 226l34-44", 6, c.woodLow)
	c.disc(240, 90, 26, c.wood)
	c.disc(240, 90, 20, "#fff")
	c.line("M240 90l9-11", 3, c.second)
	c.faint(".5", func() { c.disc(330, 60, 52, "#ffe9b8") })
	c.path("M306 44h48l8 40h-64z", "#fff1cf")
}
