package view

import "ecs-activation/internal/activation"

// Problem is an error for a program.
type Problem struct {
	Kind      activation.Kind
	Message   string
	Hint      string
	Code      string
	RequestId string
	ExitCode  int
}

// Failure is the line on standard error with which a command fails, for a program.
type Failure struct{ Error Problem }
