package ledger

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// A token to give a reservation back holds whose it is and who was sent it, and
// proves that this installation issued it. What it is good for is asked when it
// is used.

const (
	giveBackUse    = "give-back:" // keeps its signatures apart from those of other links
	giveBackLength = 16 + 16 + sha256.Size
)

// GiveBackToken is the token for one reservation and one person, by their uids:
// 86 URL-safe characters.
func (s *Secrets) GiveBackToken(reservation, person uuid.UUID) string {
	ids := append(reservation[:], person[:]...)
	return encoding.EncodeToString(append(ids, mac(s.keys[ForSignedLink][0], append([]byte(giveBackUse), ids...))...))
}

// OpenGiveBack gives the uids of a token of GiveBackToken, or false when it is
// not genuine.
func (s *Secrets) OpenGiveBack(token string) (reservation, person uuid.UUID, ok bool) {
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) != giveBackLength || len(token) != encoding.EncodedLen(giveBackLength) {
		return uuid.Nil, uuid.Nil, false
	}
	if !s.verify(ForSignedLink, append([]byte(giveBackUse), raw[:32]...), raw[32:]) {
		return uuid.Nil, uuid.Nil, false
	}
	return uuid.UUID(raw[:16]), uuid.UUID(raw[16:32]), true
}
