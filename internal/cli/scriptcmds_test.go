package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are the commands of scripts besides those of testscript:
//
//	exits N program [args...]   run it; its exit status must be exactly N
//	terminal [-stdin] INPUT N program [args...]
//	                            the same with a terminal on which the content of INPUT is typed; the file screen
//	                            has what it shows. -stdin: standard input is the terminal, too
//	json SOURCE PATH WANT       the value at PATH of a JSON document, as text
//	getjson VAR SOURCE PATH     the same into a variable
//	match VAR SOURCE REGEXP     the first group of the first match into a variable
//	serve [flags...]            start "sandbox serve", export what it prints
//	temporary                   set TEMPORARY_ID, _SECRET and _TOKEN to the keys of a role there
//	unserve                     end it with an interrupt; it must succeed
//	standin VAR hang            a server that never answers; its URL into a variable
//	standin VAR refuse          an address on which no server listens
//	standin VAR STATUS FILE     a server that always returns this response
//	codes N FILE                N codes to load, with the tag env=prod
//	fill FILE                   replace $VAR in a file
//	clock VAR TIME              the time that long ago into a variable
//	age TIME                    move the records of creates that far into the past
//
// SOURCE is stdout, stderr (for json: its last line) or a file. PATH is made of
// .Key, [N], [] for every element, and .length.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits":    exits,
		"terminal": inTerminal,
		"json":     jsonIs,
		"getjson":  getJSON,
		"match":    match,
		"serve":    serve,
		"unserve":  unserve,

		"temporary": temporary,
		"standin":   standIn,
		"codes":     codes,
		"fill":      fill,
		"clock":     clock,
		"age":       age,
	}
}

// arguments fails the script if a command does not match its usage.
func arguments(ts *testscript.TestScript, neg bool, args []string, least, most int, usage string) {
	if neg || len(args) < least || most >= 0 && len(args) > most {
		ts.Fatalf("usage: %s", usage)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, -1, "exits N program [args...]")
	checkStatus(ts, args[0], statusOf(ts, args[1:]))
}

// inTerminal runs a command with the program on-terminal. The terminal of testscript is not used: it is closed as
// soon as the command ends, so it loses the last output if that has not been read yet.
func inTerminal(ts *testscript.TestScript, neg bool, args []string) {
	stdin := "inherited"
	if len(args) > 0 && args[0] == "-stdin" {
		stdin, args = "terminal", args[1:]
	}
	arguments(ts, neg, args, 3, -1, "terminal [-stdin] INPUT N program [args...]")
	status := statusOf(ts, append([]string{onTerminal, ts.MkAbs(args[0]), ts.MkAbs("screen"), stdin}, args[2:]...))
	ts.Logf("[tty]\n%s\n", ts.ReadFile("screen"))
	checkStatus(ts, args[1], status)
}

// statusOf runs a command and returns its exit status.
func statusOf(ts *testscript.TestScript, command []string) int {
	err := ts.Exec(command[0], command[1:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func checkStatus(ts *testscript.TestScript, want string, status int) {
	if strconv.Itoa(status) != want {
		ts.Fatalf("exit status %d, want %s", status, want)
	}
}

func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 3, 3, "json SOURCE PATH WANT")
	if got := valueIn(ts, args[0], args[1]); got != args[2] {
		ts.Fatalf("%s of %s is %s, want %s", args[1], args[0], got, args[2])
	}
}

func getJSON(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 3, 3, "getjson VAR SOURCE PATH")
	ts.Setenv(args[0], valueIn(ts, args[1], args[2]))
}

func valueIn(ts *testscript.TestScript, source, path string) string {
	text := ts.ReadFile(source)
	if source == "stderr" {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		text = lines[len(lines)-1]
	}
	value, err := jsonValue(text, path)
	ts.Check(err)
	return value
}

