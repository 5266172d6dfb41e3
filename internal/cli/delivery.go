package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/ui"
)

// created is what create prints: what was asked for, and what the service made of it. What a
// repeated --client-token cannot know (the code may be older than this call) is left out.
type created struct {
	ActivationId      string `json:",omitempty"` // left out of a dry run, as are the next two
	ActivationCode    string `json:",omitempty"`
	RequestId         string `json:",omitempty"`
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int
	RemainingCount    int `json:",omitempty"`
	TimeToLiveInHours int
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []activation.Tag
	Status            activation.Status `json:",omitempty"`
	CreationTime      string            `json:",omitempty"`
	ExpirationTime    string            `json:",omitempty"`
	DryRun            bool              `json:",omitempty"`
}

func askedOf(r activation.CreateRequest) created {
	return created{
		RegionId: r.RegionId, InstanceName: r.InstanceName, Description: r.Description, InstanceCount: r.InstanceCount,
		TimeToLiveInHours: r.TimeToLiveInHours, IpAddressRange: r.IpAddressRange, ResourceGroupId: r.ResourceGroupId,
		Tags: append([]activation.Tag{}, r.Tags...),
	}
}

func createdOf(r activation.CreateRequest, c activation.Created, isNew bool) created {
	view := askedOf(r)
	view.ActivationId, view.ActivationCode, view.RequestId = c.ActivationId, c.ActivationCode, c.RequestId
	if isNew && !c.Date.IsZero() {
		view.RemainingCount, view.Status = r.InstanceCount, activation.Active
		view.CreationTime = c.Date.Format(time.RFC3339)
		view.ExpirationTime = c.Date.Add(time.Duration(r.TimeToLiveInHours) * time.Hour).Format(time.RFC3339)
	}
	return view
}

// know completes the view with what the service tells about the code.
func (c *created) know(a activation.Activation, now time.Time) {
	c.RemainingCount, c.Status = a.RemainingCount(), a.Status(now)
	c.CreationTime, c.ExpirationTime = a.CreationTime, expiration(a)
}

// fields are the created code in full, for the table format.
func (c created) fields() []ui.Field {
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
	if _, err := os.Lstat(file); err == nil {
		return usageError(s.op, file+" exists, and a saved code is never replaced", otherFile)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usageError(s.op, err.Error(), otherFile)
	}
	return s.placeable(file)
}

const otherFile = "name a new file in a folder that you can write to"

// placeable refuses a file beside which no other can be made: that is how a file is written.
func (s *session) placeable(file string) error {
	probe, err := os.CreateTemp(filepath.Dir(file), ".ecs-activation-*")
	if err != nil {
		return usageError(s.op, "no file can be made beside "+file+": "+err.Error(), otherFile)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// deliver hands the code over: to the file, or to standard output. Without an error the kernel
// has taken every byte, and a file is synced.
func (s *session) deliver(view created, a *attempt) error {
	if a.Save != "" {
		if err := saveCode(a.Target, view); err != nil {
			a.elsewhere = view.ActivationId + ".json"
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

func (s *session) printCreated(view created, saved bool) error {
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
		return ui.Fields(s.IO.Out, view.fields())
	}
}

// printCode prints the bare code, or what is made of it.
func (s *session) printCode(view created) error {
	if s.quiet || s.output == formatCode {
		_, err := fmt.Fprintln(s.IO.Out, s.IO.Out.Safe(view.ActivationCode))
		return err
	}
	return s.printFor(view.registration(s.machine))
}

// printDryCreate tells what would be asked for.
func (s *session) printDryCreate(r activation.CreateRequest) error {
	view := askedOf(r)
	view.DryRun = true
	s.say("dry run: the flags are valid, and nothing was sent")
	if s.quiet || holdsCode(s.output) {
		return nil
	}
	if s.forPrograms() {
		return s.printOne(view)
	}
	return ui.Fields(s.IO.Out, view.fields())
}

// explain tells a person at a terminal what the code is good for. The command holds the code,
// so it is shown where the code itself was.
func (s *session) explain(c created, file string) {
	if !s.IO.Err.Terminal || s.quiet {
		return
	}
	ref := activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
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
	} else if line, err := bootstrap.Text(bootstrap.Command, c.registration(s.machine)); err == nil && s.IO.Out.Terminal && !holdsCode(s.output) {
		s.say("On a machine with the Cloud Assistant agent (-o sh prints a script that installs it as well):\n  %s", ui.Clean(strings.TrimSuffix(line, "\n")))
	}
	s.say("To stop it:\n  %s", s.commandLine("disable "+ui.Clean(ref.String())))
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
