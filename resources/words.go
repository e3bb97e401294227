package resources

import (
	"slices"
	"strings"

	"vuoro/web/locales"
)

// Word is a key of a fixed vocabulary with its name and, for the search, other
// words that people use for it.
type Word struct {
	Key  string
	Name locales.Texts
	Also string
}

// Types are the kinds of places.
var Types = []Word{
	{"meeting_room", locales.Texts{Fi: "Kokoushuone", Sv: "Mötesrum", En: "Meeting room"}, "neuvotteluhuone palaverihuone konferensrum conference"},
	{"group_room", locales.Texts{Fi: "Ryhmähuone", Sv: "Grupprum", En: "Group room"}, "kerhohuone opiskeluhuone studierum klubbrum study club"},
	{"event_hall", locales.Texts{Fi: "Juhla- ja tapahtumasali", Sv: "Fest- och evenemangssal", En: "Event hall"}, "juhlasali tapahtumatila monitoimisali fest party juhlat"},
	{"auditorium", locales.Texts{Fi: "Auditorio", Sv: "Auditorium", En: "Auditorium"}, "elokuvasali luentosali biograf föreläsningssal cinema lecture"},
	{"youth_room", locales.Texts{Fi: "Nuorisotila", Sv: "Ungdomslokal", En: "Youth space"}, "nuorisotalo nuoriso ungdomsgård ungdomsgården nuoret"},
	{"gym", locales.Texts{Fi: "Liikuntasali", Sv: "Idrottssal", En: "Sports hall"}, "voimistelusali jumppasali koripallo sähly salibandy gymnastiksal gym basketball floorball"},
	{"sports_court", locales.Texts{Fi: "Pelikenttä", Sv: "Spelplan", En: "Sports court"}, "urheilukenttä liikuntapaikka idrottsplan idrottsplats field"},
	{"outdoor_place", locales.Texts{Fi: "Ulkopaikka", Sv: "Uteplats", En: "Outdoor place"}, "puisto tori aukio park torg ulkotapahtuma ulkotila square outdoors"},
	{"kitchen", locales.Texts{Fi: "Keittiö", Sv: "Kök", En: "Kitchen"}, "ruoanlaitto kokkaus matlagning cooking"},
	{"workshop", locales.Texts{Fi: "Työpaja", Sv: "Verkstad", En: "Workshop"}, "verstas paja askartelu ompelu hantverk sömnad craft sewing"},
	{"sauna", locales.Texts{Fi: "Sauna", Sv: "Bastu", En: "Sauna"}, "tilaussauna"},
	{"equipment", locales.Texts{Fi: "Laite tai väline", Sv: "Utrustning", En: "Equipment"}, "lainattava kone apparat maskin machine lending"},
}

// Purposes are what people come to do.
var Purposes = []Word{
	{"meeting", locales.Texts{Fi: "Kokoustaa", Sv: "Hålla möte", En: "Hold a meeting"}, "kokous palaveri möte"},
	{"study", locales.Texts{Fi: "Opiskella ja tehdä ryhmätyötä", Sv: "Studera och arbeta i grupp", En: "Study and work in a group"}, "opiskelu ryhmätyö studier"},
	{"club", locales.Texts{Fi: "Harrastaa ja pitää kerhoa", Sv: "Ha hobby- eller klubbverksamhet", En: "Run a hobby or a club"}, "kerho harrastus klubb"},
	{"sports", locales.Texts{Fi: "Liikkua tai pelata", Sv: "Motionera eller spela", En: "Sports or games"}, "liikunta urheilu pelaaminen jumppa idrott motion"},
	{"music", locales.Texts{Fi: "Soittaa tai laulaa", Sv: "Spela musik eller sjunga", En: "Play music or sing"}, "musiikki kuoro bändi kör band choir"},
	{"event", locales.Texts{Fi: "Järjestää tapahtuma", Sv: "Ordna ett evenemang", En: "Organise an event"}, "tapahtuma konsertti konsert"},
	{"party", locales.Texts{Fi: "Juhlia", Sv: "Fira", En: "Celebrate"}, "juhla juhlat synttärit syntymäpäivä kalas fest birthday"},
	{"cooking", locales.Texts{Fi: "Laittaa ruokaa", Sv: "Laga mat", En: "Cook"}, "ruoanlaitto kokkaus matlagning"},
	{"filming", locales.Texts{Fi: "Kuvata tai filmata", Sv: "Fotografera eller filma", En: "Film or take photographs"}, "elokuva valokuvaus foto film photo"},
	{"craft", locales.Texts{Fi: "Tehdä käsillä", Sv: "Göra hantverk", En: "Make things by hand"}, "käsityö ompelu askartelu sömnad sewing"},
}

