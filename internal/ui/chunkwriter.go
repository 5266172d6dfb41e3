package ui

import "io"

// chunkSize is the number of bytes that a chunkWriter collects.
const chunkSize = 64 << 10

// chunkWriter collects what is written and writes it in chunks of up to chunkSize bytes. Unlike a
// bufio.Writer it never divides what one call of Write got, so a chunk of lines ends with a line.
type chunkWriter struct {
	w         io.Writer
	collected []byte
}

// Write collects b, or writes it where it is too long for a chunk.
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

// Flush writes what is collected.
func (c *chunkWriter) Flush() error {
	if len(c.collected) == 0 {
		return nil
	}
	_, err := c.w.Write(c.collected)
	c.collected = c.collected[:0]
	return err
}
