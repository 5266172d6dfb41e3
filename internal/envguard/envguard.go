// Package envguard removes settings from the environment that would make libraries print secrets or accept
// weak cryptography. What the libraries print is tested in package ecs, in a process of its own.
//
//   - With DEBUG=sdk the Alibaba Cloud SDK prints signed URLs, security tokens and activation codes to standard
//     output (alibaba-cloud-sdk-go v1.63.107, sdk/utils/debug.go).
//   - With GODEBUG=http2debug=1 package net/http prints them to standard error (Go 1.26, net/http/h2_bundle.go).
//   - Other settings of GODEBUG bring back keys, signatures and ciphers that crypto/tls and crypto/x509 refuse.
//
// The package must be initialized before net/http and the SDK, which read the variables during their own
// initialization. So it imports no more than these do, and its path comes before theirs: the specification of Go
// initializes packages in the order of their paths. It does its work in a package variable. It is the only
// exception to two rules: no package variables with effects, and no access to the environment outside package process.
package envguard

import (
	"errors"
	"os"
	"slices"
	"strings"
)

// These calls fail only for an invalid name of a variable, so the error is not used.
var _ = errors.Join(os.Unsetenv("DEBUG"), guardGODEBUG())

// guardGODEBUG removes the unsafe settings from GODEBUG.
func guardGODEBUG() error {
	settings := strings.Split(os.Getenv("GODEBUG"), ",")
	safe := slices.DeleteFunc(slices.Clone(settings), isUnsafe)
	if len(safe) == len(settings) {
		return nil
	}
	return os.Setenv("GODEBUG", strings.Join(safe, ","))
}

// isUnsafe reports whether a setting of GODEBUG is unsafe. The name may be anywhere in the setting, because
// net/http searches for it in the whole variable.
func isUnsafe(setting string) bool {
	unsafe := []string{"http2debug", "fips140ems", "rsa1024min", "tls3des", "tlsmaxrsasize", "tlsrsakex", "tlssha1", "x509negativeserial"}
	return slices.ContainsFunc(unsafe, func(name string) bool { return strings.Contains(setting, name) })
}
