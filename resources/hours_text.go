package resources

import (
	"strconv"
	"strings"
)

// String is a turn in short, as files write it: "month/friday/-1" is the last
// Friday of the month, "period/week/1/2" every other week, "year/week/odd" the
// odd weeks, "period/thursday" every Thursday.
func (t Turn) String() string {
	words := []string{t.Context, t.Subject}
	if t.Start != 0 || t.Every != 0 {
		words = append(words, strconv.Itoa(t.Start))
	}
	if t.Every != 0 {
		words = append(words, strconv.Itoa(t.Every))
	}
	if t.Parity != "" {
		words = append(words, t.Parity)
	}
	return strings.Join(words, "/")
}

// ParseTurn reads what String writes; what it means is asked when it is saved.
func ParseTurn(text string) (t Turn, ok bool) {
	words := strings.Split(text, "/")
	if len(words) < 2 || len(words) > 5 || words[0] == "" || words[1] == "" {
		return Turn{}, false
	}
	t.Context, t.Subject = words[0], words[1]
	rest := words[2:]
	if n := len(rest); n > 0 && (rest[n-1] == Odd || rest[n-1] == Even) {
		t.Parity, rest = rest[n-1], rest[:n-1]
	}
	for i, into := range []*int{&t.Start, &t.Every} {
		if i < len(rest) {
			n, err := strconv.Atoi(rest[i])
			if err != nil || n > maxCount || n < -maxCount {
				return Turn{}, false
			}
			*into = n
		}
	}
	return t, len(rest) <= 2 && t.String() == text
}
