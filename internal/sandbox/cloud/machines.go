package cloud

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/sandbox/store"
)

// InstanceIdsMax is the largest N of InstanceId.N (DescribeManagedInstances, 2024-01-11).
const InstanceIdsMax = 50

// DescribeMachinesInput is the parameters of DescribeManagedInstances. Empty filters match every machine.
type DescribeMachinesInput struct {
	RegionId        string
	InstanceIds     []string
	ActivationId    string
	InstanceName    string
	InstanceIp      string
	OsType          string
	MachineId       string
	ResourceGroupId string
	Connected       string
	Tags            []TagInput
	Page            PageInput
}

// DescribeManagedInstances writes a page of machines. Its pages, and the largest number of rows for a filter
// by tags, are those of DescribeActivations.
func (a *Account) DescribeManagedInstances(in DescribeMachinesInput, to RowWriter) (PageResult, error) {
	tags, err := readTagFilters(in.Tags)
	if err != nil {
		return PageResult{}, err
	}
	return a.page(list{
		name: "machines/" + in.RegionId, table: a.tx.Machines(), region: in.RegionId,
		filter: machineFilter{&in, tags, a.Clock()}, to: to,
	}, in.Page)
}

// machineFilter matches stored machines with the filters of a DescribeMachinesInput.
type machineFilter struct {
	in    *DescribeMachinesInput
	tags  tagFilters
	clock int64 // whether a machine is connected depends on the time
}

func (f machineFilter) isEmpty() bool {
	in := f.in
	return len(in.InstanceIds) == 0 && len(f.tags) == 0 && in.ActivationId == "" && in.InstanceName == "" && in.InstanceIp == "" &&
		in.OsType == "" && in.MachineId == "" && in.ResourceGroupId == "" && in.Connected == ""
}

func (f machineFilter) onlyId() string {
	if len(f.in.InstanceIds) == 1 {
		return f.in.InstanceIds[0]
	}
	return ""
}

func (f machineFilter) most() int { return f.tags.most() }

func (f machineFilter) matches(row []byte) (bool, error) {
	var stored storedMachine
	if err := store.Decode(row, &stored); err != nil {
		return false, err
	}
	in, m := f.in, stored.at(f.clock)
	return (in.ActivationId == "" || m.ActivationId == in.ActivationId) &&
		(in.InstanceName == "" || m.InstanceName == in.InstanceName) &&
		(in.InstanceIp == "" || m.IntranetIp == in.InstanceIp || m.InternetIp == in.InstanceIp) &&
		(in.OsType == "" || strings.EqualFold(m.OsType, in.OsType)) && // the page writes FreeBSD, the agent sends freebsd
		(in.MachineId == "" || m.MachineId == in.MachineId) &&
		(in.ResourceGroupId == "" || m.ResourceGroupId == in.ResourceGroupId) &&
		(in.Connected == "" || strconv.FormatBool(m.Connected) == in.Connected) &&
		(len(in.InstanceIds) == 0 || slices.Contains(in.InstanceIds, m.InstanceId)) &&
		f.tags.matchAll(m.Tags), nil
}

// encode decodes a row and encodes it again, because a machine is stored with more fields than the answer
// contains.
func (f machineFilter) encode(row []byte) ([]byte, error) {
	var stored storedMachine
	if err := store.Decode(row, &stored); err != nil {
		return nil, err
	}
	return json.Marshal(stored.at(f.clock))
}
