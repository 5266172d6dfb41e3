package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ecs-activation/internal/cli"
)

// The scripts in testdata/script run the real program as a process, as an operator's shell
// does: what cli.md promises, one promise a script. Besides testscript's own commands they
// have those of scriptcmds_test.go. Whatever a script makes the program print is searched for
// secrets (leak_test.go).

func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil { // otherwise a second at every exit
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){
		"ecs-activation": func() {
			noteSecret()
			os.Exit(cli.Main("test"))
		},
	})
}

func TestTheProgramKeepsThePromiseOfScript(t *testing.T) {
	runScripts(t, filepath.Join("testdata", "script"))
}

// runScripts runs every script of a folder, each in a world of its own, under watch for leaks.
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

// world is the environment of a user with nothing configured, in a folder. It replaces the
// tester's own: no account, no proxy, no setting gets in from outside.
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
