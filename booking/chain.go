package booking

import (
	"slices"
	"time"

	"vuoro/resources"
)

// link is one lane's worth of a share: what has it before, and on which lane.
type link struct {
	share  int // index
	before int // index of a link, -1 = it is the first on its lane
	lane   resources.Need
}

// chain packs a pool so that no lane more is used than must be: whoever can
// follow whom on a lane is an order (if a gap is wide enough for two, it is for
// whoever is farther apart), so the fewest chains that cover it are found by
// matching as many as possible with a predecessor. Closures, which lie on each
// other, are no part of that order; where they spoil it the answer is no.
func chain(shares []packed, pool []resources.Need, zone *time.Location) bool {
	var links []link
	for _, lane := range pool { // what has begun: the last on each lane can be followed
		last := -1
		for i, share := range shares {
			if share.fixed && share.has(lane) {
				last = i
			}
		}
		links = append(links, link{share: last, before: -1, lane: lane})
	}
	for i, share := range shares {
		for range share.want {
			if !share.fixed {
				links = append(links, link{share: i, before: -1})
			}
		}
	}
	for i := len(pool); i < len(links); i++ {
		follow(links, i, func(a, b int) bool { return follows(shares, a, b, zone) }, make([]bool, len(links)))
	}
	return deal(links, shares, pool) && sound(shares, zone)
}

// follow finds a predecessor for a link; whoever has it already may be given
// another one.
func follow(links []link, i int, can func(a, b int) bool, tried []bool) bool {
	for j := range links {
		if tried[j] || j == i || links[j].share < 0 || !can(links[j].share, links[i].share) {
			continue
		}
		tried[j] = true
		next := slices.IndexFunc(links, func(l link) bool { return l.before == j })
		if next < 0 || follow(links, next, can, tried) {
			links[i].before = j
			return true
		}
	}
	return false
}

// follows tells whether b can have a lane that a has before it.
func follows(shares []packed, a, b int, zone *time.Location) bool {
	first, second := shares[a].Reservation, shares[b].Reservation
	return !second.footprint(zone).Begin.Before(first.footprint(zone).End) && !collide(first, second, zone)
}

// deal turns chains into lanes; those without a predecessor need one that
// nobody has begun on. Shares, and with them links, are sorted by begin.
func deal(links []link, shares []packed, pool []resources.Need) bool {
	var empty []resources.Need
	for _, l := range links[:len(pool)] {
		if l.share < 0 {
			empty = append(empty, l.lane)
		}
	}
	for i := len(pool); i < len(links); i++ {
		switch l := &links[i]; {
		case l.before >= 0:
			l.lane = links[l.before].lane
		case len(empty) == 0:
			return false
		default:
			l.lane, empty = empty[0], empty[1:]
		}
		shares[links[i].share].lanes = append(shares[links[i].share].lanes, links[i].lane)
	}
	return true
}

// sound tells whether no two who collide have the same lane.
func sound(shares []packed, zone *time.Location) bool {
	for i, share := range shares {
		for _, lane := range share.lanes {
			if !share.fixed && !laneFree(shares, i, lane, zone) {
				return false
			}
		}
	}
	return true
}
