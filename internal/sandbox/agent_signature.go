package sandbox

import (
	"crypto"
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// instanceHeader names the machine that signs a call.
const instanceHeader = "x-acs-instance-id"

// signer is the machine that has signed the call. A call is signed over the
// machine's id, what it is known by (older agents: MachineId, newer ones: the
// fingerprint), the time in milliseconds and the request id. The service does
// not publish how old a time may be; it is that of the API here.
func (st *state) signer(r *http.Request) (store.Location, machine, error) {
	id := r.Header.Get(instanceHeader)
	at, ok := st.Machines().Locate(id)
	switch {
	case ok:
	case st.Machines().WasRemoved(id):
		return at, machine{}, refuse(http.StatusForbidden, errDeregistered, errDeregistered)
	default:
		return at, machine{}, refuse(http.StatusForbidden, "instance_unknown", "The instance is not registered in this sandbox.")
	}
	var m machine
	if err := store.Decode(st.Machines().Rows(at.Region).Get(at.Key), &m); err != nil {
		return at, m, err
	}
	stamp := r.Header.Get("x-acs-timestamp")
	milliseconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || st.now.Sub(time.UnixMilli(milliseconds)).Abs() > skewMax {
		return at, m, refuse(http.StatusForbidden, "timestamp_invalid", "The timestamp is not within %s of the time of the server.", skewMax)
	}
	after := stamp + r.Header.Get("x-acs-request-id")
	signature := r.Header.Get("x-acs-signature")
	return at, m, m.verify(signature, id+m.MachineId+after, id+m.Fingerprint+after)
}

// verify checks that the machine has signed one of the texts.
func (m machine) verify(signature string, texts ...string) error {
	wrong := refuse(http.StatusForbidden, "signature_invalid", "The signature is not that of the instance.")
	if len(m.PublicKey) == 0 { // it was played, and has none
		return wrong
	}
	parsed, err := x509.ParsePKIXPublicKey(m.PublicKey)
	key, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return fmt.Errorf("%w: the key of %s", store.ErrDamaged, m.InstanceId)
	}
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return wrong
	}
	for _, text := range texts {
		digest := md5.Sum([]byte(text)) // the agent's choice
		if rsa.VerifyPKCS1v15(key, crypto.MD5, digest[:], given) == nil {
			return nil
		}
	}
	return wrong
}
