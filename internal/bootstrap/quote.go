package bootstrap

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// ShellQuote returns a text as one word of a POSIX shell.
func ShellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// powerShellQuote returns a text as one argument of PowerShell, in ASCII, because Windows PowerShell
// reads a script without a byte order mark in the encoding of the system, and treats typographic quotes
// as quotes (about_Quoting_Rules).
func powerShellQuote(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	var escaped strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		switch {
		case unit == '\'', unit == '\\':
			escaped.WriteString(strings.Repeat(string(rune(unit)), 2))
		case unit < ' ' || unit > '~':
			fmt.Fprintf(&escaped, "\\u%04x", unit)
		default:
			escaped.WriteRune(rune(unit))
		}
	}
	return "([regex]::Unescape('" + escaped.String() + "'))"
}

// windowsArgument returns a text without NUL as one argument of a Windows command line. A backslash is
// special only before a quote, where it is doubled (CommandLineToArgvW).
func windowsArgument(text string) string {
	parts := strings.Split(text, `"`)
	for i, part := range parts {
		body := strings.TrimRight(part, `\`)
		parts[i] = part + part[len(body):]
	}
	return `"` + strings.Join(parts, `\"`) + `"`
}
