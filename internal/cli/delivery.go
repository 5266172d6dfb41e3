package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// fieldsOf are a code in full, for the table format.
func fieldsOf(c codefile.Code) []ui.Field {
	uses, hours := strconv.Itoa(c.InstanceCount), strconv.Itoa(c.TimeToLiveInHours)
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(c.ActivationId)},
		{Name: "ActivationCode", Value: ui.Clean(c.ActivationCode)},
		{Name: "RegionId", Value: c.RegionId},
		{Name: "InstanceName", Value: c.InstanceName},
		{Name: "Description", Value: c.Description},
		{Name: "InstanceCount", Value: uses},
		{Name: "TimeToLiveInHours", Value: hours},
		{Name: "ExpirationTime", Value: c.ExpirationTime},
		{Name: "IpAddressRange", Value: c.IpAddressRange},
		{Name: "ResourceGroupId", Value: c.ResourceGroupId},
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
	return usageError(s.op, err.Error(), otherFile)
}

const otherFile = "name a new file in a folder that you can write to"

// deliver hands the code over: to the file, or to standard output. Without an error the kernel
// has taken every byte, and a file is synced.
func (s *session) deliver(view codefile.Code, a *attempt) error {
	if a.Save != "" {
		if err := save(view, a); err != nil {
			return err
		}
		view.ActivationCode = ""
	}
	if a.ensured {
		return nil
	}
	if err := s.printCreated(view, a.Save != ""); err != nil {
		return err
	}
	return s.SyncOut()
}

// save writes the code to its file. Another file is proposed where this one is the obstacle.
func save(view codefile.Code, a *attempt) error {
	o := codefile.Options{Replaces: a.Replaces}
	if a.entry != nil { // the record's lock is held
		o.Token = a.Request.ClientToken
	}
	err := codefile.Save(disk.OS{}, a.Save, codefile.File{Code: view, Earlier: a.Earlier}, o)
	var unreadable *codefile.Unreadable
	if err != nil && !errors.As(err, &unreadable) {
		a.elsewhere = view.ActivationId + ".json"
	}
	return err
}

// leave removes what a killed run may have left beside the file that a record names, where the code
// now goes to another place.
func (s *session) leave(r pending.Record, to string) {
	if r.Save == "" || r.Save == to {
		return
	}
	if err := codefile.RemoveTemporary(disk.OS{}, r.Save, r.Request.ClientToken); err != nil {
		s.say("warning: %s", ui.Clean(err.Error()))
	}
}

func (s *session) printCreated(view codefile.Code, saved bool) error {
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
		_, err := fmt.Fprintln(s.IO.Out, view.ActivationCode)
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

// explain tells a person at a terminal what the code is good for. The command holds the code,
// so it is shown where the code itself was.
func (s *session) explain(c codefile.Code, file string) {
	if !s.IO.Err.Terminal || s.quiet {
		return
	}
	where := "The code is shown this once and saved nowhere."
	if file != "" {
		where = "The code is in " + file + " and nowhere else."
	}
	s.say("\n%s", where)
	if c.ExpirationTime != "" {
		s.say("It can register %s within %s, until %s.", ui.Count(c.InstanceCount, "machine"), ui.Count(c.TimeToLiveInHours, "hour"), c.ExpirationTime)
	}
	if file != "" {
		s.say("For a machine:\n  %s", bootstrapLine(file, "sh"))
	} else if line, err := bootstrap.Text(bootstrap.Command, registration(c, s.machine)); err == nil && s.IO.Out.Terminal && !holdsCode(s.output) {
		s.say("On a machine with the Cloud Assistant agent (-o sh prints a script that installs it as well):\n  %s", ui.Clean(strings.TrimSuffix(line, "\n")))
	}
	s.say("To stop it:\n  %s", s.commandLine("disable "+ui.Clean(c.Ref().String())))
}

// shellWord quotes an argument where a shell would change it.
func shellWord(arg string) string {
	if arg != "" && !strings.ContainsFunc(arg, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,@%+", r)
	}) {
		return arg
	}
	return bootstrap.ShellQuote(arg)
}
