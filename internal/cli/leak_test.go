package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ecs-activation/internal/sandbox"
)

// The leak test searches the complete output of every script. The AccessKeySecret of the sandbox may be only in
// the standard output of "sandbox serve". An activation code must not be in standard error or in a state file.

// secretsFile has all secrets of the sandbox during a script, because a reset creates new ones.
const (
	secretsFile     = ".secrets"
	secretsVariable = "ECS_TEST_SECRETS"
)

// noteSecret adds the current secret of the sandbox before the program runs.
func noteSecret() {
	secret := secretOf(filepath.Join(os.Getenv("XDG_STATE_HOME"), "ecs-activation", "sandbox.db"))
	if secret == "" {
		return
	}
	file, err := os.OpenFile(os.Getenv(secretsVariable), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return // not in a test's world
	}
	_, err = fmt.Fprintln(file, secret)
	if err = errors.Join(err, file.Close()); err != nil {
		panic(err)
	}
}

// secretOf returns the secret in the file of a sandbox, or "" if there is no sandbox.
func secretOf(file string) string {
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		return ""
	}
	box, err := sandbox.New(sandbox.Options{Path: file})
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	keys, err := box.Credentials(ctx)
	if err != nil {
		return "" // damaged: it has none any more; or a test keeps it locked
	}
	return keys.AccessKeySecret
}

// watched is a test whose output is searched for secrets. It is verbose, because testscript otherwise omits the
// log of successful commands.
type watched struct {
	*testing.T
	work string // the script's folder
}

func (w *watched) Verbose() bool { return true }

func (w *watched) Run(name string, f func(testscript.T)) {
	w.T.Run(name, func(t *testing.T) { f(&watched{T: t}) })
}

// Log receives the complete log of a script while its folder still exists.
func (w *watched) Log(args ...any) {
	log := fmt.Sprint(args...)
	w.T.Log(readable(log))
	found, err := leaksOf(w.work, outputsOf(log))
	if err != nil {
		w.Error(err)
	}
	for _, leak := range append(found, unsafeHints(outputsOf(log))...) {
		w.Error(leak)
	}
}

// readable returns a log without the environment at the beginning, and without the middle if it is long and the
// test is not verbose.
func readable(log string) string {
	const most = 12 << 10
	if testing.Verbose() {
		return log
	}
	_, log, _ = strings.Cut(log, "\n\n")
	if len(log) > most {
		log = log[:most/3] + "\n[… use -v to see all …]\n" + log[len(log)-most*2/3:]
	}
	return "\n" + log
}

// output is the output of one command. On a terminal both streams are mixed.
type output struct{ command, stdout, stderr, terminal string }

// outputsOf returns the outputs in a log of testscript.
func outputsOf(log string) []output {
	outputs := []output{{command: "(before the first command)"}}
	var stream *string
	for line := range strings.Lines(log) {
		last := &outputs[len(outputs)-1]
		switch mark := strings.TrimRight(line, "\r\n"); {
		case strings.HasPrefix(mark, "> "), strings.HasPrefix(mark, "[background] "):
			outputs = append(outputs, output{command: mark})
			stream = &outputs[len(outputs)-1].terminal
		case mark == "[stdout]":
			stream = &last.stdout
		case mark == "[stderr]":
			stream = &last.stderr
		case mark == "[tty]":
			stream = &last.terminal
		case stream == nil:
			stream = &last.terminal
			*stream += line
		default:
			*stream += line
		}
	}
	return outputs
}

var activationCode = regexp.MustCompile(`a-sandbox[A-Za-z0-9+/]{22}`)

// leaks returns the places of secrets in outputs.
func leaks(outputs []output, secrets []string) []string {
	var found []string
	for _, o := range outputs {
		for _, secret := range secrets {
			if strings.Contains(o.stdout+"\n"+o.stderr+"\n"+o.terminal, secret) {
				found = append(found, "leak: the AccessKeySecret is in the output of "+o.command)
			}
		}
		if activationCode.MatchString(o.stderr) {
			found = append(found, "leak: an activation code is on the standard error of "+o.command)
		}
	}
	return found
}

// leaksOf searches the output and all files of a world, because output can be redirected to files.
func leaksOf(folder string, outputs []output) ([]string, error) {
	secrets, err := secretsIn(folder)
	if err != nil {
		return nil, err
	}
	found := leaks(outputs, secrets)
	err = eachFile(folder, func(name string, content []byte) {
		if ownsSecrets(name) {
			return
		}
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				found = append(found, "leak: the AccessKeySecret is in the file "+name)
			}
		}
	})
	state := filepath.Join(folder, "state")
	if _, missing := os.Stat(state); err == nil && missing == nil {
		err = eachFile(state, func(name string, content []byte) {
			if activationCode.Match(content) {
				found = append(found, "leak: an activation code is in the state file "+name)
			}
		})
	}
	return found, err
}

// ownsSecrets reports whether a file may contain secrets: that of the sandbox, that of the aliyun CLI, and that
// of this test.
func ownsSecrets(name string) bool {
	return filepath.Base(name) == "sandbox.db" || filepath.Base(filepath.Dir(name)) == ".aliyun" || filepath.Base(name) == secretsFile
}

