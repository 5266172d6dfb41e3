package view

import (
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// ReadProgress starts a line of progress for a reading, such as "12 of 16 regions, 3,400 codes". It returns
// what is called with every part, and what ends the line. unserved is called once, for the first region
// without the service.
func ReadProgress(io *ui.IO, q fleet.Query, unserved func()) (see func(fleet.Part), stop func()) {
	progress := io.Progress()
	regions, codes, called := 0, 0, false
	text := func() string {
		text := ui.Count(codes, "code")
		if len(q.Regions) > 1 {
			text = ui.Number(regions) + " of " + ui.Count(len(q.Regions), "region") + ", " + text
		}
		return text
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

// CountProgress starts a line of progress such as "delete: 120 of 1,000". It returns what adds one to it
// and what ends it.
func CountProgress(io *ui.IO, word string, of int) (advance, stop func()) {
	progress, done := io.Progress(), 0
	show := func() {
		progress.Update(func() string { return word + " " + ui.Number(done) + " of " + ui.Number(of) })
	}
	show()
	return func() { done++; show() }, progress.Stop
}
