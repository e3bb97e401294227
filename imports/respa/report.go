package respa

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vuoro/booking"
)

// Report says what came of an import, complete: nothing is left out of its
// lists.
type Report struct {
	DryRun       bool         `json:"dry_run"`
	Units        Places       `json:"units"`
	Resources    Places       `json:"resources"`
	Reservations Reservations `json:"reservations"`
	Unknown      []Unknown    `json:"unknown_resources"` // whose reservations were not taken
	Conflicts    []Conflict   `json:"conflicts"`
	Parted       []string     `json:"changed_here"` // reservations that changed there but were changed here since
	Incomplete   []Incomplete `json:"incomplete"`   // resources that cannot be published yet
	Notes        Notes        `json:"notes"`
}

// Places counts units or resources. Known ones were left as they stand here.
type Places struct {
	Read  int `json:"read"`
	Added int `json:"added"`
	Known int `json:"known"`
}

// Reservations counts them; Read is the sum of the others.
type Reservations struct {
	Read      int `json:"read"`
	Added     int `json:"added"`
	Changed   int `json:"changed"` // had changed there
	Same      int `json:"same"`
	Unknown   int `json:"unknown_resource"`
	Conflicts int `json:"conflicts"`
	Parted    int `json:"changed_here"`
	Unusable  int `json:"unusable"` // see the notes
}

// Whole tells whether every reservation that was read stands here now.
func (r Report) Whole() bool {
	n := r.Reservations
	return n.Added+n.Changed+n.Same == n.Read
}

// Unknown is a resource of which only reservations were seen.
type Unknown struct {
	Resource     string   `json:"resource"`
	Source       string   `json:"source"`
	Reservations []string `json:"reservations"`
}

// Conflict is a reservation that could not have its time, and what has it.
type Conflict struct {
	Source   string    `json:"source"`
	Ref      string    `json:"id"`
	Resource string    `json:"resource"`
	Begin    time.Time `json:"begin"`
	End      time.Time `json:"end"`
	With     []Meeting `json:"with"` // empty: the resource has no space to be taken
}

// Meeting is what a conflict met; ID is its number in the source, if it came
// from one.
type Meeting struct {
	Number string    `json:"number"`
	Ref    string    `json:"id,omitempty"`
	Begin  time.Time `json:"begin"`
	End    time.Time `json:"end"`
	Kind   string    `json:"kind"`
}

// Incomplete is a resource with what it lacks to be published.
type Incomplete struct {
	Resource string   `json:"resource"`
	Name     string   `json:"name"`
	Slug     string   `json:"slug"`
	Missing  []string `json:"missing"`
}

// tell puts what came of the reservations into the report.
func (t *takeover) tell(a booking.Adopted) {
	r, n := &t.report, &t.report.Reservations
	called := map[int]string{}
	for id, key := range t.known {
		called[key] = strings.TrimPrefix(id, "respa:")
	}
	n.Added, n.Changed, n.Same, n.Parted, n.Conflicts = a.Added, a.Changed, a.Same, len(a.Parted), len(a.Collided)
	for _, row := range a.Parted {
		r.Parted = append(r.Parted, row.Ref)
	}
	for _, c := range a.Collided {
		conflict := Conflict{Source: c.Source, Ref: c.Ref, Resource: called[c.Foreign.Resource], Begin: c.BeginAt, End: c.EndAt}
		for _, t := range c.With {
			conflict.With = append(conflict.With, Meeting{t.Number, t.Ref, t.BeginAt, t.EndAt, string(t.Kind)})
		}
		r.Conflicts = append(r.Conflicts, conflict)
	}
}

// Note is something that was not taken over, why, and of which rows.
type Note struct {
	What   string   `json:"what"`
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	Of     []string `json:"of"`
}

// Notes are in the order of what and reason.
type Notes []Note

func (list *Notes) add(what, reason, of string) {
	i, found := slices.BinarySearchFunc(*list, Note{What: what, Reason: reason}, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Reason, b.Reason))
	})
	if !found {
		*list = slices.Insert(*list, i, Note{What: what, Reason: reason})
	}
	(*list)[i].Count++
	(*list)[i].Of = append((*list)[i].Of, of)
}

// clone lets a transaction that runs again begin with the same notes.
func (list Notes) clone() Notes {
	copied := slices.Clone(list)
	for i := range copied {
		copied[i].Of = slices.Clone(copied[i].Of)
	}
	return copied
}
