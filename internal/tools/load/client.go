package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client sends requests over one connection, with one of the two kinds of signatures.
type client struct {
	server *server
	http   *http.Client
	acs3   bool
}

// answer is a response of the sandbox. The status is 0 if there was none.
type answer struct {
	status         int
	Code           string
	ActivationId   string
	ActivationCode string
	NextToken      string
	ActivationList []struct {
		ActivationId string
		Disabled     bool
	}
}

func newClient(s *server, acs3 bool) *client {
	return &client{server: s, acs3: acs3, http: &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}, Timeout: 30 * time.Second}}
}

// call sends one request in cn-hangzhou. parameters has names and values in turn.
func (c *client) call(action string, parameters ...string) (answer, error) {
	values := url.Values{"RegionId": {"cn-hangzhou"}}
	for i := 0; i < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
	}
	request, err := c.signV1(action, values)
	if c.acs3 {
		request, err = c.signACS3(action, values)
	}
	if err != nil {
		return answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode}
	return a, json.Unmarshal(body, &a)
}

// signV1 returns a GET request signed with version 1.0.
func (c *client) signV1(action string, values url.Values) (*http.Request, error) {
	for name, value := range map[string]string{
		"Action": action, "Version": "2014-05-26", "Format": "JSON", "AccessKeyId": c.server.keyId, "SignatureMethod": "HMAC-SHA1",
		"SignatureVersion": "1.0", "SignatureNonce": rand.Text(), "Timestamp": timestamp(),
	} {
		values.Set(name, value)
	}
	sum := mac(sha1.New, c.server.secret+"&", "GET&%2F&"+escaped(encoded(values)))
	values.Set("Signature", base64.StdEncoding.EncodeToString(sum))
	return http.NewRequest(http.MethodGet, "http://"+c.server.domain+"/?"+encoded(values), nil)
}

// signACS3 returns a POST request with a form, signed with ACS3-HMAC-SHA256.
func (c *client) signACS3(action string, values url.Values) (*http.Request, error) {
	body := encoded(values)
	request, err := http.NewRequest(http.MethodPost, "http://"+c.server.domain+"/", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	signed := [][2]string{
		{"content-type", "application/x-www-form-urlencoded"}, {"host", c.server.domain}, {"x-acs-action", action},
		{"x-acs-content-sha256", sumOf(body)}, {"x-acs-date", timestamp()}, {"x-acs-signature-nonce", rand.Text()}, {"x-acs-version", "2014-05-26"},
	}
	var lines, names []string
	for _, header := range signed {
		request.Header.Set(header[0], header[1])
		lines, names = append(lines, header[0]+":"+header[1]+"\n"), append(names, header[0])
	}
	canonical := "POST\n/\n\n" + strings.Join(lines, "") + "\n" + strings.Join(names, ";") + "\n" + sumOf(body)
	sum := mac(sha256.New, c.server.secret, "ACS3-HMAC-SHA256\n"+sumOf(canonical))
	request.Header.Set("Authorization", fmt.Sprintf("ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%x", c.server.keyId, strings.Join(names, ";"), sum))
	return request, nil
}

func timestamp() string { return time.Now().UTC().Format("2006-01-02T15:04:05Z") }

// encoded returns a query string with sorted names and spaces as %20.
func encoded(values url.Values) string { return strings.ReplaceAll(values.Encode(), "+", "%20") }

func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func mac(method func() hash.Hash, key, text string) []byte {
	m := hmac.New(method, []byte(key))
	m.Write([]byte(text)) // a hash never fails to write
	return m.Sum(nil)
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
