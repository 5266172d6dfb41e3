package cloud

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"
)

// The actions of STS that clients call before they work. Any role of any account can be assumed, because the
// sandbox has no permissions.

// The account that a sandbox simulates.
const (
	accountId = "1000000000000000"
	userId    = "200000000000000000"
	roleId    = "300000000000000000"
)

// How long a session may last. Its longest is what any role can allow.
const (
	sessionMin     = 15 * time.Minute
	sessionMax     = 12 * time.Hour
	sessionDefault = time.Hour
)

// TemporaryPrefix is the beginning of the ids of temporary keys.
const TemporaryPrefix = "STS."

// Session is a role that somebody has assumed. It is not stored: its SecurityToken contains all of it, and
// its secret is computed from the key id.
type Session struct {
	AccessKeyId string
	RoleArn     string
	Name        string
	Expires     int64 // Unix seconds of sandbox time, so that Advance ends sessions
}

// Identity is what GetCallerIdentity returns. UserId is for users, RoleId for roles (GetCallerIdentity,
// 2025-08-08).
type Identity struct {
	IdentityType string
	AccountId    string
	PrincipalId  string
	Arn          string
	UserId       string `json:",omitempty" xml:",omitempty"`
	RoleId       string `json:",omitempty" xml:",omitempty"`
}

// GetCallerIdentity returns who signed a request: the role of a session, or the user if session is nil.
func (a *Account) GetCallerIdentity(session *Session) Identity {
	if session == nil {
		return Identity{
			IdentityType: "RAMUser", AccountId: accountId, PrincipalId: userId,
			Arn: "acs:ram::" + accountId + ":user/sandbox", UserId: userId,
		}
	}
	account, _, _ := splitRole(session.RoleArn)
	return Identity{
		IdentityType: "AssumedRoleUser", AccountId: account,
		PrincipalId: roleId + ":" + session.Name, Arn: session.arn(), RoleId: roleId,
	}
}

// AssumeRoleInput is the parameters of AssumeRole.
type AssumeRoleInput struct {
	RoleArn         string
	RoleSessionName string
	DurationSeconds Number
}

// AssumedRole is what AssumeRole returns, without the SecurityToken.
type AssumedRole struct {
	Session       Session
	Secret        string
	Arn           string
	AssumedRoleId string
	Expiration    string
}

// AssumeRole starts a session with a temporary key.
func (a *Account) AssumeRole(in AssumeRoleInput) (AssumedRole, error) {
	duration, err := in.check()
	if err != nil {
		return AssumedRole{}, err
	}
	session := Session{
		AccessKeyId: TemporaryPrefix + "SANDBOX" + rand.Text()[:17],
		RoleArn:     in.RoleArn, Name: in.RoleSessionName, Expires: a.Clock() + int64(duration/time.Second),
	}
	return AssumedRole{
		Session: session, Secret: a.SessionSecret(session.AccessKeyId),
		Arn: session.arn(), AssumedRoleId: roleId + ":" + session.Name, Expiration: formatTime(a.now.Add(duration)),
	}, nil
}

// check checks the parameters, and returns how long the session lasts. The codes are those of the page
// AssumeRole.
func (in AssumeRoleInput) check() (time.Duration, error) {
	switch {
	case in.RoleArn == "":
		return 0, Missing("RoleArn")
	case in.RoleSessionName == "":
		return 0, Missing("RoleSessionName")
	}
	if _, _, ok := splitRole(in.RoleArn); !ok {
		return 0, Refuse("InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed.")
	}
	if len(in.RoleSessionName) < 2 || len(in.RoleSessionName) > 64 || !consistsOf(in.RoleSessionName, ".@-_") {
		return 0, Refuse("InvalidParameter.RoleSessionName", "The parameter RoleSessionName is wrongly formed.")
	}
	seconds, err := in.DurationSeconds.or("DurationSeconds", int64(sessionDefault/time.Second))
	if err != nil || seconds < int64(sessionMin/time.Second) || seconds > int64(sessionMax/time.Second) {
		return 0, Refuse("InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/12hours.")
	}
	return time.Duration(seconds) * time.Second, nil
}

// SessionSecret returns the secret of a temporary key.
func (a *Account) SessionSecret(keyId string) string {
	return base64.RawURLEncoding.EncodeToString(a.Seal("secret\x00" + keyId))
}

// arn names a role together with its session.
func (s Session) arn() string {
	account, role, _ := splitRole(s.RoleArn)
	return "acs:ram::" + account + ":assumed-role/" + role + "/" + s.Name
}

// splitRole splits acs:ram::ACCOUNT:role/NAME.
func splitRole(arn string) (account, role string, ok bool) {
	rest, prefixed := strings.CutPrefix(arn, "acs:ram::")
	account, role, cut := strings.Cut(rest, ":role/")
	return account, role, prefixed && cut && consistsOf(account, "") && consistsOf(role, "_-./")
}

// consistsOf reports whether text is one or more letters, digits and the given others.
func consistsOf(text, others string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r > 0x7f || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune(others, r)
	})
}