// Equipment is what a place has.
var Equipment = []Word{
	{"projector", locales.Texts{Fi: "Videotykki", Sv: "Videoprojektor", En: "Projector"}, "dataprojektori tykki"},
	{"screen", locales.Texts{Fi: "Näyttö tai valkokangas", Sv: "Skärm eller duk", En: "Screen"}, "valkokangas duk display"},
	{"sound", locales.Texts{Fi: "Äänentoisto", Sv: "Ljudanläggning", En: "Sound system"}, "kaiuttimet mikrofoni högtalare mikrofon"},
	{"piano", locales.Texts{Fi: "Piano tai flyygeli", Sv: "Piano eller flygel", En: "Piano"}, "flyygeli flygel grand"},
	{"stage", locales.Texts{Fi: "Näyttämö", Sv: "Scen", En: "Stage"}, "lava esiintymislava estrad"},
	{"kitchen", locales.Texts{Fi: "Keittiö", Sv: "Kök", En: "Kitchen"}, "keittomahdollisuus liesi"},
	{"coffee", locales.Texts{Fi: "Kahvinkeitin", Sv: "Kaffebryggare", En: "Coffee maker"}, "kahvi vedenkeitin kaffe"},
	{"whiteboard", locales.Texts{Fi: "Kirjoitustaulu", Sv: "Skrivtavla", En: "Whiteboard"}, "taulu tussitaulu"},
	{"tables", locales.Texts{Fi: "Pöydät ja tuolit", Sv: "Bord och stolar", En: "Tables and chairs"}, "pöydät tuolit bord stolar"},
	{"changing_rooms", locales.Texts{Fi: "Pukuhuoneet", Sv: "Omklädningsrum", En: "Changing rooms"}, "pukuhuone suihku dusch shower"},
	{"sewing_machine", locales.Texts{Fi: "Ompelukone", Sv: "Symaskin", En: "Sewing machine"}, "saumuri overlock"},
	{"induction_loop", locales.Texts{Fi: "Induktiosilmukka", Sv: "Hörslinga", En: "Induction loop"}, "kuulovamma hörselskadade"},
	{"wifi", locales.Texts{Fi: "Langaton verkko", Sv: "Trådlöst nätverk", En: "Wireless network"}, "wlan internet netti"},
	{"interpreter_booth", locales.Texts{Fi: "Tulkkauskoppi", Sv: "Tolkbås", En: "Interpreter's booth"}, "tulkkaus tolkning"},
}

// AccessTypes are the ways to get in.
var AccessTypes = []Word{
	{"open", locales.Texts{Fi: "Ovi on auki aukioloaikana", Sv: "Dörren är öppen under öppettiderna", En: "The door is open during opening hours"}, "auki öppen"},
	{"code", locales.Texts{Fi: "Ovikoodi tulee varauksen mukana", Sv: "Dörrkoden kommer med bokningen", En: "A door code comes with the booking"}, "koodi ovikoodi dörrkod"},
	{"key", locales.Texts{Fi: "Avain noudetaan toimipisteestä", Sv: "Nyckeln hämtas på verksamhetsstället", En: "The key is fetched from the site"}, "avain nyckel"},
	{"card", locales.Texts{Fi: "Kirjastokortilla tai kulkukortilla", Sv: "Med bibliotekskort eller passerkort", En: "With a library card or an access card"}, "kortti kort"},
	{"reception", locales.Texts{Fi: "Ilmoittaudu vastaanotossa", Sv: "Anmäl dig i receptionen", En: "Report at the reception"}, "vastaanotto reception"},
	{"staff", locales.Texts{Fi: "Henkilökunta avaa oven", Sv: "Personalen öppnar dörren", En: "Staff open the door"}, "vahtimestari henkilökunta personal vaktmästare"},
	{"agreed", locales.Texts{Fi: "Sisäänpääsystä sovitaan toimipisteen kanssa", Sv: "Ni kommer överens om inpasseringen med verksamhetsstället", En: "How to get in is agreed with the site"}, "sovitaan avtalas"},
}

