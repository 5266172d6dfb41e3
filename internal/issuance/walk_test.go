package issuance

import (
	"context"
	"errors"
	"fmt"
	"os"
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

// The walk runs every path of a create and of what follows it: at each request the service does each
// thing that it can do, at each write the process dies before and after it, the power is cut, or the
// disk refuses; between two runs time passes, clocks change, and the service forgets. All paths with
// one such event are walked for every scenario, and all with two for those that matter most. After
// each path the promises are checked against what the model of the service has made.
//
// The walk is a depth-first search over the choices of a path: each path is run from the start.

// walker chooses for one path after the other.
type walker struct {
	path   []int // the choices of the path that is run
	widths []int
	names  []string
	at     int
	events int // that this path may still have
	budget int
}

// choose returns a choice of n: 0, which is the usual course, and on other paths each other one.
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

// next turns to the next path, and reports whether there is one.
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

// String names the events of the path.
func (w *walker) String() string {
	var events []string
	for i, choice := range w.path[:w.at] {
		if choice > 0 {
			events = append(events, fmt.Sprintf("%d: %s=%d", i, w.names[i], choice))
		}
	}
	return strings.Join(events, ", ")
}

// world is one path: the machine, the service, and what the user has seen.
type world struct {
	*testing.T
	*walker
	disk    *disktest.Disk
	service *model
	ahead   time.Duration // of this machine's clock
	calm    bool          // nothing is chosen any more
	losing  bool          // the answer of a create is lost
	once    bool          // one code is enough, whatever happens

	shown   map[string]bool // codes that the reader took
	said    map[string]bool // codes of which was said that they are new, or that this is not known
	listed  map[string]bool // codes that were named as candidates
	dropped map[string]bool // tokens that the user must keep: they were named
	begun   map[string]int  // the process that wrote the record of a token
	notes   []string
}

func newWorld(t *testing.T, w *walker) *world {
	x := &world{T: t, walker: w, disk: disktest.New(), shown: map[string]bool{}, said: map[string]bool{}, listed: map[string]bool{}, dropped: map[string]bool{}, begun: map[string]int{}}
	x.service = &model{now: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), choose: x.chooses}
	x.service.local = x.now
	return x
}

func (x *world) chooses(name string, n int) int {
	if x.losing && name == "create" {
		return createActsUnseen
	}
	if x.calm {
		return 0
	}
	return x.choose(name, n)
}

func (x *world) now() time.Time { return x.service.now.Add(x.ahead) }

// died is the panic of a process that ends.
type died struct{}

// The ways in which a write can go.
const (
	writes = iota
	dies
	losesPower // with all that was not synced
	losesNames // with the names that were not synced; contents had been written already
	losesContents
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
	panic(died{})
}

// run runs a command in a process of its own, and returns its error; died where it died.
func (x *world) run(command func(*world, *Issuer) error) (err error) {
	var process *disktest.Process
	process = x.disk.Process(func(when disktest.When, op, path string) error {
		if op == "lock" && when == disktest.After {
			return nil
		}
		ways := writeWays
		if when == disktest.After {
			ways = fails // what was done cannot fail any more
		}
		switch way := x.chooses(op+" "+path[strings.LastIndexByte(path, '/')+1:], ways); way {
		case writes:
			return nil
		case fails:
			return syscall.ENOSPC
		default:
			x.end(process, way)
			return nil
		}
	})
	x.service.run++
	x.service.crash = func(string) { x.end(process, dies) }
	defer func() {
		if reason := recover(); reason != nil {
			if _, ours := reason.(died); !ours {
				panic(reason)
			}
			err = errDied
		}
	}()
	err = command(x, &Issuer{
		Disk: process, Store: pending.New(process, "/state/pending", x.now), Deliver: (*reader)(x), Now: x.now, Note: x.note,
	})
	var unfinished *UnfinishedError
	if errors.As(err, &unfinished) && !unfinished.Recorded {
		x.dropped[unfinished.Token] = true
	}
	var late *TooLate
	if errors.As(err, &late) {
		x.mustBeDead(late.Record.Request.ClientToken)
	}
	return err
}

// mustBeDead holds that the codes of a token have expired.
func (x *world) mustBeDead(token string) {
	for _, c := range x.service.made(token) {
		if expires, _ := c.Expires(); x.service.now.Before(expires) {
			x.fail("%s is given up, and lives until %s", c.ActivationId, expires)
		}
	}
}

