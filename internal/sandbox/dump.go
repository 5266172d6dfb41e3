package sandbox

import (
	"context"
	"fmt"
	"io"

	"ecs-activation/internal/sandbox/cloud"
)

// Dump writes every code as a JSON array, one code a line, in the API's field names plus RegionId: region by
// region, oldest first. A code that exists all the time is written exactly once, whatever changes meanwhile.
// Machines, tokens and activation codes are not included. Dump reads some codes in each transaction, so that
// a slow reader of the output does not block other users of the file.
func (s *Sandbox) Dump(ctx context.Context, w io.Writer) error {
	var regions []string
	err := s.state.view(ctx, func(a *cloud.Account) error {
		regions = a.CodeRegions()
		return nil
	})
	if err != nil {
		return err
	}
	lines := &lineWriter{to: w, before: "[\n"}
	for _, region := range regions {
		if err := dumpRegion(ctx, s.state, lines, region); err != nil {
			return err
		}
	}
	return lines.end()
}

func dumpRegion(ctx context.Context, s *state, lines *lineWriter, region string) error {
	var last []byte
	for {
		var rows [][]byte
		err := s.view(ctx, func(a *cloud.Account) (err error) {
			rows, last, err = a.OldestCodes(region, last)
			return err
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

// lineWriter writes the elements of a JSON array, one a line.
type lineWriter struct {
	to     io.Writer
	before string // is written before the next element
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
