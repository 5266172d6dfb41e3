package issue

import (
	"strings"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// Deliverable returns an error if a code could not be delivered. It is called before a code is created.
func Deliverable(s *invoke.Invocation, file string) error {
	if file != "" {
		if err := codefile.Writable(disk.OS{}, file); err != nil {
			return cmdline.Wrong(s.Op, err).Advise(message.OtherFile(err))
		}
		return nil
	}
	return Printable(s)
}

// Printable returns an error if standard output is closed, so that a code that is printed would be lost.
func Printable(s *invoke.Invocation) error {
	if s.OutClosed {
		return cmdline.Usage(s.Op, "standard output is closed or discarded, so the code cannot be printed", "redirect it to a file, or give --save FILE")
	}
	return nil
}

// delivery prints a code. It implements issuance's Deliverer.
type delivery struct{ s *invoke.Invocation }

// Deliver prints a code. If standard output is a file, it syncs the file, so that the code survives a
// power failure. An expression of --jq may leave the code out: the record stays, and a note says how to print it.
func (d delivery) Deliver(code codefile.Code) error {
	printed, err := PrintCode(d.s, code)
	if err != nil {
		return err
	}
	if !printed {
		record, _ := RecordOf(d.s, code.ActivationId)
		d.s.Note(Describe(d.s).CodeNotPrinted(record.Request.ClientToken))
	}
	return d.s.SyncOut()
}

// PrintCode prints a code, and returns false if an expression of --jq left out the activation code.
func PrintCode(s *invoke.Invocation, code codefile.Code) (printed bool, err error) {
	printer := *s.Printer
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

// Explain prints on a terminal what the user can do with the code. The command for a machine contains the
// code, so Explain prints it only if the code itself was printed on the terminal. After --jq it prints nothing.
func Explain(s *invoke.Invocation, c issuance.Issued, machine bootstrap.Registration) {
	if !s.Printer.Err.Terminal || s.Printer.Quiet || s.Printer.Select != nil {
		return
	}
	register := ""
	if s.Printer.Out.Terminal && !s.Printer.HoldsCode() {
		text, err := bootstrap.Text(bootstrap.Command, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err == nil { // otherwise a command line cannot contain the code
			register = strings.TrimSuffix(text, "\n")
		}
	}
	record, _ := RecordOf(s, c.ActivationId)
	s.PrintSteps(Describe(s).Issued(c, register, record.Request.ClientToken))
}
