package wire

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

	"ecs-activation/internal/sandbox/cloud"
)

// instanceHeader names the machine that signs a call.
const instanceHeader = "x-acs-instance-id"

// IsAgentSigned reports whether a call claims to be signed by a machine.
func IsAgentSigned(r *http.Request) bool { return r.Header.Get(instanceHeader) != "" }

// VerifyAgent returns the machine that has signed a call. The signature is over the machine's id, its
// identity (older agents: MachineId, newer ones: fingerprint), the time in milliseconds and the request id.
// The service does not publish how old the time may be; here the limit is that of the API.
func VerifyAgent(r *http.Request, a *cloud.Account) (cloud.Agent, error) {
	id := r.Header.Get(instanceHeader)
	agent, err := a.FindAgent(id)
	if err != nil {
		return agent, err
	}
	stamp := r.Header.Get("x-acs-timestamp")
	milliseconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.Now().Sub(time.UnixMilli(milliseconds)).Abs() > skewMax {
		return agent, cloud.Refuse("timestamp_invalid", "The timestamp is not within %s of the time of the server.", skewMax)
	}
	after := stamp + r.Header.Get("x-acs-request-id")
	signature := r.Header.Get("x-acs-signature")
	return agent, verifyAny(agent, signature, id+agent.MachineId+after, id+agent.Fingerprint+after)
}

// verifyAny checks that the machine has signed one of the texts.
func verifyAny(agent cloud.Agent, signature string, texts ...string) error {
	wrong := cloud.Refuse("signature_invalid", "The signature is not that of the instance.")
	if len(agent.PublicKey) == 0 { // a simulated machine has no key
		return wrong
	}
	parsed, err := x509.ParsePKIXPublicKey(agent.PublicKey)
	key, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return cloud.Damaged(fmt.Errorf("the key of %s", agent.InstanceId))
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
