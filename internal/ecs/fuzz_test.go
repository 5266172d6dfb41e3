package ecs

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// ourWords are the only texts that the error of an unreadable answer may have.
var ourWords = regexp.MustCompile(`^(the answer is empty|the answer is not a JSON object: .*|` +
	`the answer cannot be read: (it is not valid JSON at byte \d+|(field [A-Za-z.]+|it) has an unexpected form|` +
	`(a string|a whole number|true or false) was expected, not (an object|an array|another text|another value))|` +
	`the answer holds no list of codes|the answer holds a code without an ActivationId|` +
	`the answer holds no list of machines|the answer holds a machine without an InstanceId|` +
	`the answer holds no activation code|the answer does not confirm the activation ID)$`)

func FuzzAnAnswerIsReadOrRefusedInOurWords(f *testing.F) {
	for _, seed := range []string{
		`{"RequestId":"R","ActivationId":"a","ActivationCode":"c"}`, `{"RequestId":"R","TotalCount":"1","ActivationList":[{"ActivationId":"a","InstanceCount":"3"}]}`,
		`{"Activation":{"ActivationId":"` + codeId + `","Disabled":"false","Tags":[{"TagKey":"k","TagValue":null}]}}`, `{"Code":"Throttling"}`, `{"Code":403}`,
		`null`, `[]`, `{}`, ``, `{"ActivationList":[null]}`, `{"ActivationList":null,"TotalCount":0,"RequestId":"R"}`, `{"a":` + strings.Repeat("[", 50), "\x00", "\ufeff{}",
		`{"InstanceCount":1e400,"Disabled":1}`, `{"ActivationList":[{"ActivationId":"a","TimeToLiveInHours":9223372036854775808}]}`, `{"Code":{}}`,
	} {
		f.Add([]byte(seed), 0)
	}
	f.Add([]byte(`{"RequestId":"R","Instances":[{"InstanceId":"mi-1","Connected":"true","InvocationCount":"0"},{}]}`), 0)
	f.Add([]byte("<html>"), 302)
	var current atomic.Pointer[http.HandlerFunc]
	_, client := startServer(f, func(w http.ResponseWriter, r *http.Request) { (*current.Load())(w, r) })
	f.Fuzz(func(t *testing.T, raw []byte, status int) {
		status = 200 + status&0xff
		say := answer(status, string(raw), "x-acs-retry-after", "60000") // longer than the time left: one attempt
		current.Store(&say)
		ctx, cancel := contextFor(t, 30*time.Second)
		defer cancel()
		created, err := client.Create(ctx, activation.CreateRequest{RegionId: hangzhou}, nil)
		readOrRefused(t, err, status, raw, created.ActivationId != "" && created.ActivationCode != "")
		changed, err := client.Delete(ctx, codeRef)
		readOrRefused(t, err, status, raw, changed.Activation.Ref() == codeRef)
		page, err := client.List(ctx, activation.ListRequest{RegionId: hangzhou})
		whole := page.RequestId != "" || len(page.ActivationList) > 0 || strings.Contains(strings.ToLower(string(raw)), "activationlist")
		for _, a := range page.ActivationList {
			whole = whole && a.ActivationId != "" && a.RegionId == hangzhou
		}
		readOrRefused(t, err, status, raw, whole)
		machines, err := client.Machines(ctx, activation.MachinesRequest{Ref: codeRef})
		whole = machines.RequestId != "" || strings.Contains(strings.ToLower(string(raw)), "instances")
		for _, m := range machines.Instances {
			whole = whole && m.InstanceId != ""
		}
		readOrRefused(t, err, status, raw, whole)
	})
}

// readOrRefused checks that a success is complete, and that an error has only our texts.
func readOrRefused(t *testing.T, err error, status int, raw []byte, whole bool) {
	t.Helper()
	if err == nil {
		if status != 200 || !json.Valid(raw) || !whole {
			t.Fatalf("a success of %d %q", status, raw)
		}
		return
	}
	known := wantError(t, err)
	if known.Code == "" && status == 200 && !ourWords.MatchString(known.Err.Error()) || known.Err.Error() == "" {
		t.Fatalf("%q of %q", known.Err, raw)
	}
}
