package respa

import (
	"strings"

	"vuoro/resources"
	"vuoro/web/locales"
)

// alike are names of a Respa service that mean the same as a key here but are
// spelled differently.
var alike = map[string]string{
	"liikuntapaikka":           "sports_court",
	"neuvotteluhuone":          "meeting_room",
	"neuvottelutila":           "meeting_room",
	"kokoustila":               "meeting_room",
	"ryhmätyötila":             "group_room",
	"ryhmätyöhuone":            "group_room",
	"liikuntatila":             "gym",
	"järjestää tapahtuman":     "event",
	"pitää kokouksen":          "meeting",
	"kokous":                   "meeting",
	"opiskella":                "study",
	"soittaa":                  "music",
	"valkokangas":              "screen",
	"dataprojektori":           "projector",
	"projektori":               "projector",
	"valkotaulu":               "whiteboard",
	"tussitaulu":               "whiteboard",
	"flyygeli":                 "piano",
	"äänentoistojärjestelmä":   "sound",
	"wifi":                     "wifi",
	"langaton internet-yhteys": "wifi",
}

// keyOf finds the key of a vocabulary that means what a name says: spelled the
// same in one of the languages, or known to be alike. "" = none does.
func keyOf(vocabulary []resources.Word, name locales.Texts) string {
	for _, word := range vocabulary {
		for _, lang := range locales.Languages {
			text := name.Exact(lang)
			if text != "" && strings.EqualFold(text, word.Name.Exact(lang)) {
				return word.Key
			}
		}
		if alike[strings.ToLower(name.Fi)] == word.Key {
			return word.Key
		}
	}
	return ""
}

var plain = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "é", "e", "ü", "u", "š", "s", "ž", "z")

// slugOf makes an address out of a name: small letters, digits and hyphens. ""
// where it has none of them.
func slugOf(name string) string {
	const most = 80
	words := strings.FieldsFunc(plain.Replace(strings.ToLower(name)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.Join(words, "-")
	return strings.Trim(slug[:min(len(slug), most)], "-")
}
