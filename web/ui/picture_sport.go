package ui

import "fmt"

// gym: a sprung floor with lines, a hoop, wall bars and high windows.
func (c *canvas) gym() {
	c.room()
	c.window(30, 28, 580, 62)
	c.slats(box{0, 168, pictureW, 98, 0}, 32, c.wood, c.woodLow)
	c.rect(box{0, 160, pictureW, 8, 0}, c.woodLow)
	c.path("M0 266h640v94H0z", "url(#f)")
	c.faint(".35", func() { c.path("M60 266h500l120 94H-40z", "#fff") })
	c.line("M0 300h640M250 266l-60 94M390 266l60 94", 4, "#fff")
	c.line("M176 360q18-44 144-44t144 44", 4, c.accent)
	c.line("M0 334h640", 3, c.second)
	c.rect(box{52, 104, 112, 164, 3}, c.woodLow)
	for i := range 10 {
		c.rect(box{52, 112 + i*15, 112, 6, 3}, "#e3c391")
	}
	c.rect(box{52, 104, 7, 164, 2}, c.wood)
	c.rect(box{104, 104, 8, 164, 2}, c.wood)
	c.rect(box{157, 104, 7, 164, 2}, c.wood)
	c.rect(box{312, 90, 16, 40, 0}, c.metal)
	c.rect(box{262, 104, 116, 78, 4}, "#fff")
	c.line("M262 104h116v78H262zM300 138h40v30h-40z", 4, c.second)
	c.line("M296 184q24 10 48 0q-24-10-48 0z", 5, "#d9622b")
	c.faint(".85", func() {
		c.line("M298 188l8 30m38-30l-8 30m-22-26l-4 28m14-28l4 28m-24-8h32m-36-10h40", 2, "#fff")
	})
	c.shadow(520, 312, 60)
	c.path("M478 250h92l14 58H464z", c.wood)
	c.path("M484 232h80l6 20h-92z", c.accent)
	c.faint(".35", func() { c.line("M474 272h100m-106 18h112", 3, c.woodLow) })
	c.ball(214, 334, 19, "#dd7a3a")
	if c.chance() {
		c.ball(412, 344, 14, c.accent)
	}
}

// ball lies at (x, y).
func (c *canvas) ball(x, y, r int, fill string) {
	c.shadow(x, y+r, r)
	c.disc(x, y, r, fill)
	c.faint(".55", func() {
		c.line(fmt.Sprintf("M%d %dv%dM%d %dh%dM%d %dq%d %d 0 %d", x, y-r+1, 2*r-2, x-r+1, y, 2*r-2, x-r*2/3, y-r*2/3, r*2/3, r*2/3, r*4/3), 2, c.dark)
	})
}

