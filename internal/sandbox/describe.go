package sandbox

import (
	"iter"
	"net/http"

	"ecs-activation/internal/sandbox/store"
)

// describe is DescribeActivations.
func (s *Sandbox) describe(c *call, st *state) (any, error) {
	wanted, err := readFilter(c)
	if err != nil {
		return nil, err
	}
	return st.list(c, newListing("codes", st.Codes(), c.region(), wanted), newPage(c, "ActivationList"))
}

// listing is what a Describe call reads: the rows of one kind in one region
// that are wanted.
type listing struct {
	name   string // of the list, in page tokens
	table  store.Table
	region string
	wanted selection
}

func newListing(kind string, table store.Table, region string, wanted selection) listing {
	return listing{name: kind + "/" + region, table: table, region: region, wanted: wanted}
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
	for _, row := range l.candidates(nil) {
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
	rows := l.table.Rows(l.region)
	answer.TotalCount = rows.Count()
	return answer, rows.Page(first, int(answer.PageSize), func(row []byte) error { return answer.add(l.wanted.show(row)) })
}

func (st *state) pageByToken(c *call, l listing, answer *page) (any, error) {
	size, err := c.number("MaxResults", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return nil, refuse(http.StatusBadRequest, "InvalidParameter.MaxResults", "The specified parameter MaxResults is not valid.")
	}
	position, err := st.readToken(l.name, c.text("NextToken"))
	if err != nil {
		return nil, err
	}
	for key, row := range l.candidates(position.below) {
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
			answer.NextToken = st.newToken(l.name, position)
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
func (l listing) candidates(below []byte) iter.Seq2[[]byte, []byte] {
	if l.wanted.named() == "" {
		return l.table.Rows(l.region).NewestFirst(below)
	}
	return func(yield func(key, row []byte) bool) {
		at, ok := l.table.Locate(l.wanted.named())
		if !ok || at.Region != l.region || below != nil && string(at.Key) >= string(below) {
			return
		}
		yield(at.Key, l.table.Rows(l.region).Get(at.Key))
	}
}
