package sandbox

import (
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func (a answer) machines() []map[string]any {
	var list []map[string]any
	for _, m := range a.fields["Instances"].([]any) {
		list = append(list, m.(map[string]any))
	}
	return list
}

// machines returns the machines of cn-hangzhou, newest first.
func (c *client) machines(business ...string) []map[string]any {
	c.t.Helper()
	return c.ok("DescribeManagedInstances", with(params("RegionId", "cn-hangzhou", "PageSize", "50"), business...)...).machines()
}

func namesOf(machines []map[string]any) string {
	var names []string
	for _, m := range machines {
		names = append(names, m["InstanceName"].(string))
	}
	return strings.Join(names, " ")
}

// everyMachine walks cn-hangzhou by token.
func (c *client) everyMachine() []map[string]any {
	c.t.Helper()
	var all []map[string]any
	for next, begun := "", false; !begun || next != ""; begun = true {
		a := c.ok("DescribeManagedInstances", "RegionId", "cn-hangzhou", "MaxResults", "50", "NextToken", next)
		all, next = append(all, a.machines()...), a.text("NextToken")
	}
	return all
}

func register(t testing.TB, s *Sandbox, r Registration) Machine {
	t.Helper()
	if r.RegionId == "" {
		r.RegionId = "cn-hangzhou"
	}
	m, err := s.Register(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMachineIsDescribedInEveryDocumentedField(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("ResourceGroupId", "rg-1")
	register(t, s, Registration{ActivationId: id, ActivationCode: code, Hostname: "box", SourceIp: "192.0.2.7"})
	a := c.ok("DescribeManagedInstances", "RegionId", "cn-hangzhou")
	if a.number("TotalCount") != 1 || a.number("PageNumber") != 1 || a.number("PageSize") != 10 || a.text("NextToken") != "" {
		t.Errorf("%s", a.body)
	}
	m := a.machines()[0]
	for _, field := range strings.Fields(`InstanceId InstanceName ActivationId Hostname InternetIp IntranetIp OsType OsVersion AgentVersion
		MachineId Connected RegistrationTime LastInvokedTime InvocationCount ResourceGroupId Tags`) {
		if _, there := m[field]; !there {
			t.Errorf("no %s in %v", field, m)
		}
	}
	if len(m) != 16 || m["ActivationId"] != id || m["InternetIp"] != "192.0.2.7" || m["ResourceGroupId"] != "rg-1" || m["Connected"] != true {
		t.Errorf("%v", m)
	}
}

func TestMachinesAreFilteredByEveryDocumentedParameter(t *testing.T) {
	s, c := start(t, Options{})
	web, webCode := c.create("InstanceName", "web", "ResourceGroupId", "rg-1")
	db, dbCode := c.create("InstanceName", "db")
	one := register(t, s, Registration{ActivationId: web, ActivationCode: webCode, SourceIp: "192.0.2.1"})
	noError(t, s.Advance(t.Context(), time.Hour)) // disconnects it
	two := register(t, s, Registration{ActivationId: web, ActivationCode: webCode, SourceIp: "192.0.2.2"})
	register(t, s, Registration{ActivationId: db, ActivationCode: dbCode, SourceIp: "192.0.2.1"})
	for _, test := range []struct {
		filter []string
		want   string
	}{
		{params(), "db-01 web-02 web-01"},
		{params("ActivationId", web), "web-02 web-01"},
		{params("InstanceName", "db-01"), "db-01"},
		{params("InstanceName", "db"), ""},
		{params("InstanceIp", "192.0.2.1"), "db-01 web-01"},
		{params("ResourceGroupId", "rg-1"), "web-02 web-01"},
		{params("Connected", "true"), "db-01 web-02"},
		{params("Connected", "false"), "web-01"},
		{params("OsType", "FreeBSD"), ""},
		{params("MachineId", "none"), ""},
		{params("Tag.1.Key", "env"), ""},
		{params("InstanceId.1", one.InstanceId), "web-01"},
		{params("InstanceId.1", one.InstanceId, "ActivationId", db), ""},
		{params("InstanceId.7", one.InstanceId, "InstanceId.2", two.InstanceId, "InstanceId.3", "mi-none"), "web-02 web-01"},
		{params("InstanceId.1", "mi-none"), ""},
		{params("ActivationId", web, "InstanceIp", "192.0.2.2"), "web-02"},
	} {
		if got := namesOf(c.machines(test.filter...)); got != test.want {
			t.Errorf("%v: %q, want %q", test.filter, got, test.want)
		}
	}
	if other := c.ok("DescribeManagedInstances", "RegionId", "cn-beijing", "InstanceId.1", one.InstanceId); len(other.machines()) != 0 {
		t.Error("another region shows it")
	}
	c.refused(400, "InvalidParameter", "DescribeManagedInstances", "RegionId", "cn-hangzhou", "InstanceId.51", "x")
	c.refused(400, "InvalidParameter", "DescribeManagedInstances", "RegionId", "cn-hangzhou", "InstanceId.x", "x")
	c.refused(400, "InvalidTagKey.Malformed", "DescribeManagedInstances", "RegionId", "cn-hangzhou", "Tag.1.Key", "aliyun")
}

func TestMachinesComeInPagesOfBothKinds(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceName", "mm", "InstanceCount", "130")
	var want []string
	for n := range 130 {
		register(t, s, Registration{ActivationId: id, ActivationCode: code})
		want = append(want, fmt.Sprintf("mm-%03d", 130-n))
	}
	for _, filter := range [][]string{params(), params("ActivationId", id)} {
		var byNumber, byToken []string
		for page := 1; page <= 3; page++ {
			a := c.ok("DescribeManagedInstances", with(filter, "RegionId", "cn-hangzhou", "PageSize", "50", "PageNumber", fmt.Sprint(page))...)
			byNumber = append(byNumber, strings.Fields(namesOf(a.machines()))...)
			if a.number("TotalCount") != 130 {
				t.Errorf("page %d: total %d", page, a.number("TotalCount"))
			}
		}
		for next := ""; len(byToken) == 0 || next != ""; {
			a := c.ok("DescribeManagedInstances", with(filter, "RegionId", "cn-hangzhou", "MaxResults", "37", "NextToken", next)...)
			byToken = append(byToken, strings.Fields(namesOf(a.machines()))...)
			next = a.text("NextToken")
		}
		if !slices.Equal(byNumber, want) || !slices.Equal(byToken, want) {
			t.Errorf("%v: by number %v, by token %v", filter, byNumber, byToken)
		}
	}
	token := c.ok("DescribeManagedInstances", "RegionId", "cn-hangzhou", "MaxResults", "1").text("NextToken")
	c.refused(400, "InvalidParameter.NextToken", "DescribeActivations", "RegionId", "cn-hangzhou", "NextToken", token)
	c.refused(400, "InvalidParam.PageSize", "DescribeManagedInstances", "RegionId", "cn-hangzhou", "PageSize", "51")
	c.refused(400, "InvalidParameter.MaxResults", "DescribeManagedInstances", "RegionId", "cn-hangzhou", "MaxResults", "51")
}

func TestMachinesInXMLHaveNoElementAroundThem(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceName", "web")
	for range 2 {
		register(t, s, Registration{ActivationId: id, ActivationCode: code})
	}
	a := c.ok("DescribeManagedInstances", "RegionId", "cn-hangzhou", "Format", "XML")
	var read struct {
		XMLName    xml.Name `xml:"DescribeManagedInstancesResponse"`
		TotalCount int
		Instances  []struct{ InstanceName string }
	}
	if err := xml.Unmarshal(a.body, &read); err != nil || read.TotalCount != 2 || len(read.Instances) != 2 || read.Instances[1].InstanceName != "web-01" {
		t.Errorf("%v: %s", err, a.body)
	}
	if strings.Contains(string(a.body), "ActivationList") {
		t.Errorf("%s", a.body)
	}
}

func TestADeregisteredMachineIsGoneAndItsUseIsNotGivenBack(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceName", "web", "InstanceCount", "2")
	m := register(t, s, Registration{ActivationId: id, ActivationCode: code})
	register(t, s, Registration{ActivationId: id, ActivationCode: code})
	ask := params("RegionId", "cn-hangzhou", "InstanceId", m.InstanceId)
	c.refused(404, "InvalidInstance.NotFound", "DeregisterManagedInstance", "RegionId", "cn-beijing", "InstanceId", m.InstanceId)
	c.refused(404, "InvalidInstance.NotFound", "DeregisterManagedInstance", "RegionId", "cn-hangzhou", "InstanceId", id)
	c.refused(400, "MissingParameter", "DeregisterManagedInstance", "RegionId", "cn-hangzhou")
	a := c.ok("DeregisterManagedInstance", ask...)
	if gone := a.fields["Instance"].(map[string]any); gone["InstanceId"] != m.InstanceId || gone["InstanceName"] != "web-1" || a.text("RequestId") == "" {
		t.Errorf("%s", a.body)
	}
	c.refused(404, "InvalidInstance.NotFound", "DeregisterManagedInstance", ask...)
	if got := namesOf(c.machines()); got != "web-2" {
		t.Errorf("left: %q", got)
	}
	row := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]
	if row["RegisteredCount"] != 2.0 || row["DeregisteredCount"] != 1.0 {
		t.Errorf("%v", row)
	}
	_, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code})
	if got := refusedCode(t, err); got != "ActivationCode.Exhausted" {
		t.Errorf("a use came back: %v", err)
	}
	if status, err := s.Status(t.Context()); err != nil || status.Machines != 1 {
		t.Errorf("%+v, %v", status, err)
	}
}

