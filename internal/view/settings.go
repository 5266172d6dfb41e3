package view

import "ecs-activation/internal/ui"

// Path is the path of a file.
type Path struct{ Path string }

// PrintPath prints the path of a file.
func PrintPath(p *Printer, path string) error { return PrintOr(p, Path{path}, path) }

// Version describes the program.
type Version struct {
	Version  string
	Revision string // of the source code; empty: not known
	Date     string // of the revision, RFC 3339
	Modified bool   // the source code was changed after the revision
	Go       string
	Platform string
}

// VersionText returns the version with its revision.
func VersionText(v Version) string {
	if v.Revision == "" {
		return v.Version
	}
	text := v.Version + " (" + v.Revision + ", " + v.Date
	if v.Modified {
		text += ", modified"
	}
	return text + ")"
}

// Setting is an effective setting and the source of its value.
type Setting struct{ Name, Value, Source string }

// NotSet is the source of a setting without a value.
const NotSet = "not set"

// PrintSettings prints settings: a sequence for programs, a table or CSV. Quiet has no effect, because a setting
// has no ID to print.
func PrintSettings(p *Printer, settings []Setting) error {
	if ui.ForPrograms(p.Format) {
		return printMany(p, settings)
	}
	l := p.Out.Language
	if p.Format == FormatCSV {
		l = nil
	}
	return printRows(p, settingColumns(l), settings)
}

// SettingColumns returns the names of the columns of a setting.
func SettingColumns() []string { return namesOf(settingColumns(nil)) }

// settingColumns returns the columns of a table of settings.
func settingColumns(l ui.Language) []Column[Setting] {
	return []Column[Setting]{
		{Name: "name", Cell: func(s Setting) string { return s.Name }},
		{Name: "value", Cell: func(s Setting) string { return ui.Clean(s.Value) }},
		{Name: "source", CanTruncate: true, Cell: func(s Setting) string { return ui.Clean(l.Source(s.Source)) }},
	}
}
