package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Reading is fast because a file stays open and marks are kept. These tests check that it never shows
// an old state, whichever process changes the file.

// everything is what a client can read: every page by number and by token, of several sizes, and what Dump
// and Status say.
func everything(t *testing.T, s *Sandbox) string {
	t.Helper()
	c := serve(t, s)
	var text strings.Builder
	for _, region := range []string{"cn-hangzhou", "cn-beijing"} {
		for _, size := range []string{"50", "37"} {
			for number := 1; ; number++ {
				a := c.ok("DescribeActivations", "RegionId", region, "PageNumber", fmt.Sprint(number), "PageSize", size)
				fmt.Fprintln(&text, region, size, number, a.number("TotalCount"), a.codes())
				if len(a.codes()) == 0 {
					break
				}
			}
		}
		fmt.Fprintln(&text, walk(c, nil, "RegionId", region, "MaxResults", "50"))
	}
	if err := s.Dump(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	status, err := s.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&text, status.Codes, status.Machines)
	return text.String()
}

func TestWhatAnotherSandboxChangesIsSeenAtOnce(t *testing.T) {
	path := newPath(t)
	reader, writer := newSandbox(t, Options{Path: path}), newSandbox(t, Options{Path: path, Quota: 10000})
	ids := fill(t, writer, 333, "")
	for name, change := range map[string]func(*client){
		"nothing": func(*client) {},
		"create":  func(c *client) { c.create() },
		"disable": func(c *client) { c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", ids[120]) },
		"delete":  func(c *client) { c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", ids[49]) },
		"register": func(c *client) {
			id, code := c.create()
			if _, err := writer.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
				t.Error(err)
			}
		},
		"advance": func(*client) { noError(t, writer.Advance(t.Context(), time.Hour)) },
		"load": func(*client) {
			_, err := writer.Load(t.Context(), strings.NewReader(`[{"CreationTime":"2001-01-01T00:00:00Z"},{"RegionId":"cn-beijing"}]`))
			noError(t, err)
		},
		"load many": func(*client) { loadMany(t, writer, 500) }, // the file grows
		"a refusal": func(c *client) { c.call("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", "none") },
		"deleted":   func(*client) { noError(t, os.Remove(path)); noError(t, writer.Reset(t.Context())) },
		"reset":     func(*client) { noError(t, writer.Reset(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) {
			before := everything(t, reader)
			change(serve(t, writer))
			got, want := everything(t, reader), everything(t, newSandbox(t, Options{Path: path}))
			if got != want {
				t.Errorf("%d bytes instead of %d; as before: %t", len(got), len(want), got == before)
			}
			if name == "reset" || name == "deleted" {
				if _, err := writer.Status(t.Context()); err != nil {
					t.Error(err)
				}
				ids = fill(t, writer, 333, "")
			}
		})
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestACopyThatIsPutBackIsSeenAtOnce(t *testing.T) {
	path := newPath(t)
	reader, writer := newSandbox(t, Options{Path: path}), newSandbox(t, Options{Path: path, Quota: 10000})
	fill(t, writer, 200, "")
	golden, err := os.ReadFile(path)
	noError(t, err)
	for round := range 3 {
		time.Sleep(10 * time.Millisecond) // a tick of the file system's clock
		noError(t, os.WriteFile(path, golden, 0o600))
		c := serve(t, writer) // the same number of transactions each time, to another end
		for range 5 {
			c.create("InstanceName", fmt.Sprint("round-", round))
		}
		c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", fmt.Sprintf("ID-%06d", 10+60*round))
		if got, want := everything(t, reader), everything(t, newSandbox(t, Options{Path: path})); got != want {
			t.Errorf("round %d: %d bytes instead of %d", round, len(got), len(want))
		}
	}
}

func TestManySandboxesThatChangeAndReadAgreeInTheEnd(t *testing.T) {
	path := newPath(t)
	boxes := make([]*Sandbox, 4)
	for i := range boxes {
		boxes[i] = newSandbox(t, Options{Path: path, Quota: 10000})
	}
	fill(t, boxes[0], 300, "")
	var group sync.WaitGroup
	for _, s := range boxes {
		c := serve(t, s)
		group.Go(func() {
			for range 25 {
				id, _ := c.create()
				if rand.IntN(2) == 0 {
					c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
				}
				number := fmt.Sprint(1 + rand.IntN(6))
				a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageNumber", number, "PageSize", "50")
				if n := a.number("TotalCount"); n < 300 || n > 400 || len(a.ids()) != 50 {
					t.Errorf("page %s: %d of %d", number, len(a.ids()), n)
				}
			}
		})
	}
	group.Wait()
	want := everything(t, newSandbox(t, Options{Path: path}))
	for i, s := range boxes {
		if everything(t, s) != want {
			t.Errorf("sandbox %d shows something else", i)
		}
	}
}

func TestWhatAKilledProcessWroteIsWholeAndSeenAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := newPath(t)
	reader := newSandbox(t, Options{Path: path})
	fill(t, reader, 300, "")
	var made []string
	for range 8 {
		made = append(made, untilKilled(t, "create until killed", path)...)
		ids := serve(t, reader).everyID()
		status, err := newSandbox(t, Options{Path: path}).Status(t.Context())
		if err != nil || status.Codes != len(ids) {
			t.Fatalf("%d codes listed, %+v, %v", len(ids), status, err)
		}
		for _, id := range made {
			if !slices.Contains(ids, id) {
				t.Errorf("%s was answered and is not listed", id)
			}
		}
	}
	if len(made) == 0 {
		t.Error("nothing was ever made")
	}
}

// everyID walks cn-hangzhou by number and checks that no code comes twice.
func (c *client) everyID() []string {
	c.t.Helper()
	var ids []string
	for number := 1; ; number++ {
		page := c.list("PageNumber", fmt.Sprint(number))
		if len(page) == 0 {
			break
		}
		ids = append(ids, page...)
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(ids))); len(distinct) != len(ids) {
		c.t.Errorf("%d codes, %d of them distinct", len(ids), len(distinct))
	}
	return ids
}

// untilKilled lets a process work and kills it after some time; it returns the ids that were
// answered.
func untilKilled(t *testing.T, work, path string) []string {
	t.Helper()
	command := helper(t, work, path)
	output, err := command.StdoutPipe()
	noError(t, err)
	noError(t, command.Start())
	var ids []string
	lines := bufio.NewScanner(output)
	for want := 1 + rand.IntN(20); len(ids) < want && lines.Scan(); {
		ids = append(ids, lines.Text())
	}
	time.Sleep(time.Duration(rand.IntN(500)) * time.Microsecond)
	noError(t, command.Process.Kill())
	for lines.Scan() { // answered before the end; the last line may be half
		if len(lines.Text()) == len(ids[0]) {
			ids = append(ids, lines.Text())
		}
	}
	var killed *exec.ExitError
	if err := command.Wait(); !errors.As(err, &killed) {
		t.Errorf("ended by itself: %v", err)
	}
	return ids
}

func TestDeletedSideFilesHarmNobody(t *testing.T) {
	path := newPath(t)
	s, other := newSandbox(t, Options{Path: path, Quota: 1000}), newSandbox(t, Options{Path: path, Quota: 1000})
	c, d := serve(t, s), serve(t, other)
	c.create()
	d.create()
	noError(t, errors.Join(os.Remove(path+".lock"), os.Remove(path+".requests")))
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { c.create() })
		group.Go(func() { d.create() })
	}
	group.Wait()
	if status, err := s.Status(t.Context()); err != nil || status != (Status{Codes: 42, Requests: 40}) {
		t.Errorf("%+v, %v", status, err)
	}
	noError(t, os.RemoveAll(strings.TrimSuffix(path, "/sandbox.db"))) // the folder too
	serve(t, s).create()
	if status, err := other.Status(t.Context()); err != nil || status != (Status{Codes: 1, Requests: 1}) {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestDamageBehindAnOpenFileIsAnErrorAndResetMendsIt(t *testing.T) {
	for name, damage := range map[string]func(string) error{
		"cut to nothing":  func(path string) error { return os.Truncate(path, 0) },
		"cut to one page": func(path string) error { return os.Truncate(path, 4096) },
		"zeroed in place": func(path string) error { return overwrite(path, 0) },
		"rubbish":         func(path string) error { return overwrite(path, 0xab) },
	} {
		s, c := start(t, Options{})
		fill(t, s, 200, "")
		c.list()
		noError(t, damage(s.options.Path))
		a := c.call("DescribeActivations", "RegionId", "cn-hangzhou", "PageSize", "50")
		if a.status == 200 || name != "cut to nothing" && !strings.Contains(a.text("Message"), "sandbox reset") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		for range 2 {
			noError(t, s.Reset(t.Context()))
		}
		serve(t, s).create()
	}
}

// overwrite fills a file with a byte, leaving it where and as long as it is.
func overwrite(path string, with byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(slices.Repeat([]byte{with}, int(info.Size())))
	return errors.Join(err, file.Close())
}

func TestASandboxThatIsForgottenGivesItsFilesBack(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("counts open files as Linux shows them")
	}
	path := newPath(t)
	for range 30 {
		s := newSandbox(t, Options{Path: path})
		if _, err := s.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for open := 99; open > 3; {
		if time.Now().After(deadline) {
			t.Fatalf("%d files stay open", open)
		}
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
		open = openFiles(t, path)
	}
}

// openFiles counts the descriptors of this process that lead to path.
func openFiles(t *testing.T, path string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	noError(t, err)
	n := 0
	for _, entry := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil && strings.HasPrefix(target, path) {
			n++
		}
	}
	return n
}
