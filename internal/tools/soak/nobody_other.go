//go:build !unix

package main

import "errors"

// asNobody is for systems where permissions of folders keep files from being made.
func (w *world) asNobody() (leave func(), err error) { return nil, errors.ErrUnsupported }
