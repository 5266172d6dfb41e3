package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// work is one benchmark.
type work struct {
	name    string
	rounds  int
	measure func(b *bench, rounds int) ([]row, error)
}

// works returns all benchmarks.
func works() []work {
	return []work{
		{"starts", 60, starts},
		{"one page", 40, onePage},
		{"one page over HTTPS", 20, onePageTLS},
		{"5,000 codes", 5, oneRegion},
		{"80,000 codes", 9, fleet},
		{"status", 20, status},
		{"deletes", 3, deletes},
		{"50 creates at once", 5, creates},
		{"creates from a list", 3, createsFromList},
		{"sandbox", 8, pages},
	}
}

const latency = "50ms"

// filled returns the regions that have codes.
func filled() []string {
	return strings.Fields(`cn-qingdao cn-beijing cn-zhangjiakou cn-huhehaote cn-wulanchabu cn-hangzhou cn-shanghai cn-shenzhen
		cn-heyuan cn-guangzhou cn-chengdu cn-hongkong ap-southeast-1 ap-northeast-1 us-west-1 us-east-1`)
}

// empty returns the other regions that --all-regions reads.
func empty() []string {
	return strings.Fields(`ap-northeast-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 eu-central-1 eu-west-1
		me-east-1 me-central-1`)
}

// starts compares commands that send no requests with a hello world program.
func starts(b *bench, rounds int) ([]row, error) {
	var rows []row
	for _, args := range [][]string{{"version"}, {"--help"}, {"__complete", "list", "--sta"}} {
		c, err := compare(b.program("starts", args...), b.greeting(), rounds)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{work: "`" + strings.Join(args, " ") + "`", reference: "hello world", comparison: c, wallTarget: 2.3, cpuTarget: 3.2})
	}
	return rows, nil
}

// clients returns our program and the bare program, configured for a server.
func (b *bench) clients(s *server, bare, ours []string) (program, program) {
	return program{ctx: b.ctx, path: b.ours, args: ours, env: s.env}, program{ctx: b.ctx, path: b.bare, args: bare, env: s.env}
}

// onePage serves one page of codes.
func (b *bench) onePage() (*server, error) {
	if b.servers["page"] == nil {
		if err := b.load("page", codes([]string{"cn-hangzhou"}, 50, true)); err != nil {
			return nil, err
		}
	}
	return b.serve("page", "0s")
}

// onePage compares the reading of one page.
func onePage(b *bench, rounds int) ([]row, error) {
	s, err := b.onePage()
	if err != nil {
		return nil, err
	}
	lines, bare := b.clients(s, nil, []string{"list", "-o", "jsonl"})
	if err := same(lines, bare); err != nil {
		return nil, err
	}
	asLines, err := compare(lines, bare, rounds)
	if err != nil {
		return nil, err
	}
	table, _ := b.clients(s, nil, []string{"list"})
	asTable, err := compare(table, bare, rounds)
	return []row{
		{work: "`list -o jsonl`, a page of 50", reference: "bare", comparison: asLines, wallTarget: 1.45, cpuTarget: 2.2},
		{work: "`list`, a page of 50, as a table", reference: "bare", comparison: asTable, wallTarget: 2.7},
	}, err
}

// same returns an error unless both programs print the same rows, in any order.
func same(ours, theirs program) error {
	lines, sum, err := ours.digest()
	if err != nil {
		return err
	}
	others, other, err := theirs.digest()
	if err == nil && (lines != others || sum != other) {
		err = fmt.Errorf("the %d lines differ from the %d lines of the bare program", lines, others)
	}
	return err
}

// onePageTLS compares the reading of one page over HTTPS.
func onePageTLS(b *bench, rounds int) ([]row, error) {
	s, err := b.onePage()
	if err != nil {
		return nil, err
	}
	front, err := b.frontTLS(s, 40*time.Millisecond)
	if err != nil {
		return nil, err
	}
	ours, bare := b.clients(front, nil, []string{"list", "-o", "jsonl"})
	c, err := compare(ours, bare, rounds)
	return []row{{work: "the same over HTTPS, 40 ms before the handshake", reference: "bare", comparison: c, wallTarget: 1.15}}, err
}

// fleet serves 16 regions with 5,000 codes each.
func (b *bench) fleet() (*server, error) {
	if b.servers["fleet"] == nil {
		if err := b.load("fleet", codes(filled(), 5000, true)); err != nil {
			return nil, err
		}
	}
	return b.serve("fleet", latency)
}

