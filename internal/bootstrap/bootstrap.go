// Package bootstrap writes what a machine runs to register with a code. It refuses to hold a
// value that its language would interpret: everything is quoted, whatever it holds.
package bootstrap

import "strings"

// Registration is what a machine needs to register.
type Registration struct {
	RegionId       string
	ActivationId   string
	ActivationCode string
}

// Command returns the line that registers a Linux machine on which the Cloud Assistant agent
// is installed (agent 2.2.3.578; the API page's --ForceResue is a typing error).
func Command(r Registration) string {
	return "sudo aliyun-service --register" +
		" --RegionId " + ShellQuote(r.RegionId) +
		" --ActivationCode " + ShellQuote(r.ActivationCode) +
		" --ActivationId " + ShellQuote(r.ActivationId)
}

// ShellQuote makes one word of a POSIX shell out of any text.
func ShellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
