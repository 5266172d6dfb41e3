package activation

import "context"

// Machine is a server outside Alibaba Cloud that has registered: a managed instance, as
// DescribeManagedInstances tells it.
type Machine struct {
	InstanceId       string
	InstanceName     string
	ActivationId     string
	Hostname         string
	InternetIp       string // where it registered from
	IntranetIp       string
	OsType           string
	OsVersion        string
	AgentVersion     string
	MachineId        string
	Connected        bool   // its agent reports in
	RegistrationTime string // as the service sent it, RFC 3339 in UTC
	LastInvokedTime  string // of a command; empty: never
	InvocationCount  int64
	ResourceGroupId  string
	Tags             []Tag
}

// MachinesRequest asks for one page of the machines that registered with a code.
type MachinesRequest struct {
	Ref
	MaxResults int // 1 to 50
	NextToken  string
}

// MachinePage is one answer of DescribeManagedInstances.
type MachinePage struct {
	Answer
	NextToken string // empty on the last page
	Instances []Machine
}

// Machines reads every page of the machines that registered with a code and are still there.
// Where the service goes beyond what was asked, what is not of the code, or was on an earlier
// page, is left out.
func Machines(ctx context.Context, s Service, ref Ref) ([]Machine, error) {
	machines := []Machine{}
	seen, tokens := map[string]bool{}, map[string]bool{}
	for r := (MachinesRequest{Ref: ref, MaxResults: MaxPage}); ; {
		page, err := s.Machines(ctx, r)
		if err == nil && tokens[page.NextToken] {
			err = endless("list the machines of", ref, page.RequestId)
		}
		if err != nil {
			return nil, err
		}
		for _, m := range page.Instances {
			if m.ActivationId == ref.ActivationId && !seen[m.InstanceId] {
				seen[m.InstanceId] = true
				machines = append(machines, m)
			}
		}
		if page.NextToken == "" {
			return machines, nil
		}
		tokens[page.NextToken] = true
		r.NextToken = page.NextToken
	}
}
