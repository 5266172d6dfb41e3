package message

import (
	"errors"
	"strings"

	"ecs-activation/internal/activation"
)

// explanation is the meaning of an error code of the service and what the user can do. The cause can contain
// {message}, which is the message of the service. The remedy and the command can contain {ref}, {id}, {region} and
// {action}. The command has no name of the program; blanks separate its arguments.
type explanation struct{ cause, remedy, command string }

// explanations returns the explanation of every code of activation.Codes. Like the other tables, it is built when it is
// needed, and not at each start.
func explanations() map[string]explanation {
	return map[string]explanation{
		"RegionId.ApiNotSupported":        {"the service has no activation codes in region {region}", "choose another --region; list --all-regions omits such regions", ""},
		"InstanceName.ExceedLimit":        {"the service does not accept the length of the instance name ({message})", "give --instance-name 2 to 50 characters, as the service documents", ""},
		"InstanceName.InvalidPattern":     {"the service does not accept the instance name ({message})", `start --instance-name with a letter; use letters, digits, ".", "_", "-" and ":"`, ""},
		"ActivationDesc.ExceedLimit":      {"the service does not accept the length of the description ({message})", "give --description 1 to 100 characters, as the service documents", ""},
		"ActivationLimitation.Invalid":    {"the service does not accept this number of uses ({message})", "change --instance-count; ranges and quotas differ between accounts", ""},
		"AddressRange.InvalidPattern":     {"the service does not accept the address range ({message})", "give --ip-address-range one IPv4 address, IPv6 address or CIDR block", ""},
		"ActivationTTL.ExceedLimit":       {"the service does not accept this lifetime ({message})", "change --ttl; ranges and quotas differ between accounts", ""},
		"InvalidTagKey.Malformed":         {"the service does not accept a tag's key", `use keys of 1 to 64 characters, not starting with "aliyun" or "acs:", without "http://" and "https://"`, ""},
		"InvalidTagValue.Malformed":       {"the service does not accept a tag's value", `use values of at most 128 characters without "http://" and "https://"`, ""},
		"NumberExceed.Tags":               {"there are more tags than the service takes", "give at most 20 --tag", ""},
		"MissingParameter.TagKey":         {"a tag has no key", "write --tag key=value", ""},
		"Duplicate.TagKey":                {"a tag key is given twice", "give each --tag key once", ""},
		"InvalidClientToken.Malformed":    {"the service does not accept the client token", "use at most 64 ASCII characters in --client-token", ""},
		"InvalidParam.PageNumber":         {"the service does not accept the page number", "count pages from 1, or omit --page-number: every page is then read", ""},
		"InvalidParam.PageSize":           {"the service does not accept the page size", "request 1 to 50 codes per page, or omit --page-size", ""},
		"InvalidParameter.NextToken":      {"the service does not know the page token", "start again without --next-token", ""},
		"InvalidParameter.MaxResults":     {"the service does not accept the number of results", "request 1 to 50 with --max-results", ""},
		"MissingParameter":                {"a parameter that the service requires is missing ({message})", "give the flag of the parameter that the message names; if there is none, please report this error", ""},
		"InvalidParameter":                {"the service does not accept a parameter ({message})", "correct the value that the message names", ""},
		"InvalidAction.NotFound":          {"the endpoint does not know this operation", "check --endpoint: it must be the ECS service's", ""},
		"InvalidResourceGroup.NotFound":   {"there is no such resource group", "check --resource-group-id in the Resource Management console", ""},
		"InvalidRegionId.NotFound":        {"there is no region {region}", "check the spelling of --region; this lists the regions", "regions"},
		"ActivationId.NotFound":           {"there is no such code in region {region}", "if it was created in another region, this searches all regions", "list --all-regions --activation-id {id}"},
		"ActivationId.InUse":              {"machines have registered with it", "to stop it instead of deleting it", "disable {ref}"},
		"ActivationCount.ExceedLimit":     {"region {region} already holds as many codes as the account may have there ({message})", "delete a code that is not needed, give another --region, or ask Alibaba Cloud to raise the quota; this shows whether expired or disabled codes can be deleted", "prune --dry-run --region {region}"},
		"ManagedInstanceCountExceedLimit": {"region {region} already holds as many managed instances as the account may have there ({message})", "deregister machines that are gone, or ask Alibaba Cloud to raise the quota", ""},
		"Operation.Forbidden":             {"the service does not permit this operation for this account", "ask Alibaba Cloud why, with the request id", ""},
		"InvalidStatus.ResourceGroup":     {"the resource group is being created or deleted", "wait until the resource group is ready, then repeat the command", ""},
		"IdempotentParameterMismatch":     {"this client token was used before, with other parameters", "repeat the parameters of the first call to get its code again, or give another --client-token", ""},
		"RealNameAuthenticationError":     {"the account has not passed real-name verification", "complete it in the account console, then repeat the command", ""},
		"InvalidAccessKeyId.NotFound":     {"the service does not know this AccessKey ID", "it may be deleted, or belong to another account or site; check the identity in use", "config"},
		"InvalidAccessKeyId.Inactive":     {"this AccessKey is disabled", "enable it in the RAM console, or use another one; check the identity in use", "config"},
		"InvalidAccessKeyId":              {"the service does not accept this AccessKey ID ({message})", "a temporary one (STS.…) needs its security token; check the identity in use", "config"},
		"SignatureDoesNotMatch":           {"the AccessKey secret does not match the AccessKey ID", "check the secret for a missing character or an added space; check the identity in use", "config"},
		"IncompleteSignature":             {"the service could not verify the signature", "check the AccessKey secret; a proxy that rewrites URLs has the same effect", ""},
		"InvalidTimeStamp.Expired":        {"this machine's clock differs from the service's by more than 15 minutes ({message})", "set the clock, for example with NTP, then repeat the command", ""},
		"InvalidSecurityToken.Expired":    {"the security token has expired", "fetch new temporary credentials, then repeat the command", ""},
		"InvalidSecurityToken.Malformed":  {"the security token is not well-formed", "check ALIBABA_CLOUD_SECURITY_TOKEN or the profile's sts_token; unset it for a permanent AccessKey", ""},
		"InvalidSecurityToken":            {"the service does not accept the security token ({message})", "AccessKey ID, secret and token belong together: set all three again", ""},
		"MissingSecurityToken":            {"a temporary AccessKey was used without its security token", "set ALIBABA_CLOUD_SECURITY_TOKEN or the profile's sts_token, or use a permanent AccessKey", ""},
		"NoPermission":                    {"the account or role may not do this ({message})", "grant {action} in a RAM policy; check the identity in use", "config"},
		"Forbidden":                       {"the account or role may not do this ({message})", "grant {action} in a RAM policy; check the identity in use", "config"},
		"IdempotentProcessing":            {"the first request with this client token is still being processed", "repeat the command with the same --client-token in a moment", ""},
		"Throttling":                      {"the service is throttling requests", "wait a minute, then repeat the command; --timeout lets it wait longer", ""},
		"ServiceUnavailable":              {"the service is temporarily unavailable", "repeat the command later; --timeout lets it wait longer", ""},
		"SystemBusy":                      {"the service is busy", "repeat the command later; --timeout lets it wait longer", ""},
		"InternalError":                   {"the service had an internal error ({message})", "repeat the command; if the error persists, give Alibaba Cloud the request id", ""},
		"SignatureNonceUsed":              {"the service received this request before", "repeat the command", ""},
	}
}

