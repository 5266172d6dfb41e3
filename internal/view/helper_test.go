package view_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

var noon = time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)

// hostile is a text that would control a terminal; clean is how it is shown.
const (
	hostile = "a\x1b[31mb"
	clean   = `a\x1b[31mb`
)

// printer returns a Printer to a pipe, and what it prints.
func printer(format string) (*view.Printer, *bytes.Buffer) {
	var out bytes.Buffer
	return &view.Printer{Out: &ui.Stream{Writer: &out}, Err: &ui.Stream{Writer: &out}, Format: format}, &out
}

// terminal makes the output of a Printer a terminal with so many columns.
func terminal(p *view.Printer, width int) { p.Out.Terminal, p.Out.Width = true, width }

// quiet makes a Printer print bare results.
func quiet(p *view.Printer) { p.Quiet = true }

// expect reports whatever is printed but should not be.
func expect(t *testing.T, name string, err error, out *bytes.Buffer, want string) {
	t.Helper()
	if got := out.String(); err != nil || got != want {
		t.Errorf("%s: %v\n got %q\nwant %q", name, err, got, want)
	}
}

// full is a writer whose writes fail.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// web is a code that was created an hour before noon.
func web() activation.Activation {
	return activation.Activation{
		RegionId: "cn-hangzhou", ActivationId: "A", InstanceName: hostile, Description: "d", InstanceCount: 10, RegisteredCount: 3,
		TimeToLiveInHours: 4, CreationTime: "2026-01-20T11:00:00Z", IpAddressRange: "::/0", ResourceGroupId: "rg-1",
		Tags: []activation.Tag{{TagKey: "env", TagValue: "prod"}, {TagKey: "empty"}},
	}
}
