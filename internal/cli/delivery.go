package cli

import (
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// deliverable refuses, before a code is made, to make one that could not be handed over.
func deliverable(s *invocation, file string) error {
	if file != "" {
		return saveable(s, file)
	}
	if s.OutClosed {
		return cmdline.Usage(s.op, "standard output is closed, so the code could not be shown", "redirect it to a file, or give --save FILE")
	}
	return nil
}

// saveable refuses a file that exists or that could not be made.
func saveable(s *invocation, file string) error {
	return unwritable(s, codefile.Writable(disk.OS{}, file))
}

// unwritable turns what codefile says of a file into an error of the command line.
func unwritable(s *invocation, err error) error {
	if err == nil {
		return nil
	}
	return cmdline.Usage(s.op, err.Error(), message.OtherFile)
}

// printDryCreate tells what would be asked for.
func printDryCreate(s *invocation, r activation.CreateRequest) error {
	code := codefile.FromRequest(r)
	code.DryRun = true
	s.say("dry run: the flags are valid, and nothing was sent")
	return view.PrintCreated(s.printer, code)
}

// delivery prints a code. It implements issuance's Deliverer.
type delivery struct{ s *invocation }

// Deliver prints a code, and makes sure that a file it is printed into survives a power cut.
func (d delivery) Deliver(code codefile.Code) error {
	if err := view.PrintCreated(d.s.printer, code); err != nil {
		return err
	}
	return d.s.SyncOut()
}

// explain tells a person at a terminal what the code is good for. The command for a machine holds the code,
// so it is printed only where the code itself was.
func explain(s *invocation, c issuance.Issued, machine bootstrap.Registration) {
	if !s.printer.Err.Terminal || s.printer.Quiet {
		return
	}
	register := ""
	if s.printer.Out.Terminal && !s.printer.HoldsCode() {
		text, err := bootstrap.Text(bootstrap.Command, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err == nil { // otherwise no command line can hold the code
			register = strings.TrimSuffix(text, "\n")
		}
	}
	s.say("\n%s", strings.Join(wordsOf(s).Issued(c, register), "\n"))
}
