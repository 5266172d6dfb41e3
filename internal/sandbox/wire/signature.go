package wire

import (
	"crypto/hmac"
	"crypto/sha256"

	"ecs-activation/internal/sandbox/cloud"
)

// proof is what a request contains to prove who sent it and when. The two dialects differ in where it is, and
// in what is signed: see rpc.go and acs3.go.
type proof struct {
	keyId     string
	token     string // the SecurityToken of a temporary key
	nonce     string
	date      string
	signature []byte
	toSign    string
	sign      func(secret, toSign string) []byte
}

// The messages below were seen in answers of the service, as people quote them in public issues of its SDKs
// (2017 to 2025).

// signatureMismatch says what the sandbox has signed, as the service does. That contains no secret.
func signatureMismatch(toSign string) *cloud.Error {
	return cloud.Refuse("SignatureDoesNotMatch", "Specified signature is not matched with our calculation. server string to sign is:%s", toSign)
}

func signatureIncomplete() *cloud.Error {
	return cloud.Refuse("IncompleteSignature", "The request signature does not conform to Aliyun standards.")
}

func signatureMethodUnknown() *cloud.Error {
	return cloud.Refuse("InvalidSignatureMethod", "Specified signature method is not valid.")
}

func hmacSHA256(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text)) // a hash never fails to write
	return mac.Sum(nil)
}
