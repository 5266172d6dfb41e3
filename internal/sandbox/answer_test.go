package sandbox

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/cloud"
)

func TestXMLIsTheDefaultAndHasTheDocumentedShape(t *testing.T) {
	_, c := start(t, Options{})
	plain := params("RegionId", "cn-hangzhou", "Format", "")
	create := c.ok("CreateActivation", with(plain, "InstanceName", "web", "Description", "a < b & \u0001 c", "Tag.1.Key", "k", "Tag.1.Value", "v", "Tag.2.Key", "l")...)
	var made struct {
		XMLName                                 xml.Name `xml:"CreateActivationResponse"`
		RequestId, ActivationId, ActivationCode string
	}
	parseXML(t, create, &made)
	if made.ActivationId == "" || made.ActivationCode == "" || made.RequestId == "" {
		t.Errorf("%s", create.body)
	}
	c.create()
	var list struct {
		XMLName        xml.Name `xml:"DescribeActivationsResponse"`
		TotalCount     int
		ActivationList []struct {
			ActivationId, Description string
			InstanceCount             int
			Disabled                  bool
			Tags                      []cloud.Tag
		}
	}
	described := c.ok("DescribeActivations", plain...)
	parseXML(t, described, &list)
	if list.TotalCount != 2 || len(list.ActivationList) != 2 {
		t.Fatalf("%s", described.body)
	}
	first := list.ActivationList[1]
	if first.ActivationId != made.ActivationId || first.Description != "a < b & \uFFFD c" || fmt.Sprint(first.Tags) != "[{k v} {l }]" {
		t.Errorf("%+v", first)
	}
	if !strings.HasPrefix(described.header.Get("Content-Type"), "application/xml") {
		t.Errorf("content type %q", described.header.Get("Content-Type"))
	}
}

func TestErrorsComeInTheFormatOfTheRequest(t *testing.T) {
	_, c := start(t, Options{})
	a := c.call("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", "none", "Format", "XML")
	var refused struct {
		XMLName                                     xml.Name `xml:"Error"`
		RequestId, HostId, Code, Message, Recommend string
	}
	parseXML(t, a, &refused)
	if a.status != 404 || refused.Code != "ActivationId.NotFound" || refused.RequestId == "" || refused.HostId == "" ||
		refused.Message != "The specified activation id does not exist." {
		t.Errorf("%d %+v", a.status, refused)
	}
	a = c.call("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", "none", "Format", "json")
	if a.text("Code") != "ActivationId.NotFound" {
		t.Errorf("%s", a.body)
	}
}

func parseXML(t *testing.T, a answer, into any) {
	t.Helper()
	if err := xml.Unmarshal(a.body, into); err != nil {
		t.Fatalf("%v\n%s", err, a.body)
	}
}

func TestTheDateOfAnAnswerIsTheSandboxsClock(t *testing.T) {
	clock := &clock{}
	clock.add(-48 * time.Hour)
	_, c := start(t, Options{Now: clock.now})
	a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou")
	date, err := time.Parse(time.RFC1123, a.header.Get("Date"))
	if err != nil || clock.now().Sub(date).Abs() > 5*time.Second {
		t.Errorf("date %q, %v", a.header.Get("Date"), err)
	}
}

func TestDisableAndDeleteAnswerTheCodeAsDocumented(t *testing.T) {
	_, c := start(t, Options{})
	id, _ := c.create("InstanceName", "web", "Tag.1.Key", "k", "ResourceGroupId", "rg-1")
	for range 2 { // disabling a disabled code is a success
		disabled := activationIn(t, c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id))
		if disabled["Disabled"] != true || disabled["ActivationId"] != id || len(disabled) != 10 {
			t.Errorf("disable answers %v", disabled)
		}
	}
	deleted := activationIn(t, c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id))
	if deleted["ActivationId"] != id || deleted["InstanceName"] != "web" || len(deleted) != 9 {
		t.Errorf("delete answers %v", deleted)
	}
	c.refused(404, "ActivationId.NotFound", "DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
	c.refused(404, "ActivationId.NotFound", "DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
	c.refused(400, "MissingParameter", "DeleteActivation", "RegionId", "cn-hangzhou")
}

func activationIn(t *testing.T, a answer) map[string]any {
	t.Helper()
	code, ok := a.fields["Activation"].(map[string]any)
	if !ok {
		t.Fatalf("no Activation in %s", a.body)
	}
	return code
}

func TestACodeCannotBeChangedFromAnotherRegion(t *testing.T) {
	_, c := start(t, Options{})
	id, _ := c.create()
	c.refused(404, "ActivationId.NotFound", "DisableActivation", "RegionId", "cn-beijing", "ActivationId", id)
	c.refused(404, "ActivationId.NotFound", "DeleteActivation", "RegionId", "cn-beijing", "ActivationId", id)
}

func TestAnUnknownActionIsRefusedAndToldOnce(t *testing.T) {
	var lines []string
	_, c := start(t, Options{Log: func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }})
	for range 3 {
		c.refused(404, "InvalidAction.NotFound", "DescribeInstances\n\x1b[2J", "RegionId", "cn-hangzhou")
	}
	if len(lines) != 1 || !strings.Contains(lines[0], `"DescribeInstances\n\x1b[2J"`) {
		t.Errorf("log %q", lines)
	}
	c.refused(404, "InvalidAction.NotFound", strings.Repeat("x", 10000), "RegionId", "cn-hangzhou")
	if len(lines) != 2 || len(lines[1]) > 200 {
		t.Errorf("log %q", lines)
	}
	for i := range 200 {
		c.refused(404, "InvalidAction.NotFound", fmt.Sprint("Action", i), "RegionId", "cn-hangzhou")
	}
	if len(lines) != unknownActionsMax+1 || !strings.Contains(lines[unknownActionsMax], "no more are named") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
