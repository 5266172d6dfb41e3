package sandbox

import (
	"context"
	"fmt"
	"io"
)

// dumpChunk is how many codes are read in one transaction, so that a slow
// reader of the output never holds the file.
const dumpChunk = 256

// Dump writes every code as a JSON array, one code a line, in the API's field
// names plus RegionId: region by region, oldest first. It streams. A code that
// exists throughout is written exactly once, whatever changes meanwhile.
// Machines, tokens and activation codes are not in it.
func (s *Sandbox) Dump(ctx context.Context, w io.Writer) error {
	regions, err := s.dumpRegions(ctx)
	if err != nil {
		return err
	}
	lines := &lineWriter{to: w, before: "[\n"}
	for _, region := range regions {
		if err := s.dumpRegion(ctx, lines, region); err != nil {
			return err
		}
	}
	return lines.end()
}

func (s *Sandbox) dumpRegions(ctx context.Context) ([]string, error) {
	var regions []string
	err := s.view(ctx, func(st *state) error {
		regions = st.Codes().Regions()
		return nil
	})
	return regions, err
}

func (s *Sandbox) dumpRegion(ctx context.Context, lines *lineWriter, region string) error {
	var above []byte
	for {
		var rows [][]byte
		err := s.view(ctx, func(st *state) error {
			above, rows = st.oldestFirst(region, above)
			return nil
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := lines.write(fmt.Appendf(nil, `{"RegionId":"%s",%s`, region, row[1:])); err != nil {
				return err
			}
		}
	}
}

// oldestFirst copies the next rows above a key, and the key of the last one.
func (st *state) oldestFirst(region string, above []byte) ([]byte, [][]byte) {
	var rows [][]byte
	for key, row := range st.Codes().Rows(region).OldestFirst(above) {
		if len(rows) == dumpChunk {
			break
		}
		rows = append(rows, append([]byte{}, row...))
		above = append([]byte{}, key...)
	}
	return above, rows
}

// lineWriter writes the elements of a JSON array, one a line.
type lineWriter struct {
	to     io.Writer
	before string // what goes before the next element
}

func (l *lineWriter) write(element []byte) error {
	_, err := l.to.Write(append([]byte(l.before), element...))
	l.before = ",\n"
	return err
}

func (l *lineWriter) end() error {
	closing := "\n]\n"
	if l.before == "[\n" {
		closing = "[]\n"
	}
	_, err := io.WriteString(l.to, closing)
	return err
}
