package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/cloud"
)

func TestOptionsAreChecked(t *testing.T) {
	for _, test := range []struct {
		o    Options
		want string
	}{
		{Options{}, "path"}, {Options{Path: "x", Quota: -1}, "quota -1"},
		{Options{Path: "x", Latency: -1}, "latency"}, {Options{Path: "x", Limits: "1999"}, `limits "1999"`},
	} {
		if _, err := New(test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v", test.o, err)
		}
	}
	path := newPath(t)
	newSandbox(t, Options{Path: path})
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("New has made the folder")
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes on Windows")
	}
	s, c := start(t, Options{})
	c.create()
	for path, want := range map[string]os.FileMode{
		filepath.Dir(s.options.Path): 0o700 | os.ModeDir, s.options.Path: 0o600,
		s.options.Path + ".lock": 0o600, s.options.Path + ".requests": 0o600,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestNoCodeAndNoSecretKeyIsStored(t *testing.T) {
	s, c := start(t, Options{})
	_, code := c.create()
	content, err := os.ReadFile(s.options.Path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte(code)) || bytes.Contains(content, []byte("a-sandbox")) {
		t.Error("the code is in the file")
	}
}

func TestCredentialsStayUntilReset(t *testing.T) {
	s, c := start(t, Options{})
	again, err := newSandbox(t, Options{Path: s.options.Path}).Credentials(t.Context())
	if err != nil || again != c.pair {
		t.Errorf("%v, %v", again, err)
	}
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.refused(404, "InvalidAccessKeyId.NotFound", "DescribeActivations", "RegionId", "cn-hangzhou")
	if c.pair, err = s.Credentials(t.Context()); err != nil || c.pair == again {
		t.Errorf("%v, %v", c.pair, err)
	}
	c.create() // the server that was running goes on
}

func TestStatusCountsAcrossServersAndResetForgets(t *testing.T) {
	s, c := start(t, Options{})
	other := serve(t, newSandbox(t, Options{Path: s.options.Path}))
	id, code := c.create()
	other.create()
	other.call("Nonsense", "RegionId", "cn-hangzhou")
	other.call("", "RegionId", "cn-hangzhou") // names no Action
	if _, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Status(t.Context()); err != nil || got != (Status{Codes: 2, Machines: 1, Requests: 3}) {
		t.Errorf("%+v, %v", got, err)
	}
	token := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "MaxResults", "1").text("NextToken")
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Status(t.Context()); err != nil || got != (Status{}) {
		t.Errorf("after reset: %+v, %v", got, err)
	}
	fresh := serve(t, s)
	if again, _ := fresh.create("ClientToken", "t"); again == id {
		t.Error("an id came back")
	}
	fresh.refused(400, "InvalidParameter.NextToken", "DescribeActivations", "RegionId", "cn-hangzhou", "NextToken", token)
}

func TestConcurrentCreatesKeepTheQuotaExactly(t *testing.T) {
	path := newPath(t)
	clients := make([]*client, 5) // five servers, as in five processes
	for i := range clients {
		clients[i] = serve(t, newSandbox(t, Options{Path: path, Quota: 20}))
	}
	var group sync.WaitGroup
	var made, refused atomic.Int32
	for i := range 50 {
		group.Go(func() {
			a := clients[i%len(clients)].call("CreateActivation", "RegionId", "cn-hangzhou", "Description", fmt.Sprint(i))
			switch {
			case a.status == 200:
				made.Add(1)
			case a.text("Code") == "ActivationCount.ExceedLimit":
				refused.Add(1)
			default:
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	group.Wait()
	if made.Load() != 20 || refused.Load() != 30 || len(clients[0].list()) != 20 {
		t.Errorf("%d made, %d refused, %d listed", made.Load(), refused.Load(), len(clients[0].list()))
	}
}

func TestConcurrentRegistrationsUseACodeUpExactly(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create("InstanceCount", "7", "InstanceName", "web")
	var group sync.WaitGroup
	var names sync.Map
	for range 20 {
		group.Go(func() {
			m, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code})
			if err == nil {
				names.Store(m.InstanceName, true)
			}
		})
	}
	group.Wait()
	n := 0
	names.Range(func(any, any) bool { n++; return true })
	if n != 7 {
		t.Errorf("%d machines for 7 uses", n)
	}
}

func TestResetWhileServingLosesNoServer(t *testing.T) {
	s, c := start(t, Options{Quota: 1000})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				a := c.call("CreateActivation", "RegionId", "cn-hangzhou")
				if a.status != 200 && a.text("Code") != "InvalidAccessKeyId.NotFound" {
					t.Errorf("%d %s", a.status, a.body)
				}
			}
		})
	}
	for range 5 {
		if err := s.Reset(t.Context()); err != nil {
			t.Error(err)
		}
	}
	group.Wait()
	serve(t, s).create()
}

