//go:build !unix

package main

import "errors"

// asNobody is not supported: folder permissions do not prevent writing on this system.
func asNobody(*world) (leave func(), err error) { return nil, errors.ErrUnsupported }
