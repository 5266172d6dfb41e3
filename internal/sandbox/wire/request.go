package wire

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"ecs-activation/internal/sandbox/cloud"
)

// The versions of the two APIs.
const (
	ecsVersion = "2014-05-26"
	stsVersion = "2015-04-01"
)

// bodyMax is the largest request body that is read, in bytes.
const bodyMax = 1 << 20

// Request is one request of the API.
type Request struct {
	RequestId   string
	Host        string
	XML         bool   // the format of the answer: XML or JSON
	Parameters         // of query and form together
	ForgetToken bool   // see cloud.CreateInput
	Buffer      []byte // memory for a page; Encode replaces it by the page

	method  string
	acs3    bool // signed in the newer dialect
	header  http.Header
	query   Parameters // those in the query alone, for the newer dialect
	body    []byte
	session *cloud.Session // of a request with a temporary key, after Verify
}

// Parse reads a request. The result can be used to encode an answer even if there is an error.
func Parse(w http.ResponseWriter, r *http.Request) (*Request, error) {
	q := &Request{RequestId: cloud.NewId(), Host: r.Host, Parameters: Parameters{}, method: r.Method, header: r.Header}
	query, err := url.ParseQuery(r.URL.RawQuery)
	q.add(query)
	if err != nil {
		return q, cloud.Invalid("query string")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return q, cloud.Refuse("UnsupportedHTTPMethod", "This http method is not supported.")
	}
	if r.URL.Path != "/" && r.URL.Path != "" {
		return q, ActionNotFound()
	}
	var form url.Values
	if r.Method == http.MethodPost {
		if form, err = q.readForm(w, r); err != nil {
			return q, err
		}
		q.add(form)
	}
	err = q.check(query, form)
	if q.acs3 {
		q.addHeaders(query)
	}
	return q, err
}

// add adds parameters, and decides the dialect of the request and the format of the answer, also for requests
// that are refused.
func (q *Request) add(values url.Values) {
	for name := range values {
		q.Parameters[name] = values.Get(name)
	}
	q.acs3 = isACS3(q.header, q.Parameters["Signature"])
	q.XML = q.wantsXML()
}

// wantsXML decides the format if there is no Format: the older dialect answers XML, the newer one JSON,
// except when the Accept header asks for XML.
func (q *Request) wantsXML() bool {
	switch format := q.Parameters["Format"]; {
	case format != "":
		return !strings.EqualFold(format, "JSON")
	case q.acs3:
		return strings.HasPrefix(q.header.Get("Accept"), "application/xml")
	}
	return true
}

// addHeaders copies what the newer dialect sends in headers to where the older one sends it.
func (q *Request) addHeaders(query url.Values) {
	q.query = make(Parameters, len(query))
	for name := range query {
		q.query[name] = query.Get(name)
	}
	q.Parameters["Action"] = q.header.Get("x-acs-action")
	q.Parameters["Version"] = q.header.Get("x-acs-version")
}

// check refuses what no client sends on purpose. The documents do not define which value of a parameter
// counts that is given twice, so the sandbox refuses it.
func (q *Request) check(sources ...url.Values) error {
	given := 0
	for _, values := range sources {
		for name, all := range values {
			given += len(all)
			if !cloud.IsText(name) || !cloud.IsText(q.Parameters[name]) {
				return cloud.Invalid(name)
			}
		}
	}
	if given != len(q.Parameters) {
		return cloud.Refuse("InvalidParameter", "A parameter is given more than once.")
	}
	return nil
}

// readForm reads the parameters in the body of a POST. An empty body may have any type, because the official
// Go SDK sends one.
func (q *Request) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	var err error
	if q.body, err = readBody(w, r, bodyMax); err != nil || len(q.body) == 0 {
		return nil, err
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, cloud.Invalid("Content-Type")
	}
	form, err := url.ParseQuery(string(q.body))
	if err != nil {
		return nil, cloud.Invalid("request body")
	}
	return form, nil
}

func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, cloud.Refuse("RequestEntityTooLarge", "The request body is larger than %d bytes.", most)
	}
	if err != nil {
		return nil, cloud.Refuse("InvalidParameter", "The request body cannot be read: %v.", err)
	}
	return body, nil
}

// ActionNotFound refuses an action, or a path, that the sandbox does not have.
func ActionNotFound() *cloud.Error {
	return cloud.Refuse("InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}
