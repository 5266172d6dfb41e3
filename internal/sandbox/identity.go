package sandbox

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"ecs-activation/internal/sandbox/store"
)

// caller is who signed a request.
type caller struct {
	secret  string
	session *session // nil for the permanent key
}

// session is a role that somebody has assumed. It is not stored: its SecurityToken holds
// all of it, sealed, and its secret is computed from the key id.
type session struct {
	AccessKeyId string
	RoleArn     string
	Name        string
	Expires     int64 // Unix seconds of sandbox time, so that Advance ends sessions
}

// temporaryPrefix is what the ids of temporary keys begin with.
const temporaryPrefix = "STS."

// callerOf finds the owner of a key. The messages are those of the API's common error
// codes (help centre, documents 53438 and 185871, no date).
func (st *state) callerOf(keyId, token string) (caller, error) {
	temporary := strings.HasPrefix(keyId, temporaryPrefix)
	switch {
	case !temporary && keyId != st.Credentials.AccessKeyId:
		return caller{}, refuse(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
	case temporary && token == "":
		return caller{}, refuse(http.StatusBadRequest, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
	case token == "":
		return caller{secret: st.Credentials.AccessKeySecret}, nil
	}
	session, err := st.readSession(token)
	switch {
	case err != nil:
		return caller{}, refuse(http.StatusBadRequest, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
	case session.AccessKeyId != keyId:
		return caller{}, refuse(http.StatusBadRequest, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.")
	case session.Expires <= st.clock():
		return caller{}, refuse(http.StatusBadRequest, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
	}
	return caller{secret: st.sessionSecret(keyId), session: &session}, nil
}

// newSecurityToken is the seal and then what it seals. The zero bytes keep seals of one
// kind from being taken for another.
func (st *state) newSecurityToken(s session) (string, error) {
	text, err := json.Marshal(s)
	return base64.StdEncoding.EncodeToString(append(st.seal("token\x00" + string(text))[:sealSize:sealSize], text...)), err
}

// readSession reads a SecurityToken that this sandbox has made.
func (st *state) readSession(token string) (session, error) {
	var s session
	sealed, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(sealed) < sealSize {
		return s, store.ErrDamaged
	}
	text := sealed[sealSize:]
	if !hmac.Equal(sealed[:sealSize], st.seal("token\x00" + string(text))[:sealSize]) {
		return s, store.ErrDamaged
	}
	return s, json.Unmarshal(text, &s)
}

func (st *state) sessionSecret(keyId string) string {
	return base64.RawURLEncoding.EncodeToString(st.seal("secret\x00" + keyId))
}
