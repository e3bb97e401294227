package calendar

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

const serverZone = "VUORO_TEST_SERVER_ZONE"

// R2: nothing here may depend on where the server stands. The suite runs again
// in processes with another TZ, each of which sees that it has it.
func TestTheSuitePassesInOtherZonesOfTheServer(t *testing.T) {
	if os.Getenv(serverZone) != "" {
		t.Skip("this is the process of another zone")
	}
	for _, name := range []string{"UTC", "Pacific/Auckland", "America/New_York"} {
		t.Run(name, func(t *testing.T) {
			suite := exec.Command(os.Args[0], "-test.run=.", "-rapid.checks=20")
			suite.Env = append(os.Environ(), "TZ="+name, serverZone+"="+name)
			if out, err := suite.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestTheServerStandsInTheZoneAsked(t *testing.T) {
	name := os.Getenv(serverZone)
	if name == "" {
		t.Skip("only in the process of another zone")
	}
	for _, text := range []string{"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"} {
		at := instant(t, text)
		if got, want := offset(at, time.Local), offset(at, zone(t, name)); got != want {
			t.Errorf("at %s the server's offset is %v, want %v", text, got, want)
		}
	}
}
