package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// headerMax is the largest size of request line and headers, in bytes. The official SDK puts every parameter
// into the URL: twenty tags of Chinese text are 35 KB.
const headerMax = 256 << 10

// stopWait is how long requests in flight may still take when a server ends.
const stopWait = 3 * time.Second

// Listen opens a listener for Serve, on an address such as "127.0.0.1:0" or "[::1]:0". It refuses every
// address that is not loopback, because everyone who can connect to a sandbox can use up its codes.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, store.Textf("sandbox address %q is not HOST:PORT: give one such as 127.0.0.1:0", addr)
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
		return nil, store.Textf("sandbox address %q is not a loopback address: give 127.0.0.1:PORT or [::1]:PORT; 0 takes a free port", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, store.Textf("cannot listen on %s: %w", addr, err)
	}
	return l, nil
}

// Serve answers requests from l until ctx ends, waits at most three seconds for those in flight, and then
// returns nil. It closes l when it ends. It refuses a listener that is not on loopback, and leaves that open.
func (s *Sandbox) Serve(ctx context.Context, l net.Listener) error {
	server := s.server()
	return serveUntil(ctx, l, server, server.Serve)
}

// ServeTLS is Serve over TLS, with HTTP/2 for clients that offer it. Its certificate, for localhost,
// 127.0.0.1, ::1 and the address of l, is signed by the authority whose certificate Authority writes.
func (s *Sandbox) ServeTLS(ctx context.Context, l net.Listener) error {
	ca, err := loadAuthority(ctx, s.state)
	if err != nil {
		return err
	}
	leaves := &leaves{ca: ca, ips: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, now: s.options.Now}
	if address, ok := l.Addr().(*net.TCPAddr); ok {
		leaves.ips = append(leaves.ips, address.IP)
	}
	server := s.server()
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: leaves.certificate}
	return serveUntil(ctx, l, server, func(l net.Listener) error { return server.ServeTLS(l, "", "") })
}

func serveUntil(ctx context.Context, l net.Listener, server *http.Server, answer func(net.Listener) error) error {
	if address, ok := l.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return store.Textf("cannot serve the sandbox on %s: not a loopback address; use Listen", l.Addr())
	}
	ended := make(chan error, 1)
	go func() { ended <- answer(l) }()
	select {
	case err := <-ended:
		return store.Textf("cannot serve the sandbox on %s: %w", l.Addr(), err)
	case <-ctx.Done():
		return stop(context.WithoutCancel(ctx), server)
	}
}

// ServeHTTP answers one request, of the API or of an agent. Every refusal and every problem of the sandbox
// itself is an answer in the service's form. Only Options.Faults can change that, and then it may panic with
// http.ErrAbortHandler, which makes net/http close the connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, agentRoot) {
		s.agents.serve(w, r)
		return
	}
	s.api.serve(w, r)
}

func (s *Sandbox) server() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30*time.Second + s.options.Latency + s.api.injector.slowness,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    headerMax,
		ErrorLog:          log.New(logWriter(s.options.Log), "", 0),
	}
}

func stop(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopWait)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if err != nil {
		return store.Textf("cannot stop the sandbox server: %w", err)
	}
	return nil
}

// logWriter sends the lines of a standard logger to Options.Log.
type logWriter func(format string, args ...any)

// Write sends a line, and never fails.
func (w logWriter) Write(line []byte) (int, error) {
	w("sandbox: %s", strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
}
