package sandbox

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"slices"
	"time"
)

// skewMax is how far a Timestamp may be from the clock, as the service has it
// (signature version 1.0: 15 minutes of skew).
const skewMax = 15 * time.Minute

// The messages below are those seen in answers of the service, as people quote
// them in public issues of its SDKs (2017 to 2025).

// admit lets a call pass that is signed with this sandbox's key. The order is
// that of a gateway: key, signature, time, nonce, region.
func (s *Sandbox) admit(c *call, st *state) error {
	for _, name := range []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"} {
		if _, err := c.needed(name); err != nil {
			return err
		}
	}
	if c.text("AccessKeyId") != st.credentials.AccessKeyId {
		return refuse(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
	}
	if err := c.verify(st.credentials.AccessKeySecret); err != nil {
		return err
	}
	if err := c.verifyTime(st.now); err != nil {
		return err
	}
	if !s.nonces.use(c.text("SignatureNonce"), st.now) {
		return refuse(http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.")
	}
	region, err := c.needed("RegionId")
	if err != nil {
		return err
	}
	return s.limits.region(region)
}

// verify checks a signature of version 1.0. Like the service it says what it
// signed, which holds no secret.
func (c *call) verify(secret string) error {
	if c.text("SignatureVersion") != "1.0" {
		return invalid("SignatureVersion")
	}
	method, ok := signatureMethod(c.text("SignatureMethod"))
	if !ok {
		return invalid("SignatureMethod")
	}
	signature, err := base64.StdEncoding.DecodeString(c.text("Signature"))
	if err != nil || len(signature) != method().Size() {
		return refuse(http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
	}
	toSign := stringToSign(c.method, c.given)
	if !hmac.Equal(signature, sign(method, secret, toSign)) {
		return refuse(http.StatusBadRequest, "SignatureDoesNotMatch",
			"Specified signature is not matched with our calculation. server string to sign is:%s", toSign)
	}
	return nil
}

func signatureMethod(name string) (func() hash.Hash, bool) {
	switch name {
	case "HMAC-SHA1":
		return sha1.New, true
	case "HMAC-SHA256":
		return sha256.New, true
	}
	return nil, false
}

func (c *call) verifyTime(now time.Time) error {
	stamp, err := parseTime(c.text("Timestamp"))
	if err != nil {
		return refuse(http.StatusBadRequest, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
	}
	if now.Sub(stamp).Abs() > skewMax {
		return refuse(http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	return nil
}

func sign(method func() hash.Hash, secret, toSign string) []byte {
	mac := hmac.New(method, []byte(secret+"&"))
	mac.Write([]byte(toSign)) // a hash never fails to write
	return mac.Sum(nil)
}

// stringToSign is METHOD&%2F& and the encoded canonical query: every parameter
// but Signature, encoded and sorted by name.
func stringToSign(method string, given map[string]string) string {
	names := make([]string, 0, len(given))
	for name := range given {
		if name != "Signature" {
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
	to := append(make([]byte, 0, 2048), method...)
	return string(appendEncoded(append(to, "&%2F&"...), string(query)))
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
