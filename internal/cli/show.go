package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// show promises everything that is known about a code: its fields, what it can still do, which
// machines have registered with it, and what to do next. Each ID is looked up, whatever becomes
// of the others. Who may not read machines still sees the code.

const showHelp = `Show codes in full: every field, what each can still do, and which machines registered with it.

-o json prints an array, in the order of the IDs; what could not be found is not in it. A policy
that does not grant ecs:DescribeManagedInstances costs the machines only: they are null then.`

const showExample = `  ecs-activation show 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation show cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678 -o wide
  ecs-activation list -q --status active | ecs-activation show -
  ecs-activation show "$ID" -o json | jq '.[].Machines[] | select(.Connected)'`

func newShowCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID... | -",
		SuggestFor:        []string{"describe", "info", "DescribeManagedInstances"},
		Short:             "Show a code in full, and who registered with it",
		Long:              showHelp,
		Example:           showExample,
		ValidArgsFunction: a.codeIDs(0, anyCode),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd, func(s *session) error { return runShow(s, args) })
		},
	}
}

func runShow(s *session, args []string) error {
	refs, err := s.targets(args)
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	codes, failed := s.lookIntoAll(ctx, refs)
	if err := s.printInFull(codes, severalRegions(refs)); err != nil {
		return err
	}
	return message.Partial(s.op, failed, len(refs), "codes", false)
}

// lookIntoAll returns the codes, in the order of the refs, and what went wrong.
func (s *session) lookIntoAll(ctx context.Context, refs []activation.Ref) (codes []inFull, failed []error) {
	advance, done := s.advances("looked up", len(refs))
	defer done()
	var left []error
	for code := range fleet.InOrder(refs, func(ref activation.Ref) inFull { return s.lookInto(ctx, ref) }) {
		advance()
		switch {
		case untried(code.Err):
			left = append(left, code.Err)
		case code.Err != nil:
			failed = append(failed, code.Err)
		default:
			codes = append(codes, code)
		}
		if code.unread != nil && !denied(code.unread) {
			failed = append(failed, code.unread)
		}
	}
	s.mentionUntried(len(left), len(refs))
	return codes, append(failed, left[:min(len(left), 1)]...) // the first stands for all
}

// inFull is a code with its machines, or with the reason why they could not be read.
type inFull struct {
	fleet.Result
	machines []activation.Machine
	unread   error
}

// lookInto asks for a code and its machines. A code that nobody has used has none.
func (s *session) lookInto(ctx context.Context, ref activation.Ref) inFull {
	code := inFull{Result: fleet.LookUp(ctx, s.service, s.op, ref), machines: []activation.Machine{}}
	if code.Err == nil && code.Code.RegisteredCount > 0 {
		code.machines, code.unread = fleet.Machines(ctx, s.service, ref)
	}
	return code
}

// denied says whether a policy, and nothing that goes by, is in the way.
func denied(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && (strings.HasPrefix(known.Code, "Forbidden") || strings.HasPrefix(known.Code, "NoPermission"))
}

// printInFull prints the codes, each at the service's time, and what makes sense next with a single one.
func (s *session) printInFull(codes []inFull, several bool) error {
	views := make([]view.Detailed, len(codes))
	for i, c := range codes {
		if i == 0 {
			s.mentionClock(c.Answer)
		}
		views[i] = view.NewDetailed(c.Code, c.machines, s.problem(s.cmd, c.unread), s.now(c.Answer))
	}
	if err := s.printer.Details(views, several); err != nil {
		return err
	}
	if len(views) == 1 && s.printer.ForPeople() {
		s.suggest(views[0])
	}
	return nil
}

// suggest tells a person at a terminal what makes sense next.
func (s *session) suggest(v view.Detailed) {
	if !s.printer.Err.Terminal {
		return
	}
	code, valid := v.Ref().Word()
	if !valid {
		return
	}
	before := "\n"
	tell := func(what, command string) {
		s.say("%s%s:\n  %s", before, what, command)
		before = ""
	}
	if v.Status == activation.Active {
		if record, known := s.recordOf(v); known && holds(record.Save, v.ActivationId) {
			tell("For a machine", message.Words(bootstrapWords(record.Save, "sh")...))
		} else if known {
			tell("To see the code again", s.line.Run(message.RecoverWords(record.Request.ClientToken)))
		}
		tell("To wait for the next machine", s.line.Command("wait", code, "--registered", strconv.Itoa(v.RegisteredCount+1)))
		tell("To stop it", s.line.Command("disable", code))
	}
	if v.RegisteredCount == 0 {
		tell("To remove it", s.line.Command("delete", code))
	}
}

// holds says whether a file still holds a code: it may have been moved, or hold another one.
func holds(file, activationID string) bool {
	saved, err := codefile.Read(disk.OS{}, file)
	return err == nil && saved.ActivationId == activationID
}

// recordOf finds the create that made a code, where it was made here and is not long ago.
func (s *session) recordOf(v view.Detailed) (issuance.Record, bool) {
	store, err := s.records()
	if err != nil {
		return issuance.Record{}, false // there is no folder, so there are no records
	}
	ours, _ := issuance.Of(store.Peek(), s.sandbox())
	return issuance.Making(ours, v.ActivationId)
}
