package identity

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/netfault"
)

// temporary has credentials that expire. Instance metadata and credentials URIs return them in the same
// form.
type temporary struct {
	now     func() time.Time
	current *credentials.Credentials
	expires time.Time
}

// fresh reports whether the credentials can still be used.
func (t *temporary) fresh() bool {
	return t.current != nil && t.now().Before(t.expires.Add(-expiryMargin*time.Second))
}

// accept parses a response. Credentials without an expiration are fetched again each time.
func (t *temporary) accept(body []byte) error {
	var answer struct{ Code, AccessKeyId, AccessKeySecret, SecurityToken, Expiration text }
	if err := json.Unmarshal(body, &answer); err != nil {
		return netfault.WithoutContent(err)
	}
	keys := [3]string{trimmed(string(answer.AccessKeyId)), trimmed(string(answer.AccessKeySecret)), trimmed(string(answer.SecurityToken))}
	if answer.Code != "Success" && answer.Code != "" || slices.Contains(keys[:], "") {
		return errors.New("the response has no usable credentials")
	}
	if err := checkKeys([3]string{"AccessKeyId", "AccessKeySecret", "SecurityToken"}, keys); err != nil {
		return err
	}
	t.current = &credentials.Credentials{AccessKeyId: keys[0], AccessKeySecret: keys[1], SecurityToken: keys[2]}
	t.expires, _ = time.Parse(time.RFC3339, string(answer.Expiration))
	return nil
}

// text is a JSON string. A number or boolean is accepted as text, and null as the empty string. Its
// errors do not quote the response.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(t))
	case '{':
		return errors.New("a string was expected, not an object")
	case '[':
		return errors.New("a string was expected, not an array")
	case 'n':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// newClient returns an HTTP client for fetching credentials. It does not follow redirects. proxy returns
// the proxy of a request.
func newClient(connect, total time.Duration, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	return &http.Client{
		Timeout: total,
		Transport: &http.Transport{
			Proxy: proxy, OnProxyConnectResponse: netfault.CheckConnect, DialContext: (&net.Dialer{Timeout: connect}).DialContext,
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get sends a request and returns the first 64 KiB of its response. Its errors name the server. They do
// not quote the URL, which can contain a password, or the response.
func get(client *http.Client, request *http.Request, server error, hint string) ([]byte, error) {
	status, body, err := send(client, request, server)
	if err == nil && status != http.StatusOK {
		return nil, unusable(server, status, hint)
	}
	return body, err
}

// send sends a request and returns the status and the first 64 KiB of its response.
func send(client *http.Client, request *http.Request, server error) (status int, body []byte, err error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, unreachable(server, err)
	}
	defer response.Body.Close() //nolint:errcheck // the body has been read by then
	body, err = io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return 0, nil, unreachable(server, err)
	}
	return response.StatusCode, body, nil
}
