package sandbox

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/store"
)

// authority signs the certificates of the sandbox's servers. Its key is in no file: like the codes it is
// computed from the sandbox's own key. So every process has the same authority, and its certificate has the
// same bytes at every start until a reset. Trusting it has no effect beyond this machine: clients refuse all
// names but loopback ones that it signs.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

// Authority writes the certificate with which clients of ServeTLS can check that they are connected to this
// sandbox, in PEM, and returns the path of the file.
func (s *Sandbox) Authority(ctx context.Context) (string, error) {
	ca, err := loadAuthority(ctx, s.state)
	if err != nil {
		return "", err
	}
	path := s.options.Path + ".ca.pem"
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.certificate.Raw})
	if err := replaceFile(path, text); err != nil {
		return "", store.Textf("cannot write the certificate authority's certificate: %w", err)
	}
	return path, nil
}

// loadAuthority returns the authority of the sandbox as it is now.
func loadAuthority(ctx context.Context, s *state) (*authority, error) {
	var ca *authority
	err := s.view(ctx, func(a *cloud.Account) error {
		var err error
		ca, err = newAuthority(a.Seal)
		return err
	})
	return ca, err
}

// newAuthority computes key and certificate; seal is an HMAC under the sandbox's own key.
func newAuthority(seal func(text string) []byte) (*authority, error) {
	serial := seal("authority serial\x00")[:16]
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: fmt.Sprintf("ecs-activation sandbox %x", serial[:4])},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		// Later years have another format, which old clients may not support.
		NotAfter: time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),

		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         []string{"localhost"},
		PermittedIPRanges: []*net.IPNet{
			{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)},
			{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
		},
	}
	key := authorityKey(seal)
	// Without a source of randomness the signature is that of RFC 6979: always the same.
	raw, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return &authority{key: key, certificate: certificate}, err
}

// authorityKey returns the first seal that is a key of P-256, which nearly every seal is.
func authorityKey(seal func(text string) []byte) *ecdsa.PrivateKey {
	for n := 0; ; n++ {
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seal("authority key\x00"+strconv.Itoa(n)))
		if err == nil {
			return key
		}
	}
}

// leafLife is how long a server's own certificate is valid.
const leafLife = 24 * time.Hour

// leaves provides the certificate of one server, and a new one before it expires. Its key stays in memory.
type leaves struct {
	ca   *authority
	ips  []net.IP
	now  func() time.Time
	mu   sync.Mutex
	last *tls.Certificate
}

func (l *leaves) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.last != nil && now.Before(l.last.Leaf.NotAfter.Add(-leafLife/2)) {
		return l.last, nil
	}
	leaf, err := l.ca.sign(now, l.ips)
	if err == nil {
		l.last = leaf
	}
	return leaf, err
}

// sign makes a certificate for localhost and the addresses. It is valid from an hour ago, for clients whose
// clock is behind.
func (a *authority) sign(now time.Time, ips []net.IP) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(leafLife),
		DNSNames: []string{"localhost"}, IPAddresses: ips,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(raw)
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, err
}

// holds reports whether text is the content of a file. It is not if the file does not exist or is not a
// regular file.
func holds(path string, text []byte) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || info.Size() != int64(len(text))) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	old, err := os.ReadFile(path)
	return err == nil && bytes.Equal(old, text), err
}

// replaceFile makes text the content of a file. A reader sees either the old content or the new one. A file
// that has this content already is not changed.
func replaceFile(path string, text []byte) error {
	same, err := holds(path, text)
	if same || err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
