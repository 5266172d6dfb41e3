package message

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/config"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// problemLines returns what is wrong with the values of flags: a message, and one line for each.
func problemLines(l Language, flags Flags, op string, problems activation.Problems) (string, []string) {
	count := l.Count(len(problems), "%s problem, nothing was sent", "%s problems, nothing was sent")
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = problem(l, flags, p)
	}
	return failed(l, &activation.Error{Op: op}, count), lines
}

// problem returns one problem: the flag with its value and where that comes from, the rule, and the
// page of the documentation that has the rule.
func problem(l Language, flags Flags, p activation.Problem) string {
	flag := flags.of(p.Parameter)
	given := flag.Name
	if words := flag.Given; len(words) == 2 && words[1] == p.Value+"h" { // as the user wrote it
		p.Value = words[1]
	}
	if p.Value != "" {
		given += " " + quoted(l, p.Value)
	}
	if flag.Source != "" {
		given = l.Text("%s (%s of %s)", given, flag.Setting, l.Source(string(flag.Source)))
	}
	if p.Source == (activation.Source{}) {
		return l.Text("%s: %s", given, rule(l, p))
	}
	return l.Text("%s: %s (%s, %s)", given, rule(l, p), p.Source.Page, p.Source.Date)
}

// rule returns the sentence of a rule that a value breaks.
func rule(l Language, p activation.Problem) string {
	switch r := p.Rule.(type) { //nolint:errorlint // a rule is not wrapped
	case activation.NotSet:
		if p.Parameter == "RegionId" {
			return l.Text("not set: give --region, or set ALIBABA_CLOUD_REGION_ID")
		}
		return l.Text("not set")
	case activation.Empty:
		return l.Text("must not be empty: was a variable in it not set?")
	case activation.Form:
		return form(l, r)
	case activation.TooLarge:
		return l.Text("too large")
	case activation.Range:
		if r.Unit == activation.Hours {
			return l.Text("must be %d to %d hours", r.Min, r.Max)
		}
		return l.Text("must be %d to %d", r.Min, r.Max)
	case activation.Length:
		return length(l, r)
	case activation.TooMany:
		return l.Text("%d tags were given; at most %d are allowed", r.Got, r.Max)
	case activation.Unique:
		return l.Text("given twice: tag keys must be unique")
	case activation.Prefix:
		return l.Text("must start with %q", r.Text)
	case activation.NoPrefix:
		return l.Text("the key must not start with %q or %q", r.Texts[0], r.Texts[1])
	case activation.Without:
		return l.Text("must not contain %q or %q", r.Texts[0], r.Texts[1])
	case activation.KeyValue:
		if r.Text == "" {
			return l.Text("must not be empty: was a variable in it not set?")
		}
		if l.Shortened(r.Text) != r.Text {
			return l.Text("must be key=value")
		}
		if key, value, colon := strings.Cut(r.Text, ":"); colon {
			return l.Text("must be key=value, such as %s; with an empty value: %s", key+"="+value, r.Text+"=")
		}
		return l.Text("must be key=value; with an empty value: %s", r.Text+"=")
	case activation.InHours:
		if limit := activation.LongestTimeToLive; r.Hours > limit {
			return l.Text("must be written in whole hours (%dh); the documented range is 1 to %d hours", r.Hours, limit)
		}
		return l.Text("must be written in whole hours: %dh", r.Hours)
	case activation.OneOf:
		return oneOf(l, p.Value, r)
	case activation.UsesWithin:
		return l.Text("must be at most the value of --instance-count, which is %d", r.Uses)
	case activation.LeftWithin:
		return l.Text("must be less than the value of --ttl, which is %dh", r.Hours)
	case activation.NotRegion:
		if near := nearRegion(r.Text); near != "" {
			return l.Text("not a valid region ID: at most 63 lower-case letters, digits and hyphens; did you mean %s?", near)
		}
		return l.Text("not a valid region ID: at most 63 lower-case letters, digits and hyphens")
	}
	return reason(l, p.Rule)
}

