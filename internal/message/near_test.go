package message

import (
	"strings"
	"testing"
)

func TestANearMissOfARegionIsSuggested(t *testing.T) {
	for region, want := range map[string]string{
		"cn-hangzou": "cn-hangzhou", "cn-hangzhuo": "cn-hangzhou", "CN-Hangzhou": "cn-hangzhou", "cn_hangzhou": "cn-hangzhou",
		"cn-bejing": "cn-beijing", "cnbeijing": "cn-beijing", "eu-central1": "eu-central-1", "us-west-1x": "us-west-1",
		"cn-hangzhou": "", "ap-southeast-1": "", "mars": "", "": "", "hangzhou": "cn-hangzhou", "virginia": "", "1": "", "east-1": "",
		strings.Repeat("cn-hangzhou", 10): "",
	} {
		if got := NearRegion(region); got != want {
			t.Errorf("%q: suggests %q, want %q", region, got, want)
		}
	}
}

func TestANearMissOfACommandOrAFlagIsSuggested(t *testing.T) {
	commands := []Command{{Name: "create", Also: []string{"new"}}, {Name: "recover"}, {Name: "register"}}
	for asked, want := range map[string]string{"new": "create", "cre": "create", "cr": "", "craete": "create", "recovr": "recover", "nonsense": ""} {
		if got := (&UnknownCommand{Asked: asked, Commands: commands}).near(); got != want {
			t.Errorf("%s: %q, want %q", asked, got, want)
		}
	}
	flags := []string{"instance-name", "instance-count", "ttl"}
	for asked, want := range map[string]string{"name": "instance-name", "count": "instance-count", "tll": "ttl", "instance-naem": "instance-name", "nonsense": "", "nam": ""} {
		if got := (&UnknownFlag{Asked: asked, Flags: flags}).near(); got != want {
			t.Errorf("%s: %q, want %q", asked, got, want)
		}
	}
}
