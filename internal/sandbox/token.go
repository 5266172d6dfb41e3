package sandbox

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/http"

	"ecs-activation/internal/sandbox/store"
)

// position is where a walk by NextToken has come to. It names a place in the
// order and not a row, so the walk goes on when that row is deleted, and what
// is created meanwhile lies on the side already read.
type position struct {
	below []byte // the key of the last row answered, nil at the beginning
	seen  int    // rows answered so far, for the ceiling of a filter by tags
}

const (
	positionSize = store.KeySize + 8
	sealSize     = 12
)

// newToken writes a position as an opaque text that only this sandbox can have
// made, and only for this list: a kind of rows and a region.
func (st *state) newToken(list string, at position) string {
	token := make([]byte, 0, positionSize+sealSize)
	token = append(token, at.below...)
	token = binary.BigEndian.AppendUint64(token, uint64(at.seen))
	token = append(token, st.sealToken(list, token)...)
	return base64.RawURLEncoding.EncodeToString(token)
}

// readToken reads a NextToken; none at all is the beginning.
func (st *state) readToken(list, text string) (position, error) {
	if text == "" {
		return position{}, nil
	}
	token, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(token) != positionSize+sealSize ||
		!hmac.Equal(token[positionSize:], st.sealToken(list, token[:positionSize])) {
		return position{}, refuse(http.StatusBadRequest, "InvalidParameter.NextToken", "The specified parameter NextToken is not valid.")
	}
	return position{below: token[:store.KeySize], seen: int(binary.BigEndian.Uint64(token[store.KeySize:]))}, nil
}

// sealToken: the zero byte keeps page tokens apart from activation codes, since
// no ActivationId holds one.
func (st *state) sealToken(list string, token []byte) []byte {
	return st.seal("page\x00" + list + "\x00" + string(token))[:sealSize]
}