// court: an outdoor court with a net, pines behind the fence.
func (c *canvas) court() {
	c.rect(box{0, 0, pictureW, 210, 0}, "url(#s)")
	if c.night {
		c.aurora(pictureW, 200)
	}
	c.disc(130+c.rnd.IntN(380), 54+c.rnd.IntN(30), 24, c.sun)
	c.path("M0 160q80-46 190-24t220-8 230 14v80H0z", c.far)
	for x := -10; x < 660; x += 34 + c.rnd.IntN(34) {
		c.pine(x, 204, 70+c.rnd.IntN(74), c.hill)
	}
	c.rect(box{0, 196, pictureW, 164, 0}, c.hill)
	c.faint(".5", func() {
		c.line("M0 128h640M0 160h640M0 190h640M64 128v74M192 128v74M320 128v74M448 128v74M576 128v74", 2, c.dark)
	})
	c.path("M110 210h420l170 150H-60z", c.second)
	c.path("M150 220h340l118 132H32z", c.accent)
	c.line("M150 220h340l118 132H32zM190 220L104 352M450 220l86 132M166 300h308M320 222v78", 4, "#fff")
	c.shadow(320, 276, 250)
	c.rect(box{84, 206, 7, 72, 2}, c.dark)
	c.rect(box{549, 206, 7, 72, 2}, c.dark)
	c.faint(".5", func() {
		c.path("M90 216h460v54H90z", c.dark)
	})
	c.faint(".45", func() {
		c.line("M90 229h460M90 242h460M90 256h460M136 216v54M182 216v54M228 216v54M274 216v54M366 216v54M412 216v54M458 216v54M504 216v54", 1, "#fff")
	})
	c.rect(box{88, 210, 464, 8, 0}, "#fff")
	c.rect(box{317, 214, 6, 58, 0}, "#fff")
	c.shadow(500, 346, 56)
	fmt.Fprint(c, `<g transform="rotate(-38 470 318)">`)
	c.line("M470 318h54", 10, c.dark)
	c.line("M446 318a34 26 0 1 1-68 0 34 26 0 1 1 68 0zM446 318h24", 6, c.soft)
	c.faint(".7", func() {
		c.line("M388 304v28m12-36v44m12-46v48m12-46v44m12-38v32M380 310h64m-66 10h68m-64 10h58", 1, "#fff")
	})
	c.WriteString(`</g>`)
	c.disc(228, 322, 13, "#d9e36a")
	c.line("M219 314q8 8 2 17m16-19q-8 8-2 18", 2, "#fff")
}

// outdoor: a lake shore with a shelter, a fire and a table.
func (c *canvas) outdoor() {
	c.rect(box{0, 0, pictureW, 250, 0}, "url(#s)")
	if c.night {
		c.aurora(pictureW, 230)
	}
	sun := 200 + c.rnd.IntN(220)
	c.disc(sun, 78+c.rnd.IntN(46), 30, c.sun)
	c.path("M0 178q90-40 200-22t210-14 230 22v60H0z", c.far)
	for x := 6; x < 640; x += 16 + c.rnd.IntN(20) {
		c.pine(x, 188, 20+c.rnd.IntN(22), c.far)
	}
	c.rect(box{0, 184, pictureW, 96, 0}, c.water)
	c.faint(".55", func() {
		c.rect(box{sun - 70, 196, 140, 3, 1}, c.sun)
		c.rect(box{sun - 44, 210, 88, 3, 1}, c.sun)
		c.rect(box{sun - 24, 226, 48, 3, 1}, c.sun)
	})
	c.path("M0 262q120-26 250-8t390-10v116H0z", c.hill)
	c.faint(".3", func() { c.path("M0 300q200-30 380-6t260-8v74H0z", c.soft) })
	c.pine(46, 300, 220, c.hill)
	c.pine(112, 286, 150, c.hill)
	c.pine(604, 300, 230, c.hill)
	c.pine(556, 280, 130, c.hill)
	c.shadow(244, 318, 110)
	c.path("M150 312l30-96h142l14 96z", c.woodLow)
	c.path("M168 312l22-78h120l10 78z", c.dark)
	c.path("M176 296h146v16H172z", c.wood)
	c.path("M132 236l64-46h138l26 34H196l-50 28z", c.wood)
	c.line("M188 232v80m132-84v84", 7, c.wood)
	c.shadow(478, 340, 84)
	c.line("M418 312l-14 28m126-28l14 28", 7, c.woodLow)
	c.rect(box{392, 320, 168, 9, 3}, c.woodLow)
	c.rect(box{408, 300, 136, 12, 3}, c.wood)
	c.shadow(362, 334, 34)
	c.line("M340 336l44-14m-44 0l44 14", 8, c.woodLow)
	c.path("M362 286q20 18 14 34-4 10-14 10t-14-10q-4-14 6-18 4-6 8-16z", "#f08a3c")
	c.path("M362 304q9 9 6 18-2 6-6 6t-6-6q-2-8 6-18z", "#ffe08a")
	c.steam(364, 280, 70)
}
