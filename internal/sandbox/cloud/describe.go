package cloud

import "ecs-activation/internal/sandbox/store"

// DescribeInput is the parameters of DescribeActivations. Empty filters match every code. Names and groups
// must be equal, not only begin alike: the page documents no wildcard.
type DescribeInput struct {
	RegionId        string
	ActivationId    string
	InstanceName    string
	ResourceGroupId string
	Tags            []TagInput
	Page            PageInput
}

// DescribeActivations writes a page of codes.
func (a *Account) DescribeActivations(in DescribeInput, to RowWriter) (PageResult, error) {
	tags, err := readTagFilters(in.Tags)
	if err != nil {
		return PageResult{}, err
	}
	return a.page(list{
		name: "codes/" + in.RegionId, table: a.tx.Codes(), region: in.RegionId, filter: codeFilter{&in, tags}, to: to,
	}, in.Page)
}

// codeFilter matches stored codes with the filters of a DescribeInput.
type codeFilter struct {
	in   *DescribeInput
	tags tagFilters
}

func (f codeFilter) isEmpty() bool {
	return f.in.ActivationId == "" && f.in.InstanceName == "" && f.in.ResourceGroupId == "" && len(f.tags) == 0
}

func (f codeFilter) onlyId() string { return f.in.ActivationId }

func (f codeFilter) most() int { return f.tags.most() }

// encode returns a code as it is stored.
func (f codeFilter) encode(row []byte) ([]byte, error) { return row, checkEnds(row) }

// matches need not compare the ActivationId, because onlyId selects the row.
func (f codeFilter) matches(row []byte) (bool, error) {
	if f.isEmpty() {
		return true, nil
	}
	var code Code
	if err := store.Decode(row, &code); err != nil {
		return false, err
	}
	return (f.in.InstanceName == "" || f.in.InstanceName == code.InstanceName) &&
		(f.in.ResourceGroupId == "" || f.in.ResourceGroupId == code.ResourceGroupId) &&
		f.tags.matchAll(code.Tags), nil
}
