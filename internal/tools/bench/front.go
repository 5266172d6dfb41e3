package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// authorities is the approximate number of root certificates on a system.
const authorities = 140

// frontTLS serves a server over HTTPS, with a delay before each handshake, like a distant service. The
// programs load as many root certificates as on a Debian system, from a bundle and a folder.
func (b *bench) frontTLS(behind *server, wait time.Duration) (*server, error) {
	certificate, err := b.authority()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	front := &server{env: append([]string{
		"SSL_CERT_FILE=" + filepath.Join(b.folder, "roots.pem"), "SSL_CERT_DIR=" + filepath.Join(b.folder, "roots"),
	}, behind.env...)}
	for i, variable := range front.env {
		if to, found := strings.CutPrefix(variable, "ECS_ACTIVATION_ENDPOINT="); found {
			target, err := url.Parse(to)
			if err != nil {
				return nil, err
			}
			front.env[i] = "ECS_ACTIVATION_ENDPOINT=https://" + listener.Addr().String()
			proxy := &http.Server{Handler: httputil.NewSingleHostReverseProxy(target), TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
			go proxy.ServeTLS(delayedListener{listener, wait}, "", "") //nolint:errcheck // it runs until the program exits
		}
	}
	return front, nil
}

// delayedListener is a listener whose connections delay the first read.
type delayedListener struct {
	net.Listener
	wait time.Duration
}

func (l delayedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &delayedConn{Conn: conn, wait: l.wait}, err
}

// delayedConn is a connection that delays the first read.
type delayedConn struct {
	net.Conn
	wait time.Duration
}

func (s *delayedConn) Read(b []byte) (int, error) {
	time.Sleep(s.wait)
	s.wait = 0
	return s.Conn.Read(b)
}

// authority writes the root certificates, and returns a certificate for this machine that the last one
// signed.
func (b *bench) authority() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := os.MkdirAll(filepath.Join(b.folder, "roots"), 0o700); err != nil {
		return tls.Certificate{}, err
	}
	var bundle bytes.Buffer
	var root *x509.Certificate
	for n := range authorities {
		root = &x509.Certificate{
			SerialNumber: big.NewInt(int64(n + 1)), Subject: pkix.Name{CommonName: fmt.Sprintf("authority %d", n)}, IsCA: true,
			BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		}
		der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
		if err != nil {
			return tls.Certificate{}, err
		}
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		bundle.Write(text)
		if err := os.WriteFile(filepath.Join(b.folder, "roots", fmt.Sprintf("%d.pem", n)), text, 0o600); err != nil {
			return tls.Certificate{}, err
		}
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(authorities + 1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: root.NotBefore, NotAfter: root.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, os.WriteFile(filepath.Join(b.folder, "roots.pem"), bundle.Bytes(), 0o600)
}
