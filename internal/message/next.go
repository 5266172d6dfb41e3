package message

import (
	"strconv"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/ui"
)

// Issued returns what a user can do with a new code, as lines for a terminal. register is the command for a
// machine with the agent; it is not printed if it is "". token is that of the record with which this machine can
// print the code again; "": there is none.
func (c Invocation) Issued(i issuance.Issued, register, token string) (lines []string) {
	l := c.Language
	switch {
	case i.Save != "":
		lines = append(lines, l.Text("The code is saved only in %s.", ui.Clean(i.Save)))
	case token == "":
		lines = append(lines, l.Text("The code is shown only now and is not saved."))
	default:
		lines = append(lines, l.Text("The code is shown only now and is not saved. Until it expires, this machine can print it again:"),
			"  "+c.Line.Run(recoverWords(token)))
	}
	if i.Unusable {
		return lines
	}
	if i.ExpirationTime != "" {
		lines = append(lines, l.Text("It can register %s within %s, until %s.",
			l.Count(i.InstanceCount, "%s machine", "%s machines"), l.Count(i.TimeToLiveInHours, "%s hour", "%s hours"), i.ExpirationTime))
	}
	if i.Save != "" {
		lines = append(lines, l.Text("For a machine:"), "  "+Words(Bootstrap(i.Save, "sh")...))
	} else if register != "" {
		lines = append(lines, l.Text("On a machine with the Cloud Assistant agent (-o sh prints a script that installs it as well):"), "  "+ui.Clean(register))
	}
	if code, valid := i.Ref().Word(); valid {
		lines = append(lines, l.Text("To stop it:"), "  "+c.Line.Command("disable", code))
	}
	return lines
}

// Shown is a code that was shown.
type Shown struct {
	Ref        activation.Ref
	Status     activation.Status
	Registered int    // registrations so far
	File       string // the file with the code; "": none is known
	Token      string // of the create that can print the code again; "": none is known
}

// Next returns what a user can do with a code that was shown, as lines for a terminal.
func (c Invocation) Next(s Shown) (lines []string) {
	l := c.Language
	code, valid := s.Ref.Word()
	if !valid {
		return nil
	}
	if s.Status == activation.Active {
		switch {
		case s.File != "":
			lines = append(lines, l.Text("For a machine:"), "  "+Words(Bootstrap(s.File, "sh")...))
		case s.Token != "":
			lines = append(lines, l.Text("To see the code again:"), "  "+c.Line.Run(recoverWords(s.Token)))
		}
		lines = append(lines, l.Text("To wait for the next machine:"), "  "+c.Line.Command("wait", code, "--registered", strconv.Itoa(s.Registered+1)))
		lines = append(lines, l.Text("To stop it:"), "  "+c.Line.Command("disable", code))
	}
	if s.Registered == 0 {
		lines = append(lines, l.Text("To delete it:"), "  "+c.Line.Command("delete", code))
	}
	return lines
}

// Bootstrap returns the command that prints what a machine runs, from a saved code.
func Bootstrap(file, format string) []string {
	return []string{Program, "bootstrap", "--from", file, "-o", format}
}
