package ecs

import (
	"strings"
	"testing"
)

func TestEveryRegionHasItsHost(t *testing.T) {
	for _, test := range []struct{ endpoint, region, want string }{
		{"", "cn-hangzhou", "https://ecs-cn-hangzhou.aliyuncs.com"},
		{"", "cn-beijing", "https://ecs.cn-beijing.aliyuncs.com"},
		{"", "cn-qingdao", "https://ecs.cn-qingdao.aliyuncs.com"},
		{"", "cn-hongkong", "https://ecs.cn-hongkong.aliyuncs.com"},
		{"", "ap-southeast-1", "https://ecs.ap-southeast-1.aliyuncs.com"},
		{"", "us-west-1", "https://ecs.us-west-1.aliyuncs.com"},
		{"", "mars-north-1", "https://ecs.mars-north-1.aliyuncs.com"},
		{"vpc", "cn-hangzhou", "https://ecs-vpc.cn-hangzhou.aliyuncs.com"},
		{"vpc", "cn-beijing", "https://ecs-vpc.cn-beijing.aliyuncs.com"},
		{"ecs.example.com", "cn-beijing", "https://ecs.example.com"},
		{"https://ecs.example.com", "cn-hangzhou", "https://ecs.example.com"},
	} {
		scheme, host := endpointOf(t, test.endpoint).of(test.region)
		if got := scheme + "://" + host; got != test.want {
			t.Errorf("%q in %s: %s, want %s", test.endpoint, test.region, got, test.want)
		}
	}
}

func TestTheAddressIsTheHostOrAnHTTPURL(t *testing.T) {
	for endpoint, want := range map[string]string{"": "ecs.cn-beijing.aliyuncs.com", "vpc": "ecs-vpc.cn-beijing.aliyuncs.com", "http://127.0.0.1:80": "http://127.0.0.1:80"} {
		if got := endpointOf(t, endpoint).Address("cn-beijing"); got != want {
			t.Errorf("%q: %s, want %s", endpoint, got, want)
		}
	}
}

func TestAnEndpointIsAHost(t *testing.T) {
	for text, want := range map[string]string{
		"ecs.cn-beijing.aliyuncs.com": "https://ecs.cn-beijing.aliyuncs.com",
		"localhost":                   "https://localhost",
		"a":                           "https://a",
		"ecs.example.com:8443":        "https://ecs.example.com:8443",
		"192.0.2.7:443":               "https://192.0.2.7:443",
		"[2001:db8::1]:443":           "https://[2001:db8::1]:443",
		"https://ecs.example.com/":    "https://ecs.example.com",
		"HTTPS://ECS.example.com":     "https://ECS.example.com",
		"http://127.0.0.1:8080":       "http://127.0.0.1:8080",
		"http://127.1.2.3":            "http://127.1.2.3",
		"http://localhost:8080/":      "http://localhost:8080",
		"http://LOCALHOST":            "http://LOCALHOST",
		"http://[::1]:8080":           "http://[::1]:8080",
		"http://[::ffff:127.0.0.1]":   "http://[::ffff:127.0.0.1]",
	} {
		endpoint, err := ParseEndpoint(text)
		scheme, host := endpoint.of("cn-hangzhou")
		if got := scheme + "://" + host; err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestAnEndpointWithMoreThanAHostIsRefused(t *testing.T) {
	for text, says := range map[string]string{
		"evil.com/x?":                          "",
		"evil.com/x":                           "no user, path or query",
		"https://evil.com?x=y":                 "no user, path or query",
		"https://evil.com#x":                   "no user, path or query",
		"https://user@evil.com":                "no user, path or query",
		"https://user:TOP-SECRET-KEY@evil.com": "no user, path or query",
		"http://evil.com":                      "must use https",
		"http://192.0.2.7":                     "must use https",
		"http://localhost.evil.com":            "must use https",
		"http://127.0.0.1.evil.com":            "must use https",
		"http://0.0.0.0:8080":                  "must use https",
		"http://[2001:db8::1]":                 "must use https",
		"HTTP://evil.com":                      "must use https",
		"ftp://ecs.example.com":                "must use https, not ftp",
		"file:///etc/passwd":                   "",
		"javascript://x":                       "must use https",
		"https://":                             "must be a host",
		"://":                                  "must be a host",
		" ":                                    "",
		" ecs.example.com":                     "",
		"ecs.example.com ":                     "",
		"ecs example.com":                      "",
		"ecs.example.com\n":                    "",
		"ecs.example.com\x00":                  "",
		"ecs.example.com:":                     "",
		"ecs.example.com:http":                 "",
		"ecs.example.com:99999":                "",
		"ecs.example.com:0":                    "",
		":8443":                                "",
		"http://[::1]:99999":                   "port",
		"http://[::1]:":                        "port",
		"-ecs.example.com":                     "must name a host",
		"ecs..example.com":                     "must name a host",
		"ecs_1.example.com":                    "must name a host",
		"ecs%2eexample.com":                    "",
		"激活.example":                           "must name a host",
		"2001:db8::1":                          "",
		"[fe80::1%25eth0]":                     "must name a host",
		"https:/ecs.example.com":               "",
		"//ecs.example.com":                    "",
		"VPC ":                                 "",
	} {
		endpoint, err := ParseEndpoint(text)
		if err == nil {
			scheme, host := endpoint.of("cn-hangzhou")
			t.Errorf("%q is taken for %s://%s", text, scheme, host)
			continue
		}
		if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), theSecret) || endpoint != (Endpoint{}) {
			t.Errorf("%q: %+v, %v; it must say %q", text, endpoint, err, says)
		}
	}
}
