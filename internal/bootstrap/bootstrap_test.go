package bootstrap

import (
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// hangzhou is the example of the documentation, with all options of a machine.
var hangzhou = Registration{
	RegionId: "cn-hangzhou", ActivationId: "4ECEEE12-56F1-4FBC-9AB1-890F12345678", ActivationCode: "a-hz0152v+/8Y=",
	InstanceName: "web-07", NetworkMode: "vpc", Proxy: "http://proxy.example:3128",
	Tags: []activation.Tag{{TagKey: "env", TagValue: "prod"}, {TagKey: "owner", TagValue: ""}},
}

func textOf(t testing.TB, form string, r Registration) string {
	t.Helper()
	text, err := Text(form, r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheCommandIsThatOfTheDocumentation(t *testing.T) {
	got := textOf(t, Command, Registration{RegionId: "cn-hangzhou", ActivationId: "4ECEEE12-56F1-4FBC-9AB1-890F12345678", ActivationCode: "a-hz01xyz"})
	want := "sudo aliyun-service --register --RegionId='cn-hangzhou' --ActivationId='4ECEEE12-56F1-4FBC-9AB1-890F12345678' --ActivationCode='a-hz01xyz'\n"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestTheCommandHasTheOptionsOfTheMachine(t *testing.T) {
	got := textOf(t, Command, hangzhou)
	want := "sudo env ALIYUN_ASSIST_PROXY='http://proxy.example:3128' aliyun-service --register --RegionId='cn-hangzhou'" +
		" --ActivationId='4ECEEE12-56F1-4FBC-9AB1-890F12345678' --InstanceName='web-07' --NetworkMode='vpc' --tag='env=prod' --tag='owner='" +
		" --ActivationCode='a-hz0152v+/8Y='\n"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestAnUnwritableValueIsAnErrorThatDoesNotShowIt(t *testing.T) {
	for name, character := range map[string]string{
		"NUL": "\x00", "escape": "\x1b", "carriage return": "\r", "delete": "\x7f", "C1": "\u0085", "bidi": "\u202e",
		"zero width": "\u200b", "line separator": "\u2028", "byte order mark": "\ufeff", "no character": "\ufffe", "no UTF-8": "\xff",
	} {
		for field, spoil := range map[string]func(*Registration){
			"ActivationCode": func(r *Registration) { r.ActivationCode = "a-secret" + character },
			"InstanceName":   func(r *Registration) { r.InstanceName = "a-secret" + character },
			"Proxy":          func(r *Registration) { r.Proxy = "a-secret" + character },
			"tag":            func(r *Registration) { r.Tags = []activation.Tag{{TagKey: "a-secret", TagValue: character}} },
		} {
			r := hangzhou
			spoil(&r)
			for _, form := range append(Runnable(), Environment) {
				text, err := Text(form, r)
				if err == nil || text != "" || !strings.Contains(err.Error(), field) || strings.Contains(err.Error(), "secret") {
					t.Errorf("%s with %s in %s: %q, %v", form, name, field, text, err)
				}
			}
		}
	}
}

func TestARegistrationNeedsARegionAnIDAndACode(t *testing.T) {
	for field, spoil := range map[string]func(*Registration){
		"RegionId":       func(r *Registration) { r.RegionId = "" },
		"ActivationId":   func(r *Registration) { r.ActivationId = "" },
		"ActivationCode": func(r *Registration) { r.ActivationCode = "" },
	} {
		r := hangzhou
		spoil(&r)
		if _, err := Text(Shell, r); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
	if _, err := Text("fish", hangzhou); err == nil {
		t.Error("a form that does not exist is written")
	}
}
