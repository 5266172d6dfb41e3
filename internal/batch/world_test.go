package batch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// service is an account in memory. It remembers client tokens.
type service struct {
	activation.Service // nil: a method that is not implemented here must not be called

	mu      sync.Mutex
	now     time.Time
	codes   []activation.Activation
	tokens  map[string]string // ActivationIds
	quota   int
	creates int
	running map[string]int // by region; "": in all
	most    map[string]int
	delay   time.Duration
	noList  error
	noDate  bool
	dead    func() bool // the process that sends requests was killed
}

var start = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func newService() *service {
	return &service{now: start, tokens: map[string]string{}, quota: 1000, running: map[string]int{}, most: map[string]int{}, dead: func() bool { return false }}
}

func (s *service) count(region string, by int) {
	for _, key := range []string{region, ""} {
		s.running[key] += by
		s.most[key] = max(s.most[key], s.running[key])
	}
}

func (s *service) Create(_ context.Context, r activation.CreateRequest, _ func(time.Time)) (activation.Created, error) {
	refused := &activation.Error{Kind: activation.KindConflict, Op: "create", Code: "ActivationCount.ExceedLimit", NothingDone: true}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead() {
		return activation.Created{}, errors.New("killed")
	}
	s.creates++
	s.count(r.RegionId, 1)
	s.mu.Unlock()
	time.Sleep(s.delay)
	s.mu.Lock()
	s.count(r.RegionId, -1)
	id := s.tokens[r.ClientToken]
	if id == "" {
		if len(s.codes) >= s.quota {
			return activation.Created{}, refused
		}
		id = fmt.Sprintf("ID-%d", len(s.codes)+1)
		s.tokens[r.ClientToken] = id
		s.codes = append([]activation.Activation{{ActivationId: id, RegionId: r.RegionId, InstanceName: r.InstanceName, InstanceCount: r.InstanceCount,
			TimeToLiveInHours: int64(r.TimeToLiveInHours), CreationTime: s.now.Format(time.RFC3339)}}, s.codes...)
	}
	return activation.Created{Answer: s.answer(), ActivationId: id, ActivationCode: "code-of-" + id}, nil
}

// started returns how many creates were received.
func (s *service) started() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.creates
}

// allow sets the quota.
func (s *service) allow(quota int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota = quota
}

func (s *service) answer() activation.Answer {
	if s.noDate {
		return activation.Answer{}
	}
	return activation.Answer{Date: s.now, ReceivedAt: s.now}
}

func (s *service) List(_ context.Context, r activation.ListRequest) (activation.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noList != nil {
		return activation.Page{}, s.noList
	}
	page := activation.Page{Answer: s.answer(), PageNumber: max(1, r.PageNumber), PageSize: 50}
	for _, code := range s.codes {
		if code.RegionId == r.RegionId && (r.ActivationId == "" || r.ActivationId == code.ActivationId) {
			page.TotalCount++
			if page.TotalCount > (page.PageNumber-1)*50 && page.TotalCount <= page.PageNumber*50 {
				page.ActivationList = append(page.ActivationList, code)
			}
		}
	}
	return page, nil
}

// world is a service, a disk and a clock, and a user who runs batches.
type world struct {
	*testing.T
	service *service
	disk    *disktest.Disk
	fs      disk.FS // of the current process
	list    string
	flags   Flags
	files   bool
	renew   bool
	limit   int    // the number of codes that the output accepts; -1: all
	as      string // the identity

	printed  []codefile.Code
	reported []Result
	notes    []issuance.Note
}

func newWorld(t *testing.T, list string) *world {
	d := disktest.New()
	return &world{T: t, service: newService(), disk: d, fs: d.Process(nil), list: list, flags: Flags{Region: "cn-hangzhou"}, limit: -1, as: "me"}
}

func (w *world) Deliver(c codefile.Code) error {
	if len(w.printed) == w.limit {
		return errors.New("the output is full")
	}
	w.printed = append(w.printed, c)
	return nil
}

func (w *world) Report(r Result) { w.reported = append(w.reported, r) }

// clock returns this machine's time, which is that of the service.
func (w *world) clock() time.Time { return w.service.now }

// batch returns the batch of the list.
func (w *world) batch() (Batch, activation.Problems, []Problem) {
	texts, wrong, err := Read(strings.NewReader(w.list))
	if err != nil {
		w.Fatal(err)
	}
	folder := Folder{}
	if w.files {
		folder = Folder{Path: "/codes", Suffix: ".json", Disk: w.fs, Now: w.clock()}
	}
	b, flags, rows := New(texts, w.flags, folder)
	return b, flags, append(wrong, rows...)
}

// run runs the batch.
func (w *world) run() error { return w.runIn(context.Background()) }

// runIn runs the batch until ctx ends.
func (w *world) runIn(ctx context.Context) error {
	w.Helper()
	w.printed, w.reported = nil, nil
	b, flags, rows := w.batch()
	if len(flags)+len(rows) > 0 {
		w.Fatal(flags, rows)
	}
	if w.files {
		if err := w.fs.MkdirAll("/codes"); err != nil {
			return err
		}
	}
	return w.of(b).Do(ctx)
}

// of returns a run of a batch.
func (w *world) of(b Batch) *Run {
	var mu sync.Mutex
	issuer := &issuance.Issuer{Disk: w.fs, Store: pending.New(w.fs, "/state/pending", w.clock), Now: w.clock, Note: func(n issuance.Note) {
		mu.Lock()
		defer mu.Unlock()
		w.notes = append(w.notes, n)
	}}
	return &Run{Batch: b, Issuer: issuer, Account: issuance.Account{Service: w.service, Identity: w.as}, Ledger: NewLedger(w.fs, "/state/batches", w.clock), Renew: w.renew, Output: w}
}

// other returns a world with the same service, disk and list, for another process.
func (w *world) other() *world {
	other := newWorld(w.T, w.list)
	other.service, other.disk, other.fs, other.files = w.service, w.disk, w.disk.Process(nil), w.files
	return other
}

// must runs the batch, and fails the test on any error.
func (w *world) must() {
	w.Helper()
	if err := w.run(); err != nil {
		w.Fatal(err)
	}
	for _, r := range w.reported {
		if r.Err != nil {
			w.Errorf("line %d: %v", r.Line, r.Err)
		}
	}
}

// ids returns the ActivationIds that the run delivered, in the order of the rows.
func (w *world) ids() (ids []string) {
	for _, r := range w.reported {
		ids = append(ids, r.ActivationId)
	}
	return ids
}

// names returns a list with a number of rows.
func names(rows int) string {
	var text strings.Builder
	text.WriteString("instance-name\n")
	for n := range rows {
		fmt.Fprintf(&text, "web-%d\n", n)
	}
	return text.String()
}

// saved returns the ActivationId in the file of a row.
func (w *world) saved(name string) string {
	f, err := codefile.Read(w.fs, filepath.ToSlash(filepath.Join("/codes", name+".json")))
	if err != nil {
		w.Error(err)
	}
	return f.ActivationId
}
