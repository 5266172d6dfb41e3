package sandbox

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/netip"
)

// agentBodyMax is the largest registration read, in bytes; a real one is some
// 1,500.
const agentBodyMax = 64 << 10

// agentRegistration is the body of a registration. The older agents send
// neither fingerprint nor forceReuse; tag may be null, intranetIp may be the
// text <nil>, and publicKey is base64 of PEM.
type agentRegistration struct {
	ActivationCode string `json:"activationCode"`
	MachineId      string `json:"machineId"`
	Fingerprint    string `json:"fingerprint"`
	RegionId       string `json:"regionId"`
	InstanceName   string `json:"instanceName"`
	Hostname       string `json:"hostname"`
	IntranetIp     string `json:"intranetIp"`
	OsVersion      string `json:"osVersion"`
	OsType         string `json:"osType"`
	AgentVersion   string `json:"agentVersion"`
	PublicKey      string `json:"publicKey"`
	ActivationId   string `json:"activationId"`
	Tag            []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"tag"`
	ForceReuse bool `json:"forceReuse"`
}

// registerAgent registers the machine of an agent and returns its id. Every
// refusal is a 400: the agent reads the body of no answer above it.
func (s *Sandbox) registerAgent(w http.ResponseWriter, r *http.Request) (string, error) {
	registration, err := readAgent(w, r)
	var registered Machine
	if err == nil {
		registered, err = s.Register(r.Context(), registration)
	}
	var refused *Error
	if errors.As(err, &refused) {
		err = &Error{Status: http.StatusBadRequest, Code: refused.Code, Message: refused.Message}
	}
	return registered.InstanceId, err
}

func readAgent(w http.ResponseWriter, r *http.Request) (Registration, error) {
	body, err := readBody(w, r, agentBodyMax)
	if err != nil {
		return Registration{}, err
	}
	var sent agentRegistration
	if err := json.Unmarshal(body, &sent); err != nil {
		return Registration{}, refuse(http.StatusBadRequest, "InvalidParameter", "The registration cannot be read: %s.", describeJSON(err))
	}
	source, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return Registration{}, err
	}
	return sent.registration(source)
}

func (a agentRegistration) registration(source string) (Registration, error) {
	key, err := readPublicKey(a.PublicKey)
	if err != nil {
		return Registration{}, err
	}
	r := Registration{
		RegionId: a.RegionId, ActivationId: a.ActivationId, ActivationCode: a.ActivationCode,
		InstanceName: a.InstanceName, Hostname: a.Hostname, SourceIp: source,
		profile: profile{
			MachineId: a.MachineId, Fingerprint: a.Fingerprint, ForceReuse: a.ForceReuse, PublicKey: key,
			OsType: a.OsType, OsVersion: a.OsVersion, AgentVersion: a.AgentVersion,
		},
	}
	if _, err := netip.ParseAddr(a.IntranetIp); err == nil {
		r.IntranetIp = a.IntranetIp
	}
	for _, t := range a.Tag {
		r.Tags = append(r.Tags, tag{TagKey: t.Key, TagValue: t.Value})
	}
	return r, r.check()
}

// profileMax is the length of the longest text that is stored of what an agent
// tells, in bytes. It is ours.
const profileMax = 1024

// check judges what only an agent tells, and the length of its host name.
func (r Registration) check() error {
	for _, given := range []struct{ name, value string }{
		{"hostname", r.Hostname}, {"machineId", r.MachineId}, {"fingerprint", r.Fingerprint},
		{"osType", r.OsType}, {"osVersion", r.OsVersion}, {"agentVersion", r.AgentVersion},
	} {
		if len(given.value) > profileMax || !isText(given.value) {
			return invalid(given.name)
		}
	}
	if cmp.Or(r.MachineId, r.Fingerprint) == "" {
		return missing("machineId")
	}
	return nil
}

// readPublicKey reads base64 of the PEM of an RSA key, and returns it in the
// form in which it is stored. The agent makes keys of 2,048 bits.
func readPublicKey(text string) ([]byte, error) {
	wrong := invalid("publicKey")
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, wrong
	}
	block, _ := pem.Decode(decoded)
	if block == nil {
		return nil, wrong
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA || key.N.BitLen() < 2048 || key.N.BitLen() > 4096 {
		return nil, wrong
	}
	return block.Bytes, nil
}
