package ecs

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPrintingShowsNoSecret(t *testing.T) {
	s, client := startServer(t)
	if _, err := operations["list"](t.Context(), client); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"options": client.options, "a client": client, "a client itself": *client, "attempts": s.traced(), "a list of them": []any{client.options.Identity, client},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			hidesSecrets(t, strings.ReplaceAll(fmt.Sprintf(verb, value), "AccessKeyId", "id"))
		}
		if raw, err := json.Marshal(value); err == nil {
			hidesSecrets(t, strings.ReplaceAll(string(raw), "AccessKeyId", "id"))
		}
		if t.Failed() {
			t.Fatalf("%s shows a secret", name)
		}
	}
}

// whatWasSigned is the message of the service about a wrong signature. It contains what was signed,
// with the security token.
const whatWasSigned = `Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAIthekeyid%26SecurityToken%3DTOP-SECRET-TOKEN%26Signature`

func TestWhatWasSignedIsNeverRepeated(t *testing.T) {
	for _, code := range []string{"SignatureDoesNotMatch", "IncompleteSignature", "InvalidParameter", "Nobody.Knows", "Throttling"} {
		for _, status := range []int{400, 500} {
			s, client := startServer(t, answer(status, fmt.Sprintf(`{"RequestId":"R-1","Code":%q,"Message":%q}`, code, whatWasSigned)))
			ctx, cancel := contextFor(t, 10*time.Second)
			_, err := operations["create once"](ctx, client)
			cancel()
			known := wantError(t, err)
			if known.Code != code || known.RequestID != "R-1" {
				t.Errorf("%+v", known)
			}
			hidesSecrets(t, strings.ReplaceAll(s.shown(known), code, "the code"))
		}
	}
}

func TestTheMessageOfTheServiceIsShownIfTheCodeIsUnknown(t *testing.T) {
	_, client := startServer(t, answer(400, `{"RequestId":"R-1","Code":"Nobody.Knows","Message":"Try on Monday.","message":"blocked","MESSAGE":{}}`))
	_, err := operations["list"](t.Context(), client)
	if known := wantError(t, err); known.Error() != "cannot list: Try on Monday." {
		t.Errorf("%v", known)
	}
	_, client = startServer(t, answer(400, `{"Code":"Nobody.Knows","Message":null}`, "x-acs-request-id", "R-2"))
	_, err = operations["list"](t.Context(), client)
	if known := wantError(t, err); known.Code != "Nobody.Knows" || known.RequestID != "R-2" || !strings.Contains(known.Error(), "the service answered Nobody.Knows") {
		t.Errorf("%+v", known)
	}
	_, client = startServer(t, answer(400, `{"Code":403,"Message":"`+theMark+`"}`, "x-acs-request-id", "R-2"))
	_, err = operations["list"](t.Context(), client)
	if known := wantError(t, err); known.Code != "" || known.RequestID != "R-2" || !strings.Contains(known.Error(), "HTTP 400 without a code of the service") {
		t.Errorf("%+v", known)
	}
}

func TestTheDateOfAnAnswerIsReturned(t *testing.T) {
	for header, want := range map[string]time.Time{
		"Thu, 25 Jun 2026 06:00:00 GMT": time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC), "yesterday": {}, "-1": {},
	} {
		_, client := startServer(t, answer(200, `{"RequestId":"R","Activation":{"ActivationId":"`+codeId+`"}}`, "Date", header))
		changed, err := client.Disable(t.Context(), codeRef)
		if err != nil || !changed.Date.Equal(want) {
			t.Errorf("%q: %s, %v", header, changed.Date, err)
		}
	}
}