// jsonValue returns a value in a document: a string as it is, everything else as JSON.
func jsonValue(document, path string) (string, error) {
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", fmt.Errorf("no JSON: %w in %q", err, document)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("more than one JSON document in %q", document)
	}
	value, err := follow(value, path)
	if err != nil {
		return "", err
	}
	if text, ok := value.(string); ok {
		return text, nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(value)
	return strings.TrimSuffix(out.String(), "\n"), err
}

var pathStep = regexp.MustCompile(`^(?:\.(\w+)|\[(\d*)\])`)

// follow follows the first step of a path, and then the rest.
func follow(value any, path string) (any, error) {
	if path == "" {
		return value, nil
	}
	step := pathStep.FindStringSubmatch(path)
	if step == nil {
		return nil, fmt.Errorf("path %q is not made of .Key, [N], [] and .length", path)
	}
	rest := path[len(step[0]):]
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	switch {
	case isObject && step[1] != "":
		inner, found := object[step[1]]
		if !found {
			return nil, fmt.Errorf("there is no key %s", step[1])
		}
		return follow(inner, rest)
	case isList && step[1] == "length":
		return follow(json.Number(strconv.Itoa(len(list))), rest)
	case isList && step[0] == "[]":
		each := make([]any, len(list))
		for i, element := range list {
			var err error
			if each[i], err = follow(element, rest); err != nil {
				return nil, err
			}
		}
		return each, nil
	case isList && step[2] != "":
		if i, err := strconv.Atoi(step[2]); err == nil && i < len(list) {
			return follow(list[i], rest)
		}
	}
	return nil, fmt.Errorf("there is no %s in %v", step[0], value)
}

func match(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 3, 3, "match VAR SOURCE REGEXP")
	pattern, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) < 2 {
		ts.Fatalf("no match with a group for %#q in %s", args[2], args[1])
	}
	ts.Setenv(args[0], found[1])
}

// server is a running "sandbox serve". Its standard output, which may contain the secret, is not written to the
// log.
type server struct {
	cmd     *exec.Cmd
	stderr  bytes.Buffer
	exports map[string]string
}

const lastExport = "ECS_ACTIVATION_ENDPOINT"

// startServer runs "sandbox serve" and reads the lines to export; the endpoint is the last.
func startServer(env []string, flags ...string) (*server, error) {
	s := &server{cmd: exec.Command("ecs-activation", append([]string{"sandbox", "serve"}, flags...)...), exports: map[string]string{}}
	s.cmd.Env, s.cmd.Stderr = env, &s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); s.exports[lastExport] == "" && lines.Scan(); {
		assignment, ok := strings.CutPrefix(lines.Text(), "export ")
		name, value, assigned := strings.Cut(assignment, "=")
		if !ok || !assigned {
			return nil, fmt.Errorf("sandbox serve printed a line that exports nothing")
		}
		s.exports[name] = value
	}
	if s.exports[lastExport] == "" {
		return nil, fmt.Errorf("sandbox serve did not start: %w\n%s", s.cmd.Wait(), s.stderr.String())
	}
	return s, nil
}

// stop interrupts the server, which then ends with status 0.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil { // Windows has no interrupt to send
		return errors.Join(s.cmd.Process.Kill(), s.cmd.Wait())
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("sandbox serve: %w\n%s", err, s.stderr.String())
	}
	return nil
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, -1, "serve [flags...]")
	s, err := startServer(environmentOf(ts), args...)
	ts.Check(err)
	for name, value := range s.exports {
		ts.Setenv(name, value)
	}
	running(ts)[s] = true
	ts.Defer(func() {
		if running(ts)[s] {
			ts.Check(errors.Join(s.cmd.Process.Kill(), ignoreExit(s.cmd.Wait())))
			ts.Logf("[background] sandbox serve\n[stderr]\n%s", s.stderr.String())
		}
	})
}

func ignoreExit(err error) error {
	if errors.As(err, new(*exec.ExitError)) {
		return nil
	}
	return err
}

