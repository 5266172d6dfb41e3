package batch

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"ecs-activation/internal/activation"
)

func TestListsAreRead(t *testing.T) {
	one := []Text{{Line: 2, Region: "cn-beijing", CreateText: activation.CreateText{InstanceName: "web", TimeToLive: "2"}}}
	atOne := []Text{{Line: 1, Region: "cn-beijing", CreateText: activation.CreateText{InstanceName: "web", TimeToLive: "2"}}}
	for list, want := range map[string][]Text{
		"region,instance-name,ttl\ncn-beijing,web,2\n":                                           one,
		"\ufeffregion,instance-name,ttl\r\ncn-beijing,web,2\r\n":                                 one,
		"RegionId,INSTANCE_NAME,Time To Live In Hours\ncn-beijing,\"web\", 2 ":                   one,
		"region,description,instance-name,ttl,tag\ncn-beijing,,web,2,":                           one,
		`{"region":"cn-beijing","instance-name":"web","ttl":2}`:                                  atOne,
		"\ufeff{\"RegionId\":\"cn-beijing\",\"InstanceName\":\"web\",\"ttl\":2}\r":               atOne,
		"\n\n{\"region\":\"cn-beijing\",\"instance-name\":\"web\",\"ttl\":\"2\",\"tag\":null}\n": {{Line: 3, Region: "cn-beijing", CreateText: atOne[0].CreateText}},
		"instance-name,description\n\"a\",\"two\nlines\"\nb,c\n": {
			{Line: 2, CreateText: activation.CreateText{InstanceName: "a", Description: "two\nlines"}},
			{Line: 4, CreateText: activation.CreateText{InstanceName: "b", Description: "c"}},
		},
		"tag,tags\na=1; b=2,c=3\n": {{Line: 2, CreateText: activation.CreateText{Tags: []string{"a=1", "b=2", "c=3"}}}},
	} {
		rows, problems, err := Read(strings.NewReader(list))
		if err != nil || len(problems) > 0 || !reflect.DeepEqual(rows, want) {
			t.Errorf("%q: %+v, %v, %v", list, rows, problems, err)
		}
	}
}

func TestATooLargeListIsAnError(t *testing.T) {
	if _, _, err := Read(strings.NewReader(strings.Repeat("a", largest+1))); !errors.Is(err, errTooLarge) {
		t.Error(err)
	}
}

// FuzzRead checks that every text is read without a panic, that each problem and row has its line, and that rows that
// were read are the same when they are written as JSON Lines.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"instance-name,tag\nweb,a=1;b=2\n", "a;b\n1;2", `{"instance-name":"web","tag":{"a":"1"}}`, `{"tag":["a=1",{"TagKey":"b","TagValue":"2"}]}`,
		"\ufeffttl\r\n2h\r\n", `"`, `{"ttl":1e3}`, "region,region\n", "ttl\n\"1\n2\"\n", "[1]", "{}", `{"a":`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		rows, problems, err := Read(strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 && len(problems) == 0 {
			t.Fatal("neither rows nor problems")
		}
		lines := strings.Count(list, "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines {
				t.Errorf("a problem is on line %d of %d", p.Line, lines)
			}
		}
		var again strings.Builder
		for i := range rows {
			if rows[i].Line < 1 || rows[i].Line > lines {
				t.Errorf("a row is on line %d of %d", rows[i].Line, lines)
			}
			again.WriteString(asJSON(t, rows[i]) + "\n")
			rows[i].Line = i + 1
		}
		if len(rows) == 0 || strings.Contains(again.String(), `\ufffd`) { // JSON cannot hold text that is not UTF-8
			return
		}
		same, problems, err := Read(strings.NewReader(again.String()))
		if err != nil || len(problems) > 0 || !reflect.DeepEqual(same, rows) {
			t.Errorf("%q was read as %+v, %v", again.String(), same, problems)
		}
	})
}

