package main

import "sync"

// statement is one that the program sent.
type statement struct {
	sql    string
	params []any
}

// recorder keeps what the program sends while it is on.
type recorder struct {
	mu   sync.Mutex
	on   bool
	list []statement
}

func (r *recorder) note(sql string, params []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on {
		r.list = append(r.list, statement{sql, params})
	}
}

// during gives what was sent while fn ran.
func (r *recorder) during(fn func() error) ([]statement, error) {
	r.turn(true)
	err := fn()
	r.turn(false)
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list, err
}

func (r *recorder) turn(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = on
}
