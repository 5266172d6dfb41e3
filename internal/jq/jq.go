// Package jq runs the expressions of --jq on the JSON that a command would print. It is the only package that
// imports gojq.
//
// An expression gets the JSON and nothing else: no environment, which can hold credentials, no files and no
// other input.
package jq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/itchyny/gojq"
)

// Expression is an expression that can be run.
type Expression struct{ code *gojq.Code }

// SyntaxError is the error of an expression that cannot be run.
type SyntaxError struct {
	Offset int // of the first byte that is wrong; -1: unknown
	Reason string
}

func (e *SyntaxError) Error() string { return e.Reason }

// Failure is the error of an expression that does not suit the JSON.
type Failure struct{ Reason string }

func (e *Failure) Error() string { return e.Reason }

// Bare returns the reason without values of the JSON, which can be secret: "cannot iterate over: string".
func (e *Failure) Bare() string {
	for _, raised := range []string{"error:", "halt error:"} {
		if strings.HasPrefix(e.Reason, raised) {
			return "the expression raised an error"
		}
	}
	bare := e.Reason
	for _, value := range []string{` (`, `"`} {
		bare, _, _ = strings.Cut(bare, value)
	}
	if bare = strings.TrimSpace(bare); bare == "" {
		return "the expression does not suit the result"
	}
	return bare
}

// Compile returns the expression of a text. Its error is a *SyntaxError.
func Compile(text string) (*Expression, error) {
	query, err := gojq.Parse(text)
	var wrong *gojq.ParseError
	if errors.As(err, &wrong) {
		return nil, &SyntaxError{Offset: wrong.Offset - len(wrong.Token), Reason: wrong.Error()}
	}
	if err == nil {
		code, compileError := gojq.Compile(query) // without a loader env and $ENV are empty
		if compileError == nil {
			return &Expression{code}, nil
		}
		err = compileError
	}
	return nil, &SyntaxError{Offset: -1, Reason: err.Error()}
}

// Run passes each result for a JSON document to a function: compact JSON, or a string without quotes. It returns
// a *Failure if the expression fails, the cause of ctx if that ends, and the error of the function.
func (e *Expression) Run(ctx context.Context, document []byte, result func(text string, isString bool) error) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	results := e.code.RunWithContext(ctx, value)
	for {
		v, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := v.(error); failed {
			return failure(ctx, err)
		}
		if err := pass(v, result); err != nil {
			return err
		}
	}
}

// failure returns the error of a run that has ended early, or nil for the function halt.
func failure(ctx context.Context, err error) error {
	var halt *gojq.HaltError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &halt) && halt.Value() == nil:
		return nil
	}
	return &Failure{err.Error()}
}

// pass passes a result on.
func pass(v any, result func(text string, isString bool) error) error {
	if text, isString := v.(string); isString {
		return result(text, true)
	}
	text, err := gojq.Marshal(v)
	if err != nil {
		return err
	}
	return result(string(text), false)
}
