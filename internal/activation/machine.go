package activation

// Machine is a server outside Alibaba Cloud that has registered: a managed instance, as
// DescribeManagedInstances returns it.
type Machine struct {
	InstanceId       string
	InstanceName     string
	ActivationId     string
	Hostname         string
	InternetIp       string // the address from which it registered
	IntranetIp       string
	OsType           string
	OsVersion        string
	AgentVersion     string
	MachineId        string
	Connected        bool   // the service receives heartbeats of its agent
	RegistrationTime string // as the service sent it, RFC 3339 in UTC
	LastInvokedTime  string // when a command last ran on it; empty: never
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

// MachinePage is one response of DescribeManagedInstances.
type MachinePage struct {
	Answer
	NextToken string // empty on the last page
	Instances []Machine
}