// oneRegion compares the reading of 5,000 codes in one region.
func oneRegion(b *bench, rounds int) ([]row, error) {
	s, err := b.fleet()
	if err != nil {
		return nil, err
	}
	ours, bare := b.clients(s, nil, []string{"list"})
	_, walk := b.clients(s, []string{"-per-region", "1", "-in-all", "1"}, nil)
	parallel, err := compare(ours, bare, rounds)
	if err != nil {
		return nil, err
	}
	sequential, err := compare(ours, walk, max(1, rounds/2))
	return []row{
		{work: "`list`, 5,000 codes", reference: "page after page", comparison: sequential, wallTarget: 0.1},
		{work: "`list`, 5,000 codes", reference: "bare, 16 at once", comparison: parallel, wallTarget: 1.1},
	}, err
}

// fleet compares the reading of 80,000 codes in 16 regions.
func fleet(b *bench, rounds int) ([]row, error) {
	s, err := b.fleet()
	if err != nil {
		return nil, err
	}
	everywhere := []string{"-regions", strings.Join(append(filled(), empty()...), ",")}
	ours, bare := b.clients(s, everywhere, []string{"list", "--all-regions", "-o", "jsonl"})
	if err := same(ours, bare); err != nil {
		return nil, err
	}
	streamed, err := compare(ours, bare, rounds)
	if err != nil {
		return nil, err
	}
	first, err := firstRow(ours)
	if err != nil {
		return nil, err
	}
	table, _ := b.clients(s, nil, []string{"list", "--all-regions"})
	asTable, err := compare(table, ours, rounds)
	return []row{
		{work: "`list --all-regions -o jsonl`, 80,000 codes", reference: "bare, 128 at once", comparison: streamed, wallTarget: 1.2, cpuTarget: 1.2,
			note: fmt.Sprintf("%.1f MB (target 56), first row after %s", float64(streamed.ours.memory)/1e6, short(first))},
		{work: "the same as a table in a pipe", reference: "jsonl", comparison: asTable, wallTarget: 2,
			note: fmt.Sprintf("%.1f MB (target 67, which is 64 MiB)", float64(asTable.ours.memory)/1e6)},
	}, err
}

// status compares the state of 16 regions, which are asked at once, with the answer of one region: all of them need
// the same time here.
func status(b *bench, rounds int) ([]row, error) {
	if err := b.load("status", codes(filled(), 10, true)); err != nil {
		return nil, err
	}
	s, err := b.serve("status", latency)
	if err != nil {
		return nil, err
	}
	ours, bare := b.clients(s, nil, []string{"status", "--region", strings.Join(filled(), ","), "-o", "json"})
	c, err := compare(ours, bare, rounds)
	return []row{{work: "`status` of 16 regions", reference: "bare, one region", comparison: c, wallTarget: 1.2}}, err
}

// firstRow returns the time until the program prints the first row.
func firstRow(p program) (time.Duration, error) {
	cmd := p.command()
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewReader(out)
	_, err = lines.ReadString('\n')
	took := time.Since(begun)
	if _, copied := lines.WriteTo(io.Discard); err == nil {
		err = copied
	}
	if ended := cmd.Wait(); err == nil {
		err = ended
	}
	return took, err
}

// deletes compares the time per code: of 1600 codes at once, and of 100 codes one after the other.
func deletes(b *bench, rounds int) ([]row, error) {
	const inAll, alone = 1600, 100
	many, few := codes(filled(), inAll/len(filled()), false), codes(filled()[:1], alone, false)
	s, err := b.serve("deletes", latency)
	if err != nil {
		return nil, err
	}
	ours, walk := b.clients(s, []string{"-delete"}, []string{"delete", "--yes", "-"})
	ours.input, walk.input = refs(many), refs(few)
	ours.prepare = func() error { return b.load("deletes", many) }
	walk.prepare = func() error { return b.load("deletes", few) }
	c, err := compare(ours, walk, rounds)
	c.wall, c.cpu = c.wall*alone/inAll, c.cpu*alone/inAll
	return []row{{work: fmt.Sprintf("`delete --yes -`, %d codes in 16 regions, per code", inAll), reference: "100, one after the other", comparison: c, wallTarget: 0.08}}, err
}

// refs returns codes as lines for the standard input of delete.
func refs(list iter.Seq[code]) string {
	var text strings.Builder
	for c := range list {
		text.WriteString(c.RegionId + "/" + c.ActivationId + "\n")
	}
	return text.String()
}

