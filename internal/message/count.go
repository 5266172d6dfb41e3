package message

// CountIncomplete returns the note that a number of codes leaves out the regions that could not be read.
func (c Invocation) CountIncomplete(failed, regions int) string {
	return c.Language.text("note: the number is incomplete: %d of %d regions could not be read", failed, regions)
}
