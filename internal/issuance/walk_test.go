package issuance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/pending"
)

// The walk tests every path through a create and the commands that follow it. An event is something
// unusual: the service loses a response or refuses a request, the process is killed before or after a
// write, the power is cut, or a write fails. Between two runs, time passes, clocks change, and the
// service forgets client tokens. The walk tests all paths with one event for every scenario, and all
// paths with two events for the most important scenarios. After each path it compares what was
// delivered with the codes in the model of the service.
//
// The walk is a depth-first search over the choices of a path. Each path is run from the start.

// walker enumerates the paths.
type walker struct {
	path   []int // the choices of the current path
	widths []int // the number of alternatives of each choice
	names  []string
	at     int // the number of choices made so far
	events int // the number of events that the current path may still have
	budget int // the number of events of a path
}

// choose returns one of n alternatives. 0 is the normal case; each other alternative is an event and
// is returned on another path.
func (w *walker) choose(name string, n int) int {
	if w.at == len(w.path) {
		w.path, w.widths, w.names = append(w.path, 0), append(w.widths, 0), append(w.names, name)
	}
	choice := w.path[w.at]
	w.names[w.at] = name
	w.widths[w.at] = n
	if w.events == 0 {
		w.widths[w.at] = 1
	}
	if choice > 0 {
		w.events--
	}
	w.at++
	return choice
}

// next selects the next path, and reports whether there is one.
func (w *walker) next() bool {
	for last := w.at - 1; last >= 0; last-- {
		if w.path[last]+1 < w.widths[last] {
			w.path[last]++
			w.path, w.widths, w.names = w.path[:last+1], w.widths[:last+1], w.names[:last+1]
			w.at, w.events = 0, w.budget
			return true
		}
	}
	return false
}

// String returns the events of the path.
func (w *walker) String() string {
	var events []string
	for i, choice := range w.path[:w.at] {
		if choice > 0 {
			events = append(events, fmt.Sprintf("%d: %s=%d", i, w.names[i], choice))
		}
	}
	return strings.Join(events, ", ")
}

// world is the state of one path: the machine, the service, and what the user received.
type world struct {
	*testing.T
	*walker
	disk       *disktest.Disk
	service    *model
	ahead      time.Duration // how far this machine's clock is ahead
	noEvents   bool          // no more events happen
	loseAnswer bool          // the service loses the response to a create
	once       bool          // no more than one code may be created

	delivered   map[string]bool // the codes that were delivered
	reportedNew map[string]bool // the ActivationIds that were reported as new, and "?" if a code could not be checked
	listed      map[string]bool // the ActivationIds that were reported as candidates
	userTokens  map[string]bool // the tokens of errors without a record, which the user must keep
	recordedBy  map[string]int  // the run that wrote the record of a token
	notes       []string
}

func newWorld(t *testing.T, w *walker) *world {
	x := &world{T: t, walker: w, disk: disktest.New(), delivered: map[string]bool{}, reportedNew: map[string]bool{}, listed: map[string]bool{}, userTokens: map[string]bool{}, recordedBy: map[string]int{}}
	x.service = &model{now: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), choose: x.chooses}
	x.service.local = x.now
	return x
}

func (x *world) chooses(name string, n int) int {
	if x.loseAnswer && name == "create" {
		return createAnswerLost
	}
	if x.noEvents {
		return 0
	}
	return x.choose(name, n)
}

func (x *world) now() time.Time { return x.service.now.Add(x.ahead) }

// killed is the panic of a process that is killed.
type killed struct{}

// The results of a write.
const (
	succeeds = iota
	kills
	losesPower    // everything that was not synced is lost
	losesNames    // the names that were not synced are lost
	losesContents // the contents that were not synced are lost
	fails
	writeWays
)

// end ends the process in one of these ways.
func (x *world) end(p *disktest.Process, way int) {
	p.Kill()
	switch way {
	case losesPower:
		x.disk.PowerCut()
	case losesNames:
		x.disk.PowerCutNames()
	case losesContents:
		x.disk.PowerCutContents()
	}
	panic(killed{})
}

