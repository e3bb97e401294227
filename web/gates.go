package web

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"vuoro/fault"
)

// Limits bound what the server takes on at once. Zero values get the defaults.
type Limits struct {
	Body       int           // bytes of a request, 256 KiB
	PerAddress int           // requests at once from one network address, 50
	Reads      int           // at once, 64
	Writes     int           // at once, 16
	Reports    int           // at once, 2
	Wait       time.Duration // for a place, 500 ms
	Deadline   time.Duration // of a request, 5 s
}

func (l Limits) withDefaults() Limits {
	for _, n := range []struct {
		value *int
		usual int
	}{{&l.Body, 256 << 10}, {&l.PerAddress, 50}, {&l.Reads, 64}, {&l.Writes, 16}, {&l.Reports, 2}} {
		if *n.value == 0 {
			*n.value = n.usual
		}
	}
	if l.Wait == 0 {
		l.Wait = 500 * time.Millisecond
	}
	if l.Deadline == 0 {
		l.Deadline = 5 * time.Second
	}
	return l
}

// gate is a queue with a number of places.
type gate int

const (
	openGate gate = iota // files and health: no queue
	readGate
	writeGate
	reportGate
	pictureGate // reading a picture takes memory: one at a time
)

// gates keep an overload from taking everything down: who finds no place in
// time is asked to come back.
type gates struct {
	limits  Limits
	places  map[gate]chan struct{}
	mu      sync.Mutex
	present map[string]int // requests by network address
}

func newGates(limits Limits) *gates {
	return &gates{
		limits: limits, present: map[string]int{},
		places: map[gate]chan struct{}{
			readGate: make(chan struct{}, limits.Reads), writeGate: make(chan struct{}, limits.Writes),
			reportGate: make(chan struct{}, limits.Reports), pictureGate: make(chan struct{}, 1),
		},
	}
}

// enter waits for a place; leave gives it back.
func (g *gates) enter(ctx context.Context, through gate) (leave func(), err error) {
	places := g.places[through]
	if places == nil {
		return func() {}, nil
	}
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	default:
	}
	wait := g.limits.Wait
	if through == pictureGate {
		wait *= 20 // a picture takes seconds, and who sent one would have to send it again
	}
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-patience.C:
	case <-ctx.Done():
	}
	// jitter, so that those who were sent away do not come back together
	later := 2*time.Second + rand.N(2*time.Second)
	return nil, &fault.Error{Kind: fault.Unavailable, Code: "busy", RetryAfter: later}
}

// enterFrom counts a request of a network address.
func (g *gates) enterFrom(address string) (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.present[address] >= g.limits.PerAddress {
		return nil, &fault.Error{Kind: fault.TooMany, Code: "too_many", RetryAfter: time.Second}
	}
	g.present[address]++
	return func() { g.left(address) }, nil
}

func (g *gates) left(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.present[address]--; g.present[address] == 0 {
		delete(g.present, address)
	}
}
