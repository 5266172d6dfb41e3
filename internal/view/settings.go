package view

import "ecs-activation/internal/ui"

// Setting is a setting that is effective, and where its value came from.
type Setting struct{ Name, Value, Source string }

// Settings prints settings: a sequence for programs, or a table. A setting has no bare form, so
// Quiet has no meaning here.
func (p *Printer) Settings(settings []Setting) error {
	if ui.ForPrograms(p.Format) {
		return printMany(p, settings)
	}
	return tableOf(columnsOf(settingColumns(), p.wide()), settings).Write(p.Out)
}

func settingColumns() []Column[Setting] {
	return []Column[Setting]{
		{Name: "name", Cell: func(s Setting) string { return s.Name }},
		{Name: "value", Cell: func(s Setting) string { return ui.Clean(s.Value) }},
		{Name: "source", CanTruncate: true, Cell: func(s Setting) string { return ui.Clean(s.Source) }},
	}
}
