package cloud

import (
	"iter"

	"ecs-activation/internal/sandbox/store"
)

// PageInput is the parameters by which a Describe action selects a page.
type PageInput struct {
	PageNumber Number
	PageSize   Number
	MaxResults Number
	NextToken  string
}

// PageResult is what a Describe action returns beside its rows.
type PageResult struct {
	TotalCount int
	PageNumber int64
	PageSize   int64
	NextToken  string
}

// RowWriter receives the rows of a page, each encoded as JSON. A row is valid only during the call. Rows of
// codes are the stored bytes: decoding and encoding them would take longer than all the rest.
type RowWriter interface{ AddRow(row []byte) }

// list is the rows of one kind in one region that a Describe action asks for.
type list struct {
	name   string // kind/region, for page tokens
	table  store.Table
	region string
	filter rowFilter
	to     RowWriter
}

// rowFilter decides which rows are returned, and how.
type rowFilter interface {
	// isEmpty reports whether every row matches.
	isEmpty() bool
	// onlyId returns the id of the one row that can match, "" if there can be others.
	onlyId() string
	// most returns how many rows are returned in all.
	most() int
	matches(row []byte) (bool, error)
	// encode returns a row as the answer contains it.
	encode(row []byte) ([]byte, error)
}

// page writes a page of the list, newest rows first. If MaxResults or NextToken is given, page number and
// size are not even checked, and TotalCount means nothing; all three are then 0 in the answer.
func (a *Account) page(l list, in PageInput) (PageResult, error) {
	switch {
	case in.MaxResults.given || in.NextToken != "":
		return a.pageByToken(l, in)
	case l.filter.isEmpty():
		return l.pageOfAll(in)
	}
	return l.pageByNumber(in)
}

// firstRow checks page number and size. It returns a result with both, and how many rows are before the page.
func (in PageInput) firstRow() (PageResult, int, error) {
	number, err := in.PageNumber.or("PageNumber", 1)
	if err != nil || number < 1 {
		return PageResult{}, 0, Refuse("InvalidParam.PageNumber", "The specified parameter is invalid.")
	}
	size, err := in.PageSize.or("PageSize", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return PageResult{}, 0, Refuse("InvalidParam.PageSize", "The specified parameter is invalid.")
	}
	// No sandbox holds so many pages; a larger number could overflow an int.
	return PageResult{PageNumber: number, PageSize: size}, int(min(number-1, 1<<24) * size), nil
}

// pageOfAll writes a page of all rows.
func (l list) pageOfAll(in PageInput) (PageResult, error) {
	result, first, err := in.firstRow()
	if err != nil {
		return result, err
	}
	rows := l.table.Rows(l.region)
	result.TotalCount = rows.Count()
	return result, rows.Page(first, int(result.PageSize), l.write)
}

// pageByNumber writes a page of the rows that match, and counts all of them.
func (l list) pageByNumber(in PageInput) (PageResult, error) {
	result, first, err := in.firstRow()
	if err != nil {
		return result, err
	}
	for _, row := range l.candidates(nil) {
		matches, err := l.filter.matches(row)
		if err != nil {
			return result, err
		}
		if !matches {
			continue
		}
		if first <= result.TotalCount && result.TotalCount < first+int(result.PageSize) {
			if err := l.write(row); err != nil {
				return result, err
			}
		}
		result.TotalCount++
		if result.TotalCount == l.filter.most() {
			break
		}
	}
	return result, nil
}

func (a *Account) pageByToken(l list, in PageInput) (PageResult, error) {
	size, err := in.MaxResults.or("MaxResults", pageSizeDefault)
	if err != nil || size < 1 || size > pageSizeMax {
		return PageResult{}, Refuse("InvalidParameter.MaxResults", "The specified parameter MaxResults is not valid.")
	}
	position, err := a.readPageToken(l.name, in.NextToken)
	if err != nil {
		return PageResult{}, err
	}
	written := 0
	for key, row := range l.candidates(position.below) {
		if position.seen >= l.filter.most() {
			break
		}
		matches, err := l.filter.matches(row)
		if err != nil {
			return PageResult{}, err
		}
		if !matches {
			continue
		}
		if written == int(size) {
			return PageResult{NextToken: a.newPageToken(l.name, position)}, nil
		}
		if err := l.write(row); err != nil {
			return PageResult{}, err
		}
		written++
		position.below = key
		position.seen++
	}
	return PageResult{}, nil
}

func (l list) write(row []byte) error {
	encoded, err := l.filter.encode(row)
	if err == nil {
		l.to.AddRow(encoded)
	}
	return err
}

// candidates yields the rows that may match, newest first: all of the region, or the one with the only id.
func (l list) candidates(below []byte) iter.Seq2[[]byte, []byte] {
	rows, id := l.table.Rows(l.region), l.filter.onlyId()
	if id == "" {
		return rows.NewestFirst(below)
	}
	return func(yield func(key, row []byte) bool) {
		at, ok := l.table.Locate(id)
		if !ok || at.Region != l.region || below != nil && string(at.Key) >= string(below) {
			return
		}
		yield(at.Key, rows.Get(at.Key))
	}
}