// asJSON returns a row as a line of JSON Lines.
func asJSON(t *testing.T, row Text) string {
	object := map[string]any{}
	for _, c := range columns {
		switch {
		case c.value == nil && len(row.Tags) > 0:
			object[c.name] = row.Tags
		case c.value != nil && *c.value(&row) != "":
			object[c.parameter] = *c.value(&row)
		}
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTokensFollowTheContentOfARow(t *testing.T) {
	key := func(w *world, line int) string {
		b, _, _ := w.batch()
		return b.token(b.Rows[line], 0)
	}
	first := newWorld(t, "instance-name,tag\na,x=1;y=2\nb,\nb,\n")
	moved := newWorld(t, "tag,instance-name\n,new\n,b\ny=2;x=1,a\n,b\n")
	first.flags.Name, moved.flags.Name = "n", "n"
	if key(first, 0) != key(moved, 2) || key(first, 1) != key(moved, 1) || key(first, 2) != key(moved, 3) {
		t.Error("a row that was moved has another token")
	}
	if key(first, 1) == key(first, 2) {
		t.Error("equal rows have the same token")
	}
	b, _, _ := first.batch()
	tokens := map[string]bool{}
	for _, other := range []Batch{b, {Name: "other"}, {Name: "n", Sandbox: true}, {Name: "n", Endpoint: "host"}} {
		for generation := range 2 {
			tokens[other.token(b.Rows[0], generation)] = true
		}
	}
	if len(tokens) != 8 {
		t.Errorf("%d different tokens", len(tokens))
	}
	for token := range tokens {
		r := activation.CreateRequest{RegionId: "cn-hangzhou", ClientToken: token}
		if problems := r.Validate(false); len(problems) > 0 {
			t.Error(problems)
		}
	}
}

func TestTheDefaultNameFollowsTheRowsAndTheAccount(t *testing.T) {
	name := func(list string, change func(*Flags)) string {
		w := newWorld(t, list)
		if change != nil {
			change(&w.flags)
		}
		b, _, _ := w.batch()
		return b.Name
	}
	same := name("instance-name,ttl\na,1\nb,2\n", nil)
	if got := name("ttl,instance-name\n2,b\n1,a\n", nil); got != same {
		t.Errorf("the order of the rows changes the name %s to %s", same, got)
	}
	for _, other := range []string{
		name("instance-name,ttl\na,1\n", nil), name("instance-name,ttl\na,1\nb,3\n", nil),
		name("instance-name,ttl\na,1\nb,2\n", func(f *Flags) { f.Description = "text" }),
		name("instance-name,ttl\na,1\nb,2\n", func(f *Flags) { f.Account = []string{"profile"} }),
	} {
		if other == same {
			t.Errorf("another batch has the same name %s", same)
		}
	}
}

func TestProblemsOfFlagsAreReportedOnce(t *testing.T) {
	w := newWorld(t, "instance-name,ttl\nweb,9\n1,\n,\n")
	w.flags.TimeToLive, w.flags.Region = "7", ""
	_, flags, rows := w.batch()
	if len(flags) != 2 || len(rows) != 4 {
		t.Errorf("%v; %v", flags, rows)
	}
	w.list = "instance-name,region\nweb,cn-beijing\n"
	w.flags.TimeToLive = ""
	if _, flags, rows := w.batch(); len(flags)+len(rows) > 0 {
		t.Errorf("%v; %v", flags, rows)
	}
}

func TestNamesOfFiles(t *testing.T) {
	for name, want := range map[string]bool{
		"web-1": true, "Web_1.example": true, "7up": true, "a": true, "company": true, "com10": true, "nullable": true,
		".web": false, "-web": false, "a:b": false, "a/b": false, `a\b`: false, "..": false, "con": false, "CON.txt": false, "lpt1": false, "nul.a.b": false,
		"é": false, "a b": false, strings.Repeat("a", 101): false,
	} {
		if isFileName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

// Spreadsheets write UTF-16 with a byte order mark as well.
func TestAListInUTF16IsRead(t *testing.T) {
	const list = "instance-name,description\r\nweb,d\u00e9j\u00e0 \U0001f600\r\n"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		var content []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + list)) {
			content = order.AppendUint16(content, unit)
		}
		rows, problems, err := Read(bytes.NewReader(content))
		if err != nil || len(problems) > 0 || len(rows) != 1 || rows[0].Description != "d\u00e9j\u00e0 \U0001f600" {
			t.Errorf("%v: %v, %v, %v", order, rows, problems, err)
		}
	}
}

// Every key of JSON Lines is looked up, so a long list would be slow.
func TestAColumnIsFoundWithFewAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { columnOf("ResourceGroupId") }); n > 20 {
		t.Errorf("%v allocations", n)
	}
}

// A batch may be run again by another version of the program. A new field of the request must be left out of the JSON
// that is hashed if it is empty, or every row gets a new code.
func TestTokensAreTheSameInEveryVersion(t *testing.T) {
	w := newWorld(t, "instance-name,description,instance-count,ttl,ip-address-range,tag,resource-group-id\nweb,d,2,1,192.0.2.0/24,a=1;b=2,rg-1\n")
	b, _, _ := w.batch()
	if got := b.Name + " " + b.token(b.Rows[0], 0) + " " + b.token(b.Rows[0], 1); got != "JUOOKYRGWYFM ASBD7WECO6OFHPHQVVTPLIWXIM MR2G7NYUWEN2M4MKQ2Z3XYEZGM" {
		t.Error(got)
	}
}
