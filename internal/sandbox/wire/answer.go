package wire

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"

	"ecs-activation/internal/sandbox/cloud"
)

// Encode returns an answer in the format that the request asked for.
func (q *Request) Encode(answer any) ([]byte, error) { return q.encode(q.Action()+"Response", answer) }

// encode writes an answer; root is the name of the XML element.
func (q *Request) encode(root string, answer any) ([]byte, error) {
	list, isPage := answer.(*page)
	if !q.XML {
		if isPage {
			q.Buffer = list.json()
			return q.Buffer, nil
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

// ContentType returns the media type of the answer.
func (q *Request) ContentType() string {
	if q.XML {
		return "application/xml;charset=utf-8"
	}
	return "application/json;charset=utf-8"
}

// createAnswer is what CreateActivation answers.
type createAnswer struct {
	RequestId string
	cloud.CreateResult
}

// changeAnswer is what DisableActivation and DeleteActivation answer; T is the part of the code that they
// show.
type changeAnswer[T any] struct {
	RequestId  string
	Activation T
}

// deregisterAnswer is what DeregisterManagedInstance answers.
type deregisterAnswer struct {
	RequestId string
	Instance  cloud.Instance
}

// regionsAnswer is what DescribeRegions answers.
type regionsAnswer struct {
	RequestId string
	Regions   struct{ Region []cloud.Region }
}

// attributesAnswer is what DescribeAccountAttributes answers. Plural elements contain singular ones, as in
// the older parts of the API.
type attributesAnswer struct {
	RequestId             string
	AccountAttributeItems struct{ AccountAttributeItem []attribute }
}

type attribute struct {
	AttributeName   string
	AttributeValues struct{ ValueItem []attributeValue }
}

type attributeValue struct{ Value string }

func newAttributesAnswer(requestId string, attributes []cloud.Attribute) attributesAnswer {
	items := []attribute{} // encoded as an empty list, not as null
	for _, a := range attributes {
		item := attribute{AttributeName: a.Name}
		item.AttributeValues.ValueItem = []attributeValue{{a.Value}}
		items = append(items, item)
	}
	answer := attributesAnswer{RequestId: requestId}
	answer.AccountAttributeItems.AccountAttributeItem = items
	return answer
}

// identityAnswer is what GetCallerIdentity answers.
type identityAnswer struct {
	RequestId string
	cloud.Identity
}

// roleAnswer is what AssumeRole answers.
type roleAnswer struct {
	RequestId       string
	AssumedRoleUser struct{ Arn, AssumedRoleId string }
	Credentials     struct{ AccessKeyId, AccessKeySecret, SecurityToken, Expiration string }
}

func newRoleAnswer(requestId string, role cloud.AssumedRole, securityToken string) roleAnswer {
	answer := roleAnswer{RequestId: requestId}
	answer.AssumedRoleUser.Arn = role.Arn
	answer.AssumedRoleUser.AssumedRoleId = role.AssumedRoleId
	answer.Credentials.AccessKeyId = role.Session.AccessKeyId
	answer.Credentials.AccessKeySecret = role.Secret
	answer.Credentials.SecurityToken = securityToken
	answer.Credentials.Expiration = role.Expiration
	return answer
}

// page is what DescribeActivations and DescribeManagedInstances answer.
type page struct {
	RequestId string
	cloud.PageResult
	text []byte // the answer in JSON, up to the last row that was added
	rows int
}

// newPage begins a page with the name of its list. The list is the first field, so that each row is copied
// only once, into the memory from which it is sent.
func newPage(q *Request, list string) *page {
	return &page{RequestId: q.RequestId, text: append(q.Buffer[:0], `{"`+list+`":[`...)}
}

// AddRow adds a row in JSON.
func (p *page) AddRow(row []byte) {
	if p.rows > 0 {
		p.text = append(p.text, ',')
	}
	p.text = append(p.text, row...)
	p.rows++
}

// json completes the answer without encoding/json, which would check every byte of the rows again. RequestId
// and NextToken contain nothing that needs escaping.
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

// pageXML has one ActivationList or Instances element per row and no element around them, as the samples of
// the pages show. Tags repeat in the same way; no sample shows them.
type pageXML struct {
	RequestId string
	cloud.PageResult
	ActivationList []cloud.Code
	Instances      []cloud.Managed
}

func (p *page) xml() (pageXML, error) {
	answer := pageXML{RequestId: p.RequestId, PageResult: p.PageResult}
	p.text = append(p.text, "]}"...)
	if err := json.Unmarshal(p.text, &answer); err != nil {
		return answer, cloud.Damaged(err)
	}
	return answer, nil
}
