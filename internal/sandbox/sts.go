package sandbox

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"
)

// What clients ask of STS before they work: who am I, and a role. Any role of any account
// can be assumed, as the sandbox knows no permissions.

// The account that a sandbox pretends to be.
const (
	accountId = "1000000000000000"
	userId    = "200000000000000000"
	roleId    = "300000000000000000"
)

const (
	sessionMin     = 15 * time.Minute
	sessionMax     = 12 * time.Hour
	sessionDefault = time.Hour
)

// identityAnswer is what GetCallerIdentity answers. UserId is for users, RoleId for roles
// (GetCallerIdentity, 2025-08-08).
type identityAnswer struct {
	RequestId    string
	IdentityType string
	AccountId    string
	PrincipalId  string
	Arn          string
	UserId       string `json:",omitempty" xml:",omitempty"`
	RoleId       string `json:",omitempty" xml:",omitempty"`
}

// identify is GetCallerIdentity.
func (s *Sandbox) identify(c *call, _ *state) (any, error) {
	role := c.caller.session
	if role == nil {
		return identityAnswer{
			RequestId: c.RequestId, IdentityType: "RAMUser", AccountId: accountId, PrincipalId: userId,
			Arn: "acs:ram::" + accountId + ":user/sandbox", UserId: userId,
		}, nil
	}
	account, _, _ := splitRole(role.RoleArn)
	return identityAnswer{
		RequestId: c.RequestId, IdentityType: "AssumedRoleUser", AccountId: account,
		PrincipalId: roleId + ":" + role.Name, Arn: role.arn(), RoleId: roleId,
	}, nil
}

// arn names a role together with its session.
func (s session) arn() string {
	account, role, _ := splitRole(s.RoleArn)
	return "acs:ram::" + account + ":assumed-role/" + role + "/" + s.Name
}

// splitRole takes acs:ram::ACCOUNT:role/NAME apart.
func splitRole(arn string) (account, role string, ok bool) {
	rest, prefixed := strings.CutPrefix(arn, "acs:ram::")
	account, role, cut := strings.Cut(rest, ":role/")
	return account, role, prefixed && cut && isMadeOf(account, "") && isMadeOf(role, "_-./")
}

// isMadeOf says whether text is one or more letters, digits and some others.
func isMadeOf(text, others string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r > 0x7f || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune(others, r)
	})
}

// roleAnswer is what AssumeRole answers.
type roleAnswer struct {
	RequestId       string
	AssumedRoleUser struct{ Arn, AssumedRoleId string }
	Credentials     struct{ AccessKeyId, AccessKeySecret, SecurityToken, Expiration string }
}

// assumeRole is AssumeRole: a temporary key, and the token that has to be sent with it.
func (s *Sandbox) assumeRole(c *call, st *state) (any, error) {
	given, lasts, err := readRole(c)
	if err != nil {
		return nil, err
	}
	given.AccessKeyId = temporaryPrefix + "SANDBOX" + rand.Text()[:17]
	given.Expires = st.clock() + int64(lasts/time.Second)
	answer := roleAnswer{RequestId: c.RequestId}
	answer.AssumedRoleUser.Arn = given.arn()
	answer.AssumedRoleUser.AssumedRoleId = roleId + ":" + given.Name
	answer.Credentials.AccessKeyId = given.AccessKeyId
	answer.Credentials.AccessKeySecret = st.sessionSecret(given.AccessKeyId)
	answer.Credentials.Expiration = formatTime(st.now.Add(lasts))
	answer.Credentials.SecurityToken, err = st.newSecurityToken(given)
	return answer, err
}

// readRole judges the parameters. The codes are those of the page AssumeRole; a session
// may last as long as any role can allow, twelve hours.
func readRole(c *call) (session, time.Duration, error) {
	for _, name := range []string{"RoleArn", "RoleSessionName"} {
		if _, err := c.needed(name); err != nil {
			return session{}, 0, err
		}
	}
	given := session{RoleArn: c.text("RoleArn"), Name: c.text("RoleSessionName")}
	if _, _, ok := splitRole(given.RoleArn); !ok {
		return given, 0, refuse(http.StatusBadRequest, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed.")
	}
	if len(given.Name) < 2 || len(given.Name) > 64 || !isMadeOf(given.Name, ".@-_") {
		return given, 0, refuse(http.StatusBadRequest, "InvalidParameter.RoleSessionName", "The parameter RoleSessionName is wrongly formed.")
	}
	seconds, err := c.number("DurationSeconds", int64(sessionDefault/time.Second))
	if err != nil || seconds < int64(sessionMin/time.Second) || seconds > int64(sessionMax/time.Second) {
		return given, 0, refuse(http.StatusBadRequest, "InvalidParameter.DurationSeconds",
			"The Min/Max value of DurationSeconds is 15min/12hours.")
	}
	return given, time.Duration(seconds) * time.Second, nil
}
