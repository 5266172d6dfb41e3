package identity

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/netfault"
)

// temporary holds credentials that expire. Instance metadata and credentials URIs answer with
// them in the same form.
type temporary struct {
	now     func() time.Time
	current *credentials.Credentials
	expires time.Time
}

// fresh reports whether they can still be used.
func (t *temporary) fresh() bool {
	return t.current != nil && t.now().Before(t.expires.Add(-expiryMargin*time.Second))
}

// accept reads an answer. Credentials without an expiration are fetched again each time.
func (t *temporary) accept(body []byte) error {
	var answer struct{ Code, AccessKeyId, AccessKeySecret, SecurityToken, Expiration text }
	if err := json.Unmarshal(body, &answer); err != nil {
		return netfault.WithoutContent(err)
	}
	if answer.Code != "Success" && answer.Code != "" || answer.AccessKeyId == "" || answer.AccessKeySecret == "" || answer.SecurityToken == "" {
		return errors.New("the answer holds no usable credentials")
	}
	t.current = &credentials.Credentials{
		AccessKeyId: string(answer.AccessKeyId), AccessKeySecret: string(answer.AccessKeySecret), SecurityToken: string(answer.SecurityToken),
	}
	t.expires, _ = time.Parse(time.RFC3339, string(answer.Expiration))
	return nil
}

// text is a JSON string; a number or boolean in its place is read as written, null is empty. Its
// errors do not quote the answer.
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

// newClient returns a client that fetches credentials: it follows no redirect, and proxy says
// which requests go through one.
func newClient(connect, whole time.Duration, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	return &http.Client{
		Timeout:       whole,
		Transport:     &http.Transport{Proxy: proxy, DialContext: (&net.Dialer{Timeout: connect}).DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get sends a request and returns its answer, of which it reads 64 KiB at most. Its errors name
// the server and quote neither the URL, which can hold a password, nor the answer.
func get(client *http.Client, request *http.Request, server, hint string) ([]byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, unreachable(server, err)
	}
	defer response.Body.Close() //nolint:errcheck // what counts has been read by then
	if response.StatusCode != http.StatusOK {
		return nil, unusable(server, response.StatusCode, hint)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return nil, unreachable(server, err)
	}
	return body, nil
}
