package sandbox

import (
	"fmt"
	"iter"
	"net/http"
)

// describe is DescribeActivations.
func (s *Sandbox) describe(c *call, st *state) (any, error) {
	wanted, err := readFilter(c)
	if err != nil {
		return nil, err
	}
	return st.list(c, listing{codesBucket, c.region(), wanted}, newPage(c, "ActivationList"))
}

// listing is what a Describe call reads: the rows of one kind in one region
// that are wanted.
type listing struct {
	kind   string // codesBucket or machinesBucket
	region string
	wanted selection
}

// selection says which rows are wanted, and how they are shown.
type selection interface {
	// isEmpty: no row is refused.
	isEmpty() bool
	// named is the id of the one row that can fit, "" when others can.
	named() string
	// ceiling is how many rows are answered in all.
	ceiling() int
	fits(row []byte) (bool, error)
	show(row []byte) ([]byte, error)
}

// list answers newest first, page by page. With MaxResults or NextToken present
// the page number and size are not even looked at, and TotalCount means
// nothing; the sandbox then answers 0 for all three.
func (st *state) list(c *call, l listing, answer *page) (any, error) {
	if c.text("MaxResults") != "" || c.text("NextToken") != "" {
		return st.pageByToken(c, l, answer)
	}
	return st.pageByNumber(c, l, answer)
}

func (st *state) pageByNumber(c *call, l listing, answer *page) (any, error) {
	number, err := c.number("PageNumber", 1)
	if err != nil || number < 1 {
		return nil, refuse(http.StatusBadRequest, "InvalidParam.PageNumber", "The specified parameter is invalid.")
	}
	size, err := c.number("PageSize", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return nil, refuse(http.StatusBadRequest, "InvalidParam.PageSize", "The specified parameter is invalid.")
	}
	answer.PageNumber, answer.PageSize = number, size
	// No sandbox holds so many pages; a larger number could overflow an int.
	first := int(min(number-1, 1<<24) * size)
	if l.wanted.isEmpty() {
		return st.pageOfAll(l, answer, first)
	}
	for _, row := range st.candidates(l, nil) {
		fits, err := l.wanted.fits(row)
		if err != nil {
			return nil, err
		}
		if !fits {
			continue
		}
		if first <= answer.TotalCount && answer.TotalCount < first+int(size) {
			if err := answer.add(l.wanted.show(row)); err != nil {
				return nil, err
			}
		}
		answer.TotalCount++
		if answer.TotalCount == l.wanted.ceiling() {
			break
		}
	}
	return answer, nil
}

// pageOfAll is the page after the first rows when no filter is given.
func (st *state) pageOfAll(l listing, answer *page, first int) (any, error) {
	list := l.kind + "/" + l.region
	n, below := st.marks.before(list, first)
	for key, row := range st.newestFirst(l.kind, l.region, below) {
		n++
		st.marks.note(list, n, key)
		if n <= first {
			continue
		}
		if err := answer.add(l.wanted.show(row)); err != nil {
			return nil, err
		}
		if n == first+int(answer.PageSize) {
			break
		}
	}
	answer.TotalCount = st.counted(l.kind, l.region)
	if answer.count < int(answer.PageSize) && n != answer.TotalCount {
		return nil, fmt.Errorf("%w: of %d %s %d are there", errDamaged, answer.TotalCount, list, n)
	}
	return answer, nil
}

func (st *state) pageByToken(c *call, l listing, answer *page) (any, error) {
	size, err := c.number("MaxResults", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return nil, refuse(http.StatusBadRequest, "InvalidParameter.MaxResults", "The specified parameter MaxResults is not valid.")
	}
	list := l.kind + "/" + l.region
	position, err := st.readToken(list, c.text("NextToken"))
	if err != nil {
		return nil, err
	}
	for key, row := range st.candidates(l, position.below) {
		if position.seen >= l.wanted.ceiling() {
			break
		}
		fits, err := l.wanted.fits(row)
		if err != nil {
			return nil, err
		}
		if !fits {
			continue
		}
		if answer.count == int(size) {
			answer.NextToken = st.newToken(list, position)
			break
		}
		if err := answer.add(l.wanted.show(row)); err != nil {
			return nil, err
		}
		position.below = key
		position.seen++
	}
	return answer, nil
}

// candidates are the rows that may fit, newest first: all of the region, or
// the one that is named.
func (st *state) candidates(l listing, below []byte) iter.Seq2[[]byte, []byte] {
	if l.wanted.named() == "" {
		return st.newestFirst(l.kind, l.region, below)
	}
	return func(yield func(key, row []byte) bool) {
		at, ok := st.locate(l.kind, l.wanted.named())
		if !ok || at.region != l.region || below != nil && string(at.key) >= string(below) {
			return
		}
		yield(at.key, st.rows(l.kind, l.region).Get(at.key))
	}
}
