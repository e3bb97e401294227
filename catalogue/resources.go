package catalogue

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
	"vuoro/fault"
	"vuoro/resources"
	"vuoro/web/locales"
)

// recorded is a resource as the audit trail keeps it: with its parts.
type recorded struct {
	resources.Resource
	Parts []recordedPart
}

type recordedPart struct {
	Space  *int `json:",omitempty"`
	Device *int `json:",omitempty"`
	Count  int
}

func record(r resources.Resource, parts []resources.Part) recorded {
	kept := recorded{Resource: r}
	for _, p := range parts {
		kept.Parts = append(kept.Parts, recordedPart{p.Space, p.Device, max(p.Count, 1)})
	}
	return kept
}

// AddResource makes a resource of a unit. Whoever makes it publishes it in a
// step of its own: it begins as a draft.
func (s *Service) AddResource(ctx context.Context, actor accounts.Actor, r resources.Resource, parts []resources.Part) (made resources.Resource, err error) {
	if err := mayManage(actor, r.Unit); err != nil {
		return made, err
	}
	r.UID, r.Source, r.Example, r.ExternalRef, r.State = uuid.Nil, "", false, "", resources.StateDraft
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		made, err = s.Places.AddResource(ctx, tx, r, parts)
		return edit{made.Unit, "resource.added", "resource:" + made.UID.String(), nil, record(made, parts)}, err
	})
	return made, err
}

// Resource reads a resource for those who look after it, with its parts; it is
// NotFound for everybody who does not work for its unit.
func (s *Service) Resource(ctx context.Context, actor accounts.Actor, uid uuid.UUID) (resources.Place, []resources.Part, error) {
	place, err := s.Places.Place(ctx, s.DB, uid)
	if err == nil && !accounts.Can(actor, accounts.ViewUnitWork, accounts.Object{Unit: place.Unit.ID}) {
		err = fault.New(fault.NotFound, "resource.not_found")
	}
	if err != nil {
		return place, nil, err
	}
	parts, err := s.Places.Parts(ctx, s.DB, place.Resource.ID)
	return place, parts, err
}

// SaveResource changes a resource: it carries the UID and the Revision that
// were read. Parts nil leaves the parts as they are. What nobody edits (unit,
// state, where it came from) is kept.
func (s *Service) SaveResource(ctx context.Context, actor accounts.Actor, r resources.Resource, parts []resources.Part) (resources.Resource, error) {
	return s.change(ctx, actor, r.UID, "resource.saved", func(now resources.Resource) (resources.Resource, []resources.Part) {
		r.ID, r.Unit, r.State = now.ID, now.Unit, now.State
		r.Source, r.Example, r.ExternalRef = now.Source, now.Example, now.ExternalRef
		return r, parts
	})
}

// Step is what can be done with the state of a resource.
type Step string

// The steps.
const (
	Publish Step = "publish"
	Hide    Step = "hide"
	Archive Step = "archive"
	Redraft Step = "draft" // out of the archive, or back to be worked on
)

// past are the steps as the audit trail tells them.
var past = map[Step]string{
	Publish: "resource.published", Hide: "resource.hidden", Archive: "resource.archived", Redraft: "resource.redrafted",
}

// TakeStep publishes, hides or archives a resource, in the revision that was
// read. What it lacks to be published is Invalid with every field.
func (s *Service) TakeStep(ctx context.Context, actor accounts.Actor, uid uuid.UUID, revision int, step Step) (resources.Resource, error) {
	action, known := past[step]
	if !known {
		return resources.Resource{}, fault.InvalidField("state", "resource.bad_state")
	}
	if step == Publish {
		if err := s.complete(ctx, actor, uid); err != nil {
			return resources.Resource{}, err
		}
	}
	return s.change(ctx, actor, uid, action, func(r resources.Resource) (resources.Resource, []resources.Part) {
		r.Revision = revision
		switch step {
		case Publish:
			r.Publish(s.Now())
		case Hide:
			r.Hide(s.Now())
		case Archive:
			r.State = resources.StateArchived
		case Redraft:
			r.State = resources.StateDraft
		}
		return r, nil
	})
}

// complete refuses a resource that lacks something to be published, and says
// all of it; the save itself would stop at the first kind of mistake.
func (s *Service) complete(ctx context.Context, actor accounts.Actor, uid uuid.UUID) error {
	place, err := s.managed(ctx, s.DB, actor, uid)
	if err != nil {
		return err
	}
	parts, err := s.Places.Parts(ctx, s.DB, place.Resource.ID)
	if err != nil {
		return err
	}
	missing, err := s.Places.Missing(ctx, s.DB, place.Resource, parts)
	if err != nil || len(missing) == 0 {
		return err
	}
	return &fault.Error{Kind: fault.Invalid, Code: "resource.incomplete", Fields: missing}
}

