package web

import (
	"crypto/sha256"
	"maps"
	"sync"
	"time"

	"vuoro/fault"
)

// How often one calendar address may be fetched.
const (
	fetchesPerHour = 60
	fetchesFor     = time.Hour
)

// fetches counts how often each calendar is fetched. It is kept in memory, so
// each instance counts for itself, and by a hash, so that it holds no secrets.
type fetches struct {
	mu    sync.Mutex
	hours map[[sha256.Size]byte]fetchedHour
}

type fetchedHour struct {
	began time.Time
	n     int
}

// allow refuses an address that was fetched too often in its hour. It does not
// count: what is not a calendar's address is not remembered.
func (f *fetches) allow(token string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	hour := f.hours[sha256.Sum256([]byte(token))]
	left := hour.began.Add(fetchesFor).Sub(now)
	if hour.n < fetchesPerHour || left <= 0 {
		return nil
	}
	return &fault.Error{Kind: fault.TooMany, Code: "feed.too_many", Params: fault.Params{"max": fetchesPerHour}, RetryAfter: left}
}

// count notes a fetch of a calendar that is there.
func (f *fetches) count(token string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := sha256.Sum256([]byte(token))
	hour, known := f.hours[key]
	if !known || !now.Before(hour.began.Add(fetchesFor)) {
		f.forget(now)
		hour = fetchedHour{began: now}
	}
	hour.n++
	f.hours[key] = hour
}

// forget drops hours that are over, when there are many.
func (f *fetches) forget(now time.Time) {
	if len(f.hours) > 10_000 {
		maps.DeleteFunc(f.hours, func(_ [sha256.Size]byte, hour fetchedHour) bool { return !now.Before(hour.began.Add(fetchesFor)) })
	}
}
