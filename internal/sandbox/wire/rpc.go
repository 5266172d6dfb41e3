package wire

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"

	"ecs-activation/internal/sandbox/cloud"
)

// The older dialect, signature version 1.0: everything is in the parameters, and their canonical form is
// signed.

// rpcProof reads the proof of a request in the older dialect.
func rpcProof(method string, p Parameters) (proof, error) {
	for _, name := range []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"} {
		if _, err := p.Need(name); err != nil {
			return proof{}, err
		}
	}
	if p["SignatureVersion"] != "1.0" {
		return proof{}, cloud.Invalid("SignatureVersion")
	}
	sign, size := signerOf(p["SignatureMethod"])
	if sign == nil {
		return proof{}, signatureMethodUnknown()
	}
	signature, err := base64.StdEncoding.DecodeString(p["Signature"])
	if err != nil || len(signature) != size {
		return proof{}, signatureIncomplete()
	}
	return proof{
		keyId: p["AccessKeyId"], token: p["SecurityToken"], nonce: p["SignatureNonce"], date: p["Timestamp"],
		signature: signature, toSign: rpcStringToSign(method, p), sign: sign,
	}, nil
}

// signerOf returns how a SignatureMethod signs, and the length of its signatures. It returns nil for a method
// that no document names.
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

// rpcStringToSign returns METHOD&%2F& and the encoded canonical query: all parameters except Signature.
func rpcStringToSign(method string, p Parameters) string {
	to := append(make([]byte, 0, 2048), method...)
	return string(appendEncoded(append(to, "&%2F&"...), string(canonicalQuery(p, "Signature"))))
}
