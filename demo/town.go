package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"vuoro/policies"
	"vuoro/resources"
	"vuoro/web/locales"
)

//go:embed town/*.json
var files embed.FS

// Town is all that stands and all who live in the demo town.
type Town struct {
	Terms        locales.Texts
	Books        []Book
	Units        []Unit
	People       []Person
	Associations []Association
}

// Book is a rule book in force from ValidFrom.
type Book struct {
	Key       string             `json:"key"`
	Decision  resources.Decision `json:"decision"`
	ValidFrom time.Time          `json:"valid_from"`
	Rules     policies.Rules     `json:"rules"`
}

// Unit is a site with all that is in it. Source tells where its facts are from.
type Unit struct {
	Slug        string        `json:"slug"`
	Name        locales.Texts `json:"name"`
	Description locales.Texts `json:"description"`
	Address     string        `json:"address"`
	Postcode    string        `json:"postcode"`
	City        string        `json:"city"`
	Latitude    *float64      `json:"latitude"`
	Longitude   *float64      `json:"longitude"`
	Holidays    string        `json:"holidays"`
	ExternalRef string        `json:"external_ref"`
	Source      string        `json:"source"`
	Example     bool          `json:"example"`
	Hours       []Hours       `json:"hours"`
	Spaces      []Space       `json:"spaces"`
	Devices     []Device      `json:"devices"`
	Rooms       []Room        `json:"rooms"`
}

// Hours are weekly spans, always or in a season of every year.
type Hours struct {
	Name   locales.Texts        `json:"name"`
	Season *policies.MonthDays  `json:"season"`
	Spans  []resources.WeekSpan `json:"spans"`
}

// Space is a room or area; Parent names another of the same unit before it.
type Space struct {
	Key    string        `json:"key"`
	Parent string        `json:"parent"`
	Name   locales.Texts `json:"name"`
}

// Device is a thing, or Count of them.
type Device struct {
	Key   string        `json:"key"`
	Space string        `json:"space"`
	Count int           `json:"count"`
	Name  locales.Texts `json:"name"`
}

// Room is a resource. Parts name spaces, and devices as "device:key". Fields
// that are left out take the defaults of the schema.
type Room struct {
	Slug           string        `json:"slug"`
	Name           locales.Texts `json:"name"`
	Description    locales.Texts `json:"description"`
	Instructions   locales.Texts `json:"instructions"`
	Type           string        `json:"type"`
	Book           string        `json:"book"`
	Parts          []string      `json:"parts"`
	Purposes       []string      `json:"purposes"`
	Equipment      []string      `json:"equipment"`
	PersonsMin     *int          `json:"persons_min"`
	PersonsMax     *int          `json:"persons_max"`
	AreaM2         *float64      `json:"area_m2"`
	Floor          string        `json:"floor"`
	StepFree       *bool         `json:"step_free"`
	Access         string        `json:"access"`
	Raster         int           `json:"raster"`
	MinMinutes     int           `json:"min_minutes"`
	MaxMinutes     *int          `json:"max_minutes"`
	BufferBefore   int           `json:"buffer_before"`
	BufferAfter    int           `json:"buffer_after"`
	DaysAheadMax   *int          `json:"days_ahead_max"`
	DaysAheadMin   int           `json:"days_ahead_min"`
	ActiveLimit    *int          `json:"active_limit"`
	AdultOnly      bool          `json:"adult_only"`
	StrongSignIn   bool          `json:"strong_sign_in"`
	CancelMinutes  *int          `json:"cancel_minutes"`
	RequiredFields []string      `json:"required_fields"`
	PriceCents     *int          `json:"price_cents"`
	PriceUnit      string        `json:"price_unit"`
	PriceNote      string        `json:"price_note"`
	ExternalRef    string        `json:"external_ref"`
	Source         string        `json:"source"`
	Example        bool          `json:"example"`
	Hours          []Hours       `json:"hours"`
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

// readTown puts the embedded files together.
func readTown() (Town, error) {
	var town Town
	names, err := fs.Glob(files, "town/*.json")
	if err != nil {
		return town, err
	}
	for _, name := range names {
		if name == turnsFile {
			continue
		}
		var part struct {
			Terms        locales.Texts `json:"terms"`
			Books        []Book        `json:"books"`
			Units        []Unit        `json:"units"`
			People       []Person      `json:"people"`
			Associations []Association `json:"associations"`
		}
		if err := read(name, &part); err != nil {
			return town, err
		}
		if part.Books != nil {
			town.Terms = part.Terms
		}
		town.Books = append(town.Books, part.Books...)
		town.Units = append(town.Units, part.Units...)
		town.People = append(town.People, part.People...)
		town.Associations = append(town.Associations, part.Associations...)
	}
	return town, nil
}

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
