package sandbox

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// throughSDK calls an operation with the real SDK and decodes its answer.
func throughSDK(t *testing.T, c *client, action string, parameters map[string]string, into any) {
	t.Helper()
	client, err := sdk.NewClientWithOptions("cn-hangzhou", sdk.NewConfig(), credentials.NewAccessKeyCredential(c.pair.AccessKeyId, c.pair.AccessKeySecret))
	if err != nil {
		t.Fatal(err)
	}
	request := requests.NewCommonRequest()
	request.Scheme, request.Domain = "http", strings.TrimPrefix(c.url, "http://")
	request.Version, request.ApiName, request.QueryParams = "2014-05-26", action, parameters
	response, err := client.ProcessCommonRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(response.GetHttpContentBytes(), into); err != nil {
		t.Fatal(err)
	}
}

// generations runs a test for both generations of the agent.
func generations(t *testing.T, test func(t *testing.T, newer bool)) {
	for name, newer := range map[string]bool{"2.2.3.578": false, "newer": true} {
		t.Run(name, func(t *testing.T) { test(t, newer) })
	}
}

func TestAMachineLivesFromItsCodeToItsDeregistration(t *testing.T) {
	generations(t, func(t *testing.T, newer bool) {
		s, c := start(t, Options{})
		var code struct{ ActivationId, ActivationCode string }
		throughSDK(t, c, "CreateActivation", map[string]string{"InstanceName": "web", "InstanceCount": "10", "ResourceGroupId": "rg-1"}, &code)
		a := newAgent(t, s, newer)
		if reply := a.send("GET", "/luban/api/connection_detect", nil, nil); reply.status != 200 || reply.body != "ok" {
			t.Errorf("%d %q", reply.status, reply.body)
		}
		a.register(code.ActivationId, code.ActivationCode, "tag", []map[string]string{{"key": "env", "value": "prod"}}).accepted(t)
		beat := a.heartBeat()
		if beat.accepted(t); beat.fields["nextInterval"] != 60000.0 || beat.fields["newTasks"] != false {
			t.Errorf("%s", beat.body)
		}

		var list struct{ Instances []map[string]any }
		throughSDK(t, c, "DescribeManagedInstances", map[string]string{"ActivationId": code.ActivationId, "Tag.1.Key": "env", "OsType": "Linux", "InstanceIp": "192.168.1.7", "MachineId": a.machineId, "Connected": "true"}, &list)
		if len(list.Instances) != 1 {
			t.Fatalf("%v", list)
		}
		for field, want := range map[string]any{
			"InstanceId": a.id, "InstanceName": "web-01", "Hostname": "box7", "IntranetIp": "192.168.1.7", "InternetIp": "127.0.0.1",
			"OsType": "linux", "OsVersion": "Linux_#38~18.04.1-Ubuntu SMP_x86_64", "MachineId": a.machineId, "Connected": true,
			"ResourceGroupId": "rg-1", "AgentVersion": map[bool]string{false: "2.2.3.578", true: "2.2.4.1065"}[newer],
		} {
			if got := list.Instances[0][field]; got != want {
				t.Errorf("%s is %v, want %v", field, got, want)
			}
		}

		throughSDK(t, c, "DeregisterManagedInstance", map[string]string{"InstanceId": a.id}, &struct{}{})
		refused := a.heartBeat()
		if refused.refused(t, 403, "instance_deregistered"); refused.fields["errMsg"] != "instance_deregistered" {
			t.Errorf("the agent looks into errMsg, not into %s", refused.body)
		}
		a.send("GET", "/luban/api/v1/task/list?reason=startup", nil, a.signature()).refused(t, 403, "instance_deregistered")
		a.deregister().refused(t, 403, "instance_deregistered")

		a.register(code.ActivationId, code.ActivationCode).accepted(t)
		if got := namesOf(c.machines()); got != "web-02" {
			t.Errorf("registered again as %q", got)
		}
		a.deregister().accepted(t)
		a.heartBeat().refused(t, 403, "instance_deregistered")
		row := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]
		if row["RegisteredCount"] != 2.0 || row["DeregisteredCount"] != 2.0 || len(c.machines()) != 0 {
			t.Errorf("%v, %v", row, c.machines())
		}
	})
}

