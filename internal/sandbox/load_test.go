package sandbox

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/store"
)

func dumped(t *testing.T, s *Sandbox) io.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := s.Dump(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestWhatDumpWritesLoadReads(t *testing.T) {
	s, c := start(t, Options{Quota: 5000})
	fill(t, s, 600, "") // more than two chunks
	c.ok("CreateActivation", "RegionId", "cn-beijing", "InstanceName", "web", "Description", "<&\"中\u2028\u001b[31m", "Tag.1.Key", "k", "IpAddressRange", "::/0")
	id, code := c.create("ResourceGroupId", "rg-1", "TimeToLiveInHours", "1")
	if _, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
		t.Fatal(err)
	}
	c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
	first := read(t, dumped(t, s))
	if lines := strings.Count(first, "\n"); lines != 604 {
		t.Errorf("%d lines for 602 codes and two brackets", lines)
	}
	other := newSandbox(t, Options{})
	if n, err := other.Load(t.Context(), strings.NewReader(first)); err != nil || n != 602 {
		t.Fatalf("loaded %d, %v", n, err)
	}
	if second := read(t, dumped(t, other)); second != first {
		t.Error("a dump of the loaded codes differs")
	}
	if got, want := serve(t, other).list(), c.list(); !slices.Equal(got, want) {
		t.Error("the order of the list differs")
	}
	_, err := other.Load(t.Context(), strings.NewReader(first))
	if err == nil || !strings.Contains(err.Error(), "already in the sandbox") {
		t.Errorf("loaded twice: %v", err)
	}
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestAnEmptySandboxDumpsAnEmptyArray(t *testing.T) {
	s := newSandbox(t, Options{})
	if got := read(t, dumped(t, s)); got != "[]\n" {
		t.Errorf("%q", got)
	}
	if n, err := s.Load(t.Context(), strings.NewReader("[]\n")); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestLoadFillsWhatIsMissingAndIgnoresTheQuota(t *testing.T) {
	s, c := start(t, Options{})
	input := "[" + strings.Repeat("{},", 11) + `{"TimeToLiveInHours":876576,"InstanceName":"1 bad \u001b","Status":"Active","ExpirationTime":"x","RemainingCount":3}]`
	if n, err := s.Load(t.Context(), strings.NewReader(input)); err != nil || n != 12 {
		t.Fatalf("%d, %v", n, err)
	}
	codes := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageSize", "50").codes()
	if len(codes) != 12 || codes[0]["InstanceName"] != "1 bad \u001b" || codes[1]["InstanceCount"] != 10.0 || codes[1]["TimeToLiveInHours"] != 4.0 {
		t.Errorf("%v", codes)
	}
	c.refused(400, "ActivationCount.ExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
}

func TestLoadRefusesBadInputAndLoadsNothing(t *testing.T) {
	s := newSandbox(t, Options{})
	for _, test := range []struct{ input, want string }{
		{``, "not a JSON array"},
		{`{}`, "not a JSON array"},
		{`[{}`, "does not end"},
		{`[{}] []`, "something follows"},
		{`[{} {}]`, "element 2"},
		{`[{}, null]`, "element 2: null is not a code"},
		{`[{}, 7]`, "element 2"},
		{`[{}, {"InstanceNmae":"x"}]`, `element 2: unknown field "InstanceNmae"`},
		{`[{"InstanceCount":"ten"}]`, "element 1: field InstanceCount: a JSON string does not fit"},
		{`[{"InstanceCount":1.5}]`, "element 1: field InstanceCount"},
		{`[{"InstanceCount":0}]`, "field InstanceCount: 0"},
		{`[{"RegisteredCount":11}]`, "field RegisteredCount: 11"},
		{`[{"RegisteredCount":-1}]`, "field RegisteredCount: -1"},
		{`[{"RegisteredCount":1,"DeregisteredCount":2}]`, "field DeregisteredCount: 2"},
		{`[{"TimeToLiveInHours":876577}]`, "field TimeToLiveInHours: 876577"},
		{`[{"RegionId":"mars"}]`, `field RegionId: "mars"`},
		{`[{"ActivationId":"a/b"}]`, `field ActivationId: "a/b"`},
		{`[{"CreationTime":"now"}]`, `field CreationTime: "now"`},
		{`[{"CreationTime":"0000-01-01T00:00:00Z"}]`, `field CreationTime`},
		{`[{"IpAddressRange":"x"}]`, `field IpAddressRange: "x"`},
		{`[{"Tags":[{"TagKey":""}]}]`, "field Tags"},
		{`[{"Tags":[{"TagKey":"a"},{"TagKey":"a"}]}]`, "field Tags"},
		{`[{"ActivationId":"A"},{},{"ActivationId":"A"}]`, "element 3: field ActivationId: A is also that of element 1"},
	} {
		n, err := s.Load(t.Context(), strings.NewReader(test.input))
		if err == nil || n != 0 || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %d, %v; want %q", test.input, n, err, test.want)
		}
	}
	if status, err := s.Status(t.Context()); err != nil || status.Codes != 0 {
		t.Errorf("%+v, %v", status, err)
	}
}

// brokenPipe fails after the first line.
type brokenPipe struct{ lines int }

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.lines++; b.lines > 1 {
		return 0, errors.New("broken pipe")
	}
	return len(p), nil
}

func TestDumpReportsAWriteErrorAndHoldsNoLockWhileWriting(t *testing.T) {
	s := newSandbox(t, Options{})
	fill(t, s, 3, "")
	if err := s.Dump(t.Context(), &brokenPipe{}); err == nil {
		t.Error("a broken pipe is no error")
	}
	if err := s.Dump(t.Context(), writerFunc(func(p []byte) (int, error) {
		_, err := s.Status(t.Context()) // would wait without end behind a lock
		return len(p), err
	})); err != nil {
		t.Error(err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestAdvanceMovesEveryStoredTimeAndKeepsTheOrder(t *testing.T) {
	s, c := start(t, Options{Quota: 100})
	id, code := c.create()
	machine, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code})
	if err != nil {
		t.Fatal(err)
	}
	before := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]
	for range 2 {
		if err := s.Advance(t.Context(), 90*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	after := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]
	if got := since(t, after["CreationTime"], before["CreationTime"]); got != 3*time.Hour {
		t.Errorf("the code moved by %s", got)
	}
	err = s.state.store.View(t.Context(), func(st *store.Tx) error {
		for _, row := range st.Machines().Rows("cn-hangzhou").NewestFirst(nil) {
			var m Machine
			if err := store.Decode(row, &m); err != nil || since(t, m.RegistrationTime, machine.RegistrationTime) != 3*time.Hour {
				t.Errorf("machine %+v, %v", m, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	second, _ := c.create()
	if got := c.list(); !slices.Equal(got, []string{second, id}) {
		t.Errorf("order %v", got)
	}
	old := `[{"ActivationId":"BETWEEN","CreationTime":"` + time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) + `"}]`
	if _, err := s.Load(t.Context(), strings.NewReader(old)); err != nil {
		t.Fatal(err)
	}
	if got := c.list(); !slices.Equal(got, []string{second, "BETWEEN", id}) {
		t.Errorf("order %v", got)
	}
}

func since(t *testing.T, later, earlier any) time.Duration {
	t.Helper()
	a, err := time.Parse(time.RFC3339, later.(string))
	b, err2 := time.Parse(time.RFC3339, earlier.(string))
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return b.Sub(a)
}

func TestAdvanceRefusesWhatCannotBeStored(t *testing.T) {
	s := newSandbox(t, Options{})
	for _, d := range []time.Duration{-time.Hour, 1500 * time.Millisecond, time.Nanosecond} {
		if err := s.Advance(t.Context(), d); err == nil {
			t.Errorf("advanced by %s", d)
		}
	}
	fill(t, s, 1, `,"CreationTime":"0001-06-01T00:00:00Z"`)
	if err := s.Advance(t.Context(), 8760*time.Hour); err == nil || !strings.Contains(err.Error(), "year 1") {
		t.Errorf("%v", err)
	}
	if err := s.Advance(t.Context(), 0); err != nil {
		t.Error(err)
	}
}
