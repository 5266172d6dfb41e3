package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/config"
)

const settingsHead = `# Settings

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

// tables writes the page of the settings.
func tables(root *cobra.Command, folder string) error {
	var settings strings.Builder
	settings.WriteString(settingsHead)
	for _, s := range cli.Settings(root) {
		fmt.Fprintf(&settings, "| %s | `%s` | `%s` | %s | %s | %s |\n",
			code(flag(s)), config.EnvName(s.Name), s.Name, codes(s.Env), code(s.Default), meaning(s))
	}
	return os.WriteFile(filepath.Join(folder, "settings.md"), []byte(settings.String()), 0o644)
}

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
