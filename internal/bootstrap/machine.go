package bootstrap

import (
	"cmp"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"ecs-activation/internal/activation"
)

// Machine is what a machine registers with besides the code, as the user gives it.
type Machine struct {
	Name        string
	Tags        []string // as key=value
	NetworkMode string   // vpc; empty: the internet
	Proxy       string   // a URL
}

// Registration returns the machine's part of a registration, with everything that is wrong with it. Name
// and tags obey the rules of a code's; lenient is as for activation.CreateRequest.Validate.
func (m Machine) Registration(lenient bool) (Registration, activation.Problems) {
	r := Registration{InstanceName: m.Name, NetworkMode: m.NetworkMode, Proxy: m.Proxy}
	var problems activation.Problems
	if err := Writable(m.Name); err != nil {
		problems.Add("MachineName", m.Name, err)
	}
	for _, text := range m.Tags {
		tag, err := activation.ParseTag(text)
		if err = cmp.Or(err, Writable(text)); err != nil {
			problems.Add("MachineTag", text, err)
			continue
		}
		r.Tags = append(r.Tags, tag)
	}
	like := activation.CreateRequest{RegionId: "cn-hangzhou", InstanceName: m.Name, Tags: r.Tags}
	for _, p := range like.Validate(lenient) {
		p.Parameter = map[string]string{"InstanceName": "MachineName", "Tag": "MachineTag"}[p.Parameter]
		problems = append(problems, p)
	}
	if m.NetworkMode != "" && m.NetworkMode != "vpc" {
		problems.Add("MachineNetworkMode", m.NetworkMode, activation.OneOf{Choices: []string{"vpc"}})
	}
	if m.Proxy != "" && !isProxy(m.Proxy) {
		problems.Add("MachineProxy", WithoutUser(m.Proxy), errNotProxy)
	}
	return r, problems
}

// errNotProxy is the rule for the proxy of a machine.
var errNotProxy = errors.New("must be a URL such as http://proxy.example:3128")

func isProxy(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsFunc(text, unicode.IsSpace) && Writable(text) == nil
}

// WithoutUser returns a URL or host without what comes before the host, which may be a password.
func WithoutUser(text string) string {
	if at := strings.LastIndex(text, "@"); at > 0 {
		return "****" + text[at:]
	}
	return text
}

// With returns the registration of the machine with a code.
func (r Registration) With(region, id, code string) Registration {
	r.RegionId, r.ActivationId, r.ActivationCode = region, id, code
	return r
}
