package activation

import (
	"encoding/json"
	"errors"
	"io"
)

// jsonRefs reads the Refs in JSON. It keeps one value at a time.
type jsonRefs struct {
	json *json.Decoder
	*targets
}

// read reads the values of the input. It returns the errors of the reader; invalid JSON is an error of a target.
func (r *jsonRefs) read() error {
	for {
		start, err := r.json.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
		case start == json.Delim('['):
			err = r.array()
		default:
			err = r.element(start, false)
		}
		if err != nil {
			return r.broken(err)
		}
	}
}

// broken adds an error that ends the JSON to the element that has it. It returns the errors of the reader.
func (r *jsonRefs) broken(err error) error {
	var reason NotTarget
	switch {
	case errors.As(err, &reason):
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		reason = Incomplete
	case errors.As(err, new(*json.SyntaxError)):
		reason = NoJSON
	default:
		return err
	}
	r.invalidElement(reason)
	return nil
}

func (r *jsonRefs) invalidElement(err error) {
	r.fail(InvalidRef{Element: len(r.refs) + r.invalid + 1, Err: err})
}

// array reads the elements of an array after its start.
func (r *jsonRefs) array() error {
	for r.json.More() {
		start, err := r.json.Token()
		if err == nil {
			err = r.element(start, true)
		}
		if err != nil {
			return err
		}
	}
	return r.end()
}

// end reads the end of an array or of an object.
func (r *jsonRefs) end() error {
	_, err := r.json.Token()
	return err
}

// element reads a value after its first token. A row is not a page.
func (r *jsonRefs) element(start json.Token, row bool) error {
	if text, isText := start.(string); isText {
		return r.addOr(ParseRef(text))
	}
	if start != json.Delim('{') {
		return NoObject
	}
	return r.object(row)
}

// object reads an object after its start.
func (r *jsonRefs) object(row bool) error {
	var id, region, total, next, ignored json.RawMessage
	isPage := false
	before := len(r.refs) + r.invalid
	for r.json.More() {
		key, err := r.json.Token()
		switch {
		case err != nil:
		case key == "ActivationId":
			err = r.json.Decode(&id)
		case key == "RegionId":
			err = r.json.Decode(&region)
		case key == "ActivationList" && !row:
			isPage = true
			err = r.list()
		case key == "TotalCount":
			err = r.json.Decode(&total)
		case key == "NextToken":
			err = r.json.Decode(&next)
		default:
			err = r.json.Decode(&ignored)
		}
		if err != nil {
			return err
		}
	}
	if err := r.end(); err != nil {
		return err
	}
	if isPage {
		r.pages.add(len(r.refs)+r.invalid-before, total, next)
		return nil
	}
	return r.addOr(refOf(id, region))
}

// add adds a page. Counts and tokens of another type are ignored.
func (p *pages) add(rows int, total, next json.RawMessage) {
	var count int
	var token string
	_, _ = json.Unmarshal(total, &count), json.Unmarshal(next, &token)
	p.rows, p.total, p.next = p.rows+rows, max(p.total, count), token != ""
}

// list reads the value of ActivationList.
func (r *jsonRefs) list() error {
	start, err := r.json.Token()
	switch {
	case err != nil || start == nil:
		return err
	case start != json.Delim('['):
		return NoList
	}
	return r.array()
}

// addOr adds a Ref, or the error of an element.
func (r *jsonRefs) addOr(ref Ref, err error) error {
	if err != nil {
		r.invalidElement(err)
		return nil
	}
	return r.add(ref)
}

// refOf returns the Ref of an object with these fields; null is treated as missing.
func refOf(id, region json.RawMessage) (Ref, error) {
	var ids, regions *string
	if id != nil && json.Unmarshal(id, &ids) != nil || region != nil && json.Unmarshal(region, &regions) != nil {
		return Ref{}, NoText
	}
	if ids == nil {
		return Ref{}, NoActivationId
	}
	if !isActivationId(*ids) {
		return Ref{}, NotRef{*ids}
	}
	ref := Ref{ActivationId: *ids}
	if regions != nil && *regions != "" {
		ref.RegionId = *regions
		return ref, CheckRegion(ref.RegionId)
	}
	return ref, nil
}
