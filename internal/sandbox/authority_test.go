package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// startTLS serves s over TLS until the test ends, and returns a client that trusts the authority of s.
func startTLS(t testing.TB, s *Sandbox) *client {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.ServeTLS(ctx, l) }()
	trusted := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting(t, s)}, ForceAttemptHTTP2: true}}
	t.Cleanup(func() {
		trusted.CloseIdleConnections() // otherwise closing the server takes a second with HTTP/2
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	pair, err := s.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, url: "https://" + l.Addr().String(), pair: pair, now: s.options.Now, method: "POST", http: trusted}
}

// trusting returns a pool with the one certificate that Authority writes.
func trusting(t testing.TB, s *Sandbox) *x509.CertPool {
	t.Helper()
	path, err := s.Authority(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%v: no certificate in %q", err, text)
	}
	return pool
}

func TestAClientThatTrustsTheAuthorityIsServedOverTLSAndHTTP2(t *testing.T) {
	s := newSandbox(t, Options{})
	c := startTLS(t, s)
	c.create("InstanceName", "web")
	response, err := c.http.Do(c.request("DescribeActivations", params("RegionId", "cn-hangzhou")))
	if err != nil {
		t.Fatal(err)
	}
	noError(t, response.Body.Close())
	if response.ProtoMajor != 2 || response.StatusCode != http.StatusOK {
		t.Errorf("%s %s", response.Proto, response.Status)
	}
	if stranger, err := http.Get(c.url); err == nil {
		t.Error("a client that does not trust the authority is content", stranger.Body.Close())
	}
}

func TestTheAuthorityIsTheSameAtEveryStartAndAnotherAfterAReset(t *testing.T) {
	path := newPath(t)
	read := func(s *Sandbox) []byte {
		file, err := s.Authority(t.Context())
		noError(t, err)
		text, err := os.ReadFile(file)
		noError(t, err)
		return text
	}
	s := newSandbox(t, Options{Path: path})
	first := read(s)
	if again := read(newSandbox(t, Options{Path: path, Now: func() time.Time { return time.Now().Add(time.Hour) }})); !bytes.Equal(again, first) {
		t.Error("another start, another authority")
	}
	noError(t, os.WriteFile(path+".ca.pem", []byte("spoiled"), 0o600))
	if again := read(s); !bytes.Equal(again, first) {
		t.Error("a spoiled file stays spoiled")
	}
	noError(t, s.Reset(t.Context()))
	if bytes.Equal(read(s), first) {
		t.Error("the authority survives a reset")
	}
	if info, err := os.Stat(path + ".ca.pem"); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestTheAuthorityIsGoodForThisMachineAlone(t *testing.T) {
	s := newSandbox(t, Options{})
	ca, err := loadAuthority(t.Context(), s.state)
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{"localhost": true, "ecs.aliyuncs.com": false, "localhost.example.com": false} {
		leaf, err := ca.sign(time.Now(), nil)
		noError(t, err)
		forged := *leaf.Leaf
		forged.DNSNames = []string{name}
		raw, err := x509.CreateCertificate(nil, &forged, ca.certificate, ca.key.Public(), ca.key)
		noError(t, err)
		certificate, err := x509.ParseCertificate(raw)
		noError(t, err)
		_, err = certificate.Verify(x509.VerifyOptions{Roots: trusting(t, s), DNSName: name})
		if (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAServersCertificateIsRenewedInTime(t *testing.T) {
	c := &clock{}
	ca, err := loadAuthority(t.Context(), newSandbox(t, Options{}).state)
	if err != nil {
		t.Fatal(err)
	}
	l := &leaves{ca: ca, now: c.now}
	first, err := l.certificate(nil)
	noError(t, err)
	c.add(leafLife / 3)
	if again, err := l.certificate(nil); err != nil || again != first {
		t.Error("renewed too early", err)
	}
	c.add(leafLife / 3)
	if again, err := l.certificate(nil); err != nil || again == first || again.Leaf.NotAfter.Sub(c.now()) < leafLife-time.Minute {
		t.Error("not renewed", err)
	}
}

func TestFaultsBreakConnectionsOverTLSToo(t *testing.T) {
	for _, test := range []struct {
		fault string
		http2 bool
		want  error // nil: any
	}{
		{"reset", false, syscall.ECONNRESET}, {"drop-after", false, io.EOF}, {"reset", true, nil}, {"drop-after", true, nil},
	} {
		faults, err := ParseFaults(test.fault + "=1")
		noError(t, err)
		c := startTLS(t, newSandbox(t, Options{Faults: faults}))
		c.http.Transport.(*http.Transport).ForceAttemptHTTP2 = test.http2
		response, err := c.http.Do(c.request("CreateActivation", params("RegionId", "cn-hangzhou")))
		if err == nil {
			_, err = io.ReadAll(response.Body)
			noError(t, response.Body.Close())
		}
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s, HTTP/2 %t: %v", test.fault, test.http2, err)
		}
	}
}
