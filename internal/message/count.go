package message

// CountIncomplete returns the note that a number of codes leaves out the regions that could not be read.
func (c Invocation) CountIncomplete(failed, regions int) string {
	return c.Language.text("note: the number is incomplete: %d of %d regions could not be read", failed, regions)
}

// OneMore returns the note that a wait without a condition waits for one more machine.
func (c Invocation) OneMore(registered int) string {
	return c.Language.count(registered, "waiting until one more machine registers; %s has registered so far", "waiting until one more machine registers; %s have registered so far")
}
