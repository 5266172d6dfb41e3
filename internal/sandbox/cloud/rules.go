package cloud

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// checkName checks an InstanceName. An empty one is valid here.
func (l Limits) checkName(name string) error {
	if name == "" {
		return nil
	}
	if n := utf8.RuneCountInString(name); n < l.nameMin || n > l.nameMax {
		return Refuse("InstanceName.ExceedLimit", "Default instance name prefix length exceeds.")
	}
	if !isLetter(name[0]) || isURL(name) || strings.ContainsFunc(name, outsideName) {
		return Refuse("InstanceName.InvalidPattern", "Default instance name prefix pattern invalid.")
	}
	return nil
}

func outsideName(r rune) bool {
	return r >= utf8.RuneSelf || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune("._-:", r)
}

// checkDescription refuses a description that begins like a web address with InvalidParameter, because the
// pages name no code for it.
func (l Limits) checkDescription(text string) error {
	if utf8.RuneCountInString(text) > descriptionMax {
		return Refuse("ActivationDesc.ExceedLimit", "Activation description length exceeds.")
	}
	if l.urlsRefused && isURL(text) {
		return Invalid("Description")
	}
	return nil
}

func (l Limits) checkCount(n int64) error {
	if n < 1 || n > l.countMax {
		return Refuse("ActivationLimitation.Invalid", "The specified parameter InstanceCount exceeds the limit of %d.", l.countMax)
	}
	return nil
}

func (l Limits) checkTTL(hours int64) error {
	if hours < 1 || hours > l.ttlMax {
		return Refuse("ActivationTTL.ExceedLimit", "The specified parameter TimeToLiveInHours exceeds the limit of %d.", l.ttlMax)
	}
	return nil
}

func checkRange(text string) error {
	if text == "" {
		return nil
	}
	if _, err := parseRange(text); err != nil {
		return Refuse("AddressRange.InvalidPattern", "Address range should be ipv4 address or cidr.")
	}
	return nil
}

// parseRange reads an IPv4 address, an IPv6 address or a block of either. Host bits are allowed, zones are
// not. An IPv4 address written as IPv6 is IPv4.
func parseRange(text string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err == nil && address.Zone() != "" {
			return netip.Prefix{}, Invalid("IpAddressRange")
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
		return Refuse("InvalidClientToken.Malformed", "The specified parameter clientToken is not valid.")
	}
	return nil
}

// checkGroup accepts whatever looks like the id of a resource group, because the sandbox has none. Two ids
// are those of groups that are being created and deleted.
func checkGroup(id string) error {
	rest, found := strings.CutPrefix(id, "rg-")
	switch {
	case id == "rg-creating" || id == "rg-deleting":
		return Refuse("InvalidStatus.ResourceGroup", "You cannot perform an operation on a resource group that is being created or deleted.")
	case id == "" || found && rest != "" && len(id) <= 64 && !strings.ContainsFunc(rest, outsideName):
		return nil
	}
	return Refuse("InvalidResourceGroup.NotFound", "The ResourceGroup provided does not exist in our records.")
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

func containsURL(text string) bool {
	return strings.Contains(text, "http://") || strings.Contains(text, "https://")
}

// IsText reports whether s is valid UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func isLetter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
