package policies

// Says are the conditions of a rule in the order of the table, each with its
// Name and Value alone.
func (r Rule) Says() []Condition {
	var list []Condition
	for i := range conditions {
		if value := conditions[i].value(&r); value != nil {
			list = append(list, Condition{Name: conditions[i].name, Value: value})
		}
	}
	return list
}

// Holds tells whether a place is one that the condition is about.
func (w Where) Holds(place Place) bool {
	return (&situation{place: &place}).meets(&Rule{Where: w})
}
