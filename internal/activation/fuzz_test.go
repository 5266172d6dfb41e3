package activation

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParseTag(f *testing.F) {
	for _, seed := range []string{"env=prod", "env=", "=", "a=b=c", "", "env", "部门=研发", "\xff=\x00", "aliyun:x=http://y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tag, err := ParseTag(text)
		if (err == nil) != strings.Contains(text, "=") {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && (tag.TagKey+"="+tag.TagValue != text || strings.Contains(tag.TagKey, "=")) {
			t.Fatalf("%q was read as %q and %q", text, tag.TagKey, tag.TagValue)
		}
		filter := ParseTagFilter(text)
		if (filter.Value != nil) != (err == nil) || err == nil && (filter.Key != tag.TagKey || *filter.Value != tag.TagValue) {
			t.Fatalf("%q is one tag to create and another to list", text)
		}
		problems := CreateRequest{RegionId: "cn-hangzhou", Tags: []Tag{tag}}.Validate(false)
		if len(problems) == 0 && (tag.TagKey == "" || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\n") ||
			utf8.RuneCountInString(tag.TagKey) > 64 || utf8.RuneCountInString(tag.TagValue) > 128 ||
			strings.HasPrefix(text, "aliyun") || strings.HasPrefix(text, "acs:") || strings.Contains(text, "http://")) {
			t.Fatalf("%q is accepted", text)
		}
	})
}

func FuzzParseTimeToLive(f *testing.F) {
	for _, seed := range []string{"4", "4h", "90m", "1h30m", "0", "-1", "1.5h", "", "h", "hh", "2147483648", "00000000004h", "4\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hours, err := parseTimeToLive(text)
		if err != nil {
			if hours != 0 || len(err.Error()) > 100 {
				t.Fatalf("%q: %d, %v", text, hours, err)
			}
			return
		}
		digits := strings.TrimSuffix(text, "h")
		if hours < 1 || strings.Trim(digits, "0123456789") != "" {
			t.Fatalf("%q was read as %d", text, hours)
		}
		if count, err := ParseCount(digits); err != nil || count != hours {
			t.Fatalf("%q is %d hours and %d uses, %v", text, hours, count, err)
		}
	})
}

func FuzzParseRef(f *testing.F) {
	for _, seed := range []string{"4ECEEE12", "cn-beijing/4ECEEE12", "/", "a/", "/a", "a/b/c", "evil.com/x?", "", "-", "\xff/\xfe", "a\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := ParseRef(text)
		if err != nil {
			if ref != (Ref{}) {
				t.Fatalf("%q: both %v and %v", text, ref, err)
			}
			return
		}
		if again, err := ParseRef(ref.String()); ref.String() != text || err != nil || again != ref {
			t.Fatalf("%q was read as %+v, and that as %+v, %v", text, ref, again, err)
		}
		if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/") != "" ||
			len(ref.ActivationId) > 64 || ref.ActivationId == "" || len(ref.RegionId) > 63 {
			t.Fatalf("%q is accepted", text)
		}
		if (ListRequest{RegionId: "cn-hangzhou", ActivationId: ref.ActivationId}).Validate() != nil {
			t.Fatalf("%q can be named and not be listed", text)
		}
	})
}

func FuzzAddressRange(f *testing.F) {
	for _, seed := range []string{"192.0.2.7", "10.1.2.3/8", "::/0", "fe80::1%eth0", "fe80::1%eth0/64", "::ffff:1.2.3.4/96", "1.2.3.4/33", "/", "%", "1.2.3.4/\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !isAddressRange(text) {
			return
		}
		address, bits, isBlock := strings.Cut(text, "/")
		ip, err := netip.ParseAddr(address)
		if err != nil || ip.Zone() != "" || strings.ContainsAny(text, "% \t\n") {
			t.Fatalf("%q is accepted: %v", text, err)
		}
		if isBlock && (bits == "" || len(bits) > 3 || strings.Trim(bits, "0123456789") != "") {
			t.Fatalf("%q is accepted", text)
		}
		if problems := (CreateRequest{RegionId: "cn-hangzhou", IpAddressRange: text}).Validate(false); len(problems) > 0 {
			t.Fatalf("%q is a range and is refused: %q", text, problems)
		}
	})
}
