package sandbox

import (
	"errors"
	"regexp"
	"testing"
	"time"
)

// refusedCode reads the code of a refusal, "" for nil.
func refusedCode(t *testing.T, err error) string {
	t.Helper()
	var refused *Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("not a refusal: %v", err)
	}
	if refused == nil {
		return ""
	}
	return refused.Code
}

func TestRegistrationRules(t *testing.T) {
	for _, test := range []struct {
		name   string
		create []string
		before func(*Sandbox, *client, string) // before it registers
		edit   func(*Registration)
		want   string
	}{
		{name: "good"},
		{name: "unknown id", edit: func(r *Registration) { r.ActivationId = "NONE" }, want: "ActivationId.NotFound"},
		{name: "other code", edit: func(r *Registration) { r.ActivationCode = "a-sandboxAAAAAAAAAAAAAAAAAAAAAA" }, want: "ActivationCode.Mismatch"},
		{name: "no code", edit: func(r *Registration) { r.ActivationCode = "" }, want: "MissingParameter"},
		{name: "other region", edit: func(r *Registration) { r.RegionId = "cn-beijing" }, want: "ActivationCode.RegionMismatch"},
		{name: "unknown region", edit: func(r *Registration) { r.RegionId = "mars" }, want: "InvalidRegionId.NotFound"},
		{name: "disabled", before: func(_ *Sandbox, c *client, id string) {
			c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
		}, want: "ActivationCode.Disabled"},
		{name: "just not expired", before: func(s *Sandbox, _ *client, _ string) { _ = s.Advance(t.Context(), 4*time.Hour-10*time.Second) }},
		{name: "expired", before: func(s *Sandbox, _ *client, _ string) { _ = s.Advance(t.Context(), 4*time.Hour) }, want: "ActivationCode.Expired"},
		{name: "address inside", create: params("IpAddressRange", "10.1.2.3/8"), edit: from("10.200.0.1")},
		{name: "address inside, written as IPv6", create: params("IpAddressRange", "10.0.0.0/8"), edit: from("::ffff:10.200.0.1")},
		{name: "range written as IPv6", create: params("IpAddressRange", "::ffff:10.0.0.0/104"), edit: from("10.200.0.1")},
		{name: "IPv6 inside", create: params("IpAddressRange", "2001:db8::/32"), edit: from("2001:db8:1::1")},
		{name: "any IPv6", create: params("IpAddressRange", "::/0"), edit: from("2001:db8:1::1")},
		{name: "one address", create: params("IpAddressRange", "192.0.2.7"), edit: from("192.0.2.7")},
		{name: "address outside", create: params("IpAddressRange", "10.0.0.0/8"), edit: from("192.0.2.1"), want: "ActivationCode.AddressForbidden"},
		{name: "IPv4 outside ::/0", create: params("IpAddressRange", "::/0"), edit: from("192.0.2.1"), want: "ActivationCode.AddressForbidden"},
		{name: "loopback is the default", create: params("IpAddressRange", "127.0.0.1"), edit: from("")},
		{name: "no address", edit: from("somewhere"), want: "InvalidParameter"},
		{name: "name against the pattern", edit: func(r *Registration) { r.InstanceName = "1bad" }, want: "InstanceName.InvalidPattern"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, c := start(t, Options{})
			id, code := c.create(test.create...)
			if test.before != nil {
				test.before(s, c, id)
			}
			r := Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code, Hostname: "h"}
			if test.edit != nil {
				test.edit(&r)
			}
			_, err := s.Register(t.Context(), r)
			if got := refusedCode(t, err); got != test.want {
				t.Errorf("got %q (%v), want %q", got, err, test.want)
			}
			want := 0
			if test.want == "" {
				want = 1
			}
			if status, err := s.Status(t.Context()); err != nil || status.Machines != want {
				t.Errorf("%d machines, %v; want %d", status.Machines, err, want)
			}
		})
	}
}

func from(address string) func(*Registration) { return func(r *Registration) { r.SourceIp = address } }

func TestMachinesAreNumberedAsDocumentedUntilTheCodeIsUsedUp(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceName", "web", "InstanceCount", "10", "ResourceGroupId", "rg-1")
	r := Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code, Hostname: "host", SourceIp: "192.0.2.1"}
	for n, want := range []string{"web-01", "web-02", "own", "web-04", "web-05", "web-06", "web-07", "web-08", "web-09", "web-10"} {
		r.InstanceName = ""
		if want == "own" {
			r.InstanceName = "own"
		}
		m, err := s.Register(t.Context(), r)
		if err != nil || m.InstanceName != want {
			t.Fatalf("machine %d: %+v, %v; want %s", n+1, m, err, want)
		}
		if !regexp.MustCompile(`^mi-hz0[0-9a-z]{12}$`).MatchString(m.InstanceId) || m.ActivationId != id || m.RegionId != "cn-hangzhou" ||
			m.InternetIp != "192.0.2.1" || m.Hostname != "host" || m.ResourceGroupId != "rg-1" {
			t.Errorf("machine %+v", m)
		}
	}
	_, err := s.Register(t.Context(), r)
	if got := refusedCode(t, err); got != "ActivationCode.Exhausted" {
		t.Errorf("the eleventh: %v", err)
	}
	if got := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]["RegisteredCount"]; got != 10.0 {
		t.Errorf("registered %v", got)
	}
	c.refused(403, "ActivationId.InUse", "DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
	c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
}

func TestAMachineWithoutAPrefixIsCalledLikeItsHost(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create()
	r := Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}
	if m, err := s.Register(t.Context(), r); err != nil || m.InstanceName != "localhost" {
		t.Errorf("%+v, %v", m, err)
	}
	r.Hostname = "db7"
	if m, err := s.Register(t.Context(), r); err != nil || m.InstanceName != "db7" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestACodeWorksInItsOwnSandboxOnly(t *testing.T) {
	one, c := start(t, Options{})
	id, code := c.create()
	two, _ := start(t, Options{})
	if _, err := two.Load(t.Context(), dumped(t, one)); err != nil {
		t.Fatal(err)
	}
	_, err := two.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code})
	if got := refusedCode(t, err); got != "ActivationCode.Mismatch" {
		t.Errorf("%v", err)
	}
}
