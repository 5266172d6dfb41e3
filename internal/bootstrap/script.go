package bootstrap

import (
	_ "embed" // the scripts are files of their own, which shellcheck and editors can read
	"strings"
)

//go:embed register.sh
var shellBody string

//go:embed register.ps1
var powerShellBody string

// shellScript is functions, then the values, then one line that begins: a script that was cut
// short does nothing.
func shellScript(r Registration) string {
	var b strings.Builder
	b.WriteString(shellBody)
	b.WriteString("\ncode=" + ShellQuote(r.ActivationCode) + "\nproxy=" + ShellQuote(r.Proxy) + "\nmain")
	for _, o := range r.options() {
		b.WriteString(" " + o.text(ShellQuote))
	}
	b.WriteString("\n")
	return b.String()
}

// powerShellScript has the agent's command line made here: Windows PowerShell does not escape
// quotes in the arguments of a program.
func powerShellScript(r Registration) string {
	words := []string{"--register"}
	for _, o := range append(r.options(), option{"ActivationCode", r.ActivationCode}) {
		words = append(words, windowsArgument("--"+o.name+"="+o.value))
	}
	return powerShellBody +
		"\nRegister-Machine -Arguments " + powerShellQuote(strings.Join(words, " ")) +
		" -Code " + powerShellQuote(r.ActivationCode) +
		" -Proxy " + powerShellQuote(r.Proxy) + "\n"
}

const (
	cloudInitHead = `#cloud-config
# Registers this machine with Alibaba Cloud at its first boot. User data stays readable on the
# machine: in /var/lib/cloud for root, and often in the metadata service for everybody. Give the
# code a short life and few uses, and disable it when the machines have registered.
write_files:
  - path: ` + cloudInitScript + `
    permissions: '0700'
    content: |
`
	cloudInitTail = `runcmd:
  - [sh, -c, 'sh ` + cloudInitScript + `; status=$?; rm -f ` + cloudInitScript + `; exit $status']
`
	// cloudInitScript is where the script waits to be run: in memory, and not where another
	// user could have made a file of this name.
	cloudInitScript = "/run/ecs-activation-register.sh"
)

// cloudInit holds the script as a literal block, as it is: no line of it needs an escape,
// because check has refused what would.
func cloudInit(r Registration) string {
	var b strings.Builder
	b.WriteString(cloudInitHead)
	for line := range strings.Lines(shellScript(r)) {
		if line != "\n" {
			b.WriteString("      ")
		}
		b.WriteString(line)
	}
	b.WriteString(cloudInitTail)
	return b.String()
}
