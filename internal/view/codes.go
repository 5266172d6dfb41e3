package view

import (
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// Code is the fields of a code that are in every response of the service, and fields computed from them.
type Code struct {
	ActivationId      string
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int
	RegisteredCount   int
	DeregisteredCount int
	RemainingCount    int
	TimeToLiveInHours int64
	IpAddressRange    string
	CreationTime      string
	ExpirationTime    string // "" when it cannot be computed
}

// NewCode returns a code of a response of the service.
func NewCode(a activation.Activation) Code {
	return Code{
		ActivationId: a.ActivationId, RegionId: a.RegionId, InstanceName: a.InstanceName, Description: a.Description,
		InstanceCount: a.InstanceCount, RegisteredCount: a.RegisteredCount, DeregisteredCount: a.DeregisteredCount,
		RemainingCount: a.RemainingCount(), TimeToLiveInHours: a.TimeToLiveInHours, IpAddressRange: a.IpAddressRange,
		CreationTime: a.CreationTime, ExpirationTime: a.ExpirationText(),
	}
}

// Ref returns the name of the code with its region.
func (c Code) Ref() activation.Ref {
	return activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
}

// Listed is a code in a list.
type Listed struct {
	Code
	Status          activation.Status
	Disabled        bool
	ResourceGroupId string
	Tags            []activation.Tag
}

// NewListed returns a code with its status at a time.
func NewListed(a activation.Activation, now time.Time) Listed {
	tags := a.Tags
	if tags == nil {
		tags = []activation.Tag{}
	}
	return Listed{Code: NewCode(a), Status: a.Status(now), Disabled: a.Disabled, ResourceGroupId: a.ResourceGroupId, Tags: tags}
}

// NewListedAll returns codes with their statuses at a time.
func NewListedAll(codes []activation.Activation, now time.Time) []Listed {
	listed := make([]Listed, len(codes))
	for i, a := range codes {
		listed[i] = NewListed(a, now)
	}
	return listed
}

// Page is one page of a list of the service.
type Page struct {
	RequestId      string
	TotalCount     int
	PageNumber     int
	PageSize       int
	NextToken      string
	ActivationList []Listed
}

// NewPage returns a page of the service with the codes that were selected from it.
func NewPage(p activation.Page, codes []Listed) Page {
	return Page{
		RequestId: p.RequestId, TotalCount: p.TotalCount, PageNumber: p.PageNumber, PageSize: p.PageSize,
		NextToken: p.NextToken, ActivationList: codes,
	}
}

// PrintCodes prints a list of codes: their IDs, a sequence for programs, a table or CSV. If they are from
// several regions, their IDs are printed with the region. A table without codes is not printed.
func PrintCodes(p *Printer, codes []Listed, now time.Time, several bool) error {
	switch {
	case bare(p):
		return printIDs(p, codes, several)
	case p.ForPrograms():
		return printMany(p, codes)
	case p.Format == FormatCSV:
		return printRows(p, codeColumns(codeContext{out: cellStream(p), several: several}), codes)
	}
	t := NewCodeTable(p, now, several)
	t.Add(codes...)
	return t.End()
}

// PrintCode prints one code as PrintCodes does. With Quiet it prints nothing.
func PrintCode(p *Printer, code Listed, now time.Time) error {
	switch {
	case p.Quiet:
		return nil
	case p.ForPrograms():
		return p.Value(code)
	}
	return PrintCodes(p, []Listed{code}, now, false)
}

// printIDs prints one ID a line, in one write, with the region if there are several or in the format name.
func printIDs[T interface{ Ref() activation.Ref }](p *Printer, codes []T, several bool) error {
	var b strings.Builder
	for _, code := range codes {
		ref := code.Ref()
		id := ref.ActivationId
		if several || p.Format == FormatName && !p.Quiet {
			id = ref.String()
		}
		b.WriteString(ui.Clean(id) + "\n")
	}
	return p.Text(b.String())
}
