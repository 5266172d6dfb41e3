package activation

import (
	"fmt"
	"strings"
)

// This file has the rules for values. Each rule is an error type with the data of the rule, such as its
// bounds. Package message turns them into sentences; the Error methods are for logs.

// NotSet is the rule for a value that must be given.
type NotSet struct{}

func (NotSet) Error() string { return "is not set" }

// Empty is the rule for a value that must not be empty.
type Empty struct{}

func (Empty) Error() string { return "is empty" }

// Form is the rule for how a text is written.
type Form string

// The forms of texts.
const (
	FormText         Form = "UTF-8 without control characters"
	FormName         Form = "a letter, then letters, digits, dots, underscores, hyphens and colons"
	FormASCII        Form = "ASCII"
	FormToken        Form = "without spaces and control characters"
	FormActivationId Form = "1 to 64 letters, digits and hyphens"
	FormAddressRange Form = "an IPv4 address, an IPv6 address or a CIDR block"
	FormCount        Form = "a whole number, at least 1"
	FormHours        Form = "a number of hours, at least 1"
	FormWholeHours   Form = "whole hours, at least 1"
)

func (f Form) Error() string { return "must be " + string(f) }

// TooLarge is the rule for a number that does not fit into any parameter.
type TooLarge struct{}

func (TooLarge) Error() string { return "is too large" }

// Unit is what a number counts.
type Unit string

// Hours is the unit of a lifetime. Most numbers have no unit.
const Hours Unit = "hours"

// Range is the rule for a number: Min to Max.
type Range struct {
	Min, Max int
	Unit     Unit // empty: none
}

func (r Range) Error() string {
	return strings.TrimSpace(fmt.Sprintf("must be %d to %d %s", r.Min, r.Max, r.Unit))
}

// Part is a part of a tag; empty: the whole value.
type Part string

// The parts of a tag.
const (
	TagKey   Part = "key"
	TagValue Part = "value"
)

// Length is the rule for a text that must have Min to Max characters and has Got.
type Length struct {
	Part          Part
	Min, Max, Got int
}

func (l Length) Error() string {
	return strings.TrimSpace(fmt.Sprintf("must be %d to %d characters long, not %d %s", l.Min, l.Max, l.Got, l.Part))
}

// TooMany is the rule for a number of tags: at most Max are allowed, Got were given.
type TooMany struct{ Max, Got int }

func (m TooMany) Error() string { return fmt.Sprintf("must be at most %d, not %d", m.Max, m.Got) }

// Unique is the rule for a tag key that was given twice.
type Unique struct{}

func (Unique) Error() string { return "must be unique" }

// Prefix is the rule for a text that must start with Text.
type Prefix struct{ Text string }

func (p Prefix) Error() string { return fmt.Sprintf("must start with %q", p.Text) }

// NoPrefix is the rule for a tag key, which must not start with either of Texts.
type NoPrefix struct{ Texts [2]string }

func (p NoPrefix) Error() string { return fmt.Sprintf("must not start with any of %q", p.Texts) }

// Without is the rule for a tag, which must not contain either of Texts.
type Without struct{ Texts [2]string }

func (w Without) Error() string { return fmt.Sprintf("must not contain any of %q", w.Texts) }

// KeyValue is the rule for a tag that is not written as key=value.
type KeyValue struct{ Text string }

func (k KeyValue) Error() string {
	return fmt.Sprintf("must be key=value; with an empty value: %s=", k.Text)
}

// InHours is the rule for a lifetime in another unit, which must be written as Hours.
type InHours struct{ Hours int }

func (h InHours) Error() string { return fmt.Sprintf("must be written in whole hours: %dh", h.Hours) }

// OneOf is the rule for a value that must be one of Choices.
type OneOf struct{ Choices []string }

func (o OneOf) Error() string { return "must be one of " + strings.Join(o.Choices, ", ") }

// UsesWithin is the rule for a number of uses, which must be at most that of a new code.
type UsesWithin struct{ Uses int }

func (u UsesWithin) Error() string {
	return fmt.Sprintf("must be at most InstanceCount, here %d", u.Uses)
}

// LeftWithin is the rule for a time, which must be less than the lifetime of a new code.
type LeftWithin struct{ Hours int }

func (l LeftWithin) Error() string {
	return fmt.Sprintf("must be less than TimeToLiveInHours, here %dh", l.Hours)
}

// NotRegion is the error for a text that is not a valid region ID.
type NotRegion struct{ Text string }

func (n NotRegion) Error() string { return fmt.Sprintf("%q is not a valid region ID", n.Text) }

// NotRef is the error for a text that is not a valid activation ID, with or without a region.
type NotRef struct{ Text string }

func (n NotRef) Error() string { return fmt.Sprintf("%q is not a valid activation ID", n.Text) }
