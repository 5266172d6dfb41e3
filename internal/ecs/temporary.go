package ecs

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

// temporary are credentials that run out. Instance metadata and credentials URIs answer with
// them in the same form.
type temporary struct {
	now     func() time.Time
	current *credentials.Credentials
	expires time.Time
}

// fresh says whether they can still be used.
func (t *temporary) fresh() bool {
	return t.current != nil && t.now().Before(t.expires.Add(-expiryMargin*time.Second))
}

// accept reads an answer. Credentials without an end are fetched again each time.
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

// nearby is a client for credentials: it follows no redirect, and proxy says which requests
// leave through one.
func nearby(connect, whole time.Duration, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	return &http.Client{
		Timeout:       whole,
		Transport:     &http.Transport{Proxy: proxy, DialContext: (&net.Dialer{Timeout: connect}).DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask fetches a small answer. Its errors name whom it asked and quote neither the URL, which
// can hold a password, nor the answer.
func ask(client *http.Client, request *http.Request, whom, hint string) ([]byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, unreachable(whom, err)
	}
	defer response.Body.Close() //nolint:errcheck // what counts has been read by then
	if response.StatusCode != http.StatusOK {
		return nil, answered(whom, response.StatusCode, hint)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return nil, unreachable(whom, err)
	}
	return body, nil
}
