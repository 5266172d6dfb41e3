package view_test

import (
	"errors"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/view"
)

func TestWhoReadsAFormat(t *testing.T) {
	type reader struct{ programs, people, document, code bool }
	for format, want := range map[string]reader{
		view.FormatTable: {people: true},
		view.FormatWide:  {people: true},
		view.FormatCode:  {people: true, code: true},
		"json":           {programs: true, document: true},
		"yaml":           {programs: true, document: true},
		"jsonl":          {programs: true},
	} {
		p, _ := printer(format)
		if got := (reader{p.ForPrograms(), p.ForPeople(), p.Document(), p.HoldsCode()}); got != want {
			t.Errorf("%s: %+v, want %+v", format, got, want)
		}
		quiet(p)
		if got := (reader{p.ForPrograms(), p.ForPeople(), p.Document(), p.HoldsCode()}); got != (reader{code: want.code}) {
			t.Errorf("%s and quiet: %+v", format, got)
		}
	}
	p, _ := printer("sh")
	if p.Script = script; !p.HoldsCode() {
		t.Error("a script has a meaning without the code")
	}
}

func TestAScriptThatCannotBeMadePrintsNothing(t *testing.T) {
	p, out := printer("sh")
	p.Script = func(codefile.Code) (string, error) { return "half of it", errFull }
	if err := view.PrintCreated(p, made()); !errors.Is(err, errFull) || out.Len() > 0 {
		t.Errorf("%v, %q", err, out)
	}
}

func TestAPageHasTheKeysOfTheService(t *testing.T) {
	p, out := printer("jsonl")
	page := activation.Page{TotalCount: 9, PageNumber: 2, PageSize: 5, NextToken: "next"}
	page.RequestId = "R"
	err := p.Value(view.NewPage(page, []view.Listed{}))
	expect(t, "a page", err, out, `{"RequestId":"R","TotalCount":9,"PageNumber":2,"PageSize":5,"NextToken":"next","ActivationList":[]}`+"\n")
}

func TestControlCharactersInRawJSONAreEscaped(t *testing.T) {
	p, out := printer("json")
	expect(t, "JSON", p.JSON("[\"a\u202eb\"]\n"), out, `["a\u202eb"]`+"\n")
}
