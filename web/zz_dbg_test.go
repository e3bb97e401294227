package web
import "testing"
func TestDbg(t *testing.T) {
	w := newTown(t)
	made := w.who["resident"].book("kokous", "2026-11-24 12:00", "2026-11-24 13:30")
	w.who["resident"].book("sali", "2026-11-24 12:00", "2026-11-24 13:30")
	for _, u := range []string{"/work/reservations/"+made.Number, "/work", "/work/requests", "/work/schedule", "/work/new", "/work/reports/hours","/work/schedule?month=2026-11"} {
		a := w.who["manager"].get(u)
		t.Log(u, a.StatusCode)
	}
	t.Log(w.log.String())
}
