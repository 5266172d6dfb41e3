package message

import (
	"errors"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/config"
	"ecs-activation/internal/fleet"
)

// hint returns what the user can do about an error, and the command line that does it. Both are empty if nothing is
// known to help.
func hint(c Invocation, e *activation.Error) (text, command string) {
	l := c.Language
	text, words := l.Find(e.Hint), e.Command
	if len(e.HintArgs) > 0 {
		text = inWords(l, e.Hint, e.HintArgs)
	}
	if e.Hint == "" {
		text, words = remedy(l, c.Flag, e)
	}
	var never *activation.Unreachable
	code, isCode := e.ID.Word()
	switch {
	case wrongRegion(e) == "all" && c.Flag.of("AllRegions").Exists:
		text, words = l.Text("to read all regions, give --all-regions instead of --region"), nil
	case words != nil:
	case e.Kind == activation.KindInterrupted && sent(e) && isCode:
		text, words = l.Text("the request was sent and may have been executed; see"), []string{Program, "show", code}
	case text == "" && outputHint(l, e.Err) != "":
		text = outputHint(l, e.Err)
	case text == "" && errors.As(e.Err, &never) && never.Goal.Registered > never.Uses:
		text = l.Text("give --registered 1 to %d", never.Uses)
	case errors.As(e.Err, new(*fleet.Incomplete)):
		text = l.Text("repeat the command; if the numbers still differ, report the request id to Alibaba Cloud")
	case errors.As(e.Err, new(*fleet.FilterIgnored)):
		text = l.Text("nothing was changed; check --endpoint, or omit the filter and give the codes by their IDs")
	case text == "" && e.RequestID != "" && e.Code != "" && e.Code != sandboxUnusable:
		text = l.Text("this error code is not documented; give Alibaba Cloud the request id to find the cause")
	}
	if e.Signer != "" && text != "" {
		text = l.Text("STS refused %s: %s", l.Source(e.Signer), text)
	}
	if words != nil {
		command = c.Line.Run(words)
	}
	text, command = meant(l, e, text, command)
	if len(command) > longestCommand {
		command = l.Shortened(command)
	}
	return text, command
}

// longestCommand is the largest number of bytes of a command that is not shortened. No command with valid values is
// longer: users copy it, and it can have the client token of a code and 40 tags.
const longestCommand = 32 << 10

// sandboxUnusable is an error code of the sandbox, for a state file that cannot be used.
const sandboxUnusable = "SandboxState.Unusable"

// sent reports whether a change of a code had been sent when the command ended.
func sent(e *activation.Error) bool {
	return (e.Action == "DisableActivation" || e.Action == "DeleteActivation") && !e.NothingDone
}

// meant returns a hint and its command, with a suggestion for a misspelled word.
func meant(l Language, e *activation.Error, hint, command string) (string, string) {
	var unknown *UnknownCommand
	var flag *UnknownFlag
	var word *config.InvalidChoice
	var variable *config.UnknownVariable
	switch {
	case errors.As(e.Err, &unknown) && unknown.Meant != nil:
		if unknown.Line == nil {
			return l.Text("did you mean"), unknown.Path + " " + Words(unknown.Meant.Words...)
		}
		return saying(l, unknown.Meant, l.Text("did you mean")), Words(append([]string{Program}, unknown.Line...)...)
	case errors.As(e.Err, &flag) && flag.Meant != nil:
		if instead := Words(flag.Meant.Words...); flag.Line != nil {
			return saying(l, flag.Meant, l.Text("did you mean %s", instead)), Words(append([]string{Program}, flag.Line...)...)
		} else if flag.Meant.Says == "" || !flag.Meant.Value {
			return l.Text("did you mean %s? %s", instead, hint), command
		}
		return l.Text("%s; %s", l.Find(flag.Meant.Says), hint), command
	case errors.As(e.Err, &variable):
		if near := nearVariable(variable); near != "" {
			return l.Text("did you mean %s?", near), command
		}
		return l.Text("correct its name, or unset it"), ""
	case errors.As(e.Err, &word):
		if near := nearest(strings.ToLower(word.Value), word.Value, word.Choices); near != "" {
			return l.Text("did you mean %s?", near), command
		}
		if word.Value == "text" && slices.Contains(word.Choices, "table") {
			return l.Text("did you mean %s?", "table"), command
		}
		if word.IsName {
			return l.Text("the settings are the long flags; those of one command begin with its name, such as list-sort"), command
		}
	}
	if near := nearRegion(wrongRegion(e)); near != "" {
		return strings.TrimSuffix(l.Text("did you mean the region %s? %s", near, hint), " "), command
	}
	return hint, command
}

// nearVariable returns the variable that the user probably meant: one with a similar name, or one of a command
// (ECS_ACTIVATION_CREATE_TTL for ECS_ACTIVATION_TTL). It returns "" if there is none.
func nearVariable(e *config.UnknownVariable) string {
	if slices.Contains(e.Known, e.Name) {
		return e.Name
	}
	if near := nearest(e.Name, e.Name, e.Known); near != "" {
		return near
	}
	flag := strings.TrimPrefix(e.Name, config.EnvName(""))
	i := slices.IndexFunc(e.Known, func(name string) bool { return strings.HasSuffix(name, "_"+flag) })
	if i < 0 {
		return ""
	}
	return e.Known[i]
}

// saying returns the hint of a guess, or another text if it has none.
func saying(l Language, g *Guess, otherwise string) string {
	if g.Says != "" {
		return l.Find(g.Says)
	}
	return otherwise
}

// wrongRegion returns a region that may be mistyped, or "".
func wrongRegion(e *activation.Error) string {
	var written activation.NotRegion
	switch {
	case errors.As(e.Err, &written):
		return written.Text
	case e.Code == "InvalidRegionId.NotFound", e.Code == "RegionId.ApiNotSupported", e.Code == "" && e.Kind == activation.KindUnavailable:
		return e.ID.RegionId
	}
	return ""
}