func TestADamagedFileIsAnErrorThatNamesTheRemedy(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"empty":             func([]byte) []byte { return nil },
		"not a database":    func([]byte) []byte { return bytes.Repeat([]byte("hello "), 10000) },
		"cut to one page":   func(b []byte) []byte { return b[:4096] },
		"cut after the top": func(b []byte) []byte { return b[:3*os.Getpagesize()] },
		"zeroed middle":     func(b []byte) []byte { copy(b[2*os.Getpagesize():], make([]byte, len(b))); return b },
		"rubbish":           func(b []byte) []byte { copy(b[2*os.Getpagesize():], bytes.Repeat([]byte{0xab}, len(b))); return b },
		"unreadable rows": func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte(`{"CreationTime"`), []byte(`x"CreationTime"`))
		},
		"rows without an end": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"Tags":[]}`), []byte(`"Tags":[]]`)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, c := start(t, Options{})
			fill(t, s, 200, "")
			content, err := os.ReadFile(s.options.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(s.options.Path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, filter := range []string{"x", ""} {
				a := c.call("DescribeActivations", "RegionId", "cn-hangzhou", "PageSize", "50", "InstanceName", filter)
				if a.status != 507 || a.text("Code") != StateUnusable || !strings.Contains(a.text("Message"), s.options.Path) ||
					!strings.Contains(a.text("Message"), "ecs-activation sandbox reset") {
					t.Errorf("filter %q: %d %s", filter, a.status, a.body)
				}
			}
			if err := s.Dump(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "ecs-activation sandbox reset") {
				t.Errorf("dump: %v", err)
			}
			for range 2 {
				if err := s.Reset(t.Context()); err != nil {
					t.Fatalf("reset: %v", err)
				}
			}
			serve(t, s).create()
		})
	}
}

func TestAFileThatCannotBeUsedIsAnErrorThatNamesThePath(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSandbox(t, Options{Path: filepath.Join(blocked, "sandbox.db")})
	if _, err := s.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), blocked) || !strings.Contains(err.Error(), "writable") {
		t.Errorf("%v", err)
	}
	folder := t.TempDir()
	s = newSandbox(t, Options{Path: folder})
	if _, err := s.Status(t.Context()); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("a folder: %v", err)
	}
}

// Each page of the file is filled with random bytes in turn, all of it or a part. An action succeeds only if it
// finds all codes; every error names the file and the remedy, and a reset works.
func TestADamagedPageIsDamageAndNoOtherSandbox(t *testing.T) {
	path := newPath(t)
	s := newSandbox(t, Options{Path: path, Quota: 1000})
	fill(t, s, 150, "")
	sound, err := os.ReadFile(path)
	noError(t, err)
	size, random, found := os.Getpagesize(), rand.New(rand.NewPCG(1, 2)), 0
	for page := range len(sound) / size {
		for _, part := range []struct{ from, length int }{{0, size}, {16, size - 16}, {16, 64}, {10, 2}, {8 + random.IntN(size-16), 8}} {
			damaged := slices.Clone(sound)
			for i := range part.length {
				damaged[page*size+part.from+i] = byte(random.Uint32())
			}
			if part.length == 2 {
				copy(damaged[page*size+part.from:], "\x00\x00") // it says that it has no elements
			}
			noError(t, os.WriteFile(path, damaged, 0o600))
			for name, err := range uses(t, newSandbox(t, Options{Path: path, Quota: 1000})) {
				if err == nil {
					continue
				}
				found++
				if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "ecs-activation sandbox reset") {
					t.Errorf("page %d, %+v: %s: %v", page, part, name, err)
				}
			}
			noError(t, s.Reset(t.Context()))
			if n, err := s.Load(t.Context(), strings.NewReader("[{}]")); n != 1 || err != nil {
				t.Errorf("page %d, %+v: after reset: %v", page, part, err)
			}
		}
	}
	if found < 30 {
		t.Errorf("damage was found %d times only", found)
	}
}

// uses reads and changes a sandbox of 150 codes in several ways, and returns their errors. Another number of
// codes without an error is one.
func uses(t *testing.T, s *Sandbox) map[string]error {
	errs := map[string]error{}
	status, err := s.Status(t.Context())
	if err == nil && status.Codes != 150 {
		err = fmt.Errorf("%d codes are counted", status.Codes)
	}
	errs["status"] = err
	_, errs["credentials"] = s.Credentials(t.Context())
	errs["dump"] = s.Dump(t.Context(), io.Discard)
	errs["pages"] = s.state.view(t.Context(), func(a *cloud.Account) error {
		var listed rowCounter
		for number := 1; number <= 4; number++ {
			in := cloud.DescribeInput{RegionId: "cn-hangzhou"}
			in.Page.PageNumber, in.Page.PageSize = cloud.ParseNumber(fmt.Sprint(number)), cloud.ParseNumber("50")
			if _, err := a.DescribeActivations(in, &listed); err != nil {
				return err
			}
		}
		if listed != 150 {
			return fmt.Errorf("%d codes are listed", listed)
		}
		return nil
	})
	errs["advance"] = s.Advance(t.Context(), time.Hour)
	_, errs["load"] = s.Load(t.Context(), strings.NewReader("[{}]"))
	return errs
}

// rowCounter counts the rows of pages.
type rowCounter int

func (c *rowCounter) AddRow([]byte) { *c++ }

// What a crash has left of a file that was being created prevents no later use.
func TestASandboxIsMadeWholeOrNotAtAll(t *testing.T) {
	path := newPath(t)
	noError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	noError(t, os.WriteFile(path+".new", []byte("half a database"), 0o600))
	serve(t, newSandbox(t, Options{Path: path})).create()
	if _, err := os.Stat(path + ".new"); err == nil {
		t.Error("it is left")
	}
}

func TestTenThousandCodesLoadAndAdvanceInReasonableTime(t *testing.T) {
	s := newSandbox(t, Options{})
	start := time.Now()
	loadMany(t, s, 10000)
	if err := s.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("10,000 codes took %s", took)
	}
}
