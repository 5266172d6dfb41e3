package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// bootstrap prints what a machine runs to register with a code that create has saved. It sends no
// requests: it needs no network, no credentials and no region. It checks every field before it quotes
// it, and its errors do not contain the input.

type bootstrapOptions struct {
	from    string
	machine bootstrap.Machine
}

const bootstrapHelp = `Print what a machine runs to register, from the JSON that create has saved.

command     one command line, for a machine that has the Cloud Assistant agent
sh          a POSIX script that installs the agent, registers, and verifies it
powershell  the same for Windows
cloud-init  the same as user data

All formats contain the code. The agent takes it as an argument, so the list of processes of the
machine shows the code while the machine registers.`

const bootstrapExample = `  ecs-activation bootstrap --from code.json
  ecs-activation bootstrap --from code.json -o sh | ssh root@web-07 sh -s
  ecs-activation bootstrap --from - -o cloud-init < code.json > user-data
  ecs-activation bootstrap --from code.json -o sh --machine-proxy http://p:3128`

func newBootstrapCmd(p *invoke.Program) *cobra.Command {
	var o bootstrapOptions
	cmd := &cobra.Command{
		Use:         "bootstrap --from FILE [flags]",
		Short:       "Print what a machine runs to register, from a saved code",
		Long:        bootstrapHelp,
		Example:     bootstrapExample,
		Args:        cmdline.Exactly(0, "no arguments"),
		Annotations: cmdline.Does("print what a machine runs"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runBootstrap(s, o) })
		},
	}
	cmd.Flags().StringVar(&o.from, "from", "", "`file` with the JSON of create; - means standard input")
	complete.Flag(cmd, "from", complete.Files)
	issue.AddMachineFlags(cmd, &o.machine)
	invoke.Formats(cmd, bootstrap.Runnable()...)
	cmdline.Main(cmd, "from", "output", "machine-name", "machine-tag", "machine-proxy")
	return cmd
}

func runBootstrap(s *invoke.Invocation, o bootstrapOptions) error {
	if o.from == "" {
		return cmdline.Usage(s.Op, "missing --from FILE", "give the file that create --save wrote", message.Bootstrap("FILE", s.Printer.Format)...)
	}
	machine, wrong := o.machine.Registration(false)
	if err := cmdline.Invalid(s.Op, wrong); err != nil {
		return err
	}
	code, err := readSaved(s, o.from)
	if err != nil {
		return err
	}
	if expires, err := time.Parse(time.RFC3339, code.ExpirationTime); err == nil && !s.Now().Before(expires) {
		s.Notef("warning: by this machine's clock the code expired at %s; no machine can register with it", code.ExpirationTime)
	}
	if o.from != "-" && s.IO.Err.Terminal && disk.OthersCanRead(o.from) {
		s.Notef("note: other users of this machine can read %s, which has the code; run:  chmod 600 %s", o.from, message.Words(o.from))
	}
	issue.SetScript(s, machine)
	script, err := s.Printer.Script(code)
	if err != nil {
		return err
	}
	return s.Printer.Text(script)
}

// readSaved returns the code in a file, or in standard input for "-". A code without a region gets the
// region of the settings.
func readSaved(s *invoke.Invocation, from string) (code codefile.Code, err error) {
	err = invoke.ReadInput(s, from, func(_ context.Context, in io.Reader) error {
		code, err = codefile.ReadFrom(in)
		return err
	})
	if errors.As(err, new(*activation.Error)) {
		return code, err
	}
	if region := s.Settings.Value("region"); err == nil {
		given := ""
		if region.FromFlag() {
			given = region.Value
		}
		err = code.Place(given, region.Value)
	}
	if err == nil {
		return code, nil
	}
	if !errors.As(err, new(*fs.PathError)) { // which names the file
		err = activation.Textf("%s: %w", ui.InputName(from), err)
	}
	return code, &activation.Error{Kind: activation.KindUsage, Op: s.Op, Err: err, Hint: "create --save FILE writes the required JSON, and create -o json prints it"}
}
