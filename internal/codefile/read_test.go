package codefile

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/disk"
)

const whole = `{"ActivationId":"4ECE","RegionId":"cn-hangzhou","ActivationCode":"a-hunter2"}`

func TestReadRefusesWhatSaveWouldNotWrite(t *testing.T) {
	for content, want := range map[string]string{
		whole: "",
		`  ` + strings.Replace(whole, "{", `{"New":{"a":[1]},"Earlier":[{"ActivationId":"OLD","RegionId":"cn-beijing"}],`, 1) + "\n": "",
		"":                                    "it is empty",
		" \n":                                 "it is empty",
		"hunter2":                             "it is not JSON, from byte 1 on",
		`{"ActivationCode": `:                 "it is not JSON: it ends too early",
		"42":                                  "it holds a number, not an object",
		`{"ActivationCode":2}`:                "its ActivationCode is a number",
		`{"Earlier":"hunter2"}`:               "its Earlier is a string",
		"null":                                "there is no ActivationCode in it",
		`[]`:                                  "it holds 0 codes, and a machine registers with one",
		`[{},{}]`:                             "it holds 2 codes, and a machine registers with one",
		"[" + whole + "]":                     "it is not as create --save writes it",
		whole + whole:                         "something follows the first code, and a machine registers with one",
		`{"DryRun":true}`:                     "it is the output of a dry run, which makes no code",
		`{"ActivationId":"4ECE"}`:             "there is no code in it, only an ID: neither list nor create --save prints codes",
		`{"ActivationCode":"hunter2"}`:        "there is no RegionId in it, and a code is good in one region only: give --region",
		change("a-hunter2", "hunter2 two"):    "its ActivationCode is damaged: a code is ASCII without spaces",
		change("a-hunter2", "hunter2\\u001b"): "its ActivationCode is damaged: a code is ASCII without spaces",
		change("a-hunter2", "hunter2\\u00e9"): "its ActivationCode is damaged: a code is ASCII without spaces",
		change("4ECE", "cn-hangzhou/4ECE"):    `its ActivationId "cn-hangzhou/4ECE" has a region in front`,
		change("4ECE", "4_CE"):                `"4_CE" is no activation ID: `,
		change("cn-hangzhou", "../.."):        `"../.." is no region ID: `,
		change("{", `{"Earlier":[{"ActivationId":"../x","RegionId":"cn-beijing"}],`): "its Earlier codes are damaged",
		change("{", `{"Earlier":[{"ActivationId":"OLD"}],`):                          "its Earlier codes are damaged",
		change("{", `{"Earlier":[{"ActivationId":"cn-beijing/OLD"}],`):               "its Earlier codes are damaged",
	} {
		path := filepath.Join(t.TempDir(), "code.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Read(disk.OS{}, path)
		switch {
		case want == "" && (err != nil || f.ActivationCode != "a-hunter2"):
			t.Errorf("%s: %+v, %v", content, f, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v, want %s", content, err, want)
		case want != "" && !reflect.DeepEqual(f, File{}):
			t.Errorf("%s: refused, and returned %+v", content, f)
		}
	}
}

func change(from, to string) string { return strings.Replace(whole, from, to, 1) }

func TestReadReadsOneRegularFileOfSomeSize(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "code.json")
	if _, err := Read(disk.OS{}, path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Read(disk.OS{}, folder); err == nil || err.Error() != "it is no regular file" {
		t.Errorf("a folder: %v", err)
	}
	for size, want := range map[int]error{Largest: nil, Largest + 1: disk.ErrTooLarge} {
		if err := os.WriteFile(path, []byte(whole+strings.Repeat(" ", size-len(whole))), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(disk.OS{}, path); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", size, err, want)
		}
	}
}

func FuzzACodeIsReadWholeOrRefused(f *testing.F) {
	for _, seed := range []string{
		`{"ActivationId":"4ECEEE12-56F1-4FBC-9AB1-890F12345678","ActivationCode":"a-hz0+/=","RegionId":"cn-hangzhou"}`,
		`[{"ActivationId":"A","ActivationCode":"a-1","RegionId":"cn-hangzhou","New":{"a":[1]}}]`, `[]`, `[{},{}]`, `{}{}`, `{`, `[`, `null`, `42`, `"x"`, ``, ` `, `\x00`,
		`{"ActivationId":"$(reboot)","ActivationCode":"a b","RegionId":"../.."}`, `{"ActivationCode":1}`, `{"DryRun":true}`, `\xff\xfe{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		saved, err := Parse(text)
		if err != nil || saved.Check() != nil {
			return
		}
		r := bootstrap.Registration{RegionId: saved.RegionId, ActivationId: saved.ActivationId, ActivationCode: saved.ActivationCode}
		for _, form := range bootstrap.Runnable() {
			if _, err := bootstrap.Text(form, r); err != nil {
				t.Errorf("%q is accepted, and cannot be written: %v", text, err)
			}
		}
	})
}

func FuzzAFileComesOutAsItWentIn(f *testing.F) {
	for _, value := range []string{"", "a-hz0152v+/8Y=", " ", "it's", `"double"`, `a\b\`, "line\nbreak", "\x1b[31m", "\u202e", "激活码", "😀", "\\u0041", "\u2028", "\x7f"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if bootstrap.Writable(value) != nil {
			return // no such value is saved
		}
		code := Code{
			RegionId: value, ActivationId: value, ActivationCode: value, ExpirationTime: value, Description: value,
			Tags: []activation.Tag{{TagKey: value, TagValue: value}},
		}
		want := File{code, []activation.Ref{{RegionId: value, ActivationId: value}}}
		for _, form := range []any{want, []File{want}} {
			text, err := json.Marshal(form)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range [][]byte{text, escaped(string(text))} {
				if got, err := Parse(text); !reflect.DeepEqual(got, want) || err != nil {
					t.Errorf("%s is read as %+v, %v", text, got, err)
				}
			}
		}
	})
}
