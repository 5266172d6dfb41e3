package bootstrap

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// ShellQuote makes one word of a POSIX shell out of any text.
func ShellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// powerShellQuote makes one argument of PowerShell out of any text, in ASCII: Windows
// PowerShell reads a script without a byte order mark in the system's own encoding, and takes
// typographic quotes for quotes (about_Quoting_Rules).
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

// windowsArgument makes one argument of a Windows command line out of any text without NUL. A
// backslash counts only in front of a quote, where it is doubled (CommandLineToArgvW).
func windowsArgument(text string) string {
	parts := strings.Split(text, `"`)
	for i, part := range parts {
		body := strings.TrimRight(part, `\`)
		parts[i] = part + part[len(body):]
	}
	return `"` + strings.Join(parts, `\"`) + `"`
}
