package activation

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documented holds every code of the pages and those common to every operation
// (reference/api.md, "Errors"), with the kind that the exit codes of the command line ask for.
var documented = map[Kind][]string{
	KindUsage: {
		"RegionId.ApiNotSupported", "InstanceName.ExceedLimit", "InstanceName.InvalidPattern", "ActivationDesc.ExceedLimit",
		"ActivationLimitation.Invalid", "AddressRange.InvalidPattern", "ActivationTTL.ExceedLimit", "InvalidTagKey.Malformed",
		"InvalidTagValue.Malformed", "NumberExceed.Tags", "MissingParameter.TagKey", "Duplicate.TagKey",
		"InvalidClientToken.Malformed", "InvalidParam.PageNumber", "InvalidParam.PageSize", "InvalidParameter.NextToken",
		"InvalidParameter.MaxResults", "MissingParameter", "InvalidParameter", "InvalidAction.NotFound",
	},
	KindIdentity: {
		"RealNameAuthenticationError", "InvalidAccessKeyId.NotFound", "IncompleteSignature", "SignatureDoesNotMatch",
		"InvalidTimeStamp.Expired", "InvalidSecurityToken.Expired", "InvalidSecurityToken.Malformed", "InvalidSecurityToken.MismatchWithAccessKey", "MissingSecurityToken", "NoPermission", "Forbidden.RAM",
	},
	KindNotFound: {"ActivationId.NotFound", "InvalidRegionId.NotFound", "InvalidResourceGroup.NotFound"},
	KindConflict: {
		"ActivationId.InUse", "ActivationCount.ExceedLimit", "ManagedInstanceCountExceedLimit", "Operation.Forbidden",
		"InvalidStatus.ResourceGroup", "IdempotentParameterMismatch",
	},
	KindUnavailable: {
		"IdempotentProcessing", "InternalError.Dispatch", "SignatureNonceUsed", "ServiceUnavailable",
		"Throttling", "Throttling.User", "Throttling.Api", "ThrottlingUser", "Throttled",
	},
}

func refusedWith(code string) *Error {
	return &Error{
		Kind: KindOfCode(code), Op: "delete", ID: Ref{RegionId: "cn-beijing", ActivationId: "4ECEEE12"}, Code: code,
		RequestID: "473469C7", Err: errors.New("The words of the service."),
	}
}

func TestEveryDocumentedCodeHasItsKindItsCauseAndItsRemedy(t *testing.T) {
	for kind, codes := range documented {
		for _, code := range codes {
			if got := KindOfCode(code); got != kind {
				t.Errorf("%s: kind %s, want %s", code, got, kind)
			}
			err := refusedWith(code)
			if cause := err.Cause(); cause == "The words of the service." || len(cause) < 15 {
				t.Errorf("%s: the cause is only %q", code, cause)
			}
			if remedy, _ := err.Remedy(); len(remedy) < 10 {
				t.Errorf("%s: the remedy is only %q", code, remedy)
			}
		}
	}
}

