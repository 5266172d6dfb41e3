package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"ecs-activation/internal/sandbox/cloud"
)

// The newer dialect, ACS3-HMAC-SHA256: action, version and proof are in headers, the parameters in query or
// form. Source: "Request syntax and signature method V3" (2024-12-16), and what the official SDKs send
// (2026).

const acs3 = "ACS3-HMAC-SHA256"

// isACS3 distinguishes the dialects by what is signed, because clients of the older one may send x-acs-action
// too.
func isACS3(header http.Header, signature string) bool {
	return strings.HasPrefix(header.Get("Authorization"), "ACS3-") || signature == "" && header.Get("x-acs-action") != ""
}

// acs3Proof reads the proof of a request in the newer dialect.
func acs3Proof(q *Request) (proof, error) {
	for _, name := range []string{"Authorization", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"} {
		if q.header.Get(name) == "" {
			return proof{}, cloud.Missing(name)
		}
	}
	method, fields, _ := strings.Cut(q.header.Get("Authorization"), " ")
	if method != acs3 {
		return proof{}, signatureMethodUnknown()
	}
	a := readAuthorization(fields)
	signature, err := hex.DecodeString(a.signature)
	if err != nil || len(signature) != sha256.Size || !signsEnough(a.signed, q.header) {
		return proof{}, signatureIncomplete()
	}
	p := proof{
		keyId: a.credential, token: q.header.Get("x-acs-security-token"),
		nonce: q.header.Get("x-acs-signature-nonce"), date: q.header.Get("x-acs-date"),
		signature: signature, toSign: acs3StringToSign(q, a.signed), sign: hmacSHA256,
	}
	if q.header.Get("x-acs-content-sha256") != hexSum(q.body) {
		return p, signatureMismatch(p.toSign)
	}
	return p, nil
}

// authorization is the content of the Authorization header.
type authorization struct {
	credential string
	signed     []string // the names of headers, in lower case and sorted
	signature  string
}

// readAuthorization reads Credential=…,SignedHeaders=…,Signature=…; what is missing stays empty.
func readAuthorization(fields string) authorization {
	var a authorization
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Credential":
			a.credential = value
		case "SignedHeaders":
			a.signed = strings.Split(strings.ToLower(value), ";")
			slices.Sort(a.signed)
			a.signed = slices.Compact(a.signed)
		case "Signature":
			a.signature = value
		}
	}
	return a
}

// signsEnough reports whether host and every x-acs- header are signed, as documented. Content-Type should be
// signed too, but that is not required, because HTTP libraries add it by themselves.
func signsEnough(signed []string, header http.Header) bool {
	if !contains(signed, "host") {
		return false
	}
	for name := range header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-acs-") && !contains(signed, name) {
			return false
		}
	}
	return true
}

func contains(sorted []string, name string) bool {
	_, found := slices.BinarySearch(sorted, name)
	return found
}

// acs3StringToSign returns the method's name and the hash of the canonical request.
func acs3StringToSign(q *Request, signed []string) string {
	var request strings.Builder
	request.WriteString(q.method + "\n/\n")
	request.Write(canonicalQuery(q.query, ""))
	request.WriteByte('\n')
	for _, name := range signed {
		request.WriteString(name + ":" + canonicalHeader(q, name) + "\n")
	}
	request.WriteString("\n" + strings.Join(signed, ";") + "\n" + hexSum(q.body))
	return acs3 + "\n" + hexSum([]byte(request.String()))
}

// canonicalHeader returns the values of a header, trimmed and sorted. net/http keeps the host outside the
// headers.
func canonicalHeader(q *Request, name string) string {
	if name == "host" {
		return q.Host
	}
	var values []string
	for _, value := range q.header.Values(name) {
		values = append(values, strings.TrimSpace(value))
	}
	slices.Sort(values)
	return strings.Join(values, ",")
}

func hexSum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
