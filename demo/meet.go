package demo

import (
	"context"

	"github.com/google/uuid"

	"vuoro/accounts"
	"vuoro/db"
)

// meet finds the rooms and the people of the town in the database.
func (f *filler) meet(ctx context.Context, d *db.DB) error {
	town, err := readTown()
	if err != nil {
		return err
	}
	f.rooms, f.groups = map[string]room{}, map[string]group{}
	f.actors, f.managers = map[string]accounts.Actor{}, map[int]accounts.Actor{}
	var rooms []room
	if err := d.Query(ctx, &rooms, "SELECT slug, uid, unit FROM resources"); err != nil {
		return err
	}
	for _, r := range rooms {
		f.rooms[r.Slug] = r
	}
	for _, p := range town.People {
		actor, err := actorOf(ctx, d, p.Email)
		if err != nil {
			return err
		}
		f.actors[p.Key] = actor
		for _, role := range actor.Roles {
			if role.Role == accounts.Manager {
				f.managers[*role.Unit] = actor
			}
		}
	}
	for _, a := range town.Associations {
		var found struct{ UID uuid.UUID }
		if err := d.Query(ctx, &found, "SELECT uid FROM associations WHERE demo AND name = ?", a.Name); err != nil {
			return err
		}
		f.groups[a.Key] = group{uid: found.UID, booker: a.Bookers[0]}
	}
	return nil
}

// actorOf is a person with all rights, as if signed in without a browser.
func actorOf(ctx context.Context, d *db.DB, email string) (accounts.Actor, error) {
	var person accounts.Person
	if err := d.Query(ctx, &person, "SELECT * FROM people WHERE demo AND email = ?", email); err != nil {
		return accounts.Actor{}, err
	}
	actor := accounts.Actor{Person: &person}
	if err := d.Query(ctx, &actor.Roles, "SELECT * FROM roles WHERE person = ? ORDER BY id", person.ID); err != nil {
		return accounts.Actor{}, err
	}
	return actor, d.Query(ctx, &actor.Memberships, "SELECT * FROM memberships WHERE person = ?", person.ID)
}
