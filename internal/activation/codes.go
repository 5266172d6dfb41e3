package activation

import (
	"maps"
	"slices"
	"strings"
)

// explanation is what we know about a code of the service: its kind, why it happens, and what
// to do. Cause may quote the service with {message}; remedy and command may name {ref}, {id},
// {region} and {action}; command is a command line of ours without the program's name, whose words
// are separated by blanks.
type explanation struct {
	kind                   Kind
	cause, remedy, command string
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
	e, known := explain(code)
	return known && e.kind != KindUnavailable
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

// explain returns what is known about a code, and whether anything is. Codes that the service
// refines with a suffix (Forbidden.RAM) fall back to their first word.
func explain(code string) (explanation, bool) {
	if e, known := explanations[code]; known {
		return e, true
	}
	if Throttles(code) {
		return explanations["Throttling"], true
	}
	family, _, refined := strings.Cut(code, ".")
	e, known := explanations[family]
	return e, refined && known && families[family]
}

// families are the codes whose refinements mean the same.
var families = map[string]bool{"InvalidSecurityToken": true, "Forbidden": true, "NoPermission": true, "InternalError": true, "ServiceUnavailable": true, "InvalidParameter": true, "MissingParameter": true}

// quotasDiffer ends the remedy for values whose range the service judges differently than we do.
const quotasDiffer = "ranges and quotas differ between accounts; this is what the service allows yours"

// explanations holds every code that the pages of the four operations document (their dates:
// CreateActivation 2026-06-25, DescribeActivations 2024-01-17, the others undated) and those
// common to every operation. The kind also decides what Refuses reports: a code is of
// KindUnavailable unless it is certain that the request it answers did nothing.
var explanations = map[string]explanation{
	// Values. The request is wrong as it stands.
	"RegionId.ApiNotSupported":      {KindUsage, "the service has no activation codes in region {region}", "choose another --region; list --all-regions leaves such regions out", ""},
	"InstanceName.ExceedLimit":      {KindUsage, "the instance name is too long for the service ({message})", "shorten --instance-name: 2 to 50 characters are documented", ""},
	"InstanceName.InvalidPattern":   {KindUsage, "the service does not accept the instance name ({message})", "start --instance-name with a letter; use letters, digits, \".\", \"_\", \"-\" and \":\"", ""},
	"ActivationDesc.ExceedLimit":    {KindUsage, "the description is too long for the service ({message})", "shorten --description: 1 to 100 characters are documented", ""},
	"ActivationLimitation.Invalid":  {KindUsage, "the service allows fewer uses ({message})", "lower --instance-count; " + quotasDiffer, ""},
	"AddressRange.InvalidPattern":   {KindUsage, "the service does not accept the address range ({message})", "give --ip-address-range one IPv4 address, IPv6 address or CIDR block", ""},
	"ActivationTTL.ExceedLimit":     {KindUsage, "the service allows a shorter lifetime ({message})", "lower --ttl; " + quotasDiffer, ""},
	"InvalidTagKey.Malformed":       {KindUsage, "the service does not accept a tag's key", "use keys of 1 to 64 characters, not starting with \"aliyun\" or \"acs:\", without \"http://\" and \"https://\"", ""},
	"InvalidTagValue.Malformed":     {KindUsage, "the service does not accept a tag's value", "use values of at most 128 characters without \"http://\" and \"https://\"", ""},
	"NumberExceed.Tags":             {KindUsage, "there are more tags than the service takes", "give at most 20 --tag", ""},
	"MissingParameter.TagKey":       {KindUsage, "a tag has no key", "write --tag key=value", ""},
	"Duplicate.TagKey":              {KindUsage, "a tag key is given twice", "give each --tag key once", ""},
	"InvalidClientToken.Malformed":  {KindUsage, "the service does not accept the client token", "use at most 64 ASCII characters in --client-token", ""},
	"InvalidParam.PageNumber":       {KindUsage, "the service does not accept the page number", "count pages from 1, or leave --page-number out: every page is then read by itself", ""},
	"InvalidParam.PageSize":         {KindUsage, "the service does not accept the page size", "ask for 1 to 50 codes per page, or leave --page-size out", ""},
	"InvalidParameter.NextToken":    {KindUsage, "the service does not know the page token", "tokens live shortly: start again without --next-token", ""},
	"InvalidParameter.MaxResults":   {KindUsage, "the service does not accept the number of results", "ask for 1 to 50 with --max-results", ""},
	"MissingParameter":              {KindUsage, "the service misses a parameter ({message})", "please report this: the tool should have sent it", ""},
	"InvalidParameter":              {KindUsage, "the service does not accept a parameter ({message})", "correct the value that the message names", ""},
	"InvalidAction.NotFound":        {KindUsage, "the endpoint does not know this operation", "check --endpoint: it must be the ECS service's", ""},
	"InvalidResourceGroup.NotFound": {KindNotFound, "there is no such resource group", "check --resource-group-id in the Resource Management console", ""},
	"InvalidRegionId.NotFound":      {KindNotFound, "there is no region {region}", "check --region for a typing error", ""},
	"ActivationId.NotFound":         {KindNotFound, "there is no such code in region {region}", "was it made in another region? This looks everywhere", "list --all-regions --activation-id {id}"},

	// State. The code, the quota or the account stands in the way.
	"ActivationId.InUse":              {KindConflict, "machines have registered with it", "it can still be stopped", "disable {ref}"},
	"ActivationCount.ExceedLimit":     {KindConflict, "region {region} already holds as many codes as the account may have there ({message})", "this shows which dead codes can go; without --dry-run it deletes them", "prune --dry-run --region {region}"},
	"ManagedInstanceCountExceedLimit": {KindConflict, "region {region} already holds as many managed instances as the account may have there ({message})", "deregister machines that are gone, or ask Alibaba Cloud to raise the quota", ""},
	"Operation.Forbidden":             {KindConflict, "the service does not permit this operation for this account", "ask Alibaba Cloud why, with the request id", ""},
	"InvalidStatus.ResourceGroup":     {KindConflict, "the resource group is being created or deleted", "wait until the resource group is ready, then repeat the command", ""},
	"IdempotentParameterMismatch":     {KindConflict, "this client token was used before, with other parameters", "repeat the parameters of the first call to get its code again, or give another --client-token", ""},

	// Identity. Who asks, and what they may do.
	"RealNameAuthenticationError":    {KindIdentity, "the account has not passed real-name verification", "complete it in the account console, then repeat the command", ""},
	"InvalidAccessKeyId.NotFound":    {KindIdentity, "the service does not know this AccessKey ID", "was it deleted, or is it of another account or site? See which one is in force", "config"},
	"InvalidAccessKeyId.Inactive":    {KindIdentity, "this AccessKey is disabled", "enable it in the RAM console, or use another one; see which one is in force", "config"},
	"InvalidAccessKeyId":             {KindIdentity, "the service does not accept this AccessKey ID ({message})", "a temporary one (STS.…) needs its security token; see what is in force", "config"},
	"SignatureDoesNotMatch":          {KindIdentity, "the AccessKey secret does not fit the AccessKey ID", "check the secret for a missing character or a stray blank; see which one is in force", "config"},
	"IncompleteSignature":            {KindIdentity, "the service could not verify the signature", "check the AccessKey secret; a proxy that rewrites URLs has the same effect", ""},
	"InvalidTimeStamp.Expired":       {KindIdentity, "this machine's clock differs from the service's by more than 15 minutes ({message})", "set the clock, for example with NTP, then repeat the command", ""},
	"InvalidSecurityToken.Expired":   {KindIdentity, "the security token has expired", "fetch new temporary credentials, then repeat the command", ""},
	"InvalidSecurityToken.Malformed": {KindIdentity, "the security token is not well-formed", "check ALIBABA_CLOUD_SECURITY_TOKEN or the profile's sts_token; unset it for a permanent AccessKey", ""},
	"InvalidSecurityToken":           {KindIdentity, "the service does not accept the security token ({message})", "the AccessKey, its secret and the token come together: set all three anew", ""},
	"MissingSecurityToken":           {KindIdentity, "a temporary AccessKey was used without its security token", "set ALIBABA_CLOUD_SECURITY_TOKEN or the profile's sts_token, or use a permanent AccessKey", ""},
	"NoPermission":                   {KindIdentity, "the account or role may not do this ({message})", "have a RAM policy grant it {action}; see who is asking", "config"},
	"Forbidden":                      {KindIdentity, "the account or role may not do this ({message})", "have a RAM policy grant it {action}; see who is asking", "config"},

	// Worth retrying. The tool has already tried as long as --timeout allowed.
	"IdempotentProcessing": {KindUnavailable, "the first request with this client token is still being processed", "repeat the command with the same --client-token in a moment", ""},
	"Throttling":           {KindUnavailable, "the service asks for fewer requests", "wait a minute, then repeat the command; --timeout lets it wait longer", ""},
	"ServiceUnavailable":   {KindUnavailable, "the service is temporarily unavailable", "repeat the command later; --timeout lets it wait longer", ""},
	"SystemBusy":           {KindUnavailable, "the service is busy", "repeat the command later; --timeout lets it wait longer", ""},
	"InternalError":        {KindUnavailable, "the service had an internal error ({message})", "repeat the command; if it goes on, tell Alibaba Cloud the request id", ""},
	"SignatureNonceUsed":   {KindUnavailable, "the service saw this request before", "repeat the command", ""},
}

// parameters are those that a code complains about, so that their values can be shown.
var parameters = map[string]string{
	"InstanceName.ExceedLimit": "InstanceName", "InstanceName.InvalidPattern": "InstanceName", "ActivationDesc.ExceedLimit": "Description",
	"ActivationLimitation.Invalid": "InstanceCount", "AddressRange.InvalidPattern": "IpAddressRange", "ActivationTTL.ExceedLimit": "TimeToLiveInHours",
	"InvalidTagKey.Malformed": "Tag", "InvalidTagValue.Malformed": "Tag", "MissingParameter.TagKey": "Tag", "Duplicate.TagKey": "Tag",
	"InvalidClientToken.Malformed": "ClientToken", "InvalidResourceGroup.NotFound": "ResourceGroupId", "InvalidStatus.ResourceGroup": "ResourceGroupId",
	"InvalidParam.PageNumber": "PageNumber", "InvalidParam.PageSize": "PageSize", "InvalidParameter.NextToken": "NextToken", "InvalidParameter.MaxResults": "MaxResults",
}

// Codes returns every code of the service that has an explanation, in alphabetical order.
func Codes() []string { return slices.Sorted(maps.Keys(explanations)) }
