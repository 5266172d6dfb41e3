package wire

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"

	"ecs-activation/internal/sandbox/cloud"
)

// newSecurityToken returns a token that contains a session: a seal, and then the session in JSON.
func newSecurityToken(a *cloud.Account, session cloud.Session) (string, error) {
	text, err := json.Marshal(session)
	return base64.StdEncoding.EncodeToString(append(sealSession(a, text), text...)), err
}

// readSecurityToken reads a token that this sandbox has made.
func readSecurityToken(a *cloud.Account, token string) (cloud.Session, error) {
	var session cloud.Session
	sealed, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(sealed) < cloud.SealSize {
		return session, errors.New("it is not a token of the sandbox")
	}
	seal, text := sealed[:cloud.SealSize], sealed[cloud.SealSize:]
	if !hmac.Equal(seal, sealSession(a, text)) {
		return session, errors.New("another sandbox has sealed it")
	}
	return session, json.Unmarshal(text, &session)
}

func sealSession(a *cloud.Account, text []byte) []byte {
	return a.Seal("token\x00" + string(text))[:cloud.SealSize:cloud.SealSize]
}
