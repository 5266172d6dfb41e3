package main

import (
	"reflect"
	"strings"
	"testing"
)

const output = `goos: linux
BenchmarkRecord-2   	     100	    123456 ns/op	   20000 B/op	     200 allocs/op
BenchmarkCodes/1000/json-2 	20	 1234 ns/op	 18.1 MB/s	 1000 B/op	 10 allocs/op
PASS
`

func TestFiguresAreReadFromTheOutputOfGoTest(t *testing.T) {
	want := []figure{{"Record", 20000, 200}, {"Codes/1000/json", 1000, 10}}
	if got := parse([]byte(output)); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got, err := read(heading + write(want)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := read("Record many\n"); err == nil {
		t.Error("a line without figures is accepted")
	}
}

func TestGrownFiguresAreErrors(t *testing.T) {
	kept := []figure{{"Record", 20000, 200}}
	for _, test := range []struct {
		measured []figure
		want     string
	}{
		{[]figure{{"Record", 20000, 200}}, ""},
		{[]figure{{"Record", 20500, 205}}, ""},
		{[]figure{{"Record", 10000, 100}}, ""},
		{[]figure{{"Record", 21000, 200}}, "Record allocates 21000 bytes"},
		{[]figure{{"Record", 20000, 210}}, "in 210 allocations"},
		{[]figure{{"Record", 20000, 200}, {"New", 1, 1}}, "New has no figure"},
		{nil, "Record is no benchmark any more"},
	} {
		err := compare(kept, test.measured)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v", test.measured, err)
		}
	}
}
