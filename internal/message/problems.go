package message

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// problemLines returns what is wrong with the values of flags: a message, and one line for each.
func problemLines(l Language, flags Flags, op string, problems activation.Problems) (string, []string) {
	count := l.count(len(problems), "%s problem, nothing was sent", "%s problems, nothing was sent")
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
	if p.Value != "" {
		given += " " + ui.Clean(fmt.Sprintf("%q", p.Value))
	}
	if flag.Source != "" {
		given = l.text("%s (%s of %s)", given, flag.Setting, flag.Source)
	}
	if p.Source == (activation.Source{}) {
		return l.text("%s: %s", given, rule(l, p))
	}
	return l.text("%s: %s (%s, %s)", given, rule(l, p), p.Source.Page, p.Source.Date)
}

// rule returns the sentence of a rule that a value breaks.
func rule(l Language, p activation.Problem) string {
	switch r := p.Rule.(type) { //nolint:errorlint // a rule is not wrapped
	case activation.NotSet:
		if p.Parameter == "RegionId" {
			return l.text("not set: give --region, or set ALIBABA_CLOUD_REGION_ID")
		}
		return l.text("not set")
	case activation.Empty:
		return l.text("must not be empty: was a variable in it not set?")
	case activation.Form:
		return form(l, r)
	case activation.TooLarge:
		return l.text("too large")
	case activation.Range:
		if r.Unit == activation.Hours {
			return l.text("must be %d to %d hours", r.Min, r.Max)
		}
		return l.text("must be %d to %d", r.Min, r.Max)
	case activation.Length:
		return length(l, r)
	case activation.TooMany:
		return l.text("%d tags were given; at most %d are allowed", r.Got, r.Max)
	case activation.Unique:
		return l.text("given twice: tag keys must be unique")
	case activation.Prefix:
		return l.text("must start with %q", r.Text)
	case activation.NoPrefix:
		return l.text("the key must not start with %q or %q", r.Texts[0], r.Texts[1])
	case activation.Without:
		return l.text("must not contain %q or %q", r.Texts[0], r.Texts[1])
	case activation.KeyValue:
		if r.Text == "" {
			return l.text("must not be empty: was a variable in it not set?")
		}
		if key, value, colon := strings.Cut(r.Text, ":"); colon {
			return l.text("must be key=value, such as %s; with an empty value: %s", key+"="+value, r.Text+"=")
		}
		return l.text("must be key=value; with an empty value: %s", r.Text+"=")
	case activation.InHours:
		return l.text("must be written in whole hours: %dh", r.Hours)
	case activation.OneOf:
		return oneOf(l, p.Value, r)
	case activation.UsesWithin:
		return l.text("must be at most the value of --instance-count, which is %d", r.Uses)
	case activation.LeftWithin:
		return l.text("must be less than the value of --ttl, which is %dh", r.Hours)
	case activation.NotRegion:
		if near := NearRegion(r.Text); near != "" {
			return l.text("not a valid region ID: at most 63 lower-case letters, digits and hyphens; did you mean %s?", near)
		}
		return l.text("not a valid region ID: at most 63 lower-case letters, digits and hyphens")
	}
	return l.find(p.Rule.Error())
}

// form returns the sentence of a rule about how a text is written.
func form(l Language, f activation.Form) string {
	switch f {
	case activation.FormText:
		return l.text("must be UTF-8 without control characters")
	case activation.FormName:
		return l.text(`must start with a letter and contain only letters, digits, ".", "_", "-" and ":"`)
	case activation.FormASCII:
		return l.text("must contain only ASCII characters")
	case activation.FormToken:
		return l.text("must not contain spaces or control characters")
	case activation.FormActivationId:
		return l.text("must be 1 to 64 letters, digits and hyphens")
	case activation.FormAddressRange:
		return l.text("must be one IPv4 address, IPv6 address or CIDR block")
	case activation.FormCount:
		return l.text("must be a whole number, at least 1")
	case activation.FormHours:
		return l.text("must be a number of hours, at least 1: 4 or 4h")
	case activation.FormWholeHours:
		return l.text("must be whole hours, at least 1, because the service counts hours: 4 or 4h")
	case activation.FormAge:
		return l.text("must be a length of time with its unit, such as 90m, 36h or 30d")
	}
	return l.find(f.Error())
}

// length returns the sentence of a rule about the length of a text.
func length(l Language, r activation.Length) string {
	switch r.Part {
	case activation.TagKey:
		return l.text("the key must be %d to %d characters long, not %d", r.Min, r.Max, r.Got)
	case activation.TagValue:
		return l.text("the value must be at most %d characters long, not %d", r.Max, r.Got)
	}
	return l.text("must be %d to %d characters long, not %d", r.Min, r.Max, r.Got)
}

// oneOf returns the sentence of a rule for a word, with the word that was probably meant.
func oneOf(l Language, word string, r activation.OneOf) string {
	choices := strings.Join(r.Choices, ", ")
	if len(r.Choices) == 1 {
		return l.text("must be %s", choices)
	}
	if near := Nearest(strings.ToLower(word), "", r.Choices); near != "" {
		return l.text("must be one of %s; did you mean %s?", choices, near)
	}
	return l.text("must be one of %s", choices)
}

// problemHint suggests --skip-validation where the command has it and all problems are about rules
// that the service judges as well.
func problemHint(l Language, flags Flags, problems activation.Problems) string {
	ours := func(p activation.Problem) bool { return !p.Judged }
	if slices.ContainsFunc(problems, ours) || !flags.of("SkipValidation").Exists {
		return ""
	}
	return l.text("if a rule is out of date, or your account has other limits: --skip-validation leaves these rules to the service")
}

// reason returns the sentence of an error of which only the reason is known.
func reason(l Language, err error) string {
	if text := outputReason(l, err); text != "" {
		return text
	}
	switch e := err.(type) { //nolint:errorlint // one that is wrapped is part of another sentence
	case activation.NotRef:
		return l.text("%q is not a valid activation ID: 1 to 64 letters, digits and hyphens, with its region in front if it has another one (cn-beijing/4ECEEE12-…)", e.Text)
	case activation.NotRegion:
		return l.text("%q is not a valid region ID: at most 63 lower-case letters, digits and hyphens", e.Text)
	case activation.NotActive:
		return l.text("it is %s", e.Status)
	case activation.TooFewUses:
		return l.text("%d of %d uses are left, and %d are needed", e.Left, e.Total, e.Needed)
	case activation.TooLittleTime:
		return l.text("it expires in %s, and %s is needed", e.Left, e.Needed)
	case *activation.Unreachable:
		return unreachable(l, e)
	case *fleet.Incomplete:
		return l.text("the service announced %d codes and returned %d", e.Announced, e.Returned)
	case *fleet.FilterIgnored:
		return l.text("the service ignored the filter %s: it returned codes that do not match (%d)", e.Parameter, e.Codes)
	case *UnknownCommand:
		return l.text("%s has no command %q", e.Path, e.Asked)
	case *UnknownFlag:
		return l.find(e.Err.Error())
	case interface{ Unwrap() []error }:
		if parts := e.Unwrap(); err.Error() == errors.Join(parts...).Error() {
			return reasons(l, parts)
		}
	}
	return l.find(err.Error())
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
	case u.Goal.Registered == 0:
		return l.text("the code is %s and can never become %s", u.Status, u.Goal.Status)
	case u.Goal.Registered > u.Uses:
		return l.text("the code allows %d registrations, and %d were requested", u.Uses, u.Goal.Registered)
	}
	return l.text("the code is %s, and %d of %d machines have registered", u.Status, u.Used, u.Goal.Registered)
}
