package activation

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one value that breaks one rule. Parameter is its name in the API.
type Problem struct {
	Parameter string
	Value     string
	Rule      error  // of a type in rule.go, or of the package whose rule it is
	Source    Source // of the rule; zero if the rule is not from the documentation
	Judged    bool   // the service checks the rule as well, so a lenient check skips it
}

// Problems are all problems of a request, in the order of its parameters.
type Problems []Problem

// Error returns the problems on one line, for logs. Package message writes one line for each.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, one := range p {
		texts[i] = fmt.Sprintf("%s %q: %v", one.Parameter, one.Value, one.Rule)
	}
	return strings.Join(texts, "; ")
}

// Add adds a problem with a rule that is not from the documentation.
func (p *Problems) Add(parameter, value string, rule error) {
	*p = append(*p, Problem{Parameter: parameter, Value: value, Rule: rule})
}

// validName reports whether an instance name prefix has the documented form (CreateActivation,
// 2026-06-25). This form also excludes "http://", which the page forbids.
func validName(name string) bool {
	return consistsOf(name, letters+digits+"._:-", len(name)) && strings.Contains(letters, name[:1])
}

// Validate returns all problems of the request. With lenient it skips the rules that the service checks as
// well: ranges, lengths, patterns and the rules for tags. It always checks the rules that protect the user.
func (r CreateRequest) Validate(lenient bool) Problems {
	c := check{lenient: lenient, page: pageCreate}
	c.region(r.RegionId)
	c.text("InstanceName", r.InstanceName)
	c.text("Description", r.Description)
	c.text("IpAddressRange", r.IpAddressRange)
	c.text("ResourceGroupId", r.ResourceGroupId)
	c.clientToken(r.ClientToken)
	c.instanceName(r.InstanceName)
	c.length("Description", r.Description, descriptionLength)
	c.number("InstanceCount", r.InstanceCount, instanceCount)
	c.number("TimeToLiveInHours", r.TimeToLiveInHours, timeToLive)
	c.require(r.IpAddressRange == "" || isAddressRange(r.IpAddressRange), "IpAddressRange", r.IpAddressRange, FormAddressRange, c.page)
	// The pages have no rule for IDs of resource groups; all their samples start with "rg-".
	c.require(r.ResourceGroupId == "" || strings.HasPrefix(r.ResourceGroupId, "rg-"), "ResourceGroupId", r.ResourceGroupId, Prefix{"rg-"}, Source{})
	filters := make([]TagFilter, len(r.Tags))
	for i := range r.Tags {
		filters[i] = TagFilter{Key: r.Tags[i].TagKey, Value: &r.Tags[i].TagValue}
	}
	c.tags(filters)
	return c.problems
}

// Validate returns all problems of the request.
func (r ListRequest) Validate() Problems {
	c := check{page: pageDescribe}
	c.region(r.RegionId)
	if r.ActivationId != "" && !isActivationId(r.ActivationId) {
		c.problems.Add("ActivationId", r.ActivationId, FormActivationId)
	}
	c.text("InstanceName", r.InstanceName)
	c.text("ResourceGroupId", r.ResourceGroupId)
	c.text("NextToken", r.NextToken)
	c.number("PageNumber", r.PageNumber, pageNumber)
	c.number("PageSize", r.PageSize, pageSize)
	c.number("MaxResults", r.MaxResults, pageSize)
	c.tags(r.Tags)
	return c.problems
}

// ValidateRegion returns the problems of the region of a command.
func ValidateRegion(region string) Problems {
	c := check{}
	c.region(region)
	return c.problems
}

// check collects problems.
type check struct {
	lenient  bool
	page     Source // has the rules for tags
	problems Problems
}

// require adds a problem unless ok. It is for rules that the service checks as well.
func (c *check) require(ok bool, parameter, value string, rule error, source Source) {
	if !ok && !c.lenient {
		c.problems = append(c.problems, Problem{parameter, value, rule, source, true})
	}
}

func (c *check) region(region string) {
	if region == "" {
		c.problems.Add("RegionId", "", NotSet{})
	} else if err := CheckRegion(region); err != nil {
		c.problems.Add("RegionId", region, err)
	}
}

// text adds a problem if a value is not valid UTF-8 or contains control characters.
func (c *check) text(parameter, value string) bool {
	ok := utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
	if !ok {
		c.problems.Add(parameter, value, FormText)
	}
	return ok
}

// clientToken adds the problems of a client token, also in a lenient check, because a code can get lost if
// the service changes or rejects its token. The rule about spaces is not from the documentation.
func (c *check) clientToken(token string) {
	problem := Problem{Parameter: "ClientToken", Value: token, Source: clientTokenLength.source}
	switch n := utf8.RuneCountInString(token); {
	case token == "":
		return
	case strings.ContainsFunc(token, func(r rune) bool { return r > unicode.MaxASCII }):
		problem.Rule = FormASCII
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == '\x7f' }):
		problem.Rule, problem.Source = FormToken, Source{}
	case !clientTokenLength.holds(n):
		problem.Rule = clientTokenLength.length(n, "")
	default:
		return
	}
	c.problems = append(c.problems, problem)
}

func (c *check) instanceName(name string) {
	if name == "" {
		return
	}
	c.require(validName(name), "InstanceName", name, FormName, nameLength.source)
	c.length("InstanceName", name, nameLength)
}

func (c *check) length(parameter, value string, l limit) {
	n := utf8.RuneCountInString(value)
	c.require(value == "" || l.holds(n), parameter, value, l.length(n, ""), l.source)
}

func (c *check) number(parameter string, n int, l limit) {
	c.require(n == 0 || l.holds(n), parameter, strconv.Itoa(n), Range{l.min, l.max, l.unit}, l.source)
}

// isAddressRange reports whether a text is an address or a CIDR block. It accepts host bits in a CIDR block,
// as the service does. It does not accept a zone, which names a network interface of one machine.
func isAddressRange(text string) bool {
	if strings.Contains(text, "/") {
		_, err := netip.ParsePrefix(text)
		return err == nil
	}
	address, err := netip.ParseAddr(text)
	return err == nil && address.Zone() == ""
}

// tags checks tags, with or without values.
func (c *check) tags(tags []TagFilter) {
	c.require(tagCount.holds(len(tags)), "Tag", "", TooMany{Max: tagCount.max, Got: len(tags)}, c.page)
	seen := map[string]bool{}
	for _, t := range tags {
		c.require(!seen[t.Key], "Tag", t.Key, Unique{}, c.page)
		seen[t.Key] = true
		c.tag(t)
	}
}

// tag checks the key and, where there is one, the value of a tag.
func (c *check) tag(t TagFilter) {
	whole, value := t.Key, ""
	if t.Value != nil {
		value = *t.Value
		whole += "=" + value
	}
	if !c.text("Tag", whole) {
		return
	}
	key, length := utf8.RuneCountInString(t.Key), utf8.RuneCountInString(value)
	c.require(tagKeyLength.holds(key), "Tag", whole, tagKeyLength.length(key, TagKey), c.page)
	c.require(!strings.HasPrefix(t.Key, reserved.Texts[0]) && !strings.HasPrefix(t.Key, reserved.Texts[1]), "Tag", whole, reserved, c.page)
	c.require(!strings.Contains(whole, addresses.Texts[0]) && !strings.Contains(whole, addresses.Texts[1]), "Tag", whole, addresses, c.page)
	c.require(tagValueLength.holds(length), "Tag", whole, tagValueLength.length(length, TagValue), c.page)
}
