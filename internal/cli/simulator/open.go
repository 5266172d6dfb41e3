package simulator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ecs-activation/internal/config"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// WrongFault is the error for an invalid value of the setting sandbox-fault.
type WrongFault struct{ error }

// Unwrap returns the reason.
func (w *WrongFault) Unwrap() error { return w.error }

// Open returns the sandbox in a file, with the limits of the settings. It prints a message that the sandbox
// is used.
func Open(settings *config.Settings, path string, now func() time.Time, say func(format string, args ...any)) (*sandbox.Sandbox, error) {
	faults, err := sandbox.ParseFaults(settings.Text("sandbox-fault"))
	if err != nil {
		return nil, &WrongFault{err}
	}
	say("sandbox: using the local sandbox")
	return sandbox.New(sandbox.Options{
		Path:         path,
		Now:          now,
		Limits:       settings.Text("sandbox-limits"),
		Quota:        settings.Count("sandbox-quota"),
		MachineQuota: settings.Count("sandbox-machine-quota"),
		Latency:      settings.Duration("sandbox-latency"),
		Faults:       faults,
		Seed:         uint64(settings.Count("sandbox-seed")),
		Log: func(format string, args ...any) {
			say("sandbox: %s", ui.Clean(strings.TrimPrefix(fmt.Sprintf(format, args...), "sandbox: ")))
		},
	})
}

// Server is a sandbox that is served inside this process.
type Server struct {
	Keys sandbox.Credentials
	URL  string

	cancel context.CancelFunc
	served chan error
}

// Start serves a sandbox on this machine until Close is called. ctx limits how long Start waits for another
// process that uses the file of the sandbox.
func Start(ctx context.Context, box *sandbox.Sandbox) (*Server, error) {
	keys, err := box.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	listener, err := sandbox.Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	serving, cancel := context.WithCancel(context.Background())
	s := &Server{Keys: keys, URL: "http://" + listener.Addr().String(), cancel: cancel, served: make(chan error, 1)}
	go func() { s.served <- box.Serve(serving, listener) }()
	return s, nil
}

// Close stops the server and returns its error.
func (s *Server) Close() error {
	s.cancel()
	return <-s.served
}
