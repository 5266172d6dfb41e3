package activation

import (
	"maps"
	"slices"
	"strings"
)

// A fact is what we know about a code of the service: its kind, and the parameter of the API that it
// complains about, if it is about one. What a code means for people is in package message.
type fact struct {
	kind      Kind
	parameter string
}

// Refuses reports whether a code of the service says that the request it answers did nothing
// and will do nothing. These are the codes of the table below that are not worth a retry: the
// pages of the operations document them as errors of the request, of the state or of the
// identity. It reports false for every code that the table does not have, and for those whose
// request may have been carried out, or may still be: throttling, IdempotentProcessing,
// SignatureNonceUsed (an earlier copy of the request was accepted) and trouble inside the service.
//
// IdempotentParameterMismatch refuses this request, but an earlier one with the same token and
// other parameters was carried out. That was not a request of the call that meets it, which
// sends the same parameters each time. Who keeps a record of earlier calls keeps it.
func Refuses(code string) bool {
	name, known := Known(code)
	return known && codes[name].kind != KindUnavailable
}

// Throttles reports whether a code of the service asks for fewer requests. Its spellings vary
// (Throttling, Throttling.User, ThrottlingUser), so the beginning decides.
func Throttles(code string) bool { return strings.HasPrefix(code, "Throttl") }

// IsTemporary reports whether a request that was answered with this code may succeed later.
func IsTemporary(code string) bool {
	if Throttles(code) {
		return true
	}
	for _, family := range []string{"ServiceUnavailable", "SystemBusy", "InternalError", "IdempotentProcessing", "SignatureNonceUsed"} {
		if code == family || strings.HasPrefix(code, family+".") {
			return true
		}
	}
	return false
}

// Known returns the code of our table that a code of the service counts as, and whether there is one.
// The service refines codes with a suffix: Forbidden.RAM counts as Forbidden.
func Known(code string) (name string, known bool) {
	family, _, refined := strings.Cut(code, ".")
	switch _, known := codes[code]; {
	case known:
		return code, true
	case Throttles(code):
		return "Throttling", true
	case refined && families[family]:
		return family, true
	}
	return "", false
}

// families are the codes whose refinements mean the same.
var families = map[string]bool{"InvalidSecurityToken": true, "Forbidden": true, "NoPermission": true, "InternalError": true, "ServiceUnavailable": true, "InvalidParameter": true, "MissingParameter": true}

// codes holds every code that the pages of the four operations document (their dates:
// CreateActivation 2026-06-25, DescribeActivations 2024-01-17, the others undated) and those
// common to every operation. The kind also decides what Refuses reports: a code is of
// KindUnavailable unless it is certain that the request it answers did nothing.
var codes = map[string]fact{
	// Values. The request is wrong as it stands.
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

	// State. The code, the quota or the account does not allow it.
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

// Codes returns every code of the table, in alphabetical order.
func Codes() []string { return slices.Sorted(maps.Keys(codes)) }
