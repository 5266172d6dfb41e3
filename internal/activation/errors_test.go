package activation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// documented has all error codes of the documentation and the common ones (reference/api.md, "Errors"), with the
// kinds that determine the exit codes.
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

func TestKindOfCode(t *testing.T) {
	for kind, codes := range documented {
		for _, code := range codes {
			if got := KindOfCode(code); got != kind {
				t.Errorf("%s: kind %s, want %s", code, got, kind)
			}
		}
	}
}

func TestCodeWithASuffixHasTheKindOfItsFamily(t *testing.T) {
	for code, kind := range map[string]Kind{
		"Throttling.User": KindUnavailable, "Throttling.Api": KindUnavailable, "Throttling.User.Burst": KindUnavailable,
		"Forbidden.RAM": KindIdentity, "Forbidden.SubUser": KindIdentity, "NoPermission.Policy": KindIdentity,
		"InternalError.Dispatch": KindUnavailable, "ServiceUnavailable.Region": KindUnavailable, "SystemBusy.Now": KindUnavailable,
		"InvalidAccessKeyId.Inactive": KindIdentity,

		"throttling": KindOther, "Thrott": KindOther, "UserThrottling": KindOther, "ActivationId.InUse.Really": KindOther, "ActivationId": KindOther,
		"SignatureDoesNotMatch.X": KindOther, "": KindOther, ".": KindOther, "Nonsense": KindOther, "403": KindOther, "{id}": KindOther,
	} {
		if got := KindOfCode(code); got != kind {
			t.Errorf("%q: %s, want %s", code, got, kind)
		}
	}
}

// refusing has all codes, and codes with suffixes, after which it is certain that the request was not executed. It
// repeats the table deliberately, so that each change of the table needs a change here.
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

func TestRefuses(t *testing.T) {
	for _, code := range refusing {
		if !Refuses(code) {
			t.Errorf("%s does not refuse", code)
		}
	}
	for _, code := range Codes() {
		if Refuses(code) && !slices.Contains(refusing, code) {
			t.Errorf("%s refuses, but is not in the list of this test", code)
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

func TestErrorText(t *testing.T) {
	for _, test := range []struct {
		err  *Error
		want string
	}{
		{refusedWith("ActivationId.InUse"), "cannot delete 4ECEEE12: The words of the service."},
		{&Error{Op: "list", Err: errors.New("timed out")}, "cannot list: timed out"},
		{&Error{Op: "list", Code: "Throttling"}, "cannot list: Throttling"},
		{&Error{Op: "list"}, "cannot list: no reason was given"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestWrappedErrors(t *testing.T) {
	inner := refusedWith("ActivationId.InUse")
	inner.Err = context.Canceled
	wrapped := fmt.Errorf("in cn-beijing: %w", errors.Join(inner))
	switch {
	case KindOf(wrapped) != KindConflict:
		t.Errorf("kind %s", KindOf(wrapped))
	case !HasCode(wrapped, "ActivationId.InUse"), HasCode(wrapped, "ActivationId"), HasCode(nil, ""):
		t.Error("the code is not recognized")
	case !errors.Is(wrapped, context.Canceled):
		t.Error("the cause is lost")
	case KindOf(errors.New("plain")) != KindOther, KindOf(nil) != KindOther:
		t.Error("a kind for what is not an *Error")
	}
}
