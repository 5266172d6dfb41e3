package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// bodyMax is the largest request body read, in bytes.
const bodyMax = 1 << 20

// call is one request, taken apart.
type call struct {
	RequestId string
	host      string
	method    string
	acs3      bool // signed in the newer dialect
	xml       bool
	given     map[string]string // every parameter, of query and form
	header    http.Header
	query     map[string]string // the parameters of the query alone, for the newer dialect
	body      []byte
	caller    caller // who signed it
	fault     fault  // what it suffers
	proxy     int    // the status of a proxy's page, for faultHTML
	late      bool   // another create with its ClientToken is under way
	room      []byte // where a page may be put together
}

// parse takes a request apart. The call is usable for an answer even when
// there is an error.
func parse(w http.ResponseWriter, r *http.Request) (*call, error) {
	c := &call{RequestId: newId(), host: r.Host, method: r.Method, given: map[string]string{}, header: r.Header}
	query, err := url.ParseQuery(r.URL.RawQuery)
	c.take(query)
	if err != nil {
		return c, invalid("query string")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return c, refuse(http.StatusBadRequest, "UnsupportedHTTPMethod", "This http method is not supported.")
	}
	if r.URL.Path != "/" && r.URL.Path != "" {
		return c, actionNotFound()
	}
	var form url.Values
	if r.Method == http.MethodPost {
		if form, err = c.readForm(w, r); err != nil {
			return c, err
		}
		c.take(form)
	}
	err = c.check(query, form)
	if c.acs3 {
		c.takeHeaders(query)
	}
	return c, err
}

// take adds the parameters, and settles with them the dialect of the request and the
// format of the answer, also for requests that are refused.
func (c *call) take(values url.Values) {
	for name := range values {
		c.given[name] = values.Get(name)
	}
	c.acs3 = isACS3(c.header, c.given["Signature"])
	c.xml = c.wantsXML()
}

// wantsXML: without a Format the older dialect answers XML, the newer one JSON unless XML
// is asked for in the way of HTTP.
func (c *call) wantsXML() bool {
	switch format := c.given["Format"]; {
	case format != "":
		return !strings.EqualFold(format, "JSON")
	case c.acs3:
		return strings.HasPrefix(c.header.Get("Accept"), "application/xml")
	}
	return true
}

// takeHeaders puts what the newer dialect says in headers where the older one says it.
func (c *call) takeHeaders(query url.Values) {
	c.query = make(map[string]string, len(query))
	for name := range query {
		c.query[name] = query.Get(name)
	}
	c.given["Action"] = c.header.Get("x-acs-action")
	c.given["Version"] = c.header.Get("x-acs-version")
}

// check refuses what no client sends on purpose. A parameter given twice has
// no defined meaning in the documents; the sandbox does not guess which one
// counts.
func (c *call) check(sources ...url.Values) error {
	given := 0
	for _, values := range sources {
		for name, all := range values {
			given += len(all)
			if !isText(name) || !isText(c.given[name]) {
				return invalid(name)
			}
		}
	}
	if given != len(c.given) {
		return refuse(http.StatusBadRequest, "InvalidParameter", "A parameter is given more than once.")
	}
	return nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// readForm reads the parameters in the body of a POST. An empty body of any
// type is fine: the official Go SDK sends one.
func (c *call) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	var err error
	if c.body, err = readBody(w, r, bodyMax); err != nil || len(c.body) == 0 {
		return nil, err
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, invalid("Content-Type")
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, invalid("request body")
	}
	return form, nil
}

func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is larger than %d bytes.", most)
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "InvalidParameter", "The request body cannot be read: %v.", err)
	}
	return body, nil
}

// text is a parameter's value; an empty value counts as none.
func (c *call) text(name string) string { return c.given[name] }

// needed is a parameter that must be given.
func (c *call) needed(name string) (string, error) {
	if c.given[name] == "" {
		return "", missing(name)
	}
	return c.given[name], nil
}

// number is an integer parameter, or standard when it is not given. A number
// too large for 64 bits is as large as they can hold, so that the parameter's
// own limit refuses it.
func (c *call) number(name string, standard int64) (int64, error) {
	if c.given[name] == "" {
		return standard, nil
	}
	n, err := strconv.ParseInt(c.given[name], 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, invalid(name)
	}
	return n, nil
}

func (c *call) region() string { return c.given["RegionId"] }