func TestEveryExplanationIsWholeAndFilledIn(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]*\}`)
	for code, e := range explanations {
		if e.kind == "" || e.cause == "" || e.remedy == "" {
			t.Errorf("%s is explained by halves: %+v", code, e)
		}
		err := refusedWith(code)
		remedy, command := err.Remedy()
		for _, text := range []string{err.Error(), remedy, strings.Join(command, " ")} {
			if left := placeholder.FindString(text); left != "" {
				t.Errorf("%s: %s is left over in %q", code, left, text)
			}
			if strings.Contains(text, "..") || strings.HasSuffix(text, " ") || strings.Contains(text, "  ") {
				t.Errorf("%s: untidy: %q", code, text)
			}
		}
	}
}

func TestARefinedCodeMeansWhatItsFamilyMeans(t *testing.T) {
	for code, kind := range map[string]Kind{
		"Throttling.User": KindUnavailable, "Throttling.Api": KindUnavailable, "Throttling.User.Burst": KindUnavailable,
		"Forbidden.RAM": KindIdentity, "Forbidden.SubUser": KindIdentity, "NoPermission.Policy": KindIdentity,
		"InternalError.Dispatch": KindUnavailable, "ServiceUnavailable.Region": KindUnavailable,
		"InvalidAccessKeyId.Inactive": KindIdentity,

		"throttling": KindOther, "Thrott": KindOther, "UserThrottling": KindOther, "ActivationId.InUse.Really": KindOther, "ActivationId": KindOther,
		"SignatureDoesNotMatch.X": KindOther, "": KindOther, ".": KindOther, "Nonsense": KindOther, "403": KindOther, "{id}": KindOther,
	} {
		if got := KindOfCode(code); got != kind {
			t.Errorf("%q: %s, want %s", code, got, kind)
		}
	}
}

// refusing holds every code, and every refinement of a family, after which it is certain that
// the request did nothing. It repeats the table on purpose: each line is a decision.
var refusing = []string{
	"RegionId.ApiNotSupported", "InstanceName.ExceedLimit", "InstanceName.InvalidPattern", "ActivationDesc.ExceedLimit",
	"ActivationLimitation.Invalid", "AddressRange.InvalidPattern", "ActivationTTL.ExceedLimit", "InvalidTagKey.Malformed",
	"InvalidTagValue.Malformed", "NumberExceed.Tags", "MissingParameter.TagKey", "Duplicate.TagKey", "InvalidClientToken.Malformed",
	"InvalidParam.PageNumber", "InvalidParam.PageSize", "InvalidParameter.NextToken", "InvalidParameter.MaxResults",
	"MissingParameter", "InvalidParameter", "InvalidAction.NotFound", "InvalidResourceGroup.NotFound", "InvalidRegionId.NotFound",
	"ActivationId.NotFound", "ActivationId.InUse", "ActivationCount.ExceedLimit", "ManagedInstanceCountExceedLimit",
	"Operation.Forbidden", "InvalidStatus.ResourceGroup", "IdempotentParameterMismatch", "RealNameAuthenticationError",
	"InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId", "SignatureDoesNotMatch", "IncompleteSignature",
	"InvalidTimeStamp.Expired", "InvalidSecurityToken.Expired", "InvalidSecurityToken.Malformed", "InvalidSecurityToken",
	"MissingSecurityToken", "NoPermission", "Forbidden",

	"Forbidden.RAM", "NoPermission.Policy", "InvalidSecurityToken.MismatchWithAccessKey", "MissingParameter.RegionId", "InvalidParameter.Format",
}

func TestOnlyACodeOfTheTableRefuses(t *testing.T) {
	for _, code := range refusing {
		if !Refuses(code) {
			t.Errorf("%s does not refuse", code)
		}
	}
	for _, code := range Codes() {
		if Refuses(code) && !slices.Contains(refusing, code) {
			t.Errorf("%s refuses, and nobody has decided so", code)
		}
	}
	for _, code := range []string{
		"", ".", "403", "Success", "OK", "Nobody.Knows", "forbidden", "Forbidden ", "ForbiddenByProxy", "Operation", "Operation.Forbidden.X", "SignatureDoesNotMatch.X",
		"Throttling", "Throttling.User", "ThrottlingUser", "Throttled", "Throttl", "IdempotentProcessing", "IdempotentProcessing.X",
		"InternalError", "InternalError.Dispatch", "InternalErrorX", "ServiceUnavailable", "ServiceUnavailable.X", "SystemBusy", "SignatureNonceUsed", "SignatureNonceUsed.X",
	} {
		if Refuses(code) {
			t.Errorf("%q refuses", code)
		}
	}
}

func TestAnErrorSaysWhatWasAttemptedOnWhatAndWhy(t *testing.T) {
	for _, test := range []struct {
		err  *Error
		want string
	}{
		{refusedWith("ActivationId.InUse"), "cannot delete 4ECEEE12: machines have registered with it"},
		{refusedWith("ActivationId.NotFound"), "cannot delete 4ECEEE12: there is no such code in region cn-beijing"},
		{refusedWith("ActivationTTL.ExceedLimit"), "cannot delete 4ECEEE12: the service allows a shorter lifetime (The words of the service)"},
		{refusedWith("Never.Heard.Of"), "cannot delete 4ECEEE12: The words of the service."},
		{&Error{Op: "list", Err: errors.New("no answer in time")}, "cannot list: no answer in time"},
		{&Error{Op: "list"}, "cannot list: no reason was given"},
		{&Error{Op: "list", Code: "Throttling"}, "cannot list: the service asks for fewer requests"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestTheServicesWordsAreNotReadAsPlaceholders(t *testing.T) {
	err := refusedWith("InvalidParameter")
	err.Err = errors.New("the value {id} of {message} is bad")
	if got := err.Cause(); got != "the service does not accept a parameter (the value {id} of {message} is bad)" {
		t.Errorf("%q", got)
	}
}

func TestTheRemedyNamesTheCommandThatHelps(t *testing.T) {
	for _, test := range []struct{ code, command string }{
		{"ActivationId.InUse", "ecs-activation disable cn-beijing/4ECEEE12"},
		{"ActivationId.NotFound", "ecs-activation list --all-regions --activation-id 4ECEEE12"},
		{"ActivationCount.ExceedLimit", "ecs-activation prune --dry-run --region cn-beijing"},
		{"Throttling.User", ""},
		{"Never.Heard.Of", ""},
	} {
		if _, command := refusedWith(test.code).Remedy(); strings.Join(command, " ") != test.command {
			t.Errorf("%s: %q, want %q", test.code, command, test.command)
		}
	}
}

func TestNoCommandNamesWhatIsNoID(t *testing.T) {
	for _, id := range []Ref{
		{RegionId: "cn-beijing", ActivationId: "$(touch x)"}, {RegionId: "cn-beijing", ActivationId: "a b"}, {RegionId: "cn-beijing"},
		{ActivationId: "--yes"}, {ActivationId: "cn-beijing/4ECE"}, {RegionId: "x;rm", ActivationId: "4ECE"},
	} {
		if _, valid := id.Word(); valid {
			t.Errorf("%q is taken for an argument", id)
		}
		err := refusedWith("ActivationId.InUse")
		err.ID = id
		if text, command := err.Remedy(); command != nil || text == "" {
			t.Errorf("%q: %q, %q", id, text, command)
		}
	}
	err := refusedWith("ActivationId.NotFound")
	err.ID = Ref{RegionId: "cn-beijing", ActivationId: "--yes"}
	if _, command := err.Remedy(); command != nil {
		t.Errorf("%q", command)
	}
}

func TestAHintTakesThePlaceOfTheRemedy(t *testing.T) {
	err := refusedWith("ActivationId.InUse")
	err.Hint, err.Command = "wait", []string{"sleep", "60"}
	if text, command := err.Remedy(); text != "wait" || len(command) != 2 {
		t.Errorf("%q, %q", text, command)
	}
	if text, command := (&Error{Op: "list", Err: errors.New("?")}).Remedy(); text != "" || command != nil {
		t.Errorf("a remedy for what nobody knows: %q, %q", text, command)
	}
}

func TestAnErrorIsKnownWhereverItIsWrapped(t *testing.T) {
	inner := refusedWith("ActivationId.InUse")
	inner.Err = context.Canceled
	wrapped := fmt.Errorf("in cn-beijing: %w", errors.Join(inner))
	switch {
	case KindOf(wrapped) != KindConflict:
		t.Errorf("kind %s", KindOf(wrapped))
	case !HasCode(wrapped, "ActivationId.InUse"), HasCode(wrapped, "ActivationId"), HasCode(nil, ""):
		t.Error("the code is not recognised")
	case !errors.Is(wrapped, context.Canceled):
		t.Error("the cause is lost")
	case KindOf(errors.New("plain")) != KindOther, KindOf(nil) != KindOther:
		t.Error("a kind for what is not an *Error")
	}
}