// creates compares 50 processes that create a code in the same sandbox with 50 hello world programs.
func creates(b *bench, rounds int) ([]row, error) {
	if err := b.load("creates", codes([]string{"cn-hangzhou"}, 1, false)); err != nil {
		return nil, err
	}
	create := b.program("creates", "--sandbox", "create", "-q")
	create.env = append(create.env, "ECS_ACTIVATION_SANDBOX_QUOTA=100000")
	var c comparison
	var ratios []float64
	var ours, theirs []cost
	for range rounds {
		mine, err := atOnce(create, 50)
		if err != nil {
			return nil, err
		}
		other, err := atOnce(b.greeting(), 50)
		if err != nil {
			return nil, err
		}
		ratios = append(ratios, float64(mine.wall)/float64(other.wall))
		ours, theirs = append(ours, mine), append(theirs, other)
	}
	c.wall, c.ours, c.theirs = median(ratios), typical(ours), typical(theirs)
	c.cpu = float64(c.ours.cpu) / float64(c.theirs.cpu)
	return []row{{work: "50 processes, one `--sandbox create` each", reference: "50 hello worlds", comparison: c, note: "target 300 ms in all"}}, nil
}

// createsFromList compares the creation of 1,000 codes from a list with the bare program, which sends the same
// requests in another region. Each run starts without records and with expired codes only.
func createsFromList(b *bench, rounds int) ([]row, error) {
	const number = 1000
	s, err := b.serve("many", latency)
	if err != nil {
		return nil, err
	}
	list, saved := filepath.Join(b.folder, "hosts.csv"), filepath.Join(b.folder, "saved")
	var text strings.Builder
	text.WriteString("instance-name\n")
	for n := range number {
		fmt.Fprintf(&text, "web-%04d\n", n)
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		return nil, err
	}
	args := []string{"create", "--from", list, "--instance-count", "1", "-o", "jsonl"}
	lines, bare := b.clients(s, []string{"-regions", "cn-beijing", "-create", fmt.Sprint(number)}, args)
	files, _ := b.clients(s, nil, append(args, "--save-dir", saved))
	fresh := func() error {
		state := filepath.Join(b.folder, "state-many", "ecs-activation")
		_, err := b.program("many", "sandbox", "advance", "50h").run()
		return errors.Join(err, os.RemoveAll(filepath.Join(state, "pending")), os.RemoveAll(filepath.Join(state, "batches")), os.RemoveAll(saved))
	}
	lines.prepare, files.prepare, bare.prepare = fresh, fresh, fresh
	asLines, err := compare(lines, bare, rounds)
	if err != nil {
		return nil, err
	}
	asFiles, err := compare(files, bare, rounds)
	return []row{
		{work: "`create --from -o jsonl`, 1,000 codes", reference: "bare, 8 at once", comparison: asLines, wallTarget: 1.3},
		{work: "the same with `--save-dir`", reference: "bare, 8 at once", comparison: asFiles, wallTarget: 1.3},
	}, err
}

// atOnce runs many processes of a program at once, and returns their total cost.
func atOnce(p program, times int) (cost, error) {
	costs, errs := make([]cost, times), make([]error, times)
	var group sync.WaitGroup
	begun := time.Now()
	for n := range times {
		group.Go(func() { costs[n], errs[n] = p.run() })
	}
	group.Wait()
	sum := cost{wall: time.Since(begun)}
	for n := range times {
		if errs[n] != nil {
			return sum, errs[n]
		}
		sum.cpu += costs[n].cpu
		sum.memory = max(sum.memory, costs[n].memory)
	}
	return sum, nil
}

// pages runs the benchmark of the sandbox, which sends presigned requests to a server on one core and
// measures its processor time. It shows that the sandbox is fast enough for the other benchmarks.
func pages(b *bench, rounds int) ([]row, error) {
	out, err := exec.CommandContext(b.ctx, "go", "test", "ecs-activation/internal/sandbox", "-run", "^$",
		"-bench", "ListPageOverHTTP", "-benchtime", fmt.Sprint(rounds*1000, "x")).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var rows []row
	for _, found := range regexp.MustCompile(`OverHTTP/(\S+?)(?:-\d+)?\s.*?(\d+) pages/cpu-s`).FindAllSubmatch(out, -1) {
		rows = append(rows, row{work: "`sandbox serve`, " + strings.ReplaceAll(string(found[1]), "_", " ") + " of 80,000 codes", reference: "itself",
			note: string(found[2]) + " pages per second of one core (target 10,000)"})
	}
	return rows, nil
}
