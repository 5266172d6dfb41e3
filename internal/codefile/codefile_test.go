package codefile

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

var request = activation.CreateRequest{
	RegionId: "cn-hangzhou", InstanceName: "web", Description: "a text", InstanceCount: 3, TimeToLiveInHours: 4, IpAddressRange: "::/0",
	ResourceGroupId: "rg-1", Tags: []activation.Tag{{TagKey: "a", TagValue: "1"}, {TagKey: "b", TagValue: ""}}, ClientToken: "token",
}

var made = time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)

// answer returns a response of the service.
func answer(id, code string) activation.Created {
	return activation.Created{ActivationId: id, ActivationCode: code, Answer: activation.Answer{RequestId: "R1", Date: made}}
}

// newFile returns a file with a new code.
func newFile(id, code string) File { return File{Code: NewCode(request, answer(id, code), true)} }

func TestNewCodeHasTheRequestAndTheResponse(t *testing.T) {
	text, err := json.Marshal(NewCode(request, answer("4ECE", "a-1"), true))
	want := `{"ActivationId":"4ECE","ActivationCode":"a-1","RequestId":"R1","RegionId":"cn-hangzhou","InstanceName":"web","Description":"a text",` +
		`"InstanceCount":3,"RemainingCount":3,"TimeToLiveInHours":4,"IpAddressRange":"::/0","ResourceGroupId":"rg-1",` +
		`"Tags":[{"TagKey":"a","TagValue":"1"},{"TagKey":"b","TagValue":""}],"Status":"Active","CreationTime":"2026-06-25T06:00:00Z","ExpirationTime":"2026-06-25T10:00:00Z"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v, want\n%s", text, err, want)
	}
}

func TestUnknownPropertiesAreLeftOut(t *testing.T) {
	undated := answer("4ECE", "a-1")
	undated.Date = time.Time{}
	for name, code := range map[string]Code{
		"a code that may be older":     NewCode(request, answer("4ECE", "a-1"), false),
		"a response without a time":    NewCode(request, undated, true),
		"a request without a response": FromRequest(request),
	} {
		if code.Status != "" || code.RemainingCount != 0 || code.CreationTime != "" || code.ExpirationTime != "" {
			t.Errorf("%s: %+v", name, code)
		}
	}
	text, err := json.Marshal(FromRequest(activation.CreateRequest{RegionId: "cn-hangzhou"}))
	want := `{"RegionId":"cn-hangzhou","InstanceName":"","Description":"","InstanceCount":0,"TimeToLiveInHours":0,"IpAddressRange":"","ResourceGroupId":"","Tags":[]}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v, want\n%s", text, err, want)
	}
}

func TestUpdateSetsThePropertiesFromTheService(t *testing.T) {
	code := newFile("4ECE", "a-1").Code
	code.Update(activation.Activation{InstanceCount: 3, RegisteredCount: 2, CreationTime: "2026-06-25T07:00:00Z", TimeToLiveInHours: 4, Disabled: true}, made)
	if code.RemainingCount != 1 || code.Status != activation.Disabled || code.CreationTime != "2026-06-25T07:00:00Z" || code.ExpirationTime != "2026-06-25T11:00:00Z" {
		t.Errorf("%+v", code)
	}
}

func TestDiffersReturnsTheParameter(t *testing.T) {
	code := FromRequest(request)
	for want, change := range map[string]func(*activation.CreateRequest){
		"": func(r *activation.CreateRequest) {
			r.ClientToken = "other"
			r.Tags = []activation.Tag{r.Tags[1], r.Tags[0]}
		},
		"RegionId":          func(r *activation.CreateRequest) { r.RegionId = "x" },
		"InstanceName":      func(r *activation.CreateRequest) { r.InstanceName = "x" },
		"Description":       func(r *activation.CreateRequest) { r.Description = "x" },
		"InstanceCount":     func(r *activation.CreateRequest) { r.InstanceCount++ },
		"TimeToLiveInHours": func(r *activation.CreateRequest) { r.TimeToLiveInHours++ },
		"IpAddressRange":    func(r *activation.CreateRequest) { r.IpAddressRange = "x" },
		"ResourceGroupId":   func(r *activation.CreateRequest) { r.ResourceGroupId = "x" },
		"Tag":               func(r *activation.CreateRequest) { r.Tags = []activation.Tag{r.Tags[0], {TagKey: "b", TagValue: "2"}} },
	} {
		r := request
		change(&r)
		if got := code.Differs(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestRefsReturnsAllCodesOfAFile(t *testing.T) {
	old := activation.Ref{RegionId: "cn-beijing", ActivationId: "OLD"}
	f := newFile("4ECE", "a-1")
	f.Earlier = make([]activation.Ref, 1, 2) // spare capacity that must not be written to
	f.Earlier[0] = old
	if got := f.Refs(); !slices.Equal(got, []activation.Ref{old, {RegionId: "cn-hangzhou", ActivationId: "4ECE"}}) {
		t.Errorf("%v", got)
	}
	if spare := f.Earlier[:2][1]; spare != (activation.Ref{}) {
		t.Errorf("Refs wrote %v to the Earlier slice", spare)
	}
	if got := (File{}).Refs(); len(got) != 0 {
		t.Errorf("an empty File has %v", got)
	}
}

func TestAnEncodedFileIsParsedUnchanged(t *testing.T) {
	f := newFile("4ECE", "a-1+/=")
	f.Description = "quotes \" <&> \\ 激活码 \u202e \u0085 \x7f \U000e0001 \n"
	f.Earlier = []activation.Ref{{RegionId: "cn-beijing", ActivationId: "OLD"}}
	content, err := encode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parseSaved(content); err != nil || !reflect.DeepEqual(got, f) {
		t.Errorf("%+v, %v, want %+v", got, err, f)
	}
	for _, r := range string(content) {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e || r > 0xffff) {
			t.Errorf("%U is not escaped", r)
		}
	}
	if want := "{\n  \"ActivationId\": \"4ECE\",\n"; string(content[:len(want)]) != want || content[len(content)-1] != '\n' {
		t.Errorf("%s", content)
	}
}
