package activation

import (
	"errors"
	"fmt"
	"io"
)

// This file has the errors and the limits of targets that are read from an input.

// The limits of an input. The JSON of 90,000 codes has the maximum size.
const (
	mostBytes   = 64 << 20
	mostTargets = 1 << 18
)

// mostErrors is the maximum number of invalid targets that are reported one by one.
const mostErrors = 10

// InvalidRef is the error for a target in an input.
type InvalidRef struct {
	Line    int   // from 1; 0: the input is JSON
	Element int   // from 1; 0: the input consists of lines
	Err     error // NotRef, NotRegion or NotTarget
}

func (i InvalidRef) Error() string {
	if i.Line > 0 {
		return fmt.Sprintf("line %d: %v", i.Line, i.Err)
	}
	return fmt.Sprintf("element %d: %v", i.Element, i.Err)
}

// Unwrap returns the reason.
func (i InvalidRef) Unwrap() error { return i.Err }

// NotTarget is the reason why a JSON value or a line does not identify codes.
type NotTarget string

// The reasons why a JSON value or a line does not identify codes.
const (
	NoActivationId NotTarget = "it has no ActivationId"
	NoText         NotTarget = "its ActivationId or RegionId is not a text"
	NoObject       NotTarget = "it is neither an ID nor an object with an ActivationId"
	NoList         NotTarget = "its ActivationList is not an array"
	NoJSON         NotTarget = "it is not valid JSON"
	LongLine       NotTarget = "it is too long for IDs"
	Tabular        NotTarget = "it looks like CSV or a table; use list -q, -o name or -o jsonl"
	Incomplete     NotTarget = "the input ends within it"
	Null           NotTarget = "null is not an ID: jq prints it for a key that does not exist"
)

func (n NotTarget) Error() string { return string(n) }

// MoreInvalid is how many more targets of an input are invalid.
type MoreInvalid struct{ N int }

func (m MoreInvalid) Error() string { return fmt.Sprintf("and %d more", m.N) }

// TooMuchInput is the error for an input with more bytes or more targets than the maximum.
type TooMuchInput struct{ MiB, Targets int }

func (t TooMuchInput) Error() string {
	return fmt.Sprintf("more than %d MiB or %d targets", t.MiB, t.Targets)
}

// errTooMuch is the error for an input that exceeds the limits.
var errTooMuch = TooMuchInput{MiB: mostBytes >> 20, Targets: mostTargets}

// targets is what was read of an input.
type targets struct {
	refs    []Ref
	errs    []error
	invalid int
	pages   pages
}

// pages is what was read of pages of the service.
type pages struct {
	rows, total int
	next        bool // the last page has a NextToken
}

// incomplete reports whether there are more codes than the pages have.
func (p pages) incomplete() bool { return p.next || p.rows < p.total }

// add adds a Ref. It returns an error if there are too many.
func (t *targets) add(ref Ref) error {
	if len(t.refs) == mostTargets {
		return errTooMuch
	}
	t.refs = append(t.refs, ref)
	return nil
}

// fail adds an error. Only the first errors are kept.
func (t *targets) fail(err InvalidRef) {
	if t.invalid++; t.invalid <= mostErrors {
		t.errs = append(t.errs, err)
	}
}

// result returns the Refs, or the errors if there are any.
func (t *targets) result() ([]Ref, error) {
	if t.invalid > mostErrors {
		t.errs = append(t.errs, MoreInvalid{t.invalid - mostErrors})
	}
	if t.invalid > 0 {
		return nil, errors.Join(t.errs...)
	}
	return t.refs, nil
}

// limited is a reader that fails after a number of bytes.
type limited struct {
	in   io.Reader
	left int
}

// Read implements io.Reader.
func (l *limited) Read(b []byte) (int, error) {
	n, err := l.in.Read(b)
	if l.left -= n; l.left < 0 {
		return 0, errTooMuch
	}
	return n, err
}
