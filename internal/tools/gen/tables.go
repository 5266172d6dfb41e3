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

The first source that has a value wins: the flag; the tool's own variable; the variables of the
official tools; the key in the configuration file; the profile of the aliyun CLI (for the region); the
default. A profile that is named by --profile or ECS_ACTIVATION_PROFILE brings its own region.

In the file a list is a sequence; in a variable its items are separated by commas. An empty variable
counts as not set. ` + "`ecs-activation config`" + ` shows what is in force and where it came from.

| flag | variable | key in the file | official variables | default | meaning |
|---|---|---|---|---|---|
`

const exitsHead = `# Exit codes

| code | meaning |
|---|---|
`

const errorsHead = `# Error codes

What this tool says and does about each error code of the service, without the codes' refinements
(Throttling.User counts as Throttling). A code that is not here is told in the service's own words.
In front of a command stand the --sandbox, --profile and --endpoint that were given. The codes are those
of the four operations' pages and those common to every operation.

` + "`create`" + ` exits with 1 where the table says 7: the code may have been made, and the last line of standard
error is the ` + "`ecs-activation recover`" + ` command that brings it. It does the same for every other code after an
attempt that was not answered, or not with a refusal.

| code | exit | cause | remedy |
|---|---|---|---|
`

// tables writes the pages that are tables.
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

// refusal is the row of an error code.
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

// exitOf is the exit code of an error code. IdempotentProcessing has two.
func exitOf(name string) string {
	exit := fmt.Sprint(message.ExitOf(activation.KindOfCode(name)))
	if name == "IdempotentProcessing" {
		exit += " with --client-token, otherwise 1"
	}
	return exit
}

// anyRegion is a region that a command can name; the table shows REGION.
const anyRegion = "any-region"

// flag is where a setting is given on a command line: --region, create --tag.
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

func meaning(s config.Setting) string {
	if len(s.Choices) > 0 {
		return s.Usage + ": " + strings.Join(s.Choices, ", ")
	}
	return strings.ReplaceAll(s.Usage, "|", "\\|")
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = code(text)
	}
	return strings.Join(quoted, " ")
}
