package wire

import (
	"crypto/hmac"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/cloud"
)

// skewMax is how far the time of a request may be from the clock, as documented: 15 minutes in both dialects.
const skewMax = 15 * time.Minute

// Verifier decides whether requests are signed with a key of the sandbox. It remembers the nonces.
type Verifier struct{ nonces *nonces }

// NewVerifier returns a Verifier that has seen no request. A request is accepted for twice skewMax, because
// its time may be ahead of the clock as well as behind it.
func NewVerifier() *Verifier { return &Verifier{nonces: newNonces(2 * skewMax)} }

// Verify returns an error if a request is not signed with a key of the account. It checks in the order of a
// gateway: key, signature, time, nonce.
func (v *Verifier) Verify(q *Request, a *cloud.Account) error {
	p, err := q.proof()
	if err != nil {
		return err
	}
	secret, session, err := findKey(a, p.keyId, p.token)
	if err != nil {
		return err
	}
	q.session = session
	if !hmac.Equal(p.signature, p.sign(secret, p.toSign)) {
		return signatureMismatch(p.toSign)
	}
	if err := checkTime(p.date, a.Now()); err != nil {
		return err
	}
	if !v.nonces.use(p.nonce, a.Now()) {
		return cloud.Refuse("SignatureNonceUsed", "Specified signature nonce was used already.")
	}
	return nil
}

func (q *Request) proof() (proof, error) {
	if q.acs3 {
		return acs3Proof(q)
	}
	return rpcProof(q.method, q.Parameters)
}

// findKey returns the secret of a key, and the session of a temporary one. The messages are those of the
// API's common error codes (help centre, documents 53438 and 185871, no date).
func findKey(a *cloud.Account, keyId, token string) (secret string, session *cloud.Session, err error) {
	temporary := strings.HasPrefix(keyId, cloud.TemporaryPrefix)
	switch {
	case !temporary && keyId != a.Credentials().AccessKeyId:
		return "", nil, cloud.Refuse("InvalidAccessKeyId.NotFound", "Specified access key is not found.")
	case temporary && token == "":
		return "", nil, cloud.Refuse("MissingSecurityToken", "SecurityToken is mandatory for this action.")
	case token == "":
		return a.Credentials().AccessKeySecret, nil, nil
	}
	read, err := readSecurityToken(a, token)
	switch {
	case err != nil:
		return "", nil, cloud.Refuse("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
	case read.AccessKeyId != keyId:
		return "", nil, cloud.Refuse("InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.")
	case read.Expires <= a.Clock():
		return "", nil, cloud.Refuse("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
	}
	return a.SessionSecret(keyId), &read, nil
}

func checkTime(text string, now time.Time) error {
	stamp, err := cloud.ParseTime(text)
	if err != nil {
		return cloud.Refuse("InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
	}
	if now.Sub(stamp).Abs() > skewMax {
		return cloud.Refuse("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	return nil
}