var errDied = errors.New("the process died")

// reader is who reads the standard output.
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
		x.shown[code.ActivationCode] = true
		x.service.crash("deliver")
	}
	x.shown[code.ActivationCode] = true
	return nil
}

func (x *world) note(n Note) {
	x.notes = append(x.notes, fmt.Sprintf("%T%+v", n, n))
	switch n := n.(type) {
	case NewCode:
		x.said[n.Ref.ActivationId] = true
		for _, c := range x.service.codes {
			if c.ActivationId == n.Ref.ActivationId && c.run == x.begun[c.token] {
				x.fail("%s is called new, and the first run made it", c.ActivationId)
			}
		}
	case NotChecked, Unrecorded: // then nobody can know
		x.said["?"] = true
	case EarlierRefused:
		x.once = false // then a new code is made, and that is said
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

// held is the code in a file as it is on the disk.
func (x *world) held(path string) string {
	file, err := codefile.Read(x.disk.Process(nil), path)
	if err != nil {
		return ""
	}
	return file.ActivationCode
}

// records are the records as they are on the disk, by token.
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

func keep(name string, retire bool) func(*world, *Issuer) error {
	return func(x *world, i *Issuer) error {
		w := Want{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved, RetireOld: retire}
		w.Request.InstanceName = name
		_, err := i.Keep(context.Background(), x.account(), w, x.dial)
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

// recoverEach recovers every token, also those whose code was delivered.
func recoverEach(x *world, i *Issuer) (failed error) {
	records, _ := i.Store.List(context.Background())
	for _, r := range records {
		_, err := i.Replay(context.Background(), r, x.dial, Options{})
		var elsewhere *NotSaved
		if errors.As(err, &elsewhere) { // the hint then names a new file
			other := "/home/" + r.Request.ClientToken
			_, err = i.Replay(context.Background(), r, x.dial, Options{Save: other})
			x.shown[x.held(other)] = true
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// between is what happens between two runs.
type between struct {
	name    string
	do      func(*world)
	forgets bool
}

var meanwhile = []between{
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
	{"the token is forgotten at once", func(x *world) { x.service.forget() }, true},
	{"this clock goes forward", func(x *world) { x.ahead += 5 * time.Hour }, false},
	{"this clock goes ten minutes forward", func(x *world) { x.ahead += 10 * time.Minute }, false},
	{"this clock goes back", func(x *world) { x.ahead -= 5 * time.Hour }, false},
	{"this clock goes ten minutes back", func(x *world) { x.ahead -= 10 * time.Minute }, false},
}

// scenario is what a user does: a command, what happens meanwhile, and what follows.
type scenario struct {
	name    string
	ahead   time.Duration // of this machine's clock, from the start
	once    bool          // all commands are for one code
	prepare func(*world, *Issuer) error
	lost    bool    // the answer of what is prepared is lost
	early   between // what happens before the first command
	first   func(*world, *Issuer) error
	between between
	then    []func(*world, *Issuer) error
}

func (s scenario) run(x *world) {
	x.ahead, x.once = s.ahead, s.once
	p := x.disk.Process(nil)
	if err := errors.Join(p.MkdirAll("/home")); err != nil {
		x.Fatal(err)
	}
	if s.prepare != nil {
		x.calm, x.losing = true, s.lost
		err := x.run(s.prepare)
		if (err != nil) != s.lost {
			x.Fatal(err)
		}
		x.observe(err)
		x.calm, x.losing = false, false
	}
	s.early.do(x)
	x.observe(x.run(s.first))
	s.between.do(x)
	for _, command := range s.then {
		x.observe(x.run(command))
	}
	x.calm = true
	if !x.settled() {
		x.observe(x.run(recoverAll))
		x.observe(x.run(recoverEach))
	}
	x.check()
}

// settled reports whether every code was delivered and nothing is left to clean up.
func (x *world) settled() bool {
	delivered := func(c *modelCode) bool { return x.shown[c.code] || c.deleted }
	return !slices.ContainsFunc(x.service.codes, func(c *modelCode) bool { return !delivered(c) }) && len(x.temporary()) == 0
}

// temporary are the files with a code that a killed process has left.
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

// observe checks after a run that each code is delivered or can still be had, and that the run says
// so of the codes that it made.
func (x *world) observe(err error) {
	x.shown[x.held(saved)] = true
	records := x.records()
	for token := range records {
		if x.begun[token] == 0 {
			x.begun[token] = x.service.run
		}
	}
	for _, c := range x.service.codes {
		_, recorded := records[c.token]
		switch {
		case x.shown[c.code], recorded, x.dropped[c.token], c.deleted:
		case c.token == "job-1": // the user has the token
		default:
			x.fail("%s is neither delivered nor recorded", c.ActivationId)
		}
		if !errors.Is(err, errDied) && c.run == x.service.run && !x.shown[c.code] && !c.deleted && !slices.Contains(tokens(err), c.token) {
			x.fail("%s was made and not delivered, and the error names no token: %v", c.ActivationId, err)
		}
	}
}

// tokens are those that an error says can bring a code.
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

// check checks the promises when all is done that can be done.
func (x *world) check() {
	records, wanted := x.records(), 0
	for _, c := range x.service.codes {
		r, recorded := records[c.token]
		switch {
		case x.shown[c.code], c.deleted:
		case x.listed[c.ActivationId]: // it was named as one that may exist
		case c.forgotten && recorded: // recover can only say so
		case c.token == "job-1", x.dropped[c.token]:
		default:
			x.fail("%s was not delivered by recover (recorded %v, state %s)", c.ActivationId, recorded, r.State)
		}
		if c.run > 0 && c.InstanceName == "web" {
			wanted++
		}
		if c.again && x.shown[c.code] && !x.said[c.ActivationId] && !x.said["?"] {
			x.fail("%s is a second code, and nobody said so", c.ActivationId)
		}
	}
	if x.once && wanted > 1 {
		x.fail("%d codes were made for one file", wanted)
	}
	if left := x.temporary(); len(left) > 0 {
		x.fail("%s was left behind", left)
	}
}

// scenarios are all commands, with all that may follow them, and with all that may happen meanwhile.
func scenarios() (list []scenario) {
	for _, s := range []scenario{
		{name: "create", first: create},
		{name: "create --client-token", first: createToken},
		{name: "create --save", first: createSave},
		{name: "ensure", first: keep("web", false), once: true},
		{name: "ensure, with a file", prepare: keep("old", false), first: keep("web", false), once: true},
		{name: "ensure --retire-old", prepare: keep("old", false), first: keep("web", true), once: true},
	} {
		s.early = meanwhile[0]
		add := func(name string, b between, ahead time.Duration, then ...func(*world, *Issuer) error) {
			one := s
			one.name, one.between, one.ahead, one.then = s.name+"; "+b.name+"; "+name, b, ahead, then
			one.once = s.once && !b.forgets
			list = append(list, one)
		}
		nothing := meanwhile[0]
		add("recover --last", nothing, 0, recoverLast)
		add("recover --all, once more", nothing, 0, recoverAll, recoverAll)
		add("recover --last, once more", nothing, 0, recoverLast, recoverLast)
		add("recover --all, with a clock ahead", nothing, 5*time.Hour, recoverAll)
		add("recover --all, with a clock behind", nothing, -5*time.Hour, recoverAll)
		for _, b := range meanwhile {
			add("recover --all", b, 0, recoverAll)
			add("the same command", b, 0, s.first)
		}
	}
	for _, s := range []scenario{
		{name: "a lost create; recover", prepare: create, first: recoverAll},
		{name: "a lost create --client-token; recover", prepare: createToken, first: recoverAll},
		{name: "a lost create --client-token; the same command", prepare: createToken, first: createToken},
		{name: "a lost create --save; recover", prepare: createSave, first: recoverAll},
		{name: "a lost ensure; ensure", prepare: keep("web", false), first: keep("web", false), once: true},
		{name: "a lost ensure; recover", prepare: keep("web", false), first: recoverAll, once: true},
	} {
		for _, b := range meanwhile {
			one := s
			one.name, one.lost, one.early, one.between = s.name+"; "+b.name, true, b, meanwhile[0]
			one.once = s.once && !b.forgets
			one.then = []func(*world, *Issuer) error{s.first}
			list = append(list, one)
		}
	}
	return list
}

// TestEveryPathOfACreate walks all paths with one event. With WALK=2 in the environment, it walks
// all with two for what follows without anything between; that takes minutes.
func TestEveryPathOfACreate(t *testing.T) {
	var paths atomic.Int64
	var failed atomic.Bool // one path is enough to see what is wrong
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			events := 1
			if os.Getenv("WALK") == "2" && s.between.name == "nothing" && s.ahead == 0 {
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
