package activation

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one value that breaks one rule. Parameter is the API's word for it.
type Problem struct {
	Parameter string
	Value     string
	Rule      string
	Source    string // page and date; empty for what common sense forbids
	Judged    bool   // the service judges it as well, so a lenient check leaves it out
}

// Problems are all that is wrong with a request, in the order of its parameters.
type Problems []Problem

// Error joins the problems in one line, for logs; the command line prints one a line.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, one := range p {
		texts[i] = fmt.Sprintf("%s %q %s", one.Parameter, one.Value, one.Rule)
	}
	return strings.Join(texts, "; ")
}

// Add notes a problem; without a source the rule is ours, not the service's.
func (p *Problems) Add(parameter, value, rule, source string) {
	*p = append(*p, Problem{Parameter: parameter, Value: value, Rule: rule, Source: source})
}

// namedWell says whether an instance name prefix has the documented form (CreateActivation,
// 2026-06-25). It leaves no room for the "http://" that the page forbids besides.
func namedWell(name string) bool {
	return madeOf(name, letters+digits+"._:-", len(name)) && strings.Contains(letters, name[:1])
}

// Validate returns everything about the request that the documents forbid. With lenient it
// leaves to the service what the service judges: ranges, lengths, patterns and tag rules.
// What protects the user is checked always.
func (r CreateRequest) Validate(lenient bool) Problems {
	c := check{lenient: lenient}
	c.region(r.RegionId)
	c.text("InstanceName", r.InstanceName)
	c.text("Description", r.Description)
	c.text("IpAddressRange", r.IpAddressRange)
	c.text("ResourceGroupId", r.ResourceGroupId)
	c.clientToken(r.ClientToken)
	c.instanceName(r.InstanceName)
	c.length("Description", r.Description, descriptionLength)
	c.number("InstanceCount", r.InstanceCount, instanceCount, "")
	c.number("TimeToLiveInHours", r.TimeToLiveInHours, timeToLive, " hours")
	c.addressRange(r.IpAddressRange)
	c.resourceGroup(r.ResourceGroupId)
	c.tags(r.Tags)
	return c.problems
}

// Validate returns everything about the request that the documents forbid.
func (r ListRequest) Validate() Problems {
	c := check{}
	c.region(r.RegionId)
	if r.ActivationId != "" && !isActivationId(r.ActivationId) {
		c.problems.Add("ActivationId", r.ActivationId, "must be 1 to 64 letters, digits and hyphens", "")
	}
	c.text("InstanceName", r.InstanceName)
	c.text("ResourceGroupId", r.ResourceGroupId)
	c.text("NextToken", r.NextToken)
	c.number("PageNumber", r.PageNumber, pageNumber, "")
	c.number("PageSize", r.PageSize, pageSize, "")
	c.number("MaxResults", r.MaxResults, pageSize, "")
	seen := map[string]bool{}
	for _, t := range r.Tags {
		c.judge(!seen[t.Key], "Tag", t.Key, "is given twice: tag keys must be unique", pageDescribe)
		seen[t.Key] = true
		c.tagText(t.Key, t.Value)
	}
	c.most("Tag", len(r.Tags))
	return c.problems
}

// check gathers problems.
type check struct {
	lenient  bool
	problems Problems
}

// judge notes a problem with what the service would judge itself.
func (c *check) judge(ok bool, parameter, value, rule, source string) {
	if !ok && !c.lenient {
		c.problems = append(c.problems, Problem{parameter, value, rule, source, true})
	}
}

func (c *check) region(region string) {
	if region == "" {
		c.problems.Add("RegionId", region, "is not set: give --region, or set ALIBABA_CLOUD_REGION_ID", "")
	} else if err := CheckRegion(region); err != nil {
		c.problems.Add("RegionId", region, strings.TrimPrefix(err.Error(), fmt.Sprintf("%q ", region)), "")
	}
}

