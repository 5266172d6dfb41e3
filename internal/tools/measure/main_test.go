package main

import (
	"testing"
	"testing/fstest"
)

func TestFilesAreMeasured(t *testing.T) {
	m, err := measure(fstest.MapFS{
		"a/a.go":       {Data: []byte("// Package a is one.\npackage a\n\n// F is documented.\nfunc F() {\n}\n\nfunc G() {}\n\ntype T int\n\nfunc (T) Error() string { return \"\" }\n")},
		"a/a_test.go":  {Data: []byte("package a\n\n")},
		"atest/b.go":   {Data: []byte("package atest\n")},
		"tools/x/x.go": {Data: []byte("package main\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `functions: 3, median 1 lines, nine in ten up to 1, 0 of 40 or more (longest 2)
files: 1, median 12 lines, eight in ten from 12 to 12 (longest 12)
packages: 1, with 1 to 1 files, median 1
comments: 16.7 % of 12 lines
tests: 3 lines, 0.25 times the code
exported names with a comment: 33.3 % of 3
`
	if got := m.String(); got != want {
		t.Errorf("%s", got)
	}
}
