// Package pty opens pseudo-terminals on Linux, for the tests of commands on a terminal and for the picture of the
// README. It is never linked into the product.
package pty