// run runs a command in a new process, and returns its error, or errKilled.
func (x *world) run(command func(*world, *Issuer) error) (err error) {
	var process *disktest.Process
	process = x.disk.Process(func(when disktest.When, op, path string) error {
		if op == "lock" && when == disktest.After {
			return nil
		}
		ways := writeWays
		if when == disktest.After {
			ways = fails // the write has succeeded, so it cannot fail
		}
		switch way := x.chooses(op+" "+path[strings.LastIndexByte(path, '/')+1:], ways); way {
		case succeeds:
			return nil
		case fails:
			return syscall.ENOSPC
		default:
			x.end(process, way)
			return nil
		}
	})
	x.service.run++
	x.service.crash = func(string) { x.end(process, kills) }
	defer func() {
		if reason := recover(); reason != nil {
			if _, expected := reason.(killed); !expected {
				panic(reason)
			}
			err = errKilled
		}
	}()
	err = command(x, &Issuer{
		Disk: process, Store: pending.New(process, "/state/pending", x.now), Deliver: (*reader)(x), Now: x.now, Note: x.note,
	})
	var unfinished *UnfinishedError
	if errors.As(err, &unfinished) && !unfinished.Recorded {
		x.userTokens[unfinished.Token] = true
	}
	var late *CodeExpired
	if errors.As(err, &late) {
		x.checkExpired(late.Record.Request.ClientToken)
	}
	return err
}

// checkExpired checks that the codes of a token have expired.
func (x *world) checkExpired(token string) {
	for _, c := range x.service.made(token) {
		if expires, _ := c.Expires(); x.service.now.Before(expires) {
			x.fail("%s is reported as expired, and expires at %s", c.ActivationId, expires)
		}
	}
}

var errKilled = errors.New("the process was killed")

// reader is the standard output.
type reader world

// Deliver implements Deliverer.
func (r *reader) Deliver(code codefile.Code) error {
	x := (*world)(r)
	switch x.chooses("deliver", 4) {
	case 1:
		return syscall.ENOSPC
	case 2:
		x.service.crash("deliver")
	case 3:
		x.delivered[code.ActivationCode] = true
		x.service.crash("deliver")
	}
	x.delivered[code.ActivationCode] = true
	return nil
}

func (x *world) note(n Note) {
	x.notes = append(x.notes, fmt.Sprintf("%T%+v", n, n))
	switch n := n.(type) {
	case NewCode:
		x.reportedNew[n.Ref.ActivationId] = true
		for _, c := range x.service.codes {
			if c.ActivationId == n.Ref.ActivationId && c.run == x.recordedBy[c.token] {
				x.fail("%s is reported as new, and the first run created it", c.ActivationId)
			}
		}
	case NotChecked, Unrecorded:
		x.reportedNew["?"] = true
	case EarlierRefused:
		x.once = false // this note says that a new code is created
	case Candidates:
		for _, c := range n.Codes {
			x.listed[c.ActivationId] = true
		}
	}
}

func (x *world) fail(format string, args ...any) {
	x.Helper()
	x.Errorf("%s: path %s\n  %s", fmt.Sprintf(format, args...), x.walker, strings.Join(x.notes, "\n  "))
}

func (x *world) account() Account {
	return Account{Service: x.service, Identity: "LTAI", Source: "test"}
}

func (x *world) dial(context.Context, pending.Create) (Account, func() error, error) {
	return x.account(), func() error { return nil }, nil
}

// held returns the code in a file; empty: there is none.
func (x *world) held(path string) string {
	file, err := codefile.Read(x.disk.Process(nil), path)
	if err != nil {
		return ""
	}
	return file.ActivationCode
}

// records returns the records on the disk, by token.
func (x *world) records() map[string]pending.Record {
	list := pending.New(x.disk.Process(nil), "/state/pending", x.now).Peek()
	records := map[string]pending.Record{}
	for _, r := range list {
		records[r.Request.ClientToken] = r
	}
	return records
}

const saved = "/home/code.json"

var request = activation.CreateRequest{RegionId: "cn-hangzhou", InstanceName: "web", InstanceCount: 10, TimeToLiveInHours: 4}

// The commands.

func create(x *world, i *Issuer) error {
	_, err := i.Create(context.Background(), x.account(), request, "")
	return err
}

func createToken(x *world, i *Issuer) error {
	r := request
	r.ClientToken = "job-1"
	_, err := i.Create(context.Background(), x.account(), r, "")
	return err
}

func createSave(x *world, i *Issuer) error {
	_, err := i.Create(context.Background(), x.account(), request, saved)
	return err
}

func ensure(name string, retire bool) func(*world, *Issuer) error {
	return func(x *world, i *Issuer) error {
		w := EnsureRequest{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved, RetireOld: retire}
		w.Request.InstanceName = name
		_, err := i.Ensure(context.Background(), x.account(), w, x.dial)
		return err
	}
}

