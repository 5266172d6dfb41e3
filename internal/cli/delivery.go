package cli

import (
	"fmt"
	"strconv"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// fieldsOf are a code in full, for the table format.
func fieldsOf(c codefile.Code) []ui.Field {
	uses, hours := strconv.Itoa(c.InstanceCount), strconv.Itoa(c.TimeToLiveInHours)
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(c.ActivationId)},
		{Name: "ActivationCode", Value: ui.Clean(c.ActivationCode)},
		{Name: "RegionId", Value: c.RegionId},
		{Name: "InstanceName", Value: ui.Clean(c.InstanceName)},
		{Name: "Description", Value: ui.Clean(c.Description)},
		{Name: "InstanceCount", Value: uses},
		{Name: "TimeToLiveInHours", Value: hours},
		{Name: "ExpirationTime", Value: c.ExpirationTime},
		{Name: "IpAddressRange", Value: ui.Clean(c.IpAddressRange)},
		{Name: "ResourceGroupId", Value: ui.Clean(c.ResourceGroupId)},
		{Name: "Tags", Value: tagsText(c.Tags)},
		{Name: "RequestId", Value: ui.Clean(c.RequestId)},
	}
}

// deliverable refuses, before a code is made, to make one that could not be handed over.
func (s *session) deliverable(file string) error {
	if file != "" {
		return s.saveable(file)
	}
	if s.OutClosed {
		return usageError(s.op, "standard output is closed, so the code could not be shown", "redirect it to a file, or give --save FILE")
	}
	return nil
}

// saveable refuses a file that exists or that could not be made.
func (s *session) saveable(file string) error {
	return s.unwritable(codefile.Writable(disk.OS{}, file))
}

// unwritable turns what codefile says of a file into an error of the command line.
func (s *session) unwritable(err error) error {
	if err == nil {
		return nil
	}
	return usageError(s.op, err.Error(), message.OtherFile)
}

// printCreated prints a code. One that was saved in a file comes without its ActivationCode.
func (s *session) printCreated(view codefile.Code) error {
	saved := view.ActivationCode == ""
	switch {
	case s.quiet && saved:
		return nil
	case s.quiet, holdsCode(s.output):
		return s.printCode(view)
	case s.forPrograms() && s.sequence != nil:
		return s.sequence.Add(view)
	case s.forPrograms():
		return s.printOne(view)
	default:
		return ui.Fields(s.IO.Out, fieldsOf(view))
	}
}

// printCode prints the bare code, or what is made of it.
func (s *session) printCode(view codefile.Code) error {
	if s.quiet || s.output == formatCode {
		_, err := fmt.Fprintln(s.IO.Out, s.IO.Out.Safe(view.ActivationCode))
		return err
	}
	return s.printFor(registration(view, s.machine))
}

// printDryCreate tells what would be asked for.
func (s *session) printDryCreate(r activation.CreateRequest) error {
	view := codefile.Asked(r)
	view.DryRun = true
	s.say("dry run: the flags are valid, and nothing was sent")
	if s.quiet || holdsCode(s.output) {
		return nil
	}
	if s.forPrograms() {
		return s.printOne(view)
	}
	return ui.Fields(s.IO.Out, fieldsOf(view))
}

// explain tells a person at a terminal what the code is good for. The command holds the code, so it is
// shown where the code itself was.
func (s *session) explain(c issuance.Issued) {
	if !s.IO.Err.Terminal || s.quiet {
		return
	}
	where := "The code is shown this once and saved nowhere."
	if c.Save != "" {
		where = "The code is in " + ui.Clean(c.Save) + " and nowhere else."
	}
	s.say("\n%s", where)
	if c.ExpirationTime != "" {
		s.say("It can register %s within %s, until %s.", ui.Count(c.InstanceCount, "machine"), ui.Count(c.TimeToLiveInHours, "hour"), c.ExpirationTime)
	}
	if c.Save != "" {
		s.say("For a machine:\n  %s", message.Words(bootstrapWords(c.Save, "sh")...))
	} else if line, err := bootstrap.Text(bootstrap.Command, registration(c.Code, s.machine)); err == nil && s.IO.Out.Terminal && !holdsCode(s.output) {
		s.say("On a machine with the Cloud Assistant agent (-o sh prints a script that installs it as well):\n  %s", ui.Clean(strings.TrimSuffix(line, "\n")))
	}
	if code, valid := c.Ref().Word(); valid {
		s.say("To stop it:\n  %s", s.line.Command("disable", code))
	}
}
