package netfault

import (
	"crypto/x509"
	"errors"
)

// What the user can do about a connection that failed.
const (
	CheckNetwork = "check the network and the proxy settings, then repeat the command"
	CheckProxy   = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
)

// CertificateHint returns what the user can do about a certificate that was not accepted.
func CertificateHint(err error) string {
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "a proxy with its own authority? Have this machine trust it; on Linux SSL_CERT_FILE can name its certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "check this machine's clock, --endpoint and the proxy settings"
	}
	return "check --endpoint and the proxy settings"
}
