package cloud

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"

	"ecs-activation/internal/sandbox/store"
)

// position is how far a client has read with NextToken. It is a place in the order and not a row, so reading
// continues when that row is deleted. What is created meanwhile is in the part that was already read.
type position struct {
	below []byte // the key of the last row returned, nil at the beginning
	seen  int    // rows returned so far, for the largest number that a filter by tags returns
}

const positionSize = store.KeySize + 8

// newPageToken writes a position as an opaque text. Only this sandbox can have made it, and only for this
// list: a kind of rows in a region.
func (a *Account) newPageToken(list string, at position) string {
	token := make([]byte, 0, positionSize+SealSize)
	token = append(token, at.below...)
	token = binary.BigEndian.AppendUint64(token, uint64(at.seen))
	token = append(token, a.sealPageToken(list, token)...)
	return base64.RawURLEncoding.EncodeToString(token)
}

// readPageToken reads a NextToken. An empty one is the beginning.
func (a *Account) readPageToken(list, text string) (position, error) {
	if text == "" {
		return position{}, nil
	}
	token, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(token) != positionSize+SealSize ||
		!hmac.Equal(token[positionSize:], a.sealPageToken(list, token[:positionSize])) {
		return position{}, Refuse("InvalidParameter.NextToken", "The specified parameter NextToken is not valid.")
	}
	return position{below: token[:store.KeySize], seen: int(binary.BigEndian.Uint64(token[store.KeySize:]))}, nil
}

func (a *Account) sealPageToken(list string, token []byte) []byte {
	return a.Seal("page\x00" + list + "\x00" + string(token))[:SealSize]
}
