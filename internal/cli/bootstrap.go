package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/config"
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
		Args:        exactly(0, "flags only"),
		Annotations: does("print what a machine runs"),
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
		return usageError(s.op, "it needs to know where the code is", "name the file of create --save", message.Bootstrap("FILE", s.printer.Format)...)
	}
	machine, wrong := o.machine.Registration(false)
	if err := invalid(s.op, wrong); err != nil {
		return err
	}
	text, err := readSaved(s, o.from)
	if err != nil {
		return err
	}
	code, err := codefile.Parse(text)
	if err == nil {
		err = placed(&code.Code, s.settings.Value("region"))
	}
	if err != nil {
		return &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: fmt.Errorf("%s: %w", ui.InputName(o.from), err),
			Hint: "create --save FILE writes what is needed, and create -o json prints it"}
	}
	if expires, err := time.Parse(time.RFC3339, code.ExpirationTime); err == nil && !s.Now().Before(expires) {
		s.say("warning: by this machine's clock the code expired at %s: no machine can register with it", code.ExpirationTime)
	}
	s.prints(machine)
	script, err := s.printer.Script(code.Code)
	if err != nil {
		return err
	}
	return s.printer.Text(script)
}

// readSaved reads a file, or standard input for "-".
func readSaved(s *invocation, from string) (text []byte, err error) {
	err = readInput(s, from, func(_ context.Context, in io.Reader) (err error) {
		text, err = io.ReadAll(io.LimitReader(in, codefile.Largest+1))
		return err
	})
	switch {
	case errors.As(err, new(*activation.Error)):
		return nil, err
	case err != nil:
		return nil, usageError(s.op, err.Error(), "")
	case len(text) > codefile.Largest:
		return nil, usageError(s.op, fmt.Sprintf("%s is too large for a saved code: it has more than %d bytes", ui.InputName(from), codefile.Largest), "name the file of create --save")
	}
	return text, nil
}

// placed gives a code the region of the settings where it has none, and checks it.
func placed(code *codefile.Code, region config.Value) error {
	if code.RegionId != "" && region.FromFlag() && region.Value != code.RegionId {
		return fmt.Errorf("the code is good in %s only, and --region is %s", code.RegionId, region.Value)
	}
	code.RegionId = cmp.Or(code.RegionId, region.Value)
	return code.Check()
}
