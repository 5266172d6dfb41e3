package activation

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
