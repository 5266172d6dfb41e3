package sandbox

import (
	"iter"
	"net/http"
)

// describe is DescribeActivations: newest first, page by page. With MaxResults
// or NextToken present the page number and size are not even looked at, and
// TotalCount means nothing; the sandbox then answers 0 for all three.
func (s *Sandbox) describe(c *call, st *state) (any, error) {
	wanted, err := readFilter(c)
	if err != nil {
		return nil, err
	}
	if c.text("MaxResults") != "" || c.text("NextToken") != "" {
		return st.pageByToken(c, wanted)
	}
	return st.pageByNumber(c, wanted)
}

func (st *state) pageByNumber(c *call, wanted filter) (any, error) {
	number, err := c.number("PageNumber", 1)
	if err != nil || number < 1 {
		return nil, refuse(http.StatusBadRequest, "InvalidParam.PageNumber", "The specified parameter is invalid.")
	}
	size, err := c.number("PageSize", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return nil, refuse(http.StatusBadRequest, "InvalidParam.PageSize", "The specified parameter is invalid.")
	}
	answer := newPage(c)
	answer.PageNumber, answer.PageSize = number, size
	// No sandbox holds so many pages; a larger number could overflow an int.
	first := int(min(number-1, 1<<24) * size)
	if wanted.isEmpty() {
		return st.pageOfAll(c, answer, first)
	}
	for _, row := range st.candidates(c.region(), wanted, nil) {
		fits, err := wanted.fits(row)
		if err != nil {
			return nil, err
		}
		if !fits {
			continue
		}
		if first <= answer.TotalCount && answer.TotalCount < first+int(size) {
			answer.add(row)
		}
		answer.TotalCount++
		if answer.TotalCount == wanted.ceiling() {
			break
		}
	}
	return answer, nil
}

// pageOfAll is the page after the first codes when no filter is given.
func (st *state) pageOfAll(c *call, answer *page, first int) (any, error) {
	n, below := st.marks.before(c.region(), first)
	for key, row := range st.newestFirst(codesBucket, c.region(), below) {
		n++
		st.marks.note(c.region(), n, key)
		if n > first {
			answer.add(row)
		}
		if n == first+int(answer.PageSize) {
			break
		}
	}
	answer.TotalCount = st.counted(codesBucket, c.region())
	return answer, nil
}

func (st *state) pageByToken(c *call, wanted filter) (any, error) {
	size, err := c.number("MaxResults", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return nil, refuse(http.StatusBadRequest, "InvalidParameter.MaxResults", "The specified parameter MaxResults is not valid.")
	}
	position, err := st.readToken(c.region(), c.text("NextToken"))
	if err != nil {
		return nil, err
	}
	answer := newPage(c)
	for key, row := range st.candidates(c.region(), wanted, position.below) {
		if position.seen >= wanted.ceiling() {
			break
		}
		fits, err := wanted.fits(row)
		if err != nil {
			return nil, err
		}
		if !fits {
			continue
		}
		if answer.count == int(size) {
			answer.NextToken = st.newToken(c.region(), position)
			break
		}
		answer.add(row)
		position.below = key
		position.seen++
	}
	return answer, nil
}

// candidates are the rows that may fit, newest first: all of the region, or
// the one that is named.
func (st *state) candidates(region string, wanted filter, below []byte) iter.Seq2[[]byte, []byte] {
	if wanted.ActivationId == "" {
		return st.newestFirst(codesBucket, region, below)
	}
	return func(yield func(key, row []byte) bool) {
		at, ok := st.locate(wanted.ActivationId)
		if !ok || at.region != region || below != nil && string(at.key) >= string(below) {
			return
		}
		yield(at.key, st.rows(codesBucket, region).Get(at.key))
	}
}
