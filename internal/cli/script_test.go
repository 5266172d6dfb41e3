package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ecs-activation/internal/cli"
)

// The scripts in testdata/script run the real program as a process, as a shell does. Each script tests one
// feature. Besides the commands of testscript they use those of scriptcmds_test.go. All output of the program is
// searched for secrets (leak_test.go).

func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil { // otherwise a second at every exit
			panic(err)
		}
	}
	// Most tests wait for processes and not for a processor. -parallel on the command line takes precedence.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"ecs-activation": func() {
			noteSecret()
			os.Exit(cli.Main("test"))
		},
		onTerminal: func() {
			status, err := runOnTerminal(os.Args[1], os.Args[2], os.Args[3] == "terminal", os.Args[4:])
			if err != nil {
				panic(err)
			}
			os.Exit(status)
		},
	})
}

// onTerminal is the name of a program for scripts: on-terminal INPUT SHOWN STDIN program [args...]
const onTerminal = "on-terminal"

func TestScript(t *testing.T) {
	runScripts(t, filepath.Join("testdata", "script"))
}

// runScripts runs every script of a folder in its own environment and searches the output for leaks.
func runScripts(t *testing.T, folder string) {
	params := testscript.Params{
		Dir:                 folder,
		Setup:               setUp,
		Cmds:                scriptCommands(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	}
	params.Deadline, _ = t.Deadline()
	testscript.RunT(&watched{T: t}, params)
}

func setUp(env *testscript.Env) error {
	env.Vars = append(env.Vars, world(env.WorkDir)...)
	env.Values[runningKey{}] = map[*server]bool{}
	if watched, ok := env.T().(*watched); ok {
		watched.work = env.WorkDir
	}
	return os.MkdirAll(filepath.Join(env.WorkDir, "home"), 0o700)
}

// world returns the environment of a user without any configuration, in a folder. It replaces the environment of
// the test, so that no account, proxy or setting of that is used.
func world(folder string) []string {
	in := func(name string) string { return filepath.Join(folder, name) }
	return []string{
		"HOME=" + in("home"),
		"USERPROFILE=" + in("home"),
		"XDG_CONFIG_HOME=" + in("config"),
		"XDG_STATE_HOME=" + in("state"),
		"XDG_RUNTIME_DIR=" + in("run"),
		"TERM=xterm",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
		secretsVariable + "=" + in(secretsFile),
	}
}
