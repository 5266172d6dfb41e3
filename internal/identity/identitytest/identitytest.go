// Package identitytest has fake services that return credentials, and the secrets that must not appear
// in any output.
package identitytest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// The secrets that must not be shown, and Mark, which only invalid responses contain.
const (
	KeyId  = "LTAIthekeyid"
	Secret = "TOP-SECRET-KEY"
	Token  = "TOP-SECRET-TOKEN"
	Mark   = "CONTENT-OF-THE-ANSWER"
)

// Nobody is an address on which no server listens. A port that was just free is not used, because
// another program may have taken it.
const Nobody = "http://127.0.0.1:1"

// Answer responds with a status, a body and headers, given as pairs of name and value. It asks clients
// to retry after one millisecond, so that tests are short.
func Answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-acs-retry-after", "1")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body) //nolint:errcheck // the client may have closed the connection
	}
}

// Refusal responds with an error in the form of Alibaba Cloud.
func Refusal(status int, code string, headers ...string) http.HandlerFunc {
	return Answer(status, fmt.Sprintf(`{"RequestId":"R-1","HostId":"h","Code":%q,"Message":"words of the service"}`, code), headers...)
}

// Torn writes raw bytes to the connection and closes it.
func Torn(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(connection, raw) //nolint:errcheck // the connection is closed on purpose
		connection.Close()              //nolint:errcheck // the connection is closed on purpose
	}
}

// Hang sends no response until the client closes the connection.
func Hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// KeepsQuiet fails the test if a text contains a secret, a part of a signed request, or text of an
// invalid response.
func KeepsQuiet(t testing.TB, text string, also ...string) {
	t.Helper()
	for _, secret := range append(also, Secret, Token, Mark, "Signature", "SecurityToken", "AccessKeyId", "?Action", "&Action", "%3D") {
		if strings.Contains(text, secret) {
			t.Errorf("%s is shown in:\n%s", secret, text)
		}
	}
}
