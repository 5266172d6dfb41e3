// Package identitytest has stand-ins for the services that give out credentials, and the secrets
// that tests search for in what is shown.
package identitytest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// What must never be seen outside a signed request, and what only a bad answer holds.
const (
	KeyId  = "LTAIthekeyid"
	Secret = "TOP-SECRET-KEY"
	Token  = "TOP-SECRET-TOKEN"
	Mark   = "CONTENT-OF-THE-ANSWER"
)

// Nobody is an address where nobody listens; a port that was free a moment ago can be another
// program's by now.
const Nobody = "http://127.0.0.1:1"

// Answer answers with a status, a body and headers, as pairs of name and value. It asks to wait a
// millisecond before a repetition, to keep tests short.
func Answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-acs-retry-after", "1")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body) //nolint:errcheck // the client may have left
	}
}

// Refusal answers as a service of Alibaba Cloud refuses a request.
func Refusal(status int, code string, headers ...string) http.HandlerFunc {
	return Answer(status, fmt.Sprintf(`{"RequestId":"R-1","HostId":"h","Code":%q,"Message":"words of the service"}`, code), headers...)
}

// Torn takes over the connection, writes raw bytes and closes it.
func Torn(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(connection, raw) //nolint:errcheck // torn anyway
		connection.Close()              //nolint:errcheck // torn anyway
	}
}

// Hang answers nothing until the client leaves.
func Hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// KeepsQuiet fails the test when a text shows a secret, what was signed, or the words of an answer.
func KeepsQuiet(t testing.TB, text string, also ...string) {
	t.Helper()
	for _, secret := range append(also, Secret, Token, Mark, "Signature", "SecurityToken", "AccessKeyId", "?Action", "&Action", "%3D") {
		if strings.Contains(text, secret) {
			t.Errorf("%s is shown in:\n%s", secret, text)
		}
	}
}
