package activation

import (
	"errors"
	"strings"
	"testing"
)

const exampleId = "4ECEEE12-56F1-4FBC-9AB1-890F12345678"

func TestParseRef(t *testing.T) {
	for text, want := range map[string]Ref{
		exampleId:                  {"", exampleId},
		"cn-beijing/" + exampleId:  {"cn-beijing", exampleId},
		"mars-1/x":                 {"mars-1", "x"},
		"a":                        {"", "a"},
		"-":                        {"", "-"}, // the command line takes it for standard input before
		strings.Repeat("a", 64):    {"", strings.Repeat("a", 64)},
		"x/" + exampleId:           {"x", exampleId},
		"0/0":                      {"0", "0"},
		"ap-southeast-1/" + "a-b-": {"ap-southeast-1", "a-b-"},
	} {
		got, err := ParseRef(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if got.String() != text {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}

func TestParseRefErrors(t *testing.T) {
	for _, text := range []string{
		"", " ", exampleId + " ", exampleId + "\n", "4ECE_12", "4ECE.12", "4ECE%2F", "id?x=y", "激活",
		strings.Repeat("a", 65), "cn-beijing/", "cn-beijing/a/b", "cn-beijing//a", "a\x00b", "\xff",
	} {
		if got, err := ParseRef(text); err == nil || got != (Ref{}) || !errors.Is(err, NotRef{text}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"/a", "evil.com/a", "CN-BEIJING/a", "cn_beijing/a", "-a/b", "a-/b", "evil.com/x?", "../etc"} {
		if got, err := ParseRef(text); err == nil || got != (Ref{}) || !errors.As(err, new(NotRegion)) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestCheckRegion(t *testing.T) {
	for _, region := range append(Regions(), "mars-north-1", "a", "0", "cn-hangzhou-finance-1", "x--y", strings.Repeat("a", 63)) {
		if err := CheckRegion(region); err != nil {
			t.Errorf("%q: %v", region, err)
		}
	}
	for _, region := range []string{
		"", "cn_hangzhou", "CN-HANGZHOU", "cn.hangzhou", "evil.com/x?", "evil.com#", "a:80", "a@b", "-a", "a-", "-", "a b",
		" cn-hangzhou", "cn-hangzhou\n", "cn-hangzhou\x00", "杭州", "%2e", strings.Repeat("a", 64), "cn-beijing,cn-hangzhou",
	} {
		if err := CheckRegion(region); err == nil {
			t.Errorf("%q is accepted as a region", region)
		}
	}
}
