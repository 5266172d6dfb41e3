// Package envguard unsets an environment variable that the Alibaba Cloud SDK reads during its
// initialization: with DEBUG=sdk the SDK prints signed URLs, security tokens and activation codes to
// standard output (alibaba-cloud-sdk-go v1.63.107, sdk/utils/debug.go).
//
// The package must be initialized before the SDK, so it imports only os and does its work in a package
// variable. It is the only exception to two rules: no mutable package variables, and no access to the
// environment outside package cli.
package envguard

import "os"

// UnsetErr is the error of unsetting DEBUG. It is nil on all supported systems.
var UnsetErr = os.Unsetenv("DEBUG")
