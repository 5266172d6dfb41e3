package ecs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity"
)

// parameters returns a query without the parameters that signing adds to every request.
func parameters(query url.Values) string {
	query = maps.Clone(query)
	for _, name := range []string{
		"Action", "Version", "Format", "AccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion",
		"SignatureNonce", "SignatureType", "Timestamp",
	} {
		query.Del(name)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		parts = append(parts, name+"="+strings.Join(query[name], ","))
	}
	return strings.Join(parts, " ")
}

func TestARequestHoldsWhatWasAskedForAndNothingElse(t *testing.T) {
	empty, prod := "", "prod"
	for _, test := range []struct {
		name string
		send func(*Client) error
		want string
	}{
		{"the smallest create", func(c *Client) error {
			_, err := c.Create(t.Context(), activation.CreateRequest{RegionId: hangzhou}, nil)
			return err
		}, "RegionId=cn-hangzhou"},
		{"the largest create", func(c *Client) error {
			_, err := c.Create(t.Context(), activation.CreateRequest{
				RegionId: hangzhou, InstanceName: "web", Description: "激活 & more=?", InstanceCount: 1000, TimeToLiveInHours: 4,
				IpAddressRange: "::/0", ResourceGroupId: "rg-1", ClientToken: "t~1",
				Tags: []activation.Tag{{TagKey: "env", TagValue: "prod"}, {TagKey: "empty"}, {TagKey: "a b+c", TagValue: "*'()"}},
			}, nil)
			return err
		}, "ClientToken=t~1 Description=激活 & more=? InstanceCount=1000 InstanceName=web IpAddressRange=::/0 RegionId=cn-hangzhou " +
			"ResourceGroupId=rg-1 Tag.1.Key=env Tag.1.Value=prod Tag.2.Key=empty Tag.2.Value= Tag.3.Key=a b+c Tag.3.Value=*'() TimeToLiveInHours=4"},
		{"a page of machines", func(c *Client) error {
			_, err := c.Machines(t.Context(), activation.MachinesRequest{Ref: codeRef, MaxResults: 50, NextToken: "t="})
			return err
		}, "ActivationId=" + codeId + " MaxResults=50 NextToken=t= RegionId=cn-hangzhou"},
		{"the smallest list", func(c *Client) error {
			_, err := c.List(t.Context(), activation.ListRequest{RegionId: hangzhou})
			return err
		}, "RegionId=cn-hangzhou"},
		{"the largest list", func(c *Client) error {
			_, err := c.List(t.Context(), activation.ListRequest{
				RegionId: hangzhou, ActivationId: "4ECE", InstanceName: "web", ResourceGroupId: "rg-1", PageNumber: 2, PageSize: 50, MaxResults: 1,
				NextToken: "x/+=", Tags: []activation.TagFilter{{Key: "any"}, {Key: "env", Value: &prod}, {Key: "empty", Value: &empty}},
			})
			return err
		}, "ActivationId=4ECE InstanceName=web MaxResults=1 NextToken=x/+= PageNumber=2 PageSize=50 RegionId=cn-hangzhou ResourceGroupId=rg-1 " +
			"Tag.1.Key=any Tag.2.Key=env Tag.2.Value=prod Tag.3.Key=empty Tag.3.Value="},
		{"a disable", func(c *Client) error { _, err := c.Disable(t.Context(), codeRef); return err }, "ActivationId=" + codeId + " RegionId=cn-hangzhou"},
		{"a delete", func(c *Client) error { _, err := c.Delete(t.Context(), codeRef); return err }, "ActivationId=" + codeId + " RegionId=cn-hangzhou"},
	} {
		s, client := startServer(t)
		if err := test.send(client); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := parameters(s.queries()[0]); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestEveryRequestIsASignedPostWithOurUserAgent(t *testing.T) {
	for name, call := range operations {
		var body []byte
		s, client := startServer(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			good(w, r)
		})
		if _, err := call(t.Context(), client); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r := s.requests[0]
		if r.Method != http.MethodPost || r.URL.Path != "/" || len(body) > 0 || r.Host != strings.TrimPrefix(s.URL, "http://") {
			t.Errorf("%s: %s %s to %s with %d bytes", name, r.Method, r.URL.Path, r.Host, len(body))
		}
		if agents := r.Header.Values("User-Agent"); !slices.Equal(agents, []string{"ecs-activation/test"}) {
			t.Errorf("%s: User-Agent %q", name, agents)
		}
		for parameter, want := range map[string]string{
			"Version": "2014-05-26", "Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
			"AccessKeyId": theKeyId, "SecurityToken": theToken,
		} {
			if got := r.URL.Query()[parameter]; !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %s is %q", name, parameter, got)
			}
		}
		for _, header := range []string{"Referer", "Cookie", "Authorization"} {
			if value := r.Header.Get(header); value != "" {
				t.Errorf("%s: %s: %s", name, header, value)
			}
		}
		if strings.Contains(fmt.Sprint(r.Header, r.URL), theSecret) {
			t.Errorf("%s: the secret itself is sent", name)
		}
	}
}

