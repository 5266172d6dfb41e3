package view

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

var noon = time.Date(2026, 6, 25, 12, 0, 0, 0, time.UTC)

// living returns a code that was created at noon, with so many uses.
func living(region, id string, used int) activation.Activation {
	return activation.Activation{RegionId: region, ActivationId: id, InstanceCount: 10, RegisteredCount: used, TimeToLiveInHours: 4, CreationTime: "2026-06-25T12:00:00Z"}
}

// lines returns a display in lines, and what it has printed on standard output and standard error.
func lines(w Watch) (Display, *strings.Builder, *strings.Builder) {
	var out, messages strings.Builder
	w.Printer.Out, w.Printer.Err = &ui.Stream{Writer: &out}, &ui.Stream{Writer: &messages}
	return w.Lines(func(format string, args ...any) { fmt.Fprintf(&messages, format+"\n", args...) }), &out, &messages
}

func shows(t *testing.T, d Display, snapshots ...fleet.Snapshot) {
	t.Helper()
	for _, s := range snapshots {
		if err := d.Show(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.End(); err != nil {
		t.Fatal(err)
	}
}

func about(region, text string) error {
	return &activation.Error{Kind: activation.KindUnavailable, Op: "list", ID: activation.Ref{RegionId: region}, Err: errors.New(text)}
}

func TestAWatchPrintsALineForEachChange(t *testing.T) {
	d, out, messages := lines(Watch{Printer: &Printer{Format: FormatTable}, Regions: []string{"r"}, Sentence: error.Error})
	at := func(reading int, after time.Duration, codes ...activation.Activation) fleet.Snapshot {
		return fleet.Snapshot{Reading: reading, Now: noon.Add(after), Codes: codes}
	}
	a, used, b := living("r", "A", 0), living("r", "A", 1), living("r", "B", 0)
	shows(t, d, at(1, 0, a), at(1, time.Second, a), at(2, 5*time.Second, used), at(3, 10*time.Second, used, b), at(4, 15*time.Second, b), at(4, 4*time.Hour, b))
	want := `CHANGE   ID  NAME  STATUS     USES  EXPIRES
is       A         Active     0/10  2026-06-25T16:00:00Z
changed  A         Active     1/10  2026-06-25T16:00:00Z
new      B         Active     0/10  2026-06-25T16:00:00Z
gone     A         Active     1/10  2026-06-25T16:00:00Z
changed  B         Expired    0/10  2026-06-25T16:00:00Z
`
	if out.String() != want || messages.Len() > 0 {
		t.Errorf("\n%s\nwant\n%s%s", out, want, messages)
	}
}

func TestAWatchPrintsACodeThatMatchesAFilterLaterWithoutANewReading(t *testing.T) {
	d, out, messages := lines(Watch{Printer: &Printer{Format: FormatTable}, Regions: []string{"r"}, Selection: fleet.Selection{Where: []fleet.Condition{fleet.ExpiresWithin(time.Hour)}}})
	at := func(after time.Duration) fleet.Snapshot {
		return fleet.Snapshot{Reading: 1, Now: noon.Add(after), Codes: []activation.Activation{living("r", "A", 0)}}
	}
	shows(t, d, at(0), at(3*time.Hour-time.Second), at(3*time.Hour), at(3*time.Hour+time.Second))
	want := `CHANGE   ID  NAME  STATUS     USES  EXPIRES
new      A         Active     0/10  2026-06-25T16:00:00Z
`
	if out.String() != want || messages.String() != "no activation codes in r yet; waiting for changes\n" {
		t.Errorf("\n%s\nwant\n%s%s", out, want, messages)
	}
}

func TestACodeOfARegionThatCouldNotBeReadAtFirstIsNotNew(t *testing.T) {
	d, out, messages := lines(Watch{Printer: &Printer{Format: ui.FormatJSONLines}, Regions: []string{"r", "s"}, Sentence: error.Error})
	failed := []error{about("s", "torn")}
	shows(t, d,
		fleet.Snapshot{Reading: 1, Now: noon, Codes: []activation.Activation{living("r", "A", 0)}, Failed: failed},
		fleet.Snapshot{Reading: 2, Now: noon, Codes: []activation.Activation{living("r", "A", 0)}, Failed: failed},
		fleet.Snapshot{Reading: 3, Now: noon, Codes: []activation.Activation{living("r", "A", 0), living("s", "B", 0)}},
		fleet.Snapshot{Reading: 4, Now: noon, Codes: []activation.Activation{living("r", "A", 0), living("s", "B", 0), living("s", "C", 0)}})
	var changes []string
	for line := range strings.Lines(out.String()) {
		changes = append(changes, line[:len(`{"Change":"new","ActivationId":"X"`)])
	}
	if got := strings.Join(changes, " "); got != `{"Change":"is","ActivationId":"A", {"Change":"is","ActivationId":"B", {"Change":"new","ActivationId":"C"` {
		t.Errorf("%s", out)
	}
	if want := "ecs-activation: error: cannot list: torn; trying again\nnote: all regions are readable again\n"; messages.String() != want {
		t.Errorf("%q, want %q", messages, want)
	}
}

func TestAWatchOfNothingSaysThatItWaits(t *testing.T) {
	for format, want := range map[string]string{FormatTable: "no activation codes in r yet; waiting for changes\n", ui.FormatJSONLines: ""} {
		d, out, messages := lines(Watch{Printer: &Printer{Format: format}, Regions: []string{"r"}})
		shows(t, d, fleet.Snapshot{Reading: 1, Now: noon}, fleet.Snapshot{Reading: 2, Now: noon})
		if d.Note("slow"); out.Len() > 0 || messages.String() != want+"slow\n" {
			t.Errorf("%s: %q, %q", format, out, messages)
		}
	}
}

func TestAProblemNamesTheFirstRegionAndCountsTheOthers(t *testing.T) {
	for _, test := range []struct {
		failed []error
		want   string
	}{
		{nil, ""}, {[]error{about("r", "torn\x1b[2J")}, `cannot list: torn\x1b[2J`},
		{[]error{about("r", "torn"), about("s", "torn"), about("t", "torn")}, "cannot list: torn, and 2 more regions"},
	} {
		if got := (Watch{Printer: &Printer{Err: &ui.Stream{}}, Sentence: error.Error}).problem(fleet.Snapshot{Failed: test.failed}); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestAFrameHasAHeaderMessagesAndAsManyCodesAsFit(t *testing.T) {
	var out strings.Builder
	stream := &ui.Stream{Writer: &out, Terminal: true, Width: 100, Height: 6}
	f := &frames{watch: Watch{Printer: &Printer{Out: stream, Format: FormatTable}, Regions: []string{"r"}, Sandbox: true, Sentence: error.Error}}
	var codes []activation.Activation
	for i := range 9 {
		codes = append(codes, living("r", fmt.Sprint("ID-", i), i))
	}
	s := fleet.Snapshot{
		Reading: 1, Now: noon, ReadAt: noon, Codes: codes, Next: noon.Add(10 * time.Second),
		Failed: []error{about("r", "torn")}, Interval: fleet.Interval{Least: 5 * time.Second, Most: time.Minute},
	}
	f.Note("attempt 2")
	lines, err := f.frame(s, 7)
	if err != nil || len(lines) != 7 {
		t.Fatalf("%q, %v", lines, err)
	}
	for i, want := range []string{
		"9 codes at 12:00:00 UTC · every 5s · Ctrl-C ends · sandbox · r", "error: next try at 12:00:10 UTC: cannot list: torn", "attempt 2", "ID ", "ID-0", "ID-1",
		"… and 7 more; a taller terminal shows them",
	} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: %q, want %q", i, lines[i], want)
		}
	}
	f.turn()
	if f.note() != "attempt 2" {
		t.Error("the note of the last reading is lost")
	}
	if f.turn(); f.note() != "" {
		t.Error("an old note stays")
	}
	s.Codes, s.Failed = nil, nil
	if lines, err := f.frame(s, 7); err != nil || len(lines) != 2 || lines[1] != "no activation codes found in r" {
		t.Errorf("%q, %v", lines, err)
	}
}
