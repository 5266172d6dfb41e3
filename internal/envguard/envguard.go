// Package envguard defuses an environment variable that the Alibaba Cloud SDK reads when it
// is initialised: with DEBUG=sdk it prints signed URLs, security tokens and activation codes
// to standard output (alibaba-cloud-sdk-go v1.63.107, sdk/utils/debug.go).
//
// It must be initialised before the SDK, so it imports only os, and the work is done in a
// package variable: the one exception to the rules against such variables and against
// touching the environment outside the command line. It refuses to do anything else.
package envguard

import "os"

// Defused is the error of unsetting DEBUG; nil on every system we know.
var Defused = os.Unsetenv("DEBUG")
