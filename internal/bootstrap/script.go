package bootstrap

import (
	_ "embed" // the scripts are separate files, for shellcheck and editors
	"strings"
)

//go:embed register.sh
var shellBody string

//go:embed register.ps1
var powerShellBody string

// shellScript returns a script with the functions first, then the values, and then one line that calls
// main. An incomplete script does nothing.
func shellScript(r Registration) string {
	var b strings.Builder
	b.WriteString(shellBody)
	b.WriteString("\ncode=" + ShellQuote(r.ActivationCode) + "\nproxy=" + ShellQuote(r.Proxy) +
		"\ndistributions=" + ShellQuote(distributions()) + "\ndocumented=" + ShellQuote(documented()) + "\nmain")
	for _, o := range r.options() {
		b.WriteString(" " + o.text(ShellQuote))
	}
	b.WriteString("\n")
	return b.String()
}

// powerShellScript returns the PowerShell script. It contains the complete command line of the agent,
// because Windows PowerShell does not escape quotes in the arguments of a program.
func powerShellScript(r Registration) string {
	words := []string{"--register"}
	for _, o := range append(r.options(), option{"ActivationCode", r.ActivationCode}) {
		words = append(words, windowsArgument("--"+o.name+"="+o.value))
	}
	return powerShellBody +
		"\nRegister-Machine -Arguments " + powerShellQuote(strings.Join(words, " ")) +
		" -Code " + powerShellQuote(r.ActivationCode) +
		" -Proxy " + powerShellQuote(r.Proxy) +
		" -Documented " + powerShellQuote(documented()) + "\n"
}

const (
	cloudInitHead = `#cloud-config
# Registers this machine with Alibaba Cloud at its first boot. User data stays readable on the
# machine: in /var/lib/cloud for root, and often in the metadata service for all users. Give the
# code a short lifetime and few uses, and disable it after the machines have registered.
write_files:
  - path: ` + cloudInitScript + `
    permissions: '0700'
    content: |
`
	cloudInitTail = `runcmd:
  - [sh, -c, 'sh ` + cloudInitScript + `; status=$?; rm -f ` + cloudInitScript + `; exit $status']
`
	// cloudInitScript is the path of the script. /run is in memory, and other users cannot create
	// files in it.
	cloudInitScript = "/run/ecs-activation-register.sh"
)

// cloudInit returns a cloud-init document with the shell script as a literal block. No character needs
// an escape, because check returned an error for those that would.
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