// The file in testdata was made by the program as it was at 58bff22: a code with two machines in cn-hangzhou,
// one with one in cn-beijing, advanced by an hour.
func TestAStateFileFromBeforeThereWasAnIndexOfMachinesIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	packed, err := os.Open(filepath.Join("testdata", "state_without_instances.db.gz"))
	noError(t, err)
	reader, err := gzip.NewReader(packed)
	noError(t, err)
	content, err := io.ReadAll(reader)
	noError(t, err)
	noError(t, packed.Close())
	noError(t, os.WriteFile(path, content, 0o600))

	then := time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)
	s, c := start(t, Options{Path: path, Now: func() time.Time { return then }})
	machines := c.machines()
	if namesOf(machines) != "web-2 web-1" || machines[1]["Hostname"] != "box1" || machines[1]["Connected"] != false {
		t.Errorf("%v", machines)
	}
	id := machines[1]["ActivationId"].(string)
	if m := register(t, s, Registration{ActivationId: id, ActivationCode: "a-sandboxyInzGlypksjaVcr6F3H+5g", SourceIp: "192.0.2.9"}); m.InstanceName != "web-3" {
		t.Errorf("%+v", m)
	}
	c.ok("DeregisterManagedInstance", "RegionId", "cn-hangzhou", "InstanceId", machines[1]["InstanceId"].(string))
	c.ok("DeregisterManagedInstance", "RegionId", "cn-beijing", "InstanceId", "mi-bj04hndi99nropz")
	if status, err := s.Status(t.Context()); err != nil || status.Codes != 2 || status.Machines != 2 {
		t.Errorf("%+v, %v", status, err)
	}
}
