package codefile

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/disk"
)

const whole = `{"ActivationId":"4ECE","RegionId":"cn-hangzhou","ActivationCode":"a-hunter2"}`

// inUTF16 is the same code as PowerShell 5 writes it.
var inUTF16 = "\xff\xfe" + strings.Join(strings.Split(whole+"\r\n", ""), "\x00") + "\x00"

func TestReadReturnsErrorsForInvalidContent(t *testing.T) {
	for content, want := range map[string]string{
		whole:   "",
		inUTF16: "",
		`  ` + strings.Replace(whole, "{", `{"New":{"a":[1]},"Earlier":[{"ActivationId":"OLD","RegionId":"cn-beijing"}],`, 1) + "\n": "",
		"":                                    "it is empty",
		" \n":                                 "it is empty",
		"hunter2":                             "invalid JSON at byte 1",
		`{"ActivationCode": `:                 "invalid JSON: unexpected end of file",
		"42":                                  "it contains a number instead of an object",
		`{"ActivationCode":2}`:                "its ActivationCode is a number",
		`{"Earlier":"hunter2"}`:               "its Earlier is a string",
		"null":                                "it contains no ActivationCode",
		`[]`:                                  "it contains 0 codes instead of one",
		`[{},{}]`:                             "it contains 2 codes instead of one",
		"[" + whole + "]":                     "it is a JSON array, and create --save writes an object",
		whole + whole:                         "it contains more data after the first code",
		`{"DryRun":true}`:                     "it is the output of a dry run, which creates no code",
		`{"ActivationId":"4ECE"}`:             "it contains an ActivationId but no ActivationCode: list and create --save do not print codes",
		`{"ActivationCode":"hunter2"}`:        "it contains no RegionId: give --region",
		change("a-hunter2", "hunter2 two"):    "its ActivationCode is invalid: a code consists of ASCII characters without spaces",
		change("a-hunter2", "hunter2\\u001b"): "its ActivationCode is invalid: a code consists of ASCII characters without spaces",
		change("a-hunter2", "hunter2\\u00e9"): "its ActivationCode is invalid: a code consists of ASCII characters without spaces",
		change("4ECE", "cn-hangzhou/4ECE"):    `its ActivationId "cn-hangzhou/4ECE" starts with a region`,
		change("4ECE", "4_CE"):                `"4_CE" is not a valid activation ID`,
		change("cn-hangzhou", "../.."):        `"../.." is not a valid region ID`,
		change("{", `{"Earlier":[{"ActivationId":"../x","RegionId":"cn-beijing"}],`): "its Earlier codes are invalid",
		change("{", `{"Earlier":[{"ActivationId":"OLD"}],`):                          "its Earlier codes are invalid",
		change("{", `{"Earlier":[{"ActivationId":"cn-beijing/OLD"}],`):               "its Earlier codes are invalid",
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
			t.Errorf("%s: an error, and also %+v", content, f)
		}
	}
}

func change(from, to string) string { return strings.Replace(whole, from, to, 1) }

func TestReadFromLimitsTheSize(t *testing.T) {
	padded := func(size int) string { return whole + strings.Repeat(" ", size-len(whole)) }
	for _, test := range []struct {
		in   io.Reader
		want string // the error
	}{
		{strings.NewReader(whole), ""},
		{strings.NewReader("[" + whole + "]"), ""},
		{strings.NewReader("\ufeff" + whole + "\r\n"), ""},
		{strings.NewReader(inUTF16), ""},
		{strings.NewReader(padded(Largest)), ""},
		{strings.NewReader(padded(Largest + 1)), "it is larger than 1048576 bytes, too large for a saved code"},
		{strings.NewReader(""), "it is empty"},
		{io.MultiReader(strings.NewReader(whole), iotest.ErrReader(errors.New("torn"))), "torn"},
	} {
		code, err := ReadFrom(test.in)
		if test.want == "" && (err != nil || code.ActivationCode != "a-hunter2") || test.want != "" && (err == nil || err.Error() != test.want || code.ActivationCode != "") {
			t.Errorf("%+v, %v, want %q", code, err, test.want)
		}
	}
}

func TestPlaceGivesACodeItsRegion(t *testing.T) {
	for _, test := range []struct{ region, given, fallback, want string }{
		{"cn-beijing", "", "cn-shanghai", "cn-beijing"},
		{"cn-beijing", "cn-beijing", "cn-beijing", "cn-beijing"},
		{"", "", "cn-shanghai", "cn-shanghai"},
		{"", "cn-beijing", "cn-beijing", "cn-beijing"},
		{"cn-beijing", "cn-shanghai", "cn-shanghai", "the code is valid in cn-beijing only, and --region is cn-shanghai"},
		{"", "", "", "it contains no RegionId: give --region"},
	} {
		code := Code{ActivationId: "4ECE", ActivationCode: "a-hunter2", RegionId: test.region}
		err := code.Place(test.given, test.fallback)
		got := code.RegionId
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestACodeMayHaveAllPrintableCharacters(t *testing.T) {
	if err := (Code{ActivationId: "4ECE", ActivationCode: "!~", RegionId: "cn-hangzhou"}).Check(); err != nil {
		t.Errorf("%v", err)
	}
}

func TestReadAcceptsOnlyARegularFileOfLimitedSize(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "code.json")
	if _, err := Read(disk.OS{}, path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Read(disk.OS{}, folder); err == nil || err.Error() != "it is not a regular file" {
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

func FuzzParseCode(f *testing.F) {
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
				t.Errorf("%q is accepted, but cannot be printed as a command: %v", text, err)
			}
		}
	})
}

func FuzzParseEncodedFile(f *testing.F) {
	for _, value := range []string{"", "a-hz0152v+/8Y=", " ", "it's", `"double"`, `a\b\`, "line\nbreak", "\x1b[31m", "\u202e", "激活码", "😀", "\\u0041", "\u2028", "\x7f"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if bootstrap.Writable(value) != nil {
			return // such a value is not saved
		}
		code := Code{
			RegionId: value, ActivationId: value, ActivationCode: value, ExpirationTime: value, Description: value,
			Tags: []activation.Tag{{TagKey: value, TagValue: value}},
		}
		want := File{Code: code, Earlier: []activation.Ref{{RegionId: value, ActivationId: value}}}
		for _, form := range []any{want, []File{want}} {
			text, err := json.Marshal(form)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range [][]byte{text, escapeControls(string(text))} {
				if got, err := Parse(text); !reflect.DeepEqual(got, want) || err != nil {
					t.Errorf("%s is read as %+v, %v", text, got, err)
				}
			}
		}
	})
}
