package cloud

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// NewId returns a new id in the service's form: an upper-case UUID.
func NewId() string {
	id := make([]byte, 16)
	rand.Read(id)             // never fails: crypto/rand ends the program instead
	id[6] = id[6]&0x0f | 0x40 // version 4, random
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// newInstanceId returns a new id of a managed instance: mi-, the region's letters, and 13 characters in base
// 36 of which the first is 0 (seen with the official agent 2.2.3.578).
func newInstanceId(region string) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	id := make([]byte, 12)
	rand.Read(id) // never fails
	for i, b := range id {
		id[i] = digits[int(b)%len(digits)]
	}
	return "mi-" + regionLetters(region) + "0" + string(id)
}

// codePrefix is the beginning of every code of a sandbox.
const codePrefix = "a-sandbox"

// Made reports whether a code is one of a sandbox, this or another one.
func Made(code string) bool { return strings.HasPrefix(code, codePrefix) }

// activationCode computes the code of an ActivationId: "a-sandbox" and 22 characters of base64, 31 in all,
// which may contain + and / as real codes do.
func (a *Account) activationCode(activationId string) string {
	return codePrefix + base64.StdEncoding.EncodeToString(a.Seal(activationId))[:22]
}

// Seal returns an HMAC of text under this sandbox's own key, which never leaves the file. A zero byte after a
// word separates the kinds of seals; activation codes have none, because no ActivationId contains a zero
// byte.
func (a *Account) Seal(text string) []byte {
	mac := hmac.New(sha256.New, a.tx.Secret)
	mac.Write([]byte(text)) // a hash never fails to write
	return mac.Sum(nil)
}

// SealSize is the length in bytes of the seals in page tokens and SecurityTokens.
const SealSize = 12