// change reads a resource in the transaction that writes it, so that rights and
// the audit trail are about what stands.
func (s *Service) change(ctx context.Context, actor accounts.Actor, uid uuid.UUID, action string,
	next func(now resources.Resource) (resources.Resource, []resources.Part),
) (saved resources.Resource, err error) {
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		place, err := s.managed(ctx, tx, actor, uid)
		if err != nil {
			return edit{}, err
		}
		have, err := s.Places.Parts(ctx, tx, place.Resource.ID)
		if err != nil {
			return edit{}, err
		}
		wanted, parts := next(place.Resource)
		if saved, err = s.Places.UpdateResource(ctx, tx, wanted, parts); err != nil {
			return edit{}, err
		}
		if parts == nil {
			parts = have
		}
		return edit{saved.Unit, action, "resource:" + uid.String(), record(place.Resource, have), record(saved, parts)}, nil
	})
	return saved, err
}

// managed reads a resource that the actor may change; whose unit the actor does
// not work for is not found.
func (s *Service) managed(ctx context.Context, tx *db.DB, actor accounts.Actor, uid uuid.UUID) (resources.Place, error) {
	place, err := s.Places.Place(ctx, tx, uid)
	if err != nil {
		return place, err
	}
	if err := mayManage(actor, place.Unit.ID); fault.Is(err, fault.NotFound) {
		return place, fault.New(fault.NotFound, "resource.not_found")
	} else if err != nil {
		return place, err
	}
	return place, nil
}

// Copy names the copy of a resource. An empty Slug is made from the original's.
type Copy struct {
	Of   uuid.UUID
	Name locales.Texts
	Slug string
}

// DuplicateResource makes a draft with the parts, texts, limits, pictures and
// own hours of another one.
func (s *Service) DuplicateResource(ctx context.Context, actor accounts.Actor, wish Copy) (made resources.Resource, err error) {
	err = s.do(ctx, actor, func(tx *db.DB) (edit, error) {
		original, err := s.managed(ctx, tx, actor, wish.Of)
		if err != nil {
			return edit{}, err
		}
		parts, err := s.Places.Parts(ctx, tx, original.Resource.ID)
		if err != nil {
			return edit{}, err
		}
		r := original.Resource
		r.UID, r.Name, r.Slug, r.State = uuid.Nil, wish.Name, wish.Slug, resources.StateDraft
		r.PublishFrom, r.PublishTo, r.Source, r.ExternalRef = nil, nil, "", ""
		if r.Slug == "" {
			if r.Slug, err = freeSlug(ctx, tx, original.Resource.Slug, resourceSlugs); err != nil {
				return edit{}, err
			}
		}
		if made, err = s.Places.AddResource(ctx, tx, r, parts); err != nil {
			return edit{}, err
		}
		return edit{made.Unit, "resource.copied", "resource:" + made.UID.String(), nil, record(made, parts)}, s.copyRest(ctx, tx, original, made)
	})
	return made, err
}

func (s *Service) copyRest(ctx context.Context, tx *db.DB, original resources.Place, made resources.Resource) error {
	periods, err := s.Places.PeriodsOf(ctx, tx, resources.Owner{Resource: original.Resource.ID})
	if err != nil {
		return err
	}
	if len(periods) > 0 {
		for i := range periods {
			periods[i].ID, periods[i].Unit, periods[i].Resource = 0, nil, &made.ID
		}
		if err := s.Places.SetPeriods(ctx, tx, resources.Owner{Resource: made.ID}, periods); err != nil {
			return err
		}
	}
	return s.Places.CopyPictures(ctx, tx, original.Resource.ID, made.ID)
}

// FreeSlug is an address that no resource has or had, made of a name.
func (s *Service) FreeSlug(ctx context.Context, name string) (string, error) {
	return freeSlug(ctx, s.DB, cmp.Or(SlugOf(name), "tila"), resourceSlugs)
}

// Readiness is what those who look after a resource want to know of it.
type Readiness struct {
	Missing []fault.Field        // to be published
	Coming  int                  // reservations that have not ended
	Sharing []resources.Resource // which cannot be booked while it is
	At      time.Time
}

// Readiness tells what a resource lacks and who uses it.
func (s *Service) Readiness(ctx context.Context, r resources.Resource, parts []resources.Part) (ready Readiness, err error) {
	ready.At = s.Now()
	if ready.Missing, err = s.Places.Missing(ctx, s.DB, r, parts); err != nil {
		return ready, err
	}
	if ready.Coming, err = s.Places.Coming(ctx, s.DB, r.ID); err != nil {
		return ready, err
	}
	ready.Sharing, err = s.Places.Sharing(ctx, s.DB, r.ID)
	return ready, err
}
