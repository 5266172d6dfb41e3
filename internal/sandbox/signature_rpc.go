package sandbox

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
)

// The older dialect, signature version 1.0: everything stands in the parameters, and
// their canonical form is signed.

// proofInParameters reads the proof of a request in the older dialect.
func (c *call) proofInParameters() (proof, error) {
	for _, name := range []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"} {
		if _, err := c.needed(name); err != nil {
			return proof{}, err
		}
	}
	if c.text("SignatureVersion") != "1.0" {
		return proof{}, invalid("SignatureVersion")
	}
	sign, size := signerOf(c.text("SignatureMethod"))
	if sign == nil {
		return proof{}, signatureMethodUnknown()
	}
	signature, err := base64.StdEncoding.DecodeString(c.text("Signature"))
	if err != nil || len(signature) != size {
		return proof{}, signatureIncomplete()
	}
	return proof{
		keyId: c.text("AccessKeyId"), token: c.text("SecurityToken"),
		nonce: c.text("SignatureNonce"), date: c.text("Timestamp"),
		signature: signature, toSign: stringToSign(c.method, c.given), sign: sign,
	}, nil
}

// signerOf is how a SignatureMethod signs, and the length of its signatures; nil for a
// method that no document names.
func signerOf(method string) (func(secret, toSign string) []byte, int) {
	switch method {
	case "HMAC-SHA1":
		return func(secret, toSign string) []byte {
			mac := hmac.New(sha1.New, []byte(secret+"&"))
			mac.Write([]byte(toSign)) // a hash never fails to write
			return mac.Sum(nil)
		}, 20
	case "HMAC-SHA256":
		return func(secret, toSign string) []byte { return hmacSHA256(secret+"&", toSign) }, 32
	}
	return nil, 0
}

// stringToSign is METHOD&%2F& and the encoded canonical query: every parameter
// but Signature.
func stringToSign(method string, given map[string]string) string {
	to := append(make([]byte, 0, 2048), method...)
	return string(appendEncoded(append(to, "&%2F&"...), string(canonicalQuery(given, "Signature"))))
}