// Name is the name of a key of a vocabulary, or no text for an unknown one.
func Name(vocabulary []Word, key string) locales.Texts {
	for _, word := range vocabulary {
		if word.Key == key {
			return word.Name
		}
	}
	return locales.Texts{}
}

func known(vocabulary []Word, key string) bool {
	return slices.ContainsFunc(vocabulary, func(w Word) bool { return w.Key == key })
}

// said is all that people say for a key, folded.
func (w Word) said() string {
	return fold(strings.Join([]string{w.Name.Fi, w.Name.Sv, w.Name.En, w.Also}, " "))
}

// meant lists the keys for which people say something that contains a folded
// word.
func meant(vocabulary []Word, word string) []string {
	return keysWhere(vocabulary, func(said string) bool { return strings.Contains(" "+said, beginning(word)) })
}

// nearlyMeant lists the keys for which people say a word that is but a typing
// mistake away from the folded one.
func nearlyMeant(vocabulary []Word, word string) []string {
	return keysWhere(vocabulary, func(said string) bool {
		return slices.ContainsFunc(strings.Fields(said), func(other string) bool { return nearly(word, other) })
	})
}

func keysWhere(vocabulary []Word, meets func(said string) bool) []string {
	keys := []string{}
	for _, w := range vocabulary {
		if meets(w.said()) {
			keys = append(keys, w.Key)
		}
	}
	return keys
}

// nearly allows one mistake in a word of four letters and two from eight on.
func nearly(a, b string) bool {
	length := len([]rune(a))
	return length >= 4 && mistakes([]rune(a), []rune(b)) <= min(length/4, 2)
}

// mistakes counts the letters that are wrong, missing, too many or swapped with
// their neighbour (the optimal string alignment distance).
func mistakes(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// beginning lets short words count only at the start of one: "sal" is not in
// "basalt" but "sali" is in "liikuntasali".
func beginning(word string) string {
	if len([]rune(word)) < 4 {
		return " " + word
	}
	return word
}

var marks = strings.NewReplacer(pairs("áàâãäåçéèêëíìîïñóòôõöøšúùûüýž", "aaaaaaceeeeiiiinoooooosuuuuyz")...)

func pairs(from, to string) []string {
	var list []string
	plain := []rune(to)
	for i, r := range []rune(from) {
		list = append(list, string(r), string(plain[i]))
	}
	return list
}

// fold is search_fold of the schema: small letters without marks.
func fold(text string) string { return marks.Replace(strings.ToLower(text)) }

// KnownWords are the words of a text that are words of the vocabularies, in
// their spelling there, folded and sorted; other tells how many are not. An
// inflected word ("pianoa") and a long one with a typing mistake stand for the
// word meant; words of less than four letters say nothing.
func KnownWords(text string) (words []string, other int) {
	vocabulary := strings.Fields(strings.Join([]string{saidBy(Types), saidBy(Purposes), saidBy(Equipment)}, " "))
	for _, typed := range (Filter{Text: text}).words() {
		folded := fold(typed)
		i := slices.Index(vocabulary, folded)
		if i < 0 {
			i = slices.IndexFunc(vocabulary, func(word string) bool {
				return inflected(folded, word) || len(folded) > 5 && nearly(folded, word)
			})
		}
		if i < 0 || len(folded) < 4 {
			other++
		} else if !slices.Contains(words, vocabulary[i]) {
			words = append(words, vocabulary[i])
		}
	}
	slices.Sort(words)
	return words, other
}

// inflected tells whether a word could be another one with an ending.
func inflected(typed, word string) bool {
	const ending = 4 // letters
	return len(word) >= 4 && strings.HasPrefix(typed, word) && len(typed) <= len(word)+ending
}

func saidBy(vocabulary []Word) string {
	var all []string
	for _, w := range vocabulary {
		all = append(all, w.said())
	}
	return strings.Join(all, " ")
}
