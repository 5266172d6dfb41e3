package issue

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/message"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/view"
)

// create, ensure and recover print what a machine runs to register with the code, and bootstrap prints it
// for a saved code. The flags for the machine begin with --machine-, because --instance-name and --tag
// describe the code, and --proxy could be mistaken for a proxy of this program.

// AddMachineFlags adds the flags that set what a machine sends with the code when it registers.
func AddMachineFlags(cmd *cobra.Command, o *bootstrap.Machine) {
	f := cmd.Flags()
	f.StringVar(&o.Name, "machine-name", "", "`name` of the machine (default: the code's prefix and a number, or its host name)")
	f.StringArrayVar(&o.Tags, "machine-tag", nil, "tag of the machine as `key=value`; can be repeated, up to 20 tags")
	f.StringVar(&o.NetworkMode, "machine-network-mode", "", "`mode` of the machine's network: vpc (default: the internet)")
	f.StringVar(&o.Proxy, "machine-proxy", "", "`URL` of the machine's proxy (default: that of its environment)")
	complete.Values(cmd, "machine-network-mode", "vpc")
}

// MachineFlags returns the effective flags for the machine as arguments for another command, which may have
// other settings.
func MachineFlags(cmd *cobra.Command) (words []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(f.Name, "machine-") && f.Value.String() != f.DefValue {
			words = append(words, cmdline.Words(f)...)
		}
	})
	return words
}

// scriptOf returns the script of a form with a code. The form is a format with the flags that MachineFlags
// returned for it.
func scriptOf(form []string, c codefile.Code) (string, error) {
	var machine bootstrap.Machine
	for flag := range slices.Chunk(form[1:], 2) {
		switch value := flag[len(flag)-1]; flag[0] {
		case "--machine-name":
			machine.Name = value
		case "--machine-tag":
			machine.Tags = append(machine.Tags, value)
		case "--machine-network-mode":
			machine.NetworkMode = value
		case "--machine-proxy":
			machine.Proxy = value
		}
	}
	registration, wrong := machine.Registration(true)
	if len(wrong) > 0 {
		return "", wrong
	}
	return bootstrap.Text(form[0], registration.With(c.RegionId, c.ActivationId, c.ActivationCode))
}

// givenForMachine returns the first flag for the machine on the command line, or "" if there is none.
func givenForMachine(cmd *cobra.Command) (flag string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if flag == "" && strings.HasPrefix(f.Name, "machine-") {
			flag = "--" + f.Name
		}
	})
	return flag
}

// DeliveryFormats gives a command the formats in which a code can be delivered, and others.
func DeliveryFormats(cmd *cobra.Command, others ...string) {
	invoke.Formats(cmd, slices.Concat([]string{"table", "wide"}, others, []string{"json", "jsonl", "yaml"}, bootstrap.Runnable(), []string{bootstrap.Environment, view.FormatCode})...)
}

// isScript reports whether a format is for a shell or a machine to run.
func isScript(format string) bool {
	return format == bootstrap.Environment || slices.Contains(bootstrap.Runnable(), format)
}

// SetScript sets the function with which the printer writes a script for a machine, if the format is one.
func SetScript(s *invoke.Invocation, machine bootstrap.Registration) {
	if !isScript(s.Printer.Format) {
		return
	}
	s.Printer.Script = func(c codefile.Code) (string, error) {
		text, err := bootstrap.Text(s.Printer.Format, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err != nil {
			return "", &message.NotInScript{Err: err}
		}
		if sandbox.Made(c.ActivationCode) && s.Printer.Format != bootstrap.Environment {
			s.Notef("sandbox: machines can register with this code in the sandbox only")
		}
		return text, nil
	}
}

// MayPrintCode returns an error if flags contradict each other: a code that is saved in a file is not
// printed, and the flags for the machine require a format that a machine runs.
func MayPrintCode(s *invoke.Invocation, file string) error {
	runnable := slices.Contains(bootstrap.Runnable(), s.Printer.Format)
	flag := givenForMachine(s.Cmd)
	switch {
	case flag != "" && !runnable:
		return cmdline.Wrong(s.Op, activation.Textf("%s requires -o %s", flag, strings.Join(bootstrap.Runnable(), "|"))).Advise("give one of these formats, or omit %s", flag)
	case file != "" && runnable:
		err := notBoth(s).Advise("omit -o %s; bootstrap prints it from the saved file", s.Printer.Format)
		err.Command = append(message.Bootstrap(file, s.Printer.Format), MachineFlags(s.Cmd)...)
		return err
	case file != "" && s.Printer.HoldsCode():
		return notBoth(s).Advise("omit -o %s or --save", s.Printer.Format)
	}
	return nil
}

// notBoth returns the error for --save with a format that prints the code.
func notBoth(s *invoke.Invocation) *activation.Error {
	return cmdline.Wrong(s.Op, activation.Textf("--save cannot be combined with -o %s, which prints the code", s.Printer.Format))
}
