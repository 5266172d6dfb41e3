package view

import (
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// ReadProgress starts a line of progress for a reading, such as "12 of 16 regions, 3,400 codes". It returns
// what is called with every part, and what ends the line. unserved is called once, for the first region
// without the service.
func ReadProgress(io *ui.IO, q fleet.Query, unserved func()) (see func(fleet.Part), stop func()) {
	progress, l := io.Progress(), io.Err.Language
	regions, codes, called := 0, 0, false
	text := func() string {
		if len(q.Regions) > 1 {
			return l.Count(codes, "%[2]s of %[3]s regions, %[1]s code", "%[2]s of %[3]s regions, %[1]s codes", ui.Number(regions), ui.Number(len(q.Regions)))
		}
		return l.Count(codes, "%s code", "%s codes")
	}
	progress.Update(text)
	return func(part fleet.Part) {
		codes += len(part.Page.ActivationList)
		if part.End {
			regions++
		}
		if part.Unserved && !called {
			called = true
			unserved()
		}
		progress.Update(text)
	}, progress.Stop
}

// CountProgress starts a line of progress such as "delete: 120 of 1,000". format has the two numbers. It
// returns what adds one to the line and what ends it.
func CountProgress(io *ui.IO, format string, of int) (advance, stop func()) {
	progress, done := io.Progress(), 0
	show := func() {
		progress.Update(func() string { return io.Err.Language.Text(format, ui.Number(done), ui.Number(of)) })
	}
	show()
	return func() { done++; show() }, progress.Stop
}