// form returns the sentence of a rule about how a text is written.
func form(l Language, f activation.Form) string {
	switch f {
	case activation.FormText:
		return l.Text("must be UTF-8 without control characters")
	case activation.FormName:
		return l.Text(`must start with a letter and contain only letters, digits, ".", "_", "-" and ":"`)
	case activation.FormASCII:
		return l.Text("must contain only ASCII characters")
	case activation.FormToken:
		return l.Text("must not contain spaces or control characters")
	case activation.FormActivationId:
		return l.Text("must be 1 to 64 letters, digits and hyphens")
	case activation.FormAddressRange:
		return l.Text("must be one IPv4 address, IPv6 address or CIDR block")
	case activation.FormCount:
		return l.Text("must be a whole number, at least 1")
	case activation.FormHours:
		return l.Text("must be a number of hours, at least 1: 4 or 4h")
	case activation.FormWholeHours:
		return l.Text("must be whole hours, at least 1, because the service counts hours: 4 or 4h")
	}
	return l.Find(f.Error())
}

// length returns the sentence of a rule about the length of a text.
func length(l Language, r activation.Length) string {
	switch r.Part {
	case activation.TagKey:
		return l.Text("the key must be %d to %d characters long, not %d", r.Min, r.Max, r.Got)
	case activation.TagValue:
		return l.Text("the value must be at most %d characters long, not %d", r.Max, r.Got)
	}
	return l.Text("must be %d to %d characters long, not %d", r.Min, r.Max, r.Got)
}

// oneOf returns the sentence of a rule for a word, with the word that was probably meant.
func oneOf(l Language, word string, r activation.OneOf) string {
	choices := list(l, r.Choices)
	if len(r.Choices) == 1 {
		return l.Text("must be %s", choices)
	}
	if near := nearest(strings.ToLower(word), "", r.Choices); near != "" {
		return l.Text("must be one of %s; did you mean %s?", choices, near)
	}
	return l.Text("must be one of %s", choices)
}

// problemHint suggests --skip-validation where the command has it and all problems are about rules
// that the service judges as well.
func problemHint(l Language, flags Flags, problems activation.Problems) string {
	ours := func(p activation.Problem) bool { return !p.Judged }
	if slices.ContainsFunc(problems, ours) || !flags.of("SkipValidation").Exists {
		return ""
	}
	return l.Text("if a rule is out of date, or your account has other limits: --skip-validation leaves these rules to the service")
}

// reason returns the sentence of an error of which only the reason is known.
func reason(l Language, err error) string {
	if text := outputReason(l, err); text != "" {
		return text
	}
	switch e := err.(type) { //nolint:errorlint // one that is wrapped is part of another sentence
	case activation.NotRef:
		return l.Text("%q is not a valid activation ID: 1 to 64 letters, digits and hyphens, with its region in front if it has another one (cn-beijing/4ECEEE12-…)", l.Shortened(e.Text))
	case activation.NotRegion:
		return l.Text("%q is not a valid region ID: at most 63 lower-case letters, digits and hyphens", l.Shortened(e.Text))
	case activation.InvalidRef:
		return invalidRef(l, e)
	case activation.MoreInvalid:
		return l.Count(e.N, "and %s more", "and %s more")
	case activation.TooMuchInput:
		return l.Text("standard input has more than %d MiB or more than %s IDs", e.MiB, ui.Number(e.Targets))
	case activation.NotActive:
		return l.Text("it is %s", state(l, e.Status))
	case activation.TooFewUses:
		return l.Text("%d of %d uses are left, and %d are needed", e.Left, e.Total, e.Needed)
	case activation.TooLittleTime:
		return l.Text("it expires in %s, and %s is needed", duration.Text(e.Left), duration.Text(e.Needed))
	case *activation.Unreachable:
		return unreachable(l, e)
	case *fleet.Incomplete:
		return l.Text("the service announced %d codes and returned %d", e.Announced, e.Returned)
	case *fleet.FilterIgnored:
		return l.Text("the service ignored the filter %s: it returned codes that do not match (%d)", e.Parameter, e.Codes)
	case *codefile.Exists:
		return l.Text("%s already exists and is not overwritten", e.Path)
	case *codefile.NotWritable:
		if e.NoFolder {
			return l.Text("folder %s does not exist", filepath.Dir(e.Path))
		}
		return l.Text("cannot create a file in the folder of %s: %s", e.Path, reason(l, e.Err))
	case *codefile.Unreadable:
		return l.Text("%s was not written because its code cannot be used: %s", e.Path, reason(l, e.Err))
	case *NotInScript:
		return l.Text("%s; -o json can", reason(l, e.Err))
	case *pending.Damaged:
		return l.Text("record %s: %s", e.Path, reason(l, e.Err))
	case *fs.PathError:
		return l.Text("%s %s: %s", l.Find(e.Op), e.Path, reason(l, e.Err))
	case *UnknownCommand:
		return l.Text("there is no command %q", e.name())
	case *config.InvalidChoice:
		if e.IsName {
			return l.Text("unknown setting %q", e.Value)
		}
		return l.Text("must be one of %s", list(l, e.Choices))
	case namedRows:
		return rowNames(l, e)
	case *UnknownFlag:
		return reason(l, e.Err)
	case worded:
		format, args := e.Sentence()
		return inWords(l, format, args)
	case interface{ Unwrap() []error }:
		if parts := e.Unwrap(); isJoined(err, parts) {
			return reasons(l, parts)
		}
	}
	if inner := errors.Unwrap(err); inner != nil && inner.Error() == err.Error() {
		return reason(l, inner)
	}
	return l.Limited(l.Find(err.Error()))
}

