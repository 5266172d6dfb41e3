package wire

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/http"
	"net/netip"

	"ecs-activation/internal/sandbox/cloud"
)

// The official agent uses another protocol than the API: hosts of its own, JSON, and signatures by the
// machine's own key. What it sends and expects was observed with version 2.2.3.578 and read in the public
// source of 2.2.4 to 2.x.x.1065 (2026-06).

// AgentAnswer is the body of nearly every answer to an agent. Code must be an integer: the agent takes
// anything else for a success.
type AgentAnswer struct {
	Code       int    `json:"code"`
	InstanceId string `json:"instanceId,omitempty"`
	ErrCode    string `json:"errCode,omitempty"`
	ErrMsg     string `json:"errMsg,omitempty"`
}

// HeartBeatAnswer is the body of the answer to a heart-beat.
type HeartBeatAnswer struct {
	NextInterval int  `json:"nextInterval"` // milliseconds
	NewTasks     bool `json:"newTasks"`
}

// AgentRefusal returns status and body of a refusal. A refused registration is always a 400, because the
// agent does not read the body of an answer with a higher status.
func AgentRefusal(refused *cloud.Error, registering bool) (int, AgentAnswer) {
	status := Status(refused)
	if registering && !refused.IsInternal() {
		status = http.StatusBadRequest
	}
	return status, AgentAnswer{Code: status, ErrCode: refused.Code, ErrMsg: refused.Message}
}

// agentBodyMax is the largest registration that is read, in bytes; a real one has about 1,500.
const agentBodyMax = 64 << 10

// agentRegistration is the body of a registration. Older agents send neither fingerprint nor forceReuse. tag
// may be null, intranetIp may be the text <nil>, and publicKey is base64 of PEM.
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

// ReadRegistration reads the registration that an agent sends.
func ReadRegistration(w http.ResponseWriter, r *http.Request) (cloud.Registration, error) {
	body, err := readBody(w, r, agentBodyMax)
	if err != nil {
		return cloud.Registration{}, err
	}
	var sent agentRegistration
	if err := json.Unmarshal(body, &sent); err != nil {
		return cloud.Registration{}, cloud.Refuse("InvalidParameter", "The registration cannot be read: %s.", cloud.DescribeJSON(err))
	}
	source, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return cloud.Registration{}, err
	}
	return sent.registration(source)
}

func (a agentRegistration) registration(source string) (cloud.Registration, error) {
	key, err := readPublicKey(a.PublicKey)
	if err != nil {
		return cloud.Registration{}, err
	}
	r := cloud.Registration{
		RegionId: a.RegionId, ActivationId: a.ActivationId, ActivationCode: a.ActivationCode,
		InstanceName: a.InstanceName, Hostname: a.Hostname, SourceIp: source,
		Profile: cloud.Profile{
			MachineId: a.MachineId, Fingerprint: a.Fingerprint, ForceReuse: a.ForceReuse, PublicKey: key,
			OsType: a.OsType, OsVersion: a.OsVersion, AgentVersion: a.AgentVersion,
		},
	}
	if _, err := netip.ParseAddr(a.IntranetIp); err == nil {
		r.IntranetIp = a.IntranetIp
	}
	for _, t := range a.Tag {
		r.Tags = append(r.Tags, cloud.Tag{TagKey: t.Key, TagValue: t.Value})
	}
	return r, r.CheckProfile()
}

// readPublicKey reads base64 of the PEM of an RSA key, and returns the form in which it is stored. The agent
// makes keys of 2,048 bits.
func readPublicKey(text string) ([]byte, error) {
	wrong := cloud.Invalid("publicKey")
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
