package ui

import "fmt"

func galleryPages() map[string]map[string]any {
	return map[string]map[string]any{
		"home":     homePage(),
		"search":   searchPage(),
		"room":     roomPage(),
		"checkout": checkoutPage(),
		"mine":     minePage(),
		"staff":    staffPage(),
	}
}

func homePage() map[string]any {
	return map[string]any{
		"Fields": []Field{
			{Name: "q", Label: "Mitä tai missä", Type: "search", Value: "bändi", Shortcut: "/"},
			{Name: "pv", Label: "Milloin", Value: "ma 23.11.2026", InputMode: "text", Autocomplete: "off"},
			{Name: "hlo", Label: "Kuinka monelle", Value: "4", InputMode: "numeric", Suffix: "hlö"},
		},
		"Bookings": sampleBookings()[:1],
		"Tiles": []Tile{
			tile("Kokous", "meeting", "7 tilaa"), tile("Bänditreenit", "music", "3 tilaa"), tile("Liikunta", "gym", "4 tilaa"), tile("Juhlat", "hall", "2 tilaa"),
			tile("Opiskelu", "group", "6 tilaa"), tile("Ruoanlaitto", "kitchen", "1 tila"), tile("Käsityöt ja korjaus", "workshop", "3 tilaa"), tile("Ulkona", "outdoor", "5 tilaa"),
		},
	}
}

func searchPage() map[string]any {
	return map[string]any{
		"Fields": []Field{
			{Name: "pv", Label: "Päivä", Hint: "pp.kk.vvvv", Value: "23.11.2026", Autocomplete: "off"},
			{Name: "alkaen", Label: "Aikaisintaan", Type: "select", Options: []Option{{Value: "17", Label: "17.00", Selected: true}, {Value: "18", Label: "18.00"}}},
			{Name: "hlo", Label: "Henkilöitä", Value: "10", InputMode: "numeric"},
		},
		"Chosen":        []Chosen{{Label: "10 hlö", Href: "?pv=1"}, {Label: "ma 23.11.", Href: "?hlo=10"}},
		"Rooms":         sampleRooms(),
		"Pages":         Pagination{Status: "1–20 / 54", PrevHref: "?s=1", NextHref: "?s=3"},
		"Timeline":      sampleTimeline(),
		"TimelineTable": tableOf(sampleTimeline()),
		"Empty":         Empty{Drawing: DrawLake, Title: "Yksikään tila ei ole vapaa", Text: "Ilman rajausta ”esteetön” löytyy 6 tilaa.", Actions: []Link{{"?", "Näytä 6 tilaa"}, {"?e", "Tyhjennä rajaukset"}}},
	}
}

func roomPage() map[string]any {
	return map[string]any{
		"Picker": samplePicker("aika"), "Month": sampleMonth(),
		"Facts": []Fact{
			{Icon: "users", Label: "Henkilöitä", Value: "2–6"},
			{Icon: "ruler-2", Label: "Koko", Value: "24 m²"},
			{Icon: "currency-euro", Label: "Hinta", Value: "16 € / tunti, kirjastokortilla maksuton"},
			{Icon: "wheelchair", Label: "Esteettömyys", Value: "Esteetön kulku ja wc"},
			{Icon: "key", Label: "Sisäänpääsy", Value: "Ovikoodi, näkyy varauksella 15 min ennen"},
			{Icon: "map-pin", Label: "Osoite", Value: "Töölönlahdenkatu 4", Href: "/kartta"},
		},
	}
}

func checkoutPage() map[string]any {
	return map[string]any{
		"Summary":   Errors(checkoutFields()...),
		"Fields":    checkoutFields(),
		"Countdown": Countdown{Seconds: 580, Remaining: "9 min 40 s", Text: "Aika on varattu sinulle", Expired: "Aika vapautui.", Warning: "Kaksi minuuttia jäljellä.", ExtendPost: "/x"},
		"Ticket":    sampleTicket(),
		"Alerts": []Alert{
			{Kind: AlertInfo, Title: "Vastaus kahdessa päivässä", Text: "Tilan hoitaja hyväksyy varaukset arkisin."},
			{Kind: AlertSuccess, Text: "Varaus on vahvistettu."},
			{Kind: AlertWarning, Text: "Tila suljetaan klo 20.", Links: []Link{{"/x", "Katso aukioloajat"}}},
			{Kind: AlertDanger, Title: "Aika ehti mennä", Text: "Joku muu varasi sen hetki sitten.", Links: []Link{{"/a", "klo 18.00–19.30 samassa tilassa"}, {"/b", "Musiikkistudio 1 samaan aikaan"}}},
		},
		"Tags": allTags(),
	}
}

