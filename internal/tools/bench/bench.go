package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"

	"ecs-activation/internal/tools/group"
	"ecs-activation/internal/tools/served"
)

// bench has the programs, which are built like the product, and a folder for their files.
type bench struct {
	ctx               context.Context // kills the programs when it is done
	folder            string
	ours, hello, bare string
	servers           map[string]*server // by the name of their state
}

// build builds the programs.
func build(ctx context.Context) (*bench, error) {
	folder, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{ctx: ctx, folder: folder, servers: map[string]*server{}}
	for name, into := range map[string]*string{
		"cmd/ecs-activation": &b.ours, "internal/tools/bench/hello": &b.hello, "internal/tools/bench/bare": &b.bare,
	} {
		*into = filepath.Join(folder, filepath.Base(name))
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", *into, "ecs-activation/"+name)
		if into == &b.ours {
			cmd = exec.CommandContext(ctx, "make", "-s", "build", "BINARY="+*into)
		}
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "TMPDIR="+folder)
		group.Kill(cmd)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, errors.Join(fmt.Errorf("building %s: %w: %s", name, err, out), os.RemoveAll(folder))
		}
		if err := install(*into); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	return b, nil
}

// install copies a program in one piece, as package managers do. The linker writes its file page by page, which
// makes each start slower.
func install(path string) error {
	if err := os.Rename(path, path+".linked"); err != nil {
		return err
	}
	from, err := os.Open(path + ".linked")
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // it is only read
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// close kills the servers and removes the folder.
func (b *bench) close() error {
	var failed error
	for _, s := range b.servers {
		failed = errors.Join(failed, s.Kill())
	}
	return errors.Join(failed, os.RemoveAll(b.folder))
}

// home returns the environment of a program with a named state, without settings of the user.
func (b *bench) home(name string) []string {
	folder := filepath.Join(b.folder, "state-"+name)
	return []string{"HOME=" + folder, "XDG_STATE_HOME=" + folder, "XDG_CONFIG_HOME=" + folder}
}

// program returns a run of our program with a named state.
func (b *bench) program(state string, args ...string) program {
	return program{ctx: b.ctx, path: b.ours, args: args, env: b.home(state)}
}

// greeting returns a run of the hello world program.
func (b *bench) greeting() program { return program{ctx: b.ctx, path: b.hello} }

// code is a code in the format of "sandbox load".
type code struct {
	RegionId, ActivationId, InstanceName, Description string
	InstanceCount, RegisteredCount, TimeToLiveInHours int
	Tags                                              []tag
}

// tag is a tag of a code.
type tag struct{ TagKey, TagValue string }

// codes yields a number of codes for each region.
func codes(regions []string, each int, used bool) iter.Seq[code] {
	return func(yield func(code) bool) {
		for r, region := range regions {
			for n := range each {
				c := code{
					RegionId: region, ActivationId: fmt.Sprintf("4ECEEE12-56F1-4FBC-%04X-%012X", r, n),
					InstanceName: "web-" + region, Description: fmt.Sprintf("machines of rack %d", n),
					InstanceCount: 10, TimeToLiveInHours: 4, Tags: []tag{{"env", "prod"}, {"team", "bootstrap"}},
				}
				if used {
					c.RegisteredCount = n % 11
				}
				if !yield(c) {
					return
				}
			}
		}
	}
}

// load loads codes into a state. It writes them to a file and never has all of them in memory, because the
// system includes the memory of this process in that of the programs that it starts.
func (b *bench) load(state string, list iter.Seq[code]) (err error) {
	path := filepath.Join(b.folder, state+".json")
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	encoder, before := json.NewEncoder(out), "["
	for c := range list {
		_, err := out.WriteString(before)
		if err = errors.Join(err, encoder.Encode(c)); err != nil {
			return errors.Join(err, file.Close())
		}
		before = ","
	}
	_, err = out.WriteString("]")
	if err = errors.Join(err, out.Flush(), file.Close()); err != nil {
		return err
	}
	_, err = b.program(state, "sandbox", "load", path).run()
	return err
}

// server is a running sandbox with a state.
type server struct {
	*served.Sandbox
	env []string // the environment of programs that send requests to it
}

// serve starts a sandbox with a state and a latency, or returns the running one.
func (b *bench) serve(state, latency string) (*server, error) {
	if s := b.servers[state]; s != nil {
		return s, nil
	}
	sandbox, err := served.Start(b.program(state, "sandbox", "serve", "--latency", latency, "--quota", "10000").command())
	if err != nil {
		return nil, err
	}
	s := &server{sandbox, b.home(state)}
	for name, value := range sandbox.Exports {
		s.env = append(s.env, name+"="+value)
	}
	b.servers[state] = s
	return s, nil
}
