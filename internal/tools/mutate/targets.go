package main

// target is a set of source files and the tests that must fail for their mutants.
type target struct {
	files []string // patterns, relative to the module's folder; test files are left out
	tests []test   // run in this order until one fails
}

// test is a selection of the tests of one package.
type test struct {
	pkg       string // its folder, relative to the module's folder
	run, skip string // as for go test; empty: run all tests, skip none
}

// targets returns all source files that are changed, with their tests: first the tests of the package,
// because they are fast, then the scripts of package cli.
func targets() []target {
	const cli = "internal/cli"
	delivery := test{pkg: cli, run: "Script/(create|recover|ensure|save|answers|records)|Ensure|Survives|Refused", skip: "Script/(ensure_repeats|recover_slow)"}
	return []target{
		{
			files: []string{"internal/pending/*.go"},
			tests: []test{{pkg: "internal/pending"}, {pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/issuance/issue.go", "internal/issuance/replay.go", "internal/issuance/origin.go", "internal/issuance/records.go", "internal/issuance/ensure.go", "internal/issuance/errors.go", "internal/issuance/notes.go"},
			tests: []test{{pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/codefile/*.go"},
			tests: []test{{pkg: "internal/codefile"}, {pkg: "internal/issuance"}, delivery},
		},
		{
			files: []string{"internal/fleet/*.go"},
			tests: []test{{pkg: "internal/fleet"}, {pkg: cli, run: "Script/(list|prune|show|disable|delete)|Complete|Prune"}},
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
