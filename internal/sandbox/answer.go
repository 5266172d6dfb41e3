package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"time"
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

// page is the answer of DescribeActivations. Its rows stay the bytes that are
// stored, joined by commas: decoding them would cost more than all the rest.
type page struct {
	RequestId  string
	TotalCount int
	PageNumber int64
	PageSize   int64
	NextToken  string
	rows       []byte
	count      int
}

// newPage has room for size rows of the usual length.
func newPage(c *call, size int) *page {
	return &page{RequestId: c.RequestId, rows: make([]byte, 0, size*512)}
}

func (p *page) add(row []byte) {
	if p.count > 0 {
		p.rows = append(p.rows, ',')
	}
	p.rows = append(p.rows, row...)
	p.count++
}

// json writes the answer by hand: encoding/json would check every byte of the
// rows again. RequestId and NextToken hold nothing that needs escaping.
func (p *page) json() []byte {
	to := make([]byte, 0, len(p.rows)+256)
	to = append(to, `{"RequestId":"`...)
	to = append(to, p.RequestId...)
	to = append(to, `","TotalCount":`...)
	to = strconv.AppendInt(to, int64(p.TotalCount), 10)
	to = append(to, `,"PageNumber":`...)
	to = strconv.AppendInt(to, p.PageNumber, 10)
	to = append(to, `,"PageSize":`...)
	to = strconv.AppendInt(to, p.PageSize, 10)
	to = append(to, `,"NextToken":"`...)
	to = append(to, p.NextToken...)
	to = append(to, `","ActivationList":[`...)
	to = append(to, p.rows...)
	return append(to, `]}`...)
}

// pageXML has one ActivationList element per code and none around them, as the
// page's sample shows. Tags repeat in the same way; no sample shows them.
type pageXML struct {
	RequestId      string
	TotalCount     int
	PageNumber     int64
	PageSize       int64
	NextToken      string
	ActivationList []activation
}

func (p *page) xml() (pageXML, error) {
	answer := pageXML{p.RequestId, p.TotalCount, p.PageNumber, p.PageSize, p.NextToken, nil}
	list := append(append([]byte("["), p.rows...), ']')
	return answer, decode(list, &answer.ActivationList)
}

// encode writes an answer in the format the call asked for; root is the name
// of the XML element.
func (c *call) encode(root string, answer any) ([]byte, error) {
	list, isPage := answer.(*page)
	if !c.xml {
		if isPage {
			return list.json(), nil
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

// reply sends what came of a call.
func (s *Sandbox) reply(w http.ResponseWriter, c *call, answer any, err error) {
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
	c.send(w, s.options.Now(), status, body)
}

func (s *Sandbox) refusal(c *call, refused *Error) (int, []byte, error) {
	if refused.Status >= http.StatusInternalServerError {
		s.options.Log("sandbox: %s", refused.Message)
	}
	body, err := c.encode("Error", errorAnswer{
		RequestId: c.RequestId,
		HostId:    c.host,
		Code:      refused.Code,
		Message:   refused.Message,
		Recommend: "https://api.alibabacloud.com/troubleshoot?q=" + url.QueryEscape(refused.Code) + "&product=Ecs",
	})
	return refused.Status, body, err
}

// send writes the answer. Its Date is the sandbox's clock, because clients
// take it for "now".
func (c *call) send(w http.ResponseWriter, now time.Time, status int, body []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=utf-8")
	if c.xml {
		header.Set("Content-Type", "application/xml;charset=utf-8")
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	header.Set("x-acs-request-id", c.RequestId)
	w.WriteHeader(status)
	// A failed write means that the client has gone; nobody is left to tell,
	// and net/http drops the connection.
	_, _ = w.Write(body)
}
