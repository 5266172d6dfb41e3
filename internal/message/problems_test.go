package message

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/config"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// allProblems returns problems with every rule, and the line of each.
func allProblems() map[string]activation.Problem {
	page := activation.Source{Page: "CreateActivation", Date: "2026-06-25"}
	with := func(parameter, value string, rule error) activation.Problem {
		return activation.Problem{Parameter: parameter, Value: value, Rule: rule}
	}
	return map[string]activation.Problem{
		"--ttl \"99\": must be 1 to 4 hours (CreateActivation, 2026-06-25)":  {Parameter: "ttl", Value: "99", Rule: activation.Range{Min: 1, Max: 4, Unit: activation.Hours}, Source: page},
		"--count \"0\": must be 1 to 1000":                                   with("count", "0", activation.Range{Min: 1, Max: 1000}),
		"--tag: 21 tags were given; at most 20 are allowed":                  with("tag", "", activation.TooMany{Max: 20, Got: 21}),
		"--regionid: not set: give --region, or set ALIBABA_CLOUD_REGION_ID": with("RegionId", "", activation.NotSet{}),
		"--name: not set": with("name", "", activation.NotSet{}),
		"--name: must not be empty: was a variable in it not set?":                                               with("name", "", activation.Empty{}),
		"--name \"\\x1b\": must be UTF-8 without control characters":                                             with("name", "\x1b", activation.FormText),
		"--name \"1\": must start with a letter and contain only letters, digits, \".\", \"_\", \"-\" and \":\"": with("name", "1", activation.FormName),
		"--token \"令\": must contain only ASCII characters":                                                      with("token", "令", activation.FormASCII),
		"--token \"a b\": must not contain spaces or control characters":                                         with("token", "a b", activation.FormToken),
		"--id \"x\": must be 1 to 64 letters, digits and hyphens":                                                with("id", "x", activation.FormActivationId),
		"--range \"x\": must be one IPv4 address, IPv6 address or CIDR block":                                    with("range", "x", activation.FormAddressRange),
		"--count \"x\": must be a whole number, at least 1":                                                      with("count", "x", activation.FormCount),
		"--ttl \"x\": must be a number of hours, at least 1: 4 or 4h":                                            with("ttl", "x", activation.FormHours),
		"--ttl \"90m\": must be whole hours, at least 1, because the service counts hours: 4 or 4h":              with("ttl", "90m", activation.FormWholeHours),
		"--age \"x\": must be a length of time with its unit, at most 36500d, such as 30s, 90m, 2h, 1d or 1d12h": with("age", "x", duration.Form),
		"--x \"y\": must be new":                                                                                                        with("x", "y", activation.Form("new")),
		"--count \"9\": too large":                                                                                                      with("count", "9", activation.TooLarge{}),
		"--name \"a\": must be 2 to 50 characters long, not 1":                                                                          with("name", "a", activation.Length{Min: 2, Max: 50, Got: 1}),
		"--tag \"=v\": the key must be 1 to 64 characters long, not 0":                                                                  with("tag", "=v", activation.Length{Part: activation.TagKey, Min: 1, Max: 64}),
		"--tag \"a=v\": the value must be at most 128 characters long, not 129":                                                         with("tag", "a=v", activation.Length{Part: activation.TagValue, Max: 128, Got: 129}),
		"--tag \"a\": given twice: tag keys must be unique":                                                                             with("tag", "a", activation.Unique{}),
		"--group \"g\": must start with \"rg-\"":                                                                                        with("group", "g", activation.Prefix{Text: "rg-"}),
		"--tag \"acs:\": the key must not start with \"aliyun\" or \"acs:\"":                                                            with("tag", "acs:", activation.NoPrefix{Texts: [2]string{"aliyun", "acs:"}}),
		"--tag \"http://\": must not contain \"http://\" or \"https://\"":                                                               with("tag", "http://", activation.Without{Texts: [2]string{"http://", "https://"}}),
		"--tag \"env\": must be key=value; with an empty value: env=":                                                                   with("tag", "env", activation.KeyValue{Text: "env"}),
		"--tag \"env:prod\": must be key=value, such as env=prod; with an empty value: env:prod=":                                       with("tag", "env:prod", activation.KeyValue{Text: "env:prod"}),
		"--ttl \"120m\": must be written in whole hours: 2h":                                                                            with("ttl", "120m", activation.InHours{Hours: 2}),
		"--sort \"expire\": must be one of expires, used; did you mean expires?":                                                        with("sort", "expire", activation.OneOf{Choices: []string{"expires", "used"}}),
		"--sort \"x\": must be one of expires, used":                                                                                    with("sort", "x", activation.OneOf{Choices: []string{"expires", "used"}}),
		"--mode \"x\": must be vpc":                                                                                                     with("mode", "x", activation.OneOf{Choices: []string{"vpc"}}),
		"--uses \"4\": must be at most the value of --instance-count, which is 3":                                                       with("uses", "4", activation.UsesWithin{Uses: 3}),
		"--left \"1h\": must be less than the value of --ttl, which is 1h":                                                              with("left", "1h", activation.LeftWithin{Hours: 1}),
		"--region \"x/\": not a valid region ID: at most 63 lower-case letters, digits and hyphens":                                     with("region", "x/", activation.NotRegion{Text: "x/"}),
		"--region \"CN-Hangzhou\": not a valid region ID: at most 63 lower-case letters, digits and hyphens; did you mean cn-hangzhou?": with("region", "CN-Hangzhou", activation.NotRegion{Text: "CN-Hangzhou"}),
		"--proxy \"p\": must be a URL":                                                                                                  with("proxy", "p", errors.New("must be a URL")),
	}
}

