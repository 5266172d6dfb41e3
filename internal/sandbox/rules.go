package sandbox

import (
	"cmp"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// wanted is what a CreateActivation asks for, defaults filled in.
type wanted struct {
	InstanceName      string
	Description       string
	InstanceCount     int64
	TimeToLiveInHours int64
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []tag
}

// readWanted reads the parameters of a CreateActivation and judges them in the
// order of the documented table; the first that breaks a rule is the answer.
func (l limits) readWanted(c *call) (wanted, error) {
	w := wanted{
		InstanceName:    c.text("InstanceName"),
		Description:     c.text("Description"),
		IpAddressRange:  c.text("IpAddressRange"),
		ResourceGroupId: c.text("ResourceGroupId"),
	}
	if l.nameRequired && w.InstanceName == "" {
		return w, missing("InstanceName")
	}
	err := cmp.Or(l.checkName(w.InstanceName), l.checkDescription(w.Description))
	if err != nil {
		return w, err
	}
	if w.InstanceCount, err = c.number("InstanceCount", countDefault); err != nil {
		return w, err
	}
	if w.TimeToLiveInHours, err = c.number("TimeToLiveInHours", ttlDefault); err != nil {
		return w, err
	}
	err = cmp.Or(l.checkCount(w.InstanceCount), l.checkTTL(w.TimeToLiveInHours),
		checkRange(w.IpAddressRange), checkClientToken(c.text("ClientToken")), checkGroup(w.ResourceGroupId))
	if err != nil {
		return w, err
	}
	w.Tags, err = readTags(c)
	return w, err
}

// checkName judges an InstanceName; none at all is fine here.
func (l limits) checkName(name string) error {
	if name == "" {
		return nil
	}
	if n := utf8.RuneCountInString(name); n < l.nameMin || n > l.nameMax {
		return refuse(http.StatusBadRequest, "InstanceName.ExceedLimit", "Default instance name prefix length exceeds.")
	}
	if !isLetter(name[0]) || isURL(name) || strings.ContainsFunc(name, outsideName) {
		return refuse(http.StatusBadRequest, "InstanceName.InvalidPattern", "Default instance name prefix pattern invalid.")
	}
	return nil
}

func outsideName(r rune) bool {
	return r >= utf8.RuneSelf || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune("._-:", r)
}

// checkDescription: the pages name no code for a description that begins like
// a web address; InvalidParameter is ours.
func (l limits) checkDescription(text string) error {
	if utf8.RuneCountInString(text) > descriptionMax {
		return refuse(http.StatusBadRequest, "ActivationDesc.ExceedLimit", "Activation description length exceeds.")
	}
	if l.urlsRefused && isURL(text) {
		return invalid("Description")
	}
	return nil
}

func (l limits) checkCount(n int64) error {
	if n < 1 || n > l.countMax {
		return refuse(http.StatusBadRequest, "ActivationLimitation.Invalid", "The specified parameter InstanceCount exceeds the limit of %d.", l.countMax)
	}
	return nil
}

func (l limits) checkTTL(hours int64) error {
	if hours < 1 || hours > l.ttlMax {
		return refuse(http.StatusBadRequest, "ActivationTTL.ExceedLimit", "The specified parameter TimeToLiveInHours exceeds the limit of %d.", l.ttlMax)
	}
	return nil
}

func checkRange(text string) error {
	if text == "" {
		return nil
	}
	if _, err := parseRange(text); err != nil {
		return refuse(http.StatusBadRequest, "AddressRange.InvalidPattern", "Address range should be ipv4 address or cidr.")
	}
	return nil
}

// parseRange reads an IPv4 address, an IPv6 address or a block of either; host
// bits are allowed, zones are not. An IPv4 address written as IPv6 is IPv4.
func parseRange(text string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err == nil && address.Zone() != "" {
			return netip.Prefix{}, invalid("IpAddressRange")
		}
		return netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), err
	}
	if block.Addr().Is4In6() && block.Bits() >= 96 {
		return netip.PrefixFrom(block.Addr().Unmap(), block.Bits()-96), nil
	}
	return block, nil
}

func checkClientToken(token string) error {
	if len(token) > clientTokenMax || strings.ContainsFunc(token, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return tokenMalformed()
	}
	return nil
}

// checkGroup: the sandbox knows no resource groups; whatever looks like one
// exists, and two names stand for groups that come and go.
func checkGroup(id string) error {
	rest, found := strings.CutPrefix(id, "rg-")
	switch {
	case id == "rg-creating" || id == "rg-deleting":
		return groupBusy()
	case id == "" || found && rest != "" && len(id) <= 64 && !strings.ContainsFunc(rest, outsideName):
		return nil
	}
	return refuse(http.StatusNotFound, "InvalidResourceGroup.NotFound", "The ResourceGroup provided does not exist in our records.")
}

// readTags reads Tag.N.Key and Tag.N.Value in the order of N; a missing value
// is an empty one.
func readTags(c *call) ([]tag, error) {
	numbers, err := tagNumbers(c)
	if err != nil {
		return nil, err
	}
	tags := []tag{}
	for _, n := range numbers {
		tags = append(tags, tag{TagKey: c.text(tagParameter(n, "Key")), TagValue: c.text(tagParameter(n, "Value"))})
	}
	return tags, checkTags(tags)
}

func checkTags(tags []tag) error {
	if len(tags) > tagsMax {
		return tooManyTags()
	}
	for i, t := range tags {
		if err := checkTag(t); err != nil {
			return err
		}
		if slices.ContainsFunc(tags[:i], func(other tag) bool { return other.TagKey == t.TagKey }) {
			return refuse(http.StatusBadRequest, "Duplicate.TagKey", "The Tag.N.Key contain duplicate key.")
		}
	}
	return nil
}

func tooManyTags() *Error {
	return refuse(http.StatusBadRequest, "NumberExceed.Tags", "The Tags parameter number is exceed.")
}

func tagParameter(n int, part string) string { return "Tag." + strconv.Itoa(n) + "." + part }

// tagNumbers lists the Ns of the given tags; gaps are allowed. Parameters that
// only resemble tags are ignored, as unknown parameters are.
func tagNumbers(c *call) ([]int, error) {
	var numbers []int
	for name := range c.given {
		parts := strings.Split(name, ".")
		if len(parts) != 3 || parts[0] != "Tag" || parts[2] != "Key" && parts[2] != "Value" {
			continue
		}
		n, err := strconv.Atoi(parts[1])
		if err != nil || tagParameter(n, parts[2]) != name {
			continue
		}
		if n < 1 || n > tagsMax {
			return nil, tooManyTags()
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), nil
}

func checkTag(t tag) error {
	if t.TagKey == "" {
		return refuse(http.StatusBadRequest, "MissingParameter.TagKey", "You must specify Tag.N.Key.")
	}
	if utf8.RuneCountInString(t.TagKey) > tagKeyMax || strings.HasPrefix(t.TagKey, "aliyun") ||
		strings.HasPrefix(t.TagKey, "acs:") || holdsURL(t.TagKey) {
		return refuse(http.StatusBadRequest, "InvalidTagKey.Malformed", "The specified Tag.n.Key is not valid.")
	}
	if utf8.RuneCountInString(t.TagValue) > tagValueMax || holdsURL(t.TagValue) {
		return refuse(http.StatusBadRequest, "InvalidTagValue.Malformed", "The specified Tag.n.Value is not valid.")
	}
	return nil
}

func holdsURL(text string) bool {
	return strings.Contains(text, "http://") || strings.Contains(text, "https://")
}