func TestARegistrationIsRefusedByEveryRule(t *testing.T) {
	for _, test := range []struct {
		name   string
		create []string
		before func(*Sandbox, *client, string)
		edits  []any
		want   string // the errCode
	}{
		{name: "unknown id", edits: []any{"activationId", "4ECEEE12-56F1-4FBC-9AB1-890F12345678"}, want: "ActivationId.NotFound"},
		{name: "no id", edits: []any{"activationId", ""}, want: "MissingParameter"},
		{name: "a code that is not the id's", edits: []any{"activationCode", "a-sandboxAAAAAAAAAAAAAAAAAAAAAA"}, want: "ActivationCode.Mismatch"},
		{name: "no code", edits: []any{"activationCode", nil}, want: "MissingParameter"},
		{name: "another region", edits: []any{"regionId", "cn-beijing"}, want: "ActivationCode.RegionMismatch"},
		{name: "no such region", edits: []any{"regionId", "mars"}, want: "InvalidRegionId.NotFound"},
		{name: "expired", before: func(s *Sandbox, c *client, _ string) { noError(c.t, s.Advance(t.Context(), 4*time.Hour)) }, want: "ActivationCode.Expired"},
		{name: "disabled", before: func(_ *Sandbox, c *client, id string) {
			c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
		}, want: "ActivationCode.Disabled"},
		{name: "used up", create: params("InstanceCount", "1"), before: func(s *Sandbox, c *client, id string) {
			_, code := c.create("ClientToken", "t", "InstanceCount", "1")
			register(c.t, s, Registration{ActivationId: id, ActivationCode: code})
		}, want: "ActivationCode.Exhausted"},
		{name: "an address outside", create: params("IpAddressRange", "10.0.0.0/8"), want: "ActivationCode.AddressForbidden"},
		{name: "a name against the pattern", edits: []any{"instanceName", "-web"}, want: "InstanceName.InvalidPattern"},
		{name: "a name too long", edits: []any{"instanceName", strings.Repeat("w", 51)}, want: "InstanceName.ExceedLimit"},
		{name: "a tag twice", edits: []any{"tag", []map[string]string{{"key": "a"}, {"key": "a"}}}, want: "Duplicate.TagKey"},
		{name: "a tag of the service's own", edits: []any{"tag", []map[string]string{{"key": "acs:a"}}}, want: "InvalidTagKey.Malformed"},
		{name: "21 tags", edits: []any{"tag", make([]map[string]string, 21)}, want: "NumberExceed.Tags"},
		{name: "no machine", edits: []any{"machineId", "", "fingerprint", ""}, want: "MissingParameter"},
		{name: "no key", edits: []any{"publicKey", ""}, want: "InvalidParameter"},
	} {
		t.Run(test.name, func(t *testing.T) {
			generations(t, func(t *testing.T, newer bool) {
				s, c := start(t, Options{})
				id, code := c.create(with(test.create, "ClientToken", "t")...)
				if test.before != nil {
					test.before(s, c, id)
				}
				before := len(c.machines())
				newAgent(t, s, newer).register(id, code, test.edits...).refused(t, 400, test.want)
				if after := len(c.machines()); after != before {
					t.Errorf("%d machines, %d before", after, before)
				}
			})
		})
	}
}

func TestARegionHoldsSoManyMachines(t *testing.T) {
	s, c := start(t, Options{MachineQuota: 2})
	id, code := c.create()
	a := newAgent(t, s, true)
	first := a.register(id, code, "fingerprint", "one")
	first.accepted(t)
	a.register(id, code, "fingerprint", "two").accepted(t)
	a.register(id, code, "fingerprint", "three").refused(t, 400, "ManagedInstanceCountExceedLimit")
	c.refused(403, "ManagedInstanceCountExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
	c.ok("CreateActivation", "RegionId", "cn-beijing")
	c.ok("DeregisterManagedInstance", "RegionId", "cn-hangzhou", "InstanceId", first.fields["instanceId"].(string))
	a.register(id, code, "fingerprint", "three").accepted(t)
	if got := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]["RegisteredCount"]; got != 3.0 {
		t.Errorf("a refusal cost a use: %v", got)
	}
}

