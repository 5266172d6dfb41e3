package message

// CountIncomplete returns the note that a number of codes leaves out the regions that could not be read.
func CountIncomplete(l Language, failed, regions int) string {
	return l.text("note: the number is incomplete: %d of %d regions could not be read", failed, regions)
}

// OneMore returns the note that a wait without a condition waits for one more machine.
func OneMore(l Language, registered int) string {
	return l.count(registered, "waiting until one more machine registers; %s has registered so far", "waiting until one more machine registers; %s have registered so far")
}