func minePage() map[string]any {
	return map[string]any{
		"Bookings": sampleBookings(), "Ticket": sampleTicket(),
		"Mails": []Mail{
			{Href: "/m/1", To: "aino@esimerkki.fi", Subject: "Varaus vahvistettu: Musiikkistudio 2", Sent: "klo 12.04", Preview: "Hei Aino, varauksesi ma 23.11.2026 klo 17.30–19.00 on vahvistettu.", Unread: true},
			{Href: "/m/2", To: "aino@esimerkki.fi", Subject: "Kirjautumislinkki", Sent: "klo 12.01", Preview: "Avaa linkki 15 minuutin kuluessa."},
		},
		"Empty":  Empty{Drawing: DrawCalendar, Title: "Ei varauksia vielä", Text: "Kun varaat tilan, se näkyy täällä.", Actions: []Link{{"/fi/tilat", "Etsi tila"}}},
		"Empty2": Empty{Drawing: DrawPine, Title: "Ei odottavia pyyntöjä"},
	}
}

func staffPage() map[string]any {
	return map[string]any{
		"Staff": true, "Timeline": sampleTimeline(),
		"Chart": BarChart{
			ID: "tunnit", Title: "Varatut tunnit kuukausittain", Message: "Marraskuussa varattiin 412,5 tuntia, 12 % enemmän kuin lokakuussa.", LabelHead: "Kuukausi", ValueHead: "Tuntia",
			Bars: []Bar{{Label: "syyskuu 2026", Value: 318, Text: "318 h"}, {Label: "lokakuu 2026", Value: 368.25, Text: "368,25 h"}, {Label: "marraskuu 2026", Value: 412.5, Text: "412,5 h"}, {Label: "joulukuu 2026 (vahvistettu tähän mennessä)", Value: 120, Text: "120 h", Second: true}},
		},
		"Stack": sampleStack(),
		"Table": Table{
			Caption: "Tunnit tiloittain", Columns: []Column{{Label: "Tila"}, {Label: "Tila nyt"}, {Label: "Varauksia", Numeric: true}, {Label: "Tuntia", Numeric: true}},
			Rows: []TableRow{
				{Cells: []Cell{{Text: "Musiikkistudio 2", Href: "/x"}, {Tag: StatusTag{KindConfirmed, "Vahvistettu"}}, {Text: "42"}, {Text: "98,5"}}},
				{Cells: []Cell{{Text: "Liikuntasali, kolmannes A", Href: "/y"}, {Tag: StatusTag{KindRequested, "Odottaa"}}, {Text: "18"}, {Text: "36"}}},
			},
			Foot: []Cell{{Text: "Yhteensä"}, {}, {Text: "60"}, {Text: "134,5"}},
		},
		"HeatHours": []int{8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, "Heat": sampleHeat(),
	}
}

func tile(label, kind, sub string) Tile {
	return Tile{Href: "/fi/tilat?k=" + kind, Label: label, Sub: sub, Picture: "/img/room/" + kind + ".svg"}
}

func sampleFrame(lang string) Frame {
	nav := []NavItem{{Href: "/fi/tilat", Label: "Etsi tila", Icon: "search", Current: true}, {Href: "/fi/nyt", Label: "Vapaana nyt", Icon: "bolt"}, {Href: "/fi/omat", Label: "Omat varaukset", Icon: "calendar-event", Count: "2"}}
	return Frame{
		Lang: lang, SiteName: "Esimerkkilän tilat", Title: "Etsi tila", Description: "Varaa kaupungin tila.", BaseURL: "http://127.0.0.1:8080", Path: "/fi/tilat", HomeHref: "/fi",
		Alternates: []Alternate{{Lang: "fi", Href: "/fi/tilat", Current: lang == "fi"}, {Lang: "sv", Href: "/sv/lokaler", Current: lang == "sv"}, {Lang: "en", Href: "/en/rooms", Current: lang == "en"}},
		Nav:        nav, Bottom: []NavItem{{Href: "/fi/tilat", Label: "Etsi", Icon: "search", Current: true}, {Href: "/fi/nyt", Label: "Nyt", Icon: "bolt"}, {Href: "/fi/omat", Label: "Omat", Icon: "calendar-event", Count: "2"}},
		More:    []NavItem{{Href: "/fi/kausi", Label: "Hae kausivuoroa"}, {Href: "/fi/ohje", Label: "Ohjeet"}},
		Footer:  []Link{{"/a", "Saavutettavuus"}, {"/b", "Tietosuoja"}, {"/c", "Käyttöehdot"}, {"/d", "Palaute"}},
		Account: Account{Name: "Aino Esimerkki", Href: "/fi/profiili", SignOutPost: "/ulos"}, SchemePost: "/teema", CSRF: "tok",
		Breadcrumbs: []Link{{"/fi", "Etusivu"}, {"/fi/tilat", "Etsi tila"}}, Demo: true, DemoLinks: []Link{{"/demo", "Kirjaudu esimerkki-ihmisenä"}, {"/posti", "Postilaatikko"}},
		Help:  Help{Title: "Tarvitsetko apua?", Text: "Palvelupiste vastaa arkisin klo 9–15.", Links: []Link{{"/ohje", "Ohjeet"}, {"/palaute", "Ota yhteyttä"}}},
		Flash: []Alert{{Kind: AlertSuccess, Text: "Muutokset on tallennettu."}},
	}
}

func sampleRail() []NavItem {
	return []NavItem{
		{Href: "/work", Label: "Tänään", Icon: "home"},
		{Href: "/work/requests", Label: "Pyynnöt", Icon: "inbox", Count: "18"},
		{Href: "/work/schedule", Label: "Aikataulu", Icon: "timeline"},
		{Href: "/raportit", Label: "Raportit", Icon: "chart-bar", Current: true},
	}
}

func sampleRooms() []RoomCard {
	card := func(name, unit, kind, price, people string, tag StatusTag) RoomCard {
		return RoomCard{
			Href: "/fi/tilat/" + kind, Name: name, Unit: unit, Picture: "/img/room/" + kind + ".svg",
			Facts: []Fact{{Icon: "users", Label: "Henkilöitä", Value: people}, {Icon: "currency-euro", Label: "Hinta", Value: price}}, Tag: tag,
			StartsHead: "Vapaana ma 23.11.", Starts: []Link{{"?a", "17.30"}, {"?b", "18.00"}, {"?c", "19.15"}},
		}
	}
	return []RoomCard{
		card("Musiikkistudio 2", "Keskustakirjasto Oodi", "music", "16 €/h", "2–6", StatusTag{KindFree, "Vapaa heti, 2 h 15 min"}),
		card("Liikuntasali, kolmannes A", "Esimerkkikoulu", "gym", "maksuton", "30", StatusTag{KindRequested, "Vaatii hyväksynnän"}),
		card("Maijansali", "Keskustakirjasto Oodi", "hall", "alkaen 360 €/h", "180", StatusTag{}),
		card("Ryhmähuone Käpy", "Töölön kirjasto", "group", "maksuton", "8", StatusTag{}),
		card("Rantasauna", "Leirikeskus", "sauna", "25 €/h", "12", StatusTag{}),
		card("Kino Regina", "Keskustakirjasto Oodi", "auditorium", "180 €/h", "250", StatusTag{}),
	}
}

func clock(q int) string { return fmt.Sprintf("%d.%02d", q/4%24, q%4*15) }

func item(start, quarters int, kind Kind, sub string) TimelineItem {
	i := TimelineItem{StartQuarter: start, Quarters: quarters, Kind: kind, Label: clock(start) + "–" + clock(start+quarters), Sub: sub, Href: "/v/1"}
	if kind == KindClosed {
		i.Href = ""
	}
	return i
}

func sampleTimeline() Timeline {
	t := Timeline{ID: "aikajana", Title: "Tilat aikajanalla", Day: "ma 23.11.2026", FromHour: 7, ToHour: 22, NowMinute: 14*60 + 20, TableHref: "?view=table"}
	names := []string{"Liikuntasali", "Kokoushuone Koivu", "Monitoimitila ja kahvio", "Musiikkistudio", "Keramiikkapaja", "Juhlasali", "Ryhmätila 1"}
	for n, name := range names {
		row := TimelineRow{Name: name, Href: "/fi/tilat/x", Sub: fmt.Sprintf("%d hlö", 10+n*5), Longest: "4 h"}
		shift := n % 3
		row.Items = []TimelineItem{
			item(28, 4, KindClosed, ""), item(32, 4+shift, KindFree, ""),
			item(36+shift, 8, []Kind{KindConfirmed, KindRequested, KindStaff}[n%3], "Jalkapalloseura JPS"),
			item(44+shift, 4, KindFree, ""), item(48+shift, 6, []Kind{KindRequested, KindConfirmed, KindOwn}[n%3], "Kuorokerho"),
			item(54+shift, 14-shift, KindFree, ""), item(68, 8+shift, KindConfirmed, "Martat ry"), item(76+shift, 2, KindHeld, ""),
			item(78+shift, 6-shift, KindFree, ""), item(84, 4, KindClosed, ""),
		}
		if n == 4 {
			row.Items = append(row.Items, item(70, 6, KindRequested, "Keramiikkaseura"))
		}
		if n == 5 {
			row.Items = []TimelineItem{item(28, 60, KindClosure, "Lattian huolto")}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func tableOf(t Timeline) Timeline {
	t.ID, t.Title, t.TableHref, t.GridHref = "taulukko", "Tilat taulukkona", "", "?view=grid"
	return t
}

func samplePicker(id string) TimePicker {
	p := TimePicker{
		ID: id, Action: "/fi/tilat/x", Hidden: []Hidden{{"pv", "2026-11-23"}}, DayTitle: "maanantai 23.11.2026", DayText: "ma 23.11.2026 klo ",
		BookAction: "/fi/varaa", BookMethod: "post", CSRF: "tok", BookLabel: "Varaa 17.30–19.00, 24 €", BookPattern: "Varaa {time}, {price}",
		Summary: "ma 23.11.2026 klo 17.30–19.00", Price: "24 €", Note: "Ajat ovat Suomen aikaa. Peruminen on maksuton vuorokautta ennen.",
		Grey: []GreyTime{{"8.00–12.00", "Koulun oma käyttö", KindStaff, ""}, {"12.00–13.00", "Siivous", KindClosure, ""}, {"19.00–20.00", "Varattu", KindConfirmed, ""}},
	}
	p.Week = WeekStrip{Label: "Viikko 48", PrevHref: "?vk=47", NextHref: "?vk=49", AllHref: "?kk=11"}
	for i, d := range []string{"ma", "ti", "ke", "to", "pe", "la", "su"} {
		day := WeekDay{Href: "?pv=" + d, Weekday: d, Date: fmt.Sprintf("%d.11.", 23+i), Free: fmt.Sprint(7 - i), Note: fmt.Sprintf("%d vapaata", 7-i), Accessible: fmt.Sprintf("%s %d.11., %d vapaata aikaa", d, 23+i, 7-i), State: DayFree, Selected: i == 0, Today: i == 0}
		if i == 3 {
			day.State, day.Free, day.Note = DayFull, "", "täynnä"
		}
		if i == 6 {
			day.Href, day.State, day.Free, day.Note = "", DayClosed, "", "kiinni"
		}
		p.Week.Days = append(p.Week.Days, day)
	}
	lengths := func(q int) []LengthOption {
		var out []LengthOption
		for i, l := range []string{"30 min", "1 h", "1 h 30 min", "2 h"} {
			if q+2*(i+1) <= 76 || q >= 80 {
				out = append(out, LengthOption{Minutes: 30 * (i + 1), Label: l, End: clock(q + 2*(i+1)), Price: fmt.Sprintf("%d €", 8*(i+1)), Checked: q == 70 && i == 2})
			}
		}
		return out
	}
	group := func(label string, from, to int) StartGroup {
		g := StartGroup{Label: label}
		for q := from; q < to; q++ {
			g.Starts = append(g.Starts, StartOption{Value: fmt.Sprintf("%02d:%02d", q/4, q%4*15), Label: clock(q), Checked: q == 70, Lengths: lengths(q)})
		}
		return g
	}
	p.Groups = []StartGroup{group("Päivä", 52, 68), group("Ilta", 68, 74)}
	return p
}

func checkoutFields() []Field {
	return []Field{
		{Name: "tarkoitus", Label: "Mitä teette?", Hint: "Yksi lause riittää.", Error: "Kirjoita, mitä tilassa tehdään.", Required: true},
		{Name: "hlo", Label: "Henkilöitä", Value: "4", InputMode: "numeric", Width: "xs", Suffix: "hlö"},
		{Name: "kuka", Label: "Kenelle varaat?", Type: "radio", Options: []Option{{Value: "me", Label: "Itselleni", Selected: true}, {Value: "jps", Label: "Jalkapalloseura JPS", Hint: "Yhdistys, alle 18-vuotiaiden toiminta"}}},
		{Name: "sali", Label: "Koko", Type: "chips", Options: []Option{{Value: "1", Label: "Koko sali", Selected: true}, {Value: "2", Label: "Kolmannes"}}},
		{Name: "luokka", Label: "Tilaisuus", Type: "select", Options: []Option{{Value: "1", Label: "Harjoitus"}, {Value: "2", Label: "Kokous"}}, Width: "m"},
		{Name: "viesti", Label: "Viesti tilan hoitajalle", Type: "textarea", Optional: true, Rows: 3},
		{Name: "ehdot", Label: "Hyväksyn tilan säännöt", Type: "checkbox", Error: "Hyväksy säännöt, jotta voit varata."},
	}
}

func sampleBookings() []BookingItem {
	return []BookingItem{
		{Href: "/v/1", Date: DateBlock{"2026-11-23", "ma", "23", "marras"}, Time: "17.30–19.00", Title: "Musiikkistudio 2", Place: "Keskustakirjasto Oodi", Tag: StatusTag{KindConfirmed, "Vahvistettu"}, Number: "V-2026-001234"},
		{Href: "/v/2", Date: DateBlock{"2026-11-25", "ke", "25", "marras"}, Time: "18.00–20.00", Title: "Liikuntasali, kolmannes A", Place: "Esimerkkikoulu", Tag: StatusTag{KindRequested, "Odottaa hyväksyntää"}, Note: "Vastaus viimeistään ti 24.11.", Number: "V-2026-001260"},
		{Href: "/v/3", Date: DateBlock{"2026-11-12", "to", "12", "marras"}, Time: "9.00–11.00", Title: "Kokoushuone Koivu", Place: "Töölön kirjasto", Tag: StatusTag{KindCancelled, "Peruttu"}, Number: "V-2026-000988"},
	}
}

func sampleTicket() Ticket {
	return Ticket{
		Tag: StatusTag{KindConfirmed, "Vahvistettu"}, Date: DateBlock{"2026-11-23", "ma", "23", "marras"}, When: "ma 23.11.2026 klo 17.30–19.00", Room: "Musiikkistudio 2", Href: "/fi/tilat/x",
		Place: "Keskustakirjasto Oodi, 2. kerros", Picture: "/img/room/music.svg", Number: "V-2026-001234",
		Facts: []Fact{{Icon: "currency-euro", Label: "Hinta", Value: "24,00 €"}, {Icon: "users", Label: "Henkilöitä", Value: "4"}, {Icon: "key", Label: "Ovikoodi", Value: "näkyy klo 17.15"}},
	}
}

func allTags() []StatusTag {
	var tags []StatusTag
	for _, k := range []Kind{KindFree, KindConfirmed, KindRequested, KindStaff, KindOwn, KindHeld, KindClosed, KindClosure, KindDenied, KindCancelled, KindExpired, KindInfo} {
		tags = append(tags, StatusTag{Kind: k, Label: string(k)})
	}
	return tags
}

type heatCell struct{ Class, Text string }

type heatRow struct {
	Label string
	Cells []heatCell
}

func sampleHeat() []heatRow {
	var rows []heatRow
	for d, day := range []string{"ma", "ti", "ke", "to", "pe", "la", "su"} {
		row := heatRow{Label: day}
		for h := range 13 {
			v := (d*13 + h*h*5) % 100
			cell := heatCell{Class: fmt.Sprintf("q%d", v/10), Text: fmt.Sprint(v)}
			if d == 6 && h < 3 {
				cell = heatCell{Class: "shut", Text: "–"}
			}
			if v > 95 && cell.Text != "–" {
				cell.Class += " top"
			}
			row.Cells = append(row.Cells, cell)
		}
		rows = append(rows, row)
	}
	return rows
}
