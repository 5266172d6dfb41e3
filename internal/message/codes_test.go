package message

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

func refusedWith(code string) *activation.Error {
	return &activation.Error{
		Kind: activation.KindOfCode(code), Op: "delete", ID: activation.Ref{RegionId: "cn-beijing", ActivationId: "4ECEEE12"}, Code: code,
		RequestID: "473469C7", Err: errors.New("The words of the service."),
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	if got, want := slices.Sorted(maps.Keys(explanations())), activation.Codes(); !slices.Equal(got, want) {
		t.Errorf("%q are explained, %q are known", got, want)
	}
	placeholder := regexp.MustCompile(`\{[a-z]*\}`)
	for code := range explanations() {
		text := inv.Error(refusedWith(code))
		if len(text.Message) < 40 || len(text.Hint) < 10 {
			t.Errorf("%s is only %q, %q", code, text.Message, text.Hint)
		}
		for _, part := range []string{text.Message, text.Hint, text.Command} {
			if left := placeholder.FindString(part); left != "" {
				t.Errorf("%s: %s is left over in %q", code, left, part)
			}
			if strings.Contains(part, "..") || strings.HasSuffix(part, " ") || strings.Contains(part, "  ") {
				t.Errorf("%s: untidy: %q", code, part)
			}
		}
	}
}

func TestAnErrorSaysWhatFailedOnWhatAndWhy(t *testing.T) {
	for want, err := range map[string]error{
		"cannot delete 4ECEEE12: machines have registered with it":                                     refusedWith("ActivationId.InUse"),
		"cannot delete 4ECEEE12: there is no such code in region cn-beijing":                           refusedWith("ActivationId.NotFound"),
		"cannot delete 4ECEEE12: the service does not accept this lifetime (The words of the service)": refusedWith("ActivationTTL.ExceedLimit"),
		"cannot delete 4ECEEE12: the service does not accept a tag's key":                              refusedWith("InvalidTagKey.Malformed"),
		"cannot delete 4ECEEE12: The words of the service.":                                            refusedWith("Never.Heard.Of"),
		"cannot list: timed out":                          &activation.Error{Op: "list", Err: errors.New("timed out")},
		"cannot list: no reason was given":                &activation.Error{Op: "list"},
		"cannot list: the service is throttling requests": &activation.Error{Op: "list", Code: "Throttling"},
		"cannot create: a parameter that the service requires is missing (no reason was given)":          &activation.Error{Op: "create", Code: "MissingParameter"},
		"cannot create: the service does not accept a parameter (the value {id} of {message} %s is bad)": &activation.Error{Op: "create", Code: "InvalidParameter", Err: errors.New("the value {id} of {message} %s is bad")},
		"cannot wait for A: the code is Expired, and 1 of 3 machines have registered":                    &activation.Error{Op: "wait for", ID: activation.Ref{ActivationId: "A"}, Err: &activation.Unreachable{Goal: activation.Goal{Registered: 3}, Status: activation.Expired, Uses: 5, Used: 1}},
		"cannot wait for A: the code is Expired, so no more machines can register":                       &activation.Error{Op: "wait for", ID: activation.Ref{ActivationId: "A"}, Err: &activation.Unreachable{Goal: activation.Goal{OneMore: true, Registered: 3}, Status: activation.Expired, Uses: 5, Used: 2}},
		"cannot wait for A: the code allows 2 registrations, and 3 were requested":                       &activation.Error{Op: "wait for", ID: activation.Ref{ActivationId: "A"}, Err: &activation.Unreachable{Goal: activation.Goal{Registered: 3}, Uses: 2}},
		"cannot wait for A: the code is Disabled and can never become Expired":                           &activation.Error{Op: "wait for", ID: activation.Ref{ActivationId: "A"}, Err: &activation.Unreachable{Goal: activation.Goal{Status: activation.Expired}, Status: activation.Disabled}},
		"plain": errors.New("plain"),
	} {
		if got := inv.Error(err).Message; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheRemedyNamesTheCommandThatHelps(t *testing.T) {
	for _, test := range []struct{ code, command string }{
		{"ActivationId.InUse", "ecs-activation --sandbox disable cn-beijing/4ECEEE12"},
		{"ActivationId.NotFound", "ecs-activation --sandbox list --all-regions --activation-id 4ECEEE12"},
		{"ActivationCount.ExceedLimit", "ecs-activation --sandbox prune --dry-run --region cn-beijing"},
		{"Throttling.User", ""},
		{"Never.Heard.Of", ""},
	} {
		if text := inv.Error(refusedWith(test.code)); text.Command != test.command {
			t.Errorf("%s: %q, want %q", test.code, text.Command, test.command)
		}
	}
}

func TestNoCommandNamesWhatIsNoID(t *testing.T) {
	for _, id := range []activation.Ref{
		{RegionId: "cn-beijing", ActivationId: "$(touch x)"}, {RegionId: "cn-beijing", ActivationId: "a b"}, {RegionId: "cn-beijing"},
		{ActivationId: "--yes"}, {ActivationId: "cn-beijing/4ECE"}, {RegionId: "x;rm", ActivationId: "4ECE"},
	} {
		if _, valid := id.Word(); valid {
			t.Errorf("%q is taken for an argument", id)
		}
		err := refusedWith("ActivationId.InUse")
		err.ID = id
		if text := inv.Error(err); text.Command != "" || text.Hint == "" {
			t.Errorf("%q: %q, %q", id, text.Hint, text.Command)
		}
	}
	err := refusedWith("ActivationId.NotFound")
	err.ID = activation.Ref{RegionId: "cn-beijing", ActivationId: "--yes"}
	if text := inv.Error(err); text.Command != "" {
		t.Errorf("%q", text.Command)
	}
}

func TestAHintSaysWhatToDo(t *testing.T) {
	own := refusedWith("ActivationId.InUse")
	own.Hint, own.Command = "wait", []string{"sleep", "60"}
	required := refusedWith("MissingParameter")
	required.Err = errors.New(`The input parameter "InstanceName" that is mandatory for processing this request is not supplied`)
	unknown := refusedWith("MissingParameter")
	signer := refusedWith("InvalidTimeStamp.Expired")
	signer.Signer = "profile x"
	sandbox := refusedWith("SandboxState.Unusable")
	interrupted := &activation.Error{Kind: activation.KindInterrupted, Op: "delete", ID: own.ID, Action: "DeleteActivation", Err: errors.New("interrupted")}
	unsent := &activation.Error{Kind: activation.KindInterrupted, Op: "delete", ID: own.ID, Action: "DeleteActivation", NothingDone: true, Err: errors.New("interrupted")}
	short := refusedWith("InstanceName.ExceedLimit")
	lost := refusedWith("InvalidRegionId.NotFound")
	lost.ID.RegionId = "cn-hangzhuo"
	written := &activation.Error{Kind: activation.KindUsage, Op: "delete", Err: errors.Join(activation.NotRef{Text: "a b"}, activation.NotRegion{Text: "cn_beijing"}), Hint: "list -q prints IDs"}
	for name, test := range map[string]struct {
		err  *activation.Error
		want string
	}{
		"its own":                  {own, "wait:  sleep 60"},
		"not documented":           {refusedWith("Never.Heard.Of"), "this error code is not documented; give Alibaba Cloud the request id to find the cause"},
		"of the sandbox":           {sandbox, ""},
		"nothing known":            {&activation.Error{Op: "list", Err: errors.New("?")}, ""},
		"a flag is required":       {required, "this service requires it: add --instancename"},
		"a parameter is required":  {unknown, "give the flag of the parameter that the message names; if there is none, please report this error"},
		"STS":                      {signer, "STS refused profile x: set the clock, for example with NTP, then repeat the command"},
		"interrupted":              {interrupted, "the request was sent and may have been executed; see:  ecs-activation --sandbox show cn-beijing/4ECEEE12"},
		"interrupted before":       {unsent, ""},
		"a name that is too short": {short, "give --instance-name 2 to 50 characters, as the service documents"},
		"a region":                 {lost, "did you mean the region cn-hangzhou? check the spelling of --region; this lists the regions:  ecs-activation --sandbox regions"},
		"a region in an ID":        {written, "did you mean the region cn-beijing? list -q prints IDs"},
		"a command":                {&activation.Error{Op: "run", Err: &UnknownCommand{Path: "ecs-activation", Asked: "lst", Meant: &Guess{Words: []string{"list"}}}, Hint: "see: …"}, "did you mean:  ecs-activation list"},
		"no command":               {&activation.Error{Op: "run", Err: &UnknownCommand{Path: "ecs-activation", Asked: "nonsense"}, Hint: "see: …"}, "see: …"},
		"a flag":                   {&activation.Error{Op: "list", Err: &UnknownFlag{Asked: "--tagg", Meant: &Guess{Words: []string{"--tag"}}, Err: errors.New("unknown")}, Hint: "see: …"}, "did you mean --tag? see: …"},
	} {
		if got := inv.Error(test.err).Advice(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if got, want := inv.Error(written).Lines()[0], "cannot delete: \"a b\" is not a valid activation ID: 1 to 64 letters, digits and hyphens, with its region in front if it has another one (cn-beijing/4ECEEE12-…)\n  \"cn_beijing\" is not a valid region ID: at most 63 lower-case letters, digits and hyphens"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
