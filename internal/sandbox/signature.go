package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"slices"
	"time"
)

// skewMax is how far a request's time may be from the clock, as the service has it
// (both dialects: 15 minutes of skew).
const skewMax = 15 * time.Minute

// proof is what a request shows of who sent it and when. The two dialects differ in
// where it stands, and in what is signed: see signature_rpc.go and signature_acs3.go.
type proof struct {
	keyId     string
	token     string // the SecurityToken of a temporary key
	nonce     string
	date      string
	signature []byte
	toSign    string
	sign      func(secret, toSign string) []byte
}

// The messages below are those seen in answers of the service, as people quote
// them in public issues of its SDKs (2017 to 2025).

// admit lets a call pass that is signed with a key of this sandbox. The order is
// that of a gateway: key, signature, time, nonce.
func (s *Sandbox) admit(c *call, st *state) error {
	p, err := c.proof()
	if err != nil {
		return err
	}
	if c.caller, err = st.callerOf(p.keyId, p.token); err != nil {
		return err
	}
	if !hmac.Equal(p.signature, p.sign(c.caller.secret, p.toSign)) {
		return signatureMismatch(p.toSign)
	}
	if err := verifyTime(p.date, st.now); err != nil {
		return err
	}
	if !s.nonces.use(p.nonce, st.now) {
		return refuse(http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.")
	}
	return nil
}

func (c *call) proof() (proof, error) {
	if c.acs3 {
		return c.proofInHeaders()
	}
	return c.proofInParameters()
}

func verifyTime(text string, now time.Time) error {
	stamp, err := parseTime(text)
	if err != nil {
		return refuse(http.StatusBadRequest, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
	}
	if now.Sub(stamp).Abs() > skewMax {
		return refuse(http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	return nil
}

// signatureMismatch says what the sandbox signed, as the service does; it holds no secret.
func signatureMismatch(toSign string) *Error {
	return refuse(http.StatusBadRequest, "SignatureDoesNotMatch",
		"Specified signature is not matched with our calculation. server string to sign is:%s", toSign)
}

func signatureIncomplete() *Error {
	return refuse(http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
}

func signatureMethodUnknown() *Error {
	return refuse(http.StatusBadRequest, "InvalidSignatureMethod", "Specified signature method is not valid.")
}

func hmacSHA256(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text)) // a hash never fails to write
	return mac.Sum(nil)
}

// canonicalQuery is every parameter but the one named, encoded and sorted by name.
func canonicalQuery(given map[string]string, but string) []byte {
	names := make([]string, 0, len(given))
	for name := range given {
		if name != but {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	query := make([]byte, 0, 1024)
	for i, name := range names {
		if i > 0 {
			query = append(query, '&')
		}
		query = appendEncoded(query, name)
		query = append(query, '=')
		query = appendEncoded(query, given[name])
	}
	return query
}

// appendEncoded percent-encodes by RFC 3986: all but letters, digits, - _ . ~
func appendEncoded(to []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	plain := 0 // from here on nothing has been appended yet
	for i := range len(text) {
		if b := text[i]; !isUnreserved(b) {
			to = append(to, text[plain:i]...)
			to = append(to, '%', hex[b>>4], hex[b&15])
			plain = i + 1
		}
	}
	return append(to, text[plain:]...)
}

func isUnreserved(b byte) bool {
	return isLetter(b) || isDigit(b) || b == '-' || b == '_' || b == '.' || b == '~'
}

func isLetter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
