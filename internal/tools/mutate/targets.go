package main

// target is source whose mutants the same tests must notice.
type target struct {
	files []string // patterns, from the module's folder; test files are left out
	tests []test   // run in this order until one fails
}

// test is a selection of the tests of one package.
type test struct {
	pkg       string // its folder, from the module's folder
	run, skip string // as for go test; empty: every test, and none
}

// targets are all that is changed, with the tests that must notice: the package's own tests
// first, because they are quick, then the scripts of the command line.
func targets() []target {
	const cli = "internal/cli"
	delivery := test{pkg: cli, run: "Script/(create|recover|ensure|save|answers|records)|Ensure|Survives|Refused", skip: "Script/(ensure_repeats|recover_slow)"}
	return []target{
		{
			files: []string{"internal/pending/*.go"},
			tests: []test{{pkg: "internal/pending"}, {pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/issuance/issue.go", "internal/issuance/replay.go", "internal/issuance/origin.go", "internal/issuance/records.go", "internal/issuance/keep.go", "internal/issuance/issuance.go"},
			tests: []test{{pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/codefile/*.go"},
			tests: []test{{pkg: "internal/codefile"}, {pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/ecs/outcome.go", "internal/ecs/retry.go", "internal/ecs/bodies.go", "internal/ecs/exchange.go"},
			tests: []test{
				{pkg: "internal/ecs"},
				{pkg: cli, run: "Script/(create|recover|ensure|errors|network|list_throttled)", skip: "Script/ensure_repeats"},
				{pkg: cli, run: "Script", skip: "Script/(create|recover|ensure|errors|network|list_throttled|list_watch|wait|bootstrap|completion|terminal)"},
			},
		},
	}
}