// secretsIn returns all secrets of the sandboxes in a world.
func secretsIn(folder string) ([]string, error) {
	var secrets []string
	err := eachFile(folder, func(name string, content []byte) {
		switch filepath.Base(name) {
		case secretsFile:
			secrets = append(secrets, strings.Fields(string(content))...)
		case "sandbox.db":
			if secret := secretOf(name); secret != "" {
				secrets = append(secrets, secret)
			}
		}
	})
	slices.Sort(secrets)
	return slices.Compact(secrets), err
}

func eachFile(folder string, visit func(name string, content []byte)) error {
	return filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(name)
		if err == nil {
			visit(name, content)
		}
		return err
	})
}

func TestLeaksAreFoundEverywhere(t *testing.T) {
	const secret, code = "S3CRETS3CRETS3CRETS3CRETS3CRET", "a-sandbox0123456789+/abcdefghij"
	log := func(text string) []output { return outputsOf("> exec ecs-activation list\n" + text) }
	for name, clean := range map[string][]output{
		"nothing":                    log(""),
		"a code on standard output":  log("[stdout]\n" + code + "\n[stderr]\nsandbox: …\n"),
		"a code on a terminal":       log("[tty]\n" + code + "\n"),
		"a code after other streams": log("[stderr]\nsandbox: …\n> exec ecs-activation create\n[stdout]\n" + code + "\n"),
		"too short for a code":       log("[stderr]\na-sandboxs3cret\n"),
	} {
		if found := leaks(clean, []string{secret}); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
	for name, leaking := range map[string][]output{
		"the secret on standard output":       log("[stdout]\nexport X=" + secret + "\n"),
		"the secret on standard error":        log("[stderr]\n" + secret + "\n"),
		"the secret on a terminal":            log("[tty]\n" + secret + "\n"),
		"the secret between the commands":     log(secret + "\n"),
		"the secret before the first command": outputsOf(secret),
		"the secret of a server":              log("[background] serve\n[stdout]\n" + secret + "\n"),
		"a code on standard error":            log("[stdout]\nID\n[stderr]\nregister with " + code + "\n"),
		"a code on a server's standard error": log("[background] serve\n[stderr]\n" + code + "\n"),
	} {
		if found := leaks(leaking, []string{secret}); len(found) != 1 {
			t.Errorf("%s: found %v, want one leak", name, found)
		}
	}
}

// The same test with real processes and a real sandbox, whose secret a script prints.
func TestScriptThatPrintsASecretFails(t *testing.T) {
	for name, test := range map[string]struct{ script, want string }{
		"clean": {script: "exec ecs-activation --sandbox create\n"},
		"secret after a reset": {
			script: "serve\nunserve\nexec ecs-activation sandbox reset\nsay stdout $ALIBABA_CLOUD_ACCESS_KEY_SECRET\n",
			want:   "AccessKeySecret is in the output",
		},
		"secret in a file": {
			script: "serve\nsay stdout $ALIBABA_CLOUD_ACCESS_KEY_ID\nexec ecs-activation version\nkeep $ALIBABA_CLOUD_ACCESS_KEY_SECRET\n",
			want:   "AccessKeySecret is in the file",
		},
		"code on standard error": {
			script: "exec ecs-activation --sandbox create -q\nmatch CODE stdout (.+)\nsay stderr $CODE\n",
			want:   "activation code is on the standard error",
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "leak.txtar")
			if err := os.WriteFile(file, []byte(test.script), 0o600); err != nil {
				t.Fatal(err)
			}
			var found []string
			spy := &spy{T: t, found: &found}
			commands := scriptCommands()
			commands["say"] = say
			commands["keep"] = keep
			testscript.RunT(spy, testscript.Params{Files: []string{file}, Setup: spy.setUp, Cmds: commands})
			all := strings.Join(found, "\n")
			if test.want == "" && all != "" || !strings.Contains(all, test.want) {
				t.Errorf("the leak test found %q, want %q", all, test.want)
			}
		})
	}
}

// spy is like watched, but records leaks instead of failing.
type spy struct {
	*testing.T
	work  string
	found *[]string
}

func (s *spy) Verbose() bool { return true }
func (s *spy) Parallel()     {}

func (s *spy) Run(name string, f func(testscript.T)) {
	s.T.Run(name, func(t *testing.T) { f(&spy{T: t, found: s.found}) })
}

func (s *spy) Log(args ...any) {
	found, err := leaksOf(s.work, outputsOf(fmt.Sprint(args...)))
	if err != nil {
		s.Error(err)
	}
	*s.found = append(*s.found, found...)
}

func (s *spy) setUp(env *testscript.Env) error {
	env.T().(*spy).work = env.WorkDir
	return setUp(env)
}

// say prints its arguments on one of the streams.
func say(ts *testscript.TestScript, _ bool, args []string) {
	to := ts.Stdout()
	if args[0] == "stderr" {
		to = ts.Stderr()
	}
	_, err := fmt.Fprintln(to, args[1:])
	ts.Check(err)
}

// keep writes its argument to a file.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs("kept.txt"), []byte(args[0]), 0o600))
}
