package ecs

import (
	"context"
	"errors"
	"slices"

	"ecs-activation/internal/activation"
)

type wireMachine struct {
	InstanceId, InstanceName, ActivationId, Hostname text
	InternetIp, IntranetIp                           text
	OsType, OsVersion, AgentVersion, MachineId       text
	Connected                                        flag
	RegistrationTime, LastInvokedTime                text
	InvocationCount                                  number
	ResourceGroupId                                  text
	Tags                                             []wireTag
}

type machinesBody struct {
	listBody
	Instances *[]wireMachine
}

func (b *machinesBody) check() error {
	switch {
	case b.Code != "":
		return errHasCode
	case b.Instances == nil && b.isEmpty():
		return nil
	case b.Instances == nil:
		return errors.New("the answer holds no list of machines")
	case slices.ContainsFunc(*b.Instances, func(m wireMachine) bool { return m.InstanceId == "" }):
		return errors.New("the answer holds a machine without an InstanceId")
	}
	return nil
}

// Machines implements activation.Service.
func (c *Client) Machines(ctx context.Context, r activation.MachinesRequest) (activation.MachinePage, error) {
	call := call{op: "list the machines of", ref: r.Ref, request: machinesRequest(r)}
	var machines machinesBody
	answer, err := c.do(ctx, call, func() body { machines = machinesBody{}; return &machines })
	if err != nil {
		return activation.MachinePage{Answer: answer}, err
	}
	page := activation.MachinePage{Answer: answer, NextToken: string(machines.NextToken)}
	if machines.Instances != nil {
		for _, m := range *machines.Instances {
			page.Instances = append(page.Instances, m.machine())
		}
	}
	return page, nil
}

// machine returns the machine as a type of the domain.
func (w wireMachine) machine() activation.Machine {
	return activation.Machine{
		InstanceId: string(w.InstanceId), InstanceName: string(w.InstanceName), ActivationId: string(w.ActivationId),
		Hostname: string(w.Hostname), InternetIp: string(w.InternetIp), IntranetIp: string(w.IntranetIp),
		OsType: string(w.OsType), OsVersion: string(w.OsVersion), AgentVersion: string(w.AgentVersion), MachineId: string(w.MachineId),
		Connected: bool(w.Connected), RegistrationTime: string(w.RegistrationTime), LastInvokedTime: string(w.LastInvokedTime),
		InvocationCount: int64(w.InvocationCount), ResourceGroupId: string(w.ResourceGroupId), Tags: tagsOf(w.Tags),
	}
}