// invalidRef returns where an input has an invalid target, and why it is invalid.
func invalidRef(l Language, e activation.InvalidRef) string {
	if e.Line > 0 {
		return l.Text("line %d: %s", e.Line, reason(l, e.Err))
	}
	return l.Text("element %d: %s", e.Element, reason(l, e.Err))
}

// reasons returns the sentences of joined errors, a line each.
func reasons(l Language, errs []error) string {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = reason(l, err)
	}
	return strings.Join(lines, "\n  ")
}

// unreachable returns why a code cannot become what was waited for.
func unreachable(l Language, u *activation.Unreachable) string {
	switch {
	case u.Goal.OneMore:
		return l.Text("the code is %s, so no more machines can register", state(l, u.Status))
	case u.Goal.Registered == 0:
		return l.Text("the code is %s and can never become %s", state(l, u.Status), state(l, u.Goal.Status))
	case u.Goal.Registered > u.Uses:
		return l.Text("the code allows %d registrations, and %d were requested", u.Uses, u.Goal.Registered)
	}
	return l.Text("the code is %s, and %d of %d machines have registered", state(l, u.Status), u.Used, u.Goal.Registered)
}

// state returns a status in a sentence.
func state(l Language, s activation.Status) string { return l.Find(string(s)) }

// worded is an error whose words are a format with arguments, such as *activation.Text.
type worded interface {
	error
	Sentence() (format string, args []any)
}

// part returns the words of an error inside another sentence, which are shorter.
func part(l Language, err error) string {
	switch e := err.(type) { //nolint:errorlint // one that is wrapped is part of another sentence
	case activation.NotRef:
		return l.Text("%q is not a valid activation ID", l.Shortened(e.Text))
	case activation.NotRegion:
		return l.Text("%q is not a valid region ID", l.Shortened(e.Text))
	case interface{ Unwrap() []error }:
		if parts := e.Unwrap(); isJoined(err, parts) {
			lines := make([]string, len(parts))
			for i, one := range parts {
				lines[i] = part(l, one)
			}
			return strings.Join(lines, "\n")
		}
	}
	return reason(l, err)
}

// isJoined reports whether an error has no words besides those of its parts.
func isJoined(err error, parts []error) bool { return err.Error() == errors.Join(parts...).Error() }

// inWords returns a format with its arguments. Arguments that are errors, statuses or origins are translated as well,
// and very long strings are shortened.
func inWords(l Language, format string, args []any) string {
	words := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case error:
			words[i] = errors.New(part(l, arg)) // %w needs an error
		case activation.Status:
			words[i] = state(l, arg)
		case activation.Origin:
			words[i] = l.Source(string(arg))
		case string:
			words[i] = l.Limited(arg)
		default:
			words[i] = arg
		}
	}
	return fmt.Errorf(l.Find(format), words...).Error()
}

// quoted returns a value that a user gave in quotes, or its beginning.
func quoted(l Language, value string) string { return ui.Clean(fmt.Sprintf("%q", l.Shortened(value))) }
