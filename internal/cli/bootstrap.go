package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// bootstrap promises what a machine runs to register with a code that create has saved. It asks
// nobody: it needs no network, no credentials and no region. Every field is checked before it
// is quoted, and what is wrong with the input is said without showing it.

type bootstrapOptions struct {
	from    string
	machine bootstrap.Machine
}

const bootstrapHelp = `Print what a machine runs to register, from the JSON that create has saved.

command     one line, for a machine that has the Cloud Assistant agent
sh          a POSIX script that installs the agent, registers, and proves it
powershell  the same for Windows
cloud-init  the same as user data

All of them hold the code. The agent takes it as an argument: while a machine registers, it
shows in its list of processes.`

const bootstrapExample = `  ecs-activation bootstrap --from code.json
  ecs-activation bootstrap --from code.json -o sh | ssh root@web-07 sh -s
  ecs-activation bootstrap --from - -o cloud-init < code.json > user-data
  ecs-activation bootstrap --from code.json -o sh --machine-proxy http://p:3128`

func newBootstrapCmd(a *App) *cobra.Command {
	var o bootstrapOptions
	cmd := &cobra.Command{
		Use:         "bootstrap --from FILE [flags]",
		Short:       "Print what a machine runs to register, from a saved code",
		Long:        bootstrapHelp,
		Example:     bootstrapExample,
		Args:        cmdline.Exactly(0, "flags only"),
		Annotations: cmdline.Does("print what a machine runs"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *invocation) error { return runBootstrap(s, o) })
		},
	}
	cmd.Flags().StringVar(&o.from, "from", "", "`file` with the JSON of create; - is standard input")
	complete.Flag(cmd, "from", complete.Files)
	addMachineFlags(cmd, &o.machine)
	formats(cmd, bootstrap.Runnable()...)
	return cmd
}

func runBootstrap(s *invocation, o bootstrapOptions) error {
	if o.from == "" {
		return cmdline.Usage(s.op, "it needs to know where the code is", "name the file of create --save", message.Bootstrap("FILE", s.printer.Format)...)
	}
	machine, wrong := o.machine.Registration(false)
	if err := cmdline.Invalid(s.op, wrong); err != nil {
		return err
	}
	code, err := readSaved(s, o.from)
	if err != nil {
		return err
	}
	if expires, err := time.Parse(time.RFC3339, code.ExpirationTime); err == nil && !s.Now().Before(expires) {
		s.say("warning: by this machine's clock the code expired at %s: no machine can register with it", code.ExpirationTime)
	}
	s.prints(machine)
	script, err := s.printer.Script(code)
	if err != nil {
		return err
	}
	return s.printer.Text(script)
}

// readSaved reads the code of a file, or of standard input for "-". A code without a region gets that of
// the settings.
func readSaved(s *invocation, from string) (code codefile.Code, err error) {
	err = readInput(s, from, func(_ context.Context, in io.Reader) error {
		code, err = codefile.ReadFrom(in)
		return err
	})
	if errors.As(err, new(*activation.Error)) {
		return code, err
	}
	if region := s.settings.Value("region"); err == nil {
		given := ""
		if region.FromFlag() {
			given = region.Value
		}
		err = code.Place(given, region.Value)
	}
	if err != nil {
		return code, &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: fmt.Errorf("%s: %w", ui.InputName(from), err),
			Hint: "create --save FILE writes what is needed, and create -o json prints it"}
	}
	return code, nil
}