func unserve(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, 0, "unserve")
	if len(running(ts)) == 0 {
		ts.Fatalf("nothing is served")
	}
	for s := range running(ts) {
		delete(running(ts), s)
		ts.Check(s.stop())
		ts.Logf("[background] sandbox serve\n[stderr]\n%s", s.stderr.String())
	}
}

type runningKey struct{}

// running has the servers of a script.
func running(ts *testscript.TestScript) map[*server]bool {
	return ts.Value(runningKey{}).(map[*server]bool)
}

// environmentOf returns the current environment of a script.
func environmentOf(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "GORACE", "GOCOVERDIR", secretsVariable,
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func standIn(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, 3, "standin VAR hang|refuse|STATUS FILE")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := listener.Addr()
	switch args[1] {
	case "hang":
		ts.Defer(func() { ts.Check(listener.Close()) })
	case "refuse":
		// The local address of a connection: no server listens on it, and no other program gets the port.
		connection, err := net.Dial("tcp", address.String())
		ts.Check(err)
		ts.Defer(func() { ts.Check(errors.Join(connection.Close(), listener.Close())) })
		address = connection.LocalAddr()
	default:
		arguments(ts, neg, args, 3, 3, "standin VAR STATUS FILE")
		status, err := strconv.Atoi(args[1])
		ts.Check(err)
		ts.Defer(answering(listener, status, ts.ReadFile(args[2])).Close)
	}
	ts.Setenv(args[0], "http://"+address.String())
}

// answering returns a server that always returns the same response.
func answering(listener net.Listener, status int, body string) *httptest.Server {
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body) //nolint:errcheck // the client may have gone
	})}}
	server.Start()
	return server
}

func codes(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, 2, "codes N FILE")
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	elements := make([]string, n)
	for i := range elements {
		elements[i] = fmt.Sprintf(`{"InstanceName":"c%d","Tags":[{"TagKey":"env","TagValue":"prod"}]}`, i+1)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte("["+strings.Join(elements, ",\n")+"]\n"), 0o600))
}

func clock(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, 2, "clock VAR TIME")
	ago, err := time.ParseDuration(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().Add(-ago).UTC().Format(time.RFC3339))
}

func fill(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, 1, "fill FILE")
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func TestJSONPath(t *testing.T) {
	const document = `{"a":[{"b":"x<y"},{"b":2}],"c":null}`
	for path, want := range map[string]string{
		".a[0].b": "x<y", ".a[1].b": "2", ".a.length": "2", ".a[].b": `["x<y",2]`, ".c": "null", "": `{"a":[{"b":"x<y"},{"b":2}],"c":null}`,
	} {
		if got, err := jsonValue(document, path); got != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", path, got, err, want)
		}
	}
	for _, path := range []string{".d", ".a[2]", ".a.b", "a", ".a[0].b.c", ".c[]", ".a[].d"} {
		if got, err := jsonValue(document, path); err == nil {
			t.Errorf("%q: %q, want an error", path, got)
		}
	}
	if _, err := jsonValue(`{} {}`, ""); err == nil {
		t.Error("two documents count as one")
	}
}

var recordedTime = regexp.MustCompile(`"(StartedAt|At)":"([^"]+)"`)

func age(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, 1, "age TIME")
	by, err := time.ParseDuration(args[0])
	ts.Check(err)
	records, err := filepath.Glob(ts.MkAbs("state/ecs-activation/pending/*"))
	ts.Check(err)
	for _, record := range records {
		text, err := os.ReadFile(record)
		ts.Check(err)
		text = recordedTime.ReplaceAllFunc(text, func(field []byte) []byte {
			parts := recordedTime.FindSubmatch(field)
			at, err := time.Parse(time.RFC3339Nano, string(parts[2]))
			ts.Check(err)
			return fmt.Appendf(nil, `"%s":"%s"`, parts[1], at.Add(-by).Format(time.RFC3339Nano))
		})
		ts.Check(os.WriteFile(record, text, 0o600))
	}
}