func TestAPermanentKeySendsNoSecurityToken(t *testing.T) {
	s, _ := startServer(t)
	client := s.client(t, func(o *Options) { o.Identity = identity.Static("test", theKeyId, theSecret) })
	if _, err := operations["list"](t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if got, sent := s.queries()[0]["SecurityToken"]; sent {
		t.Errorf("SecurityToken %q", got)
	}
}

// blockingProxy returns a proxy that refuses every connection, and where it was asked to connect to.
func blockingProxy(t *testing.T) (proxy func(*http.Request) (*url.URL, error), asked func() []string) {
	var mu sync.Mutex
	var hosts []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hosts = append(hosts, r.Method+" "+r.Host)
		mu.Unlock()
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return http.ProxyURL(address), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return hosts
	}
}

func TestRequestsGoOnlyToTheHostOfTheRegionOverTLS(t *testing.T) {
	t.Parallel()
	regions := append(activation.Regions(), "mars-north-1")
	for _, region := range regions {
		want := "ecs." + region + ".aliyuncs.com"
		if region == hangzhou {
			want = "ecs-cn-hangzhou.aliyuncs.com"
		}
		for text, want := range map[string]string{"": want, VPC: "ecs-vpc." + region + ".aliyuncs.com", "ecs.example.com:8443": "ecs.example.com:8443"} {
			proxy, asked := blockingProxy(t)
			client := New(Options{Identity: identity.Static("test", theKeyId, theSecret), Endpoint: endpointOf(t, text), Proxy: proxy})
			_, err := client.List(t.Context(), activation.ListRequest{RegionId: region})
			client.Close()
			if activation.KindOf(err) != activation.KindUnavailable {
				t.Fatalf("%s: %v", region, err)
			}
			if !strings.Contains(want, ":") {
				want += ":443"
			}
			if got := asked(); !slices.Equal(got, []string{"CONNECT " + want}) {
				t.Errorf("%s, endpoint %q: %q, want %s alone", region, text, got, want)
			}
		}
	}
}

func TestAServerWithACertificateOfNobodyIsNotTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(good))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it reports the client that left
	server.StartTLS()
	defer server.Close()
	s := &fakeServer{Server: server}
	client := s.client(t, nil)
	_, err := operations["create"](t.Context(), client)
	known := wantError(t, err)
	if known.Kind != activation.KindUnavailable || !known.NothingDone || len(s.traced()) != 1 || !strings.Contains(known.Hint, "SSL_CERT_FILE") {
		t.Errorf("%+v after %d attempts", known, len(s.traced()))
	}
	hidesSecrets(t, s.shown(known))
}

func TestAServerWithAnOldVersionOfTLSIsRefused(t *testing.T) {
	for version, works := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(good))
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // it reports the client that left
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version}
		server.StartTLS()
		defer server.Close()
		s := &fakeServer{Server: server}
		client := s.client(t, nil)
		client.transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		if _, err := operations["create"](t.Context(), client); (err == nil) != works {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

func TestARefusedConnectionIsGivenUpSoonAndIsNotUncertain(t *testing.T) {
	t.Parallel()
	s := &fakeServer{Server: &httptest.Server{URL: unreachable}}
	_, err := operations["create"](t.Context(), s.client(t, nil))
	known := wantError(t, err)
	if known.Kind != activation.KindUnavailable || !known.NothingDone || len(s.traced()) != fewAttempts || known.Hint == "" {
		t.Errorf("%+v after %d attempts", known, len(s.traced()))
	}
	hidesSecrets(t, s.shown(known))
}

func TestOneClientServesManyAtOnce(t *testing.T) {
	s, client := startServer(t)
	var all sync.WaitGroup
	failed := make(chan error, 200)
	for n := range 50 {
		all.Go(func() {
			for name, call := range operations {
				if _, err := call(t.Context(), client); err != nil {
					failed <- fmt.Errorf("%s: %w", name, err)
				}
			}
			region := fmt.Sprintf("cn-region-%d", n)
			page, err := client.List(t.Context(), activation.ListRequest{RegionId: region})
			if err != nil || page.ActivationList[0].RegionId != region {
				failed <- fmt.Errorf("%s: %w", region, errors.Join(err, errors.New("mixed up")))
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	nonces := map[string]bool{}
	for _, query := range s.queries() {
		nonces[query.Get("SignatureNonce")] = true
	}
	if want := 50 * (len(operations) + 1); len(nonces) != want {
		t.Errorf("%d nonces for %d requests", len(nonces), want)
	}
}

func TestACancelledCallDoesNotDisturbOthers(t *testing.T) {
	_, client := startServer(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			if n%2 == 0 {
				if _, err := operations["list"](cancelled, client); err == nil {
					t.Error("a cancelled list succeeds")
				}
			} else if _, err := operations["list"](t.Context(), client); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