func recoverAll(x *world, i *Issuer) (failed error) {
	records, unread := i.Store.List(context.Background())
	failed = errors.Join(unread...)
	for _, r := range records {
		if r.Unfinished() {
			_, err := i.Replay(context.Background(), r, x.dial, Options{})
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func recoverLast(x *world, i *Issuer) error {
	records, unread := i.Store.List(context.Background())
	r, err := Last(records)
	if err != nil || len(unread) > 0 {
		return errors.Join(append(unread, err)...)
	}
	_, err = i.Replay(context.Background(), r, x.dial, Options{})
	return err
}

// recoverEach recovers every token, including those whose code was delivered.
func recoverEach(x *world, i *Issuer) (failed error) {
	records, _ := i.Store.List(context.Background())
	for _, r := range records {
		_, err := i.Replay(context.Background(), r, x.dial, Options{})
		var elsewhere *NotSaved
		if errors.As(err, &elsewhere) { // the message for this error suggests a new file
			other := "/home/" + r.Request.ClientToken
			_, err = i.Replay(context.Background(), r, x.dial, Options{Save: other})
			x.delivered[x.held(other)] = true
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// interval is something that happens between two runs.
type interval struct {
	name    string
	do      func(*world)
	forgets bool
}

var intervals = []interval{
	{"nothing", func(*world) {}, false},
	{"an hour passes", func(x *world) { x.service.now = x.service.now.Add(time.Hour) }, false},
	{"the code expires, and the token is forgotten", func(x *world) {
		x.service.now = x.service.now.Add(5 * time.Hour)
		x.service.forget()
	}, true},
	{"the token is forgotten", func(x *world) {
		x.service.forget()
		x.service.now = x.service.now.Add(2 * time.Second)
	}, true},
	{"the token is forgotten in the same second", func(x *world) { x.service.forget() }, true},
	{"this machine's clock is set forward", func(x *world) { x.ahead += 5 * time.Hour }, false},
	{"this machine's clock is set ten minutes forward", func(x *world) { x.ahead += 10 * time.Minute }, false},
	{"this machine's clock is set back", func(x *world) { x.ahead -= 5 * time.Hour }, false},
	{"this machine's clock is set ten minutes back", func(x *world) { x.ahead -= 10 * time.Minute }, false},
}

// scenario is a command, something that happens after it, and more commands.
type scenario struct {
	name     string
	ahead    time.Duration // how far this machine's clock is ahead from the start
	once     bool          // all commands are for one code
	prepare  func(*world, *Issuer) error
	lost     bool     // the service loses the response to prepare
	early    interval // what happens before the first command
	first    func(*world, *Issuer) error
	interval interval
	then     []func(*world, *Issuer) error
}

func (s scenario) run(x *world) {
	x.ahead, x.once = s.ahead, s.once
	p := x.disk.Process(nil)
	if err := errors.Join(p.MkdirAll("/home")); err != nil {
		x.Fatal(err)
	}
	if s.prepare != nil {
		x.noEvents, x.loseAnswer = true, s.lost
		err := x.run(s.prepare)
		if (err != nil) != s.lost {
			x.Fatal(err)
		}
		x.observe(err)
		x.noEvents, x.loseAnswer = false, false
	}
	s.early.do(x)
	x.observe(x.run(s.first))
	s.interval.do(x)
	for _, command := range s.then {
		x.observe(x.run(command))
	}
	x.noEvents = true
	if !x.allDelivered() {
		x.observe(x.run(recoverAll))
		x.observe(x.run(recoverEach))
	}
	x.check()
}

// allDelivered reports whether every code was delivered and no temporary files are left.
func (x *world) allDelivered() bool {
	delivered := func(c *modelCode) bool { return x.delivered[c.code] || c.deleted }
	return !slices.ContainsFunc(x.service.codes, func(c *modelCode) bool { return !delivered(c) }) && len(x.temporary()) == 0
}

// temporary returns the files with a code that a killed process left behind.
func (x *world) temporary() (left []string) {
	names, err := x.disk.Process(nil).ReadDir("/home")
	if err != nil {
		x.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name.Name(), ".ecs-activation-") && !strings.Contains(name.Name(), "probe") { // a probe holds no code
			left = append(left, name.Name())
		}
	}
	return left
}

// observe checks after a run that each code was delivered or can still be retrieved, and that the
// error of the run names the tokens of its codes that were not delivered.
func (x *world) observe(err error) {
	x.delivered[x.held(saved)] = true
	records := x.records()
	for token := range records {
		if x.recordedBy[token] == 0 {
			x.recordedBy[token] = x.service.run
		}
	}
	for _, c := range x.service.codes {
		_, recorded := records[c.token]
		switch {
		case x.delivered[c.code], recorded, x.userTokens[c.token], c.deleted:
		case c.token == "job-1": // the user has the token
		default:
			x.fail("%s is neither delivered nor recorded", c.ActivationId)
		}
		if !errors.Is(err, errKilled) && c.run == x.service.run && !x.delivered[c.code] && !c.deleted && !slices.Contains(tokens(err), c.token) {
			x.fail("%s was created and not delivered, and the error does not name its token: %v", c.ActivationId, err)
		}
	}
}

// tokens returns the client tokens that an error names.
func tokens(err error) (list []string) {
	var unfinished *UnfinishedError
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range several.Unwrap() {
			list = append(list, tokens(part)...)
		}
	} else if errors.As(err, &unfinished) {
		list = append(list, unfinished.Token)
	}
	return list
}

// check checks at the end of a path that every code was delivered or reported.
func (x *world) check() {
	records, wanted := x.records(), 0
	for _, c := range x.service.codes {
		r, recorded := records[c.token]
		switch {
		case x.delivered[c.code], c.deleted:
		case x.listed[c.ActivationId]:
		case c.forgotten && recorded: // recover reports that the code cannot be retrieved
		case c.token == "job-1", x.userTokens[c.token]:
		default:
			x.fail("%s was not delivered by recover (recorded %v, state %s)", c.ActivationId, recorded, r.State)
		}
		if c.run > 0 && c.InstanceName == "web" {
			wanted++
		}
		if c.again && x.delivered[c.code] && !x.reportedNew[c.ActivationId] && !x.reportedNew["?"] {
			x.fail("%s is a second code, and no note reported it", c.ActivationId)
		}
	}
	if x.once && wanted > 1 {
		x.fail("%d codes were created for one file", wanted)
	}
	if left := x.temporary(); len(left) > 0 {
		x.fail("%s was not deleted", left)
	}
}

// scenarios returns every command, combined with every interval and the commands that follow.
func scenarios() (list []scenario) {
	for _, s := range []scenario{
		{name: "create", first: create},
		{name: "create --client-token", first: createToken},
		{name: "create --save", first: createSave},
		{name: "ensure", first: ensure("web", false), once: true},
		{name: "ensure, with a file", prepare: ensure("old", false), first: ensure("web", false), once: true},
		{name: "ensure --retire-old", prepare: ensure("old", false), first: ensure("web", true), once: true},
	} {
		s.early = intervals[0]
		add := func(name string, b interval, ahead time.Duration, then ...func(*world, *Issuer) error) {
			one := s
			one.name, one.interval, one.ahead, one.then = s.name+"; "+b.name+"; "+name, b, ahead, then
			one.once = s.once && !b.forgets
			list = append(list, one)
		}
		nothing := intervals[0]
		add("recover --last", nothing, 0, recoverLast)
		add("recover --all, once more", nothing, 0, recoverAll, recoverAll)
		add("recover --last, once more", nothing, 0, recoverLast, recoverLast)
		add("recover --all, with a clock ahead", nothing, 5*time.Hour, recoverAll)
		add("recover --all, with a clock behind", nothing, -5*time.Hour, recoverAll)
		for _, b := range intervals {
			add("recover --all", b, 0, recoverAll)
			add("the same command", b, 0, s.first)
		}
	}
	for _, s := range []scenario{
		{name: "a lost create; recover", prepare: create, first: recoverAll},
		{name: "a lost create --client-token; recover", prepare: createToken, first: recoverAll},
		{name: "a lost create --client-token; the same command", prepare: createToken, first: createToken},
		{name: "a lost create --save; recover", prepare: createSave, first: recoverAll},
		{name: "a lost ensure; ensure", prepare: ensure("web", false), first: ensure("web", false), once: true},
		{name: "a lost ensure; recover", prepare: ensure("web", false), first: recoverAll, once: true},
	} {
		for _, b := range intervals {
			one := s
			one.name, one.lost, one.early, one.interval = s.name+"; "+b.name, true, b, intervals[0]
			one.once = s.once && !b.forgets
			one.then = []func(*world, *Issuer) error{s.first}
			list = append(list, one)
		}
	}
	return list
}

// TestEveryPathOfACreate tests all paths with one event. With WALK=2 in the environment, it also tests
// all paths with two events for the scenarios without an interval, which takes minutes.
func TestEveryPathOfACreate(t *testing.T) {
	limit := debug.SetGCPercent(400) // a path allocates much and keeps little
	t.Cleanup(func() { debug.SetGCPercent(limit) })
	var paths atomic.Int64
	var failed atomic.Bool // stop all scenarios after the first failed path
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			events := 1
			if os.Getenv("WALK") == "2" && s.interval.name == "nothing" && s.ahead == 0 {
				events = 2
			}
			w := &walker{budget: events, events: events}
			for more := true; more && !failed.Load(); more = w.next() {
				s.run(newWorld(t, w))
				paths.Add(1)
				if t.Failed() {
					failed.Store(true)
				}
			}
		})
	}
	t.Cleanup(func() { t.Logf("walked %d paths", paths.Load()) })
}

var _ disk.FS = (*disktest.Process)(nil)
