package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed town/*.json
var files embed.FS

// placesFile is the town as a file that everybody could import.
const placesFile = "town/places.json"

// Town is all who live in the demo town; what stands there is placesFile.
type Town struct {
	People       []Person      `json:"people"`
	Associations []Association `json:"associations"`
}

// Person is invented. Manager and Viewer list the units where the person works.
type Person struct {
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Email        string   `json:"email"`
	Language     string   `json:"language"`
	Adult        bool     `json:"adult"`
	Municipality string   `json:"municipality"`
	Strong       bool     `json:"strong"` // has signed in strongly
	Manager      []string `json:"manager"`
	Viewer       []string `json:"viewer"`
	CityAdmin    bool     `json:"city_admin"`
}

// Association is invented; the first of its bookers makes its reservations.
type Association struct {
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Kind         string   `json:"kind"`
	Municipality string   `json:"municipality"`
	Registered   string   `json:"registered"`
	Under18      bool     `json:"under_18"`
	Bookers      []string `json:"bookers"`
}

func readTown() (town Town, err error) { return town, read("town/people.json", &town) }

// read decodes an embedded file and refuses fields that nobody would look at.
func read(name string, into any) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