func TestMachinesOfAgentsAreNamedAsDocumented(t *testing.T) {
	s, c := start(t, Options{})
	web, webCode := c.create("InstanceName", "web", "InstanceCount", "100")
	bare, bareCode := c.create()
	a := newAgent(t, s, false)
	a.register(web, webCode).accepted(t)
	a.register(web, webCode, "instanceName", "db.1").accepted(t)
	a.register(web, webCode).accepted(t)
	a.register(bare, bareCode, "hostname", "box9").accepted(t)
	if got := namesOf(c.machines()); got != "box9 web-003 db.1 web-001" {
		t.Errorf("%q", got)
	}
}

func TestASecondMachineWithAFingerprintHasToTakeTheFirstOnesPlace(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceName", "web")
	first, second := newAgent(t, s, true), newAgent(t, s, true)
	second.key = agentKeys[1]()
	first.register(id, code).accepted(t)
	second.fingerprint = first.fingerprint
	second.register(id, code).refused(t, 400, "fingerprint_duplicate")
	second.register(id, code, "forceReuse", true).accepted(t)
	if second.id != first.id || namesOf(c.machines()) != "web-02" {
		t.Errorf("%s after %s: %v", second.id, first.id, namesOf(c.machines()))
	}
	second.heartBeat().accepted(t)
	first.heartBeat().refused(t, 403, "signature_invalid")

	third := newAgent(t, s, true)
	third.register(id, code, "machineId", second.machineId, "forceReuse", true).accepted(t)
	if third.id != first.id || len(c.machines()) != 1 {
		t.Errorf("the same MachineId is %s, then %s", first.id, third.id)
	}
	fourth := newAgent(t, s, true)
	fourth.register(id, code, "forceReuse", true).accepted(t)
	if fourth.id == first.id || len(c.machines()) != 2 {
		t.Errorf("another machine was given the id %s", fourth.id)
	}
}

func TestAMachineIsConnectedAsLongAsItsHeartBeats(t *testing.T) {
	clock := &clock{}
	s, c := start(t, Options{Now: clock.now})
	id, code := c.create()
	a := newAgent(t, s, false)
	a.register(id, code).accepted(t)
	connected := func() any { return c.machines()[0]["Connected"] }
	for range 3 {
		clock.add(2 * time.Minute)
		if connected() != true {
			t.Error("disconnected too early")
		}
		a.heartBeat().accepted(t)
	}
	clock.add(3 * time.Minute)
	if connected() != false {
		t.Error("still connected")
	}
	a.heartBeat().accepted(t)
	if connected() != true {
		t.Error("not connected again")
	}
	noError(t, s.Advance(t.Context(), time.Hour))
	if connected() != false {
		t.Error("an hour passed, and it is connected")
	}
}

func TestACallThatTheMachineHasNotSignedIsRefused(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create()
	a, other := newAgent(t, s, false), newAgent(t, s, false)
	other.key = agentKeys[1]()
	a.register(id, code).accepted(t)
	other.register(id, code).accepted(t)
	played := register(t, s, Registration{ActivationId: id, ActivationCode: code})
	for name, test := range map[string]struct {
		edits map[string]string
		want  string
	}{
		"unsigned":                {map[string]string{"x-acs-signature": ""}, "signature_invalid"},
		"no base64":               {map[string]string{"x-acs-signature": "%%%"}, "signature_invalid"},
		"cut":                     {map[string]string{"x-acs-signature": "AAAA"}, "signature_invalid"},
		"another machine's":       {map[string]string{"x-acs-instance-id": other.id}, "signature_invalid"},
		"a machine without a key": {map[string]string{"x-acs-instance-id": played.InstanceId}, "signature_invalid"},
		"another request":         {map[string]string{"x-acs-request-id": "x"}, "signature_invalid"},
		"no time":                 {map[string]string{"x-acs-timestamp": ""}, "timestamp_invalid"},
		"seconds":                 {map[string]string{"x-acs-timestamp": fmt.Sprint(time.Now().Unix())}, "timestamp_invalid"},
		"the end of time":         {map[string]string{"x-acs-timestamp": "9223372036854775807"}, "timestamp_invalid"},
		"the beginning of time":   {map[string]string{"x-acs-timestamp": "-9223372036854775808"}, "timestamp_invalid"},
		"beyond numbers":          {map[string]string{"x-acs-timestamp": "99999999999999999999"}, "timestamp_invalid"},
		"an unknown machine":      {map[string]string{"x-acs-instance-id": "mi-hz0nobody"}, "instance_unknown"},
		"a code's id":             {map[string]string{"x-acs-instance-id": id}, "instance_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, call := range []string{"GET /luban/api/heart-beat", "POST /luban/api/instance/deregister", "POST /luban/api/metrics"} {
				header := a.signature()
				for field, value := range test.edits {
					header[field] = value
				}
				method, path, _ := strings.Cut(call, " ")
				a.send(method, path, nil, header).refused(t, 403, test.want)
			}
		})
	}
	a.send("GET", "/luban/api/heart-beat", nil, nil).refused(t, 403, "instance_unknown")
	a.send("POST", "/luban/api/instance/deregister", nil, nil).refused(t, 403, "instance_unknown")
	late := a.now
	a.now = func() time.Time { return late().Add(-16 * time.Minute) }
	a.heartBeat().refused(t, 403, "timestamp_invalid")
	a.now = late
	a.heartBeat().accepted(t)
	if got := len(c.machines()); got != 3 {
		t.Errorf("%d machines", got)
	}
}

