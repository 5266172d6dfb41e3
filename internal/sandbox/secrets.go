package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// newId makes the service's form of an id: an upper-case UUID.
func newId() string {
	id := make([]byte, 16)
	rand.Read(id)             // never fails: crypto/rand ends the program instead
	id[6] = id[6]&0x0f | 0x40 // version 4, random
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// newInstanceId makes the id of a managed instance: mi-, the region's letters,
// and 13 characters in base 36 of which the first is 0 (seen with the official
// agent 2.2.3.578).
func newInstanceId(region string) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	id := make([]byte, 12)
	rand.Read(id) // never fails
	for i, b := range id {
		id[i] = digits[int(b)%len(digits)]
	}
	return "mi-" + regionLetters(region) + "0" + string(id)
}

// activationCode computes the code of an ActivationId: "a-sandbox" and 22
// characters of base64, 31 in all, which may hold + and / as real ones do.
func (st *state) activationCode(activationId string) string {
	return codePrefix + base64.StdEncoding.EncodeToString(st.seal(activationId))[:22]
}

// codePrefix begins every code of a sandbox.
const codePrefix = "a-sandbox"

// Made says whether a code is one of a sandbox, of this or of another one.
func Made(code string) bool { return strings.HasPrefix(code, codePrefix) }

// seal is an HMAC under this sandbox's key, which never leaves the file.
func (st *state) seal(text string) []byte {
	mac := hmac.New(sha256.New, st.Secret)
	mac.Write([]byte(text)) // a hash never fails to write
	return mac.Sum(nil)
}
