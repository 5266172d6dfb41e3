package bootstrap

import (
	"encoding/json"
	"testing"
)

func FuzzASavedCodeIsReadWholeOrRefused(f *testing.F) {
	for _, seed := range []string{
		`{"ActivationId":"4ECEEE12-56F1-4FBC-9AB1-890F12345678","ActivationCode":"a-hz0+/=","RegionId":"cn-hangzhou"}`,
		`[{"ActivationId":"A","ActivationCode":"a-1","RegionId":"cn-hangzhou","New":{"a":[1]}}]`, `[]`, `[{},{}]`, `{}{}`, `{`, `[`, `null`, `42`, `"x"`, ``, ` `, `\x00`,
		`{"ActivationId":"$(reboot)","ActivationCode":"a b","RegionId":"../.."}`, `{"ActivationCode":1}`, `{"DryRun":true}`, `\xff\xfe{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		saved, err := ParseSaved(text)
		if err != nil || saved.Check() != nil {
			return
		}
		r := Registration{RegionId: saved.RegionId, ActivationId: saved.ActivationId, ActivationCode: saved.ActivationCode}
		for _, form := range Runnable() {
			if _, err := Text(form, r); err != nil {
				t.Errorf("%q is accepted, and cannot be written: %v", text, err)
			}
		}
	})
}

func FuzzASavedCodeComesOutAsItWentIn(f *testing.F) {
	for _, value := range odd {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if Writable(value) != nil {
			return
		}
		want := Saved{RegionId: value, ActivationId: value, ActivationCode: value, ExpirationTime: value}
		for _, form := range []any{want, []Saved{want}} {
			text, err := json.Marshal(form)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := ParseSaved(text); got != want || err != nil {
				t.Errorf("%s is read as %+v, %v", text, got, err)
			}
		}
	})
}
