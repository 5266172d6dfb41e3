package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// What a machine runs is printed by create and recover, which have the code, and by bootstrap,
// which reads it. The options for the machine all begin with --machine-: --instance-name and
// --tag are the code's own, and a --proxy could be taken for this program's.

// addMachineFlags adds the flags for what a machine registers with besides the code.
func addMachineFlags(cmd *cobra.Command, o *bootstrap.Machine) {
	f := cmd.Flags()
	f.StringVar(&o.Name, "machine-name", "", "`name` of the machine (default: the code's prefix and a number, or its host name)")
	f.StringArrayVar(&o.Tags, "machine-tag", nil, "tag of the machine as `key=value`; repeat it for more, up to 20")
	f.StringVar(&o.NetworkMode, "machine-network-mode", "", "`mode` of the machine's network: vpc (default: the internet)")
	f.StringVar(&o.Proxy, "machine-proxy", "", "`URL` of the machine's proxy (default: what its environment says)")
	complete.Values(cmd, "machine-network-mode", "vpc")
}

// machineFlags are the flags for the machine that are in force, to be given to another command:
// that one has settings of its own.
func machineFlags(cmd *cobra.Command) (words []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(f.Name, "machine-") && f.Value.String() != f.DefValue {
			words = append(words, cmdline.Words(f)...)
		}
	})
	return words
}

// givenForMachine names a flag for the machine that is on the command line, or is "".
func givenForMachine(cmd *cobra.Command) (flag string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if flag == "" && strings.HasPrefix(f.Name, "machine-") {
			flag = "--" + f.Name
		}
	})
	return flag
}

// deliveryFormats are the formats in which a code is delivered.
func deliveryFormats(cmd *cobra.Command) {
	formats(cmd, slices.Concat([]string{"table", "wide", "json", "jsonl", "yaml"}, bootstrap.Runnable(), []string{bootstrap.Environment, view.FormatCode})...)
}

// isScript says whether a shell or a machine runs what a format prints.
func isScript(format string) bool {
	return format == bootstrap.Environment || slices.Contains(bootstrap.Runnable(), format)
}

// mayPrintCode refuses flags that contradict each other: a code that is saved in a file is not
// printed, and what a machine is given is for formats that a machine runs.
func mayPrintCode(s *invocation, file string) error {
	runnable := slices.Contains(bootstrap.Runnable(), s.printer.Format)
	flag := givenForMachine(s.cmd)
	switch {
	case flag != "" && !runnable:
		return usageError(s.op, flag+" is for what a machine runs", "add -o "+strings.Join(bootstrap.Runnable(), ", -o ")+", or leave it out")
	case file != "" && runnable:
		return usageError(s.op, "a code that is saved is not printed as well, and -o "+s.printer.Format+" holds it",
			"leave out -o "+s.printer.Format+"; it can be made from the file", append(message.Bootstrap(file, s.printer.Format), machineFlags(s.cmd)...)...)
	case file != "" && s.printer.HoldsCode():
		return usageError(s.op, "a code that is saved is not printed as well, and -o "+s.printer.Format+" holds it", "leave out -o "+s.printer.Format+", or --save")
	}
	return nil
}

// formats gives a command an -o of its own, with the formats that it has; the first is the default.
func formats(cmd *cobra.Command, names ...string) {
	last := len(names) - 1
	cmd.Flags().StringP("output", "o", "", "`format`: "+strings.Join(names[:last], ", ")+" or "+names[last]+" (default "+names[0]+")")
	complete.Values(cmd, "output", names...)
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations["formats"] = strings.Join(names, " ")
}
