package ecs

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"ecs-activation/internal/activation"
)

// Endpoint is where requests are sent. The zero value is the public endpoint of each region.
type Endpoint struct {
	scheme string // "https", or "http" for a loopback address
	host   string // host or host:port; empty: the host depends on the region
	vpc    bool   // the host depends on the region, and is inside a VPC
}

// VPC is the text that ParseEndpoint reads as the endpoints inside a VPC.
const VPC = "vpc"

// isHostName reports whether a text is a list of labels with dots between them. A label has letters,
// digits, and hyphens that are neither first nor last. This is not a regular expression, because
// that would be compiled at every start of the program.
func isHostName(text string) bool {
	const inside = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || strings.Trim(label, inside) != "" || strings.Trim(label, "-") != label {
			return false
		}
	}
	return true
}

// ParseEndpoint parses "", "vpc", a host, or a URL with a scheme and a host. The default scheme is
// https. Plain http is accepted only for this machine, because requests contain the security token.
func ParseEndpoint(text string) (Endpoint, error) {
	switch {
	case text == "":
		return Endpoint{}, nil
	case strings.EqualFold(text, VPC):
		return Endpoint{vpc: true}, nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return Endpoint{}, errors.New("must be a host (ecs.cn-beijing.aliyuncs.com), a URL (https://host:port) or the word vpc")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return Endpoint{}, errors.New("must hold a host only: no user, path or query")
	}
	return checkedEndpoint(u)
}

// checkedEndpoint returns the endpoint of a URL whose scheme, host and port are valid.
func checkedEndpoint(u *url.URL) (Endpoint, error) {
	if ip, err := netip.ParseAddr(u.Hostname()); (err != nil || ip.Zone() != "") && !isHostName(u.Hostname()) {
		return Endpoint{}, errors.New("must name a host of letters, digits, hyphens and dots, or an IP address")
	}
	if !validPort(u) {
		return Endpoint{}, errors.New("must have a port of 1 to 65535, or none")
	}
	switch scheme := strings.ToLower(u.Scheme); scheme {
	case "https":
	case "http":
		if !isLoopback(u.Hostname()) {
			return Endpoint{}, errors.New("must use https: plain http is accepted for this machine alone (127.0.0.1, localhost)")
		}
	default:
		return Endpoint{}, activation.Textf("must use https, not %s", scheme)
	}
	return Endpoint{scheme: strings.ToLower(u.Scheme), host: u.Host}, nil
}

// validPort reports whether a URL has a valid port, or none.
func validPort(u *url.URL) bool {
	given := strings.LastIndexByte(u.Host, ':') > strings.LastIndexByte(u.Host, ']')
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return !given || err == nil && port > 0
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// of returns the scheme and the host for a region. The rule comes from the current official SDK
// (alibabacloud-go/ecs-20140526, 2026): one pattern for every region except cn-hangzhou.
func (e Endpoint) of(region string) (scheme, host string) {
	switch {
	case e.host != "":
		return e.scheme, e.host
	case e.vpc:
		return "https", "ecs-vpc." + region + ".aliyuncs.com"
	case region == "cn-hangzhou":
		return "https", "ecs-cn-hangzhou.aliyuncs.com"
	default:
		return "https", "ecs." + region + ".aliyuncs.com"
	}
}

// Address returns where requests for a region are sent: the host, or a URL if the scheme is not https.
func (e Endpoint) Address(region string) string {
	scheme, host := e.of(region)
	if scheme == "https" {
		return host
	}
	return scheme + "://" + host
}
