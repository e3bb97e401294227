package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

func vtimezoneText(zone *time.Location) string {
	return vtimezone(zone).Serialize(&ics.SerializationConfiguration{MaxLength: 75, PropertyMaxLength: 75, NewLine: "\n"})
}

func TestHelsinkiAsEverybodyWritesIt(t *testing.T) {
	const want = `BEGIN:VTIMEZONE
TZID:Europe/Helsinki
X-LIC-LOCATION:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19960331T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:EEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
`
	if got := vtimezoneText(zone(t, "Europe/Helsinki")); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestDerivedRules(t *testing.T) {
	cases := []struct {
		zone string
		want []string
	}{
		{"Europe/Helsinki", []string{"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"}},
		{"Europe/Stockholm", []string{"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"}},
		{"America/New_York", []string{"FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"}},
		{"Australia/Lord_Howe", []string{"FREQ=YEARLY;BYMONTH=4;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"}},
		{"Asia/Jerusalem", []string{"FREQ=YEARLY;BYMONTH=3;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"}},
		{"Asia/Tokyo", nil},
		{"Africa/Casablanca", nil},
		{"UTC", nil},
	}
	for _, c := range cases {
		var got []string
		for _, o := range deriveObservances(zone(t, c.zone)) {
			if o.rule != "" {
				got = append(got, o.rule)
			}
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: got %q, want %q", c.zone, got, c.want)
		}
	}
}

// The table and the zone database must say the same of the zones both know.
func TestFixedZonesAreTheZoneDatabases(t *testing.T) {
	for name, fixed := range fixedZones {
		derived := deriveObservances(zone(t, name))
		derived = derived[len(derived)-2:]
		for n, o := range fixed {
			o.start, derived[n].start = time.Time{}, time.Time{}
			if o != derived[n] {
				t.Errorf("%s: %+v in the table, %+v derived", name, o, derived[n])
			}
		}
	}
}

// A program that reads only the description must see the same clock as Go does,
// every two hours and a minute of all the years.
func TestDescribedZonesShowTheRightTime(t *testing.T) {
	names := append([]string{
		"Europe/Mariehamn", "Europe/Moscow", "Europe/Istanbul", "America/Caracas", "Asia/Pyongyang",
		"Africa/Cairo", "America/Nuuk", "Pacific/Apia", "Asia/Gaza", "Antarctica/Troll", "Etc/GMT+5",
	}, changingZones...)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			loc := zone(t, name)
			all := onsets(t, vtimezone(loc))
			slices.SortFunc(all, func(a, b onset) int { return a.at().Compare(b.at()) })
			at, last, next := beginOf(firstZoneYear), beginOf(lastZoneYear+1), 1
			for ; at.Before(last); at = at.Add(2*time.Hour + time.Minute) {
				for next < len(all) && !all[next].at().After(at) {
					next++
				}
				if got, want := all[next-1].to, offset(at, loc); got != want {
					t.Fatalf("%v: %v, want %v", at, got, want)
				}
			}
		})
	}
}

func TestUTCOffset(t *testing.T) {
	for given, want := range map[time.Duration]string{
		0: "+0000", 2 * time.Hour: "+0200", -5 * time.Hour: "-0500", 5*time.Hour + 45*time.Minute: "+0545",
		-(30 * time.Minute): "-0030", time.Hour + 39*time.Minute + 49*time.Second: "+013949",
	} {
		if got := utcOffset(given); got != want {
			t.Errorf("%v: %s, want %s", given, got, want)
		}
	}
}
