package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const testRole = "acs:ram::1234567890123456:role/deploy"

// assume returns a client with a temporary key.
func (c *client) assume(business ...string) *client {
	c.t.Helper()
	a := c.ok("AssumeRole", with(params("RoleArn", testRole, "RoleSessionName", "rehearsal"), business...)...)
	keys, _ := a.fields["Credentials"].(map[string]any)
	temporary := *c
	temporary.pair = Credentials{AccessKeyId: keys["AccessKeyId"].(string), AccessKeySecret: keys["AccessKeySecret"].(string)}
	temporary.token = keys["SecurityToken"].(string)
	return &temporary
}

// inBothDialects runs a test with a client of each dialect.
func inBothDialects(t *testing.T, o Options, test func(t *testing.T, s *Sandbox, c *client)) {
	for _, acs3 := range []bool{false, true} {
		t.Run(fmt.Sprintf("ACS3 %t", acs3), func(t *testing.T) {
			s, c := start(t, o)
			c.acs3 = acs3
			test(t, s, c)
		})
	}
}

func TestGetCallerIdentityTellsTheUser(t *testing.T) {
	inBothDialects(t, Options{}, func(t *testing.T, _ *Sandbox, c *client) {
		a := c.ok("GetCallerIdentity")
		if a.text("IdentityType") != "RAMUser" || a.text("Arn") != "acs:ram::"+a.text("AccountId")+":user/sandbox" ||
			a.text("UserId") == "" || a.text("UserId") != a.text("PrincipalId") || a.fields["RoleId"] != nil {
			t.Errorf("%s", a.body)
		}
	})
}

func TestATemporaryKeyWorksWithItsToken(t *testing.T) {
	inBothDialects(t, Options{}, func(t *testing.T, _ *Sandbox, c *client) {
		role := c.assume()
		a := role.ok("GetCallerIdentity")
		if a.text("IdentityType") != "AssumedRoleUser" || a.text("AccountId") != "1234567890123456" ||
			a.text("Arn") != "acs:ram::1234567890123456:assumed-role/deploy/rehearsal" || a.text("RoleId") == "" || a.fields["UserId"] != nil {
			t.Errorf("%s", a.body)
		}
		id, _ := role.create()
		if got := c.list(); len(got) != 1 || got[0] != id {
			t.Errorf("the account's key lists %q", got)
		}
	})
}

func TestASecurityTokenIsJudged(t *testing.T) {
	inBothDialects(t, Options{}, func(t *testing.T, s *Sandbox, c *client) {
		role, other := c.assume(), c.assume("DurationSeconds", "7200")
		for _, test := range []struct {
			name  string
			spoil func(*client)
			code  string
		}{
			{"none", func(c *client) { c.token = "" }, "MissingSecurityToken"},
			{"no base64", func(c *client) { c.token = "???" }, "InvalidSecurityToken.Malformed"},
			{"too short", func(c *client) { c.token = "AAAA" }, "InvalidSecurityToken.Malformed"},
			{"changed", func(c *client) { c.token = strings.Repeat("A", 8) + c.token[8:] }, "InvalidSecurityToken.Malformed"},
			{"another's", func(c *client) { c.token = other.token }, "InvalidSecurityToken.MismatchWithAccessKey"},
			{"other secret", func(c *client) { c.pair.AccessKeySecret += "x" }, "SignatureDoesNotMatch"},
		} {
			spoiled := *role
			test.spoil(&spoiled)
			if a := spoiled.call("GetCallerIdentity"); a.status != 400 || a.text("Code") != test.code {
				t.Errorf("%s: got %d %s, want %s", test.name, a.status, a.body, test.code)
			}
		}
		if err := s.Advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		role.refused(400, "InvalidSecurityToken.Expired", "GetCallerIdentity")
		other.ok("GetCallerIdentity")
	})
}

func TestATokenOfAnotherSandboxIsMalformed(t *testing.T) {
	_, c := start(t, Options{})
	_, other := start(t, Options{})
	c.token = other.assume().token
	c.refused(400, "InvalidSecurityToken.Malformed", "GetCallerIdentity")
}

func TestAssumeRoleJudgesItsParameters(t *testing.T) {
	_, c := start(t, Options{})
	for _, test := range []struct{ arn, name, seconds, code string }{
		{"", "x1", "900", "MissingParameter"}, {testRole, "", "900", "MissingParameter"},
		{"acs:ram:role/x", "x1", "900", "InvalidParameter.RoleArn"}, {"acs:ram::1:role/", "x1", "900", "InvalidParameter.RoleArn"},
		{"acs:ram::1:role/é", "x1", "900", "InvalidParameter.RoleArn"}, {testRole, "x", "900", "InvalidParameter.RoleSessionName"},
		{testRole, "a b", "900", "InvalidParameter.RoleSessionName"}, {testRole, "x1", "899", "InvalidParameter.DurationSeconds"},
		{testRole, "x1", "43201", "InvalidParameter.DurationSeconds"}, {testRole, "x1", "soon", "InvalidParameter.DurationSeconds"},
	} {
		c.refused(400, test.code, "AssumeRole", "RoleArn", test.arn, "RoleSessionName", test.name, "DurationSeconds", test.seconds)
	}
	a := c.ok("AssumeRole", "RoleArn", testRole, "RoleSessionName", "x1", "DurationSeconds", "900")
	expires, err := time.Parse(time.RFC3339, a.fields["Credentials"].(map[string]any)["Expiration"].(string))
	if err != nil || time.Until(expires.Add(-900*time.Second)).Abs() > time.Minute {
		t.Errorf("%s, %v", a.body, err)
	}
}

func TestEveryAPIHasItsVersion(t *testing.T) {
	_, c := start(t, Options{})
	for action, version := range map[string]string{
		"GetCallerIdentity": "2014-05-26", "AssumeRole": "2014-05-26", "DescribeRegions": "2015-04-01", "CreateActivation": "2021-01-01",
	} {
		a := c.refused(400, "InvalidVersion", action, "Version", version)
		if !strings.Contains(a.text("Recommend"), "q=InvalidVersion") || !strings.Contains(a.text("Recommend"), a.text("RequestId")) {
			t.Errorf("%s", a.body)
		}
	}
}
