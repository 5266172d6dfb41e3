package view

import "ecs-activation/internal/ui"

// Setting is an effective setting and the source of its value.
type Setting struct{ Name, Value, Source string }

// NotSet is the source of a setting without a value.
const NotSet = "not set"

// PrintSettings prints settings: a sequence for programs, or a table. Quiet has no effect, because a setting
// has no ID to print.
func PrintSettings(p *Printer, settings []Setting) error {
	if ui.ForPrograms(p.Format) {
		return printMany(p, settings)
	}
	return tableOf(columnsOf(settingColumns(p.Out.Language), p.wide()), settings).Write(p.Out)
}

// settingColumns returns the columns of a table of settings.
func settingColumns(l ui.Language) []Column[Setting] {
	return []Column[Setting]{
		{Name: "name", Cell: func(s Setting) string { return s.Name }},
		{Name: "value", Cell: func(s Setting) string { return ui.Clean(s.Value) }},
		{Name: "source", CanTruncate: true, Cell: func(s Setting) string { return ui.Clean(l.Find(s.Source)) }},
	}
}
