package message

import "ecs-activation/internal/activation"

// Invocation is what messages say about the running command.
type Invocation struct {
	Language Language
	Line     Line
	Flag     Flags // the flags of the command

	Op    string   // what the command does, as a key of ops.go
	Again []string // its words, to run it once more
	Form  []string // the flags for the form in which it prints a code

	// Stream: the command has read a list that cannot be read again, so Again does not repeat it.
	Stream bool

	// OwnToken: the user gave the client token, so repeating the command makes no second code.
	OwnToken bool
	// Replays: the command is recover, and repeating it makes no second code.
	Replays bool
}

// Flag is a flag of the command that is running.
type Flag struct {
	Name   string   // with its hyphens: "--ttl"
	Exists bool     // the command has it
	Given  []string // the flag with its value, as arguments; nil: it has none

	// Setting and Source say which setting gave the value and where that is; empty: the command line did.
	Setting string
	Source  activation.Origin
}

// Flags returns the flag of a parameter of the API. If it is nil, the command has no flags.
type Flags func(parameter string) Flag

// of returns the flag of a parameter.
func (f Flags) of(parameter string) Flag {
	if f == nil {
		return Flag{Name: parameter}
	}
	return f(parameter)
}
