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

// deliverable returns an error if a code could not be delivered. It is called before a code is created.
func deliverable(s *invocation, file string) error {
	if file != "" {
		if err := codefile.Writable(disk.OS{}, file); err != nil {
			return cmdline.Wrong(s.op, err).Advise(message.OtherFile(err))
		}
		return nil
	}
	if s.OutClosed {
		return cmdline.Usage(s.op, "standard output is closed, so the code cannot be printed", "redirect it to a file, or give --save FILE")
	}
	return nil
}

// printDryCreate prints the code that the command would request.
func printDryCreate(s *invocation, r activation.CreateRequest) error {
	code := codefile.FromRequest(r)
	code.DryRun = true
	s.notef("dry run: the flags are valid; nothing was sent")
	return view.PrintCreated(s.printer, code)
}

// delivery prints a code. It implements issuance's Deliverer.
type delivery struct{ s *invocation }

// Deliver prints a code. If standard output is a file, it syncs the file, so that the code survives a
// power failure. An expression of --jq may leave the code out: the record stays, and a note says how to print it.
func (d delivery) Deliver(code codefile.Code) error {
	printed, err := printCode(d.s, code)
	if err != nil {
		return err
	}
	if !printed {
		record, _ := recordOf(d.s, code.ActivationId)
		d.s.note(describe(d.s).CodeNotPrinted(record.Request.ClientToken))
	}
	return d.s.SyncOut()
}

// printCode prints a code, and returns false if an expression of --jq left out the activation code.
func printCode(s *invocation, code codefile.Code) (printed bool, err error) {
	printer := *s.printer
	printed = code.ActivationCode == "" || printer.Select == nil
	if !printed {
		run := printer.Select
		printer.Select = func(text []byte, result func(string, bool) error) error {
			return run(text, func(text string, isString bool) error {
				printed = printed || strings.Contains(text, code.ActivationCode)
				return result(text, isString)
			})
		}
	}
	return printed, view.PrintCreated(&printer, code)
}

// explain prints on a terminal what the user can do with the code. The command for a machine contains the
// code, so explain prints it only if the code itself was printed on the terminal. After --jq it prints nothing.
func explain(s *invocation, c issuance.Issued, machine bootstrap.Registration) {
	if !s.printer.Err.Terminal || s.printer.Quiet || s.printer.Select != nil {
		return
	}
	register := ""
	if s.printer.Out.Terminal && !s.printer.HoldsCode() {
		text, err := bootstrap.Text(bootstrap.Command, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err == nil { // otherwise a command line cannot contain the code
			register = strings.TrimSuffix(text, "\n")
		}
	}
	record, _ := recordOf(s, c.ActivationId)
	s.printSteps(describe(s).Issued(c, register, record.Request.ClientToken))
}
