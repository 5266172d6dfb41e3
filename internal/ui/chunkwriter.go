package ui

import "io"

// chunkSize is the number of bytes that a chunkWriter collects.
const chunkSize = 64 << 10

// chunkWriter collects bytes and writes them in chunks of up to chunkSize. Unlike bufio.Writer it never
// splits the bytes of one call of Write between two chunks, so a chunk of lines ends with a line.
type chunkWriter struct {
	w         io.Writer
	collected []byte
}

// Write collects b. If b is longer than a chunk, it is written at once.
func (c *chunkWriter) Write(b []byte) (int, error) {
	if len(c.collected)+len(b) > chunkSize {
		if err := c.Flush(); err != nil {
			return 0, err
		}
	}
	if len(b) > chunkSize {
		return c.w.Write(b)
	}
	c.collected = append(c.collected, b...)
	return len(b), nil
}

// Flush writes the collected bytes.
func (c *chunkWriter) Flush() error {
	if len(c.collected) == 0 {
		return nil
	}
	_, err := c.w.Write(c.collected)
	c.collected = c.collected[:0]
	return err
}