// causeOf returns the reason of an error, without the operation that failed.
func causeOf(l Language, err error) string {
	var known *activation.Error
	if errors.As(err, &known) {
		return knownCause(l, known)
	}
	return reason(l, err)
}

// knownCause returns the reason of an error: the text in the table for a documented code, otherwise the text of
// the error.
func knownCause(l Language, e *activation.Error) string {
	name, known := activation.Known(e.Code)
	switch {
	case known:
		return fill(l, l.Find(explanations()[name].cause), e)
	case e.Err != nil:
		return reason(l, e.Err)
	case e.Code != "":
		return e.Code
	}
	return l.Text("no reason was given")
}

// fill returns a text with the facts of an error in place of the names in braces.
func fill(l Language, text string, e *activation.Error) string {
	action, message := l.Text("the action"), l.Text("no reason was given")
	if e.Action != "" {
		action = "ecs:" + e.Action
	}
	if e.Err != nil {
		message = strings.TrimSuffix(e.Err.Error(), ".")
	}
	return strings.NewReplacer("{ref}", e.ID.String(), "{id}", e.ID.ActivationId, "{region}", e.ID.RegionId, "{action}", action, "{message}", message).Replace(text)
}

// remedy returns what the user can do about an error code of the service, and the arguments of the command that
// does it. Both are empty if nothing is known to help.
func remedy(l Language, flags Flags, e *activation.Error) (text string, command []string) {
	name, _ := activation.Known(e.Code)
	explained := explanations()[name]
	if _, valid := (activation.Ref{ActivationId: e.ID.ActivationId}).Word(); name == "ActivationId.NotFound" && valid {
		if text, command = notAnID(l, e.ID); text != "" {
			return text, command
		}
	}
	switch flag := missingFlag(flags, e); {
	case flag != "":
		return l.Text("this service requires it: add %s", flag), nil
	case explained.command == "":
		return fill(l, l.Find(explained.remedy), e), nil
	case !canName(e.ID, explained.command):
		return l.Text("no command can be given: its ID or region is not valid"), nil
	}
	command = []string{Program}
	for _, word := range strings.Fields(explained.command) {
		command = append(command, fill(l, word, e))
	}
	return fill(l, l.Find(explained.remedy), e), command
}

// notAnID returns what to do about a text that is not written as the service writes IDs: an ID in lower-case
// letters, or a name. It returns "" for a text that may be an ID.
func notAnID(l Language, ref activation.Ref) (text string, command []string) {
	id, upper := ref.ActivationId, strings.ToUpper(ref.ActivationId)
	switch {
	case id == upper:
		return "", nil
	case len(id) == len("4ECEEE12-56F1-4FBC-9AB1-890F12345678") && strings.Trim(upper, "0123456789ABCDEF-") == "":
		return l.Text("the service writes IDs in capital letters"), []string{Program, "show", activation.Ref{RegionId: ref.RegionId, ActivationId: upper}.String()}
	}
	return l.Text("if this is an instance name, this finds its codes"), []string{Program, "list", "--all-regions", "--instance-name", id}
}

// missingFlag returns the flag of the command for a parameter that the service says is missing, or "".
func missingFlag(flags Flags, e *activation.Error) string {
	if e.Code != "MissingParameter" || e.Err == nil {
		return ""
	}
	_, after, _ := strings.Cut(e.Err.Error(), `"`)
	parameter, _, quoted := strings.Cut(after, `"`)
	if flag := flags.of(parameter); quoted && flag.Exists {
		return flag.Name
	}
	return ""
}

// canName reports whether the ID and the region that a command needs can be arguments of it. They can come from
// the service, which can send any text.
func canName(id activation.Ref, command string) bool {
	region := id.RegionId
	if strings.Contains(command, "{id}") {
		id.RegionId = ""
	}
	_, valid := id.Word()
	return (valid || !strings.Contains(command, "{ref}") && !strings.Contains(command, "{id}")) &&
		(activation.CheckRegion(region) == nil || !strings.Contains(command, "{region}"))
}