func TestAProblemIsOneLineWithItsRuleAndItsSource(t *testing.T) {
	for want, p := range allProblems() {
		if got := problem(inv.Language, inv.Flag, p); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestAProblemNamesTheSettingThatItComesFrom(t *testing.T) {
	c := inv
	c.Flag = func(string) Flag {
		return Flag{Name: "--ttl", Exists: true, Setting: "create-ttl", Source: "environment ECS_ACTIVATION_CREATE_TTL"}
	}
	p := activation.Problem{Parameter: "TimeToLiveInHours", Value: "5", Rule: activation.TooLarge{}, Judged: true}
	text := c.Error(&activation.Error{Kind: activation.KindUsage, Op: "create", Err: activation.Problems{p, p}})
	want := `--ttl "5" (create-ttl of environment ECS_ACTIVATION_CREATE_TTL): too large`
	if text.Message != "cannot create: 2 problems, nothing was sent" || len(text.Details) != 2 || text.Details[0] != want {
		t.Errorf("%+v", text)
	}
	if text.Hint == "" {
		t.Error("--skip-validation is not suggested")
	}
	p.Judged = false
	if text = c.Error(&activation.Error{Kind: activation.KindUsage, Op: "create", Err: activation.Problems{p}}); text.Hint != "" || text.Message != "cannot create: 1 problem, nothing was sent" {
		t.Errorf("%+v", text)
	}
}

func TestAListThatCannotBeTrustedHasAHint(t *testing.T) {
	for want, err := range map[string]error{
		"the service announced 120 codes and returned 50":                                      &fleet.Incomplete{Announced: 120, Returned: 50},
		"the service ignored the filter InstanceName: it returned codes that do not match (3)": &fleet.FilterIgnored{Ignored: fleet.Ignored{Parameter: "InstanceName", Codes: 3}},
	} {
		text := inv.Error(&activation.Error{Op: "list", Err: err})
		if text.Message != "cannot list: "+want || text.Hint == "" {
			t.Errorf("%q, hint %q; want %q", text.Message, text.Hint, want)
		}
	}
}

func TestWhatACodeLacksIsSaid(t *testing.T) {
	for want, err := range map[string]error{
		"it is Expired": activation.NotActive{Status: activation.Expired},
		"3 of 10 uses are left, and 4 are needed": activation.TooFewUses{Left: 3, Total: 10, Needed: 4},
		"it expires in 59m, and 1h is needed":     activation.TooLittleTime{Left: 59 * time.Minute, Needed: time.Hour},
	} {
		if got := inv.Cause(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A message never has a long value: it has its beginning and its length.
func TestLongValuesAreShortened(t *testing.T) {
	long := strings.Repeat("x:", 25_000)
	problem := activation.Problem{Parameter: "tag", Value: long, Rule: activation.KeyValue{Text: long}}
	path := &fs.PathError{Op: "open", Path: long, Err: errors.New("file name too long")}
	c := inv
	c.Flag = func(string) Flag { return Flag{Exists: true, Given: []string{"--next-token", long}} }
	refused := c.Error(&activation.Error{Op: "list", Code: "InvalidParameter.NextToken"})
	unknown := c.Error(&activation.Error{Op: "run", Err: &UnknownFlag{Meant: named("--jq"), Line: []string{"list", "--jq", long}, Err: errors.New("unknown")}})
	for name, text := range map[string]string{
		"a flag":               problemText(problem),
		"a row":                rowProblem(nil, batch.Problem{Line: 1, Column: "tag", Problem: problem}),
		"a column":             rowProblem(nil, batch.Problem{Line: 1, Column: long, Problem: activation.Problem{Rule: batch.UnknownColumn{}}}),
		"an ID in a list":      part(nil, activation.NotRef{Text: long}),
		"a region in a list":   part(nil, activation.NotRegion{Text: long}),
		"a setting":            part(nil, activation.Textf("%s: %q is wrong", activation.Origin("flag --color"), long)),
		"a path":               c.Cause(path),
		"a path in a sentence": c.Cause(activation.Textf("%s: %w", ui.InputName(long), path)),
		"a name":               c.Cause(&config.InvalidChoice{IsName: true, Value: long}),
		"a word of a library":  c.Sentence(&activation.Error{Op: "list", Err: &InvalidExpression{Offset: -1, Reason: "function not defined: " + long}}),
		"the flag of a code":   strings.Join(refused.Details, ""),
		"a command":            unknown.Command,
	} {
		if len(text) > 500 || !strings.Contains(text, "x:x:x") || !strings.Contains(text, "… (50,0") {
			t.Errorf("%s: %d bytes: %.200q", name, len(text), text)
		}
	}
}

func TestEachOfManyInvalidIDsHasItsReason(t *testing.T) {
	_, err := activation.ParseRefs(strings.Fields(strings.Repeat("bad_id ", 100)))
	text := inv.Error(&activation.Error{Kind: activation.KindUsage, Op: "show", Err: err})
	if got := strings.Count(text.Message, "is not a valid activation ID"); got != 100 {
		t.Errorf("%d reasons: %s", got, text.Message)
	}
}

func problemText(p activation.Problem) string { return problem(nil, nil, p) }
