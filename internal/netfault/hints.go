package netfault

import (
	"crypto/x509"
	"errors"
)

// The hints for failed connections.
const (
	CheckNetwork = "check the network and the proxy settings, then repeat the command"
	CheckProxy   = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
)

// CertificateHint returns the hint for a certificate that is not valid.
func CertificateHint(err error) string {
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "if a proxy uses its own certificate authority, make this machine trust it (on Linux, set SSL_CERT_FILE)"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "check this machine's clock, --endpoint and the proxy settings"
	}
	return "check --endpoint and the proxy settings"
}
