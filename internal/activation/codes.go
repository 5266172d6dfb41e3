package activation

import (
	"maps"
	"slices"
	"strings"
)

// A fact is the kind of an error code of the service, and the parameter of the API that it is about, if any.
// Package message has the texts for people.
type fact struct {
	kind      Kind
	parameter string
}

// Refuses reports whether an error code means that the service did not execute the request and will not do
// so. This is true of the codes in the table below that are not worth a retry: the documentation describes
// them as errors of the request, of the state or of the identity. It is false for unknown codes, and for
// codes whose request may have been executed or may still be: throttling, IdempotentProcessing,
// SignatureNonceUsed (the service accepted an earlier copy of the request) and internal errors.
//
// IdempotentParameterMismatch refuses this request, but the service has executed an earlier request with
// the same token and other parameters. That request belongs to another call, because one call always sends
// the same parameters. A record of that other call must be kept.
func Refuses(code string) bool {
	name, known := Known(code)
	return known && codes()[name].kind != KindUnavailable
}

// Throttles reports whether an error code means that the service throttles requests. There are several such
// codes (Throttling, Throttling.User, ThrottlingUser), so it compares only the prefix.
func Throttles(code string) bool { return strings.HasPrefix(code, "Throttl") }

// IsTemporary reports whether a request that failed with this error code may succeed later.
func IsTemporary(code string) bool { return KindOfCode(code) == KindUnavailable }

// KindOfCode returns the kind of an error code of the service. It depends on the code and not on the HTTP
// status, which is 404 for InvalidAccessKeyId.NotFound.
func KindOfCode(code string) Kind {
	if name, known := Known(code); known {
		return codes()[name].kind
	}
	return KindOther
}

// Known returns the code in the table below that applies to a code of the service, and whether there is one.
// The service adds suffixes to codes: the entry of Forbidden applies to Forbidden.RAM.
func Known(code string) (name string, known bool) {
	family, _, refined := strings.Cut(code, ".")
	switch _, known := codes()[code]; {
	case known:
		return code, true
	case Throttles(code):
		return "Throttling", true
	case refined && slices.Contains(families[:], family):
		return family, true
	}
	return "", false
}

// families are the codes whose entry also applies to codes with a suffix.
var families = [...]string{"InvalidSecurityToken", "Forbidden", "NoPermission", "InvalidParameter", "MissingParameter",
	"InternalError", "ServiceUnavailable", "SystemBusy", "IdempotentProcessing", "SignatureNonceUsed"}

// codes returns all codes that the pages of the four operations document (CreateActivation 2026-06-25,
// DescribeActivations 2024-01-17, the others without a date) and the codes common to all operations. Refuses
// depends on the kind: a code has KindUnavailable unless it is certain that the request was not executed.
func codes() map[string]fact {
	return map[string]fact{
		// Values: the request is not valid.
		"RegionId.ApiNotSupported":      {KindUsage, ""},
		"InstanceName.ExceedLimit":      {KindUsage, "InstanceName"},
		"InstanceName.InvalidPattern":   {KindUsage, "InstanceName"},
		"ActivationDesc.ExceedLimit":    {KindUsage, "Description"},
		"ActivationLimitation.Invalid":  {KindUsage, "InstanceCount"},
		"AddressRange.InvalidPattern":   {KindUsage, "IpAddressRange"},
		"ActivationTTL.ExceedLimit":     {KindUsage, "TimeToLiveInHours"},
		"InvalidTagKey.Malformed":       {KindUsage, "Tag"},
		"InvalidTagValue.Malformed":     {KindUsage, "Tag"},
		"NumberExceed.Tags":             {KindUsage, ""},
		"MissingParameter.TagKey":       {KindUsage, "Tag"},
		"Duplicate.TagKey":              {KindUsage, "Tag"},
		"InvalidClientToken.Malformed":  {KindUsage, "ClientToken"},
		"InvalidParam.PageNumber":       {KindUsage, "PageNumber"},
		"InvalidParam.PageSize":         {KindUsage, "PageSize"},
		"InvalidParameter.NextToken":    {KindUsage, "NextToken"},
		"InvalidParameter.MaxResults":   {KindUsage, "MaxResults"},
		"MissingParameter":              {KindUsage, ""},
		"InvalidParameter":              {KindUsage, ""},
		"InvalidAction.NotFound":        {KindUsage, ""},
		"InvalidResourceGroup.NotFound": {KindNotFound, "ResourceGroupId"},
		"InvalidRegionId.NotFound":      {KindNotFound, ""},
		"ActivationId.NotFound":         {KindNotFound, ""},

		// State: the code, the quota or the account does not allow the request.
		"ActivationId.InUse":              {KindConflict, ""},
		"ActivationCount.ExceedLimit":     {KindConflict, ""},
		"ManagedInstanceCountExceedLimit": {KindConflict, ""},
		"Operation.Forbidden":             {KindConflict, ""},
		"InvalidStatus.ResourceGroup":     {KindConflict, "ResourceGroupId"},
		"IdempotentParameterMismatch":     {KindConflict, ""},

		// Identity: the keys and their permissions.
		"RealNameAuthenticationError":    {KindIdentity, ""},
		"InvalidAccessKeyId.NotFound":    {KindIdentity, ""},
		"InvalidAccessKeyId.Inactive":    {KindIdentity, ""},
		"InvalidAccessKeyId":             {KindIdentity, ""},
		"SignatureDoesNotMatch":          {KindIdentity, ""},
		"IncompleteSignature":            {KindIdentity, ""},
		"InvalidTimeStamp.Expired":       {KindIdentity, ""},
		"InvalidSecurityToken.Expired":   {KindIdentity, ""},
		"InvalidSecurityToken.Malformed": {KindIdentity, ""},
		"InvalidSecurityToken":           {KindIdentity, ""},
		"MissingSecurityToken":           {KindIdentity, ""},
		"NoPermission":                   {KindIdentity, ""},
		"Forbidden":                      {KindIdentity, ""},

		// Worth retrying.
		"IdempotentProcessing": {KindUnavailable, ""},
		"Throttling":           {KindUnavailable, ""},
		"ServiceUnavailable":   {KindUnavailable, ""},
		"SystemBusy":           {KindUnavailable, ""},
		"InternalError":        {KindUnavailable, ""},
		"SignatureNonceUsed":   {KindUnavailable, ""},
	}
}

// Codes returns every code of the table, in alphabetical order.
func Codes() []string { return slices.Sorted(maps.Keys(codes())) }