func TestWhatElseAnAgentAsksSucceeds(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create()
	a := newAgent(t, s, false)
	for _, call := range []string{"POST /luban/api/metrics", "GET /luban/api/gshell", "GET /luban/notify_server"} {
		method, path, _ := strings.Cut(call, " ")
		a.send(method, path, []byte("{}"), nil).accepted(t)
	}
	a.register(id, code).accepted(t)
	a.send("POST", "/luban/api/instance/anything", []byte("{}"), a.signature()).refused(t, 404, "api_unknown")
	for _, call := range []string{"POST /luban/api/metrics", "POST /luban/api/v1/task/list?reason=startup", "GET /luban/notify_server"} {
		method, path, _ := strings.Cut(call, " ")
		a.send(method, path, []byte("{}"), a.signature()).accepted(t)
	}
}

func TestTheSourceOfARegistrationIsWhereItsConnectionComesFrom(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("IpAddressRange", "127.0.0.2")
	a := newAgent(t, s, false)
	a.register(id, code).refused(t, 400, "ActivationCode.AddressForbidden")
	if probe, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}); err != nil {
		t.Skip("this machine has one loopback address only: ", err)
	} else {
		noError(t, probe.Close())
	}
	transport := a.http.Transport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext
	a.http = &http.Client{Transport: transport}
	t.Cleanup(a.http.CloseIdleConnections)
	a.register(id, code).accepted(t)
	if got := c.machines()[0]["InternetIp"]; got != "127.0.0.2" {
		t.Errorf("from %v", got)
	}
}

func TestManyMachinesRegisterAtOnceAndEachUseCountsOnce(t *testing.T) {
	path := newPath(t)
	one, two := newSandbox(t, Options{Path: path}), newSandbox(t, Options{Path: path})
	c := serve(t, one)
	id, code := c.create("InstanceName", "web", "InstanceCount", "40")
	agents := []*agent{newAgent(t, one, false), newAgent(t, two, false)}
	var group sync.WaitGroup
	refused := make(chan string, 60)
	for n := range 60 {
		group.Go(func() {
			if reply := agents[n%2].send("POST", "/luban/api/instance/register", mustJSON(t, agents[n%2].registration(id, code)), nil); reply.status != 200 {
				refused <- fmt.Sprint(reply.fields["errCode"])
			}
		})
	}
	group.Wait()
	close(refused)
	count := 0
	for code := range refused {
		count++
		if code != "ActivationCode.Exhausted" {
			t.Error(code)
		}
	}
	names := map[string]bool{}
	for _, m := range c.machines() {
		names[m["InstanceName"].(string)] = true
	}
	if count != 20 || len(names) != 40 || !names["web-01"] || !names["web-40"] {
		t.Errorf("%d refused, %d names: %v", count, len(names), names)
	}
}

func mustJSON(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Error(err)
	}
	return text
}

func TestMachinesOutliveTheServerTheyRegisteredWith(t *testing.T) {
	path := newPath(t)
	s, c := start(t, Options{Path: path})
	id, code := c.create()
	a := newAgent(t, s, true)
	a.register(id, code).accepted(t)

	again := newSandbox(t, Options{Path: path})
	survivor := *a
	moved := startTLS(t, again)
	survivor.url, survivor.http = moved.url, moved.http
	survivor.heartBeat().accepted(t)
	noError(t, again.Reset(t.Context()))
	survivor.heartBeat().refused(t, 403, "instance_unknown") // never "deregistered": it might be someone else's
}
