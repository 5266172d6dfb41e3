package simulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/message"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/view"
)

// serve makes the sandbox available to other programs. It prints the variables that they need as shell
// commands. It listens only on this machine, over HTTP, or over HTTPS with --tls, until a signal comes.

type serveOptions struct {
	addr string
	tls  bool
}

const serveExample = `  ecs-activation sandbox serve --addr 127.0.0.1:8080 --latency 50ms --quota 100
  ecs-activation sandbox serve --tls`

func (c Commands) serve() *cobra.Command {
	var o serveOptions
	cmd := c.command("serve the sandbox", &cobra.Command{
		Use: "serve [flags]", Short: "Serve the sandbox to other programs until Ctrl-C", Args: c.Exactly(0, "no arguments"), Example: serveExample,
	}, func(ctx context.Context, r Run, _ []string) error { return runServe(ctx, r, o) })
	c.Formats(cmd, view.FormatTable)
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "", "loopback `address` to listen on; port 0 selects a free port (default \"127.0.0.1:0\")")
	f.BoolVar(&o.tls, "tls", false, "serve HTTPS, which the official agent requires, and print the certificate to trust")
	f.String("latency", "", "`time` to wait before each answer")
	f.String("fault", "", "faults to simulate, as `name=probability,...` (docs/sandbox.md lists the names)")
	f.String("seed", "", "`number` with which the same faults are chosen again")
	f.String("limits", "", "`year` whose documented limits apply: 2021, 2024 or 2026 (default 2026)")
	f.String("quota", "", "maximum `number` of codes in a region (default: as in the limits)")
	f.String("machine-quota", "", "maximum `number` of machines in a region (default 1000)")
	complete.Values(cmd, "latency", "50ms", "500ms", "2s")
	complete.Values(cmd, "limits", "2021", "2024", "2026")
	cmd.Annotations["main"] = "addr latency fault quota limits"
	return cmd
}

func runServe(ctx context.Context, r Run, o serveOptions) error {
	listener, err := sandbox.Listen(cmp.Or(o.addr, "127.0.0.1:0"))
	if err != nil {
		return r.Wrong(err)
	}
	exports, err := serveExports(ctx, r.Sandbox, listener.Addr(), o.tls)
	if err == nil {
		err = r.Printer.Text(exports)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	r.Say("sandbox: serving on %s until Ctrl-C", serveURL(listener.Addr(), o.tls))
	if o.tls {
		return r.Sandbox.ServeTLS(r.Signal, listener)
	}
	return r.Sandbox.Serve(r.Signal, listener)
}

func serveURL(address net.Addr, tls bool) string {
	if tls {
		return "https://" + address.String()
	}
	return "http://" + address.String()
}

// serveExports returns the shell commands that set the variables for the server. The endpoint is the last,
// so that a program that reads the lines knows when it has all of them.
func serveExports(ctx context.Context, box *sandbox.Sandbox, address net.Addr, tls bool) (string, error) {
	keys, err := box.Credentials(ctx)
	if err != nil {
		return "", err
	}
	var lines strings.Builder
	export := func(name, value string) { fmt.Fprintf(&lines, "export %s=%s\n", name, message.ShellWord(value)) }
	export("ALIBABA_CLOUD_ACCESS_KEY_ID", keys.AccessKeyId)
	export("ALIBABA_CLOUD_ACCESS_KEY_SECRET", keys.AccessKeySecret)
	export("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
	if tls {
		certificate, err := box.Authority(ctx)
		if err != nil {
			return "", err
		}
		for _, name := range trustVariables() {
			export(name, certificate)
		}
		export("ALIYUN_ASSIST_SERVER_HOST", address.String())
	}
	export("ECS_ACTIVATION_ENDPOINT", serveURL(address, tls))
	return lines.String(), nil
}

// trustVariables returns the variables that name a file of trusted certificates: for Go and OpenSSL, for
// Node, for the Python package requests, for curl (which reads a folder before SSL_CERT_FILE), and for the
// official agent.
func trustVariables() []string {
	return []string{"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "ALIYUN_ASSIST_CERT_PATH"}
}