// text refuses what no parameter of the service may hold and no terminal should show.
func (c *check) text(parameter, value string) bool {
	ok := utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
	if !ok {
		c.problems.Add(parameter, value, "must be UTF-8 without control characters", "")
	}
	return ok
}

func (c *check) clientToken(token string) {
	printable := !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
	if !printable || len(token) > clientTokenLength.Max {
		c.problems.Add("ClientToken", token, fmt.Sprintf("must be at most %d ASCII characters, without spaces", clientTokenLength.Max), clientTokenLength.Source)
	}
}

func (c *check) instanceName(name string) {
	if name == "" {
		return
	}
	c.judge(namedWell(name), "InstanceName", name,
		`must start with a letter and hold only letters, digits, ".", "_", "-" and ":"`, nameLength.Source)
	c.length("InstanceName", name, nameLength)
}

func (c *check) length(parameter, value string, l limit) {
	n := utf8.RuneCountInString(value)
	c.judge(value == "" || l.holds(n), parameter, value,
		fmt.Sprintf("must be %d to %d characters long, not %d", l.Min, l.Max, n), l.Source)
}

func (c *check) number(parameter string, n int, l limit, unit string) {
	c.judge(n == 0 || l.holds(n), parameter, fmt.Sprint(n),
		fmt.Sprintf("must be %d to %d%s", l.Min, l.Max, unit), l.Source)
}

// addressRange accepts host bits in a CIDR block, as the service does, but no zone: a zone
// names an interface of one machine.
func (c *check) addressRange(text string) {
	if text == "" {
		return
	}
	c.judge(isAddressRange(text), "IpAddressRange", text,
		"must be one IPv4 address, IPv6 address or CIDR block", pageCreate)
}

func isAddressRange(text string) bool {
	if strings.Contains(text, "/") {
		_, err := netip.ParsePrefix(text)
		return err == nil
	}
	address, err := netip.ParseAddr(text)
	return err == nil && address.Zone() == ""
}

func (c *check) resourceGroup(id string) {
	c.judge(id == "" || strings.HasPrefix(id, "rg-"), "ResourceGroupId", id,
		`must start with "rg-"`, pageCreate)
}

func (c *check) tags(tags []Tag) {
	c.most("Tag", len(tags))
	seen := map[string]bool{}
	for _, t := range tags {
		c.judge(!seen[t.TagKey], "Tag", t.TagKey, "is given twice: tag keys must be unique", pageCreate)
		seen[t.TagKey] = true
		c.tagText(t.TagKey, &t.TagValue)
	}
}

func (c *check) most(parameter string, n int) {
	c.judge(tagCount.holds(n), parameter, fmt.Sprint(n), fmt.Sprintf("are too many: at most %d", tagCount.Max), tagCount.Source)
}

// tagText checks the key and, when there is one, the value of a tag.
func (c *check) tagText(key string, value *string) {
	whole := key
	if value != nil {
		whole += "=" + *value
	}
	if !c.text("Tag", whole) {
		return
	}
	c.judge(tagKeyLength.holds(utf8.RuneCountInString(key)), "Tag", whole,
		fmt.Sprintf("must have a key of %d to %d characters", tagKeyLength.Min, tagKeyLength.Max), tagKeyLength.Source)
	c.judge(!strings.HasPrefix(key, "aliyun") && !strings.HasPrefix(key, "acs:"), "Tag", whole,
		`must have a key that does not start with "aliyun" or "acs:"`, pageCreate)
	c.judge(!strings.Contains(whole, "http://") && !strings.Contains(whole, "https://"), "Tag", whole,
		`must not hold "http://" or "https://"`, pageCreate)
	if value != nil {
		c.judge(tagValueLength.holds(utf8.RuneCountInString(*value)), "Tag", whole,
			fmt.Sprintf("must have a value of at most %d characters", tagValueLength.Max), tagValueLength.Source)
	}
}

// ValidateRegion returns what is wrong with the region of a command, if anything is.
func ValidateRegion(region string) Problems {
	c := check{}
	c.region(region)
	return c.problems
}
