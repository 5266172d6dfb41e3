//go:build !linux

package cli_test

import "errors"

func runOnTerminal(string, string, bool, []string) (int, error) { return 0, errors.ErrUnsupported }
