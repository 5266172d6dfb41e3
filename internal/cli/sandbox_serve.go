package cli

import (
	"errors"
	"fmt"

	"ecs-activation/internal/sandbox"

	"github.com/spf13/cobra"
)

func newServeCmd(a *App) *cobra.Command {
	var addr string
	cmd := newBoxCmd(a, &cobra.Command{
		Use: "serve [flags]", Short: "Serve it to other tools until Ctrl-C", Args: exactly(0, "flags only"),
		Example: "  ecs-activation sandbox serve --addr 127.0.0.1:8080 --latency 50ms --quota 100", Annotations: does("serve the sandbox"),
	}, func(s *session, box *sandbox.Sandbox, _ []string) error { return runServe(s, box, addr) })
	f := cmd.Flags()
	f.StringVar(&addr, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	f.String("latency", "", "`time` to wait before each answer")
	f.String("fault", "", "how it misbehaves, as `name=probability,…` (docs/sandbox.md has the names)")
	f.String("seed", "", "`number` that repeats the choice of faults")
	f.String("limits", "", "`year` whose documented limits apply: 2021, 2024 or 2026 (default 2026)")
	f.String("quota", "", "`number` of codes a region may hold (default: what the limits say)")
	return cmd
}

// runServe prints what to export, and serves until a signal: its normal end.
func runServe(s *session, box *sandbox.Sandbox, addr string) error {
	keys, err := box.Credentials()
	if err != nil {
		return err
	}
	listener, err := sandbox.Listen(addr)
	if err != nil {
		return usageError(s.op, err.Error(), "")
	}
	_, err = fmt.Fprintf(s.IO.Out, "export ALIBABA_CLOUD_ACCESS_KEY_ID=%s\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET=%s\n"+
		"export ALIBABA_CLOUD_REGION_ID=cn-hangzhou\nexport ECS_ACTIVATION_ENDPOINT=http://%s\n",
		shellWord(keys.AccessKeyId), shellWord(keys.AccessKeySecret), listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	s.say("sandbox: serving on http://%s until Ctrl-C", listener.Addr())
	return box.Serve(s.ctx, listener)
}
