package catalogue_test

import (
	"testing"

	"vuoro/resources"
)

func TestTermsGoFromDraftToLiveOnce(t *testing.T) {
	w := newCity(t)
	city := w.actors["city"]
	terms := resources.Terms{Key: "hall", Title: fi("Salin ehdot"), Body: fi("Jätä sali siistiksi.")}
	_, err := w.DraftTerms(ctx, w.actors["manager"], terms)
	wantCode(t, err, "auth.forbidden")
	made, err := w.DraftTerms(ctx, city, terms)
	w.must(err)
	made.Body = fi("Siivoa sali.")
	saved, err := w.SaveTerms(ctx, city, made, nil)
	w.must(err)
	_, err = w.SaveTerms(ctx, city, made, nil)
	wantCode(t, err, "stale")
	past, next := w.clock.AddDate(0, 0, -1), w.clock.AddDate(0, 0, 7)
	_, err = w.SaveTerms(ctx, city, saved, &past)
	wantCode(t, err, "rules.valid_from_past")
	live, err := w.SaveTerms(ctx, city, saved, &next)
	w.must(err)
	_, err = w.SaveTerms(ctx, city, live, nil)
	wantCode(t, err, "rules.live_unchanged")
	again, err := w.DraftTerms(ctx, city, terms)
	w.must(err)
	_, err = w.SaveTerms(ctx, city, again, &next)
	wantCode(t, err, "rules.valid_from_taken")
	list, err := w.TermsVersions(ctx, w.actors["manager"])
	w.must(err)
	if len(list) != 2 || list[1].State != "live" {
		t.Errorf("%+v", list)
	}
	_, err = w.TermsVersions(ctx, w.actors["resident"])
	wantCode(t, err, "auth.forbidden")
}
