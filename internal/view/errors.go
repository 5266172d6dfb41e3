package view

import "ecs-activation/internal/activation"

// Problem is an error as programs read it.
type Problem struct {
	Kind      activation.Kind
	Message   string
	Hint      string
	Code      string
	RequestId string
	ExitCode  int
}

// Failure is what a command that fails prints on standard error for programs.
type Failure struct{ Error Problem }
