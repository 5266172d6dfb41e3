package batch

import (
	"context"
	"errors"
	"sync"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// Run is one run of a batch. All fields are required.
type Run struct {
	Batch   Batch
	Form    []string // of the files, if they are scripts
	Issuer  *issuance.Issuer
	Account issuance.Account
	Ledger  *Ledger
	Renew   bool // make new codes for rows whose codes are dead
	Output  Output
}

// Output gets what a run delivers, in the order of the rows.
type Output interface {
	// Deliver delivers the code of a row without a file. As with issuance.Deliverer, a nil error means that
	// every byte was written.
	Deliver(codefile.Code) error
	// Report reports what became of a row.
	Report(Result)
}

// The rows that are worked on at once. More than the requests, so that records and files are synced to the
// disk while requests run.
const (
	workPerRegion = 4 * perRegion
	workInAll     = 4 * inAll
	// window is how far a row without a file may be ahead of the row whose turn it is to be delivered. Each
	// waiting row has an open file, its lock.
	window = 1024
)

// Preview returns what Do would do as far as that is known without a request.
func (r *Run) Preview() ([]Step, error) {
	entries, err := r.Ledger.read(r.Batch)
	if err != nil {
		return nil, &issuance.NotRecorded{Err: err}
	}
	return r.plan(entries, nil)
}

// plan reads the records, and returns what to do for each row.
func (r *Run) plan(entries entries, listed map[string]listing) ([]Step, error) {
	k := known{Batch: r.Batch, entries: entries, listed: listed, now: r.Issuer.Now(), account: r.Account,
		same: map[string]bool{}, records: map[string]pending.Record{}, unfinished: map[string][]pending.Record{}}
	records := r.Issuer.Store.Peek()
	for _, record := range records {
		if _, found := listed[record.Request.RegionId].codes[record.ActivationId]; found {
			k.same[record.Identity] = true
		}
	}
	for _, record := range records {
		k.know(record)
	}
	return k.plan(r.Renew)
}

// Do creates the codes of all rows and reports each row in order. Only one process at a time works on a batch; Do
// waits for the others until ctx ends. Its error means that nothing was sent: *OtherIdentity, *Blocked, *Dead,
// *issuance.Busy, or *issuance.NotRecorded. Errors of rows are in their results.
func (r *Run) Do(ctx context.Context) error {
	unlock, err := r.Issuer.Lock(ctx, r.Ledger.path(r.Batch), issuance.Waiting{Batch: r.Batch.Name})
	if err != nil {
		return err
	}
	err = r.do(ctx)
	if failed := unlock(); failed != nil {
		r.Issuer.Note(issuance.RecordStale{Err: failed})
	}
	return err
}

// do is Do while the batch is locked.
func (r *Run) do(ctx context.Context) error {
	begun := r.Issuer.Now()
	listed := r.listRegions(ctx)
	entries, err := r.Ledger.read(r.Batch)
	if err != nil {
		return &issuance.NotRecorded{Err: err}
	}
	steps, err := r.plan(entries, listed)
	if err != nil {
		return err
	}
	marks, err := r.order(entries, steps)
	if err != nil {
		return &issuance.NotRecorded{Err: err}
	}
	all := &sent{twice: map[string]bool{}}
	free := r.unrecorded(r.work(ctx, steps, listed, marks, all))
	r.reportSurplus(ctx, begun, all, listed)
	if len(free) > 0 {
		if err := r.Ledger.write(r.Batch, line{Free: free}); err != nil {
			r.Issuer.Note(issuance.RecordStale{Err: err})
		}
	}
	return nil
}

// order writes to the ledger which rows get a new code in place of a dead one, so that an interrupted renewal is
// continued. It returns the marks of the run.
func (r *Run) order(entries entries, steps []Step) (_ *marks, err error) {
	next := map[string]int{}
	for _, s := range steps {
		if entries[s.Key].generation < s.generation {
			next[s.Key] = s.generation
		}
	}
	if len(next) > 0 {
		err = r.Ledger.write(r.Batch, line{Next: next})
	}
	return &marks{known: entries, write: func(sent map[string]int) error { return r.Ledger.write(r.Batch, line{Sent: sent}) }}, err
}

// unrecorded returns the rows without those whose create has a record: another process may have written it meanwhile.
func (r *Run) unrecorded(free map[string]Step) map[string]int {
	rows := map[string]int{}
	if len(free) == 0 {
		return rows
	}
	recorded := map[string]bool{}
	for _, record := range r.Issuer.Store.Peek() {
		recorded[record.Request.ClientToken] = true
	}
	for key, step := range free {
		if !recorded[step.Token] {
			rows[key] = step.generation
		}
	}
	return rows
}

// work works on the rows, many at once, and reports them in order. It returns the rows for which no code was
// created, by their key.
func (r *Run) work(ctx context.Context, steps []Step, listed map[string]listing, marks *marks, all *sent) (free map[string]Step) {
	account := r.Account
	account.Service = newLimits(account.Service, all.repeat)
	shared := &shared{Run: r, account: account, listed: listed, marks: marks, workers: fleet.NewSlots(workPerRegion, workInAll), stops: stops{regions: map[string]error{}}}
	jobs := shared.start(ctx, steps)
	free = map[string]Step{}
	for i, j := range jobs {
		if i+window < len(jobs) {
			jobs[i+window].start()
		}
		result := j.finish(r.Output)
		if isFree(result) {
			free[result.Key] = result.Step
		}
		all.results = append(all.results, result)
		r.Output.Report(result)
	}
	return free
}

// isFree reports whether it is certain that no code was created for a row, by this run or an earlier one.
func isFree(r Result) bool {
	return r.Err != nil && !r.Known && !errors.As(r.Err, new(*issuance.UnfinishedError)) && !errors.As(r.Err, new(*issuance.Busy)) &&
		!errors.As(r.Err, new(*issuance.DeadCode))
}

// shared is what all rows of a run share.
type shared struct {
	*Run
	account issuance.Account
	listed  map[string]listing
	marks   *marks
	workers *fleet.Slots
	stops   stops
}

// start starts a goroutine for each region, which starts one for each of its rows.
func (s *shared) start(ctx context.Context, steps []Step) []*job {
	jobs := make([]*job, len(steps))
	regions := map[string][]*job{}
	for i, step := range steps {
		jobs[i] = &job{
			shared: s, Step: step, open: make(chan struct{}),
			ready: make(chan codefile.Code), delivered: make(chan error), done: make(chan Result, 1),
		}
		jobs[i].start = sync.OnceFunc(func() { close(jobs[i].open) })
		if i < window || step.File != "" {
			jobs[i].start()
		}
		regions[step.Request.RegionId] = append(regions[step.Request.RegionId], jobs[i])
	}
	for region, rows := range regions {
		go func() {
			for _, j := range rows {
				<-j.open
				giveBack, err := take(ctx, s.workers, region)
				if err != nil {
					j.done <- Result{Step: j.Step, Err: err}
					continue
				}
				j.giveBack = sync.OnceFunc(giveBack)
				go j.run(ctx)
			}
		}()
	}
	return jobs
}

// job is one row that is worked on. It is the Deliverer of its code.
type job struct {
	*shared
	Step
	open      chan struct{}      // closed when the row may be started
	start     func()             // closes it
	ready     chan codefile.Code // gets the code that must be delivered
	delivered chan error         // gets the error of the delivery
	done      chan Result
	giveBack  func() // gives the slot of the row back
	printed   bool   // the Output got the code
}

// finish waits for the end of a row, and delivers its code.
func (j *job) finish(out Output) Result {
	for {
		select {
		case code := <-j.ready:
			err := out.Deliver(code)
			if err != nil {
				j.stops.stopAll(err)
			}
			j.delivered <- err
		case result := <-j.done:
			return result
		}
	}
}

// Deliver implements issuance.Deliverer. The code of a file is delivered already. Otherwise it waits for the
// turn of the row, and other rows can be started meanwhile.
func (j *job) Deliver(code codefile.Code) error {
	if code.ActivationCode == "" {
		return nil
	}
	j.giveBack()
	j.printed = true
	j.ready <- code
	return <-j.delivered
}

// run creates the code of the row.
func (j *job) run(ctx context.Context) {
	result := Result{Step: j.Step}
	switch {
	case j.Done:
		result.Issued = issuance.Issued{Code: j.Held(), Save: j.File}
		j.discardOld(ctx)
	default:
		if result.Err = j.stops.of(j.Step); result.Err == nil {
			result.Issued, result.Err = j.createUsable(ctx)
			result.Step = j.Step
		}
	}
	if j.printed {
		result.Save = "" // no file can hold the code
	}
	j.giveBack()
	j.done <- result
}

// mostDead is the maximum number of dead codes of a row that are skipped, one after the other. A code lives for an hour
// at least, so the service does not remember more of them.
const mostDead = 64

// createUsable creates the code. If the service returns a dead code, of which neither the ledger nor a record is left,
// it makes a new one if renew is set.
func (j *job) createUsable(ctx context.Context) (issued issuance.Issued, err error) {
	for range mostDead {
		issued, err = j.create(ctx)
		if !j.Renew || !errors.As(err, new(*issuance.DeadCode)) {
			break
		}
		j.generation++
		j.Token, j.Known = j.Batch.token(j.Row, j.generation), false
	}
	return issued, err
}

// create creates the code, and deletes the records of the dead codes before it.
func (j *job) create(ctx context.Context) (issuance.Issued, error) {
	region := j.Request.RegionId
	if err := j.marks.add(j.Step); err != nil {
		j.stops.stopAll(err)
		return issuance.Issued{}, &issuance.NotRecorded{RegionId: region, Err: err}
	}
	issued, err := j.Issuer.CreateRow(ctx, j.account, issuance.Row{
		Request: withToken(j.Request, j.Token), Batch: j.Batch.Name, Listed: j.listed[region].codes, Deliver: j,
		Target: pending.Target{Save: j.File, Replaces: j.Replaces, Form: j.form()},
	})
	if err != nil {
		j.stops.see(region, err)
		return issued, err
	}
	j.discardOld(ctx)
	return issued, nil
}

// discardOld deletes the records of the dead codes of earlier generations. An interrupted run may have left them.
func (j *job) discardOld(ctx context.Context) {
	for _, old := range j.old {
		if err := j.Issuer.Discard(ctx, old); err != nil && !errors.As(err, new(*issuance.Finished)) {
			j.Issuer.Note(issuance.RecordStale{Err: err})
		}
	}
}

// form returns the form of the file, if there is one.
func (j *job) form() []string {
	if j.File == "" {
		return nil
	}
	return j.Form
}
