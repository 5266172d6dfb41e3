package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/sandbox/store"
)

// instanceIdsMax is the largest N of InstanceId.N (DescribeManagedInstances,
// 2024-01-11).
const instanceIdsMax = 50

// describeMachines is DescribeManagedInstances. Its pages and the ceiling of
// its filter by tags are those of DescribeActivations.
func (s *Sandbox) describeMachines(c *call, st *state) (any, error) {
	wanted, err := readMachineFilter(c, st.clock())
	if err != nil {
		return nil, err
	}
	return st.list(c, newListing("machines", st.Machines(), c.region(), wanted), newPage(c, "Instances"))
}

// machineFilter is what a DescribeManagedInstances asks for; empty fields ask
// for nothing. It shows machines as they are at a moment.
type machineFilter struct {
	given       map[string]string // the filters that compare one field, by name
	instanceIds []string
	tags        tagFilters
	clock       int64
}

func readMachineFilter(c *call, clock int64) (machineFilter, error) {
	wanted := machineFilter{given: map[string]string{}, clock: clock}
	for _, name := range []string{
		"ActivationId", "InstanceName", "InstanceIp", "OsType", "MachineId", "ResourceGroupId", "Connected",
	} {
		if value := c.text(name); value != "" {
			wanted.given[name] = value
		}
	}
	var err error
	if wanted.instanceIds, err = readInstanceIds(c); err != nil {
		return wanted, err
	}
	wanted.tags, err = readTagFilters(c)
	return wanted, err
}

// readInstanceIds reads InstanceId.N; the order of N says nothing here.
func readInstanceIds(c *call) ([]string, error) {
	var ids []string
	for name, value := range c.given {
		number, found := strings.CutPrefix(name, "InstanceId.")
		if !found {
			continue
		}
		if n, err := strconv.Atoi(number); err != nil || n < 1 || n > instanceIdsMax {
			return nil, invalid(name)
		}
		ids = append(ids, value)
	}
	return ids, nil
}

func (f machineFilter) isEmpty() bool {
	return len(f.given) == 0 && len(f.instanceIds) == 0 && len(f.tags) == 0
}

func (f machineFilter) named() string {
	if len(f.instanceIds) == 1 {
		return f.instanceIds[0]
	}
	return ""
}

func (f machineFilter) ceiling() int { return f.tags.ceiling() }

func (f machineFilter) fits(row []byte) (bool, error) {
	var stored machine
	if err := store.Decode(row, &stored); err != nil {
		return false, err
	}
	m := stored.at(f.clock)
	for name, value := range f.given {
		if !m.fits(name, value) {
			return false, nil
		}
	}
	return (len(f.instanceIds) == 0 || slices.Contains(f.instanceIds, m.InstanceId)) && f.tags.allOn(m.Tags), nil
}

func (m managed) fits(name, value string) bool {
	switch name {
	case "ActivationId":
		return m.ActivationId == value
	case "InstanceName":
		return m.InstanceName == value
	case "InstanceIp":
		return m.IntranetIp == value || m.InternetIp == value
	case "OsType": // the page writes FreeBSD, the agent sends freebsd
		return strings.EqualFold(m.OsType, value)
	case "MachineId":
		return m.MachineId == value
	case "ResourceGroupId":
		return m.ResourceGroupId == value
	}
	return strconv.FormatBool(m.Connected) == value
}

// show decodes a row and encodes it anew, because a machine is stored with more
// than is shown.
func (f machineFilter) show(row []byte) ([]byte, error) {
	var stored machine
	if err := store.Decode(row, &stored); err != nil {
		return nil, err
	}
	return json.Marshal(stored.at(f.clock))
}
