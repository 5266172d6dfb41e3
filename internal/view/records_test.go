package view_test

import (
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/issuance"
	"ecs-activation/internal/view"
)

func record(token string, sandbox bool) (r issuance.Record) {
	r.Request.ClientToken, r.Request.RegionId, r.Request.InstanceName, r.Request.TimeToLiveInHours = token, "r", hostile, 4
	r.State, r.Sandbox, r.Identity, r.StartedAt, r.LastAttempt, r.Attempts = "uncertain", sandbox, "LTAI1", noon.Add(-time.Hour), noon, 2
	return r
}

func TestRecords(t *testing.T) {
	records := []issuance.Record{record("one", false), record("two", true)}
	const table = "TOKEN  STATE      REGION  NAME        STARTED               EXPIRES               IDENTITY\n" +
		"one    uncertain  r       " + clean + "  2026-01-20T11:00:00Z  2026-01-20T16:00:00Z  LTAI1\n" +
		"two    uncertain  r       " + clean + "  2026-01-20T11:00:00Z  2026-01-20T16:00:00Z  sandbox\n"
	p, out := printer(view.FormatTable)
	expect(t, "a table", view.PrintRecords(p, records, noon), out, table)
	out.Reset()
	expect(t, "none", view.PrintRecords(p, nil, noon), out, "")
	quiet(p)
	expect(t, "there is no bare form", view.PrintRecords(p, records, noon), out, table)
	p, out = printer("jsonl")
	want := `{"ClientToken":"one","State":"uncertain","RegionId":"r","InstanceName":"a\u001b[31mb","StartedAt":"2026-01-20T11:00:00Z",` +
		`"LastAttempt":"2026-01-20T12:00:00Z","Attempts":2,"ExpirationTime":"2026-01-20T16:00:00Z","Alive":true,`
	if err := view.PrintRecords(p, records, noon); err != nil || !strings.HasPrefix(out.String(), want) {
		t.Errorf("%v, %s", err, out)
	}
	p, out = printer("json")
	expect(t, "none for programs", view.PrintRecords(p, nil, noon), out, "[]\n")
}

func TestSettings(t *testing.T) {
	settings := []view.Setting{{Name: "region", Value: hostile, Source: "--region"}}
	p, out := printer(view.FormatTable)
	expect(t, "a table", view.PrintSettings(p, settings), out, "NAME    VALUE       SOURCE\nregion  "+clean+"  --region\n")
	p, out = printer("jsonl")
	quiet(p)
	expect(t, "lines", view.PrintSettings(p, settings), out, `{"Name":"region","Value":"a\u001b[31mb","Source":"--region"}`+"\n")
}
