package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
)

const settingsHead = `# Settings

For everybody who configures the program: the flag, the variable and the key of each setting, and which one is used.

A setting has the value of the first source in this order: the flag; the variable of this tool; the
variables of the official tools; the key in the configuration file; the profile of the aliyun CLI (for
the region); the default. If the profile is set by --profile or ECS_ACTIVATION_PROFILE, its region is used.
If another source names it, and the environment has keys, these sign, and the region of the profile is not used.

In the file a list is a sequence; in a variable its items are separated by commas. An empty variable
is treated as not set. ` + "`ecs-activation config`" + ` shows the effective values and their sources.

A variable whose name begins with ECS_ACTIVATION_, and which is not in this list, is an error: a misspelled
ECS_ACTIVATION_SANDBOX would otherwise send a command to the real service.

A length of time is written with its units: 30s, 90m, 2h, 1d, 1d12h.

| flag | variable | key in the file | official variables | default | meaning |
|---|---|---|---|---|---|
`

const exitsHead = `# Exit codes

For everybody who writes a script: what each exit code means.

| code | meaning |
|---|---|
`

const errorsHead = `# Error codes

For everybody who has an error code of the service: what it means and what to do. The most frequent errors are explained
step by step in [howto/errors.md](../howto/errors.md).

The exit code, the cause and the hint for each error code of the service. A more specific code has the
same row (Throttling.User: see Throttling). For an error code that is not in this table, the message of
the service is shown. The flags --sandbox, --profile and --endpoint that were given are added to the
commands. The table has the codes of the four operations and the codes that are common to all operations.

` + "`create`" + ` exits with 1 where the table shows 7: the code may exist, and the last line of standard error
is the ` + "`ecs-activation recover`" + ` command that retrieves it. The same applies to every other error code if an
attempt received no response, or a response that is not a refusal.

| code | exit | cause | remedy |
|---|---|---|---|
`

// tables writes the pages with tables.
func tables(root *cobra.Command, folder string) error {
	var settings, exits, refusals strings.Builder
	settings.WriteString(settingsHead)
	for _, s := range cli.Settings(root) {
		fmt.Fprintf(&settings, "| %s | `%s` | `%s` | %s | %s | %s |\n",
			code(flag(s)), config.EnvName(s.Name), s.Name, codes(s.Env), code(s.Default), meaning(s))
	}
	exits.WriteString(exitsHead)
	for _, e := range message.Exits(nil) {
		fmt.Fprintf(&exits, "| %s | %s |\n", e.Code, e.Means)
	}
	refusals.WriteString(errorsHead)
	for _, name := range activation.Codes() {
		refusals.WriteString(refusal(name))
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "errors.md"), []byte(refusals.String()), 0o644),
		os.WriteFile(filepath.Join(folder, "settings.md"), []byte(settings.String()), 0o644),
		os.WriteFile(filepath.Join(folder, "exit-codes.md"), []byte(exits.String()), 0o644),
	)
}

// refusal returns the row of an error code.
func refusal(name string) string {
	e := &activation.Error{Code: name, ID: activation.Ref{RegionId: anyRegion, ActivationId: "ID"}, Err: errors.New("…")}
	text := message.Invocation{}.Error(e)
	remedy := text.Hint
	if text.Command != "" {
		remedy += ": " + code(text.Command)
	}
	row := fmt.Sprintf("| %s | %s | %s | %s |\n", code(name), exitOf(name), message.Invocation{}.Cause(e), remedy)
	return strings.ReplaceAll(row, anyRegion, "REGION")
}

// exitOf returns the exit code for an error code. IdempotentProcessing has two.
func exitOf(name string) string {
	exit := fmt.Sprint(message.ExitOf(activation.KindOfCode(name)))
	if name == "IdempotentProcessing" {
		exit += " with --client-token, otherwise 1"
	}
	return exit
}

// anyRegion is a valid region for commands. The table shows REGION instead.
const anyRegion = "any-region"

// flag returns the flag of a setting, with its command: --region, create --tag.
func flag(s config.Setting) string {
	if s.Flag == "" {
		return "--" + s.Name
	}
	owner := strings.ReplaceAll(strings.TrimSuffix(s.Name, "-"+s.Flag), "-", " ")
	if owner == "sandbox" {
		owner = "sandbox serve"
	}
	return owner + " --" + s.Flag
}

// meaning returns the description of a setting.
func meaning(s config.Setting) string {
	if len(s.Choices) > 0 {
		return s.Usage + ": " + strings.Join(s.Choices, ", ")
	}
	return strings.ReplaceAll(s.Usage, "|", "\\|")
}

// code returns a text as Markdown code.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// codes returns texts as Markdown code.
func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = code(text)
	}
	return strings.Join(quoted, " ")
}
