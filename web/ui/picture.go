package ui

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// The pictures are 640 × 360, flat, with presentation attributes only.
const (
	pictureW = 640
	pictureH = 360
	floorY   = 268 // where wall meets floor
)

// RoomPicture draws a room from its kind and slug: a 16:9 SVG that stands in
// until a photograph is uploaded. The same slug and kind give the same bytes.
// Unknown kinds are drawn as a meeting room.
func RoomPicture(slug, kind string) []byte {
	draw, ok := scenes[kind]
	if !ok {
		draw = (*canvas).meeting
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(kind + "/" + slug))
	seed := sum.Sum64()
	c := &canvas{rnd: rand.New(rand.NewPCG(seed, 11))}
	c.palette = palettes[c.rnd.IntN(len(palettes))]
	draw(c)
	return c.document(c.chance())
}

// PictureKinds lists what RoomPicture can draw.
func PictureKinds() []string {
	var kinds []string
	for kind := range scenes {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

var scenes = map[string]func(*canvas){
	"meeting": (*canvas).meeting, "group": (*canvas).group, "auditorium": (*canvas).auditorium,
	"hall": (*canvas).hall, "gym": (*canvas).gym, "court": (*canvas).court, "music": (*canvas).music,
	"studio": (*canvas).studio, "kitchen": (*canvas).kitchen, "workshop": (*canvas).workshop,
	"youth": (*canvas).youth, "outdoor": (*canvas).outdoor, "sauna": (*canvas).sauna,
}

// palette is the light of one picture.
type palette struct {
	wall, wallLow, floor, floorLow, wood, woodLow, accent, soft, second, dark, metal string
	skyTop, skyLow, hill, far, water, sun                                            string
	night                                                                            bool
}

var palettes = []palette{
	{ // morning on the lake
		wall: "#dfeaf2", wallLow: "#f3f7fa", floor: "#dcc7a5", floorLow: "#c6ab82", wood: "#cfa26b", woodLow: "#9f7445",
		accent: "#1f5c8b", soft: "#8fbbdb", second: "#c8653a", dark: "#22313f", metal: "#94a3af",
		skyTop: "#8fc0e4", skyLow: "#f9e9d2", hill: "#37706f", far: "#7ea9ad", water: "#b5d7e6", sun: "#fde3ae",
	},
	{ // spruce forest, noon
		wall: "#dde9e1", wallLow: "#f1f6f2", floor: "#d9c19c", floorLow: "#c2a377", wood: "#c89b66", woodLow: "#96703f",
		accent: "#2e6f5e", soft: "#9ccab9", second: "#dd934f", dark: "#1f3530", metal: "#8fa09b",
		skyTop: "#9fd0e2", skyLow: "#f3f3e2", hill: "#24574a", far: "#6f9f8b", water: "#b9dcdc", sun: "#fff3c4",
	},
	{ // low autumn sun
		wall: "#f5e5d9", wallLow: "#fcf4ed", floor: "#cfb18b", floorLow: "#b08f66", wood: "#c08b5a", woodLow: "#8a5d36",
		accent: "#9a4522", soft: "#e6b292", second: "#2b6a94", dark: "#3a2a22", metal: "#a69a90",
		skyTop: "#8ab6d6", skyLow: "#fcd9b8", hill: "#48523c", far: "#b98a62", water: "#d3d3cc", sun: "#fff0c9",
	},
	{ // blue hour
		wall: "#d8deee", wallLow: "#edf0f8", floor: "#beae99", floorLow: "#9f8d76", wood: "#b58e68", woodLow: "#7f6044",
		accent: "#3a4187", soft: "#a5addb", second: "#e08759", dark: "#232848", metal: "#939ab3",
		skyTop: "#3d4b8c", skyLow: "#f5ad86", hill: "#262f5c", far: "#5f639c", water: "#8f8bb8", sun: "#ffdfae",
	},
	{ // northern lights
		wall: "#d3e2e3", wallLow: "#e9f2f1", floor: "#bda98d", floorLow: "#9b876b", wood: "#b98f63", woodLow: "#82623f",
		accent: "#1e6a70", soft: "#8cc5c0", second: "#d9a44d", dark: "#17303c", metal: "#8a9ea4",
		skyTop: "#12294a", skyLow: "#3d7f8c", hill: "#0f2233", far: "#224a5c", water: "#2f6576", sun: "#f4f1dc", night: true,
	},
}

// canvas collects shapes.
type canvas struct {
	strings.Builder
	palette
	rnd *rand.Rand
}

func (c *canvas) document(mirrored bool) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d">`, pictureW, pictureH)
	fmt.Fprintf(&out, `<defs>%s%s%s</defs>`, gradient("s", c.skyTop, c.skyLow), gradient("w", c.wall, c.wallLow), gradient("f", c.floor, c.floorLow))
	if mirrored {
		fmt.Fprintf(&out, `<g transform="matrix(-1 0 0 1 %d 0)">%s</g>`, pictureW, c.String())
	} else {
		out.WriteString(c.String())
	}
	out.WriteString(`</svg>`)
	return []byte(out.String())
}

func gradient(id, top, low string) string {
	return fmt.Sprintf(`<linearGradient id="%s" x2="0" y2="1"><stop stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient>`, id, top, low)
}

// box is a place on the canvas: corner, size and the radius of its corners. Of
// an oval it is the centre and both radii.
type box struct{ x, y, w, h, r int }

func (c *canvas) rect(at box, fill string) {
	fmt.Fprintf(c, `<rect x="%d" y="%d" width="%d" height="%d"`, at.x, at.y, at.w, at.h)
	if at.r > 0 {
		fmt.Fprintf(c, ` rx="%d"`, at.r)
	}
	fmt.Fprintf(c, ` fill="%s"/>`, fill)
}

func (c *canvas) disc(x, y, r int, fill string) {
	fmt.Fprintf(c, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, x, y, r, fill)
}

func (c *canvas) oval(at box, fill string) {
	fmt.Fprintf(c, `<ellipse cx="%d" cy="%d" rx="%d" ry="%d" fill="%s"/>`, at.x, at.y, at.w, at.h, fill)
}

func (c *canvas) path(d, fill string) { fmt.Fprintf(c, `<path d="%s" fill="%s"/>`, d, fill) }

func (c *canvas) line(d string, width int, stroke string) {
	fmt.Fprintf(c, `<path d="%s" fill="none" stroke="%s" stroke-width="%d" stroke-linecap="round" stroke-linejoin="round"/>`, d, stroke, width)
}

// faint draws with part of the ink.
func (c *canvas) faint(opacity string, draw func()) {
	fmt.Fprintf(c, `<g opacity="%s">`, opacity)
	draw()
	c.WriteString(`</g>`)
}

func (c *canvas) pick(colours ...string) string { return colours[c.rnd.IntN(len(colours))] }

func (c *canvas) chance() bool { return c.rnd.IntN(2) == 0 }
