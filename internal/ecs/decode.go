package ecs

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// The types below accept what the service sends and what its documentation shows: its samples have
// numbers and booleans as strings, the SDK's types have integers and booleans. Unknown fields are
// ignored. null is an empty value.

// text is a string. It also accepts a number or a boolean, as it is written.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		if inside := b[1 : len(b)-1]; utf8.Valid(inside) && bytes.IndexByte(inside, '\\') < 0 {
			*t = text(inside)
			return nil
		}
		return json.Unmarshal(b, (*string)(t))
	case '{', '[':
		return activation.Textf("a string was expected, not %s", kindOf(b))
	case 'n':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// strict is a string. Any other JSON value is ignored, so that it does not make the rest of the
// answer unreadable.
type strict string

func (s *strict) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		return nil
	}
	return (*text)(s).UnmarshalJSON(b)
}

// ignored is a field for the keys that differ from the name of another field only in case, such as
// "code". encoding/json stores such a key in the first field that matches without regard to case,
// so the ignored field is declared before the real one. An exact match always comes first.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// number is a whole number, with or without quotes.
type number int64

func (n *number) UnmarshalJSON(b []byte) error {
	if len(b) == 1 && '0' <= b[0] && b[0] <= '9' { // the most frequent case
		*n = number(b[0] - '0')
		return nil
	}
	digits := string(bytes.Trim(b, `"`))
	if digits == "" || digits == "null" {
		*n = 0
		return nil
	}
	if value, err := strconv.ParseInt(digits, 10, 64); err == nil {
		*n = number(value)
		return nil
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil || value != math.Trunc(value) || math.Abs(value) > 1<<53 {
		return activation.Textf("a whole number was expected, not %s", kindOf(b))
	}
	*n = number(value)
	return nil
}

// flag is a boolean, with or without quotes.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch string(bytes.Trim(b, `"`)) {
	case "true", "True", "TRUE":
		*f = true
	case "false", "False", "FALSE", "null", "":
		*f = false
	default:
		return activation.Textf("true or false was expected, not %s", kindOf(b))
	}
	return nil
}

// kindOf returns the kind of a JSON value, without its content, which can be a secret.
func kindOf(b []byte) error {
	switch b[0] {
	case '{':
		return errors.New("an object")
	case '[':
		return errors.New("an array")
	case '"':
		return errors.New("another text")
	default:
		return errors.New("another value")
	}
}

type wireTag struct{ TagKey, TagValue text }

type wireActivation struct {
	ActivationId, InstanceName, Description           text
	InstanceCount, RegisteredCount, DeregisteredCount number
	TimeToLiveInHours                                 number
	IpAddressRange                                    text
	Disabled                                          flag
	CreationTime, ResourceGroupId                     text
	Tags                                              []wireTag
}

// decode decodes the body of an answer. Its errors never contain parts of the answer.
func decode(raw []byte, body any) error {
	trimmed := bytes.TrimSpace(raw)
	switch {
	case len(trimmed) == 0:
		return errors.New("the answer is empty")
	case trimmed[0] != '{':
		return errors.New("the answer is not a JSON object: a proxy or another service may have sent it")
	}
	if err := json.Unmarshal(trimmed, body); err != nil {
		return activation.Textf("the answer cannot be read: %w", netfault.WithoutContent(err))
	}
	return nil
}

// activation returns the code as a type of the domain.
func (w wireActivation) activation(region string) activation.Activation {
	return activation.Activation{
		ActivationId:      string(w.ActivationId),
		RegionId:          region,
		InstanceName:      string(w.InstanceName),
		Description:       string(w.Description),
		InstanceCount:     int(w.InstanceCount),
		RegisteredCount:   int(w.RegisteredCount),
		DeregisteredCount: int(w.DeregisteredCount),
		TimeToLiveInHours: int64(w.TimeToLiveInHours),
		IpAddressRange:    string(w.IpAddressRange),
		Disabled:          bool(w.Disabled),
		CreationTime:      string(w.CreationTime),
		ResourceGroupId:   string(w.ResourceGroupId),
		Tags:              tagsOf(w.Tags),
	}
}

// tagsOf returns the tags as types of the domain.
func tagsOf(sent []wireTag) []activation.Tag {
	tags := make([]activation.Tag, len(sent))
	for i, t := range sent {
		tags[i] = activation.Tag{TagKey: string(t.TagKey), TagValue: string(t.TagValue)}
	}
	return tags
}
