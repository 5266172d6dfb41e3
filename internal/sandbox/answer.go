package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// errorAnswer is the body of every refusal, in the service's order.
type errorAnswer struct {
	RequestId string
	HostId    string
	Code      string
	Message   string
	Recommend string
}

// createAnswer is the only place where a code leaves the sandbox.
type createAnswer struct {
	RequestId      string
	ActivationId   string
	ActivationCode string
}

// changeAnswer is what disabling and deleting answer; T is how much of the
// code they show.
type changeAnswer[T any] struct {
	RequestId  string
	Activation T
}

// page is the answer of DescribeActivations and DescribeManagedInstances. Codes
// stay the bytes that are stored: decoding them would cost more than all the
// rest.
type page struct {
	RequestId  string
	TotalCount int
	PageNumber int64
	PageSize   int64
	NextToken  string
	text       []byte // the answer in JSON, up to the last row that was added
	count      int
}

// newPage begins a page with the name of its list. The list stands first, so
// that rows are copied once, to where they are sent from.
func newPage(c *call, list string) *page {
	return &page{RequestId: c.RequestId, text: append(c.room[:0], `{"`+list+`":[`...)}
}

// add adds a row, unless there was an error in reading it.
func (p *page) add(row []byte, err error) error {
	if err != nil {
		return err
	}
	if p.count > 0 {
		p.text = append(p.text, ',')
	}
	p.text = append(p.text, row...)
	p.count++
	return nil
}

// json writes the answer by hand: encoding/json would check every byte of the
// rows again. RequestId and NextToken hold nothing that needs escaping.
func (p *page) json() []byte {
	to := p.text
	to = append(to, `],"TotalCount":`...)
	to = strconv.AppendInt(to, int64(p.TotalCount), 10)
	to = append(to, `,"PageNumber":`...)
	to = strconv.AppendInt(to, p.PageNumber, 10)
	to = append(to, `,"PageSize":`...)
	to = strconv.AppendInt(to, p.PageSize, 10)
	to = append(to, `,"NextToken":"`...)
	to = append(to, p.NextToken...)
	to = append(to, `","RequestId":"`...)
	to = append(to, p.RequestId...)
	return append(to, `"}`...)
}

// pageXML has one ActivationList or Instances element per row and none around
// them, as the pages' samples show. Tags repeat in the same way; no sample shows
// them.
type pageXML struct {
	RequestId      string
	TotalCount     int
	PageNumber     int64
	PageSize       int64
	NextToken      string
	ActivationList []activation
	Instances      []managed
}

func (p *page) xml() (pageXML, error) {
	answer := pageXML{RequestId: p.RequestId, TotalCount: p.TotalCount, PageNumber: p.PageNumber, PageSize: p.PageSize, NextToken: p.NextToken}
	p.text = append(p.text, "]}"...)
	return answer, store.Decode(p.text, &answer)
}

// encode writes an answer in the format the call asked for; root is the name
// of the XML element.
func (c *call) encode(root string, answer any) ([]byte, error) {
	list, isPage := answer.(*page)
	if !c.xml {
		if isPage {
			c.room = list.json()
			return c.room, nil
		}
		return json.Marshal(answer)
	}
	if isPage {
		var err error
		if answer, err = list.xml(); err != nil {
			return nil, err
		}
	}
	body := bytes.NewBufferString(xml.Header)
	err := xml.NewEncoder(body).EncodeElement(answer, xml.StartElement{Name: xml.Name{Local: root}})
	return body.Bytes(), err
}

// compose makes the status and the body of the answer to a call.
func (s *Sandbox) compose(c *call, answer any, err error) (int, []byte) {
	status, root := http.StatusOK, c.text("Action")+"Response"
	var body []byte
	if err == nil {
		body, err = c.encode(root, answer)
	}
	if err != nil {
		status, body, err = s.refusal(c, asError(err))
	}
	if err != nil {
		status, body = http.StatusInternalServerError, nil
		s.options.Log("sandbox: the answer cannot be written: %v", err)
	}
	return status, body
}

func (s *Sandbox) refusal(c *call, refused *Error) (int, []byte, error) {
	if refused.Code == internalError { // the file's trouble is told to the client alone
		s.options.Log("sandbox: %s", refused.Message)
	}
	body, err := c.encode("Error", errorAnswer{
		RequestId: c.RequestId,
		HostId:    c.host,
		Code:      refused.Code,
		Message:   refused.Message,
		Recommend: "https://api.alibabacloud.com/troubleshoot?q=" + url.QueryEscape(refused.Code) + "&product=" + c.product() + "&requestId=" + c.RequestId,
	})
	return refused.Status, body, err
}

// product is the name of the API that a call names, Ecs when it names none.
func (c *call) product() string {
	if c.text("Version") == stsVersion {
		return "Sts"
	}
	return "Ecs"
}

// send writes the answer.
func (c *call) send(w http.ResponseWriter, now time.Time, status int, body []byte) {
	c.sendHead(w, now, status, len(body))
	// A failed write means that the client has gone; nobody is left to tell,
	// and net/http drops the connection.
	_, _ = w.Write(body)
}

// sendHead announces an answer of size bytes. Its Date is the sandbox's clock,
// because clients take it for "now".
func (c *call) sendHead(w http.ResponseWriter, now time.Time, status, size int) {
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=utf-8")
	if c.xml {
		header.Set("Content-Type", "application/xml;charset=utf-8")
	}
	header.Set("Content-Length", strconv.Itoa(size))
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	header.Set("x-acs-request-id", c.RequestId)
	w.WriteHeader(status)
}
